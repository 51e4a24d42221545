// SPDX-License-Identifier: MIT
// Private: who serves whom where sites have capacities.
#pragma once

#include <vector>

#include "cover_case.hpp"

namespace riskmap::siting {

/// The most weight that open candidates can serve together, a group shared among several
/// where need be: a greatest flow (Ford and Fulkerson 1956).
struct Shares {
    double served = 0;
    /// By candidate, for each of `serves`: the weight that it serves.
    std::vector<std::vector<double>> amounts;
};
[[nodiscard]] Shares share_out(const CoverCase& problem, const std::vector<bool>& open);

} // namespace riskmap::siting
