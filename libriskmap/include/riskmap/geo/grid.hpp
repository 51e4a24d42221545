// SPDX-License-Identifier: MIT
// Where the cells of a raster lie, and pieces of it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <riskmap/geo/crs.hpp>
#include <riskmap/geo/geometry.hpp>

namespace riskmap {

/// A rectangle of cells; row 0 is the northernmost.
struct Window {
    std::int64_t column = 0;
    std::int64_t row = 0;
    std::int64_t columns = 0;
    std::int64_t rows = 0;

    [[nodiscard]] std::size_t size() const noexcept {
        return static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows);
    }
    [[nodiscard]] bool empty() const noexcept { return columns <= 0 || rows <= 0; }
    [[nodiscard]] Window intersection(const Window& other) const noexcept;
    friend bool operator==(const Window&, const Window&) = default;
};

/// The place of one cell.
struct Cell {
    std::int64_t column = 0;
    std::int64_t row = 0;
};

/// A north-up raster grid, registered by the upper-left corner of its
/// upper-left cell (GDAL's convention; ../docs/method.md section 18.9).
struct Grid {
    Crs crs;
    double left = 0;
    double top = 0;
    double cell_width = 1;
    double cell_height = 1; ///< positive
    std::int64_t columns = 0;
    std::int64_t rows = 0;

    /// The grid of whole cells that covers `extent`, its corner at a multiple
    /// of the cell size. \throws Error{input} on a nonsensical size.
    [[nodiscard]] static Grid covering(const Crs& crs, const Box& extent, double cell_size);

    [[nodiscard]] Box extent() const noexcept;
    [[nodiscard]] Window window() const noexcept { return {0, 0, columns, rows}; }
    [[nodiscard]] Point centre(std::int64_t column, std::int64_t row) const noexcept;
    /// Position in cells from the upper-left corner: x right, y down.
    [[nodiscard]] Point to_cells(Point point) const noexcept;
    [[nodiscard]] Point from_cells(Point cells) const noexcept;
    /// The cell that a point lies in; nothing beyond the grid. A point on the edge of two
    /// cells belongs to the eastern and the southern one.
    [[nodiscard]] std::optional<Cell> cell_at(Point point) const noexcept;
    [[nodiscard]] Box extent_of(const Window& window) const noexcept;
    /// The cells a box touches, within the grid.
    [[nodiscard]] Window touching(const Box& box) const noexcept;
    /// The grid of a window of this one.
    [[nodiscard]] Grid cut(const Window& window) const;

    /// Same CRS, size, and corner and cell size to 1e-6 of a cell over the whole grid.
    [[nodiscard]] bool matches(const Grid& other) const;
    [[nodiscard]] std::string describe() const;
};

/// The windows of `block` cells square that tile a grid, row by row.
[[nodiscard]] std::vector<Window> blocks_of(const Window& whole, std::int64_t block = 512);

/// The true area of cells in square metres: on the ellipsoid for a geographic
/// grid, with the projection's areal scale taken out for a projected one.
/// Source: ../docs/method.md section 1.
class CellAreas {
  public:
    explicit CellAreas(const Grid& grid);
    [[nodiscard]] double at(std::int64_t column, std::int64_t row) const noexcept;
    /// Areas of a run of cells, row `row`, columns `column`...
    void row(std::int64_t column, std::int64_t row, std::span<double> areas) const noexcept;

  private:
    static constexpr std::int64_t knots = 33;
    Grid m_grid;
    std::vector<double> m_by_row;  ///< geographic: area of a cell of each row
    std::vector<double> m_lattice; ///< projected: areas at knots x knots places
};

/// Areas of polygons on the ellipsoid in square metres, sides as geodesics. One per
/// thread. Source: Karney 2013 (PROJ's geodesic library).
class TrueAreas {
  public:
    /// \throws Error{input} without CRS.
    explicit TrueAreas(const Crs& crs);
    ~TrueAreas();
    [[nodiscard]] double operator()(const MultiPolygon& shape) const;

  private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// The same for one shape.
[[nodiscard]] double true_area(const MultiPolygon& shape, const Crs& crs);

} // namespace riskmap
