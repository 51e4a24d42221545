// SPDX-License-Identifier: MIT
// Roads as a graph: junctions where lines of one level meet, edges between them
// (../docs/method.md section 15).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
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

/// What was done to the lines on the way to a graph.
struct GraphReport {
    std::size_t crossings = 0;  ///< junctions made where lines of one level cross
    std::size_t snapped = 0;    ///< ends moved onto a road nearby
    std::size_t no_length = 0;  ///< roads or pieces without length, left out
    std::size_t duplicates = 0; ///< pieces that another one repeats, left out
    std::size_t components = 0;
    double largest_share = 0; ///< of all length, in the largest component
};

class Graph {
  public:
    /// Lines of one level are joined where they cross or touch, ends also with what lies within
    /// `snap` metres of them; lines of different levels only at their ends. Nodes are numbered
    /// along a space-filling curve: neighbours are near in memory.
    /// \throws Error{input}: no road has a length.
    Graph(std::vector<Road> roads, double snap);

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
    [[nodiscard]] const GraphReport& report() const noexcept { return m_report; }

    /// Edges that a raster was asked about.
    struct Closed {
        std::size_t closed = 0;
        std::size_t unknown = 0; ///< with a place where the raster has no data
        std::size_t asked = 0;
        bool covered = false; ///< a place of one lies on the raster
    };
    /// Closes what crosses a place where a raster says more than `threshold`, bridges
    /// excepted. `where_nodata`: what no data stands for; none: it closes nothing and is counted.
    Closed close_above(const raster::Source& source, const Crs& crs, double threshold,
                       std::optional<double> where_nodata, const Execution& execution);

  private:
    void number_nodes();
    void take_out_duplicates();
    void index();
    /// The component of each node, numbered by their first node.
    [[nodiscard]] std::vector<std::uint32_t> components() const;

    std::vector<Road> m_roads;
    std::vector<Point> m_nodes;
    std::vector<Edge> m_edges;
    std::vector<Point> m_points;
    std::vector<std::size_t> m_starts;
    std::vector<std::uint32_t> m_incident;
    GraphReport m_report;
};

} // namespace riskmap::network
