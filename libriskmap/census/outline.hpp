// SPDX-License-Identifier: MIT
// Private: many straight edges with an index: how often they wind around a point, and how
// far they are from it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <riskmap/geo/geometry.hpp>

namespace riskmap::census {

/// A directed edge; `turns` is how often it counts for the winding number (1: the inside of
/// one polygon lies to its left).
struct Edge {
    Point from;
    Point to;
    int turns = 1;
};

class Outline {
  public:
    explicit Outline(std::vector<Edge> edges);

    /// How many polygons hold the point, by the winding number.
    [[nodiscard]] int winding(Point point) const;
    /// To the nearest edge, at most `limit`.
    [[nodiscard]] double distance(Point point, double limit) const;

  private:
    [[nodiscard]] std::size_t row_of(double y) const;
    [[nodiscard]] std::size_t column_of(double x) const;

    std::vector<Edge> m_edges;
    Box m_box;
    std::size_t m_rows = 1;
    std::size_t m_columns = 1;
    // Edges by band of y, for winding; and by cell, for distance. Starts and then items.
    std::vector<std::uint32_t> m_band_start, m_band;
    std::vector<std::uint32_t> m_cell_start, m_cell;
};

/// Edges of polygons with the inside to their left, whichever way the rings run.
void append_edges(const MultiPolygon& shape, std::vector<Edge>& edges);
[[nodiscard]] Outline outline_of(std::span<const MultiPolygon> shapes);

} // namespace riskmap::census
