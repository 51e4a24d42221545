// SPDX-License-Identifier: MIT
// Class rasters with names and colours, for classify and composite.
#pragma once

#include <filesystem>
#include <span>

#include <riskmap/core/execution.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/raster/breaks.hpp>
#include <riskmap/raster/writer.hpp>

#include "command.hpp"

namespace riskmap::tool {

/// Byte raster with one class per bound: five take the words and colours of
/// risk levels, other numbers the ramp and the bounds as names.
[[nodiscard]] raster::RasterSpec class_spec(std::span<const double> upper, Language language);

/// Finds the breaks of a raster and writes its classes; returns the breaks.
raster::Breaks write_classes(const spec::Source& input, const std::filesystem::path& output,
                             const raster::BreakRule& rule, const Context& context,
                             Language language = Language::en);

} // namespace riskmap::tool
