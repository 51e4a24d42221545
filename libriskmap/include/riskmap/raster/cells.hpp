// SPDX-License-Identifier: MIT
// Cell by cell computation: many rasters of one grid in, one or more out, in
// one pass over the blocks.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/raster/source.hpp>
#include <riskmap/raster/writer.hpp>

namespace riskmap::raster {

/// The values of one block: one vector per input, row-major.
using Cells = std::span<const std::vector<double>>;

/// Makes the values of a block from those of the inputs; NaN is nodata.
using CellKernel = std::function<void(const Window&, Cells in, std::span<double> out)>;

/// A raster that is computed when it is read; inputs must share one grid.
/// \throws Error{internal} if they do not.
[[nodiscard]] std::shared_ptr<const Source>
computed(std::vector<std::shared_ptr<const Source>> inputs, CellKernel kernel);

/// The same with one input and a function of the value alone.
[[nodiscard]] std::shared_ptr<const Source> mapped(std::shared_ptr<const Source> input,
                                                   std::function<double(double)> function);

/// Values of `source` where `mask` has one, nodata elsewhere.
[[nodiscard]] std::shared_ptr<const Source> masked(std::shared_ptr<const Source> source,
                                                   std::shared_ptr<const Source> mask);

/// Counts per cell as a density per square kilometre of true cell area.
[[nodiscard]] std::shared_ptr<const Source> density(std::shared_ptr<const Source> counts);

/// Shares of cells as true square metres.
[[nodiscard]] std::shared_ptr<const Source> areas_of(std::shared_ptr<const Source> shares);

/// The same with several outputs. The inputs are the kernel's own, to be changed in place.
using BlockKernel = std::function<void(const Window&, std::span<std::vector<double>> in,
                                       std::span<std::vector<double>> out)>;

/// Reads each input once and writes each output once. Blocks are decoded, computed and
/// encoded in parallel and written in order; within a block the kernel passes over a
/// few rows at a time, which stay in a core's cache. Does not commit the writers.
void transform(std::span<const std::shared_ptr<const Source>> inputs,
               std::span<Writer* const> outputs, const BlockKernel& kernel,
               const Execution& execution, std::string_view stage);

/// Writes a raster; does not commit.
void copy(const Source& source, Writer& writer, const Execution& execution,
          std::string_view stage = "writing");

} // namespace riskmap::raster
