// SPDX-License-Identifier: MIT
// Private: risk zones of townships, found and described.
#pragma once

#include <string>
#include <vector>

#include "table.hpp"
#include "work.hpp"

namespace riskmap::run {

/// What earlier steps found out about the townships.
struct UnitData {
    explicit UnitData(const Work& work);

    UnitTable units;
    std::vector<double> breaks;                   ///< of weighted risk, over the townships
    std::vector<double> weights;                  ///< of hazards
    std::vector<double> risk;                     ///< weighted by people
    std::vector<double> area;                     ///< km2
    std::vector<double> people;                   ///< area where no exposure counts people
    std::vector<std::vector<double>> hazard_risk; ///< [hazard][township]

    /// w_h R_h over their sum; NaN where a township has no data or no risk.
    [[nodiscard]] std::vector<double> hazard_shares(std::size_t unit) const;
};

struct Zone {
    std::size_t city = 0;
    std::vector<std::size_t> townships;
    int level = 0;
    double risk = 0; ///< weighted by people
    double area_km2 = 0;
    double people = 0;
    std::vector<std::size_t> dominant; ///< hazards, by place in the project
    Words place;
    Words landform;
    Words name;
    std::string code;
};

/// By city, then by falling level. Adds quality and warnings to the report.
[[nodiscard]] std::vector<Zone> find_zones(const Work& work, const UnitData& data,
                                           StepReport& report, const Execution& execution);

} // namespace riskmap::run
