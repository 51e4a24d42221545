// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <riskmap/atlas/compare.hpp>

#include "command.hpp"
#include "page_options.hpp"

namespace riskmap::tool {

namespace {

void print_json(const atlas::Comparison& result) {
    nlohmann::ordered_json json{
        {"units_up", result.units_up()},     {"units_down", result.units_down()},
        {"units", result.units.size()},      {"km2_up", result.area_up},
        {"km2_down", result.area_down},      {"km2_same", result.area_same},
        {"only_before", result.only_before}, {"only_after", result.only_after}};
    json["differences"] = nlohmann::ordered_json::array();
    for (const auto& d : result.differences)
        json["differences"].push_back(
            {{"what", d.what}, {"name", d.name}, {"before", d.before}, {"after", d.after}});
    for (const auto& file : result.files)
        json["files"].push_back(file.string());
    fmt::print("{}\n", json.dump());
}

void print(const atlas::Comparison& result) {
    fmt::print("townships: {} up, {} down of {}; cells: {:.1f} km2 up, {:.1f} km2 down, {:.1f} km2 "
               "the same\n",
               result.units_up(), result.units_down(), result.units.size(), result.area_up,
               result.area_down, result.area_same);
    constexpr std::size_t most = 20;
    for (std::size_t i = 0; i < std::min(most, result.differences.size()); ++i) {
        const auto& d = result.differences[i];
        fmt::print("{:<10} {}: {} -> {}\n", d.what, d.name, d.before.empty() ? "-" : d.before,
                   d.after.empty() ? "-" : d.after);
    }
    if (result.differences.size() > most)
        fmt::print("... and {} more differences\n", result.differences.size() - most);
    for (const auto& file : result.files)
        fmt::print("{}\n", file.string());
}

} // namespace

std::function<void()> declare_compare(Arguments& app, Context& context) {
    struct Options {
        std::filesystem::path before;
        std::filesystem::path after;
        std::filesystem::path to;
        PageChoice page;
        bool no_web = false;
    };
    auto options = std::make_shared<Options>();
    app.add_option("RUN_A", options->before, "folder of a run: how it was")->required();
    app.add_option("RUN_B", options->after, "folder of another run: how it is")->required();
    app.add_option("--to", options->to, "folder to write to")->required();
    options->page.declare(app);
    options->page.declare_formats(app);
    app.add_flag("--no-web", options->no_web, "no web atlas");
    app.footer(
        "\nWrites change.gpkg, change.csv, change_<city>.tif, sheets/, compare.html and .pdf\n"
        "(what changed, and which inputs and parameters differ), and web/index.html.\n"
        "\nExample:\n  riskmap risk data/shaoxing/project.toml --out /tmp/a --draws 20\n"
        "  riskmap risk data/shaoxing/project.toml --out /tmp/b --draws 40\n"
        "  riskmap compare /tmp/a /tmp/b --to /tmp/changes");
    return [options, &context] {
        auto atlas_options = options->page.atlas_options(context);
        atlas_options.web = !options->no_web;
        const auto result = atlas::compare_runs(options->before, options->after, options->to,
                                                atlas_options, context.execution);
        if (context.json)
            print_json(result);
        else if (!context.quiet)
            print(result);
    };
}

} // namespace riskmap::tool
