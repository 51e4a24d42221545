// SPDX-License-Identifier: MIT
// Step: how sure the levels are.
#include <cmath>

#include <riskmap/core/file.hpp>
#include <riskmap/risk/uncertainty.hpp>
#include <riskmap/zoning/figures.hpp>

#include "layers.hpp"
#include "table.hpp"
#include "units.hpp"

namespace riskmap::run {

namespace {

namespace fs = std::filesystem;

Words factor_title(const Work& work, const std::string& name) {
    if (name == "hazard weights")
        return {"灾种权重", "weights of hazards"};
    if (name == "exposure weights")
        return {"承灾体权重", "weights of exposures"};
    if (name == "breakpoints")
        return {"归一化断点", "ends of the scales"};
    for (const auto& hazard : work.project.hazards)
        if (hazard.id == name)
            return {hazard.title.zh + "图层误差", "error of " + hazard.title.en};
    for (const auto& exposure : work.project.exposures)
        if (exposure.id == name)
            return {exposure.title.zh + "图层误差", "error of " + exposure.title.en};
    return {name, name};
}

risk::UncertainModel model_of(const Work& work, StepReport& report, const Execution& execution) {
    const auto& project = work.project;
    const auto& settings = project.uncertainty;
    risk::UncertainModel model;
    const auto of_hazards = hazard_weights(work);
    for (std::size_t h = 0; h < project.hazards.size(); ++h) {
        const auto& hazard = project.hazards[h];
        auto values = intensity(work, hazard);
        auto scale = hazard_scale(work, hazard, *values, execution);
        model.hazards.push_back({hazard.id, std::move(values), std::move(scale), of_hazards[h],
                                 hazard.error.value_or(settings.error)});
    }
    const auto of_exposures = exposure_weights(project);
    for (std::size_t e = 0; e < project.exposures.size(); ++e) {
        const auto& exposure = project.exposures[e];
        auto values = exposure_density(work, exposure);
        auto scale = exposure_scale(work, exposure, *values, execution);
        model.exposures.push_back({exposure.id, std::move(values), std::move(scale),
                                   of_exposures[e], exposure.error.value_or(settings.error)});
    }
    model.vulnerability = vulnerability_cells(work, report);
    model.form = &risk::risk_form(project.form);
    model.over_hazards = &risk::combination(project.combination);
    model.units = work.open(work.unit_raster());
    if (const auto* people = people_of(project))
        model.people = exposure_cells(work, *people);
    model.levels = work.open(work.file("risk_level.tif"));
    model.unit_count = work.areas.townships.size();
    model.cell_breaks = raster::BreakRule::parse(project.levels.method, 5);
    model.cell_breaks.zeros_apart = project.levels.zeros_apart;
    model.unit_breaks = raster::BreakRule::parse(project.levels.method, 5);
    model.unit_share = zoning::UnitLevelRule::parse(project.levels.units).share;
    for (const double level : UnitTable{read_units(work, "townships", "units")}.column("level"))
        model.unit_levels.push_back(std::isnan(level) ? 0 : static_cast<int>(level));
    return model;
}

StepReport study(const Work& work, const Execution& execution) {
    StepReport report{work.fingerprints};
    const auto model = model_of(work, report, execution);
    report.facts = Json::object();
    const auto& settings = work.project.uncertainty;
    raster::Writer probability{work.file("level_probability.tif"), work.grid,
                               plain_spec(raster::CellType::float32)};
    raster::Writer likely{work.file("level_likely.tif"), work.grid,
                          plain_spec(raster::CellType::byte)};
    raster::Writer mean{work.file("risk_mean.tif"), work.grid,
                        plain_spec(raster::CellType::float32)};
    raster::Writer spread{work.file("risk_spread.tif"), work.grid,
                          plain_spec(raster::CellType::float32)};
    const auto result = risk::study_uncertainty(model,
                                                {static_cast<std::size_t>(settings.draws),
                                                 static_cast<std::uint64_t>(settings.seed),
                                                 settings.concentration, settings.breakpoints},
                                                {&probability, &likely, &mean, &spread}, execution);
    for (auto* writer : {&probability, &likely, &mean, &spread})
        writer->commit();
    Json units = Json::array();
    double certainty = 0;
    double known = 0;
    for (const auto& unit : result.units) {
        if (unit.level == 0) {
            units.push_back(nullptr);
            continue;
        }
        certainty += unit.certainty;
        known += 1;
        units.push_back({{"likely", unit.likely},
                         {"certainty", unit.certainty},
                         {"mean", unit.mean},
                         {"spread", unit.spread},
                         {"rank", unit.rank},
                         {"rank_low", unit.rank_low},
                         {"rank_high", unit.rank_high}});
    }
    write_file(work.file("uncertainty.json"), Json{{"townships", units}}.dump());
    report.facts["draws"] = settings.draws;
    report.facts["seed"] = settings.seed;
    report.facts["mean_cell_certainty"] = result.mean_certainty;
    report.facts["mean_unit_certainty"] = known > 0 ? Json(certainty / known) : Json();
    for (const auto& factor : result.factors) {
        const auto title = factor_title(work, factor.name);
        report.facts["sobol"].push_back({{"factor", factor.name},
                                         {"title", title.zh},
                                         {"title_en", title.en},
                                         {"first", factor.index.first},
                                         {"total", factor.index.total}});
    }
    return report;
}

} // namespace

std::vector<fs::path> uncertainty_files(const Work& work) {
    if (work.project.uncertainty.draws == 0)
        return {};
    std::vector<fs::path> files;
    for (const char* name : {"level_probability.tif", "level_likely.tif", "risk_mean.tif",
                             "risk_spread.tif", "uncertainty.json"})
        files.push_back(work.file(name));
    return files;
}

std::vector<Step> uncertainty_steps(const WorkPtr& work) {
    const auto& project = work->project;
    if (project.uncertainty.draws == 0)
        return {};
    Step step;
    step.id = "uncertainty";
    step.title = "how sure the levels are";
    step.needs = {work->unit_raster(), work->file("weights.json"), work->file("risk_level.tif"),
                  work->file("units.gpkg")};
    step.settings =
        work->chosen({"risk", "levels", "uncertainty", "vulnerability", "hazard", "exposure"});
    step.go_by(work->common_settings());
    for (const auto& hazard : project.hazards)
        for (std::size_t m = 0; m < hazard.maps.size(); ++m)
            step.needs.push_back(work->stack_raster(Work::map_id(hazard, m)));
    for (const auto& exposure : project.exposures)
        step.needs.push_back(work->stack_raster("exposure-" + exposure.id));
    step.makes = uncertainty_files(*work);
    step.work = [work](const Execution& execution) { return study(*work, execution); };
    return {std::move(step)};
}

} // namespace riskmap::run
