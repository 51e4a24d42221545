// SPDX-License-Identifier: MIT
// Ways along roads, with a straight walk where that is shorter.
#include <algorithm>
#include <limits>

#include <riskmap/core/error.hpp>
#include <riskmap/core/parallel.hpp>
#include <riskmap/raster/source.hpp>
#include <riskmap/shelter/distance.hpp>

#include "walks.hpp"

namespace riskmap::shelter {

namespace {

using network::Doors;
using network::Reached;

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
