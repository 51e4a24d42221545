// SPDX-License-Identifier: MIT
// Private: class rasters as polygons with their true area and people.
#pragma once

#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/raster/polygonise.hpp>
#include <riskmap/raster/source.hpp>

#include "work.hpp"

namespace riskmap::run {

struct CellZone {
    int value = 0;
    MultiPolygon shape;  ///< sieved and simplified, borders shared
    double area_km2 = 0; ///< of the cells of this class, before sieving
    double people = 0;   ///< on them; NaN without a population layer
};

struct CellZoneOptions {
    double sieve_km2 = 0;
    double simplify_cells = 0;
};

/// Classes by rising value; nodata and 0 belong to none.
[[nodiscard]] std::vector<CellZone> cell_zones(const raster::Source& classes,
                                               const SourcePtr& people,
                                               const CellZoneOptions& options,
                                               const Execution& execution);

} // namespace riskmap::run
