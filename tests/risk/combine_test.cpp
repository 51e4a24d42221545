// SPDX-License-Identifier: MIT
#include <riskmap/risk/assess.hpp>
#include <riskmap/risk/combine.hpp>

#include <cmath>

#include "support.hpp"

namespace riskmap::risk {
namespace {

double combine(const char* name, std::vector<double> indices, std::vector<double> weights) {
    return combination(name).combine(indices, weights);
}

TEST(Combine, EachMethodByHand) {
    const std::vector<double> w{0.25, 0.75};
    EXPECT_NEAR(combine("weighted-sum", {0.4, 0.8}, w), 0.7, 1e-12);
    EXPECT_NEAR(combine("max", {0.4, 0.8}, w), 0.8, 1e-12);
    EXPECT_NEAR(combine("geometric", {0.4, 0.8}, w), std::pow(0.4, 0.25) * std::pow(0.8, 0.75),
                1e-12);
    EXPECT_NEAR(combine("any", {0.4, 0.8}, w), 1 - 0.6 * 0.2, 1e-12);
    EXPECT_NEAR(combine("matrix", {0.5, 0.55}, w), 0.8, 1e-12); // 3 and 3 make 4
    EXPECT_NEAR(combine("matrix", {0.1, 0.55}, w), 0.6, 1e-12);
    EXPECT_EQ(combine("matrix", {0, 0}, w), 0);
    EXPECT_NEAR(combine("max", {0.9, 0.5}, {0, 1}), 0.5, 1e-12); // no weight, no say
}

TEST(Combine, NodataInAnyIsNodata) {
    for (const auto& method : combinations())
        EXPECT_TRUE(std::isnan(
            method.combine(std::vector<double>{0.5, test::none}, std::vector<double>{1, 0})))
            << method.name;
    for (const auto& form : risk_forms())
        EXPECT_TRUE(std::isnan(form.risk(test::none, 0, 1))) << form.name;
}

TEST(Combine, FormsOfRisk) {
    EXPECT_NEAR(risk_form("product").risk(0.5, 0.4, 0.5), 0.1, 1e-12);
    EXPECT_NEAR(risk_form("geometric-mean").risk(0.5, 0.4, 0.5), std::cbrt(0.1), 1e-12);
    EXPECT_NEAR(risk_form("sum").risk(0.5, 0.4, 0.6), 0.5, 1e-12);
    for (const auto& form : risk_forms())
        EXPECT_EQ(form.risk(0.5, 0, 0.5), 0) << form.name; // nothing exposed, no risk
    test::expect_error(ErrorKind::usage, "did you mean 'weighted-sum'",
                       [] { (void)combination("weighted_sum"); });
}

TEST(Assess, MatchesAScalarComputation) {
    const test::Folder folder;
    const auto h1 = test::ascii(3, "0.1 0.5 1");
    const auto h2 = test::ascii(3, "0.9 .   0.2");
    const auto e1 = test::ascii(3, "0.5 0.5 0");
    const auto e2 = test::ascii(3, "0.2 0.4 1");
    const auto v = test::ascii(3, "0.5 1 0.8");
    RiskModel model{{{h1, 0.6}, {h2, 0.4}}, {{e1, 0.7}, {e2, 0.3}}, v};
    raster::RasterSpec spec;
    spec.type = raster::CellType::float64;
    raster::Writer composite{folder / "c.tif", h1->grid(), spec};
    raster::Writer first{folder / "1.tif", h1->grid(), spec};
    raster::Writer second{folder / "2.tif", h1->grid(), spec};
    std::vector<raster::Writer*> single{&first, &second};
    assess(model, composite, single, {.threads = 2});
    composite.commit();
    first.commit();
    second.commit();
    const auto c = raster::Reader{folder / "c.tif"}.read(Window{0, 0, 3, 1});
    const double r1 = 0.1 * 0.5 * (0.7 * 0.5 + 0.3 * 0.2);
    const double r2 = 0.9 * 0.5 * (0.7 * 0.5 + 0.3 * 0.2);
    EXPECT_NEAR(c[0], 0.6 * r1 + 0.4 * r2, 1e-12);
    EXPECT_TRUE(std::isnan(c[1]));
    EXPECT_NEAR(c[2], 0.8 * 0.3 * (0.6 * 1 + 0.4 * 0.2), 1e-12);
    EXPECT_NEAR(raster::Reader{folder / "1.tif"}.read(Window{0, 0, 1, 1})[0], r1, 1e-12);
    EXPECT_NEAR(raster::Reader{folder / "2.tif"}.read(Window{0, 0, 1, 1})[0], r2, 1e-12);
}

} // namespace
} // namespace riskmap::risk
