// SPDX-License-Identifier: MIT
// The fused overlay beside plain loops over whole rasters.
#include <riskmap/risk/assess.hpp>

#include <random>

#include "support.hpp"

namespace riskmap::risk {
namespace {

constexpr std::int64_t columns = 700;
constexpr std::int64_t rows = 600;

/// With nodata, extremes, denormals, and values at and beyond the ends of the scale.
std::shared_ptr<const raster::InMemory> odd_raster(unsigned seed) {
    std::mt19937 random{seed};
    const std::vector<double> odd{test::none, 0, -0.0, 100, 1e300, -1e300, 1e-320, 100.0000001};
    std::vector<double> cells(static_cast<std::size_t>(columns * rows));
    for (auto& v : cells)
        v = random() % 6 == 0 ? odd[random() % odd.size()]
                              : static_cast<double>(random() % 12000) / 100 - 10;
    return std::make_shared<raster::InMemory>(test::grid(columns, rows), std::move(cells));
}

std::vector<double> scaled(const std::vector<double>& values, bool inverted) {
    std::vector<double> out;
    for (const double v : values) {
        const double t = std::isnan(v) ? v : std::min(1.0, std::max(0.0, (v - 0) / 100));
        out.push_back(inverted ? 1 - t : t);
    }
    return out;
}

TEST(Overlay, IsThatOfPlainLoopsForAnyMethodAndThreads) {
    const test::Folder folder;
    const std::vector<double> weights{0.5, 0.3, 0.2};
    std::vector<OverlayLayer> layers;
    std::vector<std::vector<double>> indices;
    for (unsigned k = 0; k < 3; ++k) {
        const auto source = odd_raster(k + 1);
        const bool inverted = k == 1;
        layers.push_back(
            {source,
             Scale{NormaliseRule::parse("linear:0:100", inverted ? Direction::more_is_better
                                                                 : Direction::more_is_worse),
                   {}},
             weights[k]});
        indices.push_back(scaled(source->read(source->grid().window()), inverted));
    }
    const std::vector<double> upper{0.2, 0.4, 0.6, 0.8, 1};
    for (const auto* method : {"weighted-sum", "max"}) {
        const auto& combination = risk::combination(method);
        for (const unsigned threads : {1U, 4U}) {
            const Grid grid = test::grid(columns, rows);
            raster::RasterSpec single;
            single.type = raster::CellType::float32;
            raster::RasterSpec bytes;
            bytes.type = raster::CellType::byte;
            raster::Writer index{folder / "i.tif", grid, single};
            raster::Writer levels{folder / "l.tif", grid, bytes};
            overlay(layers, combination, {&index, &levels, upper}, {.threads = threads});
            index.commit();
            levels.commit();
            const auto found = raster::Reader{folder / "i.tif"}.read(grid.window());
            const auto found_levels = raster::Reader{folder / "l.tif"}.read(grid.window());
            std::size_t wrong = 0;
            std::vector<double> cell(3);
            for (std::size_t i = 0; i < found.size(); ++i) {
                for (std::size_t k = 0; k < 3; ++k)
                    cell[k] = indices[k][i];
                const double expected = combination.combine(cell, weights);
                const auto same = [](double a, double b) {
                    return std::abs(a - b) <= 6e-8 || (std::isnan(a) && std::isnan(b));
                };
                // A cell that is written as 0.2 has the level of 0.2, (0, 0.2].
                double level = std::isnan(expected) ? expected : 5;
                for (int k = 4; k > 0; --k)
                    if (static_cast<float>(expected) <= static_cast<float>(k / 5.0))
                        level = k;
                const bool border = std::abs(expected * 5 - std::round(expected * 5)) < 1e-12;
                wrong +=
                    same(found[i], expected) && (same(level, found_levels[i]) || border) ? 0 : 1;
            }
            EXPECT_EQ(wrong, 0U) << method;
        }
    }
}

TEST(Overlay, WritesLevelsAloneAsWithTheIndex) {
    const test::Folder folder;
    const Grid grid = test::grid(columns, rows);
    const std::vector<OverlayLayer> layers{
        {odd_raster(3), Scale{NormaliseRule::parse("linear:0:100"), {}}, 1}};
    const std::vector<double> upper{0.5, 1};
    raster::RasterSpec bytes;
    bytes.type = raster::CellType::byte;
    raster::Writer index{folder / "i.tif", grid, {}};
    raster::Writer both{folder / "b.tif", grid, bytes};
    raster::Writer alone{folder / "a.tif", grid, bytes};
    overlay(layers, combination("weighted-sum"), {&index, &both, upper}, {});
    overlay(layers, combination("weighted-sum"), {nullptr, &alone, upper}, {});
    both.commit();
    alone.commit();
    EXPECT_EQ(test::read_text(folder / "b.tif"), test::read_text(folder / "a.tif"));
}

TEST(Overlay, WritesTheSameBytesForAnyBlocks) {
    const test::Folder folder;
    const Grid grid = test::grid(1500, 700);
    std::mt19937 random{4};
    std::vector<double> cells(grid.window().size());
    for (auto& v : cells)
        v = random() % 8 == 0 ? test::none : static_cast<double>(random() % 1000) / 10;
    const auto whole = std::make_shared<raster::InMemory>(grid, std::move(cells));
    raster::RasterSpec bytes;
    bytes.type = raster::CellType::byte;
    bytes.layout = raster::Layout::cloud_optimized;
    const std::vector<double> upper{0.2, 0.5, 1};
    std::vector<std::string> written;
    for (const std::int64_t strip : {0, 1, 37, 700}) {
        std::shared_ptr<const raster::Source> source = whole;
        if (strip > 0)
            source = std::make_shared<test::Strips>(*whole, strip);
        const std::vector<OverlayLayer> layers{
            {source, Scale{NormaliseRule::parse("linear:0:100"), {}}, 1}};
        raster::Writer index{folder / "i.tif", grid, {}};
        raster::Writer levels{folder / "l.tif", grid, bytes};
        overlay(layers, combination("weighted-sum"), {&index, &levels, upper}, {.threads = 3});
        index.commit();
        levels.commit();
        written.push_back(test::read_text(folder / "i.tif") + test::read_text(folder / "l.tif"));
        EXPECT_EQ(written.back(), written.front()) << strip;
    }
}

TEST(Overlay, NamesTheLeastMemoryThatWorks) {
    const test::Folder folder;
    const std::vector<OverlayLayer> layers{{odd_raster(3), {}, 1}};
    raster::Writer index{folder / "i.tif", test::grid(columns, rows), {}};
    test::expect_error(ErrorKind::input, "give --memory 5M or more", [&] {
        overlay(layers, combination("weighted-sum"), {&index}, {.memory_bytes = 1'000'000});
    });
    overlay(layers, combination("weighted-sum"), {&index}, {.memory_bytes = 5 << 20});
}

} // namespace
} // namespace riskmap::risk
