// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <riskmap/run/run.hpp>

#include "run_summary.hpp"

namespace riskmap::tool {

namespace {

struct Options {
    std::filesystem::path project;
    std::filesystem::path out;
    bool force = false;
    bool dry_run = false;
};

void print_plan(const project::Project& project, const Options& options, const Context& context) {
    auto json = nlohmann::ordered_json::array();
    for (const auto& step : run::status_of(project, options.out)) {
        const auto reason = options.force ? "asked for" : step.reason;
        if (context.json)
            json.push_back({{"step", step.id}, {"does", step.title}, {"reason", reason}});
        else if (!reason.empty())
            fmt::print("{:<32} {:<44} {}\n", step.id, step.title, reason);
    }
    if (context.json)
        fmt::print("{}\n", json.dump());
}

} // namespace

std::function<void()> declare_run(Arguments& app, Context& context) {
    auto options = std::make_shared<Options>();
    app.add_option("PROJECT", options->project, "project file (TOML)")->required();
    app.add_option("--out", options->out,
                   "folder of the products (default: output.folder of the project)");
    app.add_flag("--force", options->force, "do every step again");
    app.add_flag("--dry-run", options->dry_run, "only tell what would be done");
    app.footer(
        "\nWrites OUT/<area>/<product>.tif, .gpkg, .geojson, .csv and OUT/run.json. Steps whose\n"
        "inputs, parameters and program are unchanged are not done again.\n"
        "\nExamples:\n  riskmap run data/shaoxing/project.toml\n"
        "  riskmap run data/jakarta/project.toml --out /tmp/jakarta --threads 2\n"
        "  riskmap run data/shaoxing/project.toml --dry-run");
    return [options, &context] {
        const auto project = project::read_project(options->project);
        if (options->out.empty())
            options->out = project.output.folder;
        if (options->dry_run) {
            print_plan(project, *options, context);
            return;
        }
        print_summary(run::run(project, options->out,
                               options->force ? run::Redo::everything : run::Redo::stale,
                               context.execution, step_listener(context)),
                      context);
    };
}

} // namespace riskmap::tool
