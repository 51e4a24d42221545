// SPDX-License-Identifier: MIT
#include "road_joins.hpp"

#include <riskmap/core/error.hpp>
#include <riskmap/network/graph.hpp>

namespace riskmap::census {

std::optional<RoadJoins> joins_of(const std::vector<LineString>& lines) {
    const auto network = [&](double snap) {
        std::vector<network::Road> roads;
        roads.reserve(lines.size());
        for (const auto& line : lines)
            roads.push_back({.line = line, .kind = {}});
        return network::Graph{std::move(roads), snap}.report();
    };
    try {
        const auto as_it_is = network(1);
        const auto near = network(10);
        return RoadJoins{near.snapped - std::min(near.snapped, as_it_is.snapped),
                         as_it_is.components, as_it_is.largest_share};
    } catch (const Error&) {
        return std::nullopt; // that lines are missing or without length is told of each
    }
}

} // namespace riskmap::census
