// SPDX-License-Identifier: MIT
// Private: which colour a cell has, for sheets and for the web.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include <riskmap/atlas/sheet.hpp>
#include <riskmap/core/parallel.hpp>

namespace riskmap::atlas {

/// The colours of a fill, and each value's number among them.
class Palette {
  public:
    /// A ramp is cut into `steps`; of classes no more colours than so many are taken.
    Palette(const CellFill& fill, std::size_t steps);

    /// From 1 on; 0 for nodata and for values without a class.
    [[nodiscard]] std::uint16_t number(double value) const;
    [[nodiscard]] const std::vector<Colour>& colours() const noexcept { return m_colours; }

  private:
    const CellFill& m_fill;
    std::vector<Colour> m_colours;
    std::map<std::int64_t, std::uint16_t> m_numbers; ///< by class; those of one colour share it
};

/// Paints strips of rows side by side: paint(first row, rows). Of what lies behind a row of
/// pixels, `cells` of it in all, no more is read at once than fits into the memory budget.
template <class Paint>
void by_strips(const Grid& grid, const Grid& cells, const Execution& execution, Paint paint) {
    constexpr std::uint64_t bytes_each = 64; // a cell, and what is worked out of it
    const auto behind_row =
        std::max<std::uint64_t>(1, cells.window().size() / static_cast<std::uint64_t>(grid.rows));
    const auto fitting = execution.memory_budget() / execution.thread_count() / bytes_each;
    const auto rows_at_once =
        static_cast<std::int64_t>(std::clamp<std::uint64_t>(fitting / behind_row, 1, 64));
    const auto strips = (grid.rows + rows_at_once - 1) / rows_at_once;
    parallel_for(execution, static_cast<std::size_t>(strips), [&](std::size_t s) {
        const auto first = static_cast<std::int64_t>(s) * rows_at_once;
        paint(first, std::min(rows_at_once, grid.rows - first));
    });
}

} // namespace riskmap::atlas
