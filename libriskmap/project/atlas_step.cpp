// SPDX-License-Identifier: MIT
// Steps: the atlas that a run ends with.
#include <set>

#include <riskmap/atlas/atlas.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/vector/layer.hpp>

#include "products.hpp"

namespace riskmap::project {

namespace {

namespace fs = std::filesystem;

struct AtlasPart {
    const char* id;
    const char* title;
    bool atlas::AtlasOptions::*part;
};

/// Files that the atlas reads, of all that earlier steps write.
std::vector<fs::path> read_files(const std::vector<Step>& before) {
    std::vector<fs::path> files;
    for (const auto& step : before)
        for (const auto& output : step.outputs)
            if (const auto suffix = output.extension();
                suffix == ".tif" || suffix == ".gpkg" || suffix == ".json" || suffix == ".csv")
                files.push_back(output);
    return files;
}

std::vector<fs::path> sheet_files(const Work& work, const std::vector<fs::path>& made,
                                  const fs::path& folder) {
    std::set<std::string> known;
    for (const auto& file : made)
        known.insert(file.string());
    atlas::SheetOwner owner{false, work.areas.cities.size() == 1, {}};
    for (const auto& hazard : work.project.hazards)
        owner.hazards.push_back(hazard.id);
    std::vector<fs::path> files{folder / "index.html", folder / "index.pdf"};
    for (const auto& area : product_areas(work)) {
        owner.county = area.county;
        const auto products = atlas::sheet_products(owner, [&](const std::string& file) {
            return known.contains((area.folder / file).string());
        });
        for (const auto& product : products)
            for (const auto& format : work.project.atlas.formats)
                files.push_back(folder / area.folder.filename() / (product + "." + format));
    }
    return files;
}

Step atlas_step(const WorkPtr& work, const std::vector<fs::path>& made, const AtlasPart& part) {
    const auto& project = work->project;
    const auto folder = work->out / "atlas";
    Step step;
    step.id = part.id;
    step.title = part.title;
    step.inputs = made;
    step.parameters = {{"atlas", to_json(project.atlas)},
                       {"title", {project.title.zh, project.title.en}},
                       {"language", project.language == Language::zh ? "zh" : "en"},
                       {"palette", project.output.palette},
                       {"modelled", work->modelled_layers()}};
    if (part.part == &atlas::AtlasOptions::sheets)
        step.outputs = sheet_files(*work, made, folder / "sheets");
    else if (part.part == &atlas::AtlasOptions::web)
        step.outputs = atlas::web_files(folder);
    else {
        step.outputs = {folder / "report.html", folder / "report.pdf"};
        step.inputs.push_back(work->out / "run.json"); // of which it tells the rest
    }
    step.work = [work, folder, part](const Execution& execution) {
        const auto& rules = work->project.atlas;
        atlas::AtlasOptions options;
        options.page = {rules.paper, rules.dpi};
        options.formats = rules.formats;
        options.palette = work->project.output.palette;
        options.sheets = options.web = options.report = false;
        options.*part.part = true;
        const auto summary = atlas::write_atlas(work->out, folder, options, execution);
        StepReport report;
        if (options.sheets)
            report.facts["sheets"] = summary.sheets.size();
        return report;
    };
    return step;
}

void write_neighbours(const Work& work) {
    const auto& rules = work.project.atlas;
    auto read = vector::transformed(
        vector::read_layer(rules.neighbours.file, rules.neighbours.layer), work.grid.crs);
    vector::Layer layer;
    layer.name = "neighbours";
    layer.crs = work.grid.crs;
    layer.fields = {{"code", vector::FieldType::text}, {"name", vector::FieldType::text}};
    const auto at = read.field(rules.neighbours_name_field);
    for (auto& feature : read.features)
        if (!feature.shape.polygons.empty())
            layer.features.push_back(
                {{std::string{}, vector::text_of(feature.values[at])}, std::move(feature.shape)});
    const vector::Product product{&layer};
    vector::write_geopackage(work.file("neighbours.gpkg"), {&product, 1});
}

} // namespace

std::vector<Step> neighbour_steps(const WorkPtr& work) {
    const auto& rules = work->project.atlas;
    if (!rules.make || rules.neighbours.file.empty())
        return {};
    Step step;
    step.id = "neighbours";
    step.title = "areas around the city";
    step.reads({rules.neighbours.file});
    step.outputs = {work->file("neighbours.gpkg")};
    step.parameters = {{"grid", grid_json(*work)},
                       {"layer", rules.neighbours.layer},
                       {"name_field", rules.neighbours_name_field}};
    step.work = [work](const Execution&) {
        write_neighbours(*work);
        return StepReport{};
    };
    return {std::move(step)};
}

std::vector<std::vector<Step>> atlas_steps(const WorkPtr& work, const std::vector<Step>& before) {
    const auto& rules = work->project.atlas;
    if (!rules.make)
        return {};
    const auto made = read_files(before);
    std::vector<std::vector<Step>> stages;
    const auto add = [&](std::initializer_list<std::pair<bool, AtlasPart>> parts) {
        auto& stage = stages.emplace_back();
        for (const auto& [wanted, part] : parts)
            if (wanted)
                stage.push_back(atlas_step(work, made, part));
    };
    using Options = atlas::AtlasOptions;
    add({{rules.sheets, {"atlas sheets", "map sheets", &Options::sheets}}}); // for all threads
    add({{rules.web, {"atlas web", "the web atlas", &Options::web}},
         {rules.report, {"atlas report", "the report", &Options::report}}});
    return stages;
}

} // namespace riskmap::project
