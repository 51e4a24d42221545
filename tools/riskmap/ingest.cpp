// SPDX-License-Identifier: MIT
#include <riskmap/census/ingest.hpp>

#include <set>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <riskmap/core/error.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/project/start.hpp>
#include <riskmap/raster/source.hpp>

#include "census_options.hpp"
#include "command.hpp"
#include "terminal.hpp"

namespace riskmap::tool {

namespace {

struct Options {
    CensusOptions census;
    census::IngestRules rules;
    std::filesystem::path like;
    Output output;
};

void print(const census::Ingest& ingest, const Context& context) {
    for (const auto& layer : ingest.layers)
        context.say(
            on_one_line(fmt::format("{:<28} {:<24} {:>9}  {}", fmt::join(layer.sources, " + "),
                                    layer.name, layer.features, layer.did.in(context.language))));
    print_left_out(ingest.report.left_out, context);
}

/// An edited project is never replaced: the new one goes beside it, and what differs is said.
std::filesystem::path write_project(const std::filesystem::path& folder, const std::string& start,
                                    const Context& context) {
    auto project = folder / "project.toml";
    std::error_code ignored;
    if (!std::filesystem::exists(project, ignored)) {
        write_file(project, start);
        return project;
    }
    const auto before = read_file(project);
    if (before == start)
        return project;
    const auto beside = folder / "project.new.toml";
    write_file(beside, start);
    const auto lines = [](const std::string& text) {
        std::set<std::string> out;
        std::istringstream in{text};
        for (std::string line; std::getline(in, line);)
            if (!line.empty())
                out.insert(line);
        return out;
    };
    const auto old_lines = lines(before);
    const auto new_lines = lines(start);
    const bool zh = context.language == Language::zh;
    context.say(zh ? fmt::format("{} 已有改动，保留不动；新的写入 {}，不同之处：", project.string(),
                                 beside.string())
                   : fmt::format("{} is kept as it is; the new one is {}, which differs by:",
                                 project.string(), beside.string()));
    for (const auto& line : old_lines)
        if (!new_lines.contains(line))
            context.say(on_one_line("  - " + line));
    for (const auto& line : new_lines)
        if (!old_lines.contains(line))
            context.say(on_one_line("  + " + line));
    return project;
}

void ingest(const Options& options, Context& context) {
    auto request = request_of(options.census, context.language);
    const auto& folder = options.output.path;
    for (const char* name : {"census.gpkg", "ingest.json", "findings.json"})
        check_output(folder / name, options.output.overwrite);
    auto rules = options.rules;
    rules.check = std::move(request.rules);
    if (!options.like.empty())
        rules.like = context.door.raster(spec::Source::parse(options.like)).grid();
    const auto result = census::ingest(folder, request.sources, rules, request.specs,
                                       context.language, context.execution);
    clear_progress();
    using enum census::Severity;
    const auto& findings = result.report.findings;
    std::vector<std::string> missing;
    const auto start = result.written ? project::project_for(result, folder.filename().string(),
                                                             context.language, &missing)
                                      : std::nullopt;
    const auto project = start ? write_project(folder, *start, context) : std::filesystem::path{};
    if (context.json)
        fmt::print("{}\n", nlohmann::ordered_json{{"written", result.written},
                                                  {"layers", result.layers.size()},
                                                  {"changes", result.changes.size()},
                                                  {"errors", findings.count(error)},
                                                  {"warnings", findings.count(warning)},
                                                  {"crs", result.crs},
                                                  {"project", project.string()}}
                               .dump());
    if (!result.written)
        throw input_error(
            fmt::format("{} errors, and not all of them can be mended: nothing is ingested",
                        findings.count(error)),
            fmt::format("see {}, mend the layers or --accept a rule; --force goes on",
                        (folder / "findings.html").string()));
    print(result, context);
    const bool zh = context.language == Language::zh;
    context.say(fmt::format(
        fmt::runtime(zh ? "{} 个图层，修改 {} 处，发现错误 {} 个、警告 {} 个；写入 {}"
                        : "{} layers, {} changes, {} errors and {} warnings found; in {}"),
        result.layers.size(), result.changes.size(), findings.count(error), findings.count(warning),
        folder.string()));
    if (!missing.empty())
        context.say(fmt::format("{}{}",
                                zh ? "没有写项目文件，还缺：" : "no project is written, it lacks: ",
                                fmt::join(missing, zh ? "；" : "; ")));
    if (!project.empty())
        context.say(fmt::format("{}riskmap run {}", zh ? "下一步：" : "next: ", project.string()));
}

} // namespace

std::function<void()> declare_ingest(Arguments& app, Context& context) {
    auto options = std::make_shared<Options>();
    options->census.declare(app);
    options->output.declare(app, "folder for census.gpkg, the rasters, ingest.json, the\n"
                                 "findings and, if all is there for a run, project.toml");
    auto* like = app.add_option("--like", options->like, "take the grid of this raster");
    app.add_option("--crs", options->rules.crs,
                   "CRS to bring everything to (default: the 3-degree zone of CGCS2000)")
        ->excludes(like);
    app.add_option("--cell-size,--tr", options->rules.cell_size,
                   "of the grid that rasters are brought to, in units of the CRS")
        ->between(1e-9, 1e9)
        ->excludes(like);
    app.add_flag(
        "--unshift", options->rules.unshift,
        "take the GCJ-02 or BD-09 shift off layers in which check finds it, by the public\n"
        "approximation: good to about a metre, never a replacement of a survey");
    app.add_flag("--force", options->rules.force, "go on in spite of errors that cannot be mended");
    app.footer(
        "\nLayers are checked, mended where that is safe, renamed and converted by their\n"
        "specification (docs/layers.md), and brought to one CRS and one grid.\n"
        "\nExample:\n  riskmap ingest data/shaoxing/census.gpkg \\\n"
        "      data/shaoxing/flood_depth_100yr_60m.tif data/shaoxing/population_120m.tif \\\n"
        "      data/shaoxing/township_indicators.csv --cell-size 500 \\\n"
        "      --accept coverage-overlap --accept coverage-gap -o /tmp/ingested");
    return [options, &context] { ingest(*options, context); };
}

} // namespace riskmap::tool
