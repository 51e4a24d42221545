// SPDX-License-Identifier: MIT
#include <cmath>

#include <fmt/format.h>

#include <riskmap/atlas/camera_maps.hpp>
#include <riskmap/core/error.hpp>

#include "forest_scene.hpp"

namespace riskmap::tool {

namespace {

struct Options {
    SceneOptions scene;
    std::string cameras;
    std::vector<double> targets{0};
    std::filesystem::path seen;
    std::filesystem::path package;
    std::filesystem::path table;
    std::filesystem::path report;
    Output output;
};

void check_outputs(const Options& options) {
    options.output.check();
    for (const auto* path : {&options.seen, &options.package, &options.table, &options.report})
        if (!path->empty())
            check_output(*path, options.output.overwrite);
    for (const double target : options.targets)
        if (!(target >= 0) || !std::isfinite(target))
            throw Error{ErrorKind::usage, fmt::format("a target height of {} m", target),
                        "give heights above ground, 0 or more"};
}

/// All unit layers in one table.
vector::Layer unit_table(const forest::CoverageStudy& study, const Crs& crs, Language language) {
    vector::Layer table;
    table.name = "coverage";
    for (const auto& coverage : study.heights)
        for (std::size_t l = 0; l < study.layers.size(); ++l) {
            auto part =
                forest::coverage_layer(study.layers[l], coverage.units[l], nullptr, crs, language);
            if (table.fields.empty()) {
                table.fields = {{"target_m", vector::FieldType::real},
                                {"layer", vector::FieldType::text}};
                table.fields.insert(table.fields.end(), part.fields.begin(), part.fields.end());
            }
            for (auto& feature : part.features) {
                auto& row = table.features.emplace_back();
                row.values = {coverage.target, study.layers[l].name};
                row.values.insert(row.values.end(), feature.values.begin(), feature.values.end());
            }
        }
    return table;
}

void print(const forest::CoverageStudy& study, const Context& context) {
    for (const auto& coverage : study.heights)
        context.say(fmt::format("targets {:g} m high: {:.2f} % of {:.1f} km2 of forest seen, "
                                "{:.2f} % twice",
                                coverage.target, 100 * coverage.all.share(),
                                coverage.all.forest * 1e-6, 100 * coverage.all.twice_share()));
}

void coverage(const Options& options, const Context& context) {
    check_outputs(options);
    ForestScene scene{options.scene, context};
    forest::CoverageStudy study;
    study.layers = scene.units();
    study.cameras = scene.cameras(options.cameras);
    scene.tell_ground(study.layers);
    const auto areas = scene.cells().areas();
    for (const double target : options.targets) {
        auto sight = options.scene.sight.sight();
        sight.target = target;
        const auto views = forest::views(study.cameras, scene.scene(), sight, context.execution);
        study.heights.push_back(forest::coverage_of(views, areas, study.layers));
        study.heights.back().target = target;
        scene.tell_across(study.cameras, sight, views);
    }
    study.remarks = scene.remarks();
    atlas::MapOptions maps;
    maps.language = context.language;
    const auto& first = study.heights.front();
    atlas::write_times_seen(options.output.path, scene.cells(), first, maps, context.execution);
    if (!options.seen.empty())
        atlas::write_seen(options.seen, scene.cells(), first, maps, context.execution);
    if (!options.package.empty())
        atlas::write_coverage(options.package, study, scene.cells(), maps, context.execution);
    if (!options.table.empty())
        vector::write_csv(options.table,
                          unit_table(study, scene.cells().grid().crs, context.language));
    context.report(options.report, forest::coverage_json(study));
    print(study, context);
}

} // namespace

std::function<void()> declare_coverage(Arguments& app, Context& context) {
    auto options = std::make_shared<Options>();
    options->scene.declare(app);
    options->scene.declare_cameras(app);
    app.add_option("--cameras", options->cameras, "FILE[:LAYER] of points")->required();
    app.add_option("--target", options->targets,
                   "heights of targets above the ground, m, separated by commas: 0 for the ground, "
                   "20 for a column of smoke; maps show the first")
        ->delimiter(',')
        ->capture_default_str();
    app.add_option("--report", options->report, "JSON of all figures, areas in m2");
    app.add_option("--seen", options->seen, "GeoTIFF: 1 where forest is seen, 0 where not");
    app.add_option("--gpkg", options->package,
                   "GeoPackage: cameras with their figures, units, forest that nobody sees");
    app.add_option("--csv", options->table, "table of the units, for all target heights");
    options->output.declare(app, "GeoTIFF: how many cameras see each forest cell (UInt16, 65535 "
                                 "where no forest is)");
    app.footer(
        "\nA camera may have fields of its own: id, mast_m, range_m, min_range_m, azimuth_from,\n"
        "azimuth_to (degrees clockwise from grid north), tilt_from, tilt_to, by any of their "
        "names\n"
        "in docs/layers.md, or named as 'FILE:LAYER fields=THEIRS=mast_m'. Areas are true\n"
        "ones. A forest cell belongs to the unit that has most of it.\n"
        "\nExample:\n  riskmap coverage data/shaoxing/terrain_60m.tif \\\n"
        "      --forest data/shaoxing/landcover_60m.tif:30 \\\n"
        "      --cameras data/shaoxing/census.gpkg:cameras_existing \\\n"
        "      --units data/shaoxing/census.gpkg:townships:code --target 0,20 \\\n"
        "      -o /tmp/count.tif --gpkg /tmp/coverage.gpkg --report /tmp/coverage.json");
    return [options, &context] { coverage(*options, context); };
}

} // namespace riskmap::tool
