// SPDX-License-Identifier: MIT
#include <riskmap/project/run.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <set>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/core/parallel.hpp>

#include "check_step.hpp"
#include "products.hpp"
#include "version.hpp"
#include "work.hpp"

namespace riskmap::project {

namespace {

namespace fs = std::filesystem;

WorkPtr prepare(const Project& project, const fs::path& out) {
    auto work = std::make_shared<Work>();
    work->project = project;
    work->out = fs::absolute(out).lexically_normal();
    work->areas = read_areas(project, work->area_warnings);
    work->grid = project_grid(project, work->areas);
    return work;
}

/// Steps that do not wait for one another.
using Stage = std::vector<Step>;

/// Checking comes before the areas are read: it tells better what is wrong with them.
Stage check_stage(const Project& project, const fs::path& out) {
    return project.check.before_run
               ? Stage{check_step(project, fs::absolute(out).lexically_normal())}
               : Stage{};
}

Stage unit_stage(const WorkPtr& work) {
    auto stage = neighbour_steps(work);
    stage.push_back(unit_step(work));
    return stage;
}

struct Plan {
    std::vector<Stage> stages;
    std::size_t risk_end = 0;    ///< stages before it lead to the products of risk
    std::size_t atlas_begin = 0; ///< stages from it on make the atlas
};

Plan plan(const WorkPtr& work) {
    Plan plan;
    plan.stages = {check_stage(work->project, work->out),
                   unit_stage(work),
                   stack_steps(work),
                   {risk_step(work)},
                   {level_step(work)},
                   {figure_step(work)},
                   uncertainty_steps(work),
                   {zone_step(work)},
                   product_steps(work)};
    plan.risk_end = plan.stages.size();
    for (auto& stage :
         {forest_steps(work), township_steps(work), shelter_steps(work), reach_steps(work)})
        plan.stages.push_back(stage);
    plan.atlas_begin = plan.stages.size();
    std::vector<Step> before;
    for (const auto& stage : plan.stages)
        before.insert(before.end(), stage.begin(), stage.end());
    for (auto& stage : atlas_steps(work, before))
        plan.stages.push_back(std::move(stage));
    return plan;
}

/// Does the steps of a stage side by side and remembers each that is done.
class StageRunner {
  public:
    StageRunner(State& state, Fingerprints& fingerprints, const Execution& execution,
                const StepListener& listener)
        : m_state{state}, m_fingerprints{fingerprints}, m_execution{execution}, m_listener{
                                                                                    listener} {}

    void run(const std::vector<const Step*>& steps, const std::vector<std::string>& reasons) {
        Execution inner = m_execution;
        inner.threads =
            std::max(1U, m_execution.thread_count() /
                             static_cast<unsigned>(std::max<std::size_t>(1, steps.size())));
        parallel_for(m_execution, steps.size(),
                     [&](std::size_t i) { run(*steps[i], reasons[i], inner); });
    }

  private:
    void run(const Step& step, const std::string& reason, const Execution& execution) {
        const StepStatus status{step.id, step.title, reason, step.outputs};
        tell(status, -1);
        const auto start = std::chrono::steady_clock::now();
        auto report = step.work(execution);
        {
            const std::lock_guard lock{m_mutex};
            m_state.keep(step.id, record_of(step, std::move(report), m_fingerprints));
        }
        tell(status,
             std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    void tell(const StepStatus& status, double seconds) {
        const std::lock_guard lock{m_mutex};
        if (m_listener)
            m_listener(status, seconds);
    }

    State& m_state;
    Fingerprints& m_fingerprints;
    const Execution& m_execution;
    const StepListener& m_listener;
    std::mutex m_mutex;
};

/// What went in, by which rules, and what there is to know: run.json.
Json provenance(const Work& work, const std::vector<Stage>& stages, const State& state,
                Fingerprints& fingerprints) {
    std::vector<const Step*> steps;
    for (const auto& stage : stages)
        for (const auto& step : stage)
            steps.push_back(&step);
    const auto& project = work.project;
    Json json{{"program", "riskmap " + version()},
              {"project",
               {{"id", project.id},
                {"title", project.title.zh},
                {"title_en", project.title.en},
                {"file", fs::path{project.file}.filename().string()},
                {"sha256", fingerprints.of(fs::absolute(project.file))},
                {"notes", project.notes},
                {"modelled_layers", work.modelled_layers()}}}};
    json["parameters"] = {{"areas", area_json(work)},
                          {"grid", grid_json(work)},
                          {"weights", to_json(work, project.weights)},
                          {"form", project.form},
                          {"combination", project.combination},
                          {"annual", project.annual},
                          {"vulnerability", to_json(work, project.vulnerability)},
                          {"capacity", to_json(work, project.capacity)},
                          {"levels", to_json(project.levels)},
                          {"zoning", to_json(work, project.zoning)},
                          {"prevention", to_json(work, project.prevention)},
                          {"formats", project.output.formats},
                          {"palette", project.output.palette}};
    json["areas"] = Json::array();
    for (const auto& area : product_areas(work))
        json["areas"].push_back({{"folder", area.folder.filename().string()},
                                 {"code", area.code},
                                 {"name", area.name},
                                 {"level", area.county ? "county" : "city"}});
    json["parameters"]["uncertainty"] = to_json(project.uncertainty);
    json["parameters"]["atlas"] = to_json(project.atlas);
    if (!project.forest.file.empty())
        json["parameters"]["forest"] = to_json(work, project.forest);
    if (project.shelters.present)
        json["parameters"]["shelters"] = to_json(work, project.shelters);
    for (const auto& hazard : project.hazards)
        json["parameters"]["hazards"].push_back(to_json(work, hazard));
    for (const auto& exposure : project.exposures)
        json["parameters"]["exposures"].push_back(to_json(work, exposure));
    std::set<std::string> own;
    for (const auto* step : steps)
        for (const auto& output : step->outputs)
            own.insert(output.string());
    std::map<std::string, std::string> inputs;
    for (const auto* step : steps)
        for (const auto& input : step->inputs)
            if (!own.contains(input.string()))
                inputs[work.shown(input)] = fingerprints.of(input);
    json["inputs_sha256"] = inputs;
    json["warnings"] = Json::array();
    for (const auto* step : steps)
        if (const auto* record = state.find(step->id)) {
            for (const auto& warning : record->report.warnings)
                json["warnings"].push_back(warning);
            if (!record->report.facts.empty())
                json["steps"][step->id] = record->report.facts;
        }
    return json;
}

bool plans_sites(const StepRecord* record) {
    return record->report.facts.contains("share_after");
}

/// "forest seen by cameras: 11.11 % before, 50.12 % after 79 new sites (cost 2870.5); gap 0.00 %".
std::string highlight(const char* what, const Json& facts) {
    const auto& cost = facts.at("cost");
    return fmt::format("{}: {:.2f} % before, {:.2f} % after {} new sites{}; gap {:.2f} %", what,
                       100 * facts.at("share_before").get<double>(),
                       100 * facts.at("share_after").get<double>(),
                       facts.at("new_sites").get<int>(),
                       cost.is_null() ? "" : fmt::format(" (cost {:g})", cost.get<double>()),
                       100 * facts.at("gap").get<double>());
}

std::string certainty_highlight(const Json& facts) {
    const auto& units = facts.at("mean_unit_certainty");
    return fmt::format("levels are right with a mean probability of {:.1f} % (cells), {:.1f} % "
                       "(townships), by {} draws",
                       100 * facts.at("mean_cell_certainty").get<double>(),
                       units.is_null() ? 0 : 100 * units.get<double>(),
                       facts.at("draws").get<int>());
}

} // namespace

const std::string& version() {
    static const std::string text{RISKMAP_VERSION};
    return text;
}

std::vector<StepStatus> status_of(const Project& project, const fs::path& out) {
    const auto work = prepare(project, out);
    const State state{work->file("state.json")};
    Fingerprints fingerprints;
    std::vector<StepStatus> all;
    std::map<std::string, std::string> pending; // output -> step that will write it anew
    for (const auto& stage : plan(work).stages)
        for (const auto& step : stage) {
            auto reason = why_stale(step, state, fingerprints);
            for (const auto& input : step.inputs)
                if (const auto found = pending.find(input.string());
                    reason.empty() && found != pending.end())
                    reason = fmt::format("waits for '{}'", found->second);
            if (!reason.empty())
                for (const auto& output : step.outputs)
                    pending[output.string()] = step.id;
            all.push_back({step.id, step.title, reason, step.outputs});
        }
    return all;
}

RunSummary run(const Project& project, const fs::path& out, Redo redo, const Execution& execution,
               const StepListener& listener, Scope scope) {
    const auto folder = fs::absolute(out).lexically_normal();
    const FolderLock lock{folder / ".work"};
    remove_abandoned_files(folder);
    State state{folder / ".work" / "state.json"};
    Fingerprints fingerprints;
    RunSummary summary;
    summary.out = folder;
    StageRunner runner{state, fingerprints, execution, listener};
    const auto do_stage = [&](const Stage& stage) {
        std::vector<const Step*> stale;
        std::vector<std::string> reasons;
        for (const auto& step : stage) {
            execution.progress.check();
            auto reason = redo == Redo::everything ? std::string{"asked for"}
                                                   : why_stale(step, state, fingerprints);
            if (reason.empty()) {
                ++summary.steps_fresh;
                continue;
            }
            stale.push_back(&step);
            reasons.push_back(std::move(reason));
        }
        runner.run(stale, reasons);
        summary.steps_done += stale.size();
    };
    do_stage(check_stage(project, out));
    const auto work = prepare(project, out);
    const auto [stages, risk_end, atlas_begin] = plan(work);
    // The atlas tells of the run itself: of all that is done before it.
    const auto end = scope == Scope::risk ? risk_end : atlas_begin;
    for (std::size_t i = 1; i < end; ++i) // the first is done
        do_stage(stages[i]);
    const std::vector<Stage> told{stages.begin(),
                                  stages.begin() + static_cast<std::ptrdiff_t>(end)};
    const auto json = provenance(*work, told, state, fingerprints);
    const auto report = work->out / "run.json";
    write_file(report, json.dump(2) + "\n");
    fingerprints.forget(report);
    for (std::size_t i = atlas_begin; scope == Scope::all && i < stages.size(); ++i)
        do_stage(stages[i]);
    summary.report = report.string();
    json.at("warnings").get_to(summary.warnings);
    for (const auto& [step, what] : {std::pair{"cameras", "forest seen by cameras"},
                                     std::pair{"water", "forest in reach of fire water"},
                                     std::pair{"shelters", "people within reach of a shelter"}})
        if (const auto* record = state.find(step); record != nullptr && plans_sites(record))
            summary.highlights.push_back(highlight(what, record->report.facts));
    if (const auto* record = state.find("uncertainty");
        record != nullptr && project.uncertainty.draws > 0)
        summary.highlights.push_back(certainty_highlight(record->report.facts));
    for (const auto& area : product_areas(*work))
        summary.areas.push_back(area.folder.filename().string());
    return summary;
}

} // namespace riskmap::project
