// SPDX-License-Identifier: MIT
#include <riskmap/network/travel.hpp>

#include <numeric>
#include <random>
#include <set>

#include <riskmap/raster/point_values.hpp>

#include "support.hpp"

namespace riskmap::test {
namespace {

using network::Access;
using network::AccessIndex;
using network::Costs;
using network::Direction;
using network::Graph;
using network::Mode;
using network::Road;
using network::Travel;
using network::Way;

constexpr double infinity = std::numeric_limits<double>::infinity();

Road road(LineString line, int level = 0) {
    Road out;
    out.line = std::move(line);
    out.level = level;
    return out;
}

Crs metric() {
    return Crs::parse("EPSG:4549");
}

Costs distances(const Graph& graph) {
    return network::costs_of(graph, metric(), {}, {});
}

/// A lattice of short roads with corners moved about, some missing, some one-way or closed.
std::vector<Road> lattice(unsigned seed, int size) {
    std::mt19937 random{seed};
    std::uniform_real_distribution<double> any{-30, 30};
    std::vector<Point> corners;
    for (int y = 0; y < size; ++y)
        for (int x = 0; x < size; ++x)
            corners.push_back(
                {550000 + 100.0 * x + any(random), 3300000 + 100.0 * y + any(random)});
    std::vector<Road> roads;
    const auto add = [&](int a, int b) {
        const auto draw = random() % 10;
        if (draw == 0)
            return;
        auto one =
            road({corners[static_cast<std::size_t>(a)], corners[static_cast<std::size_t>(b)]});
        if (draw == 1)
            one.direction = Direction::forward;
        if (draw == 2)
            one.direction = Direction::backward;
        one.closed = draw == 3;
        one.speed = 10 + static_cast<double>(random() % 50);
        roads.push_back(one);
    };
    for (int y = 0; y < size; ++y)
        for (int x = 0; x < size; ++x) {
            if (x + 1 < size)
                add(y * size + x, y * size + x + 1);
            if (y + 1 < size)
                add(y * size + x, (y + 1) * size + x);
        }
    return roads;
}

/// Places off the roads.
std::vector<Point> places(unsigned seed, int n, int size) {
    std::mt19937 random{seed};
    std::uniform_real_distribution<double> any{0, 100.0 * (size - 1)};
    std::vector<Point> out;
    for (int i = 0; i < n; ++i)
        out.push_back({550000 + any(random), 3300000 + any(random)});
    return out;
}

/// All shortest ways between places by Floyd and Warshall, on a graph of our own in which the
/// places are nodes: an edge is cut where a place comes to it.
std::vector<std::vector<double>> all_ways(const Graph& graph, const Costs& costs,
                                          const std::vector<std::optional<Access>>& places) {
    const auto nodes = graph.nodes().size();
    const auto n = nodes + places.size();
    std::vector<std::vector<double>> ways(n, std::vector<double>(n, infinity));
    for (std::size_t i = 0; i < n; ++i)
        ways[i][i] = 0;
    const auto link = [&](std::size_t a, std::size_t b, double cost) {
        ways[a][b] = std::min(ways[a][b], cost);
    };
    for (std::size_t e = 0; e < graph.edges().size(); ++e) {
        const auto& edge = graph.edges()[e];
        std::vector<std::pair<double, std::size_t>> stops{{0, edge.from}, {1, edge.to}};
        for (std::size_t p = 0; p < places.size(); ++p)
            if (places[p] && places[p]->edge == e)
                stops.emplace_back(places[p]->along, nodes + p);
        for (const auto& [a, from] : stops)
            for (const auto& [b, to] : stops)
                if (from != to)
                    link(from, to,
                         a == b  ? 0
                         : b > a ? costs.forward[e] * (b - a)
                                 : costs.backward[e] * (a - b));
    }
    for (std::size_t k = 0; k < n; ++k)
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j < n; ++j)
                ways[i][j] = std::min(ways[i][j], ways[i][k] + ways[k][j]);
    return ways;
}

class Reach : public testing::TestWithParam<Mode> {};

TEST_P(Reach, IsThatOfFloydAndWarshall) {
    for (unsigned seed = 1; seed <= 12; ++seed) {
        const Graph graph{lattice(seed, 6), 0.5};
        Travel travel;
        travel.mode = GetParam();
        const auto costs = network::costs_of(graph, metric(), travel, {});
        const AccessIndex index{graph};
        auto all = places(seed + 100, 30, 6);
        all.push_back(graph.nodes()[3]); // exactly at a node
        all.push_back(graph.nodes()[3]);
        const auto access = index.find(all, 1000, {});
        const auto ways = all_ways(graph, costs, access);
        const auto nodes = graph.nodes().size();
        const auto full = [&](std::size_t from, std::size_t to) {
            return ways[nodes + from][nodes + to] +
                   (access[from]->offset + access[to]->offset) * costs.per_metre;
        };
        for (const auto direction : {Way::to_sites, Way::from_sites})
            for (const double limit : {50.0, 180.0, infinity}) {
                const auto reached =
                    network::reach(graph, costs, access, access, limit, direction, {});
                for (std::size_t s = 0; s < all.size(); ++s) {
                    std::size_t next = 0;
                    for (std::uint32_t d = 0; d < all.size(); ++d) {
                        const double way = direction == Way::to_sites ? full(d, s) : full(s, d);
                        if (!(way <= limit) || std::isinf(way))
                            continue;
                        ASSERT_LT(next, reached[s].size()) << seed << " " << s << " " << d;
                        EXPECT_EQ(reached[s][next].demand, d);
                        EXPECT_NEAR(reached[s][next].cost, way, 1e-6);
                        ++next;
                    }
                    EXPECT_EQ(next, reached[s].size());
                }
                // The nearest of the first five sites.
                const std::vector<std::optional<Access>> sites{access.begin(), access.begin() + 5};
                const network::NearestSite nearest{graph, costs, sites, limit, direction};
                for (std::size_t d = 0; d < all.size(); ++d) {
                    double best = infinity;
                    for (std::size_t s = 0; s < 5; ++s)
                        best = std::min(best, direction == Way::to_sites ? full(d, s) : full(s, d));
                    const auto hit = nearest.from(*access[d]);
                    if (best <= limit && !std::isinf(best))
                        EXPECT_NEAR(hit.cost, best, 1e-6);
                    else
                        EXPECT_TRUE(std::isinf(hit.cost));
                }
            }
    }
}

INSTANTIATE_TEST_SUITE_P(Modes, Reach, testing::Values(Mode::distance, Mode::walk, Mode::drive));

TEST(Access, IsTheNearestOfAllEdges) {
    const Graph graph{lattice(4, 8), 0.5};
    const AccessIndex index{graph};
    for (const auto& place : places(9, 200, 8)) {
        double least = infinity;
        for (const auto& edge : graph.edges()) {
            const auto line = graph.line(edge);
            for (int k = 0; k <= 4000; ++k) {
                const double t = k / 4000.0;
                least = std::min(least, std::hypot(std::lerp(line[0].x, line[1].x, t) - place.x,
                                                   std::lerp(line[0].y, line[1].y, t) - place.y));
            }
        }
        const auto access = index.find(place, 1000);
        ASSERT_TRUE(access);
        EXPECT_NEAR(access->offset, least, 0.02);
        EXPECT_EQ(index.find(place, access->offset * 0.99), std::nullopt);
        const auto line = graph.line(graph.edges()[access->edge]);
        EXPECT_NEAR(std::hypot(std::lerp(line[0].x, line[1].x, access->along) - place.x,
                               std::lerp(line[0].y, line[1].y, access->along) - place.y),
                    access->offset, 1e-6);
    }
}

TEST(Access, IsTheSameForPlacesTogether) {
    const Graph graph{lattice(6, 8), 0.5};
    const AccessIndex index{graph};
    for (const double most : {20.0, 60.0, 1000.0})
        for (int k = 0; k < 20; ++k) {
            auto together = places(static_cast<unsigned>(k), 40, 2);
            for (auto& place : together)
                place.x += 30.0 * k;
            together.push_back(graph.nodes()[static_cast<std::size_t>(k)]);
            const auto all = index.find_together(together, most);
            for (std::size_t i = 0; i < together.size(); ++i) {
                const auto alone = index.find(together[i], most);
                ASSERT_EQ(alone.has_value(), all[i].has_value());
                if (alone) {
                    EXPECT_EQ(alone->edge, all[i]->edge);
                    EXPECT_EQ(alone->along, all[i]->along);
                    EXPECT_EQ(alone->offset, all[i]->offset);
                }
            }
        }
}

TEST(Graph, JoinsRoadsOfOneLevelWhereTheyCross) {
    // Three streets cross three avenues: nine junctions, and twelve ends.
    std::vector<Road> roads;
    for (int k = 1; k <= 3; ++k) {
        roads.push_back(road({{0, 100.0 * k}, {400, 100.0 * k}}));
        roads.push_back(road({{100.0 * k, 0}, {100.0 * k, 400}}));
    }
    const Graph graph{roads, 1};
    EXPECT_EQ(graph.nodes().size(), 21U);
    EXPECT_EQ(graph.edges().size(), 24U);
    EXPECT_EQ(graph.report().crossings, 9U);
    EXPECT_EQ(graph.report().components, 1U);
    double length = 0;
    for (const auto& edge : graph.edges())
        length += edge.length;
    EXPECT_NEAR(length, 2400, 1e-9);
}

TEST(Graph, BridgesCrossWithoutJunction) {
    const Graph graph{{road({{0, 0}, {200, 0}}), road({{100, -100}, {100, 100}}, 1)}, 1};
    EXPECT_EQ(graph.report().crossings, 0U);
    EXPECT_EQ(graph.report().components, 2U);
    // A ramp joins the bridge at its end.
    const Graph joined{{road({{0, 0}, {200, 0}}), road({{100, -100}, {100, 100}}, 1),
                        road({{100, 100}, {200, 0}})},
                       1};
    EXPECT_EQ(joined.report().components, 1U);
}

TEST(Graph, SnapsEndsThatNearlyMeet) {
    // A side street that stops 0.6 m short of the main road, and one that stops 3 m short.
    const std::vector<Road> roads{road({{0, 0}, {200, 0}}), road({{50, 100}, {50, 0.6}}),
                                  road({{150, 100}, {150, 3}})};
    const Graph graph{roads, 1};
    EXPECT_EQ(graph.report().snapped, 1U);
    EXPECT_EQ(graph.report().components, 2U);
    EXPECT_EQ((Graph{roads, 5}.report().components), 1U);
    // Two ends near each other, neither of which lies on the other road.
    const Graph ends{{road({{0, 0}, {100, 0}}), road({{100.5, 0.3}, {200, 50}})}, 1};
    EXPECT_EQ(ends.report().components, 1U);
    EXPECT_EQ(ends.nodes().size(), 3U);
}

TEST(Graph, SharedVerticesAreJunctions) {
    // As in OpenStreetMap: the vertex in the middle of both lines is the same.
    const Graph graph{
        {road({{0, 0}, {100, 0}, {200, 10}}), road({{90, 100}, {100, 0}, {120, -80}})}, 1};
    EXPECT_EQ(graph.nodes().size(), 5U);
    EXPECT_EQ(graph.edges().size(), 4U);
    EXPECT_EQ(graph.report().components, 1U);
}

TEST(Graph, LeavesOutWhatIsNothingOrTwice) {
    const Graph graph{{road({{0, 0}, {100, 0}}), road({{0, 0}, {100, 0}}), road({{100, 0}, {0, 0}}),
                       road({{5, 5}, {5, 5}}), road({{7, 7}})},
                      1};
    EXPECT_EQ(graph.edges().size(), 1U);
    EXPECT_EQ(graph.report().duplicates, 2U);
    EXPECT_EQ(graph.report().no_length, 2U);
    expect_error(ErrorKind::input, "no road has a length", [] {
        (void)Graph{{road({{5, 5}, {5, 5}})}, 1};
    });
}

TEST(Graph, LinesThatCrossThemselvesAreLoops) {
    const Graph graph{{road({{0, 0}, {100, 0}, {100, 50}, {50, 50}, {50, -50}})}, 1};
    EXPECT_EQ(graph.report().crossings, 1U);
    EXPECT_EQ(graph.nodes().size(), 3U);
    EXPECT_EQ(graph.edges().size(), 3U);
}

TEST(Graph, ClosesWhatARasterFloods) {
    // Water in the left half, 1 m deep; a bridge is above it.
    const auto water = ascii(4, "1 1 0 0 1 1 . 0", 100);
    const auto& g = water->grid();
    const double y = g.top - 50;
    const double y2 = g.top - 150;
    Graph graph{{road({{g.left + 10, y}, {g.left + 390, y}}),
                 road({{g.left + 210, y2}, {g.left + 390, y2}}),
                 road({{g.left + 10, y2}, {g.left + 190, y2}}, 1)},
                1};
    const auto closed = graph.close_above(*water, g.crs, 0.3, {}, {});
    EXPECT_EQ(closed.closed, 1U);
    EXPECT_EQ(closed.asked, 2U); // not the bridge
    EXPECT_EQ(closed.unknown, 1U);
    const auto costs = distances(graph);
    EXPECT_TRUE(std::isinf(costs.forward[0]));
    EXPECT_FALSE(std::isinf(costs.forward[1]));
    EXPECT_FALSE(std::isinf(costs.forward[2]));
    Travel open;
    open.closed_too = true;
    EXPECT_FALSE(std::isinf(network::costs_of(graph, g.crs, open, {}).forward[0]));
}

TEST(Travel, ToblersFunctionIsAsPublished) {
    // 6 km/h at a slope of -0.05, 5.04 on the level (Tobler 1993).
    EXPECT_NEAR(network::tobler_kmh(-0.05), 6, 1e-12);
    EXPECT_NEAR(network::tobler_kmh(0), 5.0367, 1e-4);
    EXPECT_LT(network::tobler_kmh(0.3), network::tobler_kmh(-0.3));
}

TEST(Travel, SlopesCostTime) {
    // A plane that rises 10 m each 100 m to the east.
    std::string text;
    for (int r = 0; r < 5; ++r)
        for (int c = 0; c < 10; ++c)
            text += std::to_string(10 * c) + " ";
    const auto heights = ascii(10, text, 100);
    const auto& g = heights->grid();
    const double y = g.top - 250;
    const Graph graph{{road({{g.left + 150, y}, {g.left + 850, y}})}, 1};
    Travel travel;
    travel.mode = Mode::tobler;
    travel.heights = heights.get();
    const auto costs = network::costs_of(graph, g.crs, travel, {});
    const bool east = graph.nodes()[graph.edges()[0].from].x < graph.nodes()[graph.edges()[0].to].x;
    const double up = 700 / (network::tobler_kmh(0.1) / 3.6);
    const double down = 700 / (network::tobler_kmh(-0.1) / 3.6);
    EXPECT_NEAR(costs.forward[0], east ? up : down, 1e-6);
    EXPECT_NEAR(costs.backward[0], east ? down : up, 1e-6);
    travel.heights = nullptr;
    expect_error(ErrorKind::usage, "needs heights",
                 [&] { (void)network::costs_of(graph, g.crs, travel, {}); });
}

TEST(Travel, SpeedsComeFromFieldsThenClasses) {
    auto a = road({{0, 0}, {1000, 0}});
    a.speed = 36;
    auto b = road({{0, 0}, {0, 1000}});
    b.kind = "trunk";
    const auto c = road({{0, 0}, {-1000, 0}});
    const Graph graph{{a, b, c}, 1};
    Travel travel;
    travel.mode = Mode::drive;
    const auto costs = network::costs_of(graph, metric(), travel, {});
    std::vector<double> seconds = costs.forward;
    std::sort(seconds.begin(), seconds.end());
    EXPECT_NEAR(seconds[0], 45, 1e-9);  // 80 km/h
    EXPECT_NEAR(seconds[1], 100, 1e-9); // 36 km/h
    EXPECT_NEAR(seconds[2], 120, 1e-9); // 30 km/h
}

TEST(Roads, AreReadWithTheirFields) {
    vector::Layer layer{"roads", metric(), {}, {}};
    layer.fields = {{"highway", vector::FieldType::text},
                    {"maxspeed", vector::FieldType::real},
                    {"oneway", vector::FieldType::text},
                    {"bridge", vector::FieldType::text},
                    {"floods", vector::FieldType::integer}};
    const auto add = [&](std::vector<vector::Value> values, LineString line) {
        layer.features.push_back({std::move(values), {{}, {std::move(line)}, {}}});
    };
    add({std::string{"primary"}, 60.0, std::string{"yes"}, std::string{"no"}, std::int64_t{0}},
        {{0, 0}, {1, 0}});
    add({std::string{"path"}, {}, std::string{"-1"}, std::string{"yes"}, std::int64_t{1}},
        {{0, 0}, {1, 0}});
    const auto roads_of = [&](const network::RoadRules& rules) {
        return network::roads_of(test::Opened{layer, "roads", spec::Shapes::wanted}, metric(),
                                 rules);
    };
    const auto roads = roads_of({{"floods"}, true});
    ASSERT_EQ(roads.size(), 2U);
    EXPECT_EQ(roads[0].direction, Direction::forward);
    EXPECT_EQ(roads[0].speed, 60);
    EXPECT_FALSE(roads[0].closed);
    EXPECT_EQ(roads[1].direction, Direction::backward);
    EXPECT_EQ(roads[1].level, 1);
    EXPECT_TRUE(roads[1].closed);
    layer.fields[1].type = vector::FieldType::text;
    layer.features[0].values[1] = std::string{"fast"};
    expect_error(ErrorKind::input, "speed_kmh (maxspeed) is 'fast', not a number",
                 [&] { (void)roads_of({}); });
    layer.features[0].values[1] = std::string{"50 mph"};
    EXPECT_NEAR(roads_of({})[0].speed, 80.4672, 1e-9);
    layer.features[0].values[1] = std::string{"CN:urban"}; // by the class
    EXPECT_EQ(roads_of({})[0].speed, 60);
    expect_error(ErrorKind::input, "floods", [&] { (void)roads_of({{"flods"}}); });
    layer.features[0].values[2] = std::string{"3"};
    EXPECT_EQ(roads_of({})[0].direction, Direction::both); // on foot
    expect_error(ErrorKind::input, "oneway is '3'", [&] { (void)roads_of({{}, true}); });
    layer.features[0].values[3] = std::string{"viaduct"};
    EXPECT_EQ(roads_of({})[0].level, 1);
    layer.fields.push_back({"tunnel", vector::FieldType::text});
    for (auto& feature : layer.features)
        feature.values.emplace_back(std::string{"no"});
    layer.features[0].values[3] = std::string{"no"};
    layer.features[0].values[5] = std::string{"yes"};
    EXPECT_EQ(roads_of({})[0].level, -1);
    layer.features[0].values[3] = std::string{"maybe"};
    expect_error(ErrorKind::input, "bridge is 'maybe', neither yes nor no",
                 [&] { (void)roads_of({}); });
    layer.features.clear();
    expect_error(ErrorKind::input, "holds no lines", [&] { (void)roads_of({}); });
}

TEST(Roads, YesAndNoAreReadInTheirWords) {
    vector::Layer layer{"roads", metric(), {{"floods", vector::FieldType::text}}, {}};
    const auto closed = [&](const std::string& word) {
        layer.features = {{{word}, {{}, {{{0, 0}, {1, 0}}}, {}}}};
        test::Opened opened{layer, "roads", spec::Shapes::wanted};
        return network::roads_of(opened, metric(), {{"floods"}})[0].closed;
    };
    for (const char* yes : {"是", "有", "Y", "yes", "TRUE", "√", "1", "1.0", " 1 ", "１"})
        EXPECT_TRUE(closed(yes)) << yes;
    for (const char* no :
         {"否", "无", "N", "no", "false", "×", "0", "0.0", "0 ", "-9999", "未知", ""})
        EXPECT_FALSE(closed(no)) << no;
    expect_error(ErrorKind::input, "row 1: floods is '也许', neither yes nor no",
                 [&] { (void)closed("也许"); });
    expect_error(ErrorKind::input, "neither yes nor no", [&] { (void)closed("0.35"); });
    layer.fields[0].type = vector::FieldType::text;
    layer.features = {{{std::string{"0.35"}}, {{}, {{{0, 0}, {1, 0}}}, {}}}};
    test::Opened opened{layer, "roads", spec::Shapes::wanted};
    EXPECT_TRUE(network::roads_of(opened, metric(), {{"floods>0.3"}})[0].closed);
}

TEST(Reach, DoesNotDependOnThreads) {
    const Graph graph{lattice(2, 30), 0.5};
    const auto costs = distances(graph);
    const AccessIndex index{graph};
    Execution one;
    one.threads = 1;
    Execution four;
    four.threads = 4;
    const auto sites = index.find(places(1, 300, 30), 1000, one);
    const auto demands = index.find(places(2, 2000, 30), 1000, four);
    const auto a = network::reach(graph, costs, sites, demands, 700, Way::to_sites, one);
    const auto b = network::reach(graph, costs, sites, demands, 700, Way::to_sites, four);
    std::size_t reached = 0;
    for (std::size_t s = 0; s < a.size(); ++s) {
        ASSERT_EQ(a[s].size(), b[s].size());
        reached += a[s].size();
        for (std::size_t k = 0; k < a[s].size(); ++k) {
            EXPECT_EQ(a[s][k].demand, b[s][k].demand);
            EXPECT_EQ(a[s][k].cost, b[s][k].cost);
        }
    }
    EXPECT_GT(reached, 10'000U);
}

TEST(PointValues, AreThoseOfTheCellsOrBetweenThem) {
    const auto source = ascii(3, "1 2 3 4 5 6 7 . 9", 10);
    const auto& g = source->grid();
    using raster::Sampling;
    const std::vector<Point> points{g.centre(1, 1),
                                    {g.left + 10, g.top - 10}, // where four cells meet
                                    {g.left + 12, g.top - 8},
                                    {g.left + 2, g.top - 2},   // no cell to the north-west
                                    {g.left + 20, g.top - 20}, // one of the four has no data
                                    g.centre(1, 2),
                                    {g.left - 1, g.top - 1}};
    const auto nearest = raster::values_at(*source, points, Sampling::nearest, {});
    EXPECT_EQ(nearest[0], 5);
    EXPECT_EQ(nearest[3], 1);
    EXPECT_EQ(nearest[4], 9);
    EXPECT_TRUE(std::isnan(nearest[5]));
    EXPECT_TRUE(std::isnan(nearest[6]));
    const auto between = raster::values_at(*source, points, Sampling::bilinear, {});
    EXPECT_EQ(between[0], 5);
    EXPECT_NEAR(between[1], 3, 1e-9); // (1 + 2 + 4 + 5) / 4
    EXPECT_NEAR(between[2], 3 + 0.2 * 1 - 0.2 * 3, 1e-9);
    EXPECT_EQ(between[3], 1);
    EXPECT_EQ(between[4], 9);
    EXPECT_TRUE(std::isnan(between[5]));
    EXPECT_TRUE(std::isnan(between[6]));
}

TEST(Travel, OneWayRoadsAreOneWayForThoseWhoDrive) {
    auto there = road({{550000, 3300000}, {550100, 3300000}});
    there.direction = Direction::forward;
    auto back = road({{550100, 3300000}, {550200, 3300000}});
    back.direction = Direction::backward;
    const Graph graph{{there, back}, 1};
    ASSERT_EQ(graph.edges().size(), 2U);
    Travel travel;
    for (const auto mode : {Mode::walk, Mode::distance}) {
        travel.mode = mode;
        const auto costs = network::costs_of(graph, metric(), travel, {});
        for (std::size_t e = 0; e < 2; ++e)
            EXPECT_TRUE(std::isfinite(costs.forward[e]) && std::isfinite(costs.backward[e]));
    }
    travel.mode = Mode::drive;
    const auto costs = network::costs_of(graph, metric(), travel, {});
    for (std::size_t e = 0; e < 2; ++e) {
        const bool forward = graph.road(graph.edges()[e]).direction == Direction::forward;
        EXPECT_EQ(std::isfinite(costs.forward[e]), forward);
        EXPECT_EQ(std::isfinite(costs.backward[e]), !forward);
    }
}

TEST(Graph, ARoadThatEndsUnderABridgeDoesNotJoinIt) {
    for (const int level : {0, 1, -1}) {
        const Graph graph{{road({{0, 0}, {200, 0}}, level), road({{100, -80}, {100, 0}})}, 1};
        std::set<std::uint32_t> nodes;
        for (const auto& edge : graph.edges()) {
            nodes.insert(edge.from);
            nodes.insert(edge.to);
        }
        EXPECT_EQ(graph.edges().size(), level == 0 ? 3U : 2U) << level;
        EXPECT_EQ(nodes.size(), 4U) << level;
    }
}

TEST(Graph, EndsAreJoinedWithinTheSnapAndNoFurther) {
    for (const double gap : {0.0, 0.9, 1.5}) {
        const Graph graph{{road({{0, 0}, {100, 0}}), road({{100 + gap, 0}, {200, 0}})}, 1};
        EXPECT_EQ(graph.nodes().size(), gap < 1 ? 3U : 4U) << gap;
        EXPECT_EQ(graph.report().snapped > 0, gap == 0.9) << gap;
    }
    // Within the square of the snap, and beyond its circle.
    const Graph across{{road({{0, 0}, {100, 0}}), road({{100.9, 0.9}, {100.9, 80}})}, 1};
    EXPECT_EQ(across.nodes().size(), 4U);
}

} // namespace
} // namespace riskmap::test
