// SPDX-License-Identifier: MIT
// Private: 4-connected patches of a class raster and the borders between them,
// found block by block.
#pragma once

#include <cstdint>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/raster/source.hpp>

namespace riskmap::raster {

/// A corner of cells, in cells from the upper left.
struct Corner {
    std::int32_t x;
    std::int32_t y;
    bool operator==(const Corner&) const = default;
};

/// A chain of corners along which two patches meet: its ends and where it turns.
/// Walking it, `left` lies to the left as seen on the map; -1 is nodata.
struct Border {
    std::vector<Corner> corners;
    std::int64_t left = -1;
    std::int64_t right = -1;
};

struct Patch {
    std::int32_t value = 0;
    std::int64_t cells = 0;
    std::int64_t first = 0; ///< row x columns + column of its first cell
};

/// Patches by number, and the borders between them, each from node to node (a
/// corner where three or more borders end) or round to its start. The same in
/// the same order for any blocks and threads.
struct PatchMap {
    std::vector<Patch> patches;
    std::vector<Border> borders;
};

/// \throws Error{input}: values that are no whole numbers, more borders than memory is for.
[[nodiscard]] PatchMap map_patches(const Source& classes, std::int64_t block,
                                   const Execution& execution);

/// Gives patches smaller than `least_cells` to their largest neighbour (ties: the one
/// that begins first), or on to that one's, until one is large enough; small
/// patches that only lead to each other stay.
void sieve(PatchMap& map, std::int64_t least_cells);

} // namespace riskmap::raster
