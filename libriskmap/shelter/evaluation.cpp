// SPDX-License-Identifier: MIT
#include <riskmap/shelter/evaluation.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/exact_sum.hpp>
#include <riskmap/geo/topology.hpp>

namespace riskmap::shelter {

Units Units::of(const vector::Layer& layer, const std::string& field, const Crs& crs) {
    Units units;
    units.name = layer.name;
    const auto name = layer.field(field);
    const auto placed = vector::transformed(layer, crs);
    for (const auto& feature : placed.features) {
        if (feature.shape.polygons.empty()) {
            if (feature.shape.empty())
                continue;
            throw input_error(fmt::format("layer '{}' holds no polygons", layer.name),
                              "units are polygons: townships or counties");
        }
        units.names.push_back(vector::text_of(feature.values[name]));
        units.shapes.push_back(feature.shape.polygons);
    }
    if (units.names.empty())
        throw input_error(fmt::format("layer '{}' is empty", layer.name));
    return units;
}

std::vector<std::uint32_t> Units::locate(std::span<const Point> places) const {
    std::vector<Box> boxes;
    for (const auto& shape : shapes)
        boxes.push_back(bounds(shape));
    std::vector<std::uint32_t> unit(places.size(), none);
    std::uint32_t last = 0; // neighbours mostly lie in the same unit
    const auto in = [&](std::uint32_t u, Point p) {
        return p.x >= boxes[u].left && p.x <= boxes[u].right && p.y >= boxes[u].bottom &&
               p.y <= boxes[u].top && contains(shapes[u], p);
    };
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (in(last, places[i])) {
            unit[i] = last;
            continue;
        }
        for (std::uint32_t u = 0; u < shapes.size(); ++u)
            if (in(u, places[i])) {
                unit[i] = last = u;
                break;
            }
    }
    return unit;
}

void look_around(Scene& scene, const Execution& execution) {
    auto sites = places_of(scene.existing);
    const auto more = places_of(scene.candidates);
    sites.insert(sites.end(), more.begin(), more.end());
    execution.progress.report("reach", 0);
    scene.reached =
        scene.distances->reach(sites, scene.people.places, scene.limit.amount, execution);
    scene.access = scene.distances->access(scene.people.places, execution);
    for (auto& units : scene.units) {
        units.of_people = units.locate(scene.people.places);
        units.of_existing = units.locate(places_of(scene.existing));
        units.of_candidates = units.locate(more);
        const auto beyond = static_cast<std::size_t>(
            std::count(units.of_people.begin(), units.of_people.end(), none));
        if (beyond > 0) {
            ExactSum sum;
            for (std::size_t i = 0; i < scene.people.size(); ++i)
                if (units.of_people[i] == none)
                    sum.add(scene.people.numbers[i]);
            scene.remarks.push_back(
                fmt::format("{} places with {:.0f} people lie in no unit of '{}'", beyond,
                            sum.total(), units.name));
        }
    }
    execution.progress.report("reach", 1);
}

double Service::share() const {
    return people > 0 ? served / people : raster::nodata;
}

double SiteService::use(const Site& site) const {
    return site.capacity > 0 ? people / site.capacity : raster::nodata;
}

const Words& words_of(Reach reach) {
    static const std::array<Words, reaches> table{
        {{"已覆盖", "served"},
         {"距离过远", "too far"},
         {"附近无道路", "no road near"},
         {"本无道路可达", "no way by road, closed or not"},
         {"门前道路中断", "the road at the door is closed"},
         {"被断路隔开", "cut off by closed roads"}}};
    return table[static_cast<std::size_t>(reach)];
}

namespace {

/// People, and who of them is served how, one after the other.
class Counter {
  public:
    void add(double people, std::uint32_t times, double cost) {
        m_people.add(people);
        if (times == 0)
            return;
        m_served.add(people);
        m_cost.add(people * cost);
        m_worst = std::max(m_worst, cost);
        if (times > 1)
            m_twice.add(people);
    }
    void add_site(const Site& site) {
        ++m_shelters;
        if (!std::isnan(site.capacity))
            m_capacity.add(site.capacity);
    }
    [[nodiscard]] Service service() const {
        const double served = m_served.total();
        return {m_people.total(),
                served,
                m_twice.total(),
                m_capacity.total(),
                m_shelters,
                served > 0 ? m_cost.total() / served : raster::nodata,
                served > 0 ? m_worst : raster::nodata};
    }

  private:
    ExactSum m_people, m_served, m_twice, m_cost, m_capacity;
    std::size_t m_shelters = 0;
    double m_worst = 0;
};

/// To the open sites with all roads open; empty where no answer depends on it.
std::vector<network::NearestSite::Hit> ways_on_a_calm_day(const Scene& scene,
                                                          const std::vector<Point>& places,
                                                          const Evaluation& now,
                                                          const Execution& execution) {
    if (!scene.calm_distances || scene.calm_distances == scene.distances)
        return std::vector<network::NearestSite::Hit>(now.nearest.size());
    return scene.calm_distances->finder(places, execution)->from(scene.people.places, execution);
}

} // namespace

Evaluation evaluate(const Scene& scene, std::vector<std::size_t> open, const Execution& execution) {
    Evaluation out;
    out.open = std::move(open);
    const std::size_t n = scene.people.size();
    std::vector<std::uint32_t> times(n);
    std::vector<std::uint32_t> place(n, none);
    std::vector<double> cost(n);
    for (std::uint32_t k = 0; k < out.open.size(); ++k)
        for (const auto& reached : scene.reached[out.open[k]]) {
            ++times[reached.demand];
            if (place[reached.demand] == none || reached.cost < cost[reached.demand]) {
                place[reached.demand] = k;
                cost[reached.demand] = reached.cost;
            }
        }
    Counter all;
    std::vector<Counter> sites(out.open.size());
    for (std::size_t i = 0; i < n; ++i) {
        all.add(scene.people.numbers[i], times[i], cost[i]);
        if (place[i] != none)
            sites[place[i]].add(scene.people.numbers[i], 1, cost[i]);
        out.server.push_back(place[i] == none ? none
                                              : static_cast<std::uint32_t>(out.open[place[i]]));
    }
    for (std::size_t k = 0; k < out.open.size(); ++k) {
        all.add_site(scene.site(out.open[k]));
        const auto service = sites[k].service();
        ExactSum within;
        for (const auto& reached : scene.reached[out.open[k]])
            within.add(scene.people.numbers[reached.demand]);
        out.sites.push_back({service.people, service.mean, service.worst, within.total()});
    }
    out.all = all.service();
    for (const auto& units : scene.units) {
        std::vector<Counter> counters(units.names.size());
        for (std::size_t i = 0; i < n; ++i)
            if (units.of_people[i] != none)
                counters[units.of_people[i]].add(scene.people.numbers[i], times[i], cost[i]);
        for (const auto s : out.open) {
            const auto unit = s < scene.existing.size()
                                  ? units.of_existing[s]
                                  : units.of_candidates[s - scene.existing.size()];
            if (unit != none)
                counters[unit].add_site(scene.site(s));
        }
        auto& services = out.units.emplace_back();
        for (const auto& counter : counters)
            services.push_back(counter.service());
    }
    std::vector<Point> places;
    for (const auto s : out.open)
        places.push_back(scene.site(s).place);
    out.nearest = scene.distances->finder(places, execution)->from(scene.people.places, execution);
    const auto shut = scene.distances->cut_off(scene.people.places, execution);
    const auto calm = ways_on_a_calm_day(scene, places, out, execution);
    std::array<ExactSum, reaches> people;
    for (std::size_t i = 0; i < n; ++i) {
        out.reach.push_back(place[i] != none                     ? Reach::served
                            : std::isfinite(out.nearest[i].cost) ? Reach::too_far
                            : std::isnan(scene.access[i])        ? Reach::no_road
                            : shut[i]                            ? Reach::door_closed
                            : std::isfinite(calm[i].cost)        ? Reach::cut_off
                                                                 : Reach::no_way);
        people[static_cast<std::size_t>(out.reach.back())].add(scene.people.numbers[i]);
    }
    for (std::size_t r = 0; r < reaches; ++r)
        out.people_by_reach[r] = people[r].total();
    return out;
}

std::vector<std::size_t> existing_sites(const Scene& scene) {
    std::vector<std::size_t> open;
    for (std::size_t s = 0; s < scene.existing.size(); ++s)
        if (scene.existing[s].suitable())
            open.push_back(s);
    return open;
}

Service calm_service(const Scene& scene, const Execution& execution) {
    const auto& people = scene.residents.size() > 0 ? scene.residents : scene.people;
    const auto& ways = scene.calm_distances ? *scene.calm_distances : *scene.distances;
    const auto reached =
        ways.reach(places_of(scene.existing), people.places, scene.limit.amount, execution);
    std::vector<std::uint32_t> times(people.size());
    std::vector<double> cost(people.size(), std::numeric_limits<double>::infinity());
    for (const auto& of_site : reached)
        for (const auto& one : of_site) {
            ++times[one.demand];
            cost[one.demand] = std::min(cost[one.demand], one.cost);
        }
    Counter all;
    for (std::size_t i = 0; i < people.size(); ++i)
        all.add(people.numbers[i], times[i], cost[i]);
    for (const auto& site : scene.existing)
        all.add_site(site);
    return all.service();
}

} // namespace riskmap::shelter
