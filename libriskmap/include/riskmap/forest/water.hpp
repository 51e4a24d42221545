// SPDX-License-Identifier: MIT
// Forest out of reach of fire water, and where the next water point helps most
// (../docs/method.md section 14).
#pragma once

#include <vector>

#include <riskmap/forest/cameras.hpp>

namespace riskmap::forest {

struct WaterPoint {
    std::string id;
    Point place = {}; ///< in the CRS of the heights
    double cost = raster::nodata;
};

/// How far water can be brought, in metres.
struct WaterReach {
    double distance = 2000; ///< straight, in the plan
    double lift = 150;      ///< from the ground at the water up to the forest
};

/// The forest cells that each point serves: no further from it than the distance, and no
/// higher above the ground at it than the lift. A point on a cell without height serves nothing.
[[nodiscard]] std::vector<siting::DemandSet> served(const std::vector<WaterPoint>& points,
                                                    const Scene& scene, const WaterReach& reach,
                                                    const Execution& execution);

/// Every cell where `water` has a value other than 0 and that touches one without (by an edge or a
/// corner) serves as a point does; what all of them serve together.
[[nodiscard]] siting::DemandSet served_by_shores(const raster::Source& water, const Scene& scene,
                                                 const WaterReach& reach,
                                                 const Execution& execution);

/// Places on a square lattice `spacing` metres apart within the bounds of the forest, those
/// that have a height. Ids count from W0001, row by row.
[[nodiscard]] std::vector<WaterPoint> lattice(const Scene& scene, double spacing);

/// What stands for all shores together among existing sites.
[[nodiscard]] Camera shores();
/// Points as candidates or existing sites for `PlanStudy`.
[[nodiscard]] std::vector<Camera> as_sites(const std::vector<WaterPoint>& points);

} // namespace riskmap::forest
