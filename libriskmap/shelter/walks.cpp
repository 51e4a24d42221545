// SPDX-License-Identifier: MIT
#include "walks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/geometry.hpp>
#include <boost/geometry/geometries/box.hpp>
#include <boost/geometry/geometries/point_xy.hpp>
#include <boost/geometry/index/rtree.hpp>

namespace riskmap::shelter {

namespace {

namespace bg = boost::geometry;
using XY = bg::model::d2::point_xy<double>;
using Entry = std::pair<XY, std::uint32_t>;
using Index = bg::index::rtree<Entry, bg::index::quadratic<16>>;

double between(Point a, Point b) {
    return std::hypot(a.x - b.x, a.y - b.y);
}

} // namespace

struct Walks::State {
    network::AccessRules rules;
    double cost_per_metre;
    std::vector<Point> places;
    Index index;

    [[nodiscard]] bool barred(Point a, Point b) const {
        return rules.barriers && rules.barriers->between(a, b);
    }
    /// Whether a place is near enough and not behind a barrier, or none is near enough.
    bool look(Point from, unsigned most, network::NearestSite::Hit& hit) const {
        double found = std::numeric_limits<double>::infinity();
        for (auto it = index.qbegin(bg::index::nearest(XY{from.x, from.y}, most));
             it != index.qend(); ++it) {
            const Point place = places[it->second];
            const double way = between(from, place);
            if (way > rules.most || way > found)
                return true;
            if (barred(from, place))
                continue;
            found = way;
            const double cost = way * cost_per_metre;
            if (cost < hit.cost || (cost == hit.cost && it->second < hit.site))
                hit = {cost, it->second};
        }
        return std::isfinite(found);
    }
};

Walks::Walks(network::AccessRules rules, double cost_per_metre, std::span<const Point> places,
             const std::vector<bool>& shut) {
    std::vector<Entry> entries;
    for (std::uint32_t i = 0; i < places.size(); ++i)
        if (shut.empty() || !shut[i])
            entries.emplace_back(XY{places[i].x, places[i].y}, i);
    m_state.reset(new State{
        std::move(rules), cost_per_metre, {places.begin(), places.end()}, Index{entries}});
}

Walks::~Walks() = default;
Walks::Walks(Walks&&) noexcept = default;

std::vector<network::Reached> Walks::within(Point from, double limit) const {
    const auto& state = *m_state;
    const double radius = std::min(state.rules.most, limit / state.cost_per_metre);
    const bg::model::box<XY> box{{from.x - radius, from.y - radius},
                                 {from.x + radius, from.y + radius}};
    std::vector<network::Reached> all;
    for (auto it = state.index.qbegin(bg::index::intersects(box)); it != state.index.qend(); ++it) {
        const Point place = state.places[it->second];
        const double way = between(from, place);
        const double cost = way * state.cost_per_metre;
        if (way <= state.rules.most && cost <= limit && !state.barred(from, place))
            all.push_back({it->second, cost});
    }
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return a.demand < b.demand; });
    return all;
}

void Walks::improve(Point from, network::NearestSite::Hit& hit) const {
    constexpr unsigned few = 8;
    // Where the nearest ones all lie behind a barrier the others are looked at.
    if (!m_state->look(from, few, hit) && m_state->rules.barriers)
        (void)m_state->look(from, static_cast<unsigned>(m_state->places.size()), hit);
}

} // namespace riskmap::shelter
