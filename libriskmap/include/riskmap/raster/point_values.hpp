// SPDX-License-Identifier: MIT
// What a raster says at points.
#pragma once

#include <span>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/raster/source.hpp>

namespace riskmap::raster {

enum class Sampling {
    nearest,  ///< the cell that the point lies in
    bilinear, ///< between the four centres around it; any of them without data: the cell itself
};

/// The value at each point, in the raster's CRS; NaN beyond the raster and where it has no data.
/// Each block of the raster is read once, whatever the order of the points.
[[nodiscard]] std::vector<double> values_at(const Source& source, std::span<const Point> points,
                                            Sampling sampling, const Execution& execution);

} // namespace riskmap::raster
