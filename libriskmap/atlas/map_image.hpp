// SPDX-License-Identifier: MIT
// Private: rasters as pictures on a map frame.
#pragma once

#include <riskmap/atlas/sheet.hpp>

#include "canvas.hpp"

namespace riskmap::atlas {

/// A picture and the box it fills, in the map's CRS.
struct MapImage {
    Image image;
    Box extent;
};

/// Cells of a raster in their colours. Where the raster is in the map's CRS and its cells are not
/// smaller than a pixel, each cell is a pixel; else it is aligned to pixels (classes: the one with
/// most area; surfaces: the mean).
[[nodiscard]] MapImage coloured(const CellFill& fill, const Crs& crs, const Box& extent,
                                double pixel, const Execution& execution);

/// Light from the north-west as black and white of varying opacity: flat ground stays clear, so
/// that colours under it are those of the legend. Source: Horn 1981 for slopes.
[[nodiscard]] MapImage shaded(const std::shared_ptr<const raster::Source>& heights, const Crs& crs,
                              const Box& extent, double pixel, const Execution& execution);

} // namespace riskmap::atlas
