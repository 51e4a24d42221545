// SPDX-License-Identifier: MIT
#include <riskmap/network/access.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

#include <boost/geometry.hpp>
#include <boost/geometry/geometries/box.hpp>
#include <boost/geometry/geometries/point_xy.hpp>
#include <boost/geometry/geometries/segment.hpp>
#include <boost/geometry/index/rtree.hpp>

#include <riskmap/core/parallel.hpp>

namespace riskmap::network {

namespace {

namespace bg = boost::geometry;
using XY = bg::model::d2::point_xy<double>;
using Straight = bg::model::segment<XY>;

/// A straight piece of an edge.
struct Piece {
    std::uint32_t edge;
    std::uint32_t number; ///< within the edge
};
using Entry = std::pair<Straight, Piece>;
using Index = bg::index::rtree<Entry, bg::index::quadratic<16>>;

/// Distances of the index and ours may round differently: among pieces that are as near as the
/// nearest the one of the lowest number counts.
constexpr double tie = 1e-6;

/// Whether a foot is nearer than another one, and which of those that are as near comes first.
struct Found {
    Piece piece{};
    double along = 0;
    double distance = 0;
};
bool before(const Found& a, const Found& b) {
    if (std::abs(a.distance - b.distance) > tie)
        return a.distance < b.distance;
    return std::pair{a.piece.edge, a.piece.number} < std::pair{b.piece.edge, b.piece.number};
}

std::optional<Found> foot_of(const Graph& graph, const AccessRules& rules, const Piece& piece,
                             Point place) {
    const auto line = graph.line(graph.edges()[piece.edge]);
    const auto foot = foot_on(line[piece.number], line[piece.number + 1], place);
    if (foot.distance > rules.most ||
        (rules.barriers && rules.barriers->between(place, foot.place)))
        return std::nullopt;
    return Found{piece, foot.along, foot.distance};
}

Access access_of(const Graph& graph, const Found& found) {
    const auto& edge = graph.edges()[found.piece.edge];
    const auto line = graph.line(edge);
    double way = 0;
    for (std::uint32_t n = 0; n <= found.piece.number; ++n) {
        const double length = std::hypot(line[n + 1].x - line[n].x, line[n + 1].y - line[n].y);
        way += n == found.piece.number ? length * found.along : length;
    }
    const double along = way <= tie ? 0 : edge.length - way <= tie ? 1 : way / edge.length;
    return {found.piece.edge, along, found.distance};
}

/// The nearest of each part, while pieces are looked at.
class Nearest {
  public:
    Nearest(const Graph& graph, const AccessRules& rules, Point place)
        : m_graph{graph}, m_rules{rules}, m_place{place} {}

    void look(const Piece& piece) {
        const auto found = foot_of(m_graph, m_rules, piece, m_place);
        if (!found)
            return;
        const auto part = m_graph.part_of(piece.edge);
        for (auto& [known, best] : m_best)
            if (known == part) {
                if (before(*found, best))
                    best = *found;
                return;
            }
        m_best.emplace_back(part, *found);
    }
    [[nodiscard]] bool empty() const { return m_best.empty(); }
    /// Of the first part that was met.
    [[nodiscard]] double distance() const { return m_best.front().second.distance; }

    [[nodiscard]] Doors doors() {
        std::sort(m_best.begin(), m_best.end(),
                  [](const auto& a, const auto& b) { return before(a.second, b.second); });
        constexpr std::size_t most = 8;
        Doors out;
        for (const auto& [part, found] : m_best)
            if (out.size() < most || part == m_graph.largest_part())
                out.push_back(access_of(m_graph, found));
        return out;
    }

  private:
    const Graph& m_graph;
    const AccessRules& m_rules;
    Point m_place;
    std::vector<std::pair<std::uint32_t, Found>> m_best;
};

bg::model::box<XY> around(const Box& box, double rim) {
    return {{box.left - rim, box.bottom - rim}, {box.right + rim, box.top + rim}};
}

} // namespace

/// Most roads are of one part, where the nearest is all that is asked for; the others are few.
struct AccessIndex::State {
    const Graph& graph;
    Index largest;
    Index others;

    void look_in_largest(Nearest& nearest, Point place, const AccessRules& rules) const {
        const XY at{place.x, place.y};
        const auto look = [&](std::size_t number) {
            for (auto it = largest.qbegin(bg::index::nearest(at, static_cast<unsigned>(number)));
                 it != largest.qend(); ++it) {
                if (const double d = bg::distance(it->first, at);
                    d > rules.most + tie || (!nearest.empty() && d > nearest.distance() + tie))
                    return;
                nearest.look(it->second);
            }
        };
        look(64); // the nearest, and any that are as near
        if (nearest.empty() && rules.barriers)
            look(largest.size()); // those lie across a barrier, all of them
    }
    void look_in_others(Nearest& nearest, Point place, double most) const {
        if (others.empty())
            return;
        const auto box = around(Box{place.x, place.y, place.x, place.y}, most);
        for (auto it = others.qbegin(bg::index::intersects(box)); it != others.qend(); ++it)
            nearest.look(it->second);
    }
};

AccessIndex::AccessIndex(const Graph& graph, AccessRules rules) : m_rules{std::move(rules)} {
    std::vector<Entry> largest;
    std::vector<Entry> others;
    for (std::uint32_t e = 0; e < graph.edges().size(); ++e) {
        const auto part = graph.part_of(e);
        if (graph.part_length(part) < m_rules.least_part)
            continue;
        const auto line = graph.line(graph.edges()[e]);
        for (std::uint32_t n = 0; n + 1 < line.size(); ++n)
            (part == graph.largest_part() ? largest : others)
                .emplace_back(Straight{{line[n].x, line[n].y}, {line[n + 1].x, line[n + 1].y}},
                              Piece{e, n});
    }
    m_state.reset(new State{graph, Index{largest}, Index{others}});
}

AccessIndex::~AccessIndex() = default;

Doors AccessIndex::doors(Point place) const {
    Nearest nearest{m_state->graph, m_rules, place};
    m_state->look_in_largest(nearest, place, m_rules);
    m_state->look_in_others(nearest, place, m_rules.most);
    return nearest.doors();
}

std::vector<Doors> AccessIndex::doors_together(std::span<const Point> places) const {
    std::vector<Doors> all(places.size());
    if (m_rules.barriers) {
        for (std::size_t i = 0; i < places.size(); ++i)
            all[i] = doors(places[i]);
        return all;
    }
    const Box box = bounds(places);
    const double half = std::hypot(box.right - box.left, box.top - box.bottom) / 2;
    std::vector<Piece> pieces;
    // What is nearest to a place is no further from it than what is nearest to the middle.
    const XY middle{box.middle().x, box.middle().y};
    if (const auto it = m_state->largest.qbegin(bg::index::nearest(middle, 1));
        it != m_state->largest.qend() && bg::distance(it->first, middle) <= m_rules.most + half) {
        const double rim = std::min(bg::distance(it->first, middle) + half, m_rules.most) + tie;
        for (auto in = m_state->largest.qbegin(bg::index::intersects(around(box, rim)));
             in != m_state->largest.qend(); ++in)
            pieces.push_back(in->second);
    }
    if (!m_state->others.empty())
        for (auto in = m_state->others.qbegin(bg::index::intersects(around(box, m_rules.most)));
             in != m_state->others.qend(); ++in)
            pieces.push_back(in->second);
    for (std::size_t i = 0; i < places.size(); ++i) {
        Nearest nearest{m_state->graph, m_rules, places[i]};
        for (const auto& piece : pieces)
            nearest.look(piece);
        all[i] = nearest.doors();
    }
    return all;
}

std::vector<Doors> AccessIndex::doors(std::span<const Point> places,
                                      const Execution& execution) const {
    std::vector<Doors> all(places.size());
    constexpr std::size_t piece = 1024;
    parallel_for(execution, (places.size() + piece - 1) / piece, [&](std::size_t first) {
        execution.progress.check();
        for (auto i = first * piece; i < std::min(places.size(), (first + 1) * piece); ++i)
            all[i] = doors(places[i]);
    });
    return all;
}

} // namespace riskmap::network
