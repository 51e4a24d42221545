// SPDX-License-Identifier: MIT
// What a plan of sites is for and where it is written: shared by `cameras` and `water`.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <riskmap/forest/report.hpp>

#include "command.hpp"

namespace riskmap::tool {

struct PlanOptions {
    std::optional<double> goal;
    std::optional<int> sites;
    std::optional<double> budget;
    bool cheapest = false;
    std::filesystem::path report;
    Output output;

    /// All but -o, which each command words itself.
    void declare(Arguments& app);
    /// \throws Error{usage} unless exactly one aim is given.
    [[nodiscard]] forest::PlanAim aim() const;
    /// Refuses names that are no GeoPackage and files that exist.
    void check() const;

    /// Writes PLAN.gpkg and what stands beside it, and the report; says the main figures.
    void write(const forest::PlanStudy& study, const forest::ForestCells& cells,
               const Context& context) const;
};

} // namespace riskmap::tool
