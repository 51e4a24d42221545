// SPDX-License-Identifier: MIT
// Vectors to cells (../docs/method.md section 2): polygons by the exact share
// of each cell, points by the cell they lie in, lines by their length in it.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/geo/grid.hpp>
#include <riskmap/raster/source.hpp>
#include <riskmap/zonal/coverage.hpp>

namespace riskmap::zonal {

/// Area-weighted mean of `values` (one per polygon, NaN = none) over the part
/// of each cell that polygons with a value cover; nodata where that is less
/// than `valid_share` of the cell.
[[nodiscard]] std::shared_ptr<const raster::Source> polygon_means(std::vector<Coverage> polygons,
                                                                  std::vector<double> values,
                                                                  const Grid& grid,
                                                                  double valid_share = 0.5);

/// Covered area of each cell in true square metres; 0 where nothing is.
/// Overlapping polygons count each.
[[nodiscard]] std::shared_ptr<const raster::Source> polygon_areas(std::vector<Coverage> polygons,
                                                                  const Grid& grid);

/// 1 + the index of the polygon with the largest share of the cell (ties: the
/// first); nodata where all together cover less than `valid_share`.
[[nodiscard]] std::shared_ptr<const raster::Source>
unit_cells(std::vector<Coverage> polygons, const Grid& grid, double valid_share = 0.5);

/// Sum of `values` of the points in each cell; a point on the edge of two
/// cells belongs to the eastern and the southern one. 0 where no point is,
/// nodata where one is without value; points beyond the grid are left out.
[[nodiscard]] std::shared_ptr<const raster::Source>
point_sums(std::span<const Point> points, std::span<const double> values, const Grid& grid);

/// Length of the lines in each cell in true metres; 0 where none runs.
[[nodiscard]] std::shared_ptr<const raster::Source> line_lengths(std::span<const LineString> lines,
                                                                 const Grid& grid);

/// Dasymetric downscaling: the total of each unit spread over its cells in
/// proportion to share x weight, so that unit totals are kept. A unit whose
/// weights are all zero or nodata is spread evenly over its area. Cells of no
/// unit are nodata; a unit without total leaves its cells without value.
[[nodiscard]] std::shared_ptr<const raster::Source>
downscaled(std::span<const Coverage> units, std::span<const double> totals,
           const std::shared_ptr<const raster::Source>& weights, const Execution& execution);

} // namespace riskmap::zonal
