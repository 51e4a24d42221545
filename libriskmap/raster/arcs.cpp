// SPDX-License-Identifier: MIT
#include "arcs.hpp"

#include <array>
#include <cmath>
#include <map>
#include <unordered_map>

namespace riskmap::raster {

namespace {

/// Directions on the lattice of cell corners: east, south, west, north.
constexpr std::array<std::int64_t, 4> step_x{1, 0, -1, 0};
constexpr std::array<std::int64_t, 4> step_y{0, 1, 0, -1};

class Lattice {
  public:
    Lattice(std::span<const std::int32_t> labels, std::int64_t columns, std::int64_t rows)
        : m_labels{labels}, m_columns{columns}, m_rows{rows},
          m_seen(static_cast<std::size_t>((columns + 1) * (rows + 1) * 2)) {}

    [[nodiscard]] std::int32_t label(std::int64_t c, std::int64_t r) const {
        return c < 0 || r < 0 || c >= m_columns || r >= m_rows
                   ? 0
                   : m_labels[static_cast<std::size_t>(r * m_columns + c)];
    }
    /// Labels left and right of the edge that leaves corner (x, y).
    [[nodiscard]] std::pair<std::int32_t, std::int32_t> sides(std::int64_t x, std::int64_t y,
                                                              int direction) const {
        switch (direction) {
        case 0:
            return {label(x, y - 1), label(x, y)};
        case 1:
            return {label(x, y), label(x - 1, y)};
        case 2:
            return {label(x - 1, y), label(x - 1, y - 1)};
        default:
            return {label(x - 1, y - 1), label(x, y - 1)};
        }
    }
    [[nodiscard]] bool border(std::int64_t x, std::int64_t y, int direction) const {
        const auto [left, right] = sides(x, y, direction);
        return left != right;
    }
    [[nodiscard]] int degree(std::int64_t x, std::int64_t y) const {
        int count = 0;
        for (int d = 0; d < 4; ++d)
            count += border(x, y, d) ? 1 : 0;
        return count;
    }
    /// Marks an edge; false if it was marked before.
    bool take(std::int64_t x, std::int64_t y, int direction) {
        if (direction == 2)
            --x;
        if (direction == 3)
            --y;
        auto edge = m_seen.begin() +
                    static_cast<std::ptrdiff_t>(2 * (y * (m_columns + 1) + x) + direction % 2);
        if (*edge)
            return false;
        *edge = true;
        return true;
    }
    /// Follows a border from a corner to the next node, or round to its start.
    Arc follow(std::int64_t x, std::int64_t y, int direction) {
        Arc arc;
        const auto [left, right] = sides(x, y, direction);
        arc.left = left;
        arc.right = right;
        const auto push = [&] {
            arc.points.push_back({static_cast<double>(x), static_cast<double>(y)});
        };
        push();
        for (;;) {
            x += step_x[static_cast<std::size_t>(direction)];
            y += step_y[static_cast<std::size_t>(direction)];
            int next = -1;
            if (degree(x, y) == 2)
                for (int d = 0; d < 4; ++d)
                    if (d != (direction + 2) % 4 && border(x, y, d))
                        next = d;
            if (next != direction)
                push();
            if (next < 0 || !take(x, y, next))
                return arc;
            direction = next;
        }
    }

  private:
    std::span<const std::int32_t> m_labels;
    std::int64_t m_columns;
    std::int64_t m_rows;
    std::vector<bool> m_seen;
};

/// Half of an arc: the arc walked so that one patch lies to the left.
struct Half {
    std::size_t arc;
    bool forward;
};

std::uint64_t place_key(Point p) {
    return (static_cast<std::uint64_t>(p.x) << 32U) | static_cast<std::uint64_t>(p.y);
}

/// Twice the signed area on the map (y down turned up) under a chain of points.
double twice_area(std::span<const Point> points, bool forward) {
    double area = 0;
    for (std::size_t i = 0; i + 1 < points.size(); ++i)
        area += points[i + 1].x * points[i].y - points[i].x * points[i + 1].y;
    return forward ? area : -area;
}

class RingBuilder {
  public:
    RingBuilder(std::span<const Arc> arcs, std::span<const std::vector<Point>> drawn)
        : m_arcs{arcs}, m_drawn{drawn} {}

    /// All rings of a patch: walk on from node to node and cut a ring off
    /// whenever a node comes up for the second time, so every ring is simple.
    Polygon build(const std::vector<Half>& halves) {
        std::unordered_map<std::uint64_t, std::vector<Half>> leaving;
        for (const auto& half : halves)
            leaving[place_key(start(half))].push_back(half);
        Polygon polygon;
        for (const auto& first : halves) {
            std::vector<Half> path;
            std::unordered_map<std::uint64_t, std::size_t> depth;
            std::uint64_t at = place_key(start(first));
            for (;;) {
                if (const auto seen = depth.find(at); seen != depth.end()) {
                    const auto from = seen->second;
                    add_ring(std::span{path}.subspan(from), polygon);
                    while (path.size() > from) {
                        depth.erase(place_key(start(path.back())));
                        path.pop_back();
                    }
                }
                auto& choices = leaving[at];
                if (choices.empty())
                    break;
                const Half half = choices.back();
                choices.pop_back();
                depth[at] = path.size();
                path.push_back(half);
                at = place_key(end(half));
            }
        }
        return polygon;
    }

  private:
    [[nodiscard]] Point start(const Half& half) const {
        const auto& points = m_arcs[half.arc].points;
        return half.forward ? points.front() : points.back();
    }
    [[nodiscard]] Point end(const Half& half) const {
        const auto& points = m_arcs[half.arc].points;
        return half.forward ? points.back() : points.front();
    }
    void add_ring(std::span<const Half> path, Polygon& polygon) const {
        Ring ring;
        double area = 0; // of the unsimplified ring: its sign tells outer from hole
        for (const auto& half : path) {
            area += twice_area(m_arcs[half.arc].points, half.forward);
            const auto& points = m_drawn[half.arc];
            if (half.forward)
                ring.insert(ring.end(), points.begin(), points.end() - 1);
            else
                ring.insert(ring.end(), points.rbegin(), points.rend() - 1);
        }
        ring.push_back(ring.front());
        if (area > 0)
            polygon.outer = std::move(ring);
        else
            polygon.holes.push_back(std::move(ring));
    }

    std::span<const Arc> m_arcs;
    std::span<const std::vector<Point>> m_drawn;
};

} // namespace

std::vector<Arc> trace_arcs(std::span<const std::int32_t> labels, std::int64_t columns,
                            std::int64_t rows) {
    Lattice lattice{labels, columns, rows};
    std::vector<Arc> arcs;
    const auto trace_from = [&](bool nodes) {
        for (std::int64_t y = 0; y <= rows; ++y)
            for (std::int64_t x = 0; x <= columns; ++x) {
                const int degree = lattice.degree(x, y);
                if (degree == 0 || (nodes && degree == 2))
                    continue;
                for (int d = 0; d < 4; ++d)
                    if (lattice.border(x, y, d) && lattice.take(x, y, d))
                        arcs.push_back(lattice.follow(x, y, d));
            }
    };
    trace_from(true);
    trace_from(false); // what is left are closed borders without a node
    return arcs;
}

std::vector<Polygon> assemble_rings(std::span<const Arc> arcs,
                                    std::span<const std::vector<Point>> drawn, std::int32_t count) {
    std::vector<std::vector<Half>> halves(static_cast<std::size_t>(count) + 1);
    for (std::size_t i = 0; i < arcs.size(); ++i) {
        halves[static_cast<std::size_t>(arcs[i].left)].push_back({i, true});
        halves[static_cast<std::size_t>(arcs[i].right)].push_back({i, false});
    }
    std::vector<Polygon> polygons(halves.size());
    RingBuilder builder{arcs, drawn};
    for (std::size_t label = 1; label < halves.size(); ++label)
        polygons[label] = builder.build(halves[label]);
    return polygons;
}

} // namespace riskmap::raster
