// SPDX-License-Identifier: MIT
#include <riskmap/network/travel.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <riskmap/core/error.hpp>
#include <riskmap/raster/point_values.hpp>

#include "noding.hpp"
#include "portals.hpp"

namespace riskmap::network {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double metres_per_second = 1 / 3.6; ///< of 1 km/h

} // namespace

std::span<const ModeName> modes() {
    static constexpr std::array<ModeName, 4> table{{{"distance", Mode::distance},
                                                    {"walk", Mode::walk},
                                                    {"tobler", Mode::tobler},
                                                    {"drive", Mode::drive}}};
    return table;
}

double tobler_kmh(double slope) {
    return 6 * std::exp(-3.5 * std::abs(slope + 0.05));
}

double class_kmh(const std::string& kind, const ClassSpeeds& own) {
    if (const auto found = own.find(kind); found != own.end())
        return found->second;
    struct Class {
        std::string_view name;
        double kmh;
    };
    // Design speeds of JTG B01-2014 (expressway 100, class I 80, II 60, III 40, IV 20 km/h) and
    // what OpenStreetMap routers take for its classes.
    // Words of registers come as these by data/spec/roads.toml.
    static constexpr std::array<Class, 14> table{{
        {"motorway", 100},
        {"trunk", 80},
        {"primary", 60},
        {"secondary", 50},
        {"tertiary", 40},
        {"unclassified", 30},
        {"residential", 25},
        {"service", 15},
        {"living_street", 10},
        {"track", 10},
        {"path", 4},
        {"footway", 4},
        {"fourth_class", 20},
        {"substandard", 15},
    }};
    for (const auto& row : table)
        if (kind == row.name || kind == std::string{row.name} + "_link")
            return row.kmh;
    return 0;
}

namespace {

/// Seconds along each edge by the slope of each piece of it, both ways.
void walk_by_slope(const Graph& graph, const Crs& crs, const raster::Source& heights,
                   const Execution& execution, Costs& costs) {
    const CrsTransform there{crs, heights.grid().crs};
    const double step = std::max(cell_metres(heights.grid()), 10.0);
    std::vector<Point> places;
    std::vector<double> lengths; // each piece ends at a place; a line starts with length 0
    std::vector<std::size_t> first;
    for (const auto& edge : graph.edges()) {
        first.push_back(places.size());
        if (off_the_ground(graph, edge))
            continue;
        const auto line = graph.line(edge);
        places.push_back(line[0]);
        lengths.push_back(0);
        for (std::size_t p = 1; p < line.size(); ++p) {
            const double length = std::hypot(line[p].x - line[p - 1].x, line[p].y - line[p - 1].y);
            const auto pieces = std::max(1, static_cast<int>(std::ceil(length / step)));
            for (int k = 1; k <= pieces; ++k) {
                const double t = static_cast<double>(k) / pieces;
                places.push_back({std::lerp(line[p - 1].x, line[p].x, t),
                                  std::lerp(line[p - 1].y, line[p].y, t)});
                lengths.push_back(length / pieces);
            }
        }
    }
    first.push_back(places.size());
    const auto height = raster::values_at(heights, there.apply(std::move(places)),
                                          raster::Sampling::bilinear, execution);
    const std::vector<Point> nodes{graph.nodes().begin(), graph.nodes().end()};
    const auto at_nodes =
        node_heights(graph, raster::values_at(heights, there.apply(nodes),
                                              raster::Sampling::bilinear, execution));
    const auto walk = [&](std::size_t e, double length, double rise) {
        (std::isnan(rise) ? costs.no_height : costs.with_height) += length;
        const double slope = std::isnan(rise) ? 0 : rise / length;
        costs.forward[e] += length / (tobler_kmh(slope) * metres_per_second);
        costs.backward[e] += length / (tobler_kmh(-slope) * metres_per_second);
    };
    for (std::size_t e = 0; e + 1 < first.size(); ++e) {
        const auto& edge = graph.edges()[e];
        if (off_the_ground(graph, edge))
            walk(e, edge.length, at_nodes[edge.to] - at_nodes[edge.from]);
        for (auto i = first[e] + 1; i < first[e + 1]; ++i)
            if (lengths[i] > 0)
                walk(e, lengths[i], height[i] - height[i - 1]);
    }
}

} // namespace

Costs costs_of(const Graph& graph, const Crs& crs, const Travel& travel,
               const Execution& execution) {
    if (!(travel.walk_kmh > 0) || !(travel.drive_kmh > 0))
        throw Error{ErrorKind::usage, "a speed is not above 0", "give km/h"};
    const auto edges = graph.edges();
    Costs costs;
    costs.forward.resize(edges.size());
    costs.per_metre = travel.mode == Mode::distance ? 1 : 1 / (travel.walk_kmh * metres_per_second);
    if (travel.mode == Mode::tobler) {
        if (travel.heights == nullptr)
            throw Error{ErrorKind::usage, "Tobler's function needs heights", "give --dem FILE"};
        costs.backward.resize(edges.size());
        walk_by_slope(graph, crs, *travel.heights, execution, costs);
    } else {
        for (std::size_t e = 0; e < edges.size(); ++e) {
            double per_metre = costs.per_metre;
            if (travel.mode == Mode::drive) {
                const auto& road = graph.road(edges[e]);
                const double known = road.speed > 0 ? road.speed : class_kmh(road.kind);
                per_metre = 1 / ((known > 0 ? known : travel.drive_kmh) * metres_per_second);
            }
            costs.forward[e] = edges[e].length * per_metre;
        }
        costs.backward = costs.forward;
    }
    for (std::size_t e = 0; e < edges.size(); ++e) {
        const auto direction = graph.road(edges[e]).direction;
        const bool oneway = travel.mode == Mode::drive || travel.driven;
        const bool closed = edges[e].closed && !travel.closed_too;
        if (closed || (oneway && direction == Direction::backward))
            costs.forward[e] = infinity;
        if (closed || (oneway && direction == Direction::forward))
            costs.backward[e] = infinity;
    }
    return costs;
}

} // namespace riskmap::network
