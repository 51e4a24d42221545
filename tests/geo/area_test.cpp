// SPDX-License-Identifier: MIT
#include <riskmap/geo/grid.hpp>
#include <riskmap/geo/length.hpp>

#include "support.hpp"

namespace riskmap {
namespace {

Grid grid_in(const char* crs, double left, double top, double cell) {
    Grid g;
    g.crs = Crs::parse(crs);
    g.left = left;
    g.top = top;
    g.cell_width = g.cell_height = cell;
    g.columns = 50;
    g.rows = 40;
    return g;
}

/// Cell areas are computed from the Jacobian of the projection, the area of a
/// polygon from geodesics: two independent ways to the same number.
void expect_sum_is_area_of_extent(const Grid& g, double tolerance) {
    const CellAreas areas{g};
    double sum = 0;
    for (std::int64_t r = 0; r < g.rows; ++r)
        for (std::int64_t c = 0; c < g.columns; ++c)
            sum += areas.at(c, r);
    // Many vertices: straight in the projection is not straight on the earth.
    Ring ring;
    const Box box = g.extent();
    constexpr int n = 200;
    const Point corners[5] = {{box.left, box.bottom},
                              {box.right, box.bottom},
                              {box.right, box.top},
                              {box.left, box.top},
                              {box.left, box.bottom}};
    for (int side = 0; side < 4; ++side)
        for (int i = 0; i < n; ++i) {
            const double t = static_cast<double>(i) / n;
            ring.push_back({corners[side].x + t * (corners[side + 1].x - corners[side].x),
                            corners[side].y + t * (corners[side + 1].y - corners[side].y)});
        }
    EXPECT_NEAR(sum / true_area({{ring, {}}}, g.crs), 1, tolerance) << g.describe();
}

TEST(CellAreas, SumToTheAreaOfTheExtent) {
    expect_sum_is_area_of_extent(grid_in("EPSG:4549", 490000, 3350000, 2000), 1e-7);
    expect_sum_is_area_of_extent(grid_in("EPSG:4490", 119.8, 30.3, 0.02), 1e-6);
    expect_sum_is_area_of_extent(grid_in("EPSG:32748", 690000, 9320000, 1000), 1e-7);
    expect_sum_is_area_of_extent(grid_in("EPSG:3857", 13323000, 3560000, 2446), 1e-6);
}

TEST(CellAreas, KnowTheScaleOfTheProjection) {
    // On the central meridian of a Gauss-Kruger zone the scale is 1; 70 km off,
    // areas on the map are larger by (d/R)^2 = 1.2e-4.
    const Grid g = grid_in("EPSG:4549", 500000, 3300000, 100);
    EXPECT_NEAR(CellAreas{g}.at(0, 0), 10000, 0.01);
    const Grid off = grid_in("EPSG:4549", 570000, 3300000, 100);
    EXPECT_NEAR(10000 / CellAreas{off}.at(0, 0), 1 + 70e3 * 70e3 / (6.371e6 * 6.371e6), 3e-6);
    // Web Mercator stretches by 1 / cos^2(latitude).
    const Grid web = grid_in("EPSG:3857", 13323000, 3560000, 100);
    EXPECT_NEAR(CellAreas{web}.at(0, 0) / 10000, std::pow(std::cos(30.42 * M_PI / 180), 2), 0.005);
}

TEST(TrueArea, OfOneDegreeAtTheEquator) {
    // 12 308.8 km2 on GRS 80: a^2 (1 - e^2) ... integrated, Snyder 1987 eq. 3-12.
    const MultiPolygon square{{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}, {}}};
    EXPECT_NEAR(true_area(square, Crs::parse("EPSG:4490")) * 1e-6, 12308.8, 0.6);
}

TEST(TrueLengths, AlongAMeridian) {
    // One degree of latitude from the equator: 110 574.4 m.
    EXPECT_NEAR(TrueLengths{Crs::wgs84()}({10, 0}, {10, 1}), 110574.4, 0.1);
}

TEST(TrueArea, OfAShapeWithAHoleLeavesTheHoleOut) {
    const auto crs = Crs::parse("EPSG:4549");
    const auto square = [](double from, double to) {
        return Ring{{550000 + from, 3300000 + from},
                    {550000 + to, 3300000 + from},
                    {550000 + to, 3300000 + to},
                    {550000 + from, 3300000 + to}};
    };
    const double whole = true_area({{square(0, 10000), {}}}, crs);
    const double hole = true_area({{square(3000, 5000), {}}}, crs);
    EXPECT_NEAR(hole, 4e6, 4e3);
    EXPECT_NEAR(true_area({{square(0, 10000), {square(3000, 5000)}}}, crs), whole - hole, 1);
}

TEST(Geometry, HolesAreOutside) {
    const Ring outer{{0, 0}, {10, 0}, {10, 10}, {0, 10}};
    const Ring hole{{6, 4}, {9, 4}, {9, 6}, {6, 6}};
    const MultiPolygon shape{{outer, {hole}}};
    EXPECT_TRUE(contains(shape, {2, 5}));
    EXPECT_FALSE(contains(shape, {7, 5}));
    EXPECT_FALSE(contains(shape, {12, 5}));
    // The moments of 100 at (5, 5) less those of 6 at (7.5, 5), over 94, whichever way rings run.
    for (const bool turned : {false, true}) {
        auto ring = hole;
        if (turned)
            std::reverse(ring.begin(), ring.end());
        const auto middle = centroid({{outer, {ring}}});
        EXPECT_NEAR(middle.x, (500 - 45) / 94.0, 1e-12);
        EXPECT_NEAR(middle.y, 5, 1e-12);
    }
}

} // namespace
} // namespace riskmap
