// SPDX-License-Identifier: MIT
// Private: breaks of composite risk, for the city and for counties of their own.
#pragma once

#include <riskmap/core/execution.hpp>
#include <riskmap/project/project.hpp>
#include <riskmap/raster/breaks.hpp>
#include <riskmap/raster/source.hpp>

namespace riskmap::run {

[[nodiscard]] raster::Breaks composite_breaks(const LevelRules& levels,
                                              const raster::Source& composite,
                                              const Execution& execution);

} // namespace riskmap::run
