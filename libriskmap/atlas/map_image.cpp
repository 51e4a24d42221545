// SPDX-License-Identifier: MIT
#include "map_image.hpp"

#include <cmath>
#include <numbers>

#include <riskmap/raster/align.hpp>

#include "palette.hpp"

namespace riskmap::atlas {

namespace {

using SourcePtr = std::shared_ptr<const raster::Source>;

Grid pixel_grid(const Crs& crs, const Box& extent, double pixel) {
    Grid grid;
    grid.crs = crs;
    grid.left = extent.left;
    grid.top = extent.top;
    const auto count = [&](double length) {
        return std::max<std::int64_t>(1, std::llround(std::ceil(length / pixel - 1e-6)));
    };
    grid.columns = count(extent.right - extent.left);
    grid.rows = count(extent.top - extent.bottom);
    grid.cell_width = (extent.right - extent.left) / static_cast<double>(grid.columns);
    grid.cell_height = (extent.top - extent.bottom) / static_cast<double>(grid.rows);
    return grid;
}

/// The part of a raster in the frame, cells as they are or pixels.
SourcePtr in_frame(const SourcePtr& source, const Crs& crs, const Box& extent, double pixel,
                   raster::Kind kind) {
    const auto& grid = source->grid();
    if (grid.crs == crs && grid.cell_width >= pixel && grid.cell_height >= pixel) {
        const auto window = grid.touching(extent);
        if (window.empty())
            return nullptr;
        return raster::aligned(source, grid.cut(window), {raster::Kind::classes, 0.5});
    }
    return raster::aligned(source, pixel_grid(crs, extent, pixel), {kind, 0.5});
}

MapImage empty_image(const Grid& grid) {
    MapImage out;
    out.extent = grid.extent();
    out.image.columns = static_cast<int>(grid.columns);
    out.image.rows = static_cast<int>(grid.rows);
    out.image.pixels.resize(grid.window().size());
    return out;
}

} // namespace

MapImage coloured(const CellFill& fill, const Crs& crs, const Box& extent, double pixel,
                  const Execution& execution) {
    const auto source =
        in_frame(fill.cells, crs, extent, pixel,
                 fill.ramp != nullptr ? raster::Kind::continuous : raster::Kind::classes);
    if (source == nullptr)
        return {};
    const Grid& grid = source->grid();
    auto out = empty_image(grid);
    constexpr std::size_t steps = 1024;
    const Palette palette{fill, steps};
    by_strips(grid, fill.cells->grid(), execution, [&](std::int64_t first, std::int64_t rows) {
        const auto values = source->read({0, first, grid.columns, rows});
        auto* pixels = &out.image.pixels[static_cast<std::size_t>(first * grid.columns)];
        for (std::size_t i = 0; i < values.size(); ++i)
            if (const auto number = palette.number(values[i]); number > 0) {
                const auto& colour = palette.colours()[number - 1U];
                pixels[i] = {colour.red, colour.green, colour.blue, 255};
            }
    });
    return out;
}

MapImage shaded(const SourcePtr& heights, const Crs& crs, const Box& extent, double pixel,
                const Execution& execution) {
    const auto source = in_frame(heights, crs, extent, pixel, raster::Kind::continuous);
    if (source == nullptr)
        return {};
    const Grid& grid = source->grid();
    auto out = empty_image(grid);
    // On small scales slopes are averaged away; light them as if they were steeper.
    const double steeper = std::clamp(grid.cell_width / 60, 1.0, 3.0);
    constexpr double flat = std::numbers::sqrt2 / 2; // light from 45 degrees above
    by_strips(grid, heights->grid(), execution, [&](std::int64_t first, std::int64_t rows) {
        const Window window{-1, first - 1, grid.columns + 2, rows + 2};
        const auto z = source->read(window);
        const auto at = [&](std::int64_t c, std::int64_t r) {
            return z[static_cast<std::size_t>((r - window.row) * window.columns + c + 1)];
        };
        for (std::int64_t r = first; r < first + rows; ++r)
            for (std::int64_t c = 0; c < grid.columns; ++c) {
                const double east = (at(c + 1, r - 1) + 2 * at(c + 1, r) + at(c + 1, r + 1) -
                                     at(c - 1, r - 1) - 2 * at(c - 1, r) - at(c - 1, r + 1)) /
                                    (8 * grid.cell_width) * steeper;
                const double south = (at(c - 1, r + 1) + 2 * at(c, r + 1) + at(c + 1, r + 1) -
                                      at(c - 1, r - 1) - 2 * at(c, r - 1) - at(c + 1, r - 1)) /
                                     (8 * grid.cell_height) * steeper;
                // The normal is (-east, south, 1) with y to the north; light from (-1, 1, sqrt 2).
                const double light = (east + south + std::numbers::sqrt2) /
                                     (2 * std::sqrt(1 + east * east + south * south));
                if (std::isnan(light))
                    continue;
                const double change = light / flat - 1;
                const double opacity =
                    change < 0 ? std::min(0.4, -0.45 * change) : std::min(0.25, 0.45 * change);
                auto& p = out.image.pixels[static_cast<std::size_t>(r * grid.columns + c)];
                p.red = p.green = p.blue = change < 0 ? 0 : 255;
                p.alpha = static_cast<std::uint8_t>(std::lround(255 * opacity));
            }
    });
    return out;
}

} // namespace riskmap::atlas
