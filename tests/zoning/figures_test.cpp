// SPDX-License-Identifier: MIT
#include <riskmap/zoning/figures.hpp>

#include <riskmap/zonal/statistics.hpp>

#include "support.hpp"

namespace riskmap::zoning {
namespace {

TEST(Figures, OfTwoUnitsByHand) {
    FigureLayers layers;
    layers.composite = test::ascii(4, "0.2 0.4 . .");
    layers.levels = test::ascii(4, "1 3 . .");
    layers.hazards = {test::ascii(4, "0.1 0.3 . ."), test::ascii(4, "0.6 0.2 . .")};
    layers.hazard_weights = {0.5, 0.5};
    layers.people = test::ascii(4, "30 10 5 0");
    layers.summed = {{"people", layers.people}};
    layers.height = test::ascii(4, "10 110 50 50");
    const Grid g = layers.composite->grid();
    const std::vector<MultiPolygon> shapes{test::rectangle(g, 0, 0, 2, 1),
                                           test::rectangle(g, 2, 0, 4, 1)};
    const auto units = unit_figures(layers, zonal::cover(shapes, g, {}), {.threads = 1});
    const auto& a = units[0];
    EXPECT_NEAR(a.risk_mean, 0.3, 1e-12);
    EXPECT_NEAR(a.risk_weighted, 0.25, 1e-12); // (30 x 0.2 + 10 x 0.4) / 40
    EXPECT_NEAR(a.risk_max, 0.4, 1e-12);
    EXPECT_NEAR(a.area_share[0], 0.5, 1e-12);
    EXPECT_NEAR(a.people_share[2], 0.25, 1e-12);
    EXPECT_NEAR(a.hazard_share[0], 0.2 / 0.6, 1e-12);
    EXPECT_NEAR(a.sums[0], 40, 1e-12);
    EXPECT_NEAR(a.height_mean, 60, 1e-12);
    EXPECT_NEAR(a.relief, 90, 1e-9); // 5 % to 95 % of 10..110
    const auto& b = units[1];        // no risk known there: no data, not zero
    EXPECT_TRUE(std::isnan(b.risk_mean) && std::isnan(b.hazard_share[0]));
    EXPECT_NEAR(b.sums[0], 5, 1e-12);
    const std::vector<double> breaks{0.1, 0.25, 0.5};
    EXPECT_EQ(unit_level(a, breaks, UnitLevelRule::parse("mean")), 2);
    EXPECT_EQ(unit_level(a, breaks, UnitLevelRule::parse("share:0.5")), 3);
    EXPECT_EQ(unit_level(a, breaks, UnitLevelRule::parse("share:0.6")), 1);
    EXPECT_EQ(unit_level(b, breaks, UnitLevelRule::parse("mean")), 0);
    test::expect_error(ErrorKind::input, "share:0.2",
                       [] { (void)UnitLevelRule::parse("share:2"); });
}

} // namespace
} // namespace riskmap::zoning
