// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <riskmap/atlas/atlas.hpp>

#include "command.hpp"
#include "page_options.hpp"

namespace riskmap::tool {

std::function<void()> declare_atlas(Arguments& app, Context& context) {
    struct Options {
        std::filesystem::path run;
        std::filesystem::path to;
        std::vector<std::string> areas;
        PageChoice page;
        bool no_sheets = false;
        bool no_web = false;
        bool no_report = false;
    };
    auto options = std::make_shared<Options>();
    app.add_option("RUN_DIR", options->run, "folder that riskmap run wrote")->required();
    app.add_option("--to", options->to, "folder to write to (default: RUN_DIR/atlas)");
    app.add_option("--area", options->areas, "sheets of this area only, by code or name; several");
    options->page.declare(app);
    options->page.declare_formats(app);
    app.add_flag("--no-sheets", options->no_sheets, "no map sheets");
    app.add_flag("--no-web", options->no_web, "no web atlas");
    app.add_flag("--no-report", options->no_report, "no report");
    app.footer(
        "\nWrites sheets/<area>/<map>.pdf and sheets/index.html, web/index.html (opens from\n"
        "the disk, without a network), report.html and report.pdf. riskmap run ends with the\n"
        "same; here paper, language and colours can be others than those of the project.\n"
        "\nExamples:\n  riskmap run data/shaoxing/project.toml\n"
        "  riskmap atlas data/shaoxing/out --to /tmp/atlas --area 330624 --paper A3 --no-web\n"
        "  riskmap --lang en atlas data/shaoxing/out --to /tmp/atlas-en --no-sheets");
    return [options, &context] {
        auto atlas = options->page.atlas_options(context);
        atlas.areas = options->areas;
        atlas.sheets = !options->no_sheets;
        atlas.web = !options->no_web;
        atlas.report = !options->no_report;
        const auto target = options->to.empty() ? options->run / "atlas" : options->to;
        const auto summary =
            riskmap::atlas::write_atlas(options->run, target, atlas, context.execution);
        if (context.json) {
            nlohmann::ordered_json json{{"folder", target.string()}};
            json["sheets"] = nlohmann::ordered_json::array();
            for (const auto& sheet : summary.sheets)
                json["sheets"].push_back({{"area", sheet.area},
                                          {"map", sheet.product},
                                          {"file", sheet.file},
                                          {"scale", sheet.plan.scale},
                                          {"names_without_room", sheet.plan.unplaced}});
            for (const auto& file : summary.files)
                json["files"].push_back(file.string());
            fmt::print("{}\n", json.dump());
            return;
        }
        if (context.quiet)
            return;
        fmt::print("{} sheets in {}\n", summary.sheets.size(), target.string());
        for (const auto& file : summary.files)
            fmt::print("{}\n", file.string());
    };
}

} // namespace riskmap::tool
