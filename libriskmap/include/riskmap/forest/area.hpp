// SPDX-License-Identifier: MIT
// The area of a project: what lies outside it is neither forest to be seen nor a place to build
// (../docs/method.md section 14).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/forest/cameras.hpp>
#include <riskmap/geo/geometry.hpp>
#include <riskmap/raster/source.hpp>

namespace riskmap::forest {

class Area {
  public:
    /// `shapes` in the CRS of the heights, repaired where they cross themselves; `margin`, m: so
    /// much around them counts as well.
    Area(std::vector<MultiPolygon> shapes, double margin);

    [[nodiscard]] bool holds(Point place) const;
    /// The forest within: cells of which at least half lies in the area.
    [[nodiscard]] std::shared_ptr<const raster::Source>
    forest(const std::shared_ptr<const raster::Source>& share, const Execution& execution) const;
    /// Takes out what stands outside, and says what: "3 of 'candidates' ...", empty: nothing.
    [[nodiscard]] std::string keep_within(std::vector<Camera>& sites,
                                          const std::string& layer) const;

  private:
    MultiPolygon m_shape; ///< all of it as one
    Box m_box;
};

} // namespace riskmap::forest
