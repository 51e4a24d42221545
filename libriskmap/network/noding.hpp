// SPDX-License-Identifier: MIT
// Private: where lines meet, and the pieces between.
#pragma once

#include <vector>

#include <riskmap/network/graph.hpp>

namespace riskmap::network {

struct Pieces {
    std::vector<Point> nodes;
    std::vector<Edge> edges;
    std::vector<Point> points;
};

/// Cuts roads where they meet. Ends within `snap` of a road or of another end are moved there.
[[nodiscard]] Pieces cut_at_junctions(const std::vector<Road>& roads, double snap, Join join,
                                      GraphReport& report);

[[nodiscard]] double length_of(std::span<const Point> line);

/// Height of a raster's cells in metres, for how closely it is looked at; of degrees roughly.
[[nodiscard]] double cell_metres(const Grid& grid);

} // namespace riskmap::network
