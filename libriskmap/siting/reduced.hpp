// SPDX-License-Identifier: MIT
// Private: a covering problem made small without changing its answers.
#pragma once

#include <riskmap/siting/covering.hpp>

namespace riskmap::siting {

/// Demands that the same candidates cover are one demand; those that are covered already
/// or that nobody covers are left out, and so are candidates that add nothing.
struct Reduced {
    std::vector<double> weights;
    std::vector<DemandSet> candidates;
    std::vector<double> costs;
    std::vector<std::size_t> origin; ///< number of each candidate in the problem
    double covered_before = 0;
    double total = 0; ///< of the weights that are left
};
/// `even`: every candidate costs 1, whatever the problem says.
[[nodiscard]] Reduced reduced(const Covering& problem, bool even, const Execution& execution);

} // namespace riskmap::siting
