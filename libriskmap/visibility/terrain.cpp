// SPDX-License-Identifier: MIT
#include <riskmap/visibility/terrain.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/memory.hpp>
#include <riskmap/core/parallel.hpp>

namespace riskmap::visibility {

namespace {

/// A metric CRS that suits a place given in degrees.
std::string metric_crs_at(Point degrees) {
    // CGCS2000, 3-degree zones without zone number: EPSG:4534 (75 E) to EPSG:4554 (135 E).
    if (degrees.x > 73.5 && degrees.x < 136.5 && degrees.y > 16 && degrees.y < 54)
        return fmt::format("EPSG:{}", 4534 + std::lround((degrees.x - 75) / 3));
    const auto zone = std::clamp(static_cast<int>(std::floor((degrees.x + 180) / 6)) + 1, 1, 60);
    return fmt::format("EPSG:{}", (degrees.y < 0 ? 32700 : 32600) + zone);
}

void read_into(const raster::Source& source, const Window& whole, const Execution& execution,
               const std::function<void(std::size_t at, double value)>& take) {
    constexpr std::int64_t rows_at_a_time = 64;
    const auto parts = static_cast<std::size_t>((whole.rows + rows_at_a_time - 1) / rows_at_a_time);
    parallel_for(execution, parts, [&](std::size_t part) {
        Window rows = whole;
        rows.row += static_cast<std::int64_t>(part) * rows_at_a_time;
        rows.rows = std::min(rows_at_a_time, whole.row + whole.rows - rows.row);
        const auto values = source.read(rows);
        const auto first = static_cast<std::size_t>((rows.row - whole.row) * whole.columns);
        for (std::size_t i = 0; i < values.size(); ++i)
            take(first + i, values[i]);
    });
}

} // namespace

void require_metric(const Grid& grid) {
    if (!grid.crs.geographic())
        return;
    const auto box = grid.extent();
    const auto crs = metric_crs_at(box.middle());
    throw input_error("the height model is in degrees, and lines of sight are measured in metres",
                      fmt::format("bring it to a metric CRS: gdalwarp -t_srs {} -r bilinear "
                                  "DEM.tif METRIC.tif",
                                  crs));
}

Terrain::Terrain(const raster::Source& heights, const Window& window, const Execution& execution,
                 const raster::Source* canopy, Holes holes)
    : m_grid{heights.grid()}, m_window{window.intersection(m_grid.window())} {
    require_metric(m_grid);
    const double metres = m_grid.crs.metres_per_unit();
    m_cell_width = m_grid.cell_width * metres;
    m_cell_height = m_grid.cell_height * metres;
    const auto bytes = m_window.size() * sizeof(float) * (canopy == nullptr ? 1 : 2);
    if (bytes > execution.memory_budget())
        throw MemoryError(
            fmt::format("{} x {} cells within range are more than --memory has room for",
                        m_window.columns, m_window.rows),
            fmt::format("give --memory {}M or more, or a shorter range", (bytes >> 20U) + 1));
    m_surface.resize(m_window.size());
    read_into(heights, m_window, execution, [&](std::size_t i, double height) {
        m_surface[i] = std::isnan(height) ? no_ground : static_cast<float>(height);
    });
    const auto fill = [&] {
        if (holes == Holes::hide_all)
            std::replace(m_surface.begin(), m_surface.end(), no_ground, wall);
    };
    if (canopy == nullptr) {
        fill();
        return;
    }
    if (!canopy->grid().matches(m_grid))
        throw Error{ErrorKind::internal, "canopy and heights lie on different grids"};
    m_bare = m_surface;
    read_into(*canopy, m_window, execution, [&](std::size_t i, double height) {
        if (!std::isnan(height) && m_surface[i] != no_ground)
            m_surface[i] = static_cast<float>(static_cast<double>(m_bare[i]) + height);
    });
    fill();
}

float Terrain::bare(std::int64_t column, std::int64_t row) const noexcept {
    const auto at = static_cast<std::size_t>((row - m_window.row) * m_window.columns + column -
                                             m_window.column);
    return m_bare.empty() ? m_surface[at] : m_bare[at];
}

} // namespace riskmap::visibility
