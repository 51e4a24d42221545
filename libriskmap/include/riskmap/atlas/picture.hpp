// SPDX-License-Identifier: MIT
// A quick look at a raster product as a PNG.
#pragma once

#include <filesystem>
#include <span>

#include <riskmap/core/execution.hpp>
#include <riskmap/geo/geometry.hpp>

namespace riskmap::atlas {

struct PictureOptions {
    int longest_side = 1600; ///< pixels
    /// Borders drawn thin, in the raster's CRS.
    std::span<const MultiPolygon> thin_borders = {};
    std::span<const MultiPolygon> thick_borders = {};
};

/// A class raster in its own colours; any other in the colours of "surface"
/// from 0 (or the least value below it) to the 98 % quantile. Nodata is
/// transparent. Cells are picked (nearest), not averaged.
void write_picture(const std::filesystem::path& raster, const std::filesystem::path& target,
                   const PictureOptions& options, const Execution& execution);

} // namespace riskmap::atlas
