// SPDX-License-Identifier: MIT
// Private: borders of patches as lines, simplified and put together to rings.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/geo/geometry.hpp>

namespace riskmap::raster {

/// A chain of cell corners between two nodes (or a closed chain without node),
/// in cells, y down. Walking it, `left` lies to the left as seen on the map; -1
/// is nodata.
struct Arc {
    std::vector<Point> points;
    std::int64_t left = -1;
    std::int64_t right = -1;
};

/// The points of each arc after simplification; see `polygonise`. `frame` is
/// the edge of the raster, whose corners stay.
[[nodiscard]] std::vector<std::vector<Point>> simplified(std::span<const Arc> arcs,
                                                         double tolerance, const Box& frame,
                                                         const Execution& execution);

/// The polygon of each patch 0..count-1, drawn with `drawn` points in place of
/// the arcs' own.
[[nodiscard]] std::vector<Polygon> assemble_rings(std::span<const Arc> arcs,
                                                  std::span<const std::vector<Point>> drawn,
                                                  std::size_t count, const Execution& execution);

} // namespace riskmap::raster
