// SPDX-License-Identifier: MIT
// The cells of a grid that are forest, numbered row by row.
#pragma once

#include <bit>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/raster/source.hpp>
#include <riskmap/spec/door.hpp>

namespace riskmap::forest {

/// One bit for each cell of the grid, and where counting stands at every 64th.
class ForestCells {
  public:
    /// A cell is forest where `share` is at least 1/2; without data it is not.
    /// \throws Error{input}: no cell is forest; the grid is beyond the memory budget.
    ForestCells(const raster::Source& share, const Execution& execution);

    [[nodiscard]] const Grid& grid() const noexcept { return m_grid; }
    [[nodiscard]] std::size_t size() const noexcept { return m_size; }
    /// The rows and columns within which all forest lies.
    [[nodiscard]] const Window& bounds() const noexcept { return m_bounds; }

    /// Calls visit(number, column) for the forest cells of a row, columns `from` .. `end` - 1.
    template <class Visit>
    void visit_row(std::int64_t row, std::int64_t from, std::int64_t end, Visit&& visit) const {
        const auto first = static_cast<std::size_t>(row) * m_words_a_row;
        for (auto w = static_cast<std::size_t>(from) / 64; static_cast<std::int64_t>(w) * 64 < end;
             ++w) {
            auto number = m_before[first + w];
            const auto column = static_cast<std::int64_t>(w) * 64;
            for (auto bits = m_bits[first + w]; bits != 0; bits &= bits - 1, ++number) {
                const auto c = column + std::countr_zero(bits);
                if (c >= from && c < end)
                    visit(number, c);
            }
        }
    }
    /// Calls visit(number, column, row) for all.
    template <class Visit>
    void visit(Visit&& visit) const {
        for (std::int64_t row = 0; row < m_grid.rows; ++row)
            visit_row(row, 0, m_grid.columns, [&](std::uint32_t number, std::int64_t column) {
                visit(number, column, row);
            });
    }

    /// True areas in square metres.
    [[nodiscard]] std::vector<double> areas() const;
    /// What a raster on the same grid says at each; NaN where it has no data.
    [[nodiscard]] std::vector<double> values(const raster::Source& source,
                                             const Execution& execution) const;

  private:
    Grid m_grid;
    Window m_bounds;
    std::size_t m_words_a_row;
    std::size_t m_size = 0;
    std::vector<std::uint64_t> m_bits;
    std::vector<std::uint32_t> m_before; ///< forest cells before each word
};

/// Where the forest is: "LANDCOVER.tif:30,31" or "LANDCOVER.tif classes=30,31" of a raster, or
/// "FOREST.gpkg:LAYER" of polygons; more words as of every source. \throws Error{usage}.
[[nodiscard]] spec::Source parse_forest(const std::string& text);

struct OpenedForest {
    std::shared_ptr<const raster::Source>
        share; ///< 1 forest, or the share of the cell; on the grid
    /// The classes that it was taken from, on the grid; null for polygons, which say nothing of
    /// what lies between them.
    std::shared_ptr<const raster::Source> classes;
    std::vector<std::string> remarks; ///< how it was brought there, what had to be repaired
};
/// \throws Error{input} where it cannot be read or does not meet the grid.
[[nodiscard]] OpenedForest open_forest(const spec::Source& source, const Grid& grid,
                                       spec::Door& door, const Execution& execution);

} // namespace riskmap::forest
