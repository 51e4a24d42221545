// SPDX-License-Identifier: MIT
#include <riskmap/network/barriers.hpp>

#include <boost/geometry.hpp>
#include <boost/geometry/geometries/point_xy.hpp>
#include <boost/geometry/geometries/segment.hpp>
#include <boost/geometry/index/rtree.hpp>

namespace riskmap::network {

namespace {

namespace bg = boost::geometry;
using XY = bg::model::d2::point_xy<double>;
using Piece = bg::model::segment<XY>;

XY xy(Point p) {
    return {p.x, p.y};
}

} // namespace

struct Barriers::State {
    bg::index::rtree<Piece, bg::index::quadratic<16>> index;
};

Barriers::Barriers(const std::vector<LineString>& lines, const std::vector<MultiPolygon>& areas) {
    std::vector<Piece> pieces;
    for (const auto& line : lines)
        for (std::size_t p = 1; p < line.size(); ++p)
            pieces.emplace_back(xy(line[p - 1]), xy(line[p]));
    for (const auto& area : areas)
        for_each_ring(area, [&](const Ring& ring, bool) {
            for (std::size_t p = 0; p < ring.size(); ++p)
                pieces.emplace_back(xy(ring[p]), xy(ring[p + 1 < ring.size() ? p + 1 : 0]));
        });
    m_state.reset(new State{decltype(State::index){pieces}});
}

Barriers::~Barriers() = default;

bool Barriers::between(Point from, Point to) const {
    const Piece way{xy(from), xy(to)};
    return m_state->index.qbegin(bg::index::intersects(way)) != m_state->index.qend();
}

} // namespace riskmap::network
