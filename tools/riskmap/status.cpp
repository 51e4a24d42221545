// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <riskmap/run/run.hpp>

#include "command.hpp"

namespace riskmap::tool {

std::function<void()> declare_status(Arguments& app, Context& context) {
    struct Options {
        std::filesystem::path project;
        std::filesystem::path out;
    };
    auto options = std::make_shared<Options>();
    app.add_option("PROJECT", options->project, "project file (TOML)")->required();
    app.add_option("--out", options->out,
                   "folder of the products (default: output.folder of the project)");
    app.footer("\nExamples:\n  riskmap status data/shaoxing/project.toml\n"
               "  riskmap status data/shaoxing/project.toml --json");
    return [options, &context] {
        const auto project = project::read_project(options->project);
        if (options->out.empty())
            options->out = project.output.folder;
        auto json = nlohmann::ordered_json::array();
        for (const auto& step : run::status_of(project, options->out)) {
            if (context.json)
                json.push_back({{"step", step.id},
                                {"does", step.title},
                                {"up_to_date", step.reason.empty()},
                                {"reason", step.reason}});
            else
                fmt::print("{:<32} {}\n", step.id,
                           step.reason.empty() ? "up to date" : "to do: " + step.reason);
        }
        if (context.json)
            fmt::print("{}\n", json.dump());
    };
}

} // namespace riskmap::tool
