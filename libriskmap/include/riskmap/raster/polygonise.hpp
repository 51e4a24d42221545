// SPDX-License-Identifier: MIT
// Class rasters to polygons whose borders stay shared.
#pragma once

#include <cstdint>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/geo/geometry.hpp>
#include <riskmap/raster/source.hpp>

namespace riskmap::raster {

struct PolygoniseOptions {
    /// Patches (4-connected) of fewer cells join their largest neighbour, or on to
    /// that one's; small patches that only lead to each other stay. Nodata neither
    /// grows nor shrinks.
    std::int64_t least_cells = 1;
    /// In cells. Borders are simplified by Douglas-Peucker, each border once for both
    /// sides: no gaps, no overlaps; a border whose simple form would touch another
    /// is simplified less, in the end not at all.
    double tolerance = 0;
    /// Side of the blocks in which the raster is read; the answer does not depend on it.
    std::int64_t block = 512;
};

struct ClassPolygons {
    std::int32_t value = 0;
    MultiPolygon shape;
};

/// One shape for each class, by rising class, in the coordinates of the grid. The
/// raster is read once, in blocks; memory grows with the borders, not the cells.
/// \throws Error{input}: values that are no whole numbers, borders beyond the memory budget.
[[nodiscard]] std::vector<ClassPolygons> polygonise(const Source& classes,
                                                    const PolygoniseOptions& options = {},
                                                    const Execution& execution = {});

} // namespace riskmap::raster
