// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/run/run.hpp>

#include "command.hpp"
#include "run_summary.hpp"

namespace riskmap::tool {

std::function<void()> declare_risk(Arguments& app, Context& context) {
    struct Options {
        std::filesystem::path project;
        std::filesystem::path out;
        bool uncertainty = false;
        int draws = 0;
        std::int64_t seed = 0;
        bool force = false;
    };
    auto options = std::make_shared<Options>();
    app.add_option("PROJECT", options->project, "project file (TOML)")->required();
    app.add_option("--out", options->out,
                   "folder of the products (default: output.folder of the project)");
    app.add_flag("--uncertainty", options->uncertainty,
                 "vary weights, scales and layers: how sure are the levels?");
    auto* draws =
        app.add_option("--draws", options->draws, "of the study (default: the project's, or 1000)");
    auto* seed = app.add_option("--seed", options->seed, "of the draws (default: the project's)");
    app.add_flag("--force", options->force, "do every step again");
    app.footer(
        "\nRuns a project as far as risk, zones and prevention: no plans of sites, no atlas. With\n"
        "--uncertainty each area gets level_certainty, level_probability, level_likely, risk_mean\n"
        "and risk_spread, each township its probability and range of ranks, and run.json the\n"
        "Sobol indices: how much of the spread comes from which weights, scales and layers.\n"
        "\nExamples:\n  riskmap risk data/shaoxing/project.toml --out /tmp/risk\n"
        "  riskmap risk data/shaoxing/project.toml --out /tmp/risk --uncertainty --draws 200");
    return [=, &context] {
        if (draws->count() > 0 && options->draws < 2)
            throw Error{ErrorKind::usage, "--draws needs two or more", "try 1000"};
        project::Instead instead;
        if (draws->count() > 0)
            instead.emplace_back("uncertainty.draws", options->draws);
        if (seed->count() > 0)
            instead.emplace_back("uncertainty.seed", options->seed);
        auto project = project::read_project(options->project, instead);
        if (options->uncertainty && project.uncertainty.draws == 0) {
            instead.emplace_back("uncertainty.draws", 1000);
            project = project::read_project(options->project, instead);
        }
        print_summary(run::run(project, options->out.empty() ? project.output.folder : options->out,
                               options->force ? run::Redo::everything : run::Redo::stale,
                               context.execution, step_listener(context), run::Scope::risk),
                      context);
    };
}

} // namespace riskmap::tool
