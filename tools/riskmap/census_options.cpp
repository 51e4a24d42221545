// SPDX-License-Identifier: MIT
#include "census_options.hpp"

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/project/census.hpp>

#include "terminal.hpp"

namespace riskmap::tool {

void CensusOptions::declare(Arguments& app) {
    app.add_option("inputs", inputs,
                   "a project file (.toml); or layers: 'FILE[:LAYER] spec=NAME crs=EPSG:N\n"
                   "encoding=GBK fields=THEIRS=OURS,..'; or folders of them");
    app.add_option("--spec", specs, "TOML file with more layer specifications, repeatable")
        ->existing_file();
    app.add_option("--area", area, "FILE[:LAYER] of polygons in which everything should lie");
    app.add_option("--against", against,
                   "FILE[:LAYER] that the layers should agree with in place, to find shifts");
    app.add_option("--crs-allowed", crs, "CRS accepted beside CGCS2000, repeatable");
    app.add_option("--accept", accept, "rule whose findings do not count, repeatable");
    app.add_option("--snap", snap, "borders nearer than this should be one, m")
        ->between(0.0, 1000.0)
        ->capture_default_str();
    app.add_option("--outside", outside,
                   "features may lie so far outside the area or their unit, m")
        ->between(0.0, 1e6)
        ->capture_default_str();
}

std::vector<spec::LayerSpec> specs_of(const CensusOptions& options) {
    auto specs = spec::built_in_specs();
    for (const auto& file : options.specs)
        for (auto& spec : spec::parse_specs(read_file(file), file.string())) {
            std::erase_if(specs, [&](const spec::LayerSpec& own) { return own.id == spec.id; });
            specs.push_back(std::move(spec));
        }
    return specs;
}

CensusRequest request_of(const CensusOptions& options, Language language) {
    if (options.inputs.empty())
        throw Error{ErrorKind::usage, "nothing to check is given",
                    "give a project file, or layers; see 'riskmap check --help'"};
    CensusRequest request;
    request.specs = specs_of(options);
    std::vector<spec::Source> sources;
    for (const auto& text : options.inputs) {
        if (text.ends_with(".toml")) {
            auto census = project::census_of(project::read_project(text));
            request.rules = std::move(census.rules);
            sources.insert(sources.end(), census.sources.begin(), census.sources.end());
        } else {
            sources.push_back(spec::Source::parse(text));
        }
    }
    auto delivery = census::delivery_of(sources);
    if (delivery.sources.empty()) {
        std::string list;
        for (const auto& left : delivery.left_out)
            list +=
                fmt::format("{}{}: {}", list.empty() ? "" : "; ", left.file, left.why.in(language));
        throw input_error(
            fmt::format("no layer is recognised in what is given{}{}", list.empty() ? "" : ": ",
                        list),
            "give files or folders with layers, tables or rasters (.shp, .gpkg, .xlsx, .tif ...)");
    }
    request.sources = std::move(delivery.sources);
    auto& rules = request.rules;
    rules.left_out = std::move(delivery.left_out);
    if (!options.area.empty())
        rules.area = spec::Source::parse(options.area);
    if (!options.against.empty())
        rules.reference = spec::Source::parse(options.against);
    rules.crs.insert(rules.crs.end(), options.crs.begin(), options.crs.end());
    rules.accept.insert(rules.accept.end(), options.accept.begin(), options.accept.end());
    rules.border = options.snap;
    rules.outside = options.outside;
    return request;
}

void print_left_out(const std::vector<census::LeftOut>& files, const Context& context) {
    for (const auto& left : files)
        context.say(on_one_line(
            fmt::format("{} {}: {}", context.language == Language::zh ? "未使用" : "not used",
                        left.file, left.why.in(context.language))));
}

} // namespace riskmap::tool
