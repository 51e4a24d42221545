// SPDX-License-Identifier: MIT
#include <riskmap/raster/polygonise.hpp>

#include <map>
#include <random>

#include <riskmap/geo/topology.hpp>

#include "support.hpp"

namespace riskmap::raster {
namespace {

ClassGrid classes(std::int64_t columns, const std::string& text) {
    ClassGrid out;
    for (const double v : test::cells(text))
        out.values.push_back(std::isnan(v) ? 0 : static_cast<int>(v));
    out.grid = test::grid(columns, static_cast<std::int64_t>(out.values.size()) / columns);
    return out;
}

/// Smooth blobs of four classes with some nodata.
ClassGrid blobs(std::int64_t size, unsigned seed) {
    std::mt19937 random{seed};
    std::uniform_real_distribution<double> phase{0, 6.28};
    const double a = phase(random);
    const double b = phase(random);
    std::uniform_int_distribution<int> noise{0, 30};
    ClassGrid out{test::grid(size, size), {}};
    for (std::int64_t r = 0; r < size; ++r)
        for (std::int64_t c = 0; c < size; ++c) {
            const double v = std::sin(static_cast<double>(r) / 5 + a) +
                             std::cos(static_cast<double>(c) / 4 + b) +
                             std::sin(static_cast<double>(r + c) / 3);
            const int level = noise(random) == 0 ? 1 + noise(random) % 4
                                                 : static_cast<int>(std::floor(v + 3)) % 5;
            out.values.push_back(level);
        }
    return out;
}

TEST(Polygonise, AreasAreThoseOfTheCells) {
    const auto grid = classes(4, "1 1 2 2\n"
                                 "1 3 3 2\n"
                                 ". 3 1 1\n");
    std::map<int, double> area;
    for (const auto& polygons : polygonise(grid))
        area[polygons.value] = planar_area(polygons.shape);
    EXPECT_DOUBLE_EQ(area[1], 5);
    EXPECT_DOUBLE_EQ(area[2], 3);
    EXPECT_DOUBLE_EQ(area[3], 3);
    EXPECT_FALSE(area.contains(0));
}

TEST(Polygonise, KeepsHolesAndDiagonalCells) {
    const auto grid = classes(3, "1 1 1\n"
                                 "1 2 1\n"
                                 "1 1 1\n");
    const auto polygons = polygonise(grid);
    ASSERT_EQ(polygons[0].shape.size(), 1U);
    EXPECT_EQ(polygons[0].shape[0].holes.size(), 1U);
    const auto diagonal = polygonise(classes(2, "1 2\n2 1\n"));
    for (const auto& p : diagonal) {
        EXPECT_FALSE(find_flaw(p.shape));
        EXPECT_EQ(p.shape.size(), 2U);
    }
}

TEST(Polygonise, SimplifiedBordersLeaveNoGapsAndNoOverlaps) {
    for (const unsigned seed : {1U, 2U, 3U, 4U}) {
        const auto grid = blobs(60, seed);
        double whole = 0;
        for (const int v : grid.values)
            whole += v != 0 ? 1 : 0;
        for (const double tolerance : {0.0, 0.7, 1.5, 4.0}) {
            std::vector<MultiPolygon> shapes;
            double sum = 0;
            for (auto& polygons : polygonise(grid, tolerance)) {
                EXPECT_FALSE(find_flaw(polygons.shape)) << seed << " " << tolerance;
                sum += planar_area(polygons.shape);
                shapes.push_back(std::move(polygons.shape));
            }
            // Areas sum to the area of the union only if nothing overlaps; and the
            // union has the area of all classes only if the outline is their own.
            EXPECT_NEAR(sum, planar_area(dissolved(shapes)), 1e-6) << seed << " " << tolerance;
            for (std::size_t i = 0; i < shapes.size(); ++i)
                for (std::size_t j = i + 1; j < shapes.size(); ++j)
                    EXPECT_LT(common_area(shapes[i], shapes[j]), 1e-9);
            EXPECT_NEAR(sum / whole, 1, tolerance == 0 ? 1e-12 : 0.05);
        }
    }
}

TEST(Polygonise, FullRastersKeepTheirFrameAfterSimplification) {
    auto grid = blobs(50, 9);
    for (auto& v : grid.values)
        v = v == 0 ? 1 : v;
    double sum = 0;
    std::vector<MultiPolygon> shapes;
    for (auto& polygons : polygonise(grid, 2)) {
        sum += planar_area(polygons.shape);
        shapes.push_back(std::move(polygons.shape));
    }
    EXPECT_NEAR(sum, 2500, 1e-6);
    EXPECT_NEAR(planar_area(dissolved(shapes)), 2500, 1e-6);
}

TEST(Sieve, SmallPatchesJoinTheirLargestNeighbour) {
    auto grid = classes(5, "1 1 1 1 1\n"
                           "1 2 1 3 3\n"
                           "1 1 1 3 3\n"
                           ". . 1 3 3\n");
    sieve(grid, 3);
    EXPECT_EQ(grid.values[6], 1);
    EXPECT_EQ(grid.values[8], 3);
    EXPECT_EQ(grid.values[15], 0); // nodata stays
}

} // namespace
} // namespace riskmap::raster
