// SPDX-License-Identifier: MIT
// Roads closed along the pieces that a raster covers.
#include <algorithm>
#include <cmath>

#include <riskmap/network/graph.hpp>
#include <riskmap/raster/point_values.hpp>

#include "noding.hpp"

namespace riskmap::network {

namespace {

/// A place on an edge, m from its first node.
struct Place {
    std::uint32_t edge;
    double way;
};

/// The edges that may close, looked at from place to place.
class Closing {
  public:
    Closing(const Graph& graph, const raster::Source& source, const Crs& crs, double threshold,
            std::optional<double> where_nodata, const Execution& execution)
        : m_graph{graph}, m_source{source}, m_to_source{crs, source.grid().crs},
          m_threshold{threshold}, m_where_nodata{where_nodata}, m_execution{execution} {}

    /// Where along each edge it begins or ends to be covered, rising; odd pieces are covered if
    /// `first_covered`.
    struct Cover {
        bool first_covered = false;
        bool unknown = false; ///< a place without data
        std::vector<double> turns;
    };
    std::vector<Cover> run(Graph::Closed& out) {
        const double step = std::max(cell_metres(m_source.grid()) / 2, 1.0);
        std::vector<Place> places;
        for (std::uint32_t e = 0; e < m_graph.edges().size(); ++e) {
            const auto& edge = m_graph.edges()[e];
            if (edge.closed || m_graph.road(edge).level > 0)
                continue;
            ++out.asked;
            const auto line = m_graph.line(edge);
            double way = 0;
            for (std::size_t p = 1; p < line.size(); ++p) {
                const double length =
                    std::hypot(line[p].x - line[p - 1].x, line[p].y - line[p - 1].y);
                const auto pieces = static_cast<int>(std::ceil(length / step)) + 1;
                for (int k = p == 1 ? 0 : 1; k <= pieces; ++k)
                    places.push_back({e, std::min(way + length * k / pieces, edge.length)});
                way += length;
            }
        }
        const auto states = states_of(places, &out.covered);
        std::vector<Cover> covers(m_graph.edges().size());
        std::vector<std::size_t> turns; // between a place and the next
        for (std::size_t i = 0; i < places.size(); ++i) {
            const auto e = places[i].edge;
            covers[e].unknown = covers[e].unknown || states[i] == State::unknown;
            if (i == 0 || places[i - 1].edge != e)
                covers[e].first_covered = states[i] == State::covered;
            else if ((states[i] == State::covered) != (states[i - 1] == State::covered))
                turns.push_back(i - 1);
        }
        const auto found = bisected(places, states, turns);
        for (std::size_t t = 0; t < turns.size(); ++t)
            covers[places[turns[t]].edge].turns.push_back(found[t]);
        return covers;
    }

  private:
    enum class State : std::uint8_t { open, covered, unknown };

    [[nodiscard]] Point point_at(const Place& place) const {
        const auto line = m_graph.line(m_graph.edges()[place.edge]);
        double left = place.way;
        for (std::size_t p = 1; p < line.size(); ++p) {
            const double length = std::hypot(line[p].x - line[p - 1].x, line[p].y - line[p - 1].y);
            if (left <= length && length > 0)
                return {std::lerp(line[p - 1].x, line[p].x, left / length),
                        std::lerp(line[p - 1].y, line[p].y, left / length)};
            left -= length;
        }
        return line.back();
    }

    std::vector<State> states_of(const std::vector<Place>& places, bool* covers = nullptr) const {
        std::vector<Point> points;
        points.reserve(places.size());
        for (const auto& place : places)
            points.push_back(point_at(place));
        points = m_to_source.apply(std::move(points));
        if (covers != nullptr)
            *covers = std::any_of(points.begin(), points.end(),
                                  [&](Point p) { return m_source.grid().cell_at(p).has_value(); });
        const auto values =
            raster::values_at(m_source, points, raster::Sampling::nearest, m_execution);
        std::vector<State> states;
        states.reserve(values.size());
        for (const double read : values) {
            const double value = std::isnan(read) ? m_where_nodata.value_or(read) : read;
            states.push_back(std::isnan(value)     ? State::unknown
                             : value > m_threshold ? State::covered
                                                   : State::open);
        }
        return states;
    }

    /// Where the state turns between a place and the next, m along the edge.
    std::vector<double> bisected(const std::vector<Place>& places, const std::vector<State>& states,
                                 const std::vector<std::size_t>& turns) const {
        struct Between {
            double covered, open;
        };
        std::vector<Between> between;
        for (const auto i : turns)
            between.push_back(states[i] == State::covered
                                  ? Between{places[i].way, places[i + 1].way}
                                  : Between{places[i + 1].way, places[i].way});
        constexpr int halvings = 10;
        for (int round = 0; round < halvings && !turns.empty(); ++round) {
            std::vector<Place> middles;
            for (std::size_t t = 0; t < turns.size(); ++t)
                middles.push_back(
                    {places[turns[t]].edge, (between[t].covered + between[t].open) / 2});
            const auto found = states_of(middles);
            for (std::size_t t = 0; t < turns.size(); ++t)
                (found[t] == State::covered ? between[t].covered : between[t].open) =
                    middles[t].way;
        }
        std::vector<double> ways;
        for (const auto& ends : between)
            ways.push_back(ends.open); // what is not known to be dry is closed
        return ways;
    }

    const Graph& m_graph;
    const raster::Source& m_source;
    CrsTransform m_to_source;
    double m_threshold;
    std::optional<double> m_where_nodata;
    const Execution& m_execution;
};

} // namespace

Graph::Closed Graph::close_above(const raster::Source& source, const Crs& crs, double threshold,
                                 std::optional<double> where_nodata, const Execution& execution) {
    Closed out;
    const auto covers = Closing{*this, source, crs, threshold, where_nodata, execution}.run(out);
    std::vector<Edge> edges;
    for (std::size_t e = 0; e < covers.size(); ++e) {
        const auto& cover = covers[e];
        const Edge whole = m_edges[e];
        bool closed = cover.first_covered;
        bool open_piece = false;
        const auto add = [&](Edge edge) {
            edge.closed = whole.closed || closed;
            open_piece = open_piece || !edge.closed;
            out.closed += closed ? 1 : 0;
            out.length += closed ? edge.length : 0;
            edges.push_back(edge);
        };
        if (cover.turns.empty()) {
            add(whole);
            out.unknown += cover.unknown && open_piece ? 1 : 0;
            continue;
        }
        const std::vector<Point> points{line(whole).begin(), line(whole).end()};
        Edge piece = whole;
        piece.first_point = static_cast<std::uint32_t>(m_points.size());
        m_points.push_back(points[0]);
        double way = 0; // to the point before
        double from = 0;
        std::size_t turn = 0;
        const auto end_piece = [&](std::uint32_t node, double at) {
            piece.to = node;
            piece.length = at - from;
            piece.points = static_cast<std::uint32_t>(m_points.size()) - piece.first_point;
            add(piece);
            closed = !closed;
            from = at;
        };
        for (std::size_t p = 1; p < points.size(); ++p) {
            const double length =
                std::hypot(points[p].x - points[p - 1].x, points[p].y - points[p - 1].y);
            for (; turn < cover.turns.size() && cover.turns[turn] < way + length; ++turn) {
                const double at = cover.turns[turn];
                if (!(at > from) || !(at < whole.length)) {
                    closed = !closed; // a piece without length
                    continue;
                }
                const double t = (at - way) / length;
                const Point place{std::lerp(points[p - 1].x, points[p].x, t),
                                  std::lerp(points[p - 1].y, points[p].y, t)};
                m_points.push_back(place);
                const auto node = static_cast<std::uint32_t>(m_nodes.size());
                m_nodes.push_back(place);
                end_piece(node, at);
                piece.from = node;
                piece.first_point = static_cast<std::uint32_t>(m_points.size());
                m_points.push_back(place);
            }
            m_points.push_back(points[p]);
            way += length;
        }
        end_piece(whole.to, whole.length);
        out.unknown += cover.unknown && open_piece ? 1 : 0;
    }
    m_edges = std::move(edges);
    index();
    find_parts();
    return out;
}

} // namespace riskmap::network
