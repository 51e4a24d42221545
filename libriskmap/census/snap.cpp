// SPDX-License-Identifier: MIT
#include "snap.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include <boost/geometry.hpp>
#include <boost/geometry/geometries/point_xy.hpp>
#include <boost/geometry/index/rtree.hpp>
#include <boost/iterator/function_output_iterator.hpp>

#include <riskmap/core/execution.hpp>
#include <riskmap/geo/topology.hpp>

#include "coverage.hpp"

namespace riskmap::census {

namespace {

namespace bg = boost::geometry;

/// Vertices of borders that do not match, found by place.
class Anchors {
  public:
    Anchors(double tolerance, UnitLength unit) : m_tolerance{tolerance}, m_unit{unit} {}

    /// The place that a vertex of a shape goes to: that of an anchor of another shape, or its
    /// own, which becomes one.
    Point settle(Point p, std::size_t owner) {
        const Point at = scaled(p);
        std::optional<std::size_t> best;
        double nearest = m_tolerance;
        for (const auto k : within(at, at)) {
            const double distance = std::hypot(m_scaled[k].x - at.x, m_scaled[k].y - at.y);
            if (m_anchors[k].owner != owner && (best ? distance < nearest : distance <= nearest)) {
                nearest = distance;
                best = k;
            }
        }
        if (best)
            return m_anchors[*best].place;
        m_tree.insert({Corner{at.x, at.y}, m_anchors.size()});
        m_anchors.push_back({p, owner});
        m_scaled.push_back(at);
        return p;
    }

    struct Near {
        Point place;
        double off; ///< metres
    };
    /// Anchors of other shapes near a straight piece, in order along it, its ends left out.
    [[nodiscard]] std::vector<Near> along(Point a, Point b, std::size_t owner) const {
        std::vector<std::pair<double, Near>> found;
        const Point from = scaled(a);
        const Point to = scaled(b);
        std::set<std::size_t> near;
        // A box about the whole of a slanting edge would hold all that lies beside it.
        constexpr int parts = 16;
        const auto part = [&](int i) {
            const double t = static_cast<double>(i) / parts;
            return Point{from.x + (to.x - from.x) * t, from.y + (to.y - from.y) * t};
        };
        for (int i = 0; i < parts; ++i)
            for (const auto k : within(part(i), part(i + 1)))
                near.insert(k);
        std::set<std::pair<double, double>> seen;
        for (const auto k : near) {
            const auto& anchor = m_anchors[k];
            if (anchor.owner == owner || anchor.place == a || anchor.place == b)
                continue;
            const Foot foot = foot_on(from, to, m_scaled[k]);
            if (foot.distance <= m_tolerance && foot.along > 0 && foot.along < 1 &&
                seen.emplace(anchor.place.x, anchor.place.y).second)
                found.emplace_back(foot.along, Near{anchor.place, foot.distance});
        }
        std::sort(found.begin(), found.end(), [](const auto& x, const auto& y) {
            return std::tuple{x.first, x.second.place.x, x.second.place.y} <
                   std::tuple{y.first, y.second.place.x, y.second.place.y};
        });
        std::vector<Near> places;
        for (const auto& [t, one] : found)
            places.push_back(one);
        return places;
    }

  private:
    struct Anchor {
        Point place;
        std::size_t owner;
    };
    using Corner = bg::model::d2::point_xy<double>;
    using Entry = std::pair<Corner, std::size_t>;

    [[nodiscard]] Point scaled(Point p) const { return {p.x * m_unit.x, p.y * m_unit.y}; }

    /// Those in the box about two places, the tolerance added; in the order they came.
    [[nodiscard]] std::vector<std::size_t> within(Point a, Point b) const {
        const bg::model::box<Corner> box{
            {std::min(a.x, b.x) - m_tolerance, std::min(a.y, b.y) - m_tolerance},
            {std::max(a.x, b.x) + m_tolerance, std::max(a.y, b.y) + m_tolerance}};
        std::vector<std::size_t> found;
        m_tree.query(bg::index::intersects(box),
                     boost::make_function_output_iterator(
                         [&](const Entry& entry) { found.push_back(entry.second); }));
        std::sort(found.begin(), found.end());
        return found;
    }

    double m_tolerance;
    UnitLength m_unit;
    std::vector<Anchor> m_anchors;
    std::vector<Point> m_scaled; ///< their places, in metres
    bg::index::rtree<Entry, bg::index::quadratic<16>> m_tree;
};

void open(Ring& ring) {
    if (ring.size() > 1 && ring.front() == ring.back())
        ring.pop_back();
}

void close(Ring& ring) {
    ring.erase(std::unique(ring.begin(), ring.end()), ring.end());
    if (!ring.empty() && !(ring.front() == ring.back()))
        ring.push_back(ring.front());
}

class Snapper {
  public:
    Snapper(std::vector<MultiPolygon>& shapes, double tolerance, UnitLength unit)
        : m_shapes{shapes}, m_anchors{tolerance, unit} {}

    std::vector<std::size_t> run() {
        find_loose();
        auto before = m_shapes;
        for (const auto i : m_owners)
            for_each_ring(m_shapes[i], [&](Ring& ring, bool) { settle(ring, i); });
        for (const auto i : m_owners)
            for_each_ring(m_shapes[i], [&](Ring& ring, bool) { fill(ring, i); });
        std::vector<std::size_t> changed;
        for (const auto i : m_owners) {
            // A vertex more on a border that matches changes nothing.
            if (!m_moved.contains(i)) {
                m_shapes[i] = std::move(before[i]);
                continue;
            }
            if (find_flaw(m_shapes[i]) && !find_flaw(before[i]))
                m_shapes[i] = std::move(before[i]);
            else
                changed.push_back(i);
        }
        return changed;
    }

  private:
    void find_loose() {
        BorderLedger ledger{std::uint64_t{1} << 40U};
        std::vector<BorderPiece> pieces;
        for (std::size_t i = 0; i < m_shapes.size(); ++i) {
            pieces.clear();
            append_borders(m_shapes[i], static_cast<std::uint32_t>(i), pieces);
            ledger.add(pieces);
        }
        (void)ledger.close_round(Execution{});
        m_left = ledger.left();
        m_owners.assign(ledger.owners().begin(), ledger.owners().end());
    }
    [[nodiscard]] bool loose(Point a, Point b) const {
        return std::binary_search(m_left.begin(), m_left.end(), border_print({a, b}));
    }
    void settle(Ring& ring, std::size_t owner) {
        open(ring);
        const auto old = ring;
        const auto n = old.size();
        for (std::size_t i = 0; i < n; ++i)
            if (loose(old[(i + n - 1) % n], old[i]) || loose(old[i], old[(i + 1) % n]))
                if (ring[i] = m_anchors.settle(old[i], owner); !(ring[i] == old[i]))
                    m_moved.insert(owner);
        close(ring);
    }
    void fill(Ring& ring, std::size_t owner) {
        Ring out;
        for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
            out.push_back(ring[i]);
            for (const auto& [p, off] : m_anchors.along(ring[i], ring[i + 1], owner)) {
                out.push_back(p);
                if (off > 1e-6)
                    m_moved.insert(owner);
            }
        }
        ring = std::move(out);
        close(ring);
    }

    std::vector<MultiPolygon>& m_shapes;
    Anchors m_anchors;
    std::vector<std::uint64_t> m_left;
    std::vector<std::size_t> m_owners;
    std::set<std::size_t> m_moved;
};

} // namespace

std::vector<std::size_t> snap_borders(std::vector<MultiPolygon>& shapes, double tolerance,
                                      UnitLength unit) {
    if (!(tolerance > 0))
        return {};
    // What one round has moved together may lie near to a third border.
    constexpr int most_rounds = 8;
    std::set<std::size_t> changed;
    for (int round = 0; round < most_rounds; ++round) {
        const auto now = Snapper{shapes, tolerance, unit}.run();
        if (now.empty())
            break;
        changed.insert(now.begin(), now.end());
    }
    return {changed.begin(), changed.end()};
}

} // namespace riskmap::census
