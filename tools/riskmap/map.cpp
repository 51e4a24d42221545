// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <riskmap/atlas/plain_map.hpp>
#include <riskmap/core/error.hpp>

#include "command.hpp"
#include "page_options.hpp"

namespace riskmap::tool {

namespace {

struct Options {
    std::string input;
    std::vector<std::filesystem::path> targets;
    bool overwrite = false;
    std::string area;
    std::string map;
    bool list = false;
    PageChoice page;
    atlas::PlainMap plain;
    std::string borders;
    std::string heights;
    std::vector<std::string> notes;
};

bool is_run(const std::filesystem::path& input) {
    return std::filesystem::is_regular_file(input / "run.json");
}

atlas::SheetPlan draw_plain(Options& options, const Context& context) {
    auto& plain = options.plain;
    std::error_code failure;
    if (std::filesystem::exists(options.input, failure))
        plain.source.file = options.input;
    else
        plain.source = spec::Source::parse(options.input);
    plain.borders = spec::Source::parse(options.borders);
    plain.heights = spec::Source::parse(options.heights);
    plain.palette = options.page.palette;
    plain.language = context.language;
    for (const auto& note : options.notes) {
        const auto mark = note.find('=');
        if (mark == std::string::npos)
            throw Error{ErrorKind::usage, fmt::format("'{}' is no note", note),
                        "write NAME=TEXT, as --note Source=census"};
        plain.notes.emplace_back(note.substr(0, mark), note.substr(mark + 1));
    }
    atlas::check_options(options.page.atlas_options(context));
    return atlas::write_sheet(atlas::plain_sheet(plain, context.door, context.execution),
                              options.page.page, options.targets, context.execution);
}

void work(Options& options, const Context& context) {
    const bool run = is_run(options.input);
    if (options.list) {
        for (const auto& name : atlas::map_names(options.input, options.area))
            fmt::print("{}\n", name);
        return;
    }
    if (options.targets.empty())
        throw Error{ErrorKind::usage, "no file to write", "add -o map.pdf (or .png, .svg)"};
    for (const auto& target : options.targets)
        check_output(target, options.overwrite);
    if (run && options.map.empty())
        throw Error{ErrorKind::usage, "which map of the run?",
                    "add --map risk_level; --list tells the names"};
    const auto plan =
        run ? atlas::write_map(options.input, options.area, options.map, options.targets,
                               options.page.atlas_options(context), context.execution)
            : draw_plain(options, context);
    if (context.json)
        context.report({}, nlohmann::ordered_json{{"scale", plan.scale},
                                                  {"paper", {plan.width, plan.height}},
                                                  {"names", plan.labels.size()},
                                                  {"names_without_room", plan.unplaced}}
                               .dump());
    else if (!context.quiet)
        fmt::print("1:{:.0f} on {:.0f} x {:.0f} mm, {} names{}\n", plan.scale, plan.width,
                   plan.height, plan.labels.size(),
                   plan.unplaced > 0 ? fmt::format(", {} without room", plan.unplaced) : "");
}

} // namespace

std::function<void()> declare_map(Arguments& app, Context& context) {
    auto options = std::make_shared<Options>();
    app.add_option("INPUT", options->input,
                   "folder of a run, a raster, or a vector file with its layer: FILE[:LAYER]")
        ->required();
    app.add_option("-o,--output", options->targets,
                   "what to write: .pdf, .png or .svg; several at once");
    app.add_flag("--overwrite", options->overwrite, "replace files that exist");
    app.add_option("--area", options->area, "of a run: code or name (default: the city)");
    app.add_option("--map", options->map, "of a run: which map; see --list");
    app.add_flag("--list", options->list, "tell the maps that an area has");
    options->page.declare(app);
    auto& plain = options->plain;
    app.add_option("--style", plain.style, "colours of a raster or of --field: riskmap styles");
    app.add_option("--field", plain.field, "whole-number field that polygons are coloured by");
    app.add_option("--borders", options->borders, "polygons drawn over it: FILE[:LAYER]");
    app.add_option("--names", plain.name_field, "field of the borders that holds their names");
    app.add_option("--height", options->heights, "heights that shade the map (raster)");
    app.add_option("--title", plain.title, "(default: the file's name)");
    app.add_option("--subtitle", plain.subtitle, "");
    app.add_option("--note", options->notes, "below the legend, as Source=census; several");
    app.add_option("--status", plain.status, "upper left corner, as modelled");
    app.add_option("--secrecy", plain.secrecy, "mark in the upper right corner");
    app.footer(
        "\nThe legend tells area and people of each level; the scale is a round number; names\n"
        "without room are left out, and counted.\n"
        "\nExamples:\n  riskmap run data/shaoxing/project.toml\n"
        "  riskmap map data/shaoxing/out --map risk_level -o /tmp/risk.pdf -o /tmp/risk.png\n"
        "  riskmap map data/shaoxing/out --area 330624 --map camera_plan --list\n"
        "  riskmap map data/shaoxing/terrain_60m.tif --title Heights --style surface \\\n"
        "    --borders data/shaoxing/census.gpkg:counties --names name \\\n"
        "    --height data/shaoxing/terrain_60m.tif --paper A3 -o /tmp/heights.png");
    return [options, &context] { work(*options, context); };
}

} // namespace riskmap::tool
