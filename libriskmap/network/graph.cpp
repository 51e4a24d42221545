// SPDX-License-Identifier: MIT
#include <riskmap/network/graph.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>
#include <tuple>

#include <riskmap/core/error.hpp>

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

std::span<const JoinName> join_names() {
    static constexpr std::array<JoinName, 2> table{
        {{"crossings", Join::crossings}, {"vertices", Join::vertices}}};
    return table;
}

Graph::Graph(std::vector<Road> roads, double snap, Join join) : m_roads{std::move(roads)} {
    auto pieces = cut_at_junctions(m_roads, snap, join, m_report);
    m_nodes = std::move(pieces.nodes);
    m_edges = std::move(pieces.edges);
    m_points = std::move(pieces.points);
    if (m_edges.empty() && !m_roads.empty())
        throw input_error("no road has a length", "check the layer of roads and its CRS");
    take_out_duplicates();
    number_nodes();
    index();
    find_parts();
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

/// Parts are numbered by their first node.
void Graph::find_parts() {
    constexpr std::uint32_t none = ~std::uint32_t{0};
    auto& component = m_part_of_node;
    component.assign(m_nodes.size(), none);
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
    m_part_lengths.assign(n, 0);
    double all = 0;
    for (const auto& edge : m_edges) {
        m_part_lengths[component[edge.from]] += edge.length;
        all += edge.length;
    }
    m_report.components = n;
    if (n == 0)
        return;
    const auto largest = std::max_element(m_part_lengths.begin(), m_part_lengths.end());
    m_report.largest = static_cast<std::uint32_t>(largest - m_part_lengths.begin());
    m_report.largest_share = *largest / all;
}

} // namespace riskmap::network
