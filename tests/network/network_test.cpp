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

/// All shortest ways between doors by Floyd and Warshall, on a graph of our own in which the doors
/// are nodes: an edge is cut where a place comes to it.
std::vector<std::vector<double>> all_ways(const Graph& graph, const Costs& costs,
                                          const std::vector<Access>& doors) {
    const auto nodes = graph.nodes().size();
    const auto n = nodes + doors.size();
    std::vector<std::vector<double>> ways(n, std::vector<double>(n, infinity));
    for (std::size_t i = 0; i < n; ++i)
        ways[i][i] = 0;
    const auto link = [&](std::size_t a, std::size_t b, double cost) {
        ways[a][b] = std::min(ways[a][b], cost);
    };
    for (std::size_t e = 0; e < graph.edges().size(); ++e) {
        const auto& edge = graph.edges()[e];
        std::vector<std::pair<double, std::size_t>> stops{{0, edge.from}, {1, edge.to}};
        for (std::size_t p = 0; p < doors.size(); ++p)
            if (doors[p].edge == e)
                stops.emplace_back(doors[p].along, nodes + p);
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
        const AccessIndex index{graph, {}};
        auto all = places(seed + 100, 30, 6);
        all.push_back(graph.nodes()[3]); // exactly at a node
        all.push_back(graph.nodes()[3]);
        const auto access = index.doors(all, {});
        std::vector<Access> doors;
        std::vector<std::size_t> first{0}; // of each place
        for (const auto& of_place : access) {
            doors.insert(doors.end(), of_place.begin(), of_place.end());
            first.push_back(doors.size());
        }
        const auto ways = all_ways(graph, costs, doors);
        const auto nodes = graph.nodes().size();
        const auto full = [&](std::size_t from, std::size_t to) {
            double best = infinity;
            for (auto a = first[from]; a < first[from + 1]; ++a)
                for (auto b = first[to]; b < first[to + 1]; ++b)
                    best =
                        std::min(best, ways[nodes + a][nodes + b] +
                                           (doors[a].offset + doors[b].offset) * costs.per_metre);
            return best;
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
                const std::vector<network::Doors> sites{access.begin(), access.begin() + 5};
                const network::NearestSite nearest{graph, costs, sites, limit, direction};
                for (std::size_t d = 0; d < all.size(); ++d) {
                    double best = infinity;
                    for (std::size_t s = 0; s < 5; ++s)
                        best = std::min(best, direction == Way::to_sites ? full(d, s) : full(s, d));
                    const auto hit = nearest.from(access[d]);
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
    const AccessIndex index{graph, {}};
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
        const auto doors = index.doors(place);
        ASSERT_FALSE(doors.empty());
        const auto* access = &doors.front();
        EXPECT_NEAR(access->offset, least, 0.02);
        EXPECT_TRUE((AccessIndex{graph, {.most = access->offset * 0.99}}.doors(place).empty()));
        std::set<std::uint32_t> parts;
        for (const auto& door : doors)
            EXPECT_TRUE(parts.insert(graph.part_of(door.edge)).second) << "one door to each part";
        const auto line = graph.line(graph.edges()[access->edge]);
        EXPECT_NEAR(std::hypot(std::lerp(line[0].x, line[1].x, access->along) - place.x,
                               std::lerp(line[0].y, line[1].y, access->along) - place.y),
                    access->offset, 1e-6);
    }
}

TEST(Access, IsTheSameForPlacesTogether) {
    const Graph graph{lattice(6, 8), 0.5};
    for (const double most : {20.0, 60.0, 1000.0})
        for (int k = 0; k < 20; ++k) {
            auto together = places(static_cast<unsigned>(k), 40, 2);
            for (auto& place : together)
                place.x += 30.0 * k;
            together.push_back(graph.nodes()[static_cast<std::size_t>(k)]);
            const AccessIndex index{graph, {.most = most}};
            const auto all = index.doors_together(together);
            for (std::size_t i = 0; i < together.size(); ++i) {
                const auto alone = index.doors(together[i]);
                ASSERT_EQ(alone.size(), all[i].size());
                for (std::size_t k2 = 0; k2 < alone.size(); ++k2) {
                    EXPECT_EQ(alone[k2].edge, all[i][k2].edge);
                    EXPECT_EQ(alone[k2].along, all[i][k2].along);
                    EXPECT_EQ(alone[k2].offset, all[i][k2].offset);
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
    // The road is cut where the water ends: 190 m are closed, 190 m are open.
    EXPECT_NEAR(closed.length, 190, 0.1);
    ASSERT_EQ(graph.edges().size(), 4U);
    const auto costs = distances(graph);
    double open_length = 0;
    double all = 0;
    for (std::size_t e = 0; e < graph.edges().size(); ++e) {
        EXPECT_EQ(std::isinf(costs.forward[e]), graph.edges()[e].closed);
        open_length += graph.edges()[e].closed ? 0 : graph.edges()[e].length;
        all += graph.edges()[e].length;
    }
    EXPECT_NEAR(all, 380 + 180 + 180, 1e-6) << "what is cut adds up to what was there";
    EXPECT_NEAR(open_length, 190 + 180 + 180, 0.1);
    Travel open;
    open.closed_too = true;
    EXPECT_FALSE(std::isinf(network::costs_of(graph, g.crs, open, {}).forward[0]));
}

TEST(Graph, ClosesEachPieceThatIsUnderWater) {
    // Water in every second cell of a row of seven, in both directions the same.
    const auto water = ascii(7, "0 1 0 1 0 1 0", 100);
    const auto& g = water->grid();
    const double y = g.top - 50;
    for (const bool turned : {false, true}) {
        LineString line{{g.left + 20, y}, {g.left + 130, y}, {g.left + 680, y}};
        if (turned)
            std::reverse(line.begin(), line.end());
        Graph graph{{road(line)}, 1};
        const auto closed = graph.close_above(*water, g.crs, 0.5, {}, {});
        EXPECT_EQ(closed.closed, 3U);
        EXPECT_NEAR(closed.length, 300, 0.3);
        EXPECT_EQ(graph.edges().size(), 7U);
        // Its pieces stay joined, in the right order, and lie on the line.
        const auto costs = network::costs_of(graph, g.crs, {.closed_too = true}, {});
        const AccessIndex index{graph, {}};
        const auto ends = index.doors(std::vector<Point>{{g.left + 20, y}, {g.left + 680, y}}, {});
        const auto reached = network::reach(graph, costs, std::span{ends}.first(1),
                                            std::span{ends}.last(1), 1e9, Way::to_sites, {});
        ASSERT_EQ(reached[0].size(), 1U);
        EXPECT_NEAR(reached[0][0].cost, 660, 1e-6);
        for (const auto& edge : graph.edges()) {
            EXPECT_EQ(graph.line(edge).front(), graph.nodes()[edge.from]);
            EXPECT_EQ(graph.line(edge).back(), graph.nodes()[edge.to]);
            const double x = (graph.line(edge).front().x + graph.line(edge).back().x) / 2;
            EXPECT_EQ(edge.closed, static_cast<int>((x - g.left) / 100) % 2 == 1);
        }
    }
}

TEST(Graph, ABridgeJoinsTheRoadOnWhichItEnds) {
    // Its ends touch two streets in mid-line; a third street runs below it.
    const std::vector<Road> roads{road({{0, 0}, {200, 0}}), road({{0, 300}, {200, 300}}),
                                  road({{0, 150}, {200, 150}}), road({{100, 0}, {100, 300}}, 1)};
    const Graph graph{roads, 1};
    EXPECT_EQ(graph.report().components, 2U) << "the street below is not joined";
    EXPECT_EQ(graph.edges().size(), 2U + 2U + 1U + 1U);
}

TEST(Graph, JoinsAtSharedVerticesAloneIfAsked) {
    const std::vector<Road> roads{road({{0, 0}, {200, 0}}),              // crossed without a vertex
                                  road({{100, -100}, {100, 100}}),       //
                                  road({{150, -100}, {150, 0}}),         // ends on it without one
                                  road({{200, 0}, {200, 100}}),          // meets its end
                                  road({{0, 50}, {100, 50}, {200, 50}}), // shares no vertex with 1
                                  road({{0, -50}, {100, -100}})};        // ends at an end of 1
    EXPECT_EQ((Graph{roads, 0}.report().components), 1U);
    EXPECT_EQ((Graph{roads, 0}.report().crossings), 1U);
    const Graph shared{roads, 0, network::Join::vertices};
    EXPECT_EQ(shared.report().components, 4U);
    EXPECT_EQ(shared.report().crossings, 0U);
}

TEST(Access, IsNotAcrossABarrier) {
    const Graph graph{{road({{0, 100}, {1000, 100}}), road({{0, -300}, {1000, -300}})}, 1};
    const Point place{500, 0};
    const auto nearest = [&](const network::AccessRules& rules) {
        const auto doors = AccessIndex{graph, rules}.doors(place);
        return doors.empty() ? -1.0 : doors.front().offset;
    };
    EXPECT_EQ(nearest({}), 100);
    const auto river = std::make_shared<const network::Barriers>(
        std::vector<LineString>{{{-10, 50}, {1010, 50}}}, std::vector<MultiPolygon>{});
    EXPECT_EQ(nearest({.most = 1000, .least_part = 0, .barriers = river}), 300);
    EXPECT_EQ(nearest({.most = 200, .least_part = 0, .barriers = river}), -1);
    // An area bars by its border; a gap of 20 m lets through to a place that is further along.
    const auto lakes = std::make_shared<const network::Barriers>(
        std::vector<LineString>{},
        std::vector<MultiPolygon>{{Polygon{{{0, 40}, {510, 40}, {510, 60}, {0, 60}}, {}}},
                                  {Polygon{{{530, 40}, {900, 40}, {900, 60}, {530, 60}}, {}}}});
    const double through = nearest({.most = 1000, .least_part = 0, .barriers = lakes});
    EXPECT_EQ(through, 300) << "the foot straight across is barred, and feet are all that is tried";
}

TEST(Access, PassesOverPartsThatAreTooShort) {
    const Graph graph{{road({{0, 50}, {1000, 50}}), road({{480, 10}, {520, 10}})}, 1};
    const auto both = AccessIndex{graph, {}}.doors({500, 0});
    ASSERT_EQ(both.size(), 2U);
    EXPECT_EQ(both[0].offset, 10);
    EXPECT_EQ(both[1].offset, 50);
    const auto one = AccessIndex{graph, {.most = 1000, .least_part = 100}}.doors({500, 0});
    ASSERT_EQ(one.size(), 1U);
    EXPECT_EQ(one[0].offset, 50);
}

TEST(Travel, BridgesAndTunnelsRunBetweenTheirPortals) {
    // A gorge of 100 m: flat, down, up, flat. The bridge is in two pieces and bends.
    const auto heights = ascii(
        10,
        [] {
            std::string text;
            for (int r = 0; r < 6; ++r)
                text += "200 200 200 100 100 100 100 200 220 220 ";
            return text;
        }(),
        100);
    const auto& g = heights->grid();
    const double y = g.top - 250;
    Travel travel;
    travel.mode = Mode::tobler;
    travel.heights = heights.get();
    const auto minutes = [&](int level) {
        const Graph graph{{road({{g.left + 50, y}, {g.left + 150, y}}),
                           road({{g.left + 150, y}, {g.left + 400, y + 30}}, level),
                           road({{g.left + 400, y + 30}, {g.left + 750, y}}, level),
                           road({{g.left + 750, y}, {g.left + 850, y}})},
                          1};
        const auto costs = network::costs_of(graph, g.crs, travel, {});
        double sum = 0;
        for (std::size_t e = 0; e < graph.edges().size(); ++e) {
            const auto& edge = graph.edges()[e];
            const bool east = graph.nodes()[edge.from].x < graph.nodes()[edge.to].x;
            sum += east ? costs.forward[e] : costs.backward[e];
        }
        return sum / 60;
    };
    const double bridge = std::hypot(250, 30) + std::hypot(350, 30);
    const auto flat = [](double metres) { return metres / (network::tobler_kmh(0) / 3.6) / 60; };
    // 200 m at both portals; the last piece of road rises by 20 m.
    const double last = 100 / (network::tobler_kmh(0.2) / 3.6) / 60;
    EXPECT_NEAR(minutes(1), flat(100) + flat(bridge) + last, 1e-6);
    EXPECT_EQ(minutes(1), minutes(-1)) << "a tunnel likewise";
    EXPECT_GT(minutes(0), 1.5 * minutes(1)) << "the way through the gorge is long";
}

TEST(Travel, DistancesThatAreDrivenHeedOneWayStreets) {
    auto one = road({{0, 0}, {100, 0}});
    one.direction = Direction::backward;
    const Graph graph{{one}, 1};
    const auto walked = network::costs_of(graph, metric(), {}, {});
    const auto driven = network::costs_of(graph, metric(), {.driven = true}, {});
    EXPECT_EQ(walked.forward, walked.backward);
    EXPECT_NE(std::isinf(driven.forward[0]), std::isinf(driven.backward[0]));
    EXPECT_EQ(std::min(driven.forward[0], driven.backward[0]), 100) << "metres all the same";
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

TEST(Roads, AreNotEnteredWhereTheirValuesSayNo) {
    using vector::FieldType;
    struct Case {
        std::vector<std::string> values; // highway, route, access, foot, motor_vehicle, junction
        bool walked, driven;
    };
    const std::vector<Case> cases{{{"tertiary", "", "", "", "", ""}, true, true},
                                  {{"motorway", "", "", "", "", ""}, false, true},
                                  {{"高速公路", "", "", "", "", ""}, false, true},
                                  {{"高速公路匝道", "", "", "", "", ""}, false, true},
                                  {{"", "ferry", "", "", "", ""}, false, false},
                                  {{"轮渡", "", "", "", "", ""}, false, false},
                                  {{"construction", "", "", "", "", ""}, false, false},
                                  {{"规划", "", "", "", "", ""}, false, false},
                                  {{"service", "", "private", "", "", ""}, false, false},
                                  {{"service", "", "private", "yes", "", ""}, true, false},
                                  {{"service", "", "no", "", "yes", ""}, false, true},
                                  {{"tertiary", "", "", "no", "", ""}, false, true},
                                  {{"tertiary", "", "", "", "no", ""}, true, false},
                                  {{"steps", "", "", "", "", ""}, true, false}};
    vector::Layer layer{"roads", metric(), {}, {}};
    for (const char* name : {"highway", "route", "access", "foot", "motor_vehicle", "junction"})
        layer.fields.push_back({name, FieldType::text});
    for (std::size_t i = 0; i < cases.size(); ++i) {
        std::vector<vector::Value> values;
        for (const auto& value : cases[i].values)
            values.push_back(value.empty() ? vector::Value{} : vector::Value{value});
        const double y = 3300000 + static_cast<double>(i);
        layer.features.push_back({values, {{}, {{{550000, y}, {550010, y}}}, {}}});
    }
    const auto entered = [&](const network::RoadRules& rules) {
        std::set<double> rows;
        for (const auto& one :
             network::roads_of(test::Opened{layer, "roads", spec::Shapes::wanted}, metric(), rules))
            rows.insert(one.line.front().y - 3300000);
        return rows;
    };
    const auto walked = entered({});
    const auto driven = entered({.drives = true});
    for (std::size_t i = 0; i < cases.size(); ++i) {
        EXPECT_EQ(walked.contains(static_cast<double>(i)), cases[i].walked) << i;
        EXPECT_EQ(driven.contains(static_cast<double>(i)), cases[i].driven) << i;
    }
    // The table can be changed.
    const auto own = entered({.not_entered = {"tertiary"}});
    EXPECT_EQ(own.size(), cases.size() - 3);
    EXPECT_TRUE(own.contains(1)) << "a motorway, if that is wanted";
    // A roundabout is one-way if nothing else is said, and classes have speeds of one's own.
    layer.features.resize(1);
    layer.features[0].values[5] = std::string{"roundabout"};
    const auto round =
        network::roads_of(test::Opened{layer, "roads", spec::Shapes::wanted}, metric(),
                          {.drives = true, .class_speeds = {{"tertiary", 12}}});
    EXPECT_EQ(round[0].direction, Direction::forward);
    EXPECT_EQ(round[0].speed, 12);
    // None may be left: nobody walks there, and that is no fault of the layer.
    layer.features[0].values[0] = std::string{"motorway"};
    EXPECT_TRUE(entered({}).empty());
    EXPECT_EQ((Graph{std::vector<Road>{}, 1}.report().components), 0U);
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
    add({std::string{"track"}, {}, std::string{"-1"}, std::string{"yes"}, std::int64_t{1}},
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
    const AccessIndex index{graph, {}};
    Execution one;
    one.threads = 1;
    Execution four;
    four.threads = 4;
    const auto sites = index.doors(places(1, 300, 30), one);
    const auto demands = index.doors(places(2, 2000, 30), four);
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
