// SPDX-License-Identifier: MIT
#include <riskmap/shelter/evaluation.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/exact_sum.hpp>
#include <riskmap/geo/topology.hpp>
#include <riskmap/siting/models.hpp>

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
    for (std::size_t s = 0; s < scene.sites(); ++s)
        if (const double limit = scene.site(s).limit; limit > 0)
            std::erase_if(scene.reached[s],
                          [&](const network::Reached& one) { return one.cost > limit; });
    scene.access = scene.distances->access(scene.people.places, execution);
    scene.door_closed = scene.distances->cut_off(scene.people.places, execution);
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
         {"被断路隔开", "cut off by closed roads"},
         {"附近场所已满", "all shelters near are full"}}};
    return table[static_cast<std::size_t>(reach)];
}

namespace {

/// People, and who of them is served how, one after the other.
class Counter {
  public:
    void add(double people) { m_people.add(people); }
    void serve(double people, double cost) {
        if (!(people > 0))
            return;
        m_served.add(people);
        m_cost.add(people * cost);
        m_worst = std::max(m_worst, cost);
    }
    void reach_twice(double people) { m_twice.add(people); }
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

/// All go to the nearest open site within the limit, of several that are as near the first.
std::vector<Placement> nearest_places(const Scene& scene, const std::vector<std::size_t>& open) {
    std::vector<Placement> nearest(scene.people.size());
    std::vector<bool> found(scene.people.size());
    for (const auto site : open)
        for (const auto& reached : scene.reached[site]) {
            auto& best = nearest[reached.demand];
            if (found[reached.demand] && !(reached.cost < best.cost))
                continue;
            best = {reached.demand, site, scene.people.numbers[reached.demand], reached.cost};
            found[reached.demand] = true;
        }
    std::vector<Placement> out;
    for (std::size_t i = 0; i < nearest.size(); ++i)
        if (found[i])
            out.push_back(nearest[i]);
    return out;
}

/// As many as the open sites have room for.
std::vector<Placement> places_with_room(const Scene& scene, const std::vector<std::size_t>& open,
                                        const Execution& execution) {
    siting::Problem problem;
    problem.weights = scene.people.numbers;
    problem.sites = 0;
    for (const auto site : open) {
        std::vector<std::uint32_t> demands;
        for (const auto& reached : scene.reached[site])
            demands.push_back(reached.demand);
        problem.links.add(demands);
        problem.roles.push_back(siting::Role::existing);
        if (std::isnan(scene.site(site).capacity))
            throw input_error(
                fmt::format("the capacity of '{}' is not known", scene.site(site).id),
                "fill in the field of capacities or of floor areas, or leave out the capacities");
        problem.capacities.push_back(scene.site(site).capacity);
    }
    std::vector<Placement> out;
    if (open.empty())
        return out;
    for (const auto& share : siting::cover_most(problem, {}, execution).shares) {
        const auto site = open[share.candidate];
        const auto& reached = scene.reached[site];
        const auto at = std::lower_bound(
            reached.begin(), reached.end(), share.demand,
            [](const network::Reached& one, std::uint32_t demand) { return one.demand < demand; });
        if (share.weight > 0)
            out.push_back({share.demand, site, share.weight, at->cost});
    }
    std::sort(out.begin(), out.end(), [](const Placement& a, const Placement& b) {
        return std::pair{a.demand, a.site} < std::pair{b.demand, b.site};
    });
    return out;
}

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

Evaluation evaluate(const Scene& scene, std::vector<std::size_t> open, const Execution& execution,
                    bool capacities) {
    Evaluation out;
    out.open = std::move(open);
    out.capacities = capacities;
    out.placements =
        capacities ? places_with_room(scene, out.open, execution) : nearest_places(scene, out.open);
    const auto n = scene.people.size();
    std::vector<std::uint32_t> times(n);
    for (const auto site : out.open)
        for (const auto& reached : scene.reached[site])
            ++times[reached.demand];
    Counter all;
    std::map<std::size_t, Counter> sites;
    std::vector<std::vector<Counter>> units;
    for (const auto& layer : scene.units)
        units.emplace_back(layer.names.size());
    const auto at_unit_of = [&](std::uint32_t demand, auto&& count) {
        for (std::size_t l = 0; l < units.size(); ++l)
            if (const auto unit = scene.units[l].of_people[demand]; unit != none)
                count(units[l][unit]);
    };
    for (std::uint32_t i = 0; i < n; ++i) {
        const auto count = [&](Counter& counter) {
            counter.add(scene.people.numbers[i]);
            if (times[i] > 1)
                counter.reach_twice(scene.people.numbers[i]);
        };
        count(all);
        at_unit_of(i, count);
    }
    out.server.assign(n, none);
    std::vector<double> most(n), placed(n);
    for (const auto& placement : out.placements) {
        const auto serve = [&](Counter& counter) {
            counter.serve(placement.people, placement.cost);
        };
        serve(all);
        serve(sites[placement.site]);
        at_unit_of(placement.demand, serve);
        placed[placement.demand] += placement.people;
        if (placement.people > most[placement.demand] || out.server[placement.demand] == none) {
            most[placement.demand] = placement.people;
            out.server[placement.demand] = static_cast<std::uint32_t>(placement.site);
        }
    }
    for (const auto site : out.open) {
        all.add_site(scene.site(site));
        const auto service = sites[site].service();
        ExactSum within;
        for (const auto& reached : scene.reached[site])
            within.add(scene.people.numbers[reached.demand]);
        out.sites.push_back({service.served, service.mean, service.worst, within.total()});
        for (std::size_t l = 0; l < units.size(); ++l) {
            const auto unit = site < scene.existing.size()
                                  ? scene.units[l].of_existing[site]
                                  : scene.units[l].of_candidates[site - scene.existing.size()];
            if (unit != none)
                units[l][unit].add_site(scene.site(site));
        }
    }
    out.all = all.service();
    for (const auto& counters : units) {
        auto& services = out.units.emplace_back();
        for (const auto& counter : counters)
            services.push_back(counter.service());
    }
    std::vector<Point> places;
    for (const auto s : out.open)
        places.push_back(scene.site(s).place);
    out.nearest = scene.distances->finder(places, execution)->from(scene.people.places, execution);
    const auto calm = ways_on_a_calm_day(scene, places, out, execution);
    std::array<ExactSum, reaches> people;
    constexpr double whole = 1e-9;
    for (std::size_t i = 0; i < n; ++i) {
        const double number = scene.people.numbers[i];
        const bool full = times[i] > 0 && placed[i] < number * (1 - whole);
        out.reach.push_back(full                                 ? Reach::no_place
                            : times[i] > 0                       ? Reach::served
                            : std::isfinite(out.nearest[i].cost) ? Reach::too_far
                            : std::isnan(scene.access[i])        ? Reach::no_road
                            : scene.door_closed[i]               ? Reach::door_closed
                            : std::isfinite(calm[i].cost)        ? Reach::cut_off
                                                                 : Reach::no_way);
        people[static_cast<std::size_t>(Reach::served)].add(full ? placed[i] : 0);
        people[static_cast<std::size_t>(out.reach.back())].add(full ? number - placed[i] : number);
    }
    for (std::size_t r = 0; r < reaches; ++r)
        out.people_by_reach[r] = people[r].total();
    return out;
}

double people_with_a_place(const Scene& scene, const std::vector<std::size_t>& open,
                           const Execution& execution) {
    ExactSum sum;
    for (const auto& placement : places_with_room(scene, open, execution))
        sum.add(placement.people);
    return sum.total();
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
    for (std::size_t i = 0; i < people.size(); ++i) {
        all.add(people.numbers[i]);
        if (times[i] > 1)
            all.reach_twice(people.numbers[i]);
        if (times[i] > 0)
            all.serve(people.numbers[i], cost[i]);
    }
    for (const auto& site : scene.existing)
        all.add_site(site);
    return all.service();
}

} // namespace riskmap::shelter
