// SPDX-License-Identifier: MIT
#include <riskmap/zonal/rasterise.hpp>

#include <numeric>

#include <riskmap/zonal/statistics.hpp>

#include "support.hpp"

namespace riskmap::zonal {
namespace {

std::vector<Coverage> covers(const Grid& grid, const std::vector<MultiPolygon>& shapes) {
    return cover(shapes, grid, {.threads = 1});
}

TEST(Rasterise, MeansOfPolygonsByArea) {
    const auto g = test::grid(3, 1);
    const auto out = polygon_means(covers(g, {test::rectangle(g, 0, 0, 1.25, 1),
                                              test::rectangle(g, 1.25, 0, 2.25, 1)}),
                                   {4, 8}, g)
                         ->read(g.window());
    EXPECT_NEAR(out[0], 4, 1e-9);
    EXPECT_NEAR(out[1], 0.25 * 4 + 0.75 * 8, 1e-9);
    EXPECT_TRUE(std::isnan(out[2])); // a quarter is less than half
}

TEST(Rasterise, AreasInTrueSquareMetres) {
    const auto g = test::grid(2, 1, 100);
    const auto out =
        polygon_areas(covers(g, {test::rectangle(g, 0, 0, 0.5, 1)}), g)->read(g.window());
    EXPECT_NEAR(out[0], 5000, 1);
    EXPECT_LT(out[0], 5000); // 50 km off the meridian the map is too large
    EXPECT_EQ(out[1], 0);
}

TEST(Rasterise, UnitsTakeTheCellsTheyHaveMostOf) {
    const auto g = test::grid(4, 1);
    const auto out =
        unit_cells(
            covers(g, {test::rectangle(g, 0, 0, 1.4, 1), test::rectangle(g, 1.4, 0, 2.6, 1)}), g)
            ->read(g.window());
    EXPECT_EQ(out[0], 1);
    EXPECT_EQ(out[1], 2);
    EXPECT_EQ(out[2], 2);
    EXPECT_TRUE(std::isnan(out[3]));
}

TEST(Rasterise, PointsOnEdgesBelongToTheEastAndTheSouth) {
    const auto g = test::grid(2, 2);
    const std::vector<Point> points{g.from_cells({1, 1}),  g.from_cells({0.5, 0.5}),
                                    g.from_cells({0, 0}),  g.from_cells({2, 1}),
                                    g.from_cells({-1, 0}), g.from_cells({0.5, 2}),
                                    g.from_cells({1, 0.5})};
    const std::vector<double> values{1, 10, 100, 1000, 1000, 1000, 5};
    const auto out = point_sums(points, values, g)->read(g.window());
    EXPECT_EQ(out, (std::vector<double>{110, 5, 0, 1}));
}

TEST(Rasterise, LinesKeepTheirLength) {
    const auto g = test::grid(10, 10, 100);
    const std::vector<LineString> lines{
        {g.from_cells({0.5, 0.5}), g.from_cells({9.5, 0.5}), g.from_cells({9.5, 9.5})}};
    const auto out = line_lengths(lines, g)->read(g.window());
    // 1800 m on the map; 50 km off the meridian the map is long by (d/R)^2/2.
    EXPECT_NEAR(std::accumulate(out.begin(), out.end(), 0.0), 1800 / (1 + 3.1e-5), 0.02);
    EXPECT_NEAR(out[1], 100, 0.01);
    EXPECT_NEAR(out[9], 100, 0.01); // in from the left, out downwards
    EXPECT_EQ(out[11], 0);
    // A line from far beyond the grid counts only where it crosses it.
    const std::vector<LineString> far{{g.from_cells({-1e12, 4.5}), g.from_cells({1e12, 4.5})}};
    const auto crossed = line_lengths(far, g)->read(g.window());
    EXPECT_NEAR(crossed[40], 100, 0.01);
    EXPECT_NEAR(crossed[49], 100, 0.01);
    EXPECT_EQ(crossed[50], 0);
}

TEST(Rasterise, DownscalingKeepsTheTotalsOfUnits) {
    const auto g = test::grid(4, 2);
    const auto weights = test::ascii(4, "1 0 2 .\n"
                                        "1 0 2 .\n");
    const std::vector<MultiPolygon> units{test::rectangle(g, 0, 0, 1.5, 2),
                                          test::rectangle(g, 1.5, 0, 3, 2),
                                          test::rectangle(g, 3, 0, 4, 2)};
    const std::vector<double> totals{100, 60, 8};
    const auto out = downscaled(covers(g, units), totals, weights, {.threads = 1});
    const auto cells = out->read(g.window());
    EXPECT_NEAR(cells[0], 50, 1e-12); // all weight of the first unit is in column 0
    EXPECT_NEAR(cells[1], 0, 1e-12);
    EXPECT_NEAR(cells[2], 30, 1e-12);
    EXPECT_NEAR(cells[3], 4, 1e-12); // no weight known: spread evenly
    EXPECT_NEAR(std::accumulate(cells.begin(), cells.end(), 0.0), 168, 168e-9);
}

TEST(Rasterise, ACellCutInHalvesBelongsToTheFirstUnit) {
    const auto g = test::grid(3, 1);
    const auto west = test::rectangle(g, 0, 0, 1.5, 1);
    const auto east = test::rectangle(g, 1.5, 0, 3, 1);
    EXPECT_EQ(unit_cells(covers(g, {west, east}), g)->read(g.window()),
              (std::vector<double>{1, 1, 2}));
    EXPECT_EQ(unit_cells(covers(g, {east, west}), g)->read(g.window()),
              (std::vector<double>{2, 1, 1}));
}

TEST(Rasterise, AMeanIsThatOfWhatIsCoveredAndKnown) {
    const auto g = test::grid(2, 1);
    const auto out =
        polygon_means(
            covers(g, {test::rectangle(g, 0, 0, 0.75, 1), test::rectangle(g, 0.75, 0, 1, 1),
                       test::rectangle(g, 1, 0, 1.4, 1), test::rectangle(g, 1.4, 0, 2, 1)}),
            {8, test::none, 2, test::none}, g)
            ->read(g.window());
    EXPECT_NEAR(out[0], 8, 1e-12);
    EXPECT_TRUE(std::isnan(out[1])); // only two fifths of it are known
}

} // namespace
} // namespace riskmap::zonal
