// SPDX-License-Identifier: MIT
#include <riskmap/risk/damage.hpp>

#include <cmath>

#include "support.hpp"

namespace riskmap::risk {
namespace {

TEST(Damage, CurvesAtTheirPublishedPoints) {
    const auto flood = DamageCurve::parse("flood-depth-residential-asia");
    EXPECT_EQ(flood(-1), 0);
    EXPECT_NEAR(flood(0.5), 0.33, 1e-12); // Huizinga et al. 2017
    EXPECT_NEAR(flood(2.5), 0.795, 1e-12);
    EXPECT_EQ(flood(50), 1);
    const auto wind = DamageCurve::parse("wind-emanuel");
    EXPECT_EQ(wind(25.7), 0);
    EXPECT_NEAR(wind(74.7), 0.5, 1e-12); // one half at v_half, by definition
    EXPECT_NEAR(DamageCurve::parse("wind-emanuel:60")(60), 0.5, 1e-12);
    const auto shaking = DamageCurve::parse("shaking-lognormal:0.3:0.6");
    EXPECT_NEAR(shaking(0.3), 0.5, 1e-12);                        // the median
    EXPECT_NEAR(shaking(0.3 * std::exp(0.6)), 0.841344746, 1e-9); // one sigma
    EXPECT_EQ(shaking(0), 0);
    EXPECT_TRUE(std::isnan(flood(test::none)));
}

TEST(Damage, CurvesFromAFile) {
    const test::Folder folder;
    test::write_text(folder / "c.csv", "intensity,damage\n0,0\n2,0.5\n4,1\n");
    EXPECT_NEAR(DamageCurve::parse("c.csv", folder.path())(3), 0.75, 1e-12);
    test::write_text(folder / "falls.csv", "intensity,damage\n0,0.5\n2,0.1\n");
    test::expect_error(ErrorKind::input, "does not rise",
                       [&] { (void)DamageCurve::parse("falls.csv", folder.path()); });
    test::write_text(folder / "more.csv", "intensity,damage\n0,0\n2,1.5\n");
    test::expect_error(ErrorKind::input, "outside 0 to 1",
                       [&] { (void)DamageCurve::parse("more.csv", folder.path()); });
    test::expect_error(ErrorKind::usage, "did you mean 'wind-emanuel'",
                       [] { (void)DamageCurve::parse("wind-emanual"); });
}

/// The integral over p by brute force: a million slices of probability.
double by_slices(double t0, double t1, double v0, double v1, bool log) {
    double sum = 0;
    constexpr int n = 1000000;
    for (int i = 0; i < n; ++i) {
        const double p = 1 / t1 + (1 / t0 - 1 / t1) * (i + 0.5) / n;
        const double s = log ? std::log(1 / p / t0) / std::log(t1 / t0) : (1 / p - t0) / (t1 - t0);
        sum += (v0 + s * (v1 - v0)) * (1 / t0 - 1 / t1) / n;
    }
    return sum;
}

TEST(ExpectedAnnual, ByHand) {
    const std::vector<double> periods{10, 100};
    const std::vector<double> values{2, 6};
    // (0.1 - 0.01) x 4 + 0.01 x 6, the rarest held down to p = 0.
    EXPECT_NEAR(expected_annual(periods, values, annual_rule("trapezoid")), 0.42, 1e-12);
    EXPECT_NEAR(expected_annual(periods, values, annual_rule("step")), 0.09 * 2 + 0.06, 1e-12);
    EXPECT_NEAR(expected_annual(periods, values, annual_rule("log-linear")),
                by_slices(10, 100, 2, 6, true) + 0.06, 1e-9);
    EXPECT_NEAR(expected_annual(periods, values, annual_rule("linear")),
                by_slices(10, 100, 2, 6, false) + 0.06, 1e-9);
}

TEST(ExpectedAnnual, OfOneMapIsItsShareOfAYear) {
    EXPECT_NEAR(
        expected_annual(std::vector<double>{50}, std::vector<double>{5}, annual_rule("trapezoid")),
        0.1, 1e-12);
    EXPECT_TRUE(std::isnan(expected_annual(
        std::vector<double>{5, 10}, std::vector<double>{test::none, 1}, annual_rule("trapezoid"))));
    test::expect_error(ErrorKind::usage, "did you mean 'trapezoid'",
                       [] { (void)annual_rule("trapeziod"); });
}

} // namespace
} // namespace riskmap::risk
