// SPDX-License-Identifier: MIT
#include <riskmap/project/run.hpp>

#include <chrono>
#include <set>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/file.hpp>

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

std::vector<Step> plan(const WorkPtr& work) {
    std::vector<Step> steps{unit_step(work)};
    const auto add = [&](std::vector<Step> more) {
        for (auto& step : more)
            steps.push_back(std::move(step));
    };
    add(stack_steps(work));
    steps.push_back(risk_step(work));
    steps.push_back(level_step(work));
    steps.push_back(figure_step(work));
    steps.push_back(zone_step(work));
    add(product_steps(work));
    return steps;
}

/// What went in, by which rules, and what there is to know: run.json.
Json provenance(const Work& work, const std::vector<Step>& steps, const State& state,
                Fingerprints& fingerprints) {
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
                          {"prevention", to_json(work, project.prevention)}};
    for (const auto& hazard : project.hazards)
        json["parameters"]["hazards"].push_back(to_json(work, hazard));
    for (const auto& exposure : project.exposures)
        json["parameters"]["exposures"].push_back(to_json(work, exposure));
    std::set<std::string> own;
    for (const auto& step : steps)
        for (const auto& output : step.outputs)
            own.insert(output.string());
    std::map<std::string, std::string> inputs;
    for (const auto& step : steps)
        for (const auto& input : step.inputs)
            if (!own.contains(input.string()))
                inputs[work.shown(input)] = fingerprints.of(input);
    json["inputs_sha256"] = inputs;
    json["warnings"] = Json::array();
    for (const auto& step : steps)
        if (const auto* record = state.find(step.id)) {
            for (const auto& warning : record->report.warnings)
                json["warnings"].push_back(warning);
            if (!record->report.facts.empty())
                json["steps"][step.id] = record->report.facts;
        }
    return json;
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
    for (const auto& step : plan(work)) {
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
               const StepListener& listener) {
    const auto work = prepare(project, out);
    const auto steps = plan(work);
    const PendingFile probe{work->file("state.json")}; // tells now if the folder cannot be written
    remove_abandoned_files(work->out);
    State state{work->file("state.json")};
    Fingerprints fingerprints;
    RunSummary summary;
    summary.out = work->out;
    for (const auto& step : steps) {
        execution.progress.check();
        const auto reason =
            redo == Redo::everything ? "asked for" : why_stale(step, state, fingerprints);
        if (reason.empty()) {
            ++summary.steps_fresh;
            continue;
        }
        const StepStatus status{step.id, step.title, reason, step.outputs};
        if (listener)
            listener(status, -1);
        const auto start = std::chrono::steady_clock::now();
        auto report = step.work(execution);
        state.keep(step.id, record_of(step, std::move(report), fingerprints));
        ++summary.steps_done;
        if (listener)
            listener(
                status,
                std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    const auto json = provenance(*work, steps, state, fingerprints);
    const auto report = work->out / "run.json";
    write_file(report, json.dump(2) + "\n");
    summary.report = report.string();
    json.at("warnings").get_to(summary.warnings);
    for (const auto& area : product_areas(*work))
        summary.areas.push_back(area.folder.filename().string());
    return summary;
}

} // namespace riskmap::project
