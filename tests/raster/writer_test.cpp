// SPDX-License-Identifier: MIT
#include <riskmap/raster/writer.hpp>

#include <csignal>
#include <map>
#include <random>

#include <gdal.h>
#include <sys/resource.h>

#include <riskmap/core/file.hpp>
#include <riskmap/raster/cells.hpp>

#include "../../libriskmap/raster/packing.hpp"
#include "../../libriskmap/raster/skeleton.hpp"
#include "../../libriskmap/raster/tiff_file.hpp"
#include "support.hpp"

namespace riskmap::raster {
namespace {

constexpr std::int64_t columns = 1300;
constexpr std::int64_t rows = 1100;

std::vector<double> random_cells(CellType type, unsigned seed) {
    std::mt19937 random{seed};
    std::vector<double> values(static_cast<std::size_t>(columns * rows));
    const bool classes = type == CellType::byte || type == CellType::uint16;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double block = static_cast<double>((i / 37 + i / 13000) % 5 + 1);
        values[i] = random() % 9 == 0 ? test::none
                    : classes         ? block
                                      : block + static_cast<double>(random() % 1000) / 997;
    }
    return values;
}

RasterSpec spec_of(CellType type, Layout layout) {
    RasterSpec spec;
    spec.type = type;
    spec.layout = layout;
    if (type == CellType::byte)
        spec.classes = {{1, "one", 1, 2, 3}, {5, "five", 200, 100, 50}};
    return spec;
}

void write_by(const std::filesystem::path& file, const InMemory& source, const RasterSpec& spec,
              const std::vector<Window>& windows) {
    Writer writer{file, source.grid(), spec};
    for (const auto& window : windows)
        writer.write(window, source.read(window));
    writer.commit();
}

TEST(Writer, TheBytesDoNotDependOnTheWindows) {
    const test::Folder folder;
    const Grid grid = test::grid(columns, rows, 10);
    for (const auto type : {CellType::byte, CellType::uint16, CellType::float32, CellType::float64})
        for (const auto layout : {Layout::tiled, Layout::cloud_optimized}) {
            const InMemory source{grid, random_cells(type, 3)};
            const auto spec = spec_of(type, layout);
            std::vector<std::string> prints;
            auto backwards = blocks_of(grid.window());
            std::reverse(backwards.begin(), backwards.end());
            for (const auto& windows : {blocks_of(grid.window()), blocks_of(grid.window(), 77),
                                        blocks_of(grid.window(), 2000), backwards}) {
                write_by(folder / "a.tif", source, spec, windows);
                prints.push_back(sha256_of_file(folder / "a.tif"));
                EXPECT_EQ(prints.back(), prints.front());
            }
            const auto expected = source.read(grid.window());
            const auto found = Reader{folder / "a.tif"}.read(grid.window());
            std::size_t wrong = 0;
            for (std::size_t i = 0; i < expected.size(); ++i) {
                const double stored = type == CellType::float32
                                          ? static_cast<double>(static_cast<float>(expected[i]))
                                          : expected[i];
                wrong += found[i] == stored || (std::isnan(stored) && std::isnan(found[i])) ? 0 : 1;
            }
            EXPECT_EQ(wrong, 0U);
        }
}

struct Close {
    void operator()(GDALDatasetH dataset) const { GDALClose(dataset); }
};

/// One level of the pyramid from the one above, cell by cell.
std::vector<double> halved(const std::vector<double>& from, std::int64_t w, std::int64_t h,
                           bool classes) {
    std::vector<double> out;
    for (std::int64_t r = 0; r < (h + 1) / 2; ++r)
        for (std::int64_t c = 0; c < (w + 1) / 2; ++c) {
            std::map<double, int> counts;
            double sum = 0;
            int n = 0;
            for (std::int64_t y = 2 * r; y < std::min(h, 2 * r + 2); ++y)
                for (std::int64_t x = 2 * c; x < std::min(w, 2 * c + 2); ++x) {
                    const double v = from[static_cast<std::size_t>(y * w + x)];
                    if (std::isnan(v))
                        continue;
                    ++counts[v];
                    sum += v;
                    ++n;
                }
            double best = test::none;
            int most = 0;
            for (const auto& [value, count] : counts)
                if (count >= most) {
                    most = count;
                    best = value;
                }
            out.push_back(n == 0    ? test::none
                          : classes ? best
                                    : static_cast<double>(static_cast<float>(sum / n)));
        }
    return out;
}

TEST(Writer, OverviewsHoldTheMeanOrTheMostFrequentClass) {
    const test::Folder folder;
    const Grid grid = test::grid(columns, rows, 10);
    for (const auto type : {CellType::byte, CellType::float32}) {
        const bool classes = type == CellType::byte;
        auto level = random_cells(type, 8);
        for (auto& v : level)
            v = static_cast<double>(static_cast<float>(v));
        write_by(folder / "o.tif", {grid, level}, spec_of(type, Layout::cloud_optimized),
                 blocks_of(grid.window()));
        const std::unique_ptr<void, Close> dataset{
            GDALOpen((folder / "o.tif").c_str(), GA_ReadOnly)};
        EXPECT_STREQ(GDALGetMetadataItem(dataset.get(), "LAYOUT", "IMAGE_STRUCTURE"), "COG");
        const auto band = GDALGetRasterBand(dataset.get(), 1);
        ASSERT_EQ(GDALGetOverviewCount(band), 2);
        std::int64_t w = columns;
        std::int64_t h = rows;
        for (int i = 0; i < 2; ++i) {
            level = halved(level, w, h, classes);
            w = (w + 1) / 2;
            h = (h + 1) / 2;
            const auto overview = GDALGetOverview(band, i);
            ASSERT_EQ(GDALGetRasterBandXSize(overview), w);
            ASSERT_EQ(GDALGetRasterBandYSize(overview), h);
            std::vector<double> found(level.size());
            ASSERT_EQ(GDALRasterIO(overview, GF_Read, 0, 0, static_cast<int>(w),
                                   static_cast<int>(h), found.data(), static_cast<int>(w),
                                   static_cast<int>(h), GDT_Float64, 0, 0),
                      CE_None);
            std::size_t wrong = 0;
            for (std::size_t k = 0; k < level.size(); ++k) {
                const double expected = classes && std::isnan(level[k]) ? 0 : level[k];
                wrong +=
                    found[k] == expected || (std::isnan(found[k]) && std::isnan(expected)) ? 0 : 1;
            }
            EXPECT_EQ(wrong, 0U) << "overview " << i;
        }
    }
}

/// The tiles of a raster as `Writer` makes them, put into a file by `finish`.
template <class Finish>
void write_tiles(const std::filesystem::path& path, const std::vector<double>& cells,
                 const Grid& grid, Finish finish) {
    const auto skeleton = skeleton_of(grid, spec_of(CellType::float32, Layout::tiled));
    GrowingFile file{path, "big.tif"};
    start_stream(file);
    Image image;
    image.tags = skeleton.tags;
    image.columns = grid.columns;
    image.rows = grid.rows;
    for (const auto& window : blocks_of(grid.window(), tile_side)) {
        Bytes tile = empty_tile(CellType::float32);
        for (std::int64_t r = 0; r < window.rows; ++r)
            pack(&cells[static_cast<std::size_t>((window.row + r) * grid.columns + window.column)],
                 static_cast<std::size_t>(window.columns), CellType::float32,
                 tile.data() + r * tile_side * 4);
        image.tiles.push_back(file.append(compressed(std::move(tile), CellType::float32)));
    }
    finish(file, image);
}

TEST(Writer, FilesPastTheClassicLimitAreBigTiff) {
    const test::Folder folder;
    const Grid grid = test::grid(700, 600);
    std::vector<double> cells(grid.window().size());
    for (std::size_t i = 0; i < cells.size(); ++i)
        cells[i] = static_cast<double>(i % 1013);
    const auto check = [&](const std::filesystem::path& path, bool big) {
        EXPECT_EQ(test::read_text(path)[2], big ? 43 : 42) << path;
        EXPECT_EQ(Reader{path}.read(grid.window()), cells);
        const std::unique_ptr<void, Close> dataset{GDALOpen(path.c_str(), GA_ReadOnly)};
        std::vector<double> theirs(cells.size());
        EXPECT_EQ(GDALRasterIO(GDALGetRasterBand(dataset.get(), 1), GF_Read, 0, 0, 700, 600,
                               theirs.data(), 700, 600, GDT_Float64, 0, 0),
                  CE_None);
        EXPECT_EQ(theirs, cells);
    };
    for (const bool big : {false, true}) {
        const std::uint64_t limit = big ? 0 : classic_limit;
        write_tiles(folder / "s.tif", cells, grid, [&](GrowingFile& file, const Image& image) {
            finish_stream(file, image, limit);
        });
        check(folder / "s.tif", big);
        write_tiles(folder / "spool", cells, grid, [&](GrowingFile& spool, const Image& image) {
            GrowingFile file{folder / "c.tif", "c.tif"};
            write_cloud_optimized(file, {&image, 1}, spool, limit);
        });
        check(folder / "c.tif", big);
        const std::unique_ptr<void, Close> dataset{
            GDALOpen((folder / "c.tif").c_str(), GA_ReadOnly)};
        EXPECT_STREQ(GDALGetMetadataItem(dataset.get(), "LAYOUT", "IMAGE_STRUCTURE"), "COG");
    }
}

TEST(Writer, CellsNeverWrittenAreNodata) {
    const test::Folder folder;
    const Grid grid = test::grid(columns, rows, 10);
    for (const auto layout : {Layout::tiled, Layout::cloud_optimized}) {
        Writer writer{folder / "a.tif", grid, spec_of(CellType::byte, layout)};
        writer.write({600, 20, 10, 10}, std::vector<double>(100, 3));
        writer.commit();
        const auto values = Reader{folder / "a.tif"}.read(grid.window());
        EXPECT_EQ(std::count_if(values.begin(), values.end(), [](double v) { return v == 3; }),
                  100);
        EXPECT_EQ(
            std::count_if(values.begin(), values.end(), [](double v) { return std::isnan(v); }),
            columns * rows - 100);
    }
}

TEST(Writer, IntegersAreRoundedAndClamped) {
    const test::Folder folder;
    const Grid grid = test::grid(6, 1);
    write_by(folder / "a.tif", {grid, {-5, 0.4, 1.5, 254.6, 1e9, test::none}},
             spec_of(CellType::byte, Layout::tiled), {grid.window()});
    const auto values = Reader{folder / "a.tif"}.read(grid.window());
    EXPECT_EQ((std::vector<double>{values[2], values[3], values[4]}),
              (std::vector<double>{2, 255, 255}));
    for (const std::size_t i : {0U, 1U, 5U})
        EXPECT_TRUE(std::isnan(values[i]));
}

TEST(Writer, AFullDiskIsToldAndLeavesNothing) {
    const test::Folder folder;
    const Grid grid = test::grid(columns, rows, 10);
    const InMemory source{grid, random_cells(CellType::float32, 1)};
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const rlimit small{100'000, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    for (const auto layout : {Layout::tiled, Layout::cloud_optimized})
        test::expect_error(ErrorKind::input, "cannot write", [&] {
            write_by(folder / "a.tif", source, spec_of(CellType::float32, layout),
                     blocks_of(grid.window()));
        });
    setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

} // namespace
} // namespace riskmap::raster
