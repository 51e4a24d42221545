// SPDX-License-Identifier: MIT
// What happens: one scenario for evaluation, plan, reach and isolation
// (../docs/method.md section 15).
#pragma once

#include <string>
#include <vector>

#include <riskmap/shelter/people.hpp>
#include <riskmap/spec/source.hpp>

namespace riskmap::shelter {

struct SceneSource;

struct Scenario {
    std::string title;  ///< "百年一遇洪水"; may be empty
    spec::Source flood; ///< raster of depths, m; else the field of the sites
    double flood_above = 0.3;
    spec::Source landslide; ///< raster; else the field of the sites
    double landslide_from = 4;
    spec::Source heights; ///< for slopes
    double slope_above = 15;
    std::vector<std::string> closed_by; ///< as `network::RoadRules`
    std::vector<MoveRule> closed_above; ///< rasters that close roads where they say more
    std::vector<MoveRule> movers;       ///< empty: everybody has to find a shelter

    /// Says to a scene what happens in it.
    void apply(SceneSource& scene) const;
};

} // namespace riskmap::shelter
