// SPDX-License-Identifier: MIT
// Private: the smaller images inside a product, each half as wide as the one before.
#pragma once

#include <cstdint>

#include <riskmap/raster/writer.hpp>

#include "deflate.hpp"

namespace riskmap::raster {

/// A square tile of `side` cells at half its size: of classes the most frequent
/// of the four (ties: the greatest, so that a high level does not fade), of other
/// cells the mean; nodata only where all four are.
[[nodiscard]] Bytes halved(const Bytes& tile, std::int64_t side, CellType type);

} // namespace riskmap::raster
