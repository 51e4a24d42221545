// SPDX-License-Identifier: MIT
// Private: candidates that cover much of the same, taken together.
#pragma once

#include <cstdint>
#include <vector>

#include "reduced.hpp"

namespace riskmap::siting {

/// A few candidates, and for each demand that any of them covers, which.
struct District {
    std::vector<std::size_t> members;
    std::vector<std::uint32_t> demands;  ///< none are listed for a single member
    std::vector<std::uint16_t> patterns; ///< bit m: members[m] covers it
    /// All sets of members by rising cost, and their costs.
    std::vector<std::uint16_t> by_cost;
    std::vector<double> costs;
};

/// Each candidate is in one district. Pairs that share most weight come together first, until
/// a district has `most` members (at most 16).
[[nodiscard]] std::vector<District> districts_of(const Reduced& problem, std::size_t most,
                                                 const Execution& execution);

} // namespace riskmap::siting
