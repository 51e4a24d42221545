// SPDX-License-Identifier: MIT
#include <riskmap/geo/grid.hpp>

#include "support.hpp"

namespace riskmap {
namespace {

TEST(Grid, CoversAnExtentFromAMultipleOfTheCell) {
    const auto g = Grid::covering(Crs::parse("EPSG:4549"), {101, 205, 398, 402}, 100);
    EXPECT_EQ(g.left, 100);
    EXPECT_EQ(g.top, 500);
    EXPECT_EQ(g.columns, 3);
    EXPECT_EQ(g.rows, 3);
    // A border on a cell edge, but for rounding, adds no row.
    const auto exact = Grid::covering(g.crs, {100, 200, 400 + 1e-9, 500}, 100);
    EXPECT_EQ(exact.columns, 3);
}

TEST(Grid, RefusesNonsense) {
    const auto crs = Crs::parse("EPSG:4549");
    test::expect_error(ErrorKind::input, "not a positive number", [&] {
        (void)Grid::covering(crs, {0, 0, 1, 1}, 0);
    });
    test::expect_error(ErrorKind::input, "too large", [&] {
        (void)Grid::covering(crs, {0, 0, 1e9, 1e9}, 0.001);
    });
    test::expect_error(ErrorKind::input, "empty", [&] { (void)Grid::covering(crs, {}, 1); });
}

TEST(Grid, FindsTheCellsABoxTouches) {
    const auto g = test::grid(10, 10);
    EXPECT_EQ(g.touching({550001.5, 3300001.5, 550002.5, 3300002.5}), (Window{1, 7, 2, 2}));
    EXPECT_TRUE(g.touching({0, 0, 1, 1}).empty());
}

TEST(Grid, TellsEqualGridsFromShiftedOnes) {
    auto a = test::grid(10, 10);
    auto b = a;
    EXPECT_TRUE(a.matches(b));
    b.left += 0.5;
    EXPECT_FALSE(a.matches(b));
    b = a;
    b.crs = Crs::parse("EPSG:4548");
    EXPECT_FALSE(a.matches(b));
}

TEST(Grid, BlocksTileItOnce) {
    std::size_t cells = 0;
    for (const auto& block : blocks_of(test::grid(1000, 700).window(), 256))
        cells += block.size();
    EXPECT_EQ(cells, 700000U);
}

TEST(Crs, ReadsCodesAndRefusesOthers) {
    EXPECT_EQ(Crs::parse("EPSG:4549").name(), "EPSG:4549");
    EXPECT_TRUE(Crs::parse("EPSG:4490").geographic());
    EXPECT_DOUBLE_EQ(Crs::parse("EPSG:4549").metres_per_unit(), 1);
    test::expect_error(ErrorKind::input, "EPSG:4549", [] { (void)Crs::parse("Shaoxing"); });
}

TEST(Crs, TransformsBetweenDegreesAndGaussKruger) {
    const CrsTransform transform{Crs::parse("EPSG:4490"), Crs::parse("EPSG:4549")};
    const Point p = transform.apply(Point{120, 30});
    EXPECT_NEAR(p.x, 500000, 1e-6);      // the central meridian
    EXPECT_NEAR(p.y, 3320113.398, 0.01); // meridian arc to 30 N on GRS 80
}

TEST(Grid, ACutOneLiesWhereItsCellsLay) {
    const auto grid = test::grid(10, 8, 5);
    const auto part = grid.cut({3, 2, 4, 5});
    EXPECT_EQ(part.columns, 4);
    EXPECT_EQ(part.rows, 5);
    for (const auto& [column, row] : {std::pair{0, 0}, {3, 4}, {2, 1}})
        EXPECT_EQ(part.centre(column, row), grid.centre(column + 3, row + 2));
    EXPECT_EQ(part.extent().top, grid.extent_of({3, 2, 4, 5}).top);
}

} // namespace
} // namespace riskmap
