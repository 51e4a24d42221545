// SPDX-License-Identifier: MIT
#include <riskmap/shelter/distance.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/geometry.hpp>
#include <boost/geometry/geometries/box.hpp>
#include <boost/geometry/geometries/point_xy.hpp>
#include <boost/geometry/index/rtree.hpp>
#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/parallel.hpp>
#include <riskmap/core/text.hpp>

namespace riskmap::shelter {

Limit Limit::parse(const std::string& text) {
    struct Unit {
        std::string_view name;
        double factor;
        bool minutes;
    };
    static constexpr Unit units[] = {{"km", 1000, false}, {"min", 60, true}, {"m", 1, false},
                                     {"h", 3600, true},   {"s", 1, true}};
    for (const auto& unit : units) {
        if (!text.ends_with(unit.name))
            continue;
        const auto number = parse_number(text.substr(0, text.size() - unit.name.size()));
        if (number && *number > 0)
            return {*number * unit.factor, unit.minutes};
        break;
    }
    throw Error{ErrorKind::usage, fmt::format("'{}' is no limit", text),
                "give a number with its unit, as 1500m, 1.5km or 20min"};
}

std::string Limit::text() const {
    return cost_text(amount, minutes);
}

std::string cost_text(double cost, bool minutes) {
    return minutes ? fmt::format("{:.4g} min", cost / 60) : fmt::format("{:.0f} m", cost);
}

namespace {

namespace bg = boost::geometry;
using XY = bg::model::d2::point_xy<double>;
using Entry = std::pair<XY, std::uint32_t>;
using Index = bg::index::rtree<Entry, bg::index::quadratic<16>>;

Index index_of(std::span<const Point> places) {
    std::vector<Entry> entries;
    entries.reserve(places.size());
    for (std::uint32_t i = 0; i < places.size(); ++i)
        entries.emplace_back(XY{places[i].x, places[i].y}, i);
    return Index{entries};
}

double between(Point a, Point b) {
    return std::hypot(a.x - b.x, a.y - b.y);
}

class Straight final : public Distances {
  public:
    Straight(double factor, double per_metre) : m_cost_per_metre{factor * per_metre} {}

    [[nodiscard]] std::vector<std::vector<network::Reached>>
    reach(std::span<const Point> sites, std::span<const Point> people, double limit,
          const Execution& execution) const override {
        const auto index = index_of(people);
        const double radius = limit / m_cost_per_metre;
        std::vector<std::vector<network::Reached>> all(sites.size());
        parallel_for(execution, sites.size(), [&](std::size_t s) {
            const Point site = sites[s];
            const bg::model::box<XY> around{{site.x - radius, site.y - radius},
                                            {site.x + radius, site.y + radius}};
            for (auto it = index.qbegin(bg::index::intersects(around)); it != index.qend(); ++it) {
                const double cost = between(site, people[it->second]) * m_cost_per_metre;
                if (cost <= limit)
                    all[s].push_back({it->second, cost});
            }
            std::sort(all[s].begin(), all[s].end(),
                      [](const auto& a, const auto& b) { return a.demand < b.demand; });
        });
        return all;
    }

    [[nodiscard]] std::vector<network::NearestSite::Hit>
    nearest(std::span<const Point> sites, std::span<const Point> people,
            const Execution& execution) const override {
        std::vector<network::NearestSite::Hit> hits(people.size());
        if (sites.empty())
            return hits;
        const auto index = index_of(sites);
        constexpr std::size_t piece = 1024;
        parallel_for(execution, (people.size() + piece - 1) / piece, [&](std::size_t first) {
            for (auto i = first * piece; i < std::min(people.size(), (first + 1) * piece); ++i)
                for (auto it = index.qbegin(
                         bg::index::nearest(XY{people[i].x, people[i].y}, 8));
                     it != index.qend(); ++it) {
                    const double cost = between(sites[it->second], people[i]) * m_cost_per_metre;
                    if (cost < hits[i].cost ||
                        (cost == hits[i].cost && it->second < hits[i].site))
                        hits[i] = {cost, it->second};
                }
        });
        return hits;
    }

    [[nodiscard]] std::vector<double> access(std::span<const Point> places,
                                             const Execution& /*execution*/) const override {
        return std::vector<double>(places.size(), 0.0);
    }
    [[nodiscard]] std::vector<bool> cut_off(std::span<const Point> places,
                                            const Execution& /*execution*/) const override {
        return std::vector<bool>(places.size());
    }

  private:
    double m_cost_per_metre;
};

class AlongRoads final : public Distances {
  public:
    AlongRoads(const network::Graph& graph, network::Costs costs, double access)
        : m_graph{graph}, m_costs{std::move(costs)}, m_index{graph}, m_access{access} {}

    [[nodiscard]] std::vector<std::vector<network::Reached>>
    reach(std::span<const Point> sites, std::span<const Point> people, double limit,
          const Execution& execution) const override {
        return network::reach(m_graph, m_costs, m_index.find(sites, m_access, execution),
                              m_index.find(people, m_access, execution), limit,
                              network::Way::to_sites, execution);
    }
    [[nodiscard]] std::vector<network::NearestSite::Hit>
    nearest(std::span<const Point> sites, std::span<const Point> people,
            const Execution& execution) const override {
        const network::NearestSite search{m_graph, m_costs,
                                          m_index.find(sites, m_access, execution),
                                          std::numeric_limits<double>::infinity(),
                                          network::Way::to_sites};
        const auto access = m_index.find(people, m_access, execution);
        std::vector<network::NearestSite::Hit> hits(people.size());
        for (std::size_t i = 0; i < hits.size(); ++i)
            if (access[i])
                hits[i] = search.from(*access[i]);
        return hits;
    }
    [[nodiscard]] std::vector<double> access(std::span<const Point> places,
                                             const Execution& execution) const override {
        std::vector<double> offsets;
        for (const auto& access : m_index.find(places, m_access, execution))
            offsets.push_back(access ? access->offset : raster::nodata);
        return offsets;
    }
    [[nodiscard]] std::vector<bool> cut_off(std::span<const Point> places,
                                            const Execution& execution) const override {
        std::vector<bool> cut;
        for (const auto& access : m_index.find(places, m_access, execution))
            cut.push_back(access && all_closed(*access));
        return cut;
    }

  private:
    [[nodiscard]] bool all_closed(const network::Access& access) const {
        const auto& edge = m_graph.edges()[access.edge];
        if (access.along > 0 && access.along < 1)
            return edge.closed;
        const auto node = access.along == 0 ? edge.from : edge.to;
        const auto at = m_graph.edges_at(node);
        return std::all_of(at.begin(), at.end(),
                           [&](std::uint32_t e) { return m_graph.edges()[e].closed; });
    }

    const network::Graph& m_graph;
    network::Costs m_costs;
    network::AccessIndex m_index;
    double m_access;
};

} // namespace

std::unique_ptr<Distances> straight(double factor, const Limit& limit, double kmh) {
    if (!(factor >= 1))
        throw Error{ErrorKind::usage, fmt::format("a detour factor of {:g}", factor),
                    "ways are at least as long as the straight line: 1 or more"};
    if (!(kmh > 0))
        throw Error{ErrorKind::usage, "a walking speed is not above 0", "give km/h"};
    return std::make_unique<Straight>(factor, limit.minutes ? 3.6 / kmh : 1);
}

std::unique_ptr<Distances> along_roads(const network::Graph& graph, network::Costs costs,
                                       double access) {
    return std::make_unique<AlongRoads>(graph, std::move(costs), access);
}

} // namespace riskmap::shelter
