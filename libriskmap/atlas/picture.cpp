// SPDX-License-Identifier: MIT
#include <riskmap/atlas/picture.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <gdal.h>

#include <riskmap/atlas/style.hpp>
#include <riskmap/core/error.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/raster/value_counts.hpp>
#include <riskmap/zonal/rasterise.hpp>
#include <riskmap/zonal/statistics.hpp>

#include "../geo/gdal.hpp"

namespace riskmap::atlas {

namespace {

using Pixel = std::array<std::uint8_t, 4>;

Grid picture_grid(const Grid& grid, int longest_side) {
    const auto longest = std::max(grid.columns, grid.rows);
    const double step = std::max(1.0, static_cast<double>(longest) / longest_side);
    Grid out = grid;
    out.columns = std::max<std::int64_t>(1, std::llround(static_cast<double>(grid.columns) / step));
    out.rows = std::max<std::int64_t>(1, std::llround(static_cast<double>(grid.rows) / step));
    out.cell_width =
        grid.cell_width * static_cast<double>(grid.columns) / static_cast<double>(out.columns);
    out.cell_height =
        grid.cell_height * static_cast<double>(grid.rows) / static_cast<double>(out.rows);
    return out;
}

/// The raster's own colour table, value by value; empty if it has none.
std::vector<Pixel> colour_table(const std::filesystem::path& path) {
    const auto dataset = gdal::open(path, GDAL_OF_RASTER);
    const auto table = GDALGetRasterColorTable(GDALGetRasterBand(dataset.get(), 1));
    std::vector<Pixel> colours;
    if (table == nullptr)
        return colours;
    for (int i = 0; i < GDALGetColorEntryCount(table); ++i) {
        const auto* entry = GDALGetColorEntry(table, i);
        colours.push_back(
            {static_cast<std::uint8_t>(entry->c1), static_cast<std::uint8_t>(entry->c2),
             static_cast<std::uint8_t>(entry->c3), static_cast<std::uint8_t>(entry->c4)});
    }
    return colours;
}

std::vector<Pixel> coloured(const std::vector<double>& values, const std::vector<Pixel>& table) {
    std::vector<Pixel> pixels(values.size(), Pixel{});
    double low = 0;
    double high = 1;
    if (table.empty()) {
        raster::ValueCounts counts;
        counts.add(values);
        const auto bins = counts.bins();
        if (!bins.empty()) {
            low = std::min(0.0, bins.front().low);
            high = raster::quantile(bins, 0.98);
        }
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::isnan(values[i]))
            continue;
        if (table.empty()) {
            const Colour c =
                ramp_colour(style("surface"), high > low ? (values[i] - low) / (high - low) : 0);
            pixels[i] = {c.red, c.green, c.blue, 255};
        } else if (values[i] >= 0 && values[i] < static_cast<double>(table.size())) {
            pixels[i] = table[static_cast<std::size_t>(values[i])];
        }
    }
    return pixels;
}

/// Darkens pixels whose right or lower neighbour belongs to another shape.
void draw_borders(std::vector<Pixel>& pixels, const Grid& grid,
                  std::span<const MultiPolygon> shapes, int width, const Execution& execution) {
    if (shapes.empty())
        return;
    const auto units =
        zonal::unit_cells(zonal::cover(shapes, grid, execution), grid)->read(grid.window());
    const auto number = [&](std::int64_t c, std::int64_t r) {
        if (c < 0 || r < 0 || c >= grid.columns || r >= grid.rows)
            return 0.0;
        const double unit = units[static_cast<std::size_t>(r * grid.columns + c)];
        return std::isnan(unit) ? 0.0 : unit;
    };
    for (std::int64_t r = 0; r < grid.rows; ++r)
        for (std::int64_t c = 0; c < grid.columns; ++c) {
            bool edge = false;
            for (int d = 1; d <= width; ++d)
                edge = edge || number(c, r) != number(c + d, r) || number(c, r) != number(c, r + d);
            if (edge)
                pixels[static_cast<std::size_t>(r * grid.columns + c)] =
                    width > 1 ? Pixel{40, 40, 40, 255} : Pixel{110, 110, 110, 255};
        }
}

} // namespace

void write_picture(const std::filesystem::path& raster, const std::filesystem::path& target,
                   const PictureOptions& options, const Execution& execution) {
    const auto source = std::make_shared<const raster::Reader>(raster);
    const Grid grid = picture_grid(source->grid(), options.longest_side);
    std::vector<double> values;
    for (std::int64_t r = 0; r < grid.rows; ++r) { // a row at a time: the source may be large
        const auto row = static_cast<std::int64_t>(source->grid().to_cells(grid.centre(0, r)).y);
        const auto cells = source->read({0, row, source->grid().columns, 1});
        for (std::int64_t c = 0; c < grid.columns; ++c)
            values.push_back(
                cells[static_cast<std::size_t>(source->grid().to_cells(grid.centre(c, r)).x)]);
    }
    auto pixels = coloured(values, colour_table(raster));
    draw_borders(pixels, grid, options.thin_borders, 1, execution);
    draw_borders(pixels, grid, options.thick_borders, 2, execution);

    const int columns = static_cast<int>(grid.columns);
    const int rows = static_cast<int>(grid.rows);
    const gdal::Messages messages;
    const gdal::Dataset memory{
        GDALCreate(GDALGetDriverByName("MEM"), "", columns, rows, 4, GDT_Byte, nullptr)};
    const bool filled =
        GDALDatasetRasterIO(memory.get(), GF_Write, 0, 0, columns, rows, pixels.data(), columns,
                            rows, GDT_Byte, 4, nullptr, 4, 4 * columns, 1) == CE_None;
    PendingFile pending{target};
    gdal::Dataset png{filled ? GDALCreateCopy(GDALGetDriverByName("PNG"), pending.path().c_str(),
                                              memory.get(), 0, nullptr, nullptr, nullptr)
                             : nullptr};
    if (!png)
        throw input_error(fmt::format("cannot write '{}': {}", target.string(), messages.text()));
    png.reset();
    pending.commit();
}

} // namespace riskmap::atlas
