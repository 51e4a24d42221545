// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include <boost/geometry.hpp>
#include <boost/geometry/geometries/box.hpp>
#include <boost/geometry/geometries/point_xy.hpp>
#include <boost/geometry/geometries/segment.hpp>
#include <boost/geometry/index/rtree.hpp>

#include <riskmap/core/parallel.hpp>
#include <riskmap/network/travel.hpp>

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

/// The nearest piece of those that were looked at.
class Best {
  public:
    Best(const Graph& graph, Point place, double most)
        : m_graph{graph}, m_place{place}, m_most{most} {}

    /// Whether a piece is as near as the nearest so far, or nearer.
    bool look(const Piece& piece) {
        const auto line = m_graph.line(m_graph.edges()[piece.edge]);
        const auto foot = foot_on(line[piece.number], line[piece.number + 1], m_place);
        if (foot.distance > m_most || (m_found && foot.distance > m_least + tie))
            return false;
        if (!m_found || foot.distance < m_least - tie ||
            std::pair{piece.edge, piece.number} < std::pair{m_piece.edge, m_piece.number}) {
            m_piece = piece;
            m_along = foot.along;
        }
        m_least = m_found ? std::min(m_least, foot.distance) : foot.distance;
        m_found = true;
        return true;
    }

    [[nodiscard]] std::optional<Access> access() const {
        if (!m_found)
            return std::nullopt;
        const auto& edge = m_graph.edges()[m_piece.edge];
        const auto line = m_graph.line(edge);
        double before = 0;
        for (std::uint32_t n = 0; n <= m_piece.number; ++n) {
            const double length = std::hypot(line[n + 1].x - line[n].x, line[n + 1].y - line[n].y);
            before += n == m_piece.number ? length * m_along : length;
        }
        const double along = before <= tie                 ? 0
                             : edge.length - before <= tie ? 1
                                                           : before / edge.length;
        return Access{m_piece.edge, along, m_least};
    }

  private:
    const Graph& m_graph;
    Point m_place;
    double m_most;
    bool m_found = false;
    Piece m_piece{};
    double m_along = 0;
    double m_least = 0;
};

} // namespace

struct AccessIndex::State {
    const Graph& graph;
    Index index;
};

std::optional<Access> AccessIndex::find(Point place, double most) const {
    Best best{m_state->graph, place, most};
    constexpr unsigned few = 64; // the nearest, and any that are as near
    for (auto it = m_state->index.qbegin(bg::index::nearest(XY{place.x, place.y}, few));
         it != m_state->index.qend(); ++it)
        if (!best.look(it->second))
            break;
    return best.access();
}

std::vector<std::optional<Access>> AccessIndex::find_together(std::span<const Point> places,
                                                              double most) const {
    std::vector<std::optional<Access>> all(places.size());
    const Box box = bounds(places);
    const Point middle = box.middle();
    const double half = std::hypot(box.right - box.left, box.top - box.bottom) / 2;
    // What is nearest to a place is no further from it than what is nearest to the middle.
    const auto around_middle = find(middle, most + half);
    if (!around_middle)
        return all;
    const double rim = std::min(around_middle->offset + half, most) + tie;
    const bg::model::box<XY> around{{box.left - rim, box.bottom - rim},
                                    {box.right + rim, box.top + rim}};
    std::vector<Piece> pieces;
    for (auto it = m_state->index.qbegin(bg::index::intersects(around));
         it != m_state->index.qend(); ++it)
        pieces.push_back(it->second);
    for (std::size_t i = 0; i < places.size(); ++i) {
        Best best{m_state->graph, places[i], most};
        for (const auto& piece : pieces)
            best.look(piece);
        all[i] = best.access();
    }
    return all;
}

AccessIndex::AccessIndex(const Graph& graph) {
    std::vector<Entry> entries;
    for (std::uint32_t e = 0; e < graph.edges().size(); ++e) {
        const auto line = graph.line(graph.edges()[e]);
        for (std::uint32_t n = 0; n + 1 < line.size(); ++n)
            entries.emplace_back(Straight{{line[n].x, line[n].y}, {line[n + 1].x, line[n + 1].y}},
                                 Piece{e, n});
    }
    m_state.reset(new State{graph, Index{entries}});
}

AccessIndex::~AccessIndex() = default;

std::vector<std::optional<Access>> AccessIndex::find(std::span<const Point> places, double most,
                                                     const Execution& execution) const {
    std::vector<std::optional<Access>> all(places.size());
    constexpr std::size_t piece = 1024;
    parallel_for(execution, (places.size() + piece - 1) / piece, [&](std::size_t first) {
        execution.progress.check();
        for (auto i = first * piece; i < std::min(places.size(), (first + 1) * piece); ++i)
            all[i] = find(places[i], most);
    });
    return all;
}

} // namespace riskmap::network
