// SPDX-License-Identifier: MIT
#include "portals.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <queue>

namespace riskmap::network {

namespace {

/// Ways from a node along bridges and tunnels alone, to the places where they end.
std::map<std::uint32_t, double> ends_of(const Graph& graph, const std::vector<bool>& between,
                                        std::uint32_t start) {
    std::map<std::uint32_t, double> best{{start, 0}};
    std::map<std::uint32_t, double> ends;
    using Entry = std::pair<double, std::uint32_t>;
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
    queue.emplace(0, start);
    while (!queue.empty()) {
        const auto [way, node] = queue.top();
        queue.pop();
        if (way > best[node])
            continue;
        if (!between[node]) {
            ends[node] = way;
            continue;
        }
        for (const auto e : graph.edges_at(node)) {
            const auto& edge = graph.edges()[e];
            const auto other = edge.from == node ? edge.to : edge.from;
            const double there = way + edge.length;
            const auto known = best.find(other);
            if (known == best.end() || there < known->second) {
                best[other] = there;
                queue.emplace(there, other);
            }
        }
    }
    return ends;
}

} // namespace

std::vector<double> node_heights(const Graph& graph, std::vector<double> ground) {
    std::vector<bool> between(graph.nodes().size());
    for (std::uint32_t n = 0; n < between.size(); ++n) {
        const auto at = graph.edges_at(n);
        between[n] = at.size() > 1 && std::all_of(at.begin(), at.end(), [&](std::uint32_t e) {
                         return off_the_ground(graph, graph.edges()[e]);
                     });
    }
    auto heights = ground;
    for (std::uint32_t n = 0; n < between.size(); ++n) {
        if (!between[n])
            continue;
        double weights = 0;
        double sum = 0;
        for (const auto& [end, way] : ends_of(graph, between, n)) {
            weights += 1 / way;
            sum += ground[end] / way;
        }
        heights[n] = weights > 0 ? sum / weights : std::numeric_limits<double>::quiet_NaN();
    }
    return heights;
}

} // namespace riskmap::network
