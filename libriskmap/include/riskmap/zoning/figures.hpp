// SPDX-License-Identifier: MIT
// What is known of each township, county and city (../docs/method.md section 10).
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/raster/source.hpp>
#include <riskmap/zonal/coverage.hpp>

namespace riskmap::zoning {

using Levels = std::array<double, 5>; ///< something for each level 1..5

/// A quantity of cells whose sum over a unit is wanted, by name.
struct SummedLayer {
    std::string name;
    std::shared_ptr<const raster::Source> source;
};

/// The rasters figures are taken from, all on one grid.
struct FigureLayers {
    std::shared_ptr<const raster::Source> composite;
    std::shared_ptr<const raster::Source> levels;
    std::vector<std::shared_ptr<const raster::Source>> hazards; ///< single-hazard risk
    std::vector<double> hazard_weights;
    std::shared_ptr<const raster::Source> people; ///< weights; may be null
    std::shared_ptr<const raster::Source> height; ///< metres; may be null
    std::vector<SummedLayer> summed;              ///< exposures and annual losses
};

/// The figures of one unit; NaN where the unit has no data.
struct UnitFigures {
    double risk_mean = 0;
    double risk_weighted = 0; ///< weighted by people; risk_mean where nobody lives
    double risk_max = 0;
    Levels area_share{};              ///< of the area with data
    Levels people_share{};            ///< of the people on it
    std::vector<double> hazard_risk;  ///< mean risk of each hazard
    std::vector<double> hazard_share; ///< w_h R_h / sum, of the means
    std::vector<double> sums;         ///< of `summed`
    double height_mean = 0;
    double relief = 0; ///< 95 % quantile of height less its 5 % quantile
};

[[nodiscard]] std::vector<UnitFigures> unit_figures(const FigureLayers& layers,
                                                    std::span<const zonal::Coverage> units,
                                                    const Execution& execution);

/// How the level of a unit follows from its cells.
struct UnitLevelRule {
    double share = 0; ///< 0: by the weighted mean and breaks; else the highest
                      ///< level that this share of the area reaches or exceeds
    [[nodiscard]] static UnitLevelRule parse(const std::string& text); ///< "mean", "share:0.2"
};
/// 0 for a unit without data.
[[nodiscard]] int unit_level(const UnitFigures& figures, std::span<const double> breaks,
                             const UnitLevelRule& rule);

} // namespace riskmap::zoning
