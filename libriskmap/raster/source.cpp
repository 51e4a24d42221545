// SPDX-License-Identifier: MIT
#include <riskmap/raster/source.hpp>

#include <algorithm>

#include <riskmap/core/error.hpp>

namespace riskmap::raster {

namespace {

/// The values of one window of a source, read at once.
class Held final : public Source {
  public:
    Held(const Source& source, const Window& window)
        : m_grid{source.grid()}, m_window{window}, m_values{source.read(window)} {}
    [[nodiscard]] const Grid& grid() const override { return m_grid; }
    using Source::read;
    void read(const Window& window, std::span<double> values) const override {
        std::fill(values.begin(), values.end(), nodata);
        copy_part(m_values, m_window, window, values);
    }

    static void copy_part(std::span<const double> from, const Window& held, const Window& window,
                          std::span<double> values) {
        const Window inside = window.intersection(held);
        for (std::int64_t r = inside.row; r < inside.row + inside.rows; ++r)
            std::copy_n(from.data() + (r - held.row) * held.columns + inside.column - held.column,
                        inside.columns,
                        values.data() + (r - window.row) * window.columns + inside.column -
                            window.column);
    }

  private:
    const Grid& m_grid;
    Window m_window;
    std::vector<double> m_values;
};

} // namespace

std::unique_ptr<const Source> Source::opened(const Window& window) const {
    return std::make_unique<Held>(*this, window);
}

std::shared_ptr<const Source> borrowed(const Source& source) {
    return {std::shared_ptr<const Source>{}, &source};
}

std::vector<Window> reading_blocks(const Grid& grid,
                                   std::span<const std::shared_ptr<const Source>> sources) {
    const bool strips = std::all_of(sources.begin(), sources.end(), [&](const auto& source) {
        return source->piece().columns >= grid.columns && source->piece().columns > 1024;
    });
    if (!strips || sources.empty())
        return blocks_of(grid.window());
    std::int64_t together = 1; // rows that all sources have in whole strips
    for (const auto& source : sources)
        together = std::max(together, source->piece().rows);
    const std::int64_t rows = std::max<std::int64_t>(1, std::int64_t{512} * 512 / grid.columns);
    if (together < rows)
        together *= rows / together;
    std::vector<Window> blocks;
    for (std::int64_t row = 0; row < grid.rows; row += std::min(together, rows))
        blocks.push_back({0, row, grid.columns, std::min({together, rows, grid.rows - row})});
    return blocks;
}

std::vector<Window> reading_blocks(const Source& source) {
    const auto seen = borrowed(source);
    return reading_blocks(source.grid(), std::span{&seen, 1});
}

std::uint64_t most_cells(std::span<const Window> blocks) {
    std::uint64_t cells = 0;
    for (const auto& block : blocks)
        cells = std::max<std::uint64_t>(cells, block.size());
    return cells;
}

std::vector<Window> slices_of(const Window& block) {
    constexpr std::int64_t cells = 8192;
    const auto rows = std::max<std::int64_t>(1, cells / std::max<std::int64_t>(1, block.columns));
    std::vector<Window> slices;
    for (std::int64_t r = 0; r < block.rows; r += rows)
        slices.push_back(
            {block.column, block.row + r, block.columns, std::min(rows, block.rows - r)});
    return slices;
}

InMemory::InMemory(Grid grid, std::vector<double> values)
    : m_grid{std::move(grid)}, m_values{std::move(values)} {
    if (m_values.size() != m_grid.window().size())
        throw Error{ErrorKind::internal, "values do not fill their grid"};
}

void InMemory::read(const Window& window, std::span<double> values) const {
    std::fill(values.begin(), values.end(), nodata);
    Held::copy_part(m_values, m_grid.window(), window, values);
}

} // namespace riskmap::raster
