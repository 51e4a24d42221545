// SPDX-License-Identifier: MIT
// Private: the borders of a labelled raster as arcs, each shared by two patches.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <riskmap/geo/geometry.hpp>

namespace riskmap::raster {

/// A chain of cell corners between two nodes (or a closed chain without node),
/// in cells, y down. Walking it, `left` lies to the left as seen on the map.
struct Arc {
    std::vector<Point> points;
    std::int32_t left = 0;
    std::int32_t right = 0;
};

[[nodiscard]] std::vector<Arc> trace_arcs(std::span<const std::int32_t> labels,
                                          std::int64_t columns, std::int64_t rows);

/// The points of each arc after simplification; see `polygonise`. `frame` is
/// the edge of the raster, whose corners stay.
[[nodiscard]] std::vector<std::vector<Point>> simplified(std::span<const Arc> arcs,
                                                         double tolerance, const Box& frame);

/// The polygon of each label 1..count (index 0 unused), drawn with `drawn`
/// points in place of the arcs' own.
[[nodiscard]] std::vector<Polygon> assemble_rings(std::span<const Arc> arcs,
                                                  std::span<const std::vector<Point>> drawn,
                                                  std::int32_t count);

} // namespace riskmap::raster
