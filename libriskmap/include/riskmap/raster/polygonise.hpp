// SPDX-License-Identifier: MIT
// Class rasters to polygons whose borders stay shared.
#pragma once

#include <cstdint>
#include <vector>

#include <riskmap/geo/geometry.hpp>
#include <riskmap/geo/grid.hpp>

namespace riskmap::raster {

/// A class raster in memory; 0 is nodata.
struct ClassGrid {
    Grid grid;
    std::vector<std::int32_t> values;
};

/// Patches (4-connected) smaller than `least_cells` join their largest
/// neighbour. Nodata neither grows nor shrinks.
void sieve(ClassGrid& classes, int least_cells);

struct ClassPolygons {
    std::int32_t value = 0;
    MultiPolygon shape;
};

/// One shape for each class, by rising class, in the coordinates of the grid.
/// With `tolerance` > 0 (in cells) borders are simplified by Douglas-Peucker,
/// each border once for both sides: no gaps, no overlaps; a border whose
/// simple form would touch another is simplified less, in the end not at all.
[[nodiscard]] std::vector<ClassPolygons> polygonise(const ClassGrid& classes, double tolerance = 0);

} // namespace riskmap::raster
