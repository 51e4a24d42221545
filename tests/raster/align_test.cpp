// SPDX-License-Identifier: MIT
#include <riskmap/raster/align.hpp>

#include <numeric>
#include <random>

#include "support.hpp"

namespace riskmap::raster {
namespace {

using test::none;

double total(const Source& source) {
    double sum = 0;
    for (const double v : source.read(source.grid().window()))
        sum += std::isnan(v) ? 0 : v;
    return sum;
}

std::shared_ptr<const Source> random_counts(const Grid& grid) {
    std::mt19937 random{3};
    std::exponential_distribution<double> people{0.01};
    std::vector<double> values(grid.window().size());
    for (auto& v : values)
        v = random() % 7 == 0 ? none : people(random);
    return std::make_shared<InMemory>(grid, std::move(values));
}

Grid degrees(double left, double top, double cell, std::int64_t columns, std::int64_t rows) {
    Grid g;
    g.crs = Crs::parse("EPSG:4490");
    g.left = left;
    g.top = top;
    g.cell_width = g.cell_height = cell;
    g.columns = columns;
    g.rows = rows;
    return g;
}

TEST(Align, KeepsTheTotalOfCounts) {
    const auto source = random_counts(degrees(120.5, 29.9, 0.01, 20, 20));
    for (const double cell : {37.0, 130.0, 5000.0}) {
        const auto target =
            Grid::covering(Crs::parse("EPSG:4549"), {540000, 3280000, 580000, 3315000}, cell);
        const auto out = aligned(source, target, {.kind = Kind::counts});
        EXPECT_NEAR(total(*out) / total(*source), 1, 1e-9) << cell;
    }
    auto shifted = test::grid(50, 50, 100);
    shifted.left += 33;
    shifted.top += 71;
    const auto planar = random_counts(shifted);
    const auto out = aligned(planar, test::grid(70, 70, 80), {.kind = Kind::counts});
    EXPECT_NEAR(total(*out) / total(*planar), 1, 1e-9);
}

TEST(Align, SplitsACountByArea) {
    const auto source = test::ascii(1, "8", 2);
    const auto out = aligned(source, test::grid(2, 2, 1), {.kind = Kind::counts});
    EXPECT_EQ(out->read({0, 0, 2, 2}), (std::vector<double>{2, 2, 2, 2}));
}

TEST(Align, AveragesByAreaAndWantsHalfTheCell) {
    const auto source = test::ascii(4, "1 3 . .\n"
                                       "5 7 . 4\n");
    const auto out = aligned(source, test::grid(2, 1, 2), {.kind = Kind::continuous});
    const auto values = out->read({0, 0, 2, 1});
    EXPECT_DOUBLE_EQ(values[0], 4);
    EXPECT_TRUE(std::isnan(values[1])); // one cell of four
    const auto lenient =
        aligned(source, test::grid(2, 1, 2), {.kind = Kind::continuous, .valid_share = 0.25});
    EXPECT_DOUBLE_EQ(lenient->read({0, 0, 2, 1})[1], 4);
}

TEST(Align, TakesTheClassWithMostArea) {
    const auto source = test::ascii(4, "1 1 2 2\n"
                                       "1 2 1 3\n");
    const auto out = aligned(source, test::grid(2, 1, 2), {.kind = Kind::classes});
    EXPECT_EQ(out->read({0, 0, 2, 1}), (std::vector<double>{1, 2}));
}

TEST(Align, InterpolatesAPlaneExactly) {
    // Bilinear interpolation of a linear function is that function.
    const Grid coarse = test::grid(20, 20, 100);
    std::vector<double> plane;
    for (std::int64_t r = 0; r < 20; ++r)
        for (std::int64_t c = 0; c < 20; ++c) {
            const Point p = coarse.centre(c, r);
            plane.push_back(2 * (p.x - 550000) - 3 * (p.y - 3300000));
        }
    const auto source = std::make_shared<InMemory>(coarse, plane);
    Grid fine = test::grid(60, 60, 10);
    fine.left += 300;
    fine.top = 3300000 + 900;
    const auto out = aligned(source, fine, {.kind = Kind::continuous});
    const auto values = out->read(fine.window());
    for (std::int64_t r = 0; r < 60; r += 7)
        for (std::int64_t c = 0; c < 60; c += 7) {
            const Point p = fine.centre(c, r);
            EXPECT_NEAR(values[static_cast<std::size_t>(r * 60 + c)],
                        2 * (p.x - 550000) - 3 * (p.y - 3300000), 1e-6);
        }
}

TEST(Align, LeavesNodataBeyondTheSource) {
    const auto out = aligned(test::ascii(2, "1 2 3 4"), test::grid(4, 4, 1), {});
    const auto values = out->read({0, 0, 4, 4});
    EXPECT_TRUE(std::isnan(values[0]));
    EXPECT_EQ(values[8], 1); // third row, first column
}

TEST(Align, BlocksOfAnySizeSeeTheSameValues) {
    const auto source = random_counts(degrees(120.5, 29.9, 0.01, 20, 20));
    const auto target =
        Grid::covering(Crs::parse("EPSG:4549"), {548000, 3288000, 566000, 3307000}, 100);
    for (const auto kind : {Kind::counts, Kind::continuous, Kind::classes}) {
        const auto view = aligned(source, target, {.kind = kind});
        const auto whole = view->read(target.window());
        for (const auto& block : blocks_of(target.window(), 37)) {
            const auto part = view->read(block);
            for (std::int64_t r = 0; r < block.rows; ++r)
                for (std::int64_t c = 0; c < block.columns; ++c) {
                    const double a = part[static_cast<std::size_t>(r * block.columns + c)];
                    const double b = whole[static_cast<std::size_t>(
                        (block.row + r) * target.columns + block.column + c)];
                    ASSERT_TRUE(a == b || (std::isnan(a) && std::isnan(b)))
                        << name_of(kind) << " " << a << " " << b;
                }
        }
    }
}

TEST(Align, TellsItsPlan) {
    auto shifted = test::grid(10, 10);
    shifted.left += 0.25;
    const auto plan = plan_alignment(shifted, test::grid(10, 10), Kind::continuous);
    EXPECT_EQ(plan.rule, "bilinear");
    EXPECT_NEAR(plan.offset_columns, 0.25, 1e-9);
    EXPECT_NEAR(plan.overlap, 0.975, 1e-9);
    EXPECT_EQ(plan_alignment(test::grid(9, 9), test::grid(10, 10), Kind::counts).rule, "as is");
}

TEST(Align, BesideAHoleTheRestHasAllTheWeight) {
    const auto source = test::ascii(4, "7 7 7 . 7 7 . . 7 7 7 7 7 7 7 7", 10);
    auto fine = test::grid(40, 40, 1);
    const auto values = aligned(source, fine, {.kind = Kind::continuous})->read(fine.window());
    int known = 0;
    for (const double value : values)
        if (!std::isnan(value)) {
            EXPECT_NEAR(value, 7, 1e-12);
            ++known;
        }
    EXPECT_EQ(known, 1600 - 300); // a place has a value where its own cell has one
}

TEST(Align, BeyondTheCountsNothingIsKnown) {
    const auto source = test::ascii(2, "4 0 8 4", 2); // 2 x 2 cells of 2 m
    auto wide = test::grid(8, 4, 1);
    const auto values = aligned(source, wide, {.kind = Kind::counts})->read(wide.window());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto c = i % 8;
        if (c >= 4) {
            EXPECT_TRUE(std::isnan(values[i])) << i; // not zero
        } else {
            EXPECT_EQ(values[i], i < 16 ? (c < 2 ? 1 : 0) : (c < 2 ? 2 : 1)) << i;
        }
    }
}

} // namespace
} // namespace riskmap::raster
