// SPDX-License-Identifier: MIT
// Private: how high bridges and tunnels lie between the ends where they come to the ground.
#pragma once

#include <vector>

#include <riskmap/network/graph.hpp>

namespace riskmap::network {

/// Heights of nodes as roads lie there: `ground` where a road comes to the ground or ends, between
/// such places on bridges and in tunnels evenly from one to the other (of several by the inverse
/// of their distance). m; NaN where it is not known.
[[nodiscard]] std::vector<double> node_heights(const Graph& graph, std::vector<double> ground);

/// Whether an edge is a bridge or a tunnel.
[[nodiscard]] inline bool off_the_ground(const Graph& graph, const Edge& edge) {
    return graph.road(edge).level != 0;
}

} // namespace riskmap::network
