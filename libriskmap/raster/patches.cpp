// SPDX-License-Identifier: MIT
#include "patches.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/memory.hpp>
#include <riskmap/core/parallel.hpp>

#include "border_chains.hpp"
#include "patch_block.hpp"

namespace riskmap::raster {

namespace {

/// Sets of patches that turn out to be one; the root is the patch that begins first.
class Unions {
  public:
    explicit Unions(std::vector<Patch>& patches) : m_patches{patches} {}
    void add() { m_parent.push_back(static_cast<std::int64_t>(m_parent.size())); }
    [[nodiscard]] std::int64_t root(std::int64_t i) {
        while (m_parent[static_cast<std::size_t>(i)] != i) {
            auto& up = m_parent[static_cast<std::size_t>(i)];
            up = m_parent[static_cast<std::size_t>(up)];
            i = up;
        }
        return i;
    }
    void join(std::int64_t a, std::int64_t b) {
        a = root(a);
        b = root(b);
        if (a == b)
            return;
        auto& pa = m_patches[static_cast<std::size_t>(a)];
        auto& pb = m_patches[static_cast<std::size_t>(b)];
        const bool keep_a = pa.first < pb.first;
        auto& kept = keep_a ? pa : pb;
        kept.cells += keep_a ? pb.cells : pa.cells;
        m_parent[static_cast<std::size_t>(keep_a ? b : a)] = keep_a ? a : b;
    }

  private:
    std::vector<Patch>& m_patches;
    std::vector<std::int64_t> m_parent;
};

/// Numbers the patches that are left by where they begin, and the borders' sides with them.
void renumber(PatchMap& map, Unions& unions) {
    std::vector<std::int64_t> roots;
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(map.patches.size()); ++i)
        if (unions.root(i) == i)
            roots.push_back(i);
    const auto patch = [&](std::int64_t i) -> const Patch& {
        return map.patches[static_cast<std::size_t>(i)];
    };
    std::sort(roots.begin(), roots.end(),
              [&](std::int64_t a, std::int64_t b) { return patch(a).first < patch(b).first; });
    std::vector<std::int64_t> number(map.patches.size());
    std::vector<Patch> kept;
    for (const auto root : roots) {
        number[static_cast<std::size_t>(root)] = static_cast<std::int64_t>(kept.size());
        kept.push_back(patch(root));
    }
    for (auto& border : map.borders)
        for (auto* side : {&border.left, &border.right})
            if (*side >= 0)
                *side = number[static_cast<std::size_t>(unions.root(*side))];
    map.patches = std::move(kept);
}

/// Takes the blocks in their order, row by row, and joins what belongs together.
class Joiner {
  public:
    Joiner(const Grid& grid, std::uint64_t budget)
        : m_budget{budget}, m_above(static_cast<std::size_t>(grid.columns), -1),
          m_before(static_cast<std::size_t>(grid.rows), -1) {}

    void take(PatchBlock block) {
        const auto offset = static_cast<std::int64_t>(m_map.patches.size());
        for (const auto& patch : block.patches) {
            m_map.patches.push_back(patch);
            m_unions.add();
        }
        const auto own = [&](std::int32_t label) { return label < 0 ? -1 : offset + label; };
        const auto column = static_cast<std::size_t>(block.window.column);
        const auto row = static_cast<std::size_t>(block.window.row);
        for (std::size_t i = 0; i < block.top.size(); ++i)
            join(m_above[column + i], own(block.top[i]));
        if (column > 0)
            for (std::size_t i = 0; i < block.left.size(); ++i)
                join(m_before[row + i], own(block.left[i]));
        const auto side = [&](const Side& s) -> std::int64_t {
            switch (s.kind) {
            case Side::Kind::own:
                return own(s.index);
            case Side::Kind::above:
                return m_above[column + static_cast<std::size_t>(s.index)];
            case Side::Kind::before:
                return m_before[row + static_cast<std::size_t>(s.index)];
            case Side::Kind::nothing:
                break;
            }
            return -1;
        };
        for (auto& piece : block.pieces) {
            m_bytes += sizeof(Border) + piece.corners.size() * (sizeof(Corner) + 3 * sizeof(Point));
            m_map.borders.push_back(
                {std::move(piece.corners), side(piece.left), side(piece.right)});
        }
        if (m_bytes + m_map.patches.size() * 128 > m_budget)
            throw MemoryError("the borders between the classes need more memory than --memory",
                              "give more, sieve the classes, or use a coarser grid");
        for (std::size_t i = 0; i < block.bottom.size(); ++i)
            m_above[column + i] = own(block.bottom[i]);
        for (std::size_t i = 0; i < block.right.size(); ++i)
            m_before[row + i] = own(block.right[i]);
    }

    [[nodiscard]] PatchMap finish() {
        m_map.borders = joined(m_map.borders);
        renumber(m_map, m_unions);
        return std::move(m_map);
    }

  private:
    void join(std::int64_t a, std::int64_t b) {
        if (a >= 0 && b >= 0 &&
            m_map.patches[static_cast<std::size_t>(a)].value ==
                m_map.patches[static_cast<std::size_t>(b)].value)
            m_unions.join(a, b);
    }

    std::uint64_t m_budget;
    std::uint64_t m_bytes = 0;
    PatchMap m_map;
    Unions m_unions{m_map.patches};
    std::vector<std::int64_t> m_above;  ///< patch of each column in the row above
    std::vector<std::int64_t> m_before; ///< patch of each row in the column before
};

/// For each patch its largest neighbour, or -1.
std::vector<std::int64_t> largest_neighbours(const PatchMap& map) {
    std::vector<std::int64_t> largest(map.patches.size(), -1);
    const auto cells = [&](std::int64_t i) {
        return map.patches[static_cast<std::size_t>(i)].cells;
    };
    const auto consider = [&](std::int64_t patch, std::int64_t neighbour) {
        auto& best = largest[static_cast<std::size_t>(patch)];
        if (best < 0 || cells(neighbour) > cells(best) ||
            (cells(neighbour) == cells(best) && neighbour < best))
            best = neighbour;
    };
    for (const auto& border : map.borders)
        if (border.left >= 0 && border.right >= 0 && border.left != border.right) {
            consider(border.left, border.right);
            consider(border.right, border.left);
        }
    return largest;
}

} // namespace

PatchMap map_patches(const Source& classes, std::int64_t block, const Execution& execution) {
    const Grid grid = classes.grid();
    const auto blocks = blocks_of(grid.window(), block);
    Joiner joiner{grid, execution.memory_budget()};
    constexpr std::uint64_t bytes_a_cell = 24;
    parallel_ordered(
        execution, "borders",
        {blocks.size(), static_cast<std::uint64_t>(block * block) * bytes_a_cell},
        [&](std::size_t b) {
            return PatchBlock{classes, blocks[b]};
        },
        [&](std::size_t, PatchBlock&& part) { joiner.take(std::move(part)); });
    return joiner.finish();
}

void sieve(PatchMap& map, std::int64_t least_cells) {
    const auto largest = largest_neighbours(map);
    const auto small = [&](std::int64_t i) {
        return map.patches[static_cast<std::size_t>(i)].cells < least_cells;
    };
    std::vector<std::int32_t> values;
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(map.patches.size()); ++i) {
        auto target = i;
        // Each step of a chain leads to a patch at least as large, until two lead to each other.
        for (auto next = largest[static_cast<std::size_t>(i)]; small(target) && next >= 0;) {
            const auto back = largest[static_cast<std::size_t>(next)];
            if (small(next) && back == target) {
                target = i;
                break;
            }
            target = next;
            next = back;
        }
        values.push_back(map.patches[static_cast<std::size_t>(target)].value);
    }
    for (std::size_t i = 0; i < values.size(); ++i)
        map.patches[i].value = values[i];
    Unions unions{map.patches};
    for (std::size_t i = 0; i < map.patches.size(); ++i)
        unions.add();
    std::vector<Border> kept;
    for (auto& border : map.borders) {
        const bool inside = border.left >= 0 && border.right >= 0 &&
                            values[static_cast<std::size_t>(border.left)] ==
                                values[static_cast<std::size_t>(border.right)];
        if (inside)
            unions.join(border.left, border.right);
        else
            kept.push_back(std::move(border));
    }
    map.borders = joined(kept);
    renumber(map, unions);
}

} // namespace riskmap::raster
