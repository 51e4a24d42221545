// SPDX-License-Identifier: MIT
// Simplifies shared borders so that no two of them come to cross or touch.
#include "arcs.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include <riskmap/core/parallel.hpp>

namespace riskmap::raster {

namespace {

double distance_to_segment(Point p, Point a, Point b) {
    const double dx = b.x - a.x;
    const double dy = b.y - a.y;
    const double length2 = dx * dx + dy * dy;
    const double t =
        length2 == 0 ? 0 : std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length2, 0.0, 1.0);
    return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

/// Douglas & Peucker 1973 on points[first..last]; keeps both ends.
void keep_far_points(std::span<const Point> points, std::size_t first, std::size_t last,
                     double tolerance, std::vector<bool>& kept) {
    std::vector<std::pair<std::size_t, std::size_t>> open{{first, last}};
    while (!open.empty()) {
        const auto [a, b] = open.back();
        open.pop_back();
        double furthest = tolerance;
        std::size_t at = 0;
        for (std::size_t i = a + 1; i < b; ++i) {
            const double d = distance_to_segment(points[i], points[a], points[b]);
            if (d > furthest) {
                furthest = d;
                at = i;
            }
        }
        if (at != 0) {
            kept[at] = true;
            open.emplace_back(a, at);
            open.emplace_back(at, b);
        }
    }
}

/// The places of the points that stay; the ends and the corners of the frame always do.
std::vector<std::size_t> kept_points(const std::vector<Point>& points, double tolerance,
                                     const Box& frame) {
    std::vector<std::size_t> all(points.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    if (tolerance <= 0 || points.size() < 3)
        return all;
    const std::size_t last = points.size() - 1;
    const bool closed = points.front() == points.back();
    std::vector<std::size_t> fixed{0};
    std::size_t far = 0;
    for (std::size_t i = 1; i < last; ++i) {
        const auto apart = [&](std::size_t k) {
            return std::hypot(points[k].x - points[0].x, points[k].y - points[0].y);
        };
        const Point p = points[i];
        if ((p.x == frame.left || p.x == frame.right) && (p.y == frame.bottom || p.y == frame.top))
            fixed.push_back(i);
        if (closed && apart(i) > apart(far))
            far = i;
    }
    if (closed)
        fixed.push_back(far);
    fixed.push_back(last);
    std::sort(fixed.begin(), fixed.end());
    std::vector<bool> kept(points.size());
    for (std::size_t k = 0; k + 1 < fixed.size(); ++k) {
        kept[fixed[k]] = kept[fixed[k + 1]] = true;
        keep_far_points(points, fixed[k], fixed[k + 1], tolerance, kept);
    }
    std::erase_if(all, [&](std::size_t i) { return !kept[i]; });
    if (closed && all.size() < 4)
        all = kept_points(points, 0, frame);
    return all;
}

std::vector<Point> picked(const std::vector<Point>& points, const std::vector<std::size_t>& kept) {
    std::vector<Point> out;
    for (const auto i : kept)
        out.push_back(points[i]);
    return out;
}

double cross(Point o, Point a, Point b) {
    return (a.x - o.x) * (b.y - o.y) - (b.x - o.x) * (a.y - o.y);
}

bool on_segment(Point p, Point a, Point b) {
    return cross(a, b, p) == 0 && std::min(a.x, b.x) <= p.x && p.x <= std::max(a.x, b.x) &&
           std::min(a.y, b.y) <= p.y && p.y <= std::max(a.y, b.y);
}

struct Segment {
    Point a;
    Point b;
    std::size_t arc;
};

/// Whether two segments have more in common than one end point. Coordinates
/// are cell corners, small whole numbers, so the tests are exact.
bool clash(const Segment& s, const Segment& t) {
    const bool aa = s.a == t.a;
    const bool ab = s.a == t.b;
    const bool ba = s.b == t.a;
    const bool bb = s.b == t.b;
    if ((aa && bb) || (ab && ba))
        return true;
    if (aa || ab || ba || bb) {
        const Point s_other = (aa || ab) ? s.b : s.a;
        const Point t_other = (aa || ba) ? t.b : t.a;
        return on_segment(s_other, t.a, t.b) || on_segment(t_other, s.a, s.b);
    }
    const auto side = [](double v) { return v > 0 ? 1 : v < 0 ? -1 : 0; };
    const int d1 = side(cross(t.a, t.b, s.a));
    const int d2 = side(cross(t.a, t.b, s.b));
    const int d3 = side(cross(s.a, s.b, t.a));
    const int d4 = side(cross(s.a, s.b, t.b));
    if (d1 * d2 < 0 && d3 * d4 < 0)
        return true;
    return on_segment(s.a, t.a, t.b) || on_segment(s.b, t.a, t.b) || on_segment(t.a, s.a, s.b) ||
           on_segment(t.b, s.a, s.b);
}

/// The arcs that clash with another or with themselves, found by buckets of
/// the plane through which each segment's box runs.
std::vector<bool> clashing(std::span<const std::vector<Point>> lines) {
    constexpr double bucket = 8;
    std::vector<Segment> segments;
    std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> buckets;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        for (std::size_t k = 0; k + 1 < lines[i].size(); ++k) {
            const Segment s{lines[i][k], lines[i][k + 1], i};
            const auto id = static_cast<std::uint32_t>(segments.size());
            segments.push_back(s);
            const auto cell = [](double v) { return static_cast<std::uint64_t>(v / bucket); };
            for (auto y = cell(std::min(s.a.y, s.b.y)); y <= cell(std::max(s.a.y, s.b.y)); ++y)
                for (auto x = cell(std::min(s.a.x, s.b.x)); x <= cell(std::max(s.a.x, s.b.x)); ++x)
                    buckets[(x << 32U) | y].push_back(id);
        }
    }
    std::vector<bool> bad(lines.size());
    for (const auto& [key, members] : buckets)
        for (std::size_t i = 0; i < members.size(); ++i)
            for (std::size_t j = i + 1; j < members.size(); ++j) {
                const auto& s = segments[members[i]];
                const auto& t = segments[members[j]];
                if (!(bad[s.arc] && bad[t.arc]) && clash(s, t))
                    bad[s.arc] = bad[t.arc] = true;
            }
    return bad;
}

/// All points of all arcs, in buckets of the plane.
class PointIndex {
  public:
    explicit PointIndex(std::span<const Arc> arcs) {
        for (std::size_t i = 0; i < arcs.size(); ++i)
            for (const auto& p : arcs[i].points)
                m_buckets[key(cell(p.x), cell(p.y))].push_back({p, i});
    }
    /// Whether a point of another arc lies inside a closed chain.
    [[nodiscard]] bool any_inside(std::span<const Point> chain, std::size_t own) const {
        const Box box = bounds(chain);
        const MultiPolygon shape{{Ring{chain.begin(), chain.end()}, {}}};
        for (auto y = cell(box.bottom); y <= cell(box.top); ++y)
            for (auto x = cell(box.left); x <= cell(box.right); ++x) {
                const auto found = m_buckets.find(key(x, y));
                if (found == m_buckets.end())
                    continue;
                for (const auto& [p, arc] : found->second)
                    if (arc != own && inside(chain, shape, p))
                        return true;
            }
        return false;
    }

  private:
    static std::uint64_t cell(double v) { return static_cast<std::uint64_t>(v / 8); }
    static std::uint64_t key(std::uint64_t x, std::uint64_t y) { return (x << 32U) | y; }
    static bool inside(std::span<const Point> chain, const MultiPolygon& shape, Point p) {
        for (std::size_t i = 0; i < chain.size(); ++i)
            if (on_segment(p, chain[i], chain[(i + 1) % chain.size()]))
                return false;
        return contains(shape, p);
    }

    std::unordered_map<std::uint64_t, std::vector<std::pair<Point, std::size_t>>> m_buckets;
};

/// A border that straightens past a small patch without touching it would leave
/// the patch on the wrong side: such an arc sweeps over points of another.
bool sweeps_over(const std::vector<Point>& points, const std::vector<std::size_t>& kept,
                 std::size_t own, const PointIndex& index) {
    for (std::size_t k = 0; k + 1 < kept.size(); ++k)
        if (kept[k + 1] - kept[k] > 1 &&
            index.any_inside(std::span{points}.subspan(kept[k], kept[k + 1] - kept[k] + 1), own))
            return true;
    return false;
}

} // namespace

std::vector<std::vector<Point>> simplified(std::span<const Arc> arcs, double tolerance,
                                           const Box& frame, const Execution& execution) {
    if (tolerance <= 0) {
        std::vector<std::vector<Point>> lines;
        for (const auto& arc : arcs)
            lines.push_back(arc.points);
        return lines;
    }
    std::vector<std::vector<Point>> lines(arcs.size());
    std::vector<double> tolerances(arcs.size(), tolerance);
    const PointIndex index{arcs};
    // Below half a cell a staircase cannot be straightened any more.
    const auto less = [](double t) { return t < 0.6 ? 0 : t / 2; };
    const auto draw = [&](std::size_t i) {
        for (;;) {
            const auto kept = kept_points(arcs[i].points, tolerances[i], frame);
            lines[i] = picked(arcs[i].points, kept);
            if (!sweeps_over(arcs[i].points, kept, i, index))
                return;
            tolerances[i] = less(tolerances[i]);
        }
    };
    parallel_for(execution, arcs.size(), draw);
    for (;;) {
        execution.progress.check();
        const auto bad = clashing(lines);
        std::vector<std::size_t> again;
        for (std::size_t i = 0; i < arcs.size(); ++i)
            if (bad[i] && tolerances[i] > 0)
                again.push_back(i);
        if (again.empty())
            break;
        parallel_for(execution, again.size(), [&](std::size_t k) {
            tolerances[again[k]] = less(tolerances[again[k]]);
            draw(again[k]);
        });
    }
    return lines;
}

} // namespace riskmap::raster
