// SPDX-License-Identifier: MIT
// Private: the cheapest candidates that serve every group of a covering case.
#pragma once

#include <cstdint>
#include <vector>

#include <riskmap/core/execution.hpp>

#include "clock.hpp"
#include "cover_case.hpp"

namespace riskmap::siting {

struct SetCover {
    std::vector<std::uint32_t> chosen;
    double cost = 0;
    bool found = false;    ///< a choice below the cutoff
    bool finished = false; ///< nothing is cheaper (or: nothing is below the cutoff)
    double bound = 0;      ///< no choice is cheaper, or cheaper than the cutoff
};
/// Seeks a choice that costs less than `cutoff`; `any`: the first one will do.
[[nodiscard]] SetCover set_cover(const CoverCase& problem, double cutoff, bool any,
                                 const Clock& clock, const Execution& execution);

} // namespace riskmap::siting
