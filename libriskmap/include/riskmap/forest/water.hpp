// SPDX-License-Identifier: MIT
// Forest out of reach of fire water, and where the next water point helps most
// (../docs/method.md section 14).
#pragma once

#include <vector>

#include <riskmap/forest/plan.hpp>

namespace riskmap::forest {

/// How far water can be brought, in metres.
struct WaterReach {
    double distance = 2000; ///< straight, in the plan
    double lift = 150;      ///< from the ground at the water up to the forest
};

/// The forest cells that each water point serves (of a `Camera` only the place counts): no further
/// from it than the distance, and no higher above the ground at it than the lift. A point on a cell
/// without height serves nothing.
[[nodiscard]] std::vector<siting::DemandSet> served(const std::vector<Camera>& points,
                                                    const Scene& scene, const WaterReach& reach,
                                                    const Execution& execution);

/// Every cell where `water` has a value other than 0 and that touches one without (by an edge or a
/// corner) serves as a point does; what all of them serve together.
[[nodiscard]] siting::DemandSet served_by_shores(const raster::Source& water, const Scene& scene,
                                                 const WaterReach& reach,
                                                 const Execution& execution);

/// Places on a square lattice `spacing` metres apart within the bounds of the forest, those
/// that have a height. Ids count from W0001, row by row.
[[nodiscard]] std::vector<Camera> lattice(const Scene& scene, double spacing);

/// What stands for all shores together among existing points.
[[nodiscard]] Camera shores();

/// Chooses among candidates for water points. `existing` may hold `shores()`, which are those of
/// `water`; it is not looked at otherwise. \throws as `plan_sites` and `require_distinct`.
[[nodiscard]] SitePlan plan_water(const Scene& scene, const std::vector<Camera>& existing,
                                  const raster::Source* water,
                                  const std::vector<Camera>& candidates,
                                  std::span<const UnitLayer> units, const PlanAim& aim,
                                  const WaterReach& reach, const Execution& execution);

} // namespace riskmap::forest
