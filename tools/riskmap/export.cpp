// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <riskmap/atlas/export.hpp>

#include "command.hpp"

namespace riskmap::tool {

std::function<void()> declare_export(Arguments& app, Context& context) {
    struct Options {
        std::filesystem::path run;
        std::string formats;
        std::filesystem::path to;
        bool overwrite = false;
    };
    auto options = std::make_shared<Options>();
    std::string list;
    for (const auto& format : atlas::export_formats())
        list += fmt::format("\n  {:<9} {}", format.name, format.summary);
    app.add_option("RUN_DIR", options->run, "folder that riskmap run wrote")->required();
    app.add_option("--format,--of", options->formats,
                   "formats, separated by commas: " + names_of(atlas::export_formats()))
        ->required();
    app.add_option("--to", options->to, "folder to write to, one folder per area below it")
        ->required();
    app.add_flag("--overwrite", options->overwrite, "replace files that exist");
    app.footer("\nFormats:" + list +
               "\n\nExample:\n  riskmap run data/shaoxing/project.toml\n"
               "  riskmap export data/shaoxing/out --format png,shp --to /tmp/handout");
    return [options, &context] {
        const auto files = atlas::export_run(
            options->run, atlas::parse_export_formats(options->formats), options->to,
            options->overwrite ? atlas::Overwrite::yes : atlas::Overwrite::no, context.execution);
        if (context.json) {
            auto json = nlohmann::json::array();
            for (const auto& file : files)
                json.push_back(file.string());
            fmt::print("{}\n", json.dump());
        } else if (!context.quiet) {
            fmt::print("wrote {} files to {}\n", files.size(), options->to.string());
        }
    };
}

} // namespace riskmap::tool
