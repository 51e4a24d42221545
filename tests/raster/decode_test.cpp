// SPDX-License-Identifier: MIT
// Rasters as riskmap reads them beside GDAL's own reading of the same files.
#include <riskmap/raster/source.hpp>

#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <thread>

#include <cpl_string.h>
#include <gdal.h>

#include "../../libriskmap/raster/samples.hpp"
#include "../../libriskmap/raster/tiff_tiles.hpp"
#include "support.hpp"

namespace riskmap::raster {
namespace {

struct Close {
    void operator()(GDALDatasetH dataset) const { GDALClose(dataset); }
};
using Dataset = std::unique_ptr<void, Close>;

struct Kind {
    GDALDataType type;
    std::vector<std::string> options;
    bool decoded_here = true; ///< rather than by GDAL
    bool nodata = true;
    bool mask = false;
    bool sparse = false;
    int bands = 1;
};

std::string name_of(const Kind& kind) {
    std::string name = GDALGetDataTypeName(kind.type);
    for (const auto& option : kind.options)
        name += " " + option;
    name += kind.nodata ? " nodata" : "";
    name += kind.mask ? " mask" : "";
    name += kind.sparse ? " sparse" : "";
    return name + " x" + std::to_string(kind.bands);
}

/// Values that the type can hold, with runs, extremes, and for floats also NaN,
/// infinities, denormals and -0.
std::vector<double> values_for(GDALDataType type, std::size_t n, unsigned seed) {
    std::mt19937_64 random{seed};
    const auto pick = [&](std::uint64_t below) { return random() % below; };
    const bool is_float = type == GDT_Float32 || type == GDT_Float64;
    std::vector<double> values(n);
    const std::vector<double> odd{-9999,
                                  0,
                                  -0.0,
                                  1e-320,
                                  1e-42,
                                  std::numeric_limits<double>::infinity(),
                                  -std::numeric_limits<double>::infinity(),
                                  test::none,
                                  3.4e38,
                                  -3.4e38};
    for (std::size_t i = 0; i < n; ++i) {
        if (i % 7 < 3 && i > 0)
            values[i] = values[i - 1];
        else if (is_float)
            values[i] = pick(5) == 0 ? odd[pick(odd.size())]
                                     : std::ldexp(static_cast<double>(random()) - 9e18,
                                                  static_cast<int>(pick(40)) - 60);
        else if (type == GDT_Byte)
            values[i] = static_cast<double>(pick(256));
        else if (type == GDT_UInt16)
            values[i] = static_cast<double>(pick(65536));
        else if (type == GDT_Int16)
            values[i] = static_cast<double>(pick(65536)) - 32768;
        else if (type == GDT_UInt32)
            values[i] = static_cast<double>(pick(1ULL << 32U));
        else
            values[i] = static_cast<double>(pick(1ULL << 32U)) - 2147483648.0;
        if (!is_float && pick(6) == 0)
            values[i] = 7; // the nodata number below
    }
    return values;
}

constexpr int columns = 203;
constexpr int rows = 151;

void make(const std::filesystem::path& path, const Kind& kind) {
    if (GDALGetDriverByName("GTiff") == nullptr)
        GDALAllRegister();
    CPLSetConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES");
    char** options = nullptr;
    for (const auto& option : kind.options)
        options = CSLAddString(options, option.c_str());
    if (kind.sparse)
        options = CSLAddString(options, "SPARSE_OK=TRUE");
    const Dataset dataset{GDALCreate(GDALGetDriverByName("GTiff"), path.c_str(), columns, rows,
                                     kind.bands, kind.type, options)};
    CSLDestroy(options);
    ASSERT_TRUE(dataset);
    const Grid grid = test::grid(columns, rows, 10);
    double transform[6] = {grid.left, 10, 0, grid.top, 0, -10};
    GDALSetGeoTransform(dataset.get(), transform);
    GDALSetProjection(dataset.get(), grid.crs.wkt().c_str());
    const bool is_float = kind.type == GDT_Float32 || kind.type == GDT_Float64;
    for (int band = 1; band <= kind.bands; ++band) {
        const auto handle = GDALGetRasterBand(dataset.get(), band);
        if (kind.nodata)
            GDALSetRasterNoDataValue(handle, is_float ? -9999 : 7);
        auto values =
            values_for(kind.type, std::size_t{columns} * rows, static_cast<unsigned>(band) * 31U);
        // Of a sparse file only the middle is written.
        const int x = kind.sparse ? 70 : 0;
        const int y = kind.sparse ? 70 : 0;
        ASSERT_EQ(GDALRasterIO(handle, GF_Write, x, y, columns - 2 * x, rows - 2 * y, values.data(),
                               columns - 2 * x, rows - 2 * y, GDT_Float64, 0, 8 * columns),
                  CE_None);
    }
    if (kind.mask) {
        ASSERT_EQ(GDALCreateDatasetMaskBand(dataset.get(), GMF_PER_DATASET), CE_None);
        std::vector<unsigned char> mask(std::size_t{columns} * rows);
        for (std::size_t i = 0; i < mask.size(); ++i)
            mask[i] = i % 5 == 0 ? 0 : 255;
        const auto handle = GDALGetMaskBand(GDALGetRasterBand(dataset.get(), 1));
        ASSERT_EQ(GDALRasterIO(handle, GF_Write, 0, 0, columns, rows, mask.data(), columns, rows,
                               GDT_Byte, 0, 0),
                  CE_None);
    }
}

/// What GDAL reads, with the meaning that source.hpp gives.
std::vector<double> by_gdal(const std::filesystem::path& path, int band, const Kind& kind,
                            const Window& window) {
    const Dataset dataset{GDALOpen(path.c_str(), GA_ReadOnly)};
    const auto handle = GDALGetRasterBand(dataset.get(), band);
    const auto w = static_cast<int>(window.columns);
    const auto h = static_cast<int>(window.rows);
    std::vector<double> values(window.size());
    std::vector<unsigned char> mask(window.size(), 255);
    EXPECT_EQ(GDALRasterIO(handle, GF_Read, static_cast<int>(window.column),
                           static_cast<int>(window.row), w, h, values.data(), w, h, GDT_Float64, 0,
                           0),
              CE_None);
    if (kind.mask) {
        EXPECT_EQ(GDALRasterIO(GDALGetMaskBand(handle), GF_Read, static_cast<int>(window.column),
                               static_cast<int>(window.row), w, h, mask.data(), w, h, GDT_Byte, 0,
                               0),
                  CE_None);
    }
    const bool is_float = kind.type == GDT_Float32 || kind.type == GDT_Float64;
    const double hole = is_float ? -9999 : 7;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!std::isfinite(values[i]) || (kind.nodata && values[i] == hole) || mask[i] == 0)
            values[i] = test::none;
    return values;
}

void expect_same(const std::vector<double>& ours, const std::vector<double>& theirs,
                 const std::string& name) {
    ASSERT_EQ(ours.size(), theirs.size());
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < ours.size(); ++i)
        if (!(ours[i] == theirs[i] || (std::isnan(ours[i]) && std::isnan(theirs[i]))))
            ++wrong;
    EXPECT_EQ(wrong, 0U) << name;
}

void compare(const Kind& kind, const std::filesystem::path& path) {
    make(path, kind);
    for (int band = 1; band <= kind.bands; ++band) {
        EXPECT_EQ(TiffTiles::open(path, band) != nullptr, kind.decoded_here) << name_of(kind);
        const Reader reader{path, {.band = band}};
        for (const Window window : {Window{0, 0, columns, rows}, Window{0, 0, 1, 1},
                                    Window{60, 40, 90, 70}, Window{columns - 3, rows - 5, 3, 5}}) {
            const auto expected = by_gdal(path, band, kind, window);
            expect_same(reader.read(window), expected, name_of(kind));
            const auto opened = reader.opened(window);
            std::vector<double> sliced;
            for (std::int64_t r = 0; r < window.rows; ++r) {
                const auto row = opened->read({window.column, window.row + r, window.columns, 1});
                sliced.insert(sliced.end(), row.begin(), row.end());
            }
            expect_same(sliced, expected, name_of(kind) + " by rows");
        }
    }
    std::filesystem::remove(path);
}

const std::vector<GDALDataType> types{GDT_Byte,  GDT_UInt16,  GDT_Int16,  GDT_UInt32,
                                      GDT_Int32, GDT_Float32, GDT_Float64};
const std::vector<std::vector<std::string>> layouts{
    {"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=32"},
    {"TILED=YES", "BLOCKXSIZE=256", "BLOCKYSIZE=512"}, // larger than the raster
    {"BLOCKYSIZE=1"},
    {"BLOCKYSIZE=13"},
    {"BLOCKYSIZE=151"}};

TEST(Decode, EveryTypePredictorLayoutAndByteOrderAsGdalDoes) {
    const test::Folder folder;
    for (const auto type : types)
        for (const auto& layout : layouts)
            for (const int predictor : {0, 1, 2, 3})
                for (const char* order : {"LITTLE", "BIG"}) {
                    const bool is_float = type == GDT_Float32 || type == GDT_Float64;
                    if (predictor == 3 && !is_float)
                        continue;
                    Kind kind{type, layout};
                    if (predictor > 0) {
                        kind.options.emplace_back("COMPRESS=DEFLATE");
                        kind.options.push_back("PREDICTOR=" + std::to_string(predictor));
                    }
                    kind.options.push_back(std::string{"ENDIANNESS="} + order);
                    compare(kind, folder / "a.tif");
                }
}

TEST(Decode, MasksSparseTilesBandsAndBigFilesAsGdalDoes) {
    const test::Folder folder;
    const std::vector<std::string> deflate{"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64",
                                           "COMPRESS=DEFLATE"};
    for (const auto type : types)
        for (const bool nodata : {false, true})
            for (const bool sparse : {false, true})
                for (const bool mask : {false, true}) {
                    compare({type, deflate, true, nodata, mask, sparse}, folder / "a.tif");
                    auto big = deflate;
                    big.emplace_back("BIGTIFF=YES");
                    big.emplace_back("INTERLEAVE=BAND");
                    compare({type, big, true, nodata, mask, sparse, 3}, folder / "b.tif");
                }
}

TEST(Decode, WhatIsStoredInAnotherWayIsLeftToGdal) {
    const test::Folder folder;
    for (const auto& options : std::vector<std::vector<std::string>>{
             {"COMPRESS=LZW"}, {"COMPRESS=ZSTD"}, {"COMPRESS=PACKBITS"}})
        compare({GDT_Float32, options, false}, folder / "a.tif");
    compare({GDT_Byte, {"COMPRESS=DEFLATE", "INTERLEAVE=PIXEL"}, false, true, false, false, 3},
            folder / "a.tif");
    compare({GDT_Byte, {"NBITS=4"}, false, false}, folder / "a.tif");
}

TEST(Decode, ScaleAndOffsetApply) {
    const test::Folder folder;
    const Kind kind{GDT_Int16, {"TILED=YES", "COMPRESS=DEFLATE"}};
    make(folder / "a.tif", kind);
    const auto plain = by_gdal(folder / "a.tif", 1, kind, {0, 0, columns, rows});
    {
        const Dataset dataset{GDALOpen((folder / "a.tif").c_str(), GA_Update)};
        GDALSetRasterScale(GDALGetRasterBand(dataset.get(), 1), 0.25);
        GDALSetRasterOffset(GDALGetRasterBand(dataset.get(), 1), -3);
    }
    auto expected = plain;
    for (auto& v : expected)
        v = v * 0.25 - 3;
    expect_same(Reader{folder / "a.tif"}.read(Window{0, 0, columns, rows}), expected, "scaled");
}

TEST(Decode, OneTileServesManyThreads) {
    const test::Folder folder;
    const Kind kind{GDT_Float32, {"COMPRESS=DEFLATE", "PREDICTOR=3", "BLOCKYSIZE=40"}};
    make(folder / "a.tif", kind);
    const auto expected = by_gdal(folder / "a.tif", 1, kind, {0, 0, columns, rows});
    const Reader reader{folder / "a.tif"};
    std::vector<std::vector<double>> found(8);
    std::vector<std::thread> threads;
    for (auto& values : found)
        threads.emplace_back([&] { values = reader.read(Window{0, 0, columns, rows}); });
    for (auto& thread : threads)
        thread.join();
    for (const auto& values : found)
        expect_same(values, expected, "threads");
}

TEST(Decode, ADamagedTileIsNamed) {
    const test::Folder folder;
    const Kind kind{GDT_Float32,
                    {"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64", "COMPRESS=DEFLATE"}};
    make(folder / "bad.tif", kind);
    std::string bytes = test::read_text(folder / "bad.tif");
    for (std::size_t i = bytes.size() / 2; i < bytes.size() / 2 + 4000; ++i)
        bytes[i] = static_cast<char>(0xa5);
    test::write_text(folder / "bad.tif", bytes);
    const Reader reader{folder / "bad.tif"};
    test::expect_error(ErrorKind::input, "bad.tif' at columns", [&] {
        (void)reader.read(Window{0, 0, columns, rows});
    });
}

TEST(Decode, OneChangedByteIsNoticed) {
    const test::Folder folder;
    const Kind kind{GDT_Float32,
                    {"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64", "COMPRESS=DEFLATE"}};
    make(folder / "a.tif", kind);
    const std::string whole = test::read_text(folder / "a.tif");
    for (std::size_t k = 0; k < 40; ++k) { // GDAL would read most of them without a word
        std::string bytes = whole;
        bytes[bytes.size() / 2 + 17 * k] ^= 0x10;
        test::write_text(folder / "bad.tif", bytes);
        test::expect_error(ErrorKind::input, "bad.tif' at columns", [&] {
            (void)Reader{folder / "bad.tif"}.read(Window{0, 0, columns, rows});
        });
    }
}

TEST(Decode, OverviewsAloneAreNoRaster) {
    const test::Folder folder;
    const Kind kind{GDT_Float32, {"TILED=YES", "COMPRESS=DEFLATE"}};
    make(folder / "a.tif", kind);
    {
        const Dataset dataset{GDALOpen((folder / "a.tif").c_str(), GA_ReadOnly)};
        std::vector<int> factors{2};
        ASSERT_EQ(GDALBuildOverviews(dataset.get(), "NEAREST", 1, factors.data(), 0, nullptr,
                                     nullptr, nullptr),
                  CE_None);
    }
    const Window window{0, 0, columns, rows};
    expect_same(Reader{folder / "a.tif"}.read(window), by_gdal(folder / "a.tif", 1, kind, window),
                "beside its overviews");
    test::expect_error(ErrorKind::input, "no place on the earth",
                       [&] { Reader{folder / "a.tif.ovr"}; });
}

TEST(Decode, OneColumnAndOneRowRasters) {
    const test::Folder folder;
    for (const auto& [w, h] :
         std::vector<std::pair<std::int64_t, std::int64_t>>{{1, 700}, {700, 1}, {1, 1}}) {
        std::vector<double> values(static_cast<std::size_t>(w * h));
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = static_cast<double>(i) + 0.5;
        test::write_raster(folder / "thin.tif", InMemory{test::grid(w, h), values});
        EXPECT_EQ(Reader{folder / "thin.tif"}.read(Window{0, 0, w, h}), values);
    }
}

// Kernels beside plain loops.

TEST(Samples, PredictorsAreUndoneAsTheNotesSay) {
    std::mt19937 random{5};
    for (const std::size_t n : {1U, 2U, 15U, 16U, 17U, 64U, 513U}) {
        std::vector<std::byte> row(n * 8);
        for (auto& b : row)
            b = static_cast<std::byte>(random());
        for (const auto sample : {Sample::f32, Sample::f64}) {
            const std::size_t width = bytes_of(sample);
            std::vector<std::byte> found{row.begin(),
                                         row.begin() + static_cast<std::ptrdiff_t>(n * width)};
            std::vector<std::byte> sums = found;
            for (std::size_t i = 1; i < sums.size(); ++i)
                sums[i] = static_cast<std::byte>(static_cast<unsigned>(sums[i]) +
                                                 static_cast<unsigned>(sums[i - 1]));
            std::vector<std::byte> expected(n * width);
            for (std::size_t i = 0; i < n; ++i)
                for (std::size_t k = 0; k < width; ++k)
                    expected[i * width + k] = sums[(width - 1 - k) * n + i];
            std::vector<std::byte> scratch(n * width);
            undo_predictor(found.data(), n, sample, Predictor::float_planes, false, scratch.data());
            EXPECT_EQ(found, expected) << n << " x " << width;
        }
        for (const auto sample : {Sample::u8, Sample::i16, Sample::u32, Sample::f64}) {
            std::vector<std::byte> there{
                row.begin(), row.begin() + static_cast<std::ptrdiff_t>(n * bytes_of(sample))};
            auto back = there;
            take_differences(back.data(), n, sample);
            std::vector<std::byte> scratch(back.size());
            undo_predictor(back.data(), n, sample, Predictor::differences, false, scratch.data());
            EXPECT_EQ(back, there) << n;
        }
    }
}

TEST(Samples, OddNumbersBecomeNodataOrStay) {
    const float denormal = std::numeric_limits<float>::denorm_min();
    const float most = std::numeric_limits<float>::max();
    const float infinite = std::numeric_limits<float>::infinity();
    const std::vector<float> in{1,        -0.0F,     denormal,      most,  -most,
                                infinite, -infinite, std::nanf(""), -9999, 5};
    std::vector<double> out(in.size());
    to_values(reinterpret_cast<const std::byte*>(in.data()), in.size(), Sample::f32,
              {true, -9999, 1, 0}, out.data());
    for (const std::size_t i : {0U, 1U, 2U, 3U, 4U, 9U})
        EXPECT_EQ(out[i], static_cast<double>(in[i]));
    for (const std::size_t i : {5U, 6U, 7U, 8U})
        EXPECT_TRUE(std::isnan(out[i])) << i;
}

} // namespace
} // namespace riskmap::raster
