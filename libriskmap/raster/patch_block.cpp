// SPDX-License-Identifier: MIT
#include "patch_block.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>

namespace riskmap::raster {

namespace {

constexpr std::int32_t no_class = std::numeric_limits<std::int32_t>::min();

/// Directions on the lattice of cell corners: east, south, west, north.
constexpr std::array<std::int32_t, 4> step_x{1, 0, -1, 0};
constexpr std::array<std::int32_t, 4> step_y{0, 1, 0, -1};

/// The classes of a block and of one cell around it.
class Classes {
  public:
    Classes(const Source& source, const Window& block)
        : m_window{block.column - 1, block.row - 1, block.columns + 2, block.rows + 2},
          m_values(m_window.size()) {
        const auto values = source.read(m_window);
        for (std::size_t i = 0; i < values.size(); ++i)
            m_values[i] = class_of(values[i]);
    }
    [[nodiscard]] std::int32_t at(std::int64_t column, std::int64_t row) const {
        return m_values[static_cast<std::size_t>((row - m_window.row) * m_window.columns + column -
                                                 m_window.column)];
    }

    /// Whether the four cells at a corner are of one class.
    [[nodiscard]] bool even_around(std::int64_t x, std::int64_t y) const {
        const auto* lower = &m_values[static_cast<std::size_t>(
            (y - m_window.row) * m_window.columns + x - m_window.column)];
        const auto* upper = lower - m_window.columns;
        return lower[0] == lower[-1] && upper[0] == upper[-1] && lower[0] == upper[0];
    }

  private:
    static std::int32_t class_of(double value) {
        if (std::isnan(value))
            return no_class;
        const double whole = std::round(value);
        if (whole != value || std::abs(value) > 2e9)
            throw input_error(fmt::format("{:g} is not a class: classes are whole numbers", value),
                              "cut the raster into classes first: riskmap classify");
        return static_cast<std::int32_t>(whole);
    }
    Window m_window;
    std::vector<std::int32_t> m_values;
};

struct Cell {
    std::int64_t column;
    std::int64_t row;
};

/// Follows the borders of one block.
class Tracer {
  public:
    Tracer(const Classes& classes, const Window& block, const Window& whole)
        : m_classes{classes}, m_block{block}, m_last_column{block.column + block.columns ==
                                                            whole.columns},
          m_last_row{block.row + block.rows == whole.rows},
          m_seen(static_cast<std::size_t>((block.columns + 1) * (block.rows + 1) * 2)) {}

    /// trace(corners, left cell, right cell) for each piece of border.
    template <class Trace>
    void all(Trace trace) {
        for (const bool loops : {false, true})
            for (auto y = m_block.row; y <= m_block.row + m_block.rows; ++y)
                for (auto x = m_block.column; x <= m_block.column + m_block.columns; ++x)
                    if (!m_classes.even_around(x, y) && (loops || ends_at(x, y)))
                        for (int d = 0; d < 4; ++d)
                            if (owned(x, y, d) && border(x, y, d) && take(x, y, d))
                                trace(follow(x, y, d), beside(x, y, d).first,
                                      beside(x, y, d).second);
    }

  private:
    /// Cells left and right of the edge that leaves corner (x, y).
    static std::pair<Cell, Cell> beside(std::int64_t x, std::int64_t y, int direction) {
        switch (direction) {
        case 0:
            return {{x, y - 1}, {x, y}};
        case 1:
            return {{x, y}, {x - 1, y}};
        case 2:
            return {{x - 1, y}, {x - 1, y - 1}};
        default:
            return {{x - 1, y - 1}, {x, y - 1}};
        }
    }
    [[nodiscard]] bool border(std::int64_t x, std::int64_t y, int direction) const {
        const auto [left, right] = beside(x, y, direction);
        return m_classes.at(left.column, left.row) != m_classes.at(right.column, right.row);
    }
    [[nodiscard]] bool owned(std::int64_t x, std::int64_t y, int direction) const {
        if (direction == 2)
            --x;
        if (direction == 3)
            --y;
        const auto right = m_block.column + m_block.columns;
        const auto bottom = m_block.row + m_block.rows;
        if (x < m_block.column || y < m_block.row)
            return false;
        if (direction % 2 == 0)
            return x < right && (y < bottom || (m_last_row && y == bottom));
        return y < bottom && (x < right || (m_last_column && x == right));
    }
    /// A node, or a place where the border goes on in another block.
    [[nodiscard]] bool ends_at(std::int64_t x, std::int64_t y) const {
        int borders = 0;
        int own = 0;
        for (int d = 0; d < 4; ++d)
            if (border(x, y, d)) {
                ++borders;
                own += owned(x, y, d) ? 1 : 0;
            }
        return borders > 2 || own == 1;
    }
    /// Marks an edge; false if it was marked before.
    bool take(std::int64_t x, std::int64_t y, int direction) {
        if (direction == 2)
            --x;
        if (direction == 3)
            --y;
        auto edge = m_seen.begin() +
                    static_cast<std::ptrdiff_t>(
                        2 * ((y - m_block.row) * (m_block.columns + 1) + x - m_block.column) +
                        direction % 2);
        if (*edge)
            return false;
        *edge = true;
        return true;
    }
    std::vector<Corner> follow(std::int64_t x, std::int64_t y, int direction) {
        std::vector<Corner> corners;
        const auto push = [&] {
            corners.push_back({static_cast<std::int32_t>(x), static_cast<std::int32_t>(y)});
        };
        push();
        for (;;) {
            x += step_x[static_cast<std::size_t>(direction)];
            y += step_y[static_cast<std::size_t>(direction)];
            int next = -1;
            if (!ends_at(x, y))
                for (int d = 0; d < 4; ++d)
                    if (d != (direction + 2) % 4 && border(x, y, d))
                        next = d;
            if (next != direction)
                push();
            if (next < 0 || !take(x, y, next))
                return corners;
            direction = next;
        }
    }

    const Classes& m_classes;
    Window m_block;
    bool m_last_column;
    bool m_last_row;
    std::vector<bool> m_seen;
};

/// 4-connected patches of the cells of a block.
std::vector<std::int32_t> labelled(const Classes& classes, const Window& window,
                                   std::int64_t columns_of_all, std::vector<Patch>& patches) {
    const auto columns = window.columns;
    std::vector<std::int32_t> parent(window.size());
    std::iota(parent.begin(), parent.end(), 0);
    const auto root = [&](std::int32_t i) {
        while (parent[static_cast<std::size_t>(i)] != i) {
            auto& up = parent[static_cast<std::size_t>(i)];
            up = parent[static_cast<std::size_t>(up)];
            i = up;
        }
        return i;
    };
    const auto join = [&](std::int64_t a, std::int64_t b) {
        const auto ra = root(static_cast<std::int32_t>(a));
        const auto rb = root(static_cast<std::int32_t>(b));
        parent[static_cast<std::size_t>(std::max(ra, rb))] = std::min(ra, rb);
    };
    const auto value = [&](std::int64_t c, std::int64_t r) {
        return classes.at(window.column + c, window.row + r);
    };
    for (std::int64_t r = 0; r < window.rows; ++r)
        for (std::int64_t c = 0; c < columns; ++c) {
            if (c > 0 && value(c, r) == value(c - 1, r))
                join(r * columns + c, r * columns + c - 1);
            if (r > 0 && value(c, r) == value(c, r - 1))
                join(r * columns + c, (r - 1) * columns + c);
        }
    std::vector<std::int32_t> labels(window.size(), PatchBlock::no_patch);
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(labels.size()); ++i) {
        const auto c = i % columns;
        const auto r = i / columns;
        if (value(c, r) == no_class)
            continue;
        // The root is the least index of its patch, so it comes first.
        const auto first = static_cast<std::size_t>(root(static_cast<std::int32_t>(i)));
        if (labels[first] == PatchBlock::no_patch) {
            labels[first] = static_cast<std::int32_t>(patches.size());
            patches.push_back(
                {value(c, r), 0, (window.row + r) * columns_of_all + window.column + c});
        }
        labels[static_cast<std::size_t>(i)] = labels[first];
        ++patches[static_cast<std::size_t>(labels[first])].cells;
    }
    return labels;
}

} // namespace

PatchBlock::PatchBlock(const Source& source, const Window& block) : window{block} {
    const Window whole = source.grid().window();
    const Classes classes{source, block};
    const auto labels = labelled(classes, block, whole.columns, patches);
    const auto label = [&](std::int64_t c, std::int64_t r) {
        return labels[static_cast<std::size_t>(r * block.columns + c)];
    };
    for (std::int64_t c = 0; c < block.columns; ++c) {
        top.push_back(label(c, 0));
        bottom.push_back(label(c, block.rows - 1));
    }
    for (std::int64_t r = 0; r < block.rows; ++r) {
        left.push_back(label(0, r));
        right.push_back(label(block.columns - 1, r));
    }
    const auto side = [&](const Cell& cell) -> Side {
        const auto c = cell.column - block.column;
        const auto r = cell.row - block.row;
        if (classes.at(cell.column, cell.row) == no_class)
            return {};
        if (r < 0)
            return {Side::Kind::above, static_cast<std::int32_t>(c)};
        if (c < 0)
            return {Side::Kind::before, static_cast<std::int32_t>(r)};
        return {Side::Kind::own, label(c, r)};
    };
    Tracer{classes, block, whole}.all(
        [&](std::vector<Corner> corners, const Cell& on_left, const Cell& on_right) {
            pieces.push_back({std::move(corners), side(on_left), side(on_right)});
        });
}

} // namespace riskmap::raster
