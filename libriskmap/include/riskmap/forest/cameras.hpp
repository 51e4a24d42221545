// SPDX-License-Identifier: MIT
// High-mounted cameras that watch the forest: read from layers, and what each sees.
#pragma once

#include <string>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/forest/cells.hpp>
#include <riskmap/siting/demand_set.hpp>
#include <riskmap/vector/layer.hpp>
#include <riskmap/visibility/viewshed.hpp>

namespace riskmap::forest {

struct Camera {
    std::string id;
    visibility::Observer observer; ///< in the CRS of the height model
    double cost = raster::nodata;  ///< in the unit of the layer; NaN: not known
    bool placed = true;            ///< false: what serves everywhere at once, such as all shores
    std::string remark = {};       ///< why it was found, if it was
};

/// Which fields of a layer say what; each empty: the first of the usual names that the layer
/// has (id; mast_m, mast; range_m, range; min_range_m; azimuth_from, azimuth_to; tilt_from,
/// tilt_to; cost, cost_10k_yuan). A missing field or value takes the default.
struct CameraFields {
    std::string id = {};
    std::string mast = {};
    std::string range = {};
    std::string cost = {};
    double default_mast = 20;    ///< m
    double default_range = 5000; ///< m (../docs/method.md section 14)
    double default_cost = raster::nodata;
};

/// The cameras of a layer of points, carried over into `crs`. Without a field of ids they are
/// numbered from 1. \throws Error{input}: no points, an id twice, a field that is not there,
/// a mast or range that is no number.
[[nodiscard]] std::vector<Camera> cameras_of(const vector::Layer& layer, const Crs& crs,
                                             const CameraFields& fields);

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
};

/// The forest cells that each camera sees. Cameras are worked on in parallel; the heights are
/// held once for all where half the memory budget has room for them, else around each.
/// \throws Error{input} naming the camera that cannot look.
[[nodiscard]] std::vector<siting::DemandSet> views(const std::vector<Camera>& cameras,
                                                   const Scene& scene,
                                                   const visibility::Sight& sight,
                                                   const Execution& execution);

} // namespace riskmap::forest
