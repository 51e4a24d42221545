// SPDX-License-Identifier: MIT
#include <riskmap/run/run.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/core/parallel.hpp>
#include <riskmap/project/census.hpp>

#include "check_step.hpp"
#include "order.hpp"
#include "provenance.hpp"
#include "version.hpp"

namespace riskmap::run {

namespace {

namespace fs = std::filesystem;

void decide(census::StackLayer& layer) {
    if (layer.is_vector())
        layer.measure = census::measure_of(layer);
}

WorkPtr prepare(const Project& project, const fs::path& out, const FingerprintsPtr& fingerprints) {
    auto work = std::make_shared<Work>();
    work->project = project;
    work->out = fs::absolute(out).lexically_normal();
    work->fingerprints = fingerprints;
    work->settings = record::settings_of(project.written);
    work->area_door = spec::Door{fingerprints};
    // How a vector layer is measured is decided once, here.
    for (auto& exposure : work->project.exposures)
        decide(exposure.source);
    for (auto& hazard : work->project.hazards)
        for (auto& map : hazard.maps)
            decide(map.source);
    work->areas = read_areas(project, work->area_door, work->area_warnings);
    work->grid = project_grid(project, work->areas);
    return work;
}

/// Checking comes before the areas are read: it tells better what is wrong with them.
std::vector<Step> first_steps(const Project& project, const fs::path& out,
                              const FingerprintsPtr& fingerprints) {
    if (!project.check.before_run)
        return {};
    return {check_step(project, fs::absolute(out).lexically_normal(), fingerprints)};
}

void append(std::vector<Step>& steps, std::vector<Step> more) {
    for (auto& step : more)
        steps.push_back(std::move(step));
}

/// In any order: what a step needs says when it is done.
std::vector<Step> product_steps_of(const WorkPtr& work, Scope scope) {
    auto steps = neighbour_steps(work);
    steps.push_back(unit_step(work));
    append(steps, stack_steps(work));
    steps.push_back(risk_step(work));
    steps.push_back(level_step(work));
    steps.push_back(figure_step(work));
    append(steps, uncertainty_steps(work));
    steps.push_back(zone_step(work));
    append(steps, product_steps(work));
    if (scope == Scope::risk)
        return steps;
    for (auto& more :
         {forest_steps(work), township_steps(work), shelter_steps(work), reach_steps(work)})
        append(steps, more);
    return steps;
}

void refuse_outputs_over_inputs(const Project& project, const std::vector<Step>& steps) {
    std::error_code ignored;
    for (const auto& source : project::census_of(project).sources)
        for (const auto& step : steps)
            for (const auto& file : step.makes)
                if (fs::equivalent(source.file, file, ignored))
                    throw input_error(fmt::format("step '{}' would replace the input '{}'", step.id,
                                                  file.string()),
                                      "give another output.folder: inputs are never replaced");
}

std::vector<const Step*> pointers(const std::vector<Step>& steps) {
    std::vector<const Step*> out;
    for (const auto& step : steps)
        out.push_back(&step);
    return out;
}

/// Does steps and remembers each that is done.
class Runner {
  public:
    Runner(State& state, const Execution& execution, Redo redo, const StepListener& listener)
        : m_state{state}, m_execution{execution}, m_redo{redo}, m_listener{listener} {}

    void run(const std::vector<Step>& steps, const std::map<std::string, Content>& areas,
             RunSummary& summary) {
        for (const auto& stage : stages_of(steps))
            run_stage(stage, areas, summary);
    }

  private:
    void run_stage(const std::vector<const Step*>& stage,
                   const std::map<std::string, Content>& areas, RunSummary& summary) {
        std::vector<std::pair<const Step*, std::string>> stale;
        for (const auto* step : stage) {
            m_execution.progress.check();
            auto reason =
                m_redo == Redo::everything ? std::string{"asked for"} : m_state.why_stale(*step);
            if (reason.empty())
                ++summary.steps_fresh;
            else
                stale.emplace_back(step, std::move(reason));
        }
        // Side by side they share the threads, and each has its part of the memory; no more at a
        // time than have enough of it.
        constexpr std::uint64_t enough = std::uint64_t{256} << 20U;
        const auto at_a_time = std::clamp<std::uint64_t>(m_execution.memory_budget() / enough, 1,
                                                         m_execution.thread_count());
        Execution inner = m_execution;
        inner.memory_bytes = m_execution.memory_budget() / at_a_time;
        for (std::size_t first = 0; first < stale.size(); first += at_a_time)
            parallel_for(m_execution, std::min<std::size_t>(at_a_time, stale.size() - first),
                         [&](std::size_t i) {
                             const auto& [step, reason] = stale[first + i];
                             run_step(*step, reason, areas, inner);
                         });
        summary.steps_done += stale.size();
    }

    void run_step(const Step& step, const std::string& reason,
                  const std::map<std::string, Content>& areas, const Execution& execution) {
        const StepStatus status{step.id, step.title, reason, step.makes};
        tell(status, -1);
        const auto start = std::chrono::steady_clock::now();
        const auto since = fs::file_time_type::clock::now();
        auto report = step.work(execution);
        if (!report.facts.value("feasible", true))
            leave_no_plan(step, report.facts, since);
        {
            const std::lock_guard lock{m_mutex};
            m_state.keep(step, std::move(report), areas);
        }
        tell(status,
             std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    /// What an older plan left is taken away, and the plan's JSON says why there is none.
    static void leave_no_plan(const Step& step, const Json& facts, fs::file_time_type since) {
        std::error_code ignored;
        for (const auto& file : step.makes) {
            if (file.filename().string().ends_with("_plan.json"))
                write_file(file,
                           Json{{"feasible", false}, {"message", facts.at("message")}}.dump(2) +
                               "\n");
            else if (fs::last_write_time(file, ignored) < since)
                fs::remove(file, ignored);
        }
    }

    void tell(const StepStatus& status, double seconds) {
        const std::lock_guard lock{m_mutex};
        if (m_listener)
            m_listener(status, seconds);
    }

    State& m_state;
    const Execution& m_execution;
    Redo m_redo;
    const StepListener& m_listener;
    std::mutex m_mutex;
};

/// What there is to know before anything is done.
struct Plan {
    FingerprintsPtr fingerprints = std::make_shared<Fingerprints>();
    RunPlaces places;

    Plan(const Project& project, const fs::path& out)
        : places{fs::absolute(project.file).parent_path().lexically_normal(),
                 fs::absolute(out).lexically_normal()} {}
};

bool plans_sites(const StepRecord* record) {
    return record->facts.contains("share_after");
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
    const Plan plan{project, out};
    const auto work = prepare(project, out, plan.fingerprints);
    const State state{plan.places, plan.fingerprints};
    const auto products = product_steps_of(work, Scope::all);
    auto steps = first_steps(project, out, plan.fingerprints);
    append(steps, products);
    append(steps, atlas_steps(work, products));
    std::vector<StepStatus> all;
    std::map<std::string, std::string> pending; // file -> step that will write it anew
    for (const auto& stage : stages_of(steps))
        for (const auto* step : stage) {
            auto reason = state.why_stale(*step);
            for (const auto& need : step->needs)
                if (const auto found = pending.find(need.string());
                    reason.empty() && found != pending.end())
                    reason = fmt::format("waits for '{}'", found->second);
            if (!reason.empty()) {
                for (const auto& file : step->makes)
                    pending[file.string()] = step->id;
                pending.emplace(record::file_of(plan.places.out).string(), step->id);
            }
            all.push_back({step->id, step->title, reason, step->makes});
        }
    return all;
}

RunSummary run(const Project& project, const fs::path& out, Redo redo, const Execution& execution,
               const StepListener& listener, Scope scope) {
    const Plan plan{project, out};
    const auto& folder = plan.places.out;
    const FolderLock lock{folder / ".work"};
    remove_abandoned_files(folder);
    State state{plan.places, plan.fingerprints};
    RunSummary summary;
    summary.out = folder;
    Runner runner{state, execution, redo, listener};
    const auto first = first_steps(project, out, plan.fingerprints);
    runner.run(first, {}, summary);
    const auto work = prepare(project, out, plan.fingerprints);
    const auto& areas = work->area_door.opened();
    const auto steps = product_steps_of(work, scope);
    refuse_outputs_over_inputs(project, steps);
    runner.run(steps, areas, summary);
    auto told = pointers(first);
    for (const auto* step : pointers(steps))
        told.push_back(step);
    const auto record = provenance(*work, told, state);
    record::write(folder, record);
    // The atlas tells of the run itself: of all that is done before it.
    if (scope == Scope::all)
        runner.run(atlas_steps(work, steps), areas, summary);
    summary.report = record::file_of(folder).string();
    summary.warnings = record.warnings;
    for (const auto& [step, what] : {std::pair{"cameras", "forest seen by cameras"},
                                     std::pair{"water", "forest in reach of fire water"},
                                     std::pair{"shelters", "people within reach of a shelter"}})
        if (const auto* done = state.find(step); done != nullptr && plans_sites(done))
            summary.highlights.push_back(highlight(what, done->facts));
    if (const auto* done = state.find("uncertainty");
        done != nullptr && project.uncertainty.draws > 0)
        summary.highlights.push_back(certainty_highlight(done->facts));
    for (const auto& area : record.areas)
        summary.areas.push_back(area.folder);
    return summary;
}

} // namespace riskmap::run
