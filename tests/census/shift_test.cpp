// SPDX-License-Identifier: MIT
#include <riskmap/census/shift.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace riskmap::census {
namespace {

double metres(Point a, Point b) {
    return std::hypot((a.x - b.x) * 111320 * std::cos(a.y * 0.017453292519943295),
                      (a.y - b.y) * 111320);
}

TEST(Gcj02, IsThePublishedApproximation) {
    // Values that coordtransform (npm) prints for this place.
    const Point beijing = gcj02_of({116.404, 39.915});
    EXPECT_NEAR(beijing.x, 116.41024449916938, 1e-12);
    EXPECT_NEAR(beijing.y, 39.91640428150164, 1e-12);
    // Test vectors of eviltransform, whose formula takes another radius: a metre apart.
    EXPECT_LT(metres(gcj02_of({121.5272106, 31.1774276}), {121.531541859215, 31.17530398364597}),
              1);
    EXPECT_LT(metres(gcj02_of({113.912316, 22.543847}), {113.9171764808363, 22.540796131694766}),
              1);
    EXPECT_EQ(gcj02_of({10, 50}), (Point{10, 50}));
}

TEST(Gcj02, TheWayBackIsExactToAMillimetre) {
    for (double x = 74; x < 136; x += 1.7)
        for (double y = 18; y < 54; y += 1.3) {
            const Point place{x, y};
            EXPECT_LT(metres(true_place_of(gcj02_of(place)), place), 1e-3) << x << " " << y;
        }
}

TEST(Bd09, IsThePublishedFormula) {
    // What coordtransform (npm) gives for the GCJ-02 place 116.404, 39.915.
    const Point baidu = bd09_of(true_place_of({116.404, 39.915}));
    EXPECT_NEAR(baidu.x, 116.41036949371029, 1e-9);
    EXPECT_NEAR(baidu.y, 39.92133699351021, 1e-9);
    for (double x = 74; x < 136; x += 3.1)
        for (double y = 18; y < 54; y += 2.3)
            EXPECT_LT(metres(true_place_of_bd09(bd09_of({x, y})), {x, y}), 1e-3) << x << " " << y;
}

/// How far places are from where they were, as a misfit.
Misfit misfit_of(const std::vector<Point>& truth, const std::vector<Point>& seen) {
    return [=](const std::function<Point(Point)>& move) {
        double sum = 0;
        for (std::size_t i = 0; i < truth.size(); ++i)
            sum += std::min(1500.0, metres(truth[i], move(seen[i])));
        return sum / static_cast<double>(truth.size());
    };
}

TEST(Shift, IsToldApart) {
    std::vector<Point> truth, gcj, constant, noise;
    for (int i = 0; i < 50; ++i) {
        const Point p{120.1 + 0.013 * (i % 10), 29.5 + 0.09 * (i / 10)};
        truth.push_back(p);
        gcj.push_back(gcj02_of(p));
        constant.push_back({p.x + 0.0007, p.y - 0.0003});
        noise.push_back({p.x + 0.004 * std::sin(i * 7.1), p.y + 0.004 * std::cos(i * 3.3)});
    }
    const Point middle{120.15, 29.7};
    const auto as_is = study_shift(middle, misfit_of(truth, truth));
    EXPECT_FALSE(as_is.gcj02() || as_is.shifted());
    const auto shifted = study_shift(middle, misfit_of(truth, gcj));
    EXPECT_TRUE(shifted.gcj02());
    EXPECT_LT(shifted.without, 0.01);
    const Point there = gcj02_of(middle);
    EXPECT_NEAR(shifted.east, (there.x - middle.x) * 111320 * std::cos(middle.y * 0.0174532925),
                15);
    EXPECT_NEAR(shifted.north, (there.y - middle.y) * 111320, 15);
    const auto other = study_shift(middle, misfit_of(truth, constant));
    EXPECT_TRUE(other.shifted());
    EXPECT_FALSE(other.gcj02());
    EXPECT_NEAR(other.east, 0.0007 * 111320 * std::cos(middle.y * 0.0174532925), 1);
    EXPECT_NEAR(other.north, -0.0003 * 111320, 1);
    const auto random = study_shift(middle, misfit_of(truth, noise));
    EXPECT_FALSE(random.gcj02() || random.shifted());
}

} // namespace
} // namespace riskmap::census
