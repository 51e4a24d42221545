// SPDX-License-Identifier: MIT
#include <riskmap/zoning/quality.hpp>

#include <random>

#include "support.hpp"

namespace riskmap::zoning {
namespace {

TEST(Geodetector, ByHand) {
    // Zones {1 2 3} and {7 8 9}: within 2 + 2, total 58; q = 1 - 4/58.
    const std::vector<double> values{1, 2, 3, 7, 8, 9};
    const std::vector<int> zone{0, 0, 0, 1, 1, 1};
    const auto found = geodetector(values, zone);
    EXPECT_NEAR(found.q, 1 - 4.0 / 58, 1e-12);
    EXPECT_NEAR(found.f, 4.0 / 1 * found.q / (1 - found.q), 1e-9);
    // lambda = (4 + 64 - (sqrt(3) 10)^2 / 6) / (58/6); the tail checked below.
    EXPECT_GT(found.p_value, 0);
    EXPECT_LT(found.p_value, 0.05);
}

TEST(Geodetector, PValueIsTheTailOfANonCentralF) {
    // The same tail by simulation: chi-square with a shift over chi-square.
    const std::vector<double> values{1, 2, 6, 3, 5, 9, 4, 4};
    const std::vector<int> zone{0, 0, 0, 0, 1, 1, 1, 1};
    const auto found = geodetector(values, zone);
    const double mean0 = 3;
    const double mean1 = 5.5;
    double variance = 0;
    for (const double v : values)
        variance += (v - 4.25) * (v - 4.25) / 8;
    const double shift =
        (mean0 * mean0 + mean1 * mean1 - (2 * mean0 + 2 * mean1) * (2 * mean0 + 2 * mean1) / 8) /
        variance;
    std::mt19937 random{7};
    std::normal_distribution<double> normal;
    int above = 0;
    constexpr int draws = 200000;
    for (int i = 0; i < draws; ++i) {
        const double top = normal(random) + std::sqrt(shift);
        double bottom = 0;
        for (int k = 0; k < 6; ++k) {
            const double z = normal(random);
            bottom += z * z;
        }
        above += top * top / (bottom / 6) > found.f ? 1 : 0;
    }
    EXPECT_NEAR(found.p_value, static_cast<double>(above) / draws, 0.006);
}

TEST(Geodetector, SaysNothingWhereThereIsNothingToSay) {
    EXPECT_EQ(geodetector(std::vector<double>{1, 2}, std::vector<int>{0, 0}).p_value, 1);
    EXPECT_EQ(geodetector(std::vector<double>{3, 3, 3}, std::vector<int>{0, 1, 1}).q, 0);
    EXPECT_EQ(geodetector({}, {}).p_value, 1);
    const auto part =
        geodetector(std::vector<double>{1, test::none, 2, 8, 9}, std::vector<int>{0, 0, 0, 1, 1});
    EXPECT_NEAR(part.q, 1 - 1.0 / 50, 1e-12);
}

} // namespace
} // namespace riskmap::zoning
