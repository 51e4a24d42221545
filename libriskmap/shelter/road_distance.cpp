// SPDX-License-Identifier: MIT
// Ways along roads, with a straight walk where that is shorter.
#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/geometry.hpp>
#include <boost/geometry/geometries/box.hpp>
#include <boost/geometry/geometries/point_xy.hpp>
#include <boost/geometry/index/rtree.hpp>

#include <riskmap/core/error.hpp>
#include <riskmap/core/parallel.hpp>
#include <riskmap/raster/source.hpp>
#include <riskmap/shelter/distance.hpp>

namespace riskmap::shelter {

namespace {

namespace bg = boost::geometry;
using XY = bg::model::d2::point_xy<double>;
using Entry = std::pair<XY, std::uint32_t>;
using network::Doors;
using network::Reached;

double between(Point a, Point b) {
    return std::hypot(a.x - b.x, a.y - b.y);
}

/// Straight walks to some places that lie near.
class Walks {
  public:
    Walks(const network::AccessRules& rules, double cost_per_metre, std::span<const Point> places,
          const std::vector<bool>& shut)
        : m_rules{rules}, m_cost_per_metre{cost_per_metre}, m_places{places.begin(), places.end()} {
        std::vector<Entry> entries;
        for (std::uint32_t i = 0; i < places.size(); ++i)
            if (!shut[i])
                entries.emplace_back(XY{places[i].x, places[i].y}, i);
        m_index = Index{entries};
    }

    /// All places that a walk of at most `limit` comes to, rising.
    [[nodiscard]] std::vector<Reached> within(Point from, double limit) const {
        const double radius = std::min(m_rules.most, limit / m_cost_per_metre);
        const bg::model::box<XY> box{{from.x - radius, from.y - radius},
                                     {from.x + radius, from.y + radius}};
        std::vector<Reached> all;
        for (auto it = m_index.qbegin(bg::index::intersects(box)); it != m_index.qend(); ++it) {
            const double way = between(from, m_places[it->second]);
            if (way <= radius && !barred(from, m_places[it->second]))
                all.push_back({it->second, way * m_cost_per_metre});
        }
        std::sort(all.begin(), all.end(),
                  [](const auto& a, const auto& b) { return a.demand < b.demand; });
        return all;
    }
    /// Takes the nearest place for `hit` if a walk there is shorter.
    void improve(Point from, network::NearestSite::Hit& hit) const {
        // Of several that are as near the first one.
        constexpr unsigned few = 8;
        if (!look(from, few, hit) && m_rules.barriers)
            (void)look(from, static_cast<unsigned>(m_places.size()), hit);
    }

  private:
    using Index = bg::index::rtree<Entry, bg::index::quadratic<16>>;

    [[nodiscard]] bool barred(Point a, Point b) const {
        return m_rules.barriers && m_rules.barriers->between(a, b);
    }
    /// Whether a place is near enough and not behind a barrier, or none is near enough.
    bool look(Point from, unsigned most, network::NearestSite::Hit& hit) const {
        double found = std::numeric_limits<double>::infinity();
        for (auto it = m_index.qbegin(bg::index::nearest(XY{from.x, from.y}, most));
             it != m_index.qend(); ++it) {
            const Point place = m_places[it->second];
            const double way = between(from, place);
            if (way > m_rules.most || way > found)
                return true;
            if (barred(from, place))
                continue;
            found = way;
            const double cost = way * m_cost_per_metre;
            if (cost < hit.cost || (cost == hit.cost && it->second < hit.site))
                hit = {cost, it->second};
        }
        return std::isfinite(found) || m_places.size() <= most;
    }

    const network::AccessRules& m_rules;
    double m_cost_per_metre;
    std::vector<Point> m_places;
    Index m_index;
};

class AlongRoads final : public Distances {
  public:
    explicit AlongRoads(RoadNetwork roads)
        : m_roads{std::move(roads)}, m_walk_cost{m_roads.factor * m_roads.costs.per_metre} {}

    [[nodiscard]] std::vector<std::vector<Reached>>
    reach(std::span<const Point> sites, std::span<const Point> people, double limit,
          const Execution& execution) const override;
    [[nodiscard]] std::unique_ptr<const SiteFinder>
    finder(std::span<const Point> sites, const Execution& execution) const override;

    [[nodiscard]] std::vector<double> access(std::span<const Point> places,
                                             const Execution& execution) const override {
        std::vector<double> offsets;
        for (const auto& doors : index().doors(places, execution))
            offsets.push_back(doors.empty() ? raster::nodata : doors.front().offset);
        return offsets;
    }
    [[nodiscard]] std::vector<bool> cut_off(std::span<const Point> places,
                                            const Execution& execution) const override {
        std::vector<bool> cut;
        for (const auto& doors : index().doors(places, execution))
            cut.push_back(is_shut(doors));
        return cut;
    }

    /// Whether the road at the nearest door is closed there.
    [[nodiscard]] bool is_shut(const Doors& doors) const {
        if (!m_roads.heeds_closed || doors.empty())
            return false;
        const auto& graph = *m_roads.graph;
        const auto& door = doors.front();
        const auto& edge = graph.edges()[door.edge];
        if (door.along > 0 && door.along < 1)
            return edge.closed;
        const auto at = graph.edges_at(door.along == 0 ? edge.from : edge.to);
        return std::all_of(at.begin(), at.end(),
                           [&](std::uint32_t e) { return graph.edges()[e].closed; });
    }
    [[nodiscard]] const network::AccessIndex& index() const { return *m_roads.index; }

    /// Doors by which people leave or come; none where the road at the door is closed.
    [[nodiscard]] std::vector<Doors> open_doors(std::span<const Point> places,
                                                std::vector<bool>& shut,
                                                const Execution& execution) const {
        auto all = index().doors(places, execution);
        for (auto& doors : all) {
            shut.push_back(is_shut(doors));
            if (shut.back())
                doors.clear();
        }
        return all;
    }

  private:
    RoadNetwork m_roads;
    double m_walk_cost;
};

class RoadFinder final : public SiteFinder {
  public:
    RoadFinder(const AlongRoads& ways, network::NearestSite nearest, Walks walks)
        : m_ways{ways}, m_nearest{std::move(nearest)}, m_walks{std::move(walks)} {}
    using SiteFinder::from;
    [[nodiscard]] network::NearestSite::Hit from(Point place) const override {
        return by(m_ways.index().doors(place), place);
    }
    void from_together(std::span<const Point> places,
                       std::span<network::NearestSite::Hit> hits) const override {
        const auto doors = m_ways.index().doors_together(places);
        for (std::size_t i = 0; i < places.size(); ++i)
            hits[i] = by(doors[i], places[i]);
    }

  private:
    [[nodiscard]] network::NearestSite::Hit by(const Doors& doors, Point place) const {
        if (m_ways.is_shut(doors))
            return {};
        auto hit = m_nearest.from(doors);
        m_walks.improve(place, hit);
        return hit;
    }

    const AlongRoads& m_ways;
    network::NearestSite m_nearest;
    Walks m_walks;
};

std::vector<std::vector<Reached>> AlongRoads::reach(std::span<const Point> sites,
                                                    std::span<const Point> people, double limit,
                                                    const Execution& execution) const {
    std::vector<bool> shut_sites;
    std::vector<bool> shut_people;
    const auto from = open_doors(sites, shut_sites, execution);
    const auto to = open_doors(people, shut_people, execution);
    auto all = network::reach(*m_roads.graph, m_roads.costs, from, to, limit,
                              network::Way::to_sites, execution);
    const Walks walks{index().rules(), m_walk_cost, people, shut_people};
    parallel_for(execution, sites.size(), [&](std::size_t s) {
        if (shut_sites[s])
            return;
        const auto walked = walks.within(sites[s], limit);
        std::vector<Reached> both;
        both.reserve(all[s].size() + walked.size());
        auto road = all[s].begin();
        for (const auto& walk : walked) {
            for (; road != all[s].end() && road->demand < walk.demand; ++road)
                both.push_back(*road);
            if (road != all[s].end() && road->demand == walk.demand)
                both.push_back({walk.demand, std::min(walk.cost, (road++)->cost)});
            else
                both.push_back(walk);
        }
        both.insert(both.end(), road, all[s].end());
        all[s] = std::move(both);
    });
    return all;
}

std::unique_ptr<const SiteFinder> AlongRoads::finder(std::span<const Point> sites,
                                                     const Execution& execution) const {
    std::vector<bool> shut;
    const auto doors = open_doors(sites, shut, execution);
    return std::make_unique<RoadFinder>(
        *this,
        network::NearestSite{*m_roads.graph, m_roads.costs, doors,
                             std::numeric_limits<double>::infinity(), network::Way::to_sites},
        Walks{index().rules(), m_walk_cost, sites, shut});
}

} // namespace

std::unique_ptr<Distances> along_roads(RoadNetwork roads) {
    if (!(roads.factor >= 1))
        throw Error{ErrorKind::usage, "a detour factor below 1",
                    "ways are at least as long as the straight line: 1 or more"};
    return std::make_unique<AlongRoads>(std::move(roads));
}

} // namespace riskmap::shelter
