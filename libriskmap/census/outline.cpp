// SPDX-License-Identifier: MIT
#include "outline.hpp"

#include <algorithm>
#include <cmath>

namespace riskmap::census {

namespace {

/// Counting sort: `places(i, add)` calls add(bin) for each bin that item i falls into.
template <class Places>
void fill_bins(std::size_t items, std::size_t bins, std::vector<std::uint32_t>& start,
               std::vector<std::uint32_t>& filled, Places places) {
    start.assign(bins + 1, 0);
    for (std::size_t i = 0; i < items; ++i)
        places(i, [&](std::size_t bin) { ++start[bin + 1]; });
    for (std::size_t b = 0; b < bins; ++b)
        start[b + 1] += start[b];
    filled.resize(start[bins]);
    auto next = start;
    for (std::size_t i = 0; i < items; ++i)
        places(i, [&](std::size_t bin) { filled[next[bin]++] = static_cast<std::uint32_t>(i); });
}

} // namespace

Outline::Outline(std::vector<Edge> edges) : m_edges{std::move(edges)} {
    for (const auto& edge : m_edges) {
        m_box.add(edge.from);
        m_box.add(edge.to);
    }
    if (m_edges.empty())
        return;
    const auto side = static_cast<std::size_t>(std::sqrt(static_cast<double>(m_edges.size())));
    m_rows = m_columns = std::clamp<std::size_t>(side, 1, 1024);
    fill_bins(m_edges.size(), m_rows, m_band_start, m_band, [&](std::size_t i, auto add) {
        const auto& e = m_edges[i];
        for (auto r = row_of(std::min(e.from.y, e.to.y)); r <= row_of(std::max(e.from.y, e.to.y));
             ++r)
            add(r);
    });
    fill_bins(m_edges.size(), m_rows * m_columns, m_cell_start, m_cell,
              [&](std::size_t i, auto add) {
                  const auto& e = m_edges[i];
                  const auto left = column_of(std::min(e.from.x, e.to.x));
                  const auto right = column_of(std::max(e.from.x, e.to.x));
                  for (auto r = row_of(std::min(e.from.y, e.to.y));
                       r <= row_of(std::max(e.from.y, e.to.y)); ++r)
                      for (auto c = left; c <= right; ++c)
                          add(r * m_columns + c);
              });
}

std::size_t Outline::row_of(double y) const {
    const double height = m_box.top - m_box.bottom;
    const double row = height > 0 ? (y - m_box.bottom) / height * static_cast<double>(m_rows) : 0;
    return static_cast<std::size_t>(std::clamp(row, 0.0, static_cast<double>(m_rows - 1)));
}

std::size_t Outline::column_of(double x) const {
    const double width = m_box.right - m_box.left;
    const double column = width > 0 ? (x - m_box.left) / width * static_cast<double>(m_columns) : 0;
    return static_cast<std::size_t>(std::clamp(column, 0.0, static_cast<double>(m_columns - 1)));
}

int Outline::winding(Point p) const {
    if (!m_box.holds(p)) // nor does the box of no edges
        return 0;
    int turns = 0;
    const auto row = row_of(p.y);
    for (auto k = m_band_start[row]; k < m_band_start[row + 1]; ++k) {
        const auto& e = m_edges[m_band[k]];
        if ((e.from.y <= p.y) == (e.to.y <= p.y))
            continue;
        // The ray runs to the right: edges left of the point do not count.
        const double side =
            (e.to.x - e.from.x) * (p.y - e.from.y) - (p.x - e.from.x) * (e.to.y - e.from.y);
        const bool upward = e.from.y <= p.y;
        if (upward ? side > 0 : side < 0)
            turns += upward ? e.turns : -e.turns;
    }
    return turns;
}

double Outline::distance(Point p, double limit) const {
    if (m_edges.empty())
        return limit;
    double best = limit;
    const double width = (m_box.right - m_box.left) / static_cast<double>(m_columns);
    const double height = (m_box.top - m_box.bottom) / static_cast<double>(m_rows);
    const auto look = [&](double reach) {
        const auto top = row_of(p.y + reach);
        const auto right = column_of(p.x + reach);
        for (auto r = row_of(p.y - reach); r <= top; ++r)
            for (auto c = column_of(p.x - reach); c <= right; ++c)
                for (auto k = m_cell_start[r * m_columns + c];
                     k < m_cell_start[r * m_columns + c + 1]; ++k) {
                    const auto& e = m_edges[m_cell[k]];
                    best = std::min(best, foot_on(e.from, e.to, p).distance);
                }
    };
    // What lies within the reach is seen whole, so a nearer edge ends the search.
    for (double reach = std::max({width, height, limit / 1024});; reach *= 2) {
        look(std::min(reach, limit));
        if (best <= reach || reach >= limit)
            return best;
    }
}

void append_edges(const MultiPolygon& shape, std::vector<Edge>& edges) {
    for_each_ring(shape, [&](const Ring& ring, bool outer) {
        if (ring.size() < 3)
            return;
        const bool turn = (signed_area(ring) > 0) != outer;
        for (std::size_t i = 0; i < ring.size(); ++i) {
            const auto a = ring[i];
            const auto b = ring[i + 1 < ring.size() ? i + 1 : 0];
            if (!(a == b))
                edges.push_back(turn ? Edge{b, a} : Edge{a, b});
        }
    });
}

Outline outline_of(std::span<const MultiPolygon> shapes) {
    std::vector<Edge> edges;
    for (const auto& shape : shapes)
        append_edges(shape, edges);
    return Outline{std::move(edges)};
}

} // namespace riskmap::census
