// SPDX-License-Identifier: MIT
#include <riskmap/atlas/shelter_maps.hpp>

#include <riskmap/atlas/curve.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/raster/cells.hpp>
#include <riskmap/shelter/report.hpp>

#include "package.hpp"

namespace riskmap::atlas {

namespace {

void add_units(Package& package, const shelter::Scene& scene, const shelter::Evaluation& now,
               const shelter::Evaluation* before, Language language) {
    const auto symbology = polygon_symbology(style("served"), "level", language);
    for (std::size_t l = 0; l < scene.units.size(); ++l)
        package.add(shelter::unit_layer(scene, l, now, before, language), symbology);
}

std::string curve_of(const shelter::Scene& scene, const shelter::Plan& plan, Language language) {
    const double all = plan.before.all.people;
    std::vector<Point> points{{0, plan.before.all.served / all}};
    for (const auto& site : plan.sites)
        points.push_back({static_cast<double>(points.size()), site.so_far / all});
    const auto limit = scene.limit.text();
    return curve_svg(points, 0,
                     {words(language, "新增避难场所与覆盖人口", "New shelters and people served"),
                      words(language, "新增避难场所数", "new shelters"),
                      language == Language::zh ? limit + "内人口占比" : "people within " + limit});
}

} // namespace

void write_evaluation(const std::filesystem::path& target, const shelter::Scene& scene,
                      const shelter::Evaluation& evaluation, Language language) {
    Package package;
    package.add(shelter::existing_layer(scene, evaluation, language), symbology(symbol("shelter")));
    add_units(package, scene, evaluation, nullptr, language);
    const bool cells = scene.people.ids.empty();
    package.add(shelter::people_layer(scene, evaluation, cells, language),
                symbology(symbol("people")));
    if (!cells)
        package.add(shelter::placement_layer(scene, evaluation, language),
                    symbology(symbol("placement")));
    package.write(target);
}

std::vector<std::filesystem::path> shelter_plan_files(const std::filesystem::path& target) {
    return beside(target, {".gpkg", "_curve.csv", "_curve.svg"});
}

void write_shelter_plan(const std::filesystem::path& target, const shelter::Scene& scene,
                        const shelter::Plan& plan, Language language) {
    Package package;
    package.add(shelter::site_layer(scene, plan, language),
                symbology(symbol("shelter_new"), "rank"));
    package.add(shelter::existing_layer(scene, plan.after, language), symbology(symbol("shelter")));
    package.add(shelter::excluded_layer(scene, language), symbology(symbol("shelter_excluded")));
    add_units(package, scene, plan.after, &plan.before, language);
    package.add(shelter::people_layer(scene, plan.after, true, language),
                symbology(symbol("people")));
    if (!scene.people.ids.empty())
        package.add(shelter::placement_layer(scene, plan.after, language),
                    symbology(symbol("placement")));
    const auto files = shelter_plan_files(target);
    package.write(files[0]);
    vector::write_csv(files[1], shelter::curve_table(scene, plan));
    write_file(files[2], curve_of(scene, plan, language));
}

void write_reach(const std::filesystem::path& target, const raster::Source& reach,
                 const shelter::Limit& limit, Language language,
                 const std::map<std::string, std::string>& metadata, const Execution& execution) {
    raster::RasterSpec spec;
    spec.type = raster::CellType::float32;
    spec.layout = raster::Layout::cloud_optimized;
    spec.description =
        limit.minutes ? words(language, "至最近避难场所（分钟）", "way to the nearest site (min)")
                      : words(language, "至最近避难场所（米）", "way to the nearest site (m)");
    spec.metadata = metadata;
    raster::Writer writer{target, reach.grid(), spec};
    raster::copy(reach, writer, execution, "reach");
    writer.commit();
    auto sidecar = target;
    sidecar.replace_extension(".qml");
    write_file(sidecar, qml(surface_symbology(style("surface"), 0,
                                              limit.amount / (limit.minutes ? 60 : 1))));
}

void write_reach_areas(const std::filesystem::path& target, const vector::Layer& areas,
                       Language language) {
    if (target.extension() != ".gpkg")
        return vector::write_layer(target, areas);
    Package package;
    package.add(areas, polygon_symbology(style("reach"), "level", language));
    package.write(target);
}

void write_isolation(const std::filesystem::path& target, const shelter::IsolationStudy& study,
                     Language language) {
    Package package;
    package.add(shelter::settlement_layer(study, language),
                point_symbology(style("cut_off"), "state", symbol("settlement"), language));
    package.add(shelter::closed_road_layer(study, language), symbology(symbol("closed_road")));
    package.write(target);
}

} // namespace riskmap::atlas
