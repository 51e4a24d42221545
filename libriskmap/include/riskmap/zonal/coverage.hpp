// SPDX-License-Identifier: MIT
// Which share of each cell a polygon covers: exact, in closed form.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include <riskmap/geo/geometry.hpp>
#include <riskmap/geo/grid.hpp>

namespace riskmap::zonal {

/// Neighbouring cells of one row that are covered to the same share.
struct Run {
    std::int64_t column;
    std::int64_t columns;
    double share; ///< of the cell's planar area, in (0, 1]
};

/// The cells of a grid that a polygon covers. Memory grows with the polygon's
/// border, not with its inside.
class Coverage {
  public:
    Coverage() = default;

    /// `shape` must be valid and in the CRS of `grid`. Exact up to rounding (1e-10 of a
    /// cell: vertices that near to a grid line count as on it). Only cells of
    /// `window` are looked at. Method: signed areas to the right of each edge,
    /// summed along rows.
    Coverage(const MultiPolygon& shape, const Grid& grid, const Window& window);
    Coverage(const MultiPolygon& shape, const Grid& grid) : Coverage{shape, grid, grid.window()} {}

    /// The rows and columns within which all covered cells lie.
    [[nodiscard]] const Window& bounds() const noexcept { return m_bounds; }
    /// The runs of a row, by rising column, not touching each other's cells.
    [[nodiscard]] std::span<const Run> row(std::int64_t row) const noexcept;

    /// Calls visit(row, column, columns, share) for each run within `window`.
    template <class Visit>
    void visit(const Window& window, Visit&& visit) const {
        const Window part = window.intersection(m_bounds);
        for (std::int64_t r = part.row; r < part.row + part.rows; ++r) {
            for (const auto& run : row(r)) {
                const auto first = std::max(run.column, part.column);
                const auto last = std::min(run.column + run.columns, part.column + part.columns);
                if (first < last)
                    visit(r, first, last - first, run.share);
            }
        }
    }

  private:
    Window m_bounds;
    std::vector<std::size_t> m_starts; ///< first run of each row of m_bounds, and the end
    std::vector<Run> m_runs;
};

} // namespace riskmap::zonal
