// SPDX-License-Identifier: MIT
// Roads as a graph: junctions where lines of one level meet, edges between them
// (../docs/method.md section 15).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <riskmap/network/roads.hpp>

namespace riskmap::network {

struct Edge {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    double length = 0; ///< m
    std::uint32_t road = 0;
    std::uint32_t first_point = 0; ///< its line: points first_point .. first_point + points - 1
    std::uint32_t points = 0;
    bool closed = false;
};

/// Where lines of one level are joined.
enum class Join {
    crossings, ///< wherever they cross or touch
    vertices   ///< at vertices that they share, as in networks that were built for routing
};

struct JoinName {
    std::string_view name;
    Join join;
};
[[nodiscard]] std::span<const JoinName> join_names();

/// What was done to the lines on the way to a graph.
struct GraphReport {
    std::size_t crossings = 0;  ///< junctions made where lines of one level cross
    std::size_t snapped = 0;    ///< ends moved onto a road nearby
    std::size_t no_length = 0;  ///< roads or pieces without length, left out
    std::size_t duplicates = 0; ///< pieces that another one repeats, left out
    std::size_t components = 0;
    std::uint32_t largest = 0; ///< its number
    double largest_share = 0;  ///< of all length, in the largest component
};

class Graph {
  public:
    /// Lines of one level are joined where they cross or touch, ends also with what lies within
    /// `snap` metres of them; lines of different levels only where one ends: a bridge joins the
    /// road at the ground on which it ends. Nodes are numbered along a space-filling curve:
    /// neighbours are near in memory. No roads: an empty graph.
    /// \throws Error{input}: no road has a length.
    Graph(std::vector<Road> roads, double snap, Join join = Join::crossings);

    [[nodiscard]] std::span<const Point> nodes() const noexcept { return m_nodes; }
    [[nodiscard]] std::span<const Edge> edges() const noexcept { return m_edges; }
    [[nodiscard]] const Road& road(const Edge& edge) const { return m_roads[edge.road]; }
    [[nodiscard]] std::span<const Point> line(const Edge& edge) const noexcept {
        return {m_points.data() + edge.first_point, edge.points};
    }
    /// The edges at a node.
    [[nodiscard]] std::span<const std::uint32_t> edges_at(std::size_t node) const noexcept {
        return {m_incident.data() + m_starts[node], m_starts[node + 1] - m_starts[node]};
    }
    /// The part of the network an edge belongs to: what its roads connect, open or closed.
    [[nodiscard]] std::uint32_t part_of(std::size_t edge) const {
        return m_part_of_node[m_edges[edge].from];
    }
    [[nodiscard]] double part_length(std::uint32_t part) const { return m_part_lengths[part]; }
    [[nodiscard]] std::uint32_t largest_part() const noexcept { return m_report.largest; }
    [[nodiscard]] const GraphReport& report() const noexcept { return m_report; }

    /// Edges that a raster was asked about.
    struct Closed {
        std::size_t closed = 0;  ///< pieces
        double length = 0;       ///< m of them
        std::size_t unknown = 0; ///< edges with a place where the raster has no data
        std::size_t asked = 0;
        bool covered = false; ///< a place of one lies on the raster
    };
    /// Closes the pieces of edges where a raster says more than `threshold`, bridges excepted:
    /// edges are cut where that begins and ends, to a thousandth of half a cell.
    /// `where_nodata`: what no data stands for; none: it closes nothing and is counted.
    Closed close_above(const raster::Source& source, const Crs& crs, double threshold,
                       std::optional<double> where_nodata, const Execution& execution);

  private:
    void find_parts();
    void number_nodes();
    void take_out_duplicates();
    void index();

    std::vector<Road> m_roads;
    std::vector<Point> m_nodes;
    std::vector<Edge> m_edges;
    std::vector<Point> m_points;
    std::vector<std::size_t> m_starts;
    std::vector<std::uint32_t> m_incident;
    std::vector<std::uint32_t> m_part_of_node;
    std::vector<double> m_part_lengths;
    GraphReport m_report;
};

} // namespace riskmap::network
