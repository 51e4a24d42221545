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

} // namespace
} // namespace riskmap::zonal
