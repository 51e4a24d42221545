// SPDX-License-Identifier: MIT
#include <riskmap/atlas/camera_maps.hpp>

#include <algorithm>

#include <riskmap/atlas/curve.hpp>
#include <riskmap/atlas/style.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/raster/cells.hpp>

#include "package.hpp"

namespace riskmap::atlas {

namespace {

/// The colours of "seen_by", the last one for all higher numbers.
std::vector<raster::ClassEntry> times_classes(std::uint16_t most, Language language) {
    const auto& scale = style("seen_by");
    const int last = scale.classes.front().value;
    std::vector<raster::ClassEntry> classes;
    for (int times = 0; times <= std::max<int>(most, last); ++times) {
        const auto& c = scale.at(std::min(times, last));
        classes.push_back({times, times < last ? c.words.in(language) : std::to_string(times),
                           c.colour.red, c.colour.green, c.colour.blue});
    }
    return classes;
}

raster::RasterSpec spec(raster::CellType type, const std::string& title,
                        const MapOptions& options) {
    raster::RasterSpec out;
    out.type = type;
    out.layout = raster::Layout::cloud_optimized;
    out.description = title;
    out.metadata = options.metadata;
    return out;
}

void add_units(Package& package, const std::vector<forest::UnitLayer>& layers,
               const forest::Coverage& now, const forest::Coverage* before, const Crs& crs,
               Language language) {
    const auto symbology = polygon_symbology(style("coverage"), "level", language);
    for (std::size_t l = 0; l < layers.size(); ++l)
        package.add(forest::coverage_layer(layers[l], now.units[l],
                                           before == nullptr ? nullptr : &before->units[l], crs,
                                           language),
                    symbology);
}

} // namespace

void write_times_seen(const std::filesystem::path& target, const forest::ForestCells& forest,
                      const forest::Coverage& coverage, const MapOptions& options,
                      const Execution& execution) {
    auto raster_spec =
        spec(raster::CellType::count,
             words(options.language, "可见摄像头数", "cameras that see the forest"), options);
    raster_spec.classes = times_classes(
        *std::max_element(coverage.times.begin(), coverage.times.end()), options.language);
    raster::Writer writer{target, forest.grid(), raster_spec};
    raster::copy(*forest::times_seen(forest, coverage.times), writer, execution, "count");
    writer.commit();
}

void write_seen(const std::filesystem::path& target, const forest::ForestCells& forest,
                const forest::Coverage& coverage, const MapOptions& options,
                const Execution& execution) {
    auto raster_spec =
        spec(raster::CellType::mask, words(options.language, "可见森林", "forest seen"), options);
    raster_spec.classes = class_entries(style("seen"), options.language);
    raster::Writer writer{target, forest.grid(), raster_spec};
    const auto seen = raster::mapped(forest::times_seen(forest, coverage.times),
                                     [](double times) { return times > 0 ? 1.0 : 0.0; });
    raster::copy(*seen, writer, execution, "seen");
    writer.commit();
}

void write_coverage(const std::filesystem::path& target, const forest::CoverageStudy& study,
                    const forest::ForestCells& forest, const MapOptions& options,
                    const Execution& execution) {
    Package package;
    const auto& first = study.heights.front();
    const Crs& crs = forest.grid().crs;
    package.add(forest::camera_layer(forest::SiteKind::camera, study.cameras, first.cameras, crs,
                                     options.language),
                symbology(symbol("camera"), "id"));
    add_units(package, study.layers, first, nullptr, crs, options.language);
    package.add(
        forest::blind_layer(forest, first, options.least_blind_m2, options.language, execution),
        symbology(symbol("blind_forest")));
    package.write(target);
}

namespace {

/// The curve of a plan as SVG.
std::string plan_curve(const forest::PlanStudy& study, Language language) {
    std::vector<Point> points;
    for (const auto& point : study.plan.curve)
        points.push_back({static_cast<double>(point.sites), point.share});
    const auto& aim = study.plan.aim;
    const double goal = aim.kind == siting::AimKind::goal ? aim.amount : 0;
    if (study.kind == forest::SiteKind::camera)
        return curve_svg(
            points, goal,
            {words(language, "新增摄像头与林区覆盖率", "New cameras and the forest they see"),
             words(language, "新增摄像头数", "new cameras"),
             words(language, "林区覆盖率", "forest seen")});
    return curve_svg(points, goal,
                     {words(language, "新增水源点与可供水森林",
                            "New water points and the forest in their reach"),
                      words(language, "新增水源点数", "new water points"),
                      words(language, "可供水森林占比", "forest in reach")});
}

} // namespace

std::vector<std::filesystem::path> plan_files(const std::filesystem::path& target) {
    return beside(target, {".gpkg", "_count.tif", "_curve.csv", "_curve.svg"});
}

void write_plan(const std::filesystem::path& target, const forest::PlanStudy& study,
                const forest::ForestCells& forest, const MapOptions& options,
                const Execution& execution) {
    Package package;
    const auto& plan = study.plan;
    const bool camera = study.kind == forest::SiteKind::camera;
    const Crs& crs = forest.grid().crs;
    package.add(forest::site_layer(study, crs, options.language),
                symbology(symbol(camera ? "camera_new" : "water_new"), "rank"));
    package.add(forest::camera_layer(study.kind, study.existing, plan.before.cameras, crs,
                                     options.language),
                symbology(symbol(camera ? "camera" : "water")));
    add_units(package, study.layers, plan.after, &plan.before, crs, options.language);
    package.add(forest::blind_layer(forest, plan.after, options.least_blind_m2, options.language,
                                    execution),
                symbology(symbol("blind_forest")));
    const auto files = plan_files(target);
    package.write(files[0]);
    write_times_seen(files[1], forest, plan.after, options, execution);
    vector::write_csv(files[2], forest::curve_table(study));
    write_file(files[3], plan_curve(study, options.language));
}

void write_townships(const std::filesystem::path& target, const forest::TownshipStudy& study,
                     const forest::UnitLayer& units, const Crs& crs, Language language) {
    const auto layer = forest::township_layer(study, units, crs, language);
    if (target.extension() != ".gpkg")
        return vector::write_layer(target, layer);
    Package package;
    package.add(layer, polygon_symbology(style("risk"), "level", language));
    package.write(target);
}

} // namespace riskmap::atlas
