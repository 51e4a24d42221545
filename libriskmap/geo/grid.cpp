// SPDX-License-Identifier: MIT
#include <riskmap/geo/grid.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>

namespace riskmap {

Window Window::intersection(const Window& other) const noexcept {
    const auto left = std::max(column, other.column);
    const auto top = std::max(row, other.row);
    const auto right = std::min(column + columns, other.column + other.columns);
    const auto bottom = std::min(row + rows, other.row + other.rows);
    return {left, top, std::max<std::int64_t>(0, right - left),
            std::max<std::int64_t>(0, bottom - top)};
}

Grid Grid::covering(const Crs& crs, const Box& extent, double cell_size) {
    if (!(cell_size > 0) || !std::isfinite(cell_size))
        throw input_error(fmt::format("cell size {} is not a positive number", cell_size));
    if (extent.empty() || !std::isfinite(extent.left + extent.right + extent.top + extent.bottom))
        throw input_error("the extent of the grid is empty",
                          "give grid.extent, or areas that lie within the CRS");
    Grid grid;
    grid.crs = crs;
    grid.cell_width = grid.cell_height = cell_size;
    // A border that is on a cell edge but for rounding must not add a row of cells.
    constexpr double slack = 1e-6;
    grid.left = std::floor(extent.left / cell_size + slack) * cell_size;
    grid.top = std::ceil(extent.top / cell_size - slack) * cell_size;
    const double columns = std::ceil((extent.right - grid.left) / cell_size - slack);
    const double rows = std::ceil((grid.top - extent.bottom) / cell_size - slack);
    constexpr double most = 2'000'000;
    if (columns > most || rows > most)
        throw input_error(
            fmt::format("a grid of {:.0f} x {:.0f} cells is too large", columns, rows),
            "check that the cell size is in units of the CRS (metres or degrees)");
    grid.columns = std::max<std::int64_t>(1, static_cast<std::int64_t>(columns));
    grid.rows = std::max<std::int64_t>(1, static_cast<std::int64_t>(rows));
    return grid;
}

Box Grid::extent() const noexcept {
    return extent_of(window());
}

Point Grid::centre(std::int64_t column, std::int64_t row) const noexcept {
    return from_cells({static_cast<double>(column) + 0.5, static_cast<double>(row) + 0.5});
}

Point Grid::to_cells(Point point) const noexcept {
    return {(point.x - left) / cell_width, (top - point.y) / cell_height};
}

std::optional<Cell> Grid::cell_at(Point point) const noexcept {
    const Point at = to_cells(point);
    if (!(at.x >= 0 && at.y >= 0 && at.x < static_cast<double>(columns) &&
          at.y < static_cast<double>(rows)))
        return std::nullopt;
    return Cell{static_cast<std::int64_t>(at.x), static_cast<std::int64_t>(at.y)};
}

Point Grid::from_cells(Point cells) const noexcept {
    return {left + cells.x * cell_width, top - cells.y * cell_height};
}

Box Grid::extent_of(const Window& window) const noexcept {
    const auto a =
        from_cells({static_cast<double>(window.column), static_cast<double>(window.row)});
    const auto b = from_cells({static_cast<double>(window.column + window.columns),
                               static_cast<double>(window.row + window.rows)});
    return {a.x, b.y, b.x, a.y};
}

Window Grid::touching(const Box& box) const noexcept {
    if (box.empty())
        return {};
    const auto cell = [](double value, std::int64_t most) {
        return static_cast<std::int64_t>(std::clamp(value, 0.0, static_cast<double>(most)));
    };
    const Point a = to_cells({box.left, box.top});
    const Point b = to_cells({box.right, box.bottom});
    Window window;
    window.column = cell(std::floor(a.x), columns);
    window.row = cell(std::floor(a.y), rows);
    window.columns = cell(std::floor(b.x) + 1, columns) - window.column;
    window.rows = cell(std::floor(b.y) + 1, rows) - window.row;
    return window;
}

Grid Grid::cut(const Window& window) const {
    Grid grid = *this;
    const auto corner =
        from_cells({static_cast<double>(window.column), static_cast<double>(window.row)});
    grid.left = corner.x;
    grid.top = corner.y;
    grid.columns = window.columns;
    grid.rows = window.rows;
    return grid;
}

bool Grid::matches(const Grid& other) const {
    if (columns != other.columns || rows != other.rows || !(crs == other.crs))
        return false;
    constexpr double slack = 1e-6;
    const auto near = [](double a, double b, double cell) {
        return std::abs(a - b) <= slack * cell;
    };
    const Box a = extent();
    const Box b = other.extent();
    return near(a.left, b.left, cell_width) && near(a.right, b.right, cell_width) &&
           near(a.top, b.top, cell_height) && near(a.bottom, b.bottom, cell_height);
}

std::string Grid::describe() const {
    return fmt::format("{} x {} cells of {:g} x {:g}, corner ({:.10g}, {:.10g}), {}", columns, rows,
                       cell_width, cell_height, left, top, crs.name());
}

std::vector<Window> blocks_of(const Window& whole, std::int64_t block) {
    std::vector<Window> blocks;
    for (std::int64_t row = 0; row < whole.rows; row += block) {
        for (std::int64_t column = 0; column < whole.columns; column += block)
            blocks.push_back({whole.column + column, whole.row + row,
                              std::min(block, whole.columns - column),
                              std::min(block, whole.rows - row)});
    }
    return blocks;
}

} // namespace riskmap
