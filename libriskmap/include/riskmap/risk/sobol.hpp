// SPDX-License-Identifier: MIT
// How much of the spread of results comes from which input (../docs/method.md section 13).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include <riskmap/core/execution.hpp>

namespace riskmap::risk {

/// Numbers uniform in (0, 1) that depend on seed, row and column alone: the same for any number
/// of threads.
[[nodiscard]] double uniform(std::uint64_t seed, std::uint64_t row, std::uint64_t column) noexcept;

/// Indices of one factor: a number or several that vary together.
struct SobolIndex {
    double first = 0; ///< share of the variance that the factor explains alone
    double total = 0; ///< share that would be left if all others were known
};

/// What results from uniform numbers in (0, 1): from any thread.
using SobolModel = std::function<std::vector<double>(std::span<const double> uniforms)>;

/// One index a factor, over all results together (each weighs by its variance); `factor_of` tells
/// the factor of each uniform number. Takes n (factors + 2) runs of the model. First order after
/// Saltelli et al. 2010, total after Jansen 1999; indices over several results after Gamboa et
/// al. 2014. All 0 if nothing varies; NaN results are left out.
[[nodiscard]] std::vector<SobolIndex> sobol_indices(const SobolModel& model,
                                                    std::span<const std::size_t> factor_of,
                                                    std::size_t n, std::uint64_t seed,
                                                    const Execution& execution);

} // namespace riskmap::risk
