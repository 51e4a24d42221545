// SPDX-License-Identifier: MIT
// Private: cell values as the tiles of riskmap's own files hold them.
#pragma once

#include <cstdint>

#include <riskmap/raster/writer.hpp>

#include "deflate.hpp"
#include "samples.hpp"

namespace riskmap::raster {

inline constexpr std::int64_t tile_side = 512;

[[nodiscard]] Sample sample_of(CellType type);
[[nodiscard]] Predictor predictor_of(CellType type);
/// The number that stands for nodata.
[[nodiscard]] double hole_of(CellType type);

/// NaN becomes nodata; integers are rounded and clamped.
void pack(const double* values, std::size_t n, CellType type, std::byte* out);

/// A tile of nothing but nodata.
[[nodiscard]] Bytes empty_tile(CellType type);

/// A tile as it stands in the file.
[[nodiscard]] Bytes compressed(Bytes tile, CellType type);

} // namespace riskmap::raster
