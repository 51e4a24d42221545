// SPDX-License-Identifier: MIT
#include "arcs.hpp"

#include <unordered_map>

#include <riskmap/core/parallel.hpp>

namespace riskmap::raster {

namespace {

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

std::vector<Polygon> assemble_rings(std::span<const Arc> arcs,
                                    std::span<const std::vector<Point>> drawn, std::size_t count,
                                    const Execution& execution) {
    std::vector<std::vector<Half>> halves(count);
    for (std::size_t i = 0; i < arcs.size(); ++i) {
        if (arcs[i].left >= 0)
            halves[static_cast<std::size_t>(arcs[i].left)].push_back({i, true});
        if (arcs[i].right >= 0)
            halves[static_cast<std::size_t>(arcs[i].right)].push_back({i, false});
    }
    std::vector<Polygon> polygons(count);
    parallel_for(execution, count, [&](std::size_t patch) {
        polygons[patch] = RingBuilder{arcs, drawn}.build(halves[patch]);
    });
    return polygons;
}

} // namespace riskmap::raster
