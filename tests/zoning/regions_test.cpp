// SPDX-License-Identifier: MIT
#include <riskmap/zoning/regions.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <set>

#include "support.hpp"

namespace riskmap::zoning {
namespace {

/// Cells of a small grid as units, rook neighbours, one or two attributes.
RegionProblem grid_problem(int columns, int rows, const std::vector<double>& values) {
    RegionProblem problem;
    for (int r = 0; r < rows; ++r)
        for (int c = 0; c < columns; ++c) {
            const auto i = static_cast<std::size_t>(r * columns + c);
            problem.attributes.push_back({values[i]});
            if (c + 1 < columns)
                problem.neighbours.emplace_back(i, i + 1);
            if (r + 1 < rows)
                problem.neighbours.emplace_back(i, i + static_cast<std::size_t>(columns));
        }
    return problem;
}

double within(const RegionProblem& problem, const std::vector<int>& region) {
    double total = 0;
    for (const int z : std::set<int>(region.begin(), region.end()))
        for (std::size_t k = 0; k < problem.attributes[0].size(); ++k) {
            double sum = 0;
            double n = 0;
            for (std::size_t u = 0; u < region.size(); ++u)
                if (region[u] == z) {
                    sum += problem.attributes[u][k];
                    ++n;
                }
            for (std::size_t u = 0; u < region.size(); ++u)
                if (region[u] == z)
                    total +=
                        (problem.attributes[u][k] - sum / n) * (problem.attributes[u][k] - sum / n);
        }
    return total;
}

/// The best contiguous partition, all of them tried.
double best_of_all(const RegionProblem& problem, int k) {
    const std::size_t n = problem.attributes.size();
    std::vector<int> region(n);
    double best = std::numeric_limits<double>::infinity();
    for (;;) {
        if (static_cast<int>(std::set<int>(region.begin(), region.end()).size()) == k &&
            contiguous(problem, region))
            best = std::min(best, within(problem, region));
        std::size_t i = 0;
        while (i < n && ++region[i] == k)
            region[i++] = 0;
        if (i == n)
            return best;
    }
}

RegionProblem random_problem(int columns, int rows, unsigned seed) {
    std::mt19937 random{seed};
    std::normal_distribution<double> value;
    std::vector<double> values;
    for (int i = 0; i < columns * rows; ++i)
        values.push_back(value(random));
    return grid_problem(columns, rows, values);
}

TEST(Skater, IsTheOptimumOnAChainCutOnce) {
    for (unsigned seed = 0; seed < 20; ++seed) {
        const auto problem = random_problem(9, 1, seed); // the tree is the chain itself
        const auto found = skater(problem, 2, {});
        EXPECT_NEAR(found.within, best_of_all(problem, 2), 1e-9) << seed;
        EXPECT_NEAR(found.within, within(problem, found.region), 1e-9);
    }
}

TEST(Skater, FindsBlocksThatAreThere) {
    const auto problem = grid_problem(4, 3,
                                      {1, 1, 5, 5, //
                                       1, 1, 5, 5, //
                                       9, 9, 9, 9});
    const auto found = skater(problem, 3, {});
    EXPECT_EQ(found.region, (std::vector<int>{0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 2, 2}));
    EXPECT_NEAR(found.within, 0, 1e-12);
    EXPECT_NEAR(found.within, best_of_all(problem, 3), 1e-12);
    EXPECT_EQ(found.between_share.size(), 3U);
    EXPECT_NEAR(found.between_share[2], 1, 1e-12);
}

TEST(Regions, AreContiguousForEveryMethodAndNeverWorseThanOne) {
    for (unsigned seed = 0; seed < 8; ++seed) {
        auto problem = random_problem(5, 4, seed);
        problem.floor_values.assign(20, 1);
        problem.floor = 2;
        for (const auto& method : region_methods())
            for (const int k : {2, 4}) {
                const auto found = method.solve(problem, k, {});
                EXPECT_TRUE(contiguous(problem, found.region)) << method.name << " " << seed;
                EXPECT_LE(found.count, k);
                EXPECT_NEAR(found.within, within(problem, found.region), 1e-9);
                EXPECT_LE(found.within, found.total);
                for (int z = 0; z < found.count; ++z)
                    EXPECT_GE(std::count(found.region.begin(), found.region.end(), z), 2);
            }
    }
}

TEST(Azp, IsNotWorseThanSkaterAndNotBetterThanTheOptimum) {
    for (unsigned seed = 0; seed < 12; ++seed) {
        const auto problem = random_problem(3, 3, seed);
        const auto start = skater(problem, 3, {});
        const auto better = azp(problem, 3, {});
        const double best = best_of_all(problem, 3);
        EXPECT_LE(better.within, start.within + 1e-12);
        EXPECT_GE(better.within, best - 1e-9);
    }
}

TEST(MaxP, MakesAsManyRegionsAsTheFloorAllows) {
    auto problem = grid_problem(4, 1, {1, 1, 9, 9});
    problem.floor_values = {5, 5, 5, 5};
    problem.floor = 10;
    EXPECT_EQ(max_p(problem, 10, {}).count, 2);
    test::expect_error(ErrorKind::usage, "floor", [] {
        (void)max_p(grid_problem(2, 1, {1, 2}), 2, {});
    });
}

TEST(Skater, KeepsTheFloorAndTellsWhenItCannot) {
    auto problem = grid_problem(6, 1, {0, 0, 0, 0, 0, 50});
    problem.floor_values = {1, 1, 1, 1, 1, 1};
    problem.floor = 2;
    const auto found = skater(problem, 2, {});
    EXPECT_EQ(found.region, (std::vector<int>{0, 0, 0, 0, 1, 1}));
    test::expect_error(ErrorKind::infeasible, "found 3 regions that keep the floor",
                       [&] { (void)skater(problem, 4, {}); });
}

TEST(Skater, TellsOfIslands) {
    auto problem = grid_problem(4, 1, {1, 2, 3, 4});
    problem.neighbours.erase(problem.neighbours.begin() + 1); // 0-1 | 2-3
    test::expect_error(ErrorKind::infeasible, "2 separate pieces",
                       [&] { (void)skater(problem, 1, {}); });
    EXPECT_EQ(skater(problem, 2, {}).region, (std::vector<int>{0, 0, 1, 1}));
    const std::vector<Point> centroids{{0, 0}, {1, 0}, {2.5, 0}, {4, 0}};
    const auto links = island_links(centroids, problem.neighbours);
    ASSERT_EQ(links.size(), 1U);
    EXPECT_EQ(links[0], (std::pair<std::size_t, std::size_t>{1, 2}));
}

TEST(Knee, IsFurthestAboveTheChord) {
    EXPECT_EQ(knee(std::vector<double>{0, 0.6, 0.7, 0.75, 0.8}), 2);
    EXPECT_EQ(knee(std::vector<double>{0}), 1);
    const auto problem = grid_problem(4, 2, {1, 1, 5, 5, 1, 1.1, 5, 5.1});
    EXPECT_EQ(find_regions(problem, 0, 6, region_method("skater"), {}).count, 2);
}

TEST(Standardise, ToMeanZeroAndSampleDeviationOne) {
    std::vector<std::vector<double>> a{{1, 7}, {2, 7}, {3, 7}};
    standardise(a);
    EXPECT_NEAR(a[0][0], -1, 1e-12);
    EXPECT_NEAR(a[2][0], 1, 1e-12);
    EXPECT_EQ(a[1][1], 0); // constant
}

/// The most regions of any contiguous partition that keeps the floor, all of them tried.
int most_regions(const RegionProblem& problem) {
    const std::size_t n = problem.attributes.size();
    std::vector<int> region(n);
    int best = 0;
    // Growth strings: each partition once.
    const std::function<void(std::size_t, int)> place = [&](std::size_t u, int used) {
        if (u == n) {
            std::vector<double> held(static_cast<std::size_t>(used));
            for (std::size_t i = 0; i < n; ++i)
                held[static_cast<std::size_t>(region[i])] += problem.floor_values[i];
            if (used > best &&
                std::all_of(held.begin(), held.end(),
                            [&](double v) { return v >= problem.floor; }) &&
                contiguous(problem, region))
                best = used;
            return;
        }
        for (int z = 0; z <= used; ++z) {
            region[u] = z;
            place(u + 1, std::max(used, z + 1));
        }
    };
    place(0, 0);
    return best;
}

TEST(MaxP, FindsTheMostRegionsThatTheFloorAllows) {
    for (unsigned seed = 0; seed < 12; ++seed) {
        auto problem = random_problem(3, 3, seed);
        std::mt19937 random{seed};
        for (int u = 0; u < 9; ++u)
            problem.floor_values.push_back(static_cast<double>(1 + random() % 9));
        for (const double floor : {6.0, 10.0, 15.0}) {
            problem.floor = floor;
            const auto found = max_p(problem, 9, {});
            EXPECT_EQ(found.count, most_regions(problem)) << seed << " " << floor;
            EXPECT_TRUE(contiguous(problem, found.region));
        }
    }
}

/// The 32 states of Mexico, which of them touch; four states make a region. Eight regions is the
/// most that can be, and what is published for it (PySAL's region notebook).
TEST(MaxP, FindsTheEightRegionsOfMexico) {
    const std::vector<std::pair<const char*, const char*>> borders{
        {"AGS", "JAL"}, {"AGS", "ZAC"}, {"BC", "BCS"},  {"BC", "SON"},  {"CAM", "QROO"},
        {"CAM", "TAB"}, {"CAM", "YUC"}, {"COA", "CHH"}, {"COA", "DGO"}, {"COA", "NL"},
        {"COA", "ZAC"}, {"COL", "JAL"}, {"COL", "MIC"}, {"CHS", "OAX"}, {"CHS", "TAB"},
        {"CHS", "VER"}, {"CHH", "DGO"}, {"CHH", "SIN"}, {"CHH", "SON"}, {"DF", "MEX"},
        {"DF", "MOR"},  {"DGO", "NAY"}, {"DGO", "SIN"}, {"DGO", "ZAC"}, {"GTO", "JAL"},
        {"GTO", "MIC"}, {"GTO", "QRO"}, {"GTO", "SLP"}, {"GRO", "MEX"}, {"GRO", "MIC"},
        {"GRO", "MOR"}, {"GRO", "OAX"}, {"GRO", "PUE"}, {"HGO", "MEX"}, {"HGO", "PUE"},
        {"HGO", "QRO"}, {"HGO", "SLP"}, {"HGO", "TLA"}, {"HGO", "VER"}, {"JAL", "MIC"},
        {"JAL", "NAY"}, {"JAL", "ZAC"}, {"MEX", "MIC"}, {"MEX", "MOR"}, {"MEX", "PUE"},
        {"MEX", "QRO"}, {"MEX", "TLA"}, {"MIC", "QRO"}, {"MOR", "PUE"}, {"NAY", "SIN"},
        {"NAY", "ZAC"}, {"NL", "SLP"},  {"NL", "TAM"},  {"NL", "ZAC"},  {"OAX", "PUE"},
        {"OAX", "VER"}, {"PUE", "TLA"}, {"PUE", "VER"}, {"QRO", "SLP"}, {"QROO", "YUC"},
        {"SLP", "TAM"}, {"SLP", "VER"}, {"SLP", "ZAC"}, {"SIN", "SON"}, {"TAB", "VER"},
        {"TAM", "VER"}};
    std::map<std::string, std::size_t> number;
    RegionProblem problem;
    for (const auto& [a, b] : borders) {
        const auto at = [&](const char* state) {
            return number.emplace(state, number.size()).first->second;
        };
        const auto i = at(a);
        problem.neighbours.emplace_back(i, at(b));
    }
    ASSERT_EQ(number.size(), 32U);
    for (unsigned seed = 1; seed <= 3; ++seed) {
        std::mt19937 random{seed};
        std::normal_distribution<double> value;
        problem.attributes.clear();
        for (int u = 0; u < 32; ++u)
            problem.attributes.push_back({value(random)});
        problem.floor_values.assign(32, 1);
        problem.floor = 4;
        problem.seed = seed;
        const auto found = max_p(problem, 32, {});
        EXPECT_EQ(found.count, 8) << seed;
        EXPECT_TRUE(contiguous(problem, found.region));
    }
}

} // namespace
} // namespace riskmap::zoning
