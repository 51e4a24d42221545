// SPDX-License-Identifier: MIT
#include "snap.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <riskmap/core/execution.hpp>
#include <riskmap/geo/topology.hpp>

#include "coverage.hpp"

namespace riskmap::census {

namespace {

/// Vertices of borders that do not match, found by place.
class Anchors {
  public:
    Anchors(double tolerance, UnitLength unit) : m_tolerance{tolerance}, m_unit{unit} {}

    struct Anchor {
        Point place;
        std::size_t owner;
    };

    /// The place that a vertex of a shape goes to: that of an anchor of another shape, or its
    /// own, which becomes one.
    Point settle(Point p, std::size_t owner) {
        const Anchor* best = nullptr;
        double nearest = m_tolerance;
        visit(p, [&](const Anchor& anchor) {
            const double distance = metres(anchor.place, p);
            if (anchor.owner != owner && distance <= nearest) {
                nearest = distance;
                best = &anchor;
            }
        });
        if (best != nullptr)
            return best->place;
        m_cells[key(p)].push_back({p, owner});
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
        const double length = std::hypot(to.x - from.x, to.y - from.y);
        const auto steps = static_cast<std::size_t>(length / (2 * m_tolerance)) + 1;
        constexpr std::size_t most_steps = 200000;
        std::set<std::pair<double, double>> seen;
        for (std::size_t i = 0; i <= std::min(steps, most_steps); ++i) {
            const double t = static_cast<double>(i) / static_cast<double>(steps);
            visit({a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t}, [&](const Anchor& anchor) {
                if (anchor.owner == owner || anchor.place == a || anchor.place == b)
                    return;
                const Foot foot = foot_on(from, to, scaled(anchor.place));
                if (foot.distance <= m_tolerance && foot.along > 0 && foot.along < 1 &&
                    seen.emplace(anchor.place.x, anchor.place.y).second)
                    found.emplace_back(foot.along, Near{anchor.place, foot.distance});
            });
        }
        std::sort(found.begin(), found.end(), [](const auto& x, const auto& y) {
            return std::tuple{x.first, x.second.place.x, x.second.place.y} <
                   std::tuple{y.first, y.second.place.x, y.second.place.y};
        });
        std::vector<Near> places;
        for (const auto& [t, near] : found)
            places.push_back(near);
        return places;
    }

  private:
    [[nodiscard]] Point scaled(Point p) const { return {p.x * m_unit.x, p.y * m_unit.y}; }
    [[nodiscard]] double metres(Point a, Point b) const {
        return std::hypot((a.x - b.x) * m_unit.x, (a.y - b.y) * m_unit.y);
    }
    using Key = std::pair<std::int64_t, std::int64_t>;
    [[nodiscard]] Key key(Point p) const {
        const Point s = scaled(p);
        return {static_cast<std::int64_t>(std::floor(s.x / (2 * m_tolerance))),
                static_cast<std::int64_t>(std::floor(s.y / (2 * m_tolerance)))};
    }
    template <class Visit>
    void visit(Point p, Visit&& each) const {
        const auto [column, row] = key(p);
        for (auto c = column - 1; c <= column + 1; ++c)
            for (auto r = row - 1; r <= row + 1; ++r)
                if (const auto found = m_cells.find({c, r}); found != m_cells.end())
                    for (const auto& anchor : found->second)
                        each(anchor);
    }

    double m_tolerance;
    UnitLength m_unit;
    std::map<Key, std::vector<Anchor>> m_cells;
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
