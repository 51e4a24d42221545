// SPDX-License-Identifier: MIT
#include "command.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <riskmap/core/error.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/geo/topology.hpp>

#include "terminal.hpp"

namespace riskmap::tool {

std::span<const Command> commands() {
    static const std::array<Command, 26> table{{
        {"init", {"新建项目文件", "write a commented project file to start from"}, &declare_init},
        {"run",
         {"运行项目：由普查图层到三图", "run a project: from census layers to the three maps"},
         &declare_run},
        {"status",
         {"哪些步骤需要重做，为什么", "tell which steps of a project are stale, and why"},
         &declare_status},
        {"check",
         {"检查普查图层：找出错误、位置和改法",
          "find what is wrong with census layers, where, and how to mend it"},
         &declare_check},
        {"ingest",
         {"整理入库：一个干净的 GeoPackage 和对齐的栅格",
          "one clean GeoPackage and aligned rasters of what offices send"},
         &declare_ingest},
        {"stack",
         {"把图层对齐到同一格网", "bring rasters and vectors onto one grid"},
         &declare_stack},
        {"risk",
         {"综合风险与不确定性：等级有多可靠", "the risk of a project, and how sure its levels are"},
         &declare_risk},
        {"composite",
         {"栅格加权叠加", "overlay rasters: normalise, weigh, combine"},
         &declare_composite},
        {"classify", {"分级断点与等级", "cut a raster into classes"}, &declare_classify},
        {"zonal",
         {"分区统计（精确覆盖）", "statistics of a raster over polygons, exact"},
         &declare_zonal},
        {"polygonise",
         {"分级栅格转为面（共用边界）", "class raster to polygons with shared borders"},
         &declare_polygonise},
        {"zones", {"连片同质分区", "contiguous regions of alike units"}, &declare_zones},
        {"viewshed", {"一个观察点的可视域", "what one observer sees"}, &declare_viewshed},
        {"coverage",
         {"全部摄像头看到多少森林", "how much of the forest all cameras see"},
         &declare_coverage},
        {"cameras",
         {"新增摄像头选址：以最少的点达到覆盖率",
          "where new cameras go to see enough of the forest"},
         &declare_cameras},
        {"townships",
         {"森林防火重点乡镇与受害率", "key forest-fire townships, and the damage rate"},
         &declare_townships},
        {"water",
         {"水源够不到的森林，新水源选址", "forest out of reach of fire water, and where to add it"},
         &declare_water},
        {"shelters",
         {"避难场所：现状评估与新增选址", "who reaches a shelter today, and where the next go"},
         &declare_shelters},
        {"reach",
         {"服务范围与到达时间", "service areas and the way to the nearest site"},
         &declare_reach},
        {"isolation",
         {"断路后的孤立村落", "settlements cut off once roads flood or slide"},
         &declare_isolation},
        {"siting",
         {"选址模型：覆盖、中位、中心，附最优性证明",
          "location models with proven bounds, on layers and benchmark files"},
         &declare_siting},
        {"map",
         {"出一幅图：PDF、PNG 或 SVG", "one map sheet of a run, a raster or a layer"},
         &declare_map},
        {"atlas",
         {"全套图册、网页图集和报告", "all sheets, the web atlas and the report of a run"},
         &declare_atlas},
        {"compare",
         {"比较两次运行：等级升降、原因", "two runs: which levels rose or fell, and why"},
         &declare_compare},
        {"styles",
         {"图例样式：QML、SLD、Mapnik、MapLibre 等", "the colours of maps for other programs"},
         &declare_styles},
        {"export",
         {"批量导出成果", "write the products of a run in other formats"},
         &declare_export},
    }};
    return table;
}

void Context::say(const std::string& text) const {
    if (!quiet && !json)
        tell(text + "\n");
}

void Context::warn(const std::string& text) const {
    if (!quiet)
        tell("riskmap: warning: " + text + "\n");
}

void Context::report(const std::filesystem::path& file, const std::string& text) const {
    if (file.empty() && !json)
        return;
    auto answer = nlohmann::ordered_json::parse(text);
    answer["accounts"] =
        nlohmann::ordered_json::parse(spec::accounts_json(door.accounts(), language));
    const auto whole =
        answer.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
    if (!file.empty())
        write_file(file, whole);
    if (json)
        fmt::print("{}", whole);
}

void Context::tell_accounts() const {
    for (const auto& line : door.lines(language))
        warn(line);
}

Option* Output::declare(Arguments& app, const std::string& help) {
    app.add_flag("--overwrite", overwrite, "replace the output if it exists");
    return app.add_option("-o,--output", path, help)->required();
}

void Output::check() const {
    check_output(path, overwrite);
}

namespace {

std::vector<std::string>& words_of_command() {
    static std::vector<std::string> words;
    return words;
}

/// The file that a word of the command line names: "x.gpkg" of "--demand=x.gpkg:layer where=a".
std::filesystem::path file_of(std::string word) {
    std::error_code ignored;
    if (word.starts_with("--"))
        word = word.substr(std::min(word.find('='), word.size() - 1) + 1);
    while (!word.empty() && !std::filesystem::exists(word, ignored)) {
        const auto end = word.find_last_of(": ");
        word = end == std::string::npos ? std::string{} : word.substr(0, end);
    }
    return word;
}

/// An output that exists and that more words than its own name.
void keep_inputs(const std::filesystem::path& output) {
    std::error_code ignored;
    if (!std::filesystem::exists(output, ignored))
        return;
    std::size_t own = 0;
    std::size_t named = 0;
    for (const auto& word : words_of_command()) {
        const auto file = file_of(word);
        if (file.empty() || !std::filesystem::equivalent(output, file, ignored))
            continue;
        ++named;
        own += word.ends_with(output.string()) ? 1U : 0U;
    }
    if (named > std::min<std::size_t>(own, 1))
        throw Error{ErrorKind::usage,
                    fmt::format("the output '{}' is one of the inputs", output.string()),
                    "give another name: inputs are never replaced"};
}

} // namespace

void remember_words(int argc, char** argv) {
    words_of_command().assign(argv + 1, argv + argc);
}

void check_output(const std::filesystem::path& path, bool overwrite) {
    keep_inputs(path);
    std::error_code ignored;
    if (!overwrite && std::filesystem::exists(path, ignored))
        throw input_error(fmt::format("'{}' exists already", path.string()),
                          "add --overwrite, or give another name");
}

spec::Table read_polygons(const spec::Source& source, const Crs& crs, const Context& context) {
    auto table = context.door.table(source, spec::any_layer(), spec::Shapes::wanted);
    auto layer = vector::transformed(std::move(table.layer()), crs);
    for (std::size_t i = 0; i < layer.features.size(); ++i) {
        auto& shape = layer.features[i].shape;
        if (shape.polygons.empty() && !shape.empty())
            throw input_error(fmt::format("layer '{}' of '{}' holds no polygons", layer.name,
                                          source.file.string()));
        if (const auto flaw = find_flaw(shape.polygons)) {
            shape.polygons = repaired(shape.polygons);
            context.warn(fmt::format("feature {} of layer '{}' was not valid and was repaired: {}",
                                     i + 1, layer.name, flaw->reason));
        }
    }
    table.layer() = std::move(layer);
    return table;
}

std::uint64_t parse_size(const std::string& text) {
    const std::string_view suffixes{"KMGT"};
    std::string_view digits = text;
    double factor = 1;
    if (!digits.empty())
        if (const auto at = suffixes.find(digits.back()); at != std::string_view::npos) {
            factor = static_cast<double>(std::uint64_t{1} << (10 * (at + 1)));
            digits.remove_suffix(1);
        }
    const auto number = parse_number(digits);
    if (!number || *number <= 0)
        throw Error{ErrorKind::usage, fmt::format("'{}' is not an amount of memory", text),
                    "write it as 2G or 500M"};
    return static_cast<std::uint64_t>(*number * factor);
}

void tell_shared_names(const std::vector<std::string>& names, const Context& context) {
    std::map<std::string, int> seen;
    for (const auto& name : names)
        ++seen[name];
    for (const auto& [name, times] : seen)
        if (times > 1)
            context.warn(
                fmt::format("'{}' stands for {} units, each of which is a unit of its own; name "
                            "another --id if they are one",
                            name, times));
}

} // namespace riskmap::tool
