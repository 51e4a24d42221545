// SPDX-License-Identifier: MIT
#include "layers.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/file.hpp>
#include <riskmap/raster/cells.hpp>
#include <riskmap/raster/value_counts.hpp>
#include <riskmap/risk/damage.hpp>
#include <riskmap/risk/normalise.hpp>
#include <riskmap/risk/weights.hpp>

namespace riskmap::run {

namespace {

std::vector<SourcePtr> maps_of(const Work& work, const Hazard& hazard) {
    std::vector<SourcePtr> maps;
    for (std::size_t m = 0; m < hazard.maps.size(); ++m)
        maps.push_back(work.open(work.stack_raster(Work::map_id(hazard, m))));
    return maps;
}

std::vector<double> periods_of(const Hazard& hazard) {
    std::vector<double> periods;
    for (const auto& map : hazard.maps)
        periods.push_back(map.return_period);
    return periods;
}

SourcePtr scaled(SourcePtr source, const risk::Scale& scale, const std::string& name, Json& facts,
                 std::vector<std::string>& warnings) {
    facts[name] = scale.description();
    if (scale.constant())
        warnings.push_back(
            fmt::format("{}: the layer is the same everywhere, its index is 0", name));
    if (scale.widened())
        warnings.push_back(fmt::format("{}: most cells share one value, so the scale runs from the "
                                       "least to the greatest and not between percentiles",
                                       name));
    return raster::computed({std::move(source)},
                            [scale](const Window&, raster::Cells in, std::span<double> out) {
                                std::copy(in[0].begin(), in[0].end(), out.begin());
                                scale.apply(out);
                            });
}

risk::Scale fitted_scale(const Work& work, const raster::Source& values, const std::string& rule,
                         risk::Direction direction, const Execution& execution) {
    const auto parsed = risk::NormaliseRule::parse(rule, direction);
    std::vector<raster::ValueBin> bins;
    if (parsed.needs_distribution()) {
        const auto mask = work.open(work.unit_raster());
        bins = raster::count_values(values, execution, mask.get()).bins();
    }
    return {parsed, bins};
}

} // namespace

SourcePtr intensity(const Work& work, const Hazard& hazard) {
    auto maps = maps_of(work, hazard);
    if (maps.size() == 1)
        return maps[0];
    const auto rule = &risk::annual_rule(work.project.annual);
    return raster::computed(std::move(maps),
                            [rule, periods = periods_of(hazard)](const Window&, raster::Cells in,
                                                                 std::span<double> out) {
                                std::vector<double> values(periods.size());
                                for (std::size_t i = 0; i < out.size(); ++i) {
                                    for (std::size_t m = 0; m < values.size(); ++m)
                                        values[m] = in[m][i];
                                    out[i] = risk::expected_annual(periods, values, *rule);
                                }
                            });
}

SourcePtr exposure_cells(const Work& work, const Exposure& exposure) {
    return work.open(work.stack_raster("exposure-" + exposure.id));
}

bool summable(const Exposure& exposure) {
    const auto& source = exposure.source;
    if (!source.classes.empty() || !source.downscale_by.empty())
        return true;
    if (source.is_vector())
        return source.measure != "mean"; // "auto" was decided when the project was opened
    return source.kind == raster::Kind::counts;
}

SourcePtr exposure_density(const Work& work, const Exposure& exposure) {
    auto cells = exposure_cells(work, exposure);
    return summable(exposure) ? raster::density(std::move(cells)) : cells;
}

const Exposure* people_of(const Project& project) {
    for (const auto& exposure : project.exposures)
        if (exposure.people)
            return &exposure;
    return nullptr;
}

risk::Scale hazard_scale(const Work& work, const Hazard& hazard, const raster::Source& values,
                         const Execution& execution) {
    return fitted_scale(work, values, hazard.normalise, risk::parse_direction(hazard.direction),
                        execution);
}

risk::Scale exposure_scale(const Work& work, const Exposure& exposure, const raster::Source& values,
                           const Execution& execution) {
    return fitted_scale(work, values, exposure.normalise, risk::Direction::more_is_worse,
                        execution);
}

std::vector<double> exposure_weights(const Project& project) {
    std::vector<double> given;
    std::vector<std::string> names;
    for (const auto& exposure : project.exposures) {
        given.push_back(exposure.weight);
        names.push_back(exposure.id);
    }
    return risk::checked_weights(given, names);
}

std::vector<double> hazard_weights(const Work& work) {
    return Json::parse(read_file(work.file("weights.json"))).at("hazards");
}

SourcePtr vulnerability_cells(const Work& work, StepReport& report) {
    std::vector<double> values(work.areas.townships.size(), 1.0);
    if (!work.project.vulnerability.file.empty()) {
        auto index = unit_index(work, work.project.vulnerability, "vulnerability", report);
        report.facts["vulnerability_weights"] = index.weights;
        values = std::move(index.values);
    }
    return raster::mapped(work.open(work.unit_raster()), [values = std::move(values)](double unit) {
        return values[static_cast<std::size_t>(unit) - 1];
    });
}

SourcePtr hazard_index(const Work& work, const Hazard& hazard, Json& facts,
                       std::vector<std::string>& warnings, const Execution& execution) {
    auto values = intensity(work, hazard);
    const auto scale = hazard_scale(work, hazard, *values, execution);
    return scaled(std::move(values), scale, hazard.id, facts, warnings);
}

SourcePtr exposure_index(const Work& work, const Exposure& exposure, Json& facts,
                         std::vector<std::string>& warnings, const Execution& execution) {
    auto values = exposure_density(work, exposure);
    const auto scale = exposure_scale(work, exposure, *values, execution);
    return scaled(std::move(values), scale, exposure.id, facts, warnings);
}

SourcePtr annual_loss(const Work& work, const Hazard& hazard, const Exposure& exposure,
                      spec::Door& door) {
    const auto periods = periods_of(hazard);
    if (hazard.curve.empty() || periods[0] == 0 || !summable(exposure))
        return nullptr;
    if (hazard.curve.ends_with(".csv"))
        door.note(hazard.curve);
    auto inputs = maps_of(work, hazard);
    inputs.push_back(exposure_cells(work, exposure));
    const auto rule = &risk::annual_rule(work.project.annual);
    return raster::computed(
        std::move(inputs), [rule, periods, curve = risk::DamageCurve::parse(hazard.curve)](
                               const Window&, raster::Cells in, std::span<double> out) {
            std::vector<double> damage(periods.size());
            for (std::size_t i = 0; i < out.size(); ++i) {
                for (std::size_t m = 0; m < damage.size(); ++m)
                    damage[m] = curve(in[m][i]);
                out[i] = in[periods.size()][i] * risk::expected_annual(periods, damage, *rule);
            }
        });
}

} // namespace riskmap::run
