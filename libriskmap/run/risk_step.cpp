// SPDX-License-Identifier: MIT
// Steps: risk of every cell; its levels.
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/raster/breaks.hpp>
#include <riskmap/raster/cells.hpp>
#include <riskmap/risk/assess.hpp>
#include <riskmap/risk/weights.hpp>
#include <riskmap/vector/layer.hpp>
#include <riskmap/zonal/statistics.hpp>

#include "layers.hpp"
#include "levels.hpp"

namespace riskmap::run {

namespace {

std::vector<std::string> hazard_names(const Project& project) {
    std::vector<std::string> names;
    for (const auto& hazard : project.hazards)
        names.push_back(hazard.id);
    return names;
}

std::vector<double> loss_shares(const Project& project, StepReport& report) {
    auto& warnings = report.warnings;
    auto table = report.door.table(project.weights.losses, "losses", spec::Shapes::none);
    const auto amounts_of_rows = table.numbers("loss_10k_yuan");
    const auto ids = table.texts("hazard");
    std::vector<std::size_t> own_words; // a project may call its hazards as it likes
    const auto words = table.words("hazard", &own_words);
    std::map<std::string, double> losses;
    for (std::size_t row = 0; row < table.size(); ++row) {
        const bool own = std::any_of(project.hazards.begin(), project.hazards.end(),
                                     [&](const Hazard& h) { return h.id == ids[row]; });
        losses[own || words[row].empty() ? ids[row] : words[row]] += amounts_of_rows[row];
    }
    std::vector<double> amounts;
    for (const auto& entry : project.hazards) {
        if (!losses.contains(entry.id))
            warnings.push_back(fmt::format("the loss table has no record of hazard {}", entry.id));
        amounts.push_back(losses[entry.id]);
        losses.erase(entry.id);
    }
    for (const auto& [name, loss] : losses)
        if (loss > 0)
            warnings.push_back(
                fmt::format("losses by {} are left out: no such hazard in the project", name));
    return risk::share_weights(amounts);
}

class HazardWeights {
  public:
    HazardWeights(const Work& work, const std::vector<risk::IndexLayer>& hazards,
                  StepReport& report, const Execution& execution)
        : m_work{work}, m_hazards{hazards}, m_report{report}, m_execution{execution} {}

    [[nodiscard]] std::vector<double> find() {
        const auto& rules = m_work.project.weights;
        auto weights = by_method(rules.hazards);
        if (rules.combine_with != "none")
            weights = risk::combined_weights(by_method(rules.combine_with), weights);
        return with_least(std::move(weights), rules.least);
    }

  private:
    std::vector<double> by_method(const std::string& method) {
        const auto& project = m_work.project;
        const std::size_t n = project.hazards.size();
        if (method == "equal")
            return std::vector<double>(n, 1.0 / static_cast<double>(n));
        if (method == "loss-share")
            return loss_shares(project, m_report);
        if (method == "ahp") {
            const auto found = risk::ahp_weights(
                risk::Matrix::from_rows(project.weights.ahp),
                project.weights.force ? risk::Consistency::reported : risk::Consistency::required);
            m_report.facts["ahp"] = {{"largest_eigenvalue", found.largest_eigenvalue},
                                     {"consistency_ratio", found.consistency_ratio},
                                     {"random_index", "Saaty"}};
            return found.weights;
        }
        if (method == "entropy")
            return risk::entropy_weights(unit_means());
        if (method == "critic")
            return risk::critic_weights(unit_means());
        std::vector<double> given;
        for (const auto& hazard : project.hazards)
            given.push_back(hazard.weight);
        return risk::checked_weights(given, hazard_names(project));
    }
    /// Mean hazard index of each township: the table that objective weights read.
    risk::Matrix unit_means() {
        const auto shapes = shapes_of(m_work.areas.townships);
        const auto units = zonal::cover(shapes, m_work.grid, m_execution);
        const auto mean = zonal::parse_statistics("mean");
        std::vector<const raster::Source*> rasters;
        for (const auto& hazard : m_hazards)
            rasters.push_back(hazard.index.get());
        risk::Matrix table{0, rasters.size()};
        for (const auto& row : zonal::zonal_table(rasters, units, mean, m_execution).rows) {
            if (std::any_of(row.begin(), row.end(), [](double v) { return std::isnan(v); }))
                continue;
            table.values.insert(table.values.end(), row.begin(), row.end());
            ++table.rows;
        }
        return table;
    }
    /// Raises small weights to the least one; the others give in proportion.
    static std::vector<double> with_least(std::vector<double> weights, double least) {
        std::vector<bool> fixed(weights.size());
        for (;;) {
            double free = 1;
            double sum = 0;
            for (std::size_t i = 0; i < weights.size(); ++i) {
                free -= fixed[i] ? least : 0;
                sum += fixed[i] ? 0 : weights[i];
            }
            bool again = false;
            for (std::size_t i = 0; i < weights.size(); ++i) {
                if (fixed[i])
                    continue;
                weights[i] = sum > 0 ? weights[i] * free / sum : free;
                if (weights[i] < least - 1e-15) {
                    fixed[i] = again = true;
                    weights[i] = least;
                }
            }
            if (!again)
                return weights;
        }
    }

    const Work& m_work;
    const std::vector<risk::IndexLayer>& m_hazards;
    StepReport& m_report;
    const Execution& m_execution;
};

StepReport assess(const Work& work, const Execution& execution) {
    const auto& project = work.project;
    StepReport report{work.fingerprints};
    risk::RiskModel model;
    Json scales = Json::object();
    for (const auto& hazard : project.hazards)
        model.hazards.push_back(
            {hazard_index(work, hazard, scales, report.warnings, execution), 0});
    for (const auto& exposure : project.exposures)
        model.exposures.push_back(
            {exposure_index(work, exposure, scales, report.warnings, execution), 0});
    const auto of_exposures = exposure_weights(project);
    const auto of_hazards = HazardWeights{work, model.hazards, report, execution}.find();
    for (std::size_t e = 0; e < of_exposures.size(); ++e) {
        model.exposures[e].weight = of_exposures[e];
        report.facts["exposure_weights"][project.exposures[e].id] = of_exposures[e];
    }
    for (std::size_t h = 0; h < of_hazards.size(); ++h) {
        model.hazards[h].weight = of_hazards[h];
        report.facts["hazard_weights"][project.hazards[h].id] = of_hazards[h];
    }
    report.facts["scales"] = scales;
    model.vulnerability = vulnerability_cells(work, report);
    model.form = &risk::risk_form(project.form);
    model.over_hazards = &risk::combination(project.combination);

    raster::Writer composite{work.file("composite.tif"), work.grid,
                             plain_spec(raster::CellType::float32)};
    std::vector<raster::Writer> single;
    std::vector<raster::Writer*> outputs;
    single.reserve(project.hazards.size());
    for (const auto& hazard : project.hazards) {
        single.emplace_back(work.risk_raster(hazard.id), work.grid,
                            plain_spec(raster::CellType::float32));
        outputs.push_back(&single.back());
    }
    risk::assess(model, composite, outputs, execution);
    for (auto* writer : outputs)
        writer->commit();
    composite.commit();
    write_file(work.file("weights.json"), Json{{"hazards", of_hazards}}.dump());
    return report;
}

StepReport classify(const Work& work, const Execution& execution) {
    const auto source = work.open(work.file("composite.tif"));
    const auto breaks = composite_breaks(work.project.levels, *source, execution);
    StepReport report{work.fingerprints};
    if (breaks.upper.empty())
        throw input_error("no cell of the area has a risk: nothing to cut into levels",
                          "look at run.json for layers without data");
    if (breaks.upper.size() < 5)
        report.warnings.push_back(
            raster::too_few_values("the composite risk", breaks.upper.size(), 5));
    raster::Writer writer{work.file("risk_level.tif"), work.grid,
                          plain_spec(raster::CellType::byte)};
    const auto levels =
        raster::mapped(source, [upper = raster::in_single_precision(breaks.upper)](double v) {
            return raster::class_of(v, upper);
        });
    raster::copy(*levels, writer, execution, "levels");
    writer.commit();
    report.facts = {{"breaks", breaks.upper}, {"error_bound", breaks.error_bound}};
    write_file(work.file("breaks.json"), report.facts.dump());
    return report;
}

} // namespace

raster::Breaks composite_breaks(const LevelRules& levels, const raster::Source& composite,
                                const Execution& execution) {
    auto rule = raster::BreakRule::parse(levels.method, 5);
    rule.zeros_apart = levels.zeros_apart;
    return raster::find_breaks(raster::count_values(composite, execution).bins(), rule);
}

Step risk_step(const WorkPtr& work) {
    const auto& project = work->project;
    Step step;
    step.id = "risk";
    step.title = "risk of every cell";
    step.needs = {work->unit_raster()};
    step.settings = work->chosen({"risk", "weights", "vulnerability", "hazard", "exposure"},
                                 {".title", ".title_en", ".curve", ".error", ".modelled"});
    step.go_by(work->common_settings());
    for (const auto& hazard : project.hazards) {
        for (std::size_t m = 0; m < hazard.maps.size(); ++m)
            step.needs.push_back(work->stack_raster(Work::map_id(hazard, m)));
        step.makes.push_back(work->risk_raster(hazard.id));
    }
    for (const auto& exposure : project.exposures) {
        step.needs.push_back(work->stack_raster("exposure-" + exposure.id));
    }
    step.makes.push_back(work->file("composite.tif"));
    step.makes.push_back(work->file("weights.json"));
    step.work = [work](const Execution& execution) {
        auto report = assess(*work, execution);
        tell_accounts(report, work->language());
        return report;
    };
    return step;
}

Step level_step(const WorkPtr& work) {
    Step step;
    step.id = "levels";
    step.title = "levels of risk";
    step.needs = {work->file("composite.tif")};
    step.makes = {work->file("risk_level.tif"), work->file("breaks.json")};
    step.settings = work->chosen({"levels"});
    step.reads_areas = false;
    step.work = [work](const Execution& execution) { return classify(*work, execution); };
    return step;
}

} // namespace riskmap::run
