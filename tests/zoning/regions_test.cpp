// SPDX-License-Identifier: MIT
#include <riskmap/zoning/regions.hpp>

#include <algorithm>
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
    test::expect_error(ErrorKind::infeasible, "at most 3 regions",
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

} // namespace
} // namespace riskmap::zoning
