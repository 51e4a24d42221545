// SPDX-License-Identifier: MIT
// Walks a project from its layers to its products, and redoes only what changed.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/project/project.hpp>

namespace riskmap::run {

using project::Project;

/// The version of riskmap.
[[nodiscard]] const std::string& version();

struct StepStatus {
    std::string id;
    std::string title;
    std::string reason; ///< why it has to be done; empty: up to date
    std::vector<std::filesystem::path> outputs;
};

/// What `run` would do. Steps that wait for another one say so.
[[nodiscard]] std::vector<StepStatus> status_of(const Project& project,
                                                const std::filesystem::path& out);

enum class Redo { stale, everything };

enum class Scope {
    all,
    risk, ///< to the products of risk, zones and prevention: no plans, no atlas
};

struct RunSummary {
    std::filesystem::path out;
    std::size_t steps_done = 0;
    std::size_t steps_fresh = 0;
    std::vector<std::string> warnings;
    std::vector<std::string> areas;      ///< folders of products
    std::vector<std::string> highlights; ///< what plans of sites and the study of uncertainty
                                         ///< come to, in a line each
    std::string report;                  ///< path of run.json
};

/// Called before (`seconds` < 0) and after each step that is done.
using StepListener = std::function<void(const StepStatus& step, double seconds)>;

/// Runs the project; products appear in `out`/<area>/, provenance in
/// `out`/run.json. A killed run leaves whole files, and the next one goes on
/// from the last finished step. Steps are up to date if the program, their
/// parameters and the content of their inputs and outputs are unchanged.
/// \throws Error as the steps do.
RunSummary run(const Project& project, const std::filesystem::path& out, Redo redo,
               const Execution& execution, const StepListener& listener = {},
               Scope scope = Scope::all);

} // namespace riskmap::run
