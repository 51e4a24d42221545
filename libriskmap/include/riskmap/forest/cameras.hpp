// SPDX-License-Identifier: MIT
// High-mounted cameras that watch the forest: read from layers, and what each sees.
#pragma once

#include <string>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/forest/cells.hpp>
#include <riskmap/siting/demand_set.hpp>
#include <riskmap/spec/table.hpp>
#include <riskmap/vector/layer.hpp>
#include <riskmap/visibility/viewshed.hpp>

namespace riskmap::forest {

struct Camera {
    std::string id;
    visibility::Observer observer;                  ///< in the CRS of the height model
    std::vector<visibility::Observer> sectors = {}; ///< further ones of the same camera
    double cost = raster::nodata;                   ///< in the unit of the layer; NaN: not known
    bool placed = true;      ///< false: what serves everywhere at once, such as all shores
    std::string remark = {}; ///< why it was found, if it was
};

/// What cameras are that do not say it.
struct CameraDefaults {
    double mast = 20;    ///< m
    double range = 5000; ///< m (../docs/method.md section 14)
    double cost = raster::nodata;
};

/// The cameras of a table of points by the specification `cameras`, carried over into `crs`.
/// Several rows of one id at one place are sectors of one camera. An azimuth from 0 to 0, or
/// empty, is all round, which the account tells. Without ids they are numbered from 1, behind
/// `prefix`. \throws Error{input}: an id at two places, a value that is impossible.
[[nodiscard]] std::vector<Camera> cameras_of(spec::Table& table, const Crs& crs,
                                             const CameraDefaults& defaults,
                                             const std::string& prefix = {});
/// The points of a table by the specification `water_points`, as places that reach forest.
[[nodiscard]] std::vector<Camera> water_points_of(spec::Table& table, const Crs& crs, double cost);

/// \throws Error{input} where a camera of one list has the id of one of the other.
void require_distinct(const std::vector<Camera>& one, const std::vector<Camera>& other);

/// Leaves out cameras that stand beyond the height model or on a cell without data; their ids.
[[nodiscard]] std::vector<std::string> drop_groundless(std::vector<Camera>& cameras,
                                                       const raster::Source& heights);

/// What readers should know of those that were left out. `layer` is the name of their layer.
[[nodiscard]] std::string groundless_remark(const std::vector<std::string>& ids,
                                            const std::string& layer);

/// The ground on which everything is looked at.
struct Scene {
    const raster::Source& heights;
    const raster::Source* canopy = nullptr; ///< on the same grid
    const ForestCells& forest;              ///< on the same grid
    visibility::Holes holes = visibility::Holes::hide_nothing;
};

/// The forest cells that each camera sees. Cameras are worked on in parallel; the heights are
/// held once for all where half the memory budget has room for them, else around each.
/// \throws Error{input} naming the camera that cannot look.
[[nodiscard]] std::vector<siting::DemandSet> views(const std::vector<Camera>& cameras,
                                                   const Scene& scene,
                                                   const visibility::Sight& sight,
                                                   const Execution& execution);

} // namespace riskmap::forest
