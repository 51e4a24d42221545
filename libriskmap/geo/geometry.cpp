// SPDX-License-Identifier: MIT
#include <riskmap/geo/geometry.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace riskmap {

namespace {

template <class Visit>
void for_each_ring(const MultiPolygon& shape, Visit visit) {
    for (const auto& polygon : shape) {
        visit(polygon.outer, false);
        for (const auto& hole : polygon.holes)
            visit(hole, true);
    }
}

/// The part of a convex ring where keep(point) >= 0, `keep` linear.
template <class Keep>
void cut(const std::vector<Point>& ring, std::vector<Point>& out, Keep keep) {
    out.clear();
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const Point a = ring[i];
        const Point b = ring[(i + 1) % ring.size()];
        const double at_a = keep(a);
        const double at_b = keep(b);
        if (at_a >= 0)
            out.push_back(a);
        if ((at_a >= 0) != (at_b >= 0)) {
            const double t = at_a / (at_a - at_b);
            out.push_back({a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)});
        }
    }
}

} // namespace

Box bounds(std::span<const Point> points) {
    Box box;
    for (const auto point : points)
        box.add(point);
    return box;
}

Box bounds(const MultiPolygon& shape) {
    Box box;
    for (const auto& polygon : shape)
        box.add(bounds(polygon.outer));
    return box;
}

double signed_area(std::span<const Point> ring) {
    if (ring.size() < 3)
        return 0;
    // Relative to the first point: large coordinates would lose the area's digits.
    const Point origin = ring[0];
    double twice = 0;
    for (std::size_t i = 1; i + 1 < ring.size(); ++i)
        twice += (ring[i].x - origin.x) * (ring[i + 1].y - origin.y) -
                 (ring[i + 1].x - origin.x) * (ring[i].y - origin.y);
    return twice / 2;
}

double planar_area(const MultiPolygon& shape) {
    double area = 0;
    for_each_ring(shape, [&](const Ring& ring, bool hole) {
        area += (hole ? -1 : 1) * std::abs(signed_area(ring));
    });
    return area;
}

bool contains(const MultiPolygon& shape, Point point) {
    bool inside = false;
    for_each_ring(shape, [&](const Ring& ring, bool) {
        for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
            const Point a = ring[i];
            const Point b = ring[j];
            if ((a.y > point.y) != (b.y > point.y) &&
                point.x < (b.x - a.x) * (point.y - a.y) / (b.y - a.y) + a.x)
                inside = !inside;
        }
    });
    return inside;
}

Point centroid(const MultiPolygon& shape) {
    double area = 0;
    Point moment;
    Point sum;
    std::size_t count = 0;
    const Point origin = shape.empty() || shape[0].outer.empty() ? Point{} : shape[0].outer[0];
    for_each_ring(shape, [&](const Ring& ring, bool hole) {
        const double sign = (signed_area(ring) < 0) == hole ? 1 : -1;
        for (std::size_t i = 0; i < ring.size(); ++i) {
            const Point a{ring[i].x - origin.x, ring[i].y - origin.y};
            const auto& next = ring[(i + 1) % ring.size()];
            const Point b{next.x - origin.x, next.y - origin.y};
            const double cross = sign * (a.x * b.y - b.x * a.y);
            area += cross / 2;
            moment.x += (a.x + b.x) * cross / 6;
            moment.y += (a.y + b.y) * cross / 6;
            sum.x += a.x;
            sum.y += a.y;
            ++count;
        }
    });
    if (area > 0)
        return {origin.x + moment.x / area, origin.y + moment.y / area};
    const auto n = static_cast<double>(std::max<std::size_t>(1, count));
    return {origin.x + sum.x / n, origin.y + sum.y / n};
}

double convex_overlap(std::span<const Point> convex, const Box& box) {
    static thread_local std::vector<Point> ring;
    static thread_local std::vector<Point> next;
    ring.assign(convex.begin(), convex.end());
    cut(ring, next, [&](Point p) { return p.x - box.left; });
    cut(next, ring, [&](Point p) { return box.right - p.x; });
    cut(ring, next, [&](Point p) { return p.y - box.bottom; });
    cut(next, ring, [&](Point p) { return box.top - p.y; });
    return std::abs(signed_area(ring));
}

Foot foot_on(Point a, Point b, Point p) {
    const double dx = b.x - a.x;
    const double dy = b.y - a.y;
    const double square = dx * dx + dy * dy;
    const double t =
        square > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / square, 0.0, 1.0) : 0;
    const Point place = t == 1 ? b : Point{a.x + t * dx, a.y + t * dy};
    return {t, place, std::hypot(p.x - place.x, p.y - place.y)};
}

} // namespace riskmap
