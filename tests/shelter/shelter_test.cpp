// SPDX-License-Identifier: MIT
#include <riskmap/shelter/plan.hpp>

#include <map>
#include <random>
#include <set>

#include <nlohmann/json.hpp>

#include <riskmap/shelter/isolation.hpp>
#include <riskmap/shelter/reach_map.hpp>
#include <riskmap/shelter/report.hpp>
#include <riskmap/shelter/source.hpp>

#include "support.hpp"

namespace riskmap::test {
namespace {

using shelter::Limit;
using shelter::People;
using shelter::Scene;
using shelter::Site;

constexpr double infinity = std::numeric_limits<double>::infinity();

Crs metric() {
    return Crs::parse("EPSG:4549");
}

vector::Layer points(const std::string& name, std::vector<vector::Field> fields) {
    return {name, metric(), std::move(fields), {}};
}

void add_point(vector::Layer& layer, std::vector<vector::Value> values, Point place) {
    layer.features.push_back({std::move(values), {{place}, {}, {}}});
}

/// People, shelters and candidates here and there; two units, west and east.
Scene random_scene(unsigned seed, std::size_t people, std::size_t existing,
                   std::size_t candidates) {
    std::mt19937 random{seed};
    std::uniform_real_distribution<double> any{0, 5000};
    const auto place = [&] { return Point{550000 + any(random), 3300000 + any(random)}; };
    Scene scene;
    scene.crs = metric();
    scene.limit = Limit::parse("900m");
    for (std::size_t i = 0; i < people; ++i) {
        scene.people.places.push_back(place());
        scene.people.numbers.push_back(10 + static_cast<double>(random() % 500));
        scene.people.ids.push_back("V" + std::to_string(i));
    }
    const auto site = [&](const std::string& id) {
        Site one;
        one.id = id;
        one.place = place();
        one.capacity = 100 + static_cast<double>(random() % 900);
        one.cost = 10 + static_cast<double>(random() % 50);
        one.group = one.place.x < 552500 ? "west" : "east";
        return one;
    };
    for (std::size_t s = 0; s < existing; ++s)
        scene.existing.push_back(site("E" + std::to_string(s)));
    for (std::size_t s = 0; s < candidates; ++s)
        scene.candidates.push_back(site("C" + std::to_string(s)));
    vector::Layer units{"townships", metric(), {{"name", vector::FieldType::text}}, {}};
    const auto half = [](double left, double right) {
        return MultiPolygon{
            {{{left, 3300000}, {right, 3300000}, {right, 3305000}, {left, 3305000}}, {}}};
    };
    units.features.push_back({{std::string{"west"}}, {{}, {}, half(550000, 552500)}});
    units.features.push_back({{std::string{"east"}}, {{}, {}, half(552500, 555000)}});
    scene.units.push_back(shelter::Units::of(units, "name", metric()));
    scene.distances = shelter::straight(1, scene.limit, 4);
    shelter::look_around(scene, {});
    return scene;
}

double distance(Point a, Point b) {
    return std::hypot(a.x - b.x, a.y - b.y);
}

TEST(Limit, NeedsAUnit) {
    EXPECT_EQ(Limit::parse("1500m").amount, 1500);
    EXPECT_EQ(Limit::parse("1.5km").amount, 1500);
    EXPECT_EQ(Limit::parse("20min").amount, 1200);
    EXPECT_TRUE(Limit::parse("0.5h").minutes);
    for (const char* text : {"1500", "", "m", "-3m", "0min", "20 minutes", "nanm"})
        expect_error(ErrorKind::usage, "give a number with its unit",
                     [&] { (void)Limit::parse(text); });
}

TEST(People, CellsWithNobodyAreLeftOut) {
    spec::Door door;
    const Folder folder;
    write_raster(folder / "people.tif", *ascii(3, "0 5 . 2.5 0 1", 100));
    const auto opened = shelter::read_people(
        shelter::PeopleSource::parse((folder / "people.tif").string()), door, {});
    EXPECT_EQ(opened.people.numbers, (std::vector<double>{5, 2.5, 1}));
    EXPECT_EQ(opened.people.places[0], grid(3, 2, 100).centre(1, 0));
    EXPECT_EQ(opened.people.total(), 8.5);
    write_raster(folder / "bad.tif", *ascii(2, "1 -9999", 100));
    expect_error(ErrorKind::input, "-9999 people in the cell at column 1, row 0", [&] {
        (void)shelter::read_people(shelter::PeopleSource::parse((folder / "bad.tif").string()),
                                   door, {});
    });
    Execution small;
    small.memory_bytes = 1000;
    std::string ones;
    for (int k = 0; k < 600 * 600; ++k)
        ones += "1 ";
    write_raster(folder / "many.tif", *ascii(600, ones, 100));
    expect_error(ErrorKind::input, "more populated cells than fit", [&] {
        (void)shelter::read_people(shelter::PeopleSource::parse((folder / "many.tif").string()),
                                   door, small);
    });
    write_raster(folder / "empty.tif", *ascii(2, "0 .", 100));
    expect_error(ErrorKind::input, "holds nobody", [&] {
        (void)shelter::read_people(shelter::PeopleSource::parse((folder / "empty.tif").string()),
                                   door, {});
    });
}

TEST(People, VillagesAndBuildingsAreRead) {
    spec::Door door;
    const Folder folder;
    auto villages = points(
        "villages", {{"code", vector::FieldType::text}, {"people", vector::FieldType::text}});
    add_point(villages, {std::string{"a"}, std::string{"12"}}, {550000, 3300000});
    add_point(villages, {std::string{"b"}, std::string{"0"}}, {550100, 3300000});
    auto buildings = villages;
    buildings.name = "buildings";
    buildings.features.resize(1);
    buildings.features[0].shape = {{}, {}, rectangle(grid(4, 4, 10), 0, 0, 2, 2)};
    const std::vector<vector::Product> both{{&villages}, {&buildings}};
    vector::write_geopackage(folder / "p.gpkg", both);
    const auto read = [&](const std::string& layer) {
        return shelter::read_people(
            shelter::PeopleSource::parse((folder / "p.gpkg").string() + ":" + layer), door, {});
    };
    EXPECT_EQ(read("villages:people").people.ids, std::vector<std::string>{"a"});
    EXPECT_EQ(read("buildings:people").people.places[0], (Point{550010, 3300030}));
    expect_error(ErrorKind::input, "people", [&] { (void)read("villages:peple"); });
    villages.features[0].values[1] = std::string{"-4"};
    vector::write_layer(folder / "p.gpkg", villages);
    expect_error(ErrorKind::input, "row 1 (a): population (people) is '-4', outside 0",
                 [&] { (void)read("villages:people"); });
    villages.features[0].values[1] = std::string{"many"};
    vector::write_layer(folder / "p.gpkg", villages);
    expect_error(ErrorKind::input, "population (people) is 'many', not a number",
                 [&] { (void)read("villages:people"); });
}

TEST(People, MoversAreCountedOnce) {
    const Folder folder;
    write_raster(folder / "flood.tif", *ascii(4, "0.6 0.6 0 0.5", 100));
    write_raster(folder / "slide.tif", *ascii(4, "5 1 5 .", 100));
    People people;
    for (int c = 0; c < 4; ++c) {
        people.places.push_back(grid(4, 1, 100).centre(c, 0));
        people.numbers.push_back(10 * (c + 1));
        people.ids.push_back(std::to_string(c));
    }
    spec::Door door;
    const auto rule = [&](const char* file, double above) {
        return shelter::MoveRule{{folder / file}, above};
    };
    shelter::keep_movers(people, metric(), {rule("flood.tif", 0.5), rule("slide.tif", 3)}, door,
                         {});
    EXPECT_EQ(people.numbers, (std::vector<double>{10, 20, 30})); // 0.5 is not more than 0.5
    EXPECT_EQ(people.ids, (std::vector<std::string>{"0", "1", "2"}));
    expect_error(ErrorKind::input, "no rule makes anybody move",
                 [&] { shelter::keep_movers(people, metric(), {rule("flood.tif", 9)}, door, {}); });
}

TEST(Sites, CapacityComesFromItsFieldOrTheFloor) {
    auto layer = points("s", {{"id", vector::FieldType::text},
                              {"capacity", vector::FieldType::real},
                              {"floor_area_m2", vector::FieldType::real}});
    add_point(layer, {std::string{"a"}, 50.0, 900.0}, {550000, 3300000});
    add_point(layer, {std::string{"b"}, {}, 905.0}, {550000, 3300000});
    add_point(layer, {std::string{"c"}, {}, {}}, {550000, 3300000});
    const auto sites_of = [&] {
        return shelter::sites_of(Opened{layer, "shelters", spec::Shapes::points}, metric(), 4.5,
                                 "s");
    };
    const auto sites = sites_of();
    EXPECT_EQ(sites[0].capacity, 50);
    EXPECT_EQ(sites[1].capacity, 201);
    EXPECT_TRUE(std::isnan(sites[2].capacity));
    layer.features[0].values[1] = -2.0;
    expect_error(ErrorKind::input, "row 1 (a): capacity is '-2', outside 0",
                 [&] { (void)sites_of(); });
    layer.features[0].values[1] = -9999.0; // nobody counted
    layer.features[0].values[2] = {};
    EXPECT_TRUE(std::isnan(sites_of()[0].capacity));
    layer.features[0].values[1] = 1.0;
    layer.features[1].values[0] = std::string{"a"};
    expect_error(ErrorKind::input, "two sites are called 'a'", [&] { (void)sites_of(); });
    layer.fields[0].name = "name"; // may be there twice
    const auto named = sites_of();
    EXPECT_EQ(named[0].id, "s-1");
    EXPECT_EQ(named[1].id, "s-2");
}

TEST(Sites, EachFaultIsTold) {
    const Folder folder;
    std::string slope;
    for (int r = 0; r < 5; ++r)
        for (int c = 0; c < 5; ++c)
            slope += std::to_string(40 * c) + " "; // 40 m in 100 m: 21.8 degrees
    write_raster(folder / "heights.tif", *ascii(5, slope, 100));
    Site good;
    good.place = {560000, 3310000}; // beyond the heights: no slope is known there
    good.area = 500;
    std::vector<Site> sites(6, good);
    sites[1].flood = 0.31;
    sites[2].landslide = 4;
    sites[3].place = grid(5, 5, 100).centre(2, 2);
    sites[4].area = 80;
    sites[5].place = {560300, 3310000};
    shelter::SuitabilityRules rules;
    spec::Door door;
    rules.heights.file = folder / "heights.tif";
    rules.least_area = 100;
    rules.plants = {{560700, 3310000}};
    shelter::judge(sites, metric(), rules, {false, false, false, false, false, true}, door, {});
    ASSERT_EQ(sites[0].faults.size(), 1U); // unknown is not suitable
    EXPECT_EQ(sites[0].faults[0].en, "slope not known");
    EXPECT_EQ(sites[1].faults[0].en, "floods 0.31 m deep");
    EXPECT_EQ(sites[2].faults[0].en, "landslide level 4");
    EXPECT_EQ(sites[3].faults[0].en, "slope of 22 degrees");
    EXPECT_EQ(sites[4].faults[1].en, "only 80 m2 of floor");
    ASSERT_EQ(sites[5].faults.size(), 3U);
    EXPECT_EQ(sites[5].faults[1].en, "400 m from a chemical plant");
    EXPECT_EQ(sites[5].faults[2].zh, "唯一通道中断");
}

TEST(Sites, WhatIsNotKnownOfAPlaceIsAFaultOfIt) {
    const Folder folder;
    write_raster(folder / "flood.tif", *ascii(2, "0 0.5 . 0", 100));
    write_raster(folder / "slide.tif", *ascii(2, "1 4 1 .", 100));
    const auto g = grid(2, 2, 100);
    std::vector<Site> sites(4);
    for (int i = 0; i < 4; ++i)
        sites[static_cast<std::size_t>(i)].place = g.centre(i % 2, i / 2);
    shelter::SuitabilityRules rules;
    rules.flood.file = folder / "flood.tif";
    rules.landslide.file = folder / "slide.tif";
    spec::Door door;
    shelter::judge(sites, metric(), rules, {}, door, {});
    const auto faults = [&](std::size_t i) {
        std::string all;
        for (const auto& fault : sites[i].faults)
            all += fault.en + "; ";
        return all;
    };
    EXPECT_EQ(faults(0), "");
    EXPECT_EQ(faults(1), "floods 0.5 m deep; landslide level 4; ");
    EXPECT_EQ(faults(2), "flood depth not known; ");
    EXPECT_EQ(faults(3), "landslide level not known; ");
}

TEST(Distances, StraightOnesAreThoseOfAllPairs) {
    const auto scene = random_scene(3, 400, 30, 0);
    for (const double factor : {1.0, 1.3}) {
        const auto ways = shelter::straight(factor, scene.limit, 4);
        std::vector<Point> sites;
        for (const auto& site : scene.existing)
            sites.push_back(site.place);
        const auto reached = ways->reach(sites, scene.people.places, 900, {});
        const auto nearest = ways->finder(sites, {})->from(scene.people.places, {});
        for (std::uint32_t i = 0; i < scene.people.size(); ++i) {
            double best = infinity;
            for (std::size_t s = 0; s < sites.size(); ++s) {
                const double d = factor * distance(sites[s], scene.people.places[i]);
                best = std::min(best, d);
                const bool within = std::any_of(reached[s].begin(), reached[s].end(),
                                                [&](const auto& r) { return r.demand == i; });
                EXPECT_EQ(within, d <= 900);
            }
            EXPECT_NEAR(nearest[i].cost, best, 1e-9);
        }
    }
    expect_error(ErrorKind::usage, "factor", [&] { (void)shelter::straight(0.5, scene.limit, 4); });
}

TEST(Evaluation, IsThatOfAllPairs) {
    for (unsigned seed = 1; seed <= 8; ++seed) {
        const auto scene = random_scene(seed, 200, 12, 0);
        const auto found = shelter::evaluate(scene, shelter::existing_sites(scene), {});
        double served = 0, twice = 0, ways = 0, worst = 0;
        std::map<std::string, double> west;
        std::vector<double> load(12);
        for (std::size_t i = 0; i < scene.people.size(); ++i) {
            int times = 0;
            double best = infinity;
            std::size_t nearest = 0;
            for (std::size_t s = 0; s < 12; ++s) {
                const double d = distance(scene.existing[s].place, scene.people.places[i]);
                times += d <= 900 ? 1 : 0;
                if (d < best) {
                    best = d;
                    nearest = s;
                }
            }
            const double n = scene.people.numbers[i];
            EXPECT_EQ(found.reach[i] == shelter::Reach::served, times > 0);
            EXPECT_EQ(found.reach[i] == shelter::Reach::too_far, times == 0);
            EXPECT_NEAR(found.nearest[i].cost, best, 1e-9);
            const bool is_west = scene.people.places[i].x < 552500;
            west["people"] += is_west ? n : 0;
            if (times == 0)
                continue;
            served += n;
            twice += times > 1 ? n : 0;
            ways += n * best;
            worst = std::max(worst, best);
            load[nearest] += n;
            west["served"] += is_west ? n : 0;
        }
        EXPECT_NEAR(found.all.served, served, 1e-6);
        EXPECT_NEAR(found.all.twice, twice, 1e-6);
        EXPECT_NEAR(found.all.mean, ways / served, 1e-6);
        EXPECT_NEAR(found.all.worst, worst, 1e-9);
        EXPECT_NEAR(found.units[0][0].people, west["people"], 1e-6);
        EXPECT_NEAR(found.units[0][0].served, west["served"], 1e-6);
        EXPECT_NEAR(found.units[0][0].served + found.units[0][1].served, served, 1e-6);
        for (std::size_t s = 0; s < 12; ++s) {
            EXPECT_NEAR(found.sites[s].people, load[s], 1e-6);
            EXPECT_NEAR(found.sites[s].use(scene.existing[s]), load[s] / scene.existing[s].capacity,
                        1e-9);
        }
    }
}

TEST(Evaluation, TellsOfPeopleBeyondTheUnits) {
    auto scene = random_scene(9, 20, 3, 0);
    scene.people.places[4].x = 560000;
    scene.people.numbers[4] = 123;
    shelter::look_around(scene, {});
    ASSERT_EQ(scene.remarks.size(), 1U);
    EXPECT_EQ(scene.remarks[0], "1 places with 123 people lie in no unit of 'townships'");
    const auto found = shelter::evaluate(scene, shelter::existing_sites(scene), {});
    EXPECT_NEAR(found.units[0][0].people + found.units[0][1].people, found.all.people - 123, 1e-9);
}

/// Ways in the scenario and on a calm day, in metres.
shelter::Ways ways_on(const std::shared_ptr<const network::Graph>& graph,
                      const network::AccessRules& rules, double factor) {
    shelter::RoadNetwork roads{graph, std::make_shared<const network::AccessIndex>(*graph, rules),
                               network::costs_of(*graph, metric(), {}, {}), true, factor};
    auto calm = roads;
    calm.costs = network::costs_of(*graph, metric(), {.closed_too = true}, {});
    calm.heeds_closed = false;
    return {shelter::along_roads(roads), shelter::along_roads(calm), graph};
}

TEST(Evaluation, TellsWhyNobodyIsServed) {
    // A road from a shelter, another that joins it nowhere, and places off both.
    const auto road = [](Point from, Point to) {
        network::Road one;
        one.line = {from, to};
        return one;
    };
    auto cut = road({555000, 3300000}, {556000, 3300000});
    cut.closed = true;
    const auto graph = std::make_shared<const network::Graph>(
        std::vector{road({550000, 3300000}, {555000, 3300000}), cut,
                    road({556000, 3300000}, {558000, 3300000}),
                    road({550000, 3310000}, {555000, 3310000})},
        1);
    Scene scene;
    scene.crs = metric();
    scene.limit = Limit::parse("2km");
    scene.people.places = {{551000, 3300000}, {554000, 3300000}, {551000, 3310000},
                           {551000, 3305000}, {555500, 3300100}, {557000, 3300000}};
    scene.people.numbers = {1, 10, 100, 1000, 10'000, 100'000};
    Site shelter;
    shelter.id = "E";
    shelter.place = {550000, 3300000};
    scene.existing = {shelter};
    const auto ways = ways_on(graph, {.most = 500}, 1.3);
    scene.distances = ways.now;
    scene.calm_distances = ways.calm;
    shelter::look_around(scene, {});
    const auto found = shelter::evaluate(scene, {0}, {});
    using shelter::Reach;
    EXPECT_EQ(found.reach, (std::vector{Reach::served, Reach::too_far, Reach::no_way,
                                        Reach::no_road, Reach::door_closed, Reach::cut_off}));
    EXPECT_EQ(found.all.people, 111'111);
    EXPECT_EQ(found.all.served, 1);
    // served + too far + no road + no way + door closed + cut off + no place = all
    EXPECT_EQ(found.people_by_reach, (std::array<double, 7>{1, 10, 1000, 100, 10'000, 100'000, 0}));
}

TEST(Evaluation, SitesThatAreUnsuitableServeOnACalmDayAlone) {
    auto scene = random_scene(11, 200, 4, 10);
    const auto calm = shelter::evaluate(scene, shelter::existing_sites(scene), {});
    scene.existing[1].faults.push_back({"水", "water"});
    scene.existing[3].faults.push_back({"坡", "slope"});
    EXPECT_EQ(shelter::existing_sites(scene), (std::vector<std::size_t>{0, 2}));
    const auto now = shelter::evaluate(scene, shelter::existing_sites(scene), {});
    EXPECT_LT(now.all.served, calm.all.served);
    const auto beside = shelter::calm_service(scene, {});
    EXPECT_EQ(beside.served, calm.all.served);
    EXPECT_EQ(beside.people, calm.all.people);
    EXPECT_EQ(beside.shelters, 4U);
    EXPECT_EQ(beside.mean, calm.all.mean);
    // The plan does not count on them, and lists them with their reasons.
    shelter::PlanRules rules;
    rules.sites = 2;
    const auto plan = shelter::plan_shelters(scene, rules, {});
    EXPECT_EQ(plan.before.all.served, now.all.served);
    EXPECT_EQ(plan.after.open.size(), 4U);
    EXPECT_EQ(plan.calm.served, calm.all.served);
    const auto json = nlohmann::json::parse(shelter::plan_json(scene, plan));
    ASSERT_EQ(json["unsuitable"].size(), 2U);
    EXPECT_EQ(json["unsuitable"][0]["id"], "E1");
    EXPECT_EQ(json["unsuitable"][0]["reasons"][0]["en"], "water");
    EXPECT_EQ(json["calm"]["served"], calm.all.served);
    const auto layer = shelter::existing_layer(scene, plan.after, Language::en);
    ASSERT_EQ(layer.features.size(), 4U);
    const auto fault = layer.field("fault");
    EXPECT_EQ(vector::text_of(layer.features[1].values[fault]), "water");
    EXPECT_EQ(vector::text_of(layer.features[0].values[fault]), "");
    EXPECT_EQ(vector::text_of(layer.features[1].values[layer.field("level")]), "");
}

/// All ways by Floyd and Warshall between places that are nodes of their own: linked to the
/// nearest place on each part of the roads, and straight to each other. `shut` places are left out.
class BruteWays {
  public:
    BruteWays(const std::vector<network::Road>& roads, const network::AccessRules& rules,
              double factor, bool heeds_closed)
        : m_roads{roads}, m_rules{rules}, m_factor{factor}, m_heeds{heeds_closed} {
        for (const auto& road : roads)
            for (const auto& p : {road.line.front(), road.line.back()})
                if (std::find(m_nodes.begin(), m_nodes.end(), p) == m_nodes.end())
                    m_nodes.push_back(p);
        m_part.resize(m_nodes.size());
        for (std::size_t n = 0; n < m_nodes.size(); ++n)
            m_part[n] = n;
        for (std::size_t round = 0; round < m_nodes.size(); ++round)
            for (const auto& road : roads) {
                auto& a = m_part[node(road.line.front())];
                auto& b = m_part[node(road.line.back())];
                a = b = std::min(a, b);
            }
    }
    double between(Point a, Point b) const {
        const auto from = doors(a);
        const auto to = doors(b);
        if (shut(from) || shut(to))
            return infinite;
        double best = infinite;
        if (distance(a, b) <= m_rules.most && !barred(a, b))
            best = m_factor * distance(a, b);
        for (const auto& one : from)
            for (const auto& other : to)
                best = std::min(best, one.offset + other.offset + along(one, other));
        return best;
    }

  private:
    static constexpr double infinite = std::numeric_limits<double>::infinity();
    struct Door {
        std::size_t road = 0;
        double way = 0; // from its first end
        double offset = infinite;
    };
    std::size_t node(Point p) const {
        return static_cast<std::size_t>(std::find(m_nodes.begin(), m_nodes.end(), p) -
                                        m_nodes.begin());
    }
    bool barred(Point a, Point b) const {
        return m_rules.barriers && m_rules.barriers->between(a, b);
    }
    std::vector<Door> doors(Point place) const {
        std::map<std::size_t, Door> nearest;
        for (std::size_t r = 0; r < m_roads.size(); ++r) {
            const Point a = m_roads[r].line.front();
            const Point b = m_roads[r].line.back();
            const double length = distance(a, b);
            const double t = std::clamp(
                ((place.x - a.x) * (b.x - a.x) + (place.y - a.y) * (b.y - a.y)) / (length * length),
                0.0, 1.0);
            const Point foot{a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
            const double offset = distance(place, foot);
            auto& door = nearest[m_part[node(a)]];
            if (offset <= m_rules.most && !barred(place, foot) && offset < door.offset)
                door = {r, t * length, offset};
        }
        std::vector<Door> out;
        for (const auto& [part, door] : nearest)
            if (std::isfinite(door.offset))
                out.push_back(door);
        std::sort(out.begin(), out.end(),
                  [](const Door& a, const Door& b) { return a.offset < b.offset; });
        return out;
    }
    /// Whether all roads that are nearest (several at a corner) are closed.
    bool shut(const std::vector<Door>& doors) const {
        if (!m_heeds || doors.empty())
            return false;
        const auto& road = m_roads[doors.front().road];
        const double length = distance(road.line.front(), road.line.back());
        const double way = doors.front().way;
        if (way > 1e-6 && way < length - 1e-6)
            return road.closed;
        const Point corner = way <= 1e-6 ? road.line.front() : road.line.back();
        return std::all_of(m_roads.begin(), m_roads.end(), [&](const network::Road& one) {
            return one.closed || (one.line.front() != corner && one.line.back() != corner);
        });
    }
    double along(const Door& from, const Door& to) const {
        // Nodes, and the two doors behind them.
        const auto n = m_nodes.size() + 2;
        std::vector<std::vector<double>> ways(n, std::vector<double>(n, infinite));
        const auto link = [&](std::size_t a, std::size_t b, double cost) {
            ways[a][b] = std::min(ways[a][b], cost);
            ways[b][a] = std::min(ways[b][a], cost);
        };
        const std::array<const Door*, 2> ends{&from, &to};
        for (std::size_t r = 0; r < m_roads.size(); ++r) {
            if (m_heeds && m_roads[r].closed)
                continue;
            const double length = distance(m_roads[r].line.front(), m_roads[r].line.back());
            std::vector<std::pair<double, std::size_t>> stops{
                {0, node(m_roads[r].line.front())}, {length, node(m_roads[r].line.back())}};
            for (std::size_t d = 0; d < 2; ++d)
                if (ends[d]->road == r)
                    stops.emplace_back(ends[d]->way, m_nodes.size() + d);
            for (const auto& [a, one] : stops)
                for (const auto& [b, other] : stops)
                    link(one, other, std::abs(a - b));
        }
        // A door at a corner is on all its roads.
        for (std::size_t d = 0; d < 2; ++d) {
            const auto& line = m_roads[ends[d]->road].line;
            for (const auto& p : {line.front(), line.back()}) {
                const double way = p == line.front() ? 0 : distance(line.front(), line.back());
                if (std::abs(ends[d]->way - way) < 1e-6)
                    link(node(p), m_nodes.size() + d, 0);
            }
        }
        for (std::size_t k = 0; k < n; ++k)
            for (std::size_t i = 0; i < n; ++i)
                for (std::size_t j = 0; j < n; ++j)
                    ways[i][j] = std::min(ways[i][j], ways[i][k] + ways[k][j]);
        return ways[n - 2][n - 1];
    }

    const std::vector<network::Road>& m_roads;
    const network::AccessRules& m_rules;
    double m_factor;
    bool m_heeds;
    std::vector<Point> m_nodes;
    std::vector<std::size_t> m_part;
};

TEST(Ways, AreThoseOfFloydAndWarshallWithWalksBarriersAndClosedRoads) {
    for (unsigned seed = 1; seed <= 6; ++seed) {
        std::mt19937 random{seed};
        std::uniform_real_distribution<double> any{-30, 30};
        std::vector<Point> corners;
        for (int i = 0; i < 25; ++i)
            corners.push_back(
                {550000 + 200.0 * (i % 5) + any(random), 3300000 + 200.0 * (i / 5) + any(random)});
        std::vector<network::Road> roads;
        const auto add = [&](int a, int b) {
            if (random() % 4 == 0)
                return;
            network::Road one;
            one.line = {corners[static_cast<std::size_t>(a)], corners[static_cast<std::size_t>(b)]};
            one.closed = random() % 5 == 0;
            roads.push_back(one);
        };
        for (int i = 0; i < 25; ++i) {
            if (i % 5 < 4)
                add(i, i + 1);
            if (i < 20)
                add(i, i + 5);
        }
        network::AccessRules rules{.most = 150};
        if (seed % 2 == 0)
            rules.barriers = std::make_shared<const network::Barriers>(
                std::vector<LineString>{{{549900, 3300330}, {551000, 3300370}}},
                std::vector<MultiPolygon>{});
        const auto graph = std::make_shared<const network::Graph>(roads, 0);
        const auto ways = ways_on(graph, rules, 1.3);
        std::uniform_real_distribution<double> place{-50, 850};
        const auto places = [&](int n) {
            std::vector<Point> out;
            for (int i = 0; i < n; ++i)
                out.push_back({550000 + place(random), 3300000 + place(random)});
            return out;
        };
        const auto sites = places(8);
        const auto people = places(40);
        for (const bool heeds : {true, false}) {
            const BruteWays brute{roads, rules, 1.3, heeds};
            const auto& distances = heeds ? *ways.now : *ways.calm;
            constexpr double limit = 400;
            const auto reached = distances.reach(sites, people, limit, {});
            const auto finder = distances.finder(sites, {});
            std::vector<network::NearestSite::Hit> together(people.size());
            finder->from_together(people, together);
            for (std::size_t p = 0; p < people.size(); ++p) {
                double best = std::numeric_limits<double>::infinity();
                for (std::size_t s = 0; s < sites.size(); ++s) {
                    const double way = brute.between(people[p], sites[s]);
                    best = std::min(best, way);
                    const auto found =
                        std::find_if(reached[s].begin(), reached[s].end(),
                                     [&](const auto& one) { return one.demand == p; });
                    ASSERT_EQ(found != reached[s].end(), way <= limit)
                        << seed << ' ' << heeds << ' ' << p << ' ' << s << ' ' << way;
                    if (found != reached[s].end()) {
                        EXPECT_NEAR(found->cost, way, 1e-6);
                    }
                }
                const auto hit = finder->from(people[p]);
                EXPECT_EQ(hit.cost, together[p].cost);
                EXPECT_EQ(hit.site, together[p].site);
                EXPECT_EQ(std::isinf(hit.cost), std::isinf(best));
                if (std::isfinite(best)) {
                    EXPECT_NEAR(hit.cost, best, 1e-6) << seed << ' ' << heeds << ' ' << p;
                }
            }
        }
    }
}

TEST(Capacities, ServedIsWhoHasAPlaceEverywhere) {
    auto scene = random_scene(21, 120, 3, 12);
    for (std::size_t s = 0; s < scene.sites(); ++s)
        (s < 3 ? scene.existing[s] : scene.candidates[s - 3]).capacity =
            90 + 35.0 * static_cast<double>(s);
    shelter::PlanRules rules;
    rules.sites = 4;
    rules.capacities = true;
    const auto plan = shelter::plan_shelters(scene, rules, {});
    EXPECT_NEAR(plan.after.all.served, plan.before.all.served + plan.answer.objective, 1e-6)
        << "the aim of the search is the figure of the report";
    EXPECT_NEAR(plan.sites.back().so_far, plan.after.all.served, 1e-6);
    double gains = plan.before.all.served;
    for (const auto& site : plan.sites)
        gains += site.gain;
    EXPECT_NEAR(gains, plan.after.all.served, 1e-6);
    for (const auto* found : {&plan.before, &plan.after}) {
        // An independent count: nobody twice, no site too full, none too far.
        std::map<std::size_t, double> held;
        std::map<std::uint32_t, double> placed;
        double sum = 0;
        for (const auto& one : found->placements) {
            held[one.site] += one.people;
            placed[one.demand] += one.people;
            sum += one.people;
            EXPECT_LE(one.cost, scene.limit.amount);
            EXPECT_NEAR(one.cost,
                        distance(scene.people.places[one.demand], scene.site(one.site).place),
                        1e-6);
            EXPECT_NE(std::find(found->open.begin(), found->open.end(), one.site),
                      found->open.end());
        }
        for (const auto& [site, people] : held)
            EXPECT_LE(people, scene.site(site).capacity + 1e-6);
        for (const auto& [demand, people] : placed)
            EXPECT_LE(people, scene.people.numbers[demand] + 1e-6);
        EXPECT_NEAR(sum, found->all.served, 1e-6);
        EXPECT_NEAR(
            std::accumulate(found->people_by_reach.begin(), found->people_by_reach.end(), 0.0),
            found->all.people, 1e-6);
        EXPECT_NEAR(found->people_by_reach[0], found->all.served, 1e-6);
        double units = 0;
        for (const auto& unit : found->units[0])
            units += unit.served;
        EXPECT_NEAR(units, found->all.served, 1e-6);
        // No more could be placed: every one without a place has only full sites in reach.
        for (std::uint32_t i = 0; i < scene.people.size(); ++i) {
            if (placed[i] > scene.people.numbers[i] - 1e-6)
                continue;
            for (const auto site : found->open)
                for (const auto& reached : scene.reached[site])
                    if (reached.demand == i) {
                        EXPECT_NEAR(held[site], scene.site(site).capacity, 1e-6);
                    }
        }
    }
    const auto json = nlohmann::json::parse(shelter::plan_json(scene, plan));
    EXPECT_EQ(json["after"]["served"], plan.after.all.served);
    EXPECT_EQ(json["after"]["capacities"], true);
    EXPECT_EQ(json["curve"].back()["served"], plan.sites.back().so_far);
    const auto& out = json["after"]["out_of_reach"];
    EXPECT_NEAR(static_cast<double>(json["after"]["served"]) + static_cast<double>(out["too_far"]) +
                    static_cast<double>(out["no_road"]) + static_cast<double>(out["no_way"]) +
                    static_cast<double>(out["door_closed"]) + static_cast<double>(out["cut_off"]) +
                    static_cast<double>(out["no_place"]),
                json["after"]["people"], 1e-6);
    const auto layer = shelter::placement_layer(scene, plan.after, Language::en);
    EXPECT_EQ(layer.features.size(), plan.after.placements.size());
    scene.existing[0].capacity = raster::nodata;
    expect_error(ErrorKind::input, "the capacity of 'E0' is not known",
                 [&] { (void)shelter::evaluate(scene, shelter::existing_sites(scene), {}, true); });
}

TEST(Sites, OfOneSpotArePooledAndUnknownStaysUnknown) {
    const auto site = [](const char* id, double x, double capacity, double flood) {
        Site one;
        one.id = id;
        one.kind = id;
        one.place = {550000 + x, 3300000};
        one.capacity = capacity;
        one.area = 10 * capacity;
        one.flood = flood;
        return one;
    };
    std::vector<Site> sites{site("hall", 0, 500, 0.1), site("gym", 0.5, 300, 0.9),
                            site("far", 20, 100, 0), site("tent", 20.4, raster::nodata, 0)};
    EXPECT_EQ(shelter::pool(sites), 2U);
    ASSERT_EQ(sites.size(), 2U);
    EXPECT_EQ(sites[0].id, "hall+gym");
    EXPECT_EQ(sites[0].capacity, 800);
    EXPECT_EQ(sites[0].flood, 0.9) << "the worse of both";
    EXPECT_TRUE(std::isnan(sites[1].capacity));
}

TEST(Sites, HaveTheAreaAndTheRadiusOfTheirClass) {
    const auto shelters = [](std::span<const shelter::SiteClass> classes) {
        vector::Layer layer{"shelters", metric(), {}, {}};
        layer.fields = {{"id", vector::FieldType::text},
                        {"kind", vector::FieldType::text},
                        {"场所等级", vector::FieldType::text},
                        {"capacity", vector::FieldType::real},
                        {"floor_area_m2", vector::FieldType::real}};
        const auto add = [&](const char* id, const char* kind, const char* rank, vector::Value room,
                             vector::Value area) {
            layer.features.push_back(
                {{std::string{id}, std::string{kind}, std::string{rank}, room, area},
                 {{{550000, 3300000}}, {}, {}}});
        };
        add("1", "紧急", "", {}, 1000.0);
        add("2", "学校", "短期固定", {}, 1000.0);
        add("3", "中期固定", "", {}, 1000.0);
        add("4", "学校", "长期", {}, 1000.0);
        add("5", "学校", "", {}, 1000.0);
        add("6", "紧急", "", 7.0, 1000.0);
        add("7", "紧急", "", {}, {});
        test::Opened opened{layer, "shelters", spec::Shapes::points};
        return shelter::sites_of(opened, metric(), 2.5, "s", classes);
    };
    const auto usual = shelters(shelter::usual_classes());
    const std::vector<double> room{2000, 500, 333, 222, 400, 7};
    for (std::size_t i = 0; i < room.size(); ++i)
        EXPECT_EQ(usual[i].capacity, room[i]) << i;
    EXPECT_TRUE(std::isnan(usual[6].capacity)) << "unknown stays unknown";
    const auto own =
        shelters(std::vector{shelter::site_class("紧急=1:500m"), shelter::site_class("长期=5")});
    EXPECT_EQ(own[0].capacity, 1000);
    EXPECT_EQ(own[0].limit, 500);
    EXPECT_EQ(own[1].capacity, 400) << "of no class that is named";
    EXPECT_EQ(own[3].capacity, 200);
    EXPECT_EQ(own[3].limit, 0);
    for (const char* text : {"紧急", "=2", "紧急=0", "紧急=x:500m", "紧急=1:500"})
        expect_error(ErrorKind::usage, "", [&] { (void)shelter::site_class(text); });
}

TEST(Sites, AreJudgedByTheBorderOfAPlantAndNotByItsMiddle) {
    std::vector<Site> sites(4);
    sites[0].place = {1500, 500};  // in a large plant, far from its middle
    sites[1].place = {2300, 500};  // 300 m from its border
    sites[2].place = {2700, 500};  // 700 m from it
    sites[3].place = {5000, 1100}; // 100 m from a pipeline between two far vertices
    shelter::SuitabilityRules rules;
    rules.plant_areas = {{Polygon{{{0, 0}, {2000, 0}, {2000, 1000}, {0, 1000}}, {}}}};
    rules.plant_lines = {{{3000, 1000}, {9000, 1000}}};
    spec::Door door;
    shelter::judge(sites, metric(), rules, {}, door, {});
    ASSERT_EQ(sites[0].faults.size(), 1U);
    EXPECT_EQ(sites[0].faults[0].en, "inside a chemical plant");
    ASSERT_EQ(sites[1].faults.size(), 1U);
    EXPECT_EQ(sites[1].faults[0].en, "300 m from a chemical plant");
    EXPECT_TRUE(sites[2].suitable());
    ASSERT_EQ(sites[3].faults.size(), 1U);
    EXPECT_EQ(sites[3].faults[0].en, "100 m from a chemical plant");
}

TEST(Plan, RanksSitesByWhatTheyAdd) {
    auto scene = random_scene(5, 300, 6, 60);
    scene.candidates[7].faults.push_back({"水", "water"});
    shelter::PlanRules rules;
    rules.sites = 8;
    rules.forced = {"C3"};
    rules.forbidden = {"C9"};
    const auto plan = shelter::plan_shelters(scene, rules, {});
    ASSERT_EQ(plan.sites.size(), 8U);
    EXPECT_TRUE(plan.answer.optimal);
    double gains = 0;
    std::set<std::string> ids;
    for (std::size_t r = 0; r < plan.sites.size(); ++r) {
        gains += plan.sites[r].gain;
        ids.insert(scene.candidates[plan.sites[r].candidate].id);
        if (r > 0) {
            EXPECT_LE(plan.sites[r].gain, plan.sites[r - 1].gain);
        }
        EXPECT_NEAR(plan.sites[r].so_far, plan.before.all.served + gains, 1e-6);
        EXPECT_FALSE(plan.sites[r].reason.zh.empty());
    }
    EXPECT_TRUE(ids.contains("C3"));
    EXPECT_FALSE(ids.contains("C7"));
    EXPECT_FALSE(ids.contains("C9"));
    EXPECT_NEAR(plan.after.all.served - plan.before.all.served, gains, 1e-6);
    EXPECT_NEAR(plan.answer.objective, gains, 1e-6);
    EXPECT_GE(plan.reachable, plan.after.all.served);
    // Who could be served at all: by what exists, and by candidates that may be chosen.
    double reachable = 0;
    for (std::size_t i = 0; i < scene.people.size(); ++i) {
        const auto near = [&](const Site& site) {
            return site.id != "C7" && site.id != "C9" &&
                   distance(site.place, scene.people.places[i]) <= 900;
        };
        if (std::any_of(scene.existing.begin(), scene.existing.end(), near) ||
            std::any_of(scene.candidates.begin(), scene.candidates.end(), near))
            reachable += scene.people.numbers[i];
    }
    EXPECT_NEAR(plan.reachable, reachable, 1e-6);

    const auto json = nlohmann::json::parse(shelter::plan_json(scene, plan));
    EXPECT_EQ(json["sites"].size(), 8U);
    EXPECT_EQ(json["curve"].size(), 9U);
    EXPECT_EQ(json["status"], "optimal");
    EXPECT_EQ(json["excluded"][0]["id"], "C7");
    EXPECT_NEAR(json["newly_served"], gains, 1e-6);

    rules.forced = {"C7"};
    expect_error(ErrorKind::input, "'C7' is to be chosen and must not be: water",
                 [&] { (void)shelter::plan_shelters(scene, rules, {}); });
    rules.forced = {"C99"};
    expect_error(ErrorKind::input, "there is no candidate 'C99'",
                 [&] { (void)shelter::plan_shelters(scene, rules, {}); });
}

TEST(Plan, KeepsQuotasOrSaysWhatWouldDo) {
    spec::Door door;
    const Folder folder;
    const auto scene = random_scene(6, 300, 6, 60);
    write_text(folder / "quota.csv", "group,least,most,least_share\nwest,5,6,\neast,,,0.2\n");
    shelter::PlanRules rules;
    rules.sites = 8;
    rules.quotas = shelter::read_quotas({folder / "quota.csv"}, door);
    const auto plan = shelter::plan_shelters(scene, rules, {});
    std::size_t west = 0;
    for (const auto& site : plan.sites)
        west += scene.candidates[site.candidate].group == "west" ? 1 : 0;
    EXPECT_GE(west, 5U);
    EXPECT_LE(west, 6U);
    EXPECT_GE(plan.after.units[0][1].share(), 0.2);
    // A share that a plan without it misses.
    auto free = rules;
    free.quotas.clear();
    const double missed = shelter::plan_shelters(scene, free, {}).after.units[0][1].share() + 0.03;
    free.quotas = rules.quotas;
    for (auto& quota : free.quotas) {
        quota.least.reset();
        quota.most.reset();
        if (quota.group == "east")
            quota.least_share = missed;
    }
    EXPECT_GE(shelter::plan_shelters(scene, free, {}).after.units[0][1].share(), missed - 1e-9);
    rules.quotas[0].least = 9;
    rules.quotas[0].most.reset();
    expect_error(ErrorKind::infeasible, "'west': at least 8 instead of 9",
                 [&] { (void)shelter::plan_shelters(scene, rules, {}); });

    const auto quotas = [&](const std::string& text) {
        write_text(folder / "q.csv", text);
        return shelter::read_quotas({folder / "q.csv"}, door);
    };
    expect_error(ErrorKind::input, "group", [&] { (void)quotas("grp,least\nwest,1\n"); });
    expect_error(ErrorKind::input, "none of the columns",
                 [&] { (void)quotas("group,x\nwest,1\n"); });
    expect_error(ErrorKind::input, "'west' stands twice",
                 [&] { (void)quotas("group,least\nwest,1\nwest,2\n"); });
    expect_error(ErrorKind::input, "row 2: 1.5 is no number of sites",
                 [&] { (void)quotas("group,least\nwest,1.5\n"); });
    expect_error(ErrorKind::input, "at least 4 and at most 2",
                 [&] { (void)quotas("group,least,most\nwest,4,2\n"); });
    rules.quotas = quotas("group,least\nwset,1\n");
    expect_error(ErrorKind::input, "'wset'",
                 [&] { (void)shelter::plan_shelters(scene, rules, {}); });
}

TEST(Plan, CapacitiesAndBudgetsNeedNumbers) {
    auto scene = random_scene(7, 300, 6, 40);
    shelter::PlanRules rules;
    rules.sites = 5;
    rules.capacities = true;
    const auto plan = shelter::plan_shelters(scene, rules, {});
    std::map<std::uint32_t, double> loads;
    for (const auto& share : plan.answer.shares)
        loads[share.candidate] += share.weight;
    EXPECT_FALSE(loads.empty());
    for (const auto& [site, load] : loads)
        EXPECT_LE(load, scene.site(site).capacity * (1 + 1e-6));
    rules.capacities = false;
    rules.budget = 120;
    const auto cheap = shelter::plan_shelters(scene, rules, {});
    EXPECT_LE(cheap.sites.back().cost, 120 + 1e-9);
    scene.candidates[3].cost = none;
    expect_error(ErrorKind::input, "the cost of 'C3' is not known",
                 [&] { (void)shelter::plan_shelters(scene, rules, {}); });
    rules.budget.reset();
    rules.capacities = true;
    scene.candidates[4].capacity = none;
    expect_error(ErrorKind::input, "the capacity of 'C4' is not known",
                 [&] { (void)shelter::plan_shelters(scene, rules, {}); });
    rules.capacities = false;
    // More than there are: as many as there are, and why is told. Medians need just as many.
    rules.sites = 41;
    const auto all = shelter::plan_shelters(scene, rules, {});
    EXPECT_LE(all.sites.size(), 40U);
    EXPECT_NE(all.shortfall, "");
    rules.model = "p-median";
    expect_error(ErrorKind::input, "41 sites are asked for, and there are 40 candidates",
                 [&] { (void)shelter::plan_shelters(scene, rules, {}); });
}

TEST(ReachMap, IsTheDistanceFromEachCentre) {
    const auto g = grid(40, 30, 50);
    const std::vector<Point> sites{g.centre(10, 10), g.centre(30, 20)};
    const auto limit = Limit::parse("600m");
    const std::shared_ptr<const shelter::SiteFinder> finder =
        shelter::straight(1, limit, 4)->finder(sites, {});
    const auto ways = shelter::reach_source(g, g.crs, finder, limit);
    const auto values = ways->read(g.window());
    for (std::int64_t r = 0; r < g.rows; ++r)
        for (std::int64_t c = 0; c < g.columns; ++c) {
            const double d =
                std::min(distance(g.centre(c, r), sites[0]), distance(g.centre(c, r), sites[1]));
            const double value = values[static_cast<std::size_t>(r * g.columns + c)];
            if (d <= 600) {
                EXPECT_NEAR(value, d, 1e-9);
            } else {
                EXPECT_TRUE(std::isnan(value));
            }
        }
    const auto bands = shelter::parse_bands("200m, 600m");
    const auto layer =
        shelter::area_layer(*shelter::band_source(ways, bands), bands, {}, Language::en, {});
    ASSERT_EQ(layer.features.size(), 2U);
    double cells = 0;
    for (const double value : values)
        cells += value <= 200 ? 1 : 0;
    EXPECT_NEAR(planar_area(layer.features[0].shape.polygons), cells * 2500, 1e-6);
    EXPECT_EQ(vector::text_of(layer.features[1].values[2]), "200 m");
    expect_error(ErrorKind::usage, "do not rise", [] { (void)shelter::parse_bands("600m,200m"); });
    expect_error(ErrorKind::usage, "do not rise", [] { (void)shelter::parse_bands("5m,2min"); });
}

TEST(Isolation, IsWhatClosedRoadsCutOff) {
    // Village a - flooded - town with shelter - village b; village c on an island of its own.
    const auto road = [](LineString line, bool closed) {
        network::Road one;
        one.line = std::move(line);
        one.closed = closed;
        return one;
    };
    const auto graph = std::make_shared<const network::Graph>(
        std::vector{road({{0, 0}, {1000, 0}}, true), road({{1000, 0}, {3000, 0}}, false),
                    road({{0, 5000}, {100, 5000}}, false)},
        1);
    People villages;
    villages.places = {{0, 10}, {3000, 10}, {50, 5000}, {0, 9000}};
    villages.numbers = {100, 200, 40, 7};
    villages.ids = {"a", "b", "c", "d"};
    const std::vector<shelter::Goal> goals{{"shelter", {{1000, 0}}}, {"seat", {{2000, 0}}}};
    const auto ways = ways_on(graph, {.most = 500}, 1.3);
    const auto found = shelter::isolate(ways, villages, goals, {});
    using enum shelter::Connection;
    EXPECT_EQ(found.connection, (std::vector<shelter::Connection>{cut_off, reached, never, never}));
    EXPECT_EQ(found.door_closed, (std::vector<bool>{true, false, false, false}));
    EXPECT_NEAR(found.ways[0][0].before, 1010, 1e-9);
    EXPECT_TRUE(std::isinf(found.ways[0][0].after));
    EXPECT_NEAR(found.ways[1][1].after, 1010, 1e-9);
    EXPECT_TRUE(std::isinf(found.ways[2][0].before)); // never joined: not cut off by closing
    EXPECT_NEAR(found.closed_length, 1000, 1e-9);
    const auto counts = shelter::count_cut_off(villages, found, nullptr)[0];
    EXPECT_EQ(counts.people, 347);
    EXPECT_EQ(counts.cut_off, 100);
    EXPECT_EQ(counts.door_closed, 100);
    EXPECT_EQ(counts.never, 47);
    EXPECT_EQ(counts.from, (std::vector<double>{100, 100}));
    EXPECT_EQ(counts.never_from, (std::vector<double>{47, 47}));
    shelter::IsolationStudy study;
    study.settlements = villages;
    study.isolation = found;
    const auto json = nlohmann::json::parse(shelter::isolation_json(study, {}));
    EXPECT_EQ(json["cut_off"][0]["id"], "a");
}

TEST(MetricCrs, IsLocalWhereLengthsAreNotTrue) {
    Box shaoxing{.left = 550000, .bottom = 3300000, .right = 600000, .top = 3350000};
    EXPECT_EQ(metric_crs(metric(), shaoxing), metric());
    const Box degrees{120, 29.5, 121, 30.5};
    const auto local = metric_crs(Crs::wgs84(), degrees);
    EXPECT_EQ(local.metres_per_unit(), 1);
    // Web Mercator stretches lengths by 15 % at 30 degrees.
    const auto mercator = Crs::parse("EPSG:3857");
    const CrsTransform there{Crs::wgs84(), mercator};
    Box stretched;
    stretched.add(there.apply(Point{120, 29.5}));
    stretched.add(there.apply(Point{121, 30.5}));
    EXPECT_FALSE(metric_crs(mercator, stretched) == mercator);
    expect_error(ErrorKind::input, "no CRS", [&] { (void)metric_crs(Crs{}, degrees); });
}

TEST(ReachMap, PeopleAtALimitBelongToIt) {
    const std::vector<Point> sites{{550000, 3300000}};
    const auto finder = shelter::straight(1, Limit::parse("2km"), 4)->finder(sites, {});
    People people;
    for (const double d : {0.0, 500.0, 500.5, 1000.0, 1000.5})
        people.places.push_back({550000 + d, 3300000});
    people.numbers = {1, 10, 100, 1000, 10000};
    const auto bands = shelter::parse_bands("500m,1000m");
    EXPECT_EQ(shelter::people_by_band(people, *finder, bands, {}), (std::vector<double>{11, 1100}));
}

TEST(ReachMap, OfALimitInMinutesTellsMinutes) {
    const auto g = grid(20, 1, 60);
    const auto limit = Limit::parse("15min");
    const auto ways = shelter::straight(1, limit, 3.6); // a metre in a second
    const std::vector<Point> sites{g.centre(0, 0)};
    const std::shared_ptr<const shelter::SiteFinder> finder = ways->finder(sites, {});
    const auto values = shelter::reach_source(g, g.crs, finder, limit)->read(g.window());
    for (std::size_t c = 0; c < 20; ++c)
        if (c <= 15) {
            EXPECT_NEAR(values[c], static_cast<double>(c), 1e-9);
        } else {
            EXPECT_TRUE(std::isnan(values[c])) << c;
        }
}

} // namespace
} // namespace riskmap::test
