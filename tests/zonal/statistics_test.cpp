// SPDX-License-Identifier: MIT
#include <riskmap/zonal/statistics.hpp>

#include <algorithm>
#include <map>
#include <random>

#include "support.hpp"

namespace riskmap::zonal {
namespace {

std::vector<double> ask(const raster::Source& values, const MultiPolygon& zone,
                        const std::string& statistics, const raster::Source* weights = nullptr,
                        unsigned threads = 1) {
    const std::vector<MultiPolygon> zones{zone};
    const Execution execution{.threads = threads};
    return zonal_statistics(values, cover(zones, values.grid(), execution),
                            parse_statistics(statistics), execution, weights)[0];
}

TEST(Statistics, CountEachCellWithItsShare) {
    const auto values = test::ascii(2, "1 3\n"
                                       ". 9\n");
    const auto zone = test::rectangle(values->grid(), 0.5, 0, 2, 1.5); // 0.5 1 / (0.25) 0.5
    const auto a = ask(*values, zone, "count,sum,mean,min,max,range,variety");
    EXPECT_NEAR(a[0], 2, 1e-12);
    EXPECT_NEAR(a[1], 0.5 + 3 + 4.5, 1e-12);
    EXPECT_NEAR(a[2], 4, 1e-12);
    EXPECT_EQ(a[3], 1);
    EXPECT_EQ(a[4], 9);
    EXPECT_EQ(a[5], 8);
    EXPECT_EQ(a[6], 3);
}

TEST(Statistics, MatchAPlainComputation) {
    std::mt19937 random{4};
    std::uniform_int_distribution<int> value{0, 9};
    std::vector<double> cells(700 * 600);
    for (auto& v : cells)
        v = random() % 11 == 0 ? test::none : value(random) + 1e6;
    const raster::InMemory values{test::grid(700, 600), cells};
    const auto zone = test::rectangle(values.grid(), 100, 50, 690, 590);
    double n = 0;
    double sum = 0;
    std::map<double, double> counts;
    for (std::int64_t r = 50; r < 590; ++r)
        for (std::int64_t c = 100; c < 690; ++c) {
            const double v = cells[static_cast<std::size_t>(r * 700 + c)];
            if (std::isnan(v))
                continue;
            ++n;
            sum += v;
            ++counts[v];
        }
    double squares = 0;
    for (const auto& [v, k] : counts)
        squares += k * (v - sum / n) * (v - sum / n);
    const auto most = std::max_element(counts.begin(), counts.end(),
                                       [](auto& a, auto& b) { return a.second < b.second; });
    const auto least = std::min_element(counts.begin(), counts.end(),
                                        [](auto& a, auto& b) { return a.second < b.second; });
    std::vector<double> first;
    for (const unsigned threads : {1U, 2U, 4U}) {
        const auto a = ask(values, zone, "count,sum,stdev,variance,majority,minority,variety",
                           nullptr, threads);
        EXPECT_NEAR(a[0], n, 1e-9);
        EXPECT_NEAR(a[1], sum, 1e-3);
        EXPECT_NEAR(a[2], std::sqrt(squares / n), 1e-9);
        EXPECT_NEAR(a[3], squares / n, 1e-9);
        EXPECT_EQ(a[4], most->first);
        EXPECT_EQ(a[5], least->first);
        EXPECT_EQ(a[6], 10);
        if (first.empty())
            first = a;
        EXPECT_EQ(a, first); // bit for bit, for any number of threads
    }
}

TEST(Statistics, QuantilesInterpolateAsType7) {
    const auto values = test::ascii(5, "1 2 3 4 10");
    const auto zone = test::rectangle(values->grid(), 0, 0, 5, 1);
    const auto a = ask(*values, zone, "median,quantile:0.25,quantile:0.9,q:1,q:0");
    EXPECT_NEAR(a[0], 3, 1e-12);
    EXPECT_NEAR(a[1], 2, 1e-12);
    EXPECT_NEAR(a[2], 4 + 0.6 * 6, 1e-12); // numpy.quantile([1,2,3,4,10], 0.9)
    EXPECT_EQ(a[3], 10);
    EXPECT_EQ(a[4], 1);
}

TEST(Statistics, QuantilesCountEachOfEqualCells) {
    // numpy.quantile([1]*3 + [2]*7, [0.5, 0.3, 0.25]) and of [1, 2, 2, 2, 10].
    const auto many = test::ascii(10, "1 2 2 1 2 2 2 2 1 2");
    const auto a = ask(*many, test::rectangle(many->grid(), 0, 0, 10, 1), "median,q:0.3,q:0.25");
    EXPECT_EQ(a[0], 2);
    EXPECT_NEAR(a[1], 1.7, 1e-9);
    EXPECT_NEAR(a[2], 1.25, 1e-9);
    const auto few = test::ascii(5, "2 1 2 10 2");
    const auto b = ask(*few, test::rectangle(few->grid(), 0, 0, 5, 1), "q:0.25,q:0.9,median");
    EXPECT_EQ(b[0], 2);
    EXPECT_NEAR(b[1], 2 + 0.6 * 8, 1e-9);
    EXPECT_EQ(b[2], 2);
}

TEST(Statistics, WeightedMeansPassOverCellsWithoutWeight) {
    const auto values = test::ascii(3, "1 2 4");
    const auto weights = test::ascii(3, "3 1 .");
    const auto a = ask(*values, test::rectangle(values->grid(), 0, 0, 3, 1),
                       "weighted_mean,weighted_sum,mean", weights.get());
    EXPECT_NEAR(a[0], 5.0 / 4, 1e-12);
    EXPECT_NEAR(a[1], 5, 1e-12);
    EXPECT_NEAR(a[2], 7.0 / 3, 1e-12);
}

TEST(Statistics, AZoneWithoutDataIsNotAZoneOfZeros) {
    const auto values = test::ascii(2, ". 0");
    const auto empty = ask(*values, test::rectangle(values->grid(), 0, 0, 1, 1), "count,sum,mean");
    EXPECT_EQ(empty[0], 0);
    EXPECT_TRUE(std::isnan(empty[1]) && std::isnan(empty[2]));
    const auto zero = ask(*values, test::rectangle(values->grid(), 1, 0, 2, 1), "count,sum,mean");
    EXPECT_EQ(zero[0], 1);
    EXPECT_EQ(zero[1], 0);
    EXPECT_EQ(zero[2], 0);
}

/// Ragged stars over a raster with nodata and values far from zero.
struct Survey {
    std::vector<MultiPolygon> zones;
    raster::InMemory values;

    explicit Survey(double centre) : values{test::grid(1500, 900), cells(centre)} {
        std::mt19937 random{12};
        std::uniform_real_distribution<double> share{0, 1};
        for (int z = 0; z < 12; ++z) {
            const double x = 1500 * share(random);
            const double y = 900 * share(random);
            MultiPolygon shape(1);
            for (int i = 0; i < 60; ++i) {
                const double r = 20 + 380 * share(random);
                shape[0].outer.push_back(values.grid().from_cells(
                    {x + r * std::cos(i * 0.10472), y - r * std::sin(i * 0.10472)}));
            }
            zones.push_back(std::move(shape));
        }
        zones.push_back(test::rectangle(values.grid(), -10, -10, 1600, 1000));  // covers all
        zones.push_back(test::rectangle(values.grid(), 7.25, 3.5, 7.75, 3.75)); // within a cell
    }
    static std::vector<double> cells(double centre) {
        std::mt19937 random{5};
        std::normal_distribution<double> noise;
        std::vector<double> out(1500 * 900);
        for (auto& v : out) {
            const double value = centre + std::round(noise(random) * 1e4) / 1e4;
            v = random() % 17 == 0 ? test::none : static_cast<double>(static_cast<float>(value));
        }
        return out;
    }
};

constexpr const char* twelve = "count,sum,mean,min,max,range,stdev,variance,median,majority,"
                               "minority,variety,quantile:0.9";

TEST(Statistics, AreTheSameBitsForAnyBlocksAndThreads) {
    const Survey survey{1000};
    const auto& grid = survey.values.grid();
    const auto coverages = cover(survey.zones, grid, {.threads = 2});
    const auto statistics = parse_statistics(twelve);
    const auto expected = zonal_statistics(survey.values, coverages, statistics, {.threads = 1});
    for (const std::int64_t rows : {1, 7, 100, 900})
        for (const unsigned threads : {1U, 3U}) {
            const test::Strips strips{survey.values, rows};
            ASSERT_NE(raster::reading_blocks(strips)[0].columns, 512);
            const auto found =
                zonal_statistics(strips, coverages, statistics, {.threads = threads});
            for (std::size_t z = 0; z < expected.size(); ++z)
                for (std::size_t s = 0; s < statistics.size(); ++s)
                    EXPECT_TRUE(found[z][s] == expected[z][s] ||
                                (std::isnan(found[z][s]) && std::isnan(expected[z][s])))
                        << z << " " << statistics[s].name << " " << rows << " " << threads;
        }
}

TEST(Statistics, OfValuesFarFromZeroMatchLongDoubles) {
    const Survey survey{1e6};
    const auto& grid = survey.values.grid();
    const auto coverages = cover(survey.zones, grid, {});
    const auto found = zonal_statistics(survey.values, coverages,
                                        parse_statistics("count,sum,mean,variance,median"), {});
    const auto cells = survey.values.read(grid.window());
    for (std::size_t z = 0; z < coverages.size(); ++z) {
        long double n = 0;
        long double sum = 0;
        long double squares = 0;
        std::vector<std::pair<double, double>> parts;
        for (const bool second : {false, true})
            coverages[z].visit(grid.window(), [&](std::int64_t r, std::int64_t c,
                                                  std::int64_t columns, double share) {
                for (std::int64_t k = c; k < c + columns; ++k) {
                    const double v = cells[static_cast<std::size_t>(r * 1500 + k)];
                    if (std::isnan(v))
                        continue;
                    if (second) {
                        squares += share * (v - sum / n) * (v - sum / n);
                        continue;
                    }
                    n += share;
                    sum += static_cast<long double>(share) * v;
                    parts.emplace_back(v, share);
                }
            });
        if (n == 0)
            continue;
        EXPECT_NEAR(found[z][0] / static_cast<double>(n), 1, 1e-12);
        EXPECT_NEAR(found[z][1] / static_cast<double>(sum), 1, 1e-12);
        EXPECT_NEAR(found[z][2] / static_cast<double>(sum / n), 1, 1e-12);
        EXPECT_NEAR(found[z][3], static_cast<double>(squares / n), 1e-6 * found[z][3] + 1e-9);
        // Half of the weight lies on either side of the median.
        double below = 0;
        double above = 0;
        for (const auto& [v, share] : parts)
            (v < found[z][4] ? below : above) += v == found[z][4] ? 0 : share;
        EXPECT_LE(below, static_cast<double>(n) / 2 + 1);
        EXPECT_LE(above, static_cast<double>(n) / 2 + 1);
    }
}

TEST(Statistics, OfSeveralRastersAreThoseOfEach) {
    const Survey near{3};
    const Survey far{500};
    const auto coverages = cover(near.zones, near.values.grid(), {});
    const auto statistics = parse_statistics("mean,max,variety");
    const raster::Source* const both[] = {&near.values, &far.values};
    const auto table = zonal_table(both, coverages, statistics, {});
    EXPECT_EQ(table.value_error, 0);
    const auto first = zonal_statistics(near.values, coverages, statistics, {});
    const auto second = zonal_statistics(far.values, coverages, statistics, {});
    for (std::size_t z = 0; z < coverages.size(); ++z)
        for (std::size_t s = 0; s < 3; ++s) {
            EXPECT_TRUE(table.rows[z][s] == first[z][s] || std::isnan(first[z][s]));
            EXPECT_TRUE(table.rows[z][3 + s] == second[z][s] || std::isnan(second[z][s]));
        }
}

TEST(Statistics, TellWhenMemoryIsNotForEveryValue) {
    const Survey survey{3};
    const auto coverages = cover(survey.zones, survey.values.grid(), {});
    const raster::Source* const values = &survey.values;
    const auto statistics = parse_statistics("median");
    const auto exact = zonal_table({&values, 1}, coverages, statistics, {});
    const auto small =
        zonal_table({&values, 1}, coverages, statistics, {.memory_bytes = 40'000'000});
    EXPECT_EQ(exact.value_error, 0);
    EXPECT_GT(small.value_error, 0);
    for (std::size_t z = 0; z < coverages.size(); ++z)
        EXPECT_TRUE(std::isnan(exact.rows[z][0]) ||
                    std::abs(small.rows[z][0] - exact.rows[z][0]) <= 2 * small.value_error);
    test::expect_error(ErrorKind::input, "--memory is too small", [&] {
        (void)zonal_table({&values, 1}, coverages, statistics, {.memory_bytes = 1'000'000});
    });
}

TEST(Statistics, RefuseWhatTheyDoNotKnow) {
    test::expect_error(ErrorKind::usage, "did you mean 'mean'",
                       [] { (void)parse_statistics("meen"); });
    test::expect_error(ErrorKind::usage, "0 to 1", [] { (void)parse_statistics("quantile:2"); });
    test::expect_error(ErrorKind::usage, "quantile", [] { (void)parse_statistics("quantile"); });
    const auto values = test::ascii(1, "1");
    test::expect_error(ErrorKind::usage, "weights", [&] {
        (void)ask(*values, test::rectangle(values->grid(), 0, 0, 1, 1), "weighted_mean");
    });
    const auto other = test::ascii(2, "1 2");
    test::expect_error(ErrorKind::input, "another grid", [&] {
        (void)ask(*values, test::rectangle(values->grid(), 0, 0, 1, 1), "weighted_mean",
                  other.get());
    });
}

TEST(Statistics, AWeightWithoutAValueCountsForNothing) {
    const auto values = test::ascii(3, "4 . 10 1 2 3");
    const auto weights = test::ascii(3, "1 5 . 0 0 0");
    const auto g = values->grid();
    const std::vector<MultiPolygon> zones{test::rectangle(g, 0, 0, 3, 1)};
    const auto found =
        zonal_statistics(*values, cover(zones, g, {}),
                         parse_statistics("weighted_mean,weighted_sum"), {}, weights.get());
    EXPECT_EQ(found[0][0], 4); // 10 has no weight, 5 weighs nothing
    EXPECT_EQ(found[0][1], 4);
}

TEST(Statistics, OfValuesThatWerePutTogetherNobodyKnowsTheMajority) {
    const auto g = test::grid(50, 20);
    std::vector<double> distinct;
    for (int i = 0; i < 1000; ++i)
        distinct.push_back(i * 1.37);
    const raster::InMemory values{g, distinct};
    const std::vector<MultiPolygon> zones(10, test::rectangle(g, 0, 0, 50, 20));
    Execution small;
    small.threads = 1;
    small.memory_bytes = 200'000; // room for some 350 distinct values of each zone
    const auto statistics = parse_statistics("majority,minority,variety,sum");
    const auto little = zonal_statistics(values, cover(zones, g, {}), statistics, small);
    for (int k = 0; k < 3; ++k)
        EXPECT_TRUE(std::isnan(little[0][static_cast<std::size_t>(k)])) << k;
    EXPECT_NEAR(little[0][3], 999 * 500 * 1.37, 1e-6);
    const auto enough = zonal_statistics(values, cover(zones, g, {}), statistics, {});
    EXPECT_EQ(enough[0][0], 0);
    EXPECT_EQ(enough[0][2], 1000);
}

} // namespace
} // namespace riskmap::zonal
