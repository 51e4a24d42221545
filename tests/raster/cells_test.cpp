// SPDX-License-Identifier: MIT
#include <riskmap/raster/cells.hpp>

#include <riskmap/core/file.hpp>
#include <riskmap/raster/value_counts.hpp>

#include "support.hpp"

namespace riskmap::raster {
namespace {

TEST(Cells, ComputeWhenRead) {
    const auto a = test::ascii(2, "1 2 . 4");
    const auto b = test::ascii(2, "10 . 30 40");
    const auto sum = computed({a, b}, [](const Window&, Cells in, std::span<double> out) {
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = in[0][i] + in[1][i];
    });
    const auto values = sum->read({0, 0, 2, 2});
    EXPECT_EQ(values[0], 11);
    EXPECT_TRUE(std::isnan(values[1]) && std::isnan(values[2]));
    EXPECT_EQ(values[3], 44);
}

TEST(Cells, RefuseDifferentGrids) {
    test::expect_error(ErrorKind::internal, "different grids", [] {
        (void)computed({test::ascii(2, "1 2 3 4"), test::ascii(1, "1")}, {});
    });
}

TEST(Cells, DensityIsPerTrueSquareKilometre) {
    const auto counts = test::ascii(1, "5", 1000); // 1 km2 on the map, 50 km from the meridian
    EXPECT_NEAR(density(counts)->read({0, 0, 1, 1})[0], 5 * (1 + 50e3 * 50e3 / (6.371e6 * 6.371e6)),
                1e-4);
}

TEST(Cells, WriteTheSameBytesForAnyNumberOfThreads) {
    const test::Folder folder;
    const Grid grid = test::grid(1300, 1100, 10);
    std::vector<double> values(grid.window().size());
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = i % 13 == 0 ? test::none : static_cast<double>(i * i % 1009);
    const auto source = std::make_shared<InMemory>(grid, values);
    std::vector<std::string> prints;
    for (const unsigned threads : {1U, 2U, 4U})
        for (const auto layout : {Layout::tiled, Layout::cloud_optimized}) {
            const auto file = folder / ("out" + std::to_string(threads) + ".tif");
            RasterSpec spec;
            spec.layout = layout;
            Writer writer{file, grid, spec};
            copy(*mapped(source, [](double v) { return v / 3; }), writer, {.threads = threads});
            writer.commit();
            prints.push_back(sha256_of_file(file));
        }
    EXPECT_EQ(prints[0], prints[2]);
    EXPECT_EQ(prints[0], prints[4]);
    EXPECT_EQ(prints[1], prints[3]);
    EXPECT_EQ(prints[1], prints[5]);
}

TEST(Masked, WhatTheMaskDoesNotHaveIsNodataAndNotCounted) {
    const auto values = test::ascii(3, "1 2 . 3 4 5");
    const auto mask = test::ascii(3, "1 . 1 . 1 0");
    const auto out = masked(values, mask)->read({0, 0, 3, 2});
    EXPECT_EQ(out[0], 1);
    EXPECT_TRUE(std::isnan(out[1]) && std::isnan(out[2]) && std::isnan(out[3]));
    EXPECT_EQ(out[4], 4);
    EXPECT_EQ(out[5], 5); // 0 is a value
    const auto bins = count_values(*values, {}, mask.get()).bins();
    ASSERT_EQ(bins.size(), 3U);
    EXPECT_EQ(bins[0].high, 1);
    EXPECT_EQ(bins[1].high, 4);
    EXPECT_EQ(bins[2].high, 5);
    EXPECT_EQ(total_count(bins), 3U);
}

} // namespace
} // namespace riskmap::raster
