// SPDX-License-Identifier: MIT
#include "noding.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <unordered_map>

#include <boost/geometry.hpp>
#include <boost/geometry/geometries/box.hpp>
#include <boost/geometry/geometries/point_xy.hpp>
#include <boost/geometry/index/rtree.hpp>

namespace riskmap::network {

namespace {

namespace bg = boost::geometry;
using XY = bg::model::d2::point_xy<double>;
using Rectangle = bg::model::box<XY>;

/// Places nearer than this are the same: a tenth of a millimetre, far below any survey.
constexpr double same_place = 1e-4;

/// One straight piece of a road.
struct Segment {
    Point a, b;
    std::uint32_t road;
};

/// Numbers places; those within `same_place` of one that is there already get its number.
class Places {
  public:
    std::uint32_t number(Point p) {
        if (const auto known = near(p, same_place))
            return *known;
        const auto n = static_cast<std::uint32_t>(m_places.size());
        m_places.push_back(p);
        m_cells[key(cell(p.x), cell(p.y))].push_back(n);
        return n;
    }
    [[nodiscard]] const std::vector<Point>& all() const noexcept { return m_places; }

  private:
    static constexpr double size = 1; // m
    static std::int64_t cell(double x) { return static_cast<std::int64_t>(std::floor(x / size)); }
    static std::uint64_t key(std::int64_t x, std::int64_t y) {
        return static_cast<std::uint64_t>(x) * 0x9e3779b97f4a7c15U ^ static_cast<std::uint64_t>(y);
    }
    [[nodiscard]] std::optional<std::uint32_t> near(Point p, double within) const {
        for (auto x = cell(p.x - within); x <= cell(p.x + within); ++x)
            for (auto y = cell(p.y - within); y <= cell(p.y + within); ++y)
                if (const auto found = m_cells.find(key(x, y)); found != m_cells.end())
                    for (const auto n : found->second)
                        if (std::hypot(m_places[n].x - p.x, m_places[n].y - p.y) <= within)
                            return n;
        return std::nullopt;
    }

    std::vector<Point> m_places;
    std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> m_cells;
};

class Cutter {
  public:
    Cutter(const std::vector<Road>& roads, double snap, Join join, GraphReport& report)
        : m_roads{roads}, m_snap{std::max(snap, same_place)}, m_join{join}, m_report{report} {
        for (std::uint32_t r = 0; r < roads.size(); ++r) {
            m_first.push_back(static_cast<std::uint32_t>(m_segments.size()));
            const auto& line = roads[r].line;
            for (std::size_t p = 1; p < line.size(); ++p)
                if (line[p - 1] != line[p])
                    m_segments.push_back({line[p - 1], line[p], r});
        }
        m_first.push_back(static_cast<std::uint32_t>(m_segments.size()));
        m_cuts.resize(m_segments.size());
        std::vector<std::pair<Rectangle, std::uint32_t>> boxes;
        boxes.reserve(m_segments.size());
        for (std::uint32_t s = 0; s < m_segments.size(); ++s)
            boxes.emplace_back(box(m_segments[s], 0), s);
        m_index = Index{boxes};
    }

    Pieces run() {
        snap_ends();
        cross();
        return pieces();
    }

  private:
    using Index = bg::index::rtree<std::pair<Rectangle, std::uint32_t>, bg::index::quadratic<16>>;
    struct Cut {
        double t;
        std::uint32_t node;
    };
    /// Where the ends of a road have come to lie.
    struct Ends {
        std::uint32_t first, last;
    };

    static Rectangle box(const Segment& s, double rim) {
        return {{std::min(s.a.x, s.b.x) - rim, std::min(s.a.y, s.b.y) - rim},
                {std::max(s.a.x, s.b.x) + rim, std::max(s.a.y, s.b.y) + rim}};
    }
    /// Segments whose boxes meet a rectangle, rising.
    [[nodiscard]] std::vector<std::uint32_t> around(const Rectangle& rectangle) const {
        std::vector<std::uint32_t> found;
        for (auto it = m_index.qbegin(bg::index::intersects(rectangle)); it != m_index.qend(); ++it)
            found.push_back(it->second);
        std::sort(found.begin(), found.end());
        return found;
    }
    [[nodiscard]] bool empty(std::uint32_t road) const {
        return m_first[road] == m_first[road + 1];
    }

    /// Nearest end of another road first, then the nearest place on one of the same level.
    std::uint32_t settle(Point end, std::uint32_t road) {
        const Rectangle near{{end.x - m_snap, end.y - m_snap}, {end.x + m_snap, end.y + m_snap}};
        const auto segments = around(near);
        double least = m_snap;
        std::optional<Point> place;
        for (const auto s : segments) {
            const auto& segment = m_segments[s];
            // Only ends that were looked at before: of two ends that are near each other the
            // second one moves.
            if (segment.road >= road)
                continue;
            const bool is_first = s == m_first[segment.road];
            const bool is_last = s + 1 == m_first[segment.road + 1];
            const auto try_end = [&](bool there, Point p, std::uint32_t node) {
                const double d = std::hypot(p.x - end.x, p.y - end.y);
                if (there && (d < least || (d == least && !place))) {
                    least = d;
                    place = m_places.all()[node];
                }
            };
            try_end(is_first, segment.a, m_ends[segment.road].first);
            try_end(is_last, segment.b, m_ends[segment.road].last);
        }
        if (place) {
            m_report.snapped += least > same_place ? 1 : 0;
            return m_places.number(*place);
        }
        std::uint32_t on = 0;
        Foot best{0, {}, std::numeric_limits<double>::infinity()};
        for (const auto s : segments) {
            const auto& segment = m_segments[s];
            // A bridge or tunnel ends at the ground.
            const int level = m_roads[segment.road].level;
            if (segment.road == road ||
                (level != m_roads[road].level && !(level == 0 && m_roads[road].level != 0)))
                continue;
            const auto foot = foot_on(segment.a, segment.b, end);
            if (m_join == Join::vertices && foot.along > 0 && foot.along < 1)
                continue;
            if (foot.distance <= m_snap && foot.distance < best.distance) {
                best = foot;
                on = s;
            }
        }
        if (!std::isfinite(best.distance))
            return m_places.number(end);
        m_report.snapped += best.distance > same_place ? 1 : 0;
        const auto node = m_places.number(best.place);
        m_cuts[on].push_back({best.along, node});
        return node;
    }

    void snap_ends() {
        m_ends.resize(m_roads.size());
        for (std::uint32_t r = 0; r < m_roads.size(); ++r) {
            if (empty(r)) {
                ++m_report.no_length;
                continue;
            }
            m_ends[r].first = settle(m_segments[m_first[r]].a, r);
            m_ends[r].last = settle(m_segments[m_first[r + 1] - 1].b, r);
        }
    }

    void cut(std::uint32_t s, double t, std::uint32_t node) { m_cuts[s].push_back({t, node}); }

    /// Whether a place on a segment is an end of its road: it has its node already.
    [[nodiscard]] std::optional<std::uint32_t> end_at(std::uint32_t s, double t) const {
        const auto road = m_segments[s].road;
        if (t <= 0 && s == m_first[road])
            return m_ends[road].first;
        if (t >= 1 && s + 1 == m_first[road + 1])
            return m_ends[road].last;
        return std::nullopt;
    }

    void touch(std::uint32_t on, std::uint32_t s, bool at_start) {
        const Point p = at_start ? m_segments[s].a : m_segments[s].b;
        const auto foot = foot_on(m_segments[on].a, m_segments[on].b, p);
        if (foot.distance > same_place ||
            (m_join == Join::vertices && foot.along > 0 && foot.along < 1))
            return;
        const auto own = end_at(s, at_start ? 0 : 1);
        const auto other = end_at(on, foot.along);
        if (own && other)
            return; // ends were settled
        const auto node = own ? *own : other ? *other : m_places.number(p);
        if (!other)
            cut(on, foot.along, node);
        if (!own)
            cut(s, at_start ? 0 : 1, node);
    }

    void cross() {
        for (std::uint32_t s = 0; s < m_segments.size(); ++s) {
            const auto& one = m_segments[s];
            for (const auto other : around(box(one, same_place))) {
                if (other <= s)
                    continue;
                const auto& two = m_segments[other];
                if (m_roads[one.road].level != m_roads[two.road].level)
                    continue;
                if (one.road == two.road && other == s + 1)
                    continue; // neighbours meet anyhow
                meet(s, other);
            }
        }
    }

    void meet(std::uint32_t s, std::uint32_t other) {
        const auto& [p, p2, road_one] = m_segments[s];
        const auto& [q, q2, road_two] = m_segments[other];
        touch(s, other, true);
        touch(s, other, false);
        touch(other, s, true);
        touch(other, s, false);
        if (m_join == Join::vertices)
            return;
        const Point r{p2.x - p.x, p2.y - p.y};
        const Point d{q2.x - q.x, q2.y - q.y};
        const double turn = r.x * d.y - r.y * d.x;
        if (turn == 0)
            return; // side by side or one on the other: touching said all
        const double t = ((q.x - p.x) * d.y - (q.y - p.y) * d.x) / turn;
        const double u = ((q.x - p.x) * r.y - (q.y - p.y) * r.x) / turn;
        const double rim_t = same_place / std::hypot(r.x, r.y);
        const double rim_u = same_place / std::hypot(d.x, d.y);
        if (t <= rim_t || t >= 1 - rim_t || u <= rim_u || u >= 1 - rim_u)
            return; // beyond, or at an end
        const auto node = m_places.number({p.x + t * r.x, p.y + t * r.y});
        cut(s, t, node);
        cut(other, u, node);
        ++m_report.crossings;
    }

    Pieces pieces() {
        Pieces out;
        for (std::uint32_t r = 0; r < m_roads.size(); ++r) {
            if (empty(r))
                continue;
            std::vector<Point> line{m_places.all()[m_ends[r].first]};
            auto from = m_ends[r].first;
            for (auto s = m_first[r]; s < m_first[r + 1]; ++s) {
                auto& cuts = m_cuts[s];
                std::stable_sort(cuts.begin(), cuts.end(),
                                 [](const Cut& a, const Cut& b) { return a.t < b.t; });
                for (const auto& cut : cuts)
                    end_piece(out, line, from, cut.node, r);
                if (s + 1 < m_first[r + 1])
                    line.push_back(m_segments[s].b);
            }
            end_piece(out, line, from, m_ends[r].last, r);
        }
        out.nodes = m_places.all();
        return out;
    }

    void end_piece(Pieces& out, std::vector<Point>& line, std::uint32_t& from, std::uint32_t to,
                   std::uint32_t road) {
        line.push_back(m_places.all()[to]);
        const double length = length_of(line);
        if (length > same_place) {
            Edge edge;
            edge.from = from;
            edge.to = to;
            edge.length = length;
            edge.road = road;
            edge.first_point = static_cast<std::uint32_t>(out.points.size());
            edge.points = static_cast<std::uint32_t>(line.size());
            edge.closed = m_roads[road].closed;
            out.edges.push_back(edge);
            out.points.insert(out.points.end(), line.begin(), line.end());
        } else if (from != to) {
            ++m_report.no_length;
        }
        line = {m_places.all()[to]};
        from = to;
    }

    const std::vector<Road>& m_roads;
    double m_snap;
    Join m_join;
    GraphReport& m_report;
    std::vector<Segment> m_segments;
    std::vector<std::uint32_t> m_first; ///< by road: its first segment
    std::vector<std::vector<Cut>> m_cuts;
    std::vector<Ends> m_ends;
    Places m_places;
    Index m_index;
};

} // namespace

double length_of(std::span<const Point> line) {
    double length = 0;
    for (std::size_t p = 1; p < line.size(); ++p)
        length += std::hypot(line[p].x - line[p - 1].x, line[p].y - line[p - 1].y);
    return length;
}

double cell_metres(const Grid& grid) {
    constexpr double metres_per_degree = 111'000;
    return grid.cell_height *
           (grid.crs.geographic() ? metres_per_degree : grid.crs.metres_per_unit());
}

Pieces cut_at_junctions(const std::vector<Road>& roads, double snap, Join join,
                        GraphReport& report) {
    return Cutter{roads, snap, join, report}.run();
}

} // namespace riskmap::network
