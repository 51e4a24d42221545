// SPDX-License-Identifier: MIT
// Private: where the cells of one grid lie in another.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include <riskmap/geo/grid.hpp>

namespace riskmap::raster {

/// Positions in the cells of one grid, found for places in the cells of another.
/// Between knots the projection is interpolated; the distance of the knots is
/// halved until that is right to 1e-3 of a cell. For use by many threads.
class CellMap {
  public:
    CellMap(const Grid& from, const Grid& to);

    [[nodiscard]] bool affine() const noexcept { return m_affine; }

    /// Points (column + shift, row + shift) of a lattice of columns x rows places.
    void lattice(std::int64_t column, std::int64_t row, std::int64_t columns, std::int64_t rows,
                 double shift, std::vector<Point>& out) const;
    [[nodiscard]] Point exact(Point cells) const;
    [[nodiscard]] Box extent(const Window& window) const;

  private:
    struct Lease;

    void transform(std::vector<Point>& places) const;
    bool try_lattice(std::int64_t column, std::int64_t row, std::int64_t columns, std::int64_t rows,
                     double shift, std::int64_t step, std::vector<Point>& out) const;
    [[nodiscard]] bool smooth(std::int64_t c0, std::int64_t r0, std::int64_t nc, std::int64_t nr,
                              double shift, std::int64_t step,
                              const std::vector<Point>& knots) const;

    Grid m_from;
    Grid m_to;
    bool m_affine = true;
    mutable std::mutex m_mutex;
    mutable std::vector<std::unique_ptr<CrsTransform>> m_transforms; ///< idle ones
};

} // namespace riskmap::raster
