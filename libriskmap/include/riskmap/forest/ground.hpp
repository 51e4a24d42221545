// SPDX-License-Identifier: MIT
// What is not known of the ground that lines of sight pass over, and what rests on it.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <riskmap/forest/cameras.hpp>
#include <riskmap/forest/coverage.hpp>

namespace riskmap::forest {

/// A line for forest without heights, which is never seen, and one for forest without canopy
/// where a canopy is given, which is taken for bare.
[[nodiscard]] std::vector<std::string> ground_remarks(const Scene& scene,
                                                      const Execution& execution);

/// A line where the classes of land cover have no data on part of the units: that is not to have no
/// forest. Empty: they have, or forest is given as polygons.
[[nodiscard]] std::string cover_remark(const OpenedForest& forest, const UnitLayer& units,
                                       const Execution& execution);

/// What cameras see only across cells without heights, which hide nothing.
struct SeenAcross {
    double area = 0;  ///< m2 of forest
    double share = 0; ///< of all forest
    /// One line; empty: nothing is.
    [[nodiscard]] std::string remark() const;
};
/// Compares `seen`, the views of cameras on `scene`, with views that such cells block; without
/// any within range nothing is looked at again. `seen` may be left out.
[[nodiscard]] SeenAcross seen_across(const std::vector<Camera>& cameras, const Scene& scene,
                                     const visibility::Sight& sight, const Execution& execution,
                                     std::span<const siting::DemandSet> seen = {});

} // namespace riskmap::forest
