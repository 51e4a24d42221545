// SPDX-License-Identifier: MIT
// Steps: the atlas that a run ends with.
#include <set>

#include <riskmap/atlas/atlas.hpp>
#include <riskmap/record/record.hpp>
#include <riskmap/vector/layer.hpp>

#include "products.hpp"

namespace riskmap::run {

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
        for (const auto& output : step.makes)
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
    const auto folder = work->out / "atlas";
    Step step;
    step.id = part.id;
    step.title = part.title;
    step.needs = made;
    step.settings = work->chosen({"project", "atlas", "output", "areas", "hazard", "exposure",
                                  "forest.plan", "levels", "zoning"});
    step.go_by(work->modelled_settings());
    if (part.part == &atlas::AtlasOptions::sheets)
        step.makes = sheet_files(*work, made, folder / "sheets");
    else if (part.part == &atlas::AtlasOptions::web)
        step.makes = atlas::web_files(folder);
    else
        step.makes = {folder / "report.html", folder / "report.pdf"};
    if (part.part == &atlas::AtlasOptions::report && work->project.check.before_run)
        step.needs.push_back(work->out / "check" / "findings.json");
    // Sheets take no more of the run than the settings say.
    if (part.part != &atlas::AtlasOptions::sheets)
        step.needs.push_back(record::file_of(work->out));
    step.work = [work, folder, part](const Execution& execution) {
        const auto& rules = work->project.atlas;
        atlas::AtlasOptions options;
        options.page = {rules.paper, rules.dpi};
        options.formats = rules.formats;
        options.palette = work->project.output.palette;
        options.sheets = options.web = options.report = false;
        options.*part.part = true;
        const auto summary = atlas::write_atlas(work->out, folder, options, execution);
        StepReport report{work->fingerprints};
        if (options.sheets)
            report.facts["sheets"] = summary.sheets.size();
        return report;
    };
    return step;
}

void write_neighbours(const Work& work, StepReport& report) {
    const auto& rules = work.project.atlas;
    auto table = report.door.table(rules.neighbours, spec::any_layer(), spec::Shapes::wanted);
    const auto names = table.texts_of(rules.neighbours_name_field);
    auto read = vector::transformed(std::move(table.layer()), work.grid.crs);
    vector::Layer layer;
    layer.name = "neighbours";
    layer.crs = work.grid.crs;
    layer.fields = {{"code", vector::FieldType::text}, {"name", vector::FieldType::text}};
    for (std::size_t row = 0; row < names.size(); ++row)
        if (auto& shape = read.features[row].shape; !shape.polygons.empty())
            layer.features.push_back({{std::string{}, names[row]}, std::move(shape)});
    const vector::Product product{&layer};
    vector::write_geopackage(work.neighbours(), {&product, 1});
}

} // namespace

std::vector<Step> neighbour_steps(const WorkPtr& work) {
    const auto& rules = work->project.atlas;
    if (!rules.make || rules.neighbours.file.empty())
        return {};
    Step step;
    step.id = "neighbours";
    step.title = "areas around the city";
    step.makes = {work->neighbours()};
    step.settings = work->chosen_source("atlas.neighbours");
    step.go_by(work->chosen({"project.language"}));
    step.go_by(work->common_settings());
    step.reads_areas = false;
    step.work = [work](const Execution&) {
        StepReport report{work->fingerprints};
        write_neighbours(*work, report);
        tell_accounts(report, work->language());
        return report;
    };
    return {std::move(step)};
}

std::vector<Step> atlas_steps(const WorkPtr& work, const std::vector<Step>& before) {
    const auto& rules = work->project.atlas;
    if (!rules.make)
        return {};
    const auto made = read_files(before);
    using Options = atlas::AtlasOptions;
    std::vector<Step> steps;
    for (const auto& [wanted, part] :
         {std::pair{rules.sheets, AtlasPart{"atlas sheets", "map sheets", &Options::sheets}},
          std::pair{rules.web, AtlasPart{"atlas web", "the web atlas", &Options::web}},
          std::pair{rules.report, AtlasPart{"atlas report", "the report", &Options::report}}})
        if (wanted)
            steps.push_back(atlas_step(work, made, part));
    return steps;
}

} // namespace riskmap::run
