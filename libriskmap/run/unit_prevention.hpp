// SPDX-License-Identifier: MIT
// Private: prevention classes of townships.
#pragma once

#include <string>
#include <vector>

#include "zone_finder.hpp"

namespace riskmap::run {

struct UnitPrevention {
    std::vector<int> classes;           ///< zoning::PreventionClass by township; 0: no data
    std::vector<std::string> raised_by; ///< hazard and people of the override that raised it
    std::vector<std::string> measures;
};

/// The matrix, then the override rules, then the measures of the dominant hazards.
[[nodiscard]] UnitPrevention prevention_of_units(const Work& work, const UnitData& data,
                                                 StepReport& report, const Execution& execution);

} // namespace riskmap::run
