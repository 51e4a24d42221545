// SPDX-License-Identifier: MIT
#include <riskmap/network/graph.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <tuple>

#include <riskmap/core/error.hpp>
#include <riskmap/raster/point_values.hpp>

#include "noding.hpp"

namespace riskmap::network {

namespace {

/// The bits of two numbers in turn: places that are near get numbers that are near (Morton
/// 1966).
std::uint64_t interleaved(std::uint32_t x, std::uint32_t y) {
    const auto spread = [](std::uint64_t v) {
        v = (v | v << 16U) & 0x0000ffff0000ffffU;
        v = (v | v << 8U) & 0x00ff00ff00ff00ffU;
        v = (v | v << 4U) & 0x0f0f0f0f0f0f0f0fU;
        v = (v | v << 2U) & 0x3333333333333333U;
        return (v | v << 1U) & 0x5555555555555555U;
    };
    return spread(x) | spread(y) << 1U;
}

} // namespace

Graph::Graph(std::vector<Road> roads, double snap) : m_roads{std::move(roads)} {
    auto pieces = cut_at_junctions(m_roads, snap, m_report);
    m_nodes = std::move(pieces.nodes);
    m_edges = std::move(pieces.edges);
    m_points = std::move(pieces.points);
    if (m_edges.empty())
        throw input_error("no road has a length", "check the layer of roads and its CRS");
    take_out_duplicates();
    number_nodes();
    index();
    const auto component = components();
    std::vector<double> lengths;
    double all = 0;
    for (const auto& edge : m_edges) {
        if (component[edge.from] >= lengths.size())
            lengths.resize(component[edge.from] + 1);
        lengths[component[edge.from]] += edge.length;
        all += edge.length;
    }
    m_report.components = lengths.size();
    m_report.largest_share = *std::max_element(lengths.begin(), lengths.end()) / all;
}

/// Pieces between the same nodes, of the same length and attributes, are one.
void Graph::take_out_duplicates() {
    using Key = std::tuple<std::uint32_t, std::uint32_t, std::int64_t, double, int, int, bool,
                           std::string_view>;
    std::set<Key> seen;
    std::vector<Edge> kept;
    for (const auto& edge : m_edges) {
        const auto& road = m_roads[edge.road];
        const bool turned = edge.from > edge.to;
        const int direction = static_cast<int>(road.direction) * (turned ? -1 : 1);
        constexpr double per_metre = 1000;
        const Key key{std::min(edge.from, edge.to),
                      std::max(edge.from, edge.to),
                      std::llround(edge.length * per_metre),
                      road.speed,
                      direction,
                      road.level,
                      edge.closed,
                      road.kind};
        if (seen.insert(key).second)
            kept.push_back(edge);
        else
            ++m_report.duplicates;
    }
    m_edges = std::move(kept);
}

void Graph::number_nodes() {
    Box box;
    for (const auto& node : m_nodes)
        box.add(node);
    const double size = std::max({box.right - box.left, box.top - box.bottom, 1e-9});
    constexpr double steps = 4294967295.0;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
    std::vector<bool> used(m_nodes.size());
    for (const auto& edge : m_edges)
        used[edge.from] = used[edge.to] = true;
    for (std::uint32_t n = 0; n < m_nodes.size(); ++n)
        if (used[n])
            order.emplace_back(
                interleaved(static_cast<std::uint32_t>((m_nodes[n].x - box.left) / size * steps),
                            static_cast<std::uint32_t>((m_nodes[n].y - box.bottom) / size * steps)),
                n);
    std::sort(order.begin(), order.end());
    std::vector<std::uint32_t> now(m_nodes.size());
    std::vector<Point> nodes;
    for (const auto& [code, n] : order) {
        now[n] = static_cast<std::uint32_t>(nodes.size());
        nodes.push_back(m_nodes[n]);
    }
    m_nodes = std::move(nodes);
    for (auto& edge : m_edges) {
        edge.from = now[edge.from];
        edge.to = now[edge.to];
    }
}

void Graph::index() {
    m_starts.assign(m_nodes.size() + 1, 0);
    for (const auto& edge : m_edges) {
        ++m_starts[edge.from + 1];
        if (edge.to != edge.from)
            ++m_starts[edge.to + 1];
    }
    std::partial_sum(m_starts.begin(), m_starts.end(), m_starts.begin());
    m_incident.resize(m_starts.back());
    auto next = m_starts;
    for (std::uint32_t e = 0; e < m_edges.size(); ++e) {
        m_incident[next[m_edges[e].from]++] = e;
        if (m_edges[e].to != m_edges[e].from)
            m_incident[next[m_edges[e].to]++] = e;
    }
}

std::vector<std::uint32_t> Graph::components() const {
    constexpr std::uint32_t none = ~std::uint32_t{0};
    std::vector<std::uint32_t> component(m_nodes.size(), none);
    std::uint32_t n = 0;
    std::vector<std::uint32_t> stack;
    for (std::uint32_t start = 0; start < m_nodes.size(); ++start) {
        if (component[start] != none)
            continue;
        component[start] = n;
        stack.push_back(start);
        while (!stack.empty()) {
            const auto node = stack.back();
            stack.pop_back();
            for (const auto e : edges_at(node)) {
                const auto& edge = m_edges[e];
                const auto other = edge.from == node ? edge.to : edge.from;
                if (component[other] == none) {
                    component[other] = n;
                    stack.push_back(other);
                }
            }
        }
        ++n;
    }
    return component;
}

Graph::Closed Graph::close_above(const raster::Source& source, const Crs& crs, double threshold,
                                 std::optional<double> where_nodata, const Execution& execution) {
    const CrsTransform there{crs, source.grid().crs};
    const double step = std::max(cell_metres(source.grid()) / 2, 1.0);
    std::vector<Point> places;
    std::vector<std::uint32_t> edge_of;
    for (std::uint32_t e = 0; e < m_edges.size(); ++e) {
        if (m_edges[e].closed || m_roads[m_edges[e].road].level > 0)
            continue;
        const auto points = line(m_edges[e]);
        for (std::size_t p = 1; p < points.size(); ++p) {
            const auto a = points[p - 1];
            const auto b = points[p];
            const auto pieces =
                static_cast<int>(std::ceil(std::hypot(b.x - a.x, b.y - a.y) / step)) + 1;
            for (int k = 0; k <= pieces; ++k) {
                const double t = static_cast<double>(k) / pieces;
                places.push_back({std::lerp(a.x, b.x, t), std::lerp(a.y, b.y, t)});
                edge_of.push_back(e);
            }
        }
    }
    places = there.apply(std::move(places));
    const auto values = raster::values_at(source, places, raster::Sampling::nearest, execution);
    Closed out;
    out.covered = std::any_of(places.begin(), places.end(),
                              [&](Point p) { return source.grid().cell_at(p).has_value(); });
    std::uint32_t last = std::numeric_limits<std::uint32_t>::max();
    std::set<std::uint32_t> unknown;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto e = edge_of[i];
        out.asked += e != last ? 1 : 0;
        last = e;
        const double value = std::isnan(values[i]) ? where_nodata.value_or(values[i]) : values[i];
        if (std::isnan(value))
            unknown.insert(e);
        if (value > threshold && !m_edges[e].closed) {
            m_edges[e].closed = true;
            ++out.closed;
        }
    }
    out.unknown = static_cast<std::size_t>(std::count_if(
        unknown.begin(), unknown.end(), [&](std::uint32_t e) { return !m_edges[e].closed; }));
    return out;
}

} // namespace riskmap::network
