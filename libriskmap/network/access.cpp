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

struct Foot {
    double distance;
    double along; ///< of the piece, 0..1
};

Foot foot_on(Point a, Point b, Point p) {
    const double dx = b.x - a.x;
    const double dy = b.y - a.y;
    const double square = dx * dx + dy * dy;
    const double t =
        square > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / square, 0.0, 1.0) : 0;
    return {std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy), t};
}

} // namespace

struct AccessIndex::State {
    const Graph& graph;
    Index index;
};

std::optional<Access> AccessIndex::find(Point place, double most) const {
    const auto& [graph, index] = *m_state;
    // Distances of the index and ours may round differently: among those that are as near as the
    // nearest the lowest number counts.
    constexpr double tie = 1e-6;
    std::optional<Access> best;
    Piece best_piece{};
    double best_along = 0;
    for (auto it = index.qbegin(bg::index::nearest(XY{place.x, place.y}, 64)); it != index.qend();
         ++it) {
        const auto piece = it->second;
        const auto line = graph.line(graph.edges()[piece.edge]);
        const auto foot = foot_on(line[piece.number], line[piece.number + 1], place);
        if (foot.distance > most)
            break;
        if (best && foot.distance > best->offset + tie)
            break;
        if (!best || piece.edge < best->edge ||
            (piece.edge == best->edge && piece.number < best_piece.number)) {
            const double least = best ? std::min(best->offset, foot.distance) : foot.distance;
            best = Access{piece.edge, 0, least};
            best_piece = piece;
            best_along = foot.along;
        }
    }
    if (!best)
        return best;
    const auto& edge = graph.edges()[best->edge];
    const auto line = graph.line(edge);
    double before = 0;
    for (std::uint32_t n = 0; n <= best_piece.number; ++n) {
        const double length = std::hypot(line[n + 1].x - line[n].x, line[n + 1].y - line[n].y);
        before += n == best_piece.number ? length * best_along : length;
    }
    best->along = std::clamp(before / edge.length, 0.0, 1.0);
    if (before <= tie)
        best->along = 0;
    if (edge.length - before <= tie)
        best->along = 1;
    return best;
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
