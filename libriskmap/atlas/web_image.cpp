// SPDX-License-Identifier: MIT
#include "web_image.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>

#include <cpl_vsi.h>
#include <fmt/format.h>
#include <gdal.h>
#include <openssl/evp.h>

#include <riskmap/core/error.hpp>
#include <riskmap/raster/align.hpp>

#include "../geo/gdal.hpp"
#include "palette.hpp"

namespace riskmap::atlas {

namespace {

/// Pixels as numbers of a palette; 0 is nothing.
struct Indexed {
    int columns = 0;
    int rows = 0;
    std::vector<std::uint8_t> pixels;
    std::vector<Colour> palette; ///< of number 1 and on
};

Grid mercator_grid(const Grid& source, int longest) {
    const Crs mercator = Crs::parse("EPSG:3857");
    const auto box = CrsTransform{source.crs, mercator}.apply(source.extent());
    const double width = box.right - box.left;
    const double height = box.top - box.bottom;
    if (!std::isfinite(width + height))
        throw input_error("a raster cannot be carried over to Web Mercator",
                          "check its coordinate system");
    const auto side = static_cast<double>(
        std::min<std::int64_t>(longest, std::max(source.columns, source.rows) * 2));
    const double pixel = std::max(width, height) / side;
    Grid grid;
    grid.crs = mercator;
    grid.left = box.left;
    grid.top = box.top;
    grid.columns = std::max<std::int64_t>(1, std::llround(width / pixel));
    grid.rows = std::max<std::int64_t>(1, std::llround(height / pixel));
    grid.cell_width = width / static_cast<double>(grid.columns);
    grid.cell_height = height / static_cast<double>(grid.rows);
    return grid;
}

Indexed indexed(const CellFill& fill, const raster::Source& source, const Execution& execution) {
    constexpr std::size_t steps = 254; // with nothing, they fit into a byte
    const Palette palette{fill, steps};
    const auto& grid = source.grid();
    Indexed out{static_cast<int>(grid.columns), static_cast<int>(grid.rows),
                std::vector<std::uint8_t>(grid.window().size()), palette.colours()};
    by_strips(grid, fill.cells->grid(), execution, [&](std::int64_t first, std::int64_t rows) {
        const auto values = source.read({0, first, grid.columns, rows});
        auto* pixels = &out.pixels[static_cast<std::size_t>(first * grid.columns)];
        for (std::size_t i = 0; i < values.size(); ++i)
            pixels[i] = static_cast<std::uint8_t>(palette.number(values[i]));
    });
    return out;
}

std::string png_of(const Indexed& picture) {
    const gdal::Messages messages;
    const gdal::Dataset memory{GDALCreate(GDALGetDriverByName("MEM"), "", picture.columns,
                                          picture.rows, 1, GDT_Byte, nullptr)};
    auto* band = GDALGetRasterBand(memory.get(), 1);
    auto* table = GDALCreateColorTable(GPI_RGB);
    const GDALColorEntry nothing{255, 255, 255, 0};
    GDALSetColorEntry(table, 0, &nothing);
    for (std::size_t i = 0; i < picture.palette.size(); ++i) {
        const auto& c = picture.palette[i];
        const GDALColorEntry entry{c.red, c.green, c.blue, 255};
        GDALSetColorEntry(table, static_cast<int>(i + 1), &entry);
    }
    GDALSetRasterColorTable(band, table);
    GDALDestroyColorTable(table);
    auto* pixels = const_cast<std::uint8_t*>(picture.pixels.data()); // GDAL only reads them
    const bool filled = GDALRasterIO(band, GF_Write, 0, 0, picture.columns, picture.rows, pixels,
                                     picture.columns, picture.rows, GDT_Byte, 0, 0) == CE_None;
    static std::atomic<unsigned> count{0};
    const auto name = fmt::format("/vsimem/riskmap-web-{}.png", count++);
    // Without ZLEVEL 9: a tenth of the time for a twentieth of the size.
    const auto options = gdal::list_of({"ZLEVEL=6"});
    gdal::Dataset png{filled ? GDALCreateCopy(GDALGetDriverByName("PNG"), name.c_str(),
                                              memory.get(), 0, options.get(), nullptr, nullptr)
                             : nullptr};
    if (!png)
        throw input_error("cannot make a picture: " + messages.text());
    png.reset();
    vsi_l_offset length = 0;
    const auto* data = VSIGetMemFileBuffer(name.c_str(), &length, FALSE);
    std::string bytes(reinterpret_cast<const char*>(data), static_cast<std::size_t>(length));
    VSIUnlink(name.c_str());
    VSIUnlink((name + ".aux.xml").c_str());
    return bytes;
}

} // namespace

WebImage web_image(const CellFill& fill, int longest, const Execution& execution) {
    const auto grid = mercator_grid(fill.cells->grid(), longest);
    const auto kind = fill.ramp != nullptr ? raster::Kind::continuous : raster::Kind::classes;
    const auto source = raster::aligned(fill.cells, grid, {kind, 0.5});
    const auto picture = indexed(fill, *source, execution);
    WebImage image;
    if (std::all_of(picture.pixels.begin(), picture.pixels.end(),
                    [](std::uint8_t pixel) { return pixel == 0; }))
        return image;
    image.png = png_of(picture);
    // Meridians and parallels are straight in Mercator: the corners say all.
    const CrsTransform to_degrees{grid.crs, Crs::wgs84()};
    const auto box = grid.extent();
    image.degrees.add(to_degrees.apply(Point{box.left, box.bottom}));
    image.degrees.add(to_degrees.apply(Point{box.right, box.top}));
    return image;
}

std::string base64(const std::string& bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                       reinterpret_cast<const unsigned char*>(bytes.data()),
                                       static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

} // namespace riskmap::atlas
