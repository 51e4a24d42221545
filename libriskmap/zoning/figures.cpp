// SPDX-License-Identifier: MIT
#include <riskmap/zoning/figures.hpp>

#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/raster/breaks.hpp>
#include <riskmap/raster/cells.hpp>
#include <riskmap/zonal/statistics.hpp>

namespace riskmap::zoning {

namespace {

using raster::Source;

std::vector<std::vector<double>> statistics(const Source& source,
                                            std::span<const zonal::Coverage> units,
                                            const char* names, const Execution& execution,
                                            const Source* weights = nullptr) {
    return zonal::zonal_statistics(source, units, zonal::parse_statistics(names), execution,
                                   weights);
}

/// One statistic of several rasters, in one pass; empty rows where there are none.
std::vector<std::vector<double>> of_all(std::span<const std::shared_ptr<const Source>> sources,
                                        std::span<const zonal::Coverage> units, const char* name,
                                        const Execution& execution) {
    if (sources.empty())
        return std::vector<std::vector<double>>(units.size());
    std::vector<const Source*> rasters;
    for (const auto& source : sources)
        rasters.push_back(source.get());
    return zonal::zonal_table(rasters, units, zonal::parse_statistics(name), execution).rows;
}

void add_composite(const FigureLayers& layers, std::span<const zonal::Coverage> units,
                   std::vector<UnitFigures>& figures, const Execution& execution) {
    const bool people = layers.people != nullptr;
    const auto found =
        statistics(*layers.composite, units, people ? "mean,max,weighted_mean" : "mean,max",
                   execution, layers.people.get());
    for (std::size_t u = 0; u < units.size(); ++u) {
        figures[u].risk_mean = found[u][0];
        figures[u].risk_max = found[u][1];
        figures[u].risk_weighted =
            people && !std::isnan(found[u][2]) ? found[u][2] : figures[u].risk_mean;
    }
}

void add_level_shares(const FigureLayers& layers, std::span<const zonal::Coverage> units,
                      std::vector<UnitFigures>& figures, const Execution& execution) {
    const bool people = layers.people != nullptr;
    for (int level = 1; level <= 5; ++level) {
        const auto here =
            raster::mapped(layers.levels, [level](double v) { return v == level ? 1.0 : 0.0; });
        const auto found = statistics(*here, units, people ? "mean,weighted_mean" : "mean",
                                      execution, layers.people.get());
        for (std::size_t u = 0; u < units.size(); ++u) {
            const auto k = static_cast<std::size_t>(level - 1);
            figures[u].area_share[k] = found[u][0];
            figures[u].people_share[k] = people ? found[u][1] : raster::nodata;
        }
    }
}

void add_hazards(const FigureLayers& layers, std::span<const zonal::Coverage> units,
                 std::vector<UnitFigures>& figures, const Execution& execution) {
    const auto found = of_all(layers.hazards, units, "mean", execution);
    for (std::size_t u = 0; u < units.size(); ++u) {
        auto& unit = figures[u];
        unit.hazard_risk = found[u];
        double sum = 0;
        for (std::size_t h = 0; h < unit.hazard_risk.size(); ++h)
            sum += layers.hazard_weights[h] * unit.hazard_risk[h];
        for (std::size_t h = 0; h < unit.hazard_risk.size(); ++h)
            unit.hazard_share.push_back(
                sum > 0 ? layers.hazard_weights[h] * unit.hazard_risk[h] / sum : raster::nodata);
    }
}

} // namespace

std::vector<UnitFigures> unit_figures(const FigureLayers& layers,
                                      std::span<const zonal::Coverage> units,
                                      const Execution& execution) {
    std::vector<UnitFigures> figures(units.size());
    add_composite(layers, units, figures, execution);
    add_level_shares(layers, units, figures, execution);
    add_hazards(layers, units, figures, execution);
    std::vector<std::shared_ptr<const Source>> summed;
    for (const auto& layer : layers.summed)
        summed.push_back(layer.source);
    const auto sums = of_all(summed, units, "sum", execution);
    for (std::size_t u = 0; u < units.size(); ++u)
        figures[u].sums = sums[u];
    for (auto& unit : figures)
        unit.height_mean = unit.relief = raster::nodata;
    if (layers.height) {
        const auto found =
            statistics(*layers.height, units, "mean,quantile:0.05,quantile:0.95", execution);
        for (std::size_t u = 0; u < units.size(); ++u) {
            figures[u].height_mean = found[u][0];
            figures[u].relief = found[u][2] - found[u][1];
        }
    }
    return figures;
}

UnitLevelRule UnitLevelRule::parse(const std::string& text) {
    if (text == "mean")
        return {};
    const auto number =
        text.starts_with("share:") ? parse_number(std::string_view{text}.substr(6)) : std::nullopt;
    if (!number || *number <= 0 || *number > 1)
        throw input_error(fmt::format("unit level rule '{}' is not known", text),
                          "write mean, or share:0.2 for the level that 20 % of the area reaches");
    return {*number};
}

int unit_level(const UnitFigures& figures, std::span<const double> breaks,
               const UnitLevelRule& rule) {
    if (std::isnan(figures.risk_mean) || breaks.empty())
        return 0;
    if (rule.share == 0)
        return static_cast<int>(raster::class_of(figures.risk_weighted, breaks));
    double reached = 0;
    for (int level = 5; level >= 1; --level) {
        reached += figures.area_share[static_cast<std::size_t>(level - 1)];
        if (reached >= rule.share)
            return level;
    }
    return 1;
}

} // namespace riskmap::zoning
