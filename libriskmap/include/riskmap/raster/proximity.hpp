// SPDX-License-Identifier: MIT
// How far cells are from the nearest marked one.
#pragma once

#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/raster/source.hpp>

namespace riskmap::raster {

/// Distance in metres from the centre of each cell of the grid to the centre of the nearest
/// cell where `marked` has a value other than 0, row by row; infinite if there is none. Exact
/// Euclidean distances in the plane of the CRS (Felzenszwalb and Huttenlocher 2012).
/// \throws Error{input}: a grid in degrees, or beyond the memory budget (8 bytes a cell).
[[nodiscard]] std::vector<float> proximity(const Source& marked, const Execution& execution);

} // namespace riskmap::raster
