// SPDX-License-Identifier: MIT
// Geometry as plain values. Rings may be closed (first point repeated) or
// not, and run either way; functions here accept both.
#pragma once

#include <algorithm>
#include <limits>
#include <span>
#include <vector>

namespace riskmap {

struct Point {
    double x = 0;
    double y = 0;
    friend bool operator==(const Point&, const Point&) = default;
};

using LineString = std::vector<Point>;
using Ring = std::vector<Point>;

struct Polygon {
    Ring outer;
    std::vector<Ring> holes;
};

using MultiPolygon = std::vector<Polygon>;

/// An axis-aligned box; the default one is empty and takes in what is added.
struct Box {
    double left = std::numeric_limits<double>::infinity();
    double bottom = std::numeric_limits<double>::infinity();
    double right = -std::numeric_limits<double>::infinity();
    double top = -std::numeric_limits<double>::infinity();

    [[nodiscard]] bool empty() const noexcept { return !(left <= right && bottom <= top); }
    [[nodiscard]] bool meets(const Box& other) const noexcept {
        return left <= other.right && other.left <= right && bottom <= other.top &&
               other.bottom <= top;
    }
    /// Inside or on an edge.
    [[nodiscard]] bool holds(Point p) const noexcept {
        return left <= p.x && p.x <= right && bottom <= p.y && p.y <= top;
    }
    [[nodiscard]] Point middle() const noexcept { return {(left + right) / 2, (bottom + top) / 2}; }
    void add(Point point) noexcept {
        left = std::min(left, point.x);
        right = std::max(right, point.x);
        bottom = std::min(bottom, point.y);
        top = std::max(top, point.y);
    }
    void add(const Box& other) noexcept {
        left = std::min(left, other.left);
        right = std::max(right, other.right);
        bottom = std::min(bottom, other.bottom);
        top = std::max(top, other.top);
    }
    friend bool operator==(const Box&, const Box&) = default;
};

/// Calls each(ring, outer) for the rings of all polygons, the outer one before its holes.
template <class Shape, class Each>
void for_each_ring(Shape& shape, Each&& each) {
    for (auto& polygon : shape) {
        each(polygon.outer, true);
        for (auto& hole : polygon.holes)
            each(hole, false);
    }
}

[[nodiscard]] Box bounds(std::span<const Point> points);
[[nodiscard]] Box bounds(const MultiPolygon& shape);

/// Planar area in squared units: counter-clockwise rings count positive.
[[nodiscard]] double signed_area(std::span<const Point> ring);
/// Planar area of valid polygons, holes taken off.
[[nodiscard]] double planar_area(const MultiPolygon& shape);
/// Even-odd rule; a point exactly on the border may fall on either side.
[[nodiscard]] bool contains(const MultiPolygon& shape, Point point);
/// The centre of mass; for an empty or flat shape the mean of its points.
[[nodiscard]] Point centroid(const MultiPolygon& shape);

/// The place on a straight piece that is nearest to a point.
struct Foot {
    double along = 0; ///< of the piece, 0..1
    Point place;
    double distance = 0;
};
[[nodiscard]] Foot foot_on(Point a, Point b, Point p);

/// Area of the part of a convex ring that lies inside a box.
[[nodiscard]] double convex_overlap(std::span<const Point> convex, const Box& box);

} // namespace riskmap
