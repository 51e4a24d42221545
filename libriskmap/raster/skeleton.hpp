// SPDX-License-Identifier: MIT
// Private: all of a GeoTIFF but its tiles, as GDAL writes it.
#pragma once

#include <string>

#include <riskmap/geo/grid.hpp>
#include <riskmap/raster/writer.hpp>

#include "tiff_file.hpp"

namespace riskmap::raster {

/// What GDAL writes of a raster of this kind besides its tiles.
struct Skeleton {
    Directory tags;
    std::string sidecar; ///< text of the .aux.xml; may be empty
};

[[nodiscard]] Skeleton skeleton_of(const Grid& grid, const RasterSpec& spec);

} // namespace riskmap::raster
