// SPDX-License-Identifier: MIT
// Private: what one block knows of patches and borders.
#pragma once

#include <cstdint>
#include <vector>

#include "patches.hpp"

namespace riskmap::raster {

/// What lies beside a border: a patch of the block, a cell of the block above
/// (by column) or of the one before (by row), or nothing.
struct Side {
    enum class Kind { nothing, own, above, before } kind = Kind::nothing;
    std::int32_t index = 0;
};

struct BorderPiece {
    std::vector<Corner> corners;
    Side left;
    Side right;
};

/// Patches and borders of a block, numbered by themselves. A block has the edges
/// along the top and the left of its cells; those at the raster's lower and
/// right end belong to the last blocks.
struct PatchBlock {
    static constexpr std::int32_t no_patch = -1;

    Window window;
    std::vector<Patch> patches;
    std::vector<BorderPiece> pieces;
    std::vector<std::int32_t> top;    ///< patch of each cell of the first row
    std::vector<std::int32_t> bottom; ///< of the last row
    std::vector<std::int32_t> left;   ///< of the first column
    std::vector<std::int32_t> right;  ///< of the last column

    PatchBlock(const Source& classes, const Window& window);
};

} // namespace riskmap::raster
