// SPDX-License-Identifier: MIT
#include "work.hpp"

#include <cmath>

#include <fmt/format.h>

#include <riskmap/project/run.hpp>

namespace riskmap::project {

namespace fs = std::filesystem;

std::string Work::map_id(const Hazard& hazard, std::size_t map) {
    return "hazard-" + hazard.id +
           (hazard.maps.size() == 1 ? "" : fmt::format("-{:g}", hazard.maps[map].return_period));
}

std::string Work::shown(const fs::path& path) const {
    if (path.empty())
        return {};
    return path.lexically_relative(fs::absolute(project.file).parent_path()).string();
}

std::vector<fs::path> Work::area_files() const {
    std::vector<fs::path> files;
    for (const auto* source : {&project.cities, &project.counties, &project.townships})
        if (!source->file.empty() &&
            std::find(files.begin(), files.end(), source->file) == files.end())
            files.push_back(source->file);
    return files;
}

std::string Work::title(const Words& words, bool modelled) const {
    const bool zh = language() == Language::zh;
    return words.in(language()) + (modelled ? (zh ? "（模拟）" : " (modelled)") : "");
}

std::string Work::modelled_layers() const {
    std::string all;
    const auto add = [&](const std::string& name, bool modelled) {
        if (modelled)
            all += (all.empty() ? "" : ", ") + name;
    };
    for (const auto& hazard : project.hazards)
        add(hazard.title.in(language()), hazard.modelled);
    for (const auto& exposure : project.exposures)
        add(exposure.title.in(language()), exposure.modelled);
    const bool zh = language() == Language::zh;
    add(zh ? "脆弱性" : "vulnerability", project.vulnerability.modelled);
    add(zh ? "减灾能力" : "capacity", project.capacity.modelled);
    add(zh ? "森林" : "forest", !project.forest.file.empty() && project.forest.modelled);
    add(zh ? "避难场所" : "shelters", project.shelters.present && project.shelters.modelled);
    return all;
}

std::map<std::string, std::string> Work::provenance(const std::string& product) const {
    std::map<std::string, std::string> tags{{"product", product},
                                            {"program", "riskmap " + version()},
                                            {"project", project.id},
                                            {"provenance", "run.json"}};
    if (const auto modelled = modelled_layers(); !modelled.empty())
        tags["modelled_layers"] = modelled;
    return tags;
}

raster::RasterSpec plain_spec(raster::CellType type) {
    raster::RasterSpec spec;
    spec.type = type;
    return spec;
}

Json to_json(const Work& work, const zonal::StackLayer& layer) {
    Json json{{"file", work.shown(layer.file)},
              {"layer", layer.layer},
              {"field", layer.field},
              {"measure", layer.measure},
              {"classes", layer.classes}};
    json["kind"] = layer.kind ? Json(raster::name_of(*layer.kind)) : Json();
    json["where_nodata"] = layer.where_nodata ? Json(*layer.where_nodata) : Json();
    json["downscale_by"] = work.shown(layer.downscale_by);
    for (const auto& pair : layer.class_weights)
        json["class_weights"].push_back({pair.x, pair.y});
    return json;
}

Json to_json(const Work& work, const Hazard& hazard) {
    Json json{{"id", hazard.id},
              {"title", hazard.title.zh},
              {"title_en", hazard.title.en},
              {"normalise", hazard.normalise},
              {"direction", hazard.direction},
              {"curve", hazard.curve.ends_with(".csv") ? work.shown(hazard.curve) : hazard.curve},
              {"weight", hazard.weight},
              {"modelled", hazard.modelled}};
    for (const auto& map : hazard.maps) {
        auto entry = to_json(work, map.source);
        entry["return_period"] = map.return_period;
        json["maps"].push_back(entry);
    }
    return json;
}

Json to_json(const Work& work, const Exposure& exposure) {
    return {{"id", exposure.id},
            {"title", exposure.title.zh},
            {"title_en", exposure.title.en},
            {"unit", exposure.unit},
            {"source", to_json(work, exposure.source)},
            {"normalise", exposure.normalise},
            {"weight", exposure.weight},
            {"people", exposure.people},
            {"modelled", exposure.modelled}};
}

Json to_json(const Work& work, const IndicatorTable& table) {
    Json json{{"file", work.shown(table.file)},
              {"layer", table.layer},
              {"code_field", table.code_field},
              {"weights", table.weights},
              {"ahp", table.ahp},
              {"range", table.range},
              {"breaks", table.breaks},
              {"modelled", table.modelled}};
    for (const auto& indicator : table.indicators)
        json["indicators"].push_back({{"field", indicator.field},
                                      {"direction", indicator.direction},
                                      {"normalise", indicator.normalise},
                                      {"weight", indicator.weight}});
    return json;
}

Json to_json(const Work& work, const WeightRules& weights) {
    return {{"hazards", weights.hazards},
            {"combine_with", weights.combine_with},
            {"ahp", weights.ahp},
            {"force", weights.force},
            {"least", weights.least},
            {"losses", work.shown(weights.losses)},
            {"losses_hazard_field", weights.losses_hazard_field},
            {"losses_amount_field", weights.losses_amount_field}};
}

namespace {

Json layer_json(const Work& work, const shelter::LayerName& name) {
    return {{"file", work.shown(name.file)}, {"layer", name.layer}};
}

Json rules_json(const Work& work, const std::vector<shelter::MoveRule>& rules) {
    Json json = Json::array();
    for (const auto& rule : rules)
        json.push_back({{"file", work.shown(rule.file)}, {"above", rule.above}});
    return json;
}

} // namespace

Json to_json(const Work& work, const ShelterRules& shelters) {
    const auto& scene = shelters.scene;
    const auto& roads = scene.roads;
    const auto& suitability = scene.suitability;
    const auto& plan = shelters.plan;
    Json json{{"people",
               {{"file", work.shown(scene.people.file)},
                {"layer", scene.people.layer},
                {"field", scene.people.field}}},
              {"movers", rules_json(work, scene.movers)},
              {"limit", scene.limit.text()},
              {"existing", layer_json(work, scene.existing)},
              {"candidates", layer_json(work, scene.candidates)},
              {"area_per_person", scene.fields.area_per_person}};
    json["suitability"] = {{"flood", work.shown(suitability.flood)},
                           {"flood_above", suitability.flood_above},
                           {"landslide", work.shown(suitability.landslide)},
                           {"landslide_from", suitability.landslide_from},
                           {"heights", work.shown(suitability.heights)},
                           {"slope_above", suitability.slope_above},
                           {"least_area", suitability.least_area},
                           {"plants", layer_json(work, scene.plants)},
                           {"plant_distance", suitability.plant_distance},
                           {"any", scene.any_site}};
    json["roads"] = {{"layer", layer_json(work, roads.roads)},
                     {"by", static_cast<int>(roads.mode)},
                     {"walk_kmh", roads.walk_kmh},
                     {"drive_kmh", roads.drive_kmh},
                     {"heights", work.shown(roads.heights)},
                     {"snap", roads.snap},
                     {"access", roads.access},
                     {"factor", roads.factor}};
    json["plan"] = {{"model", plan.model},
                    {"sites", plan.sites.value_or(0)},
                    {"budget", plan.budget.value_or(0)},
                    {"quotas", work.shown(shelters.quotas)},
                    {"capacities", plan.capacities},
                    {"backup", plan.backup},
                    {"forced", plan.forced},
                    {"forbidden", plan.forbidden},
                    {"seed", plan.limits.seed}};
    json["bands"] = Json::array();
    for (const auto& band : shelters.bands)
        json["bands"].push_back(band.text());
    json["closed_by"] = shelters.closed_by;
    json["goals"] = Json::object();
    for (const auto& [name, layer] : shelters.goals)
        json["goals"][name] = layer_json(work, layer);
    return json;
}

Step city_step(const WorkPtr& work, const char* id, const char* title,
               void (*write)(const Work&, StepReport&, const Execution&)) {
    Step step;
    step.id = id;
    step.title = title;
    step.inputs = work->area_files();
    step.parameters = {{"areas", area_json(*work)},
                       {"project", work->project.id},
                       {"formats", work->project.output.formats},
                       {"modelled", work->modelled_layers()}};
    step.work = [work, write](const Execution& execution) {
        StepReport report;
        write(*work, report, execution);
        return report;
    };
    return step;
}

std::filesystem::path city_folder(const Work& work, const char* several) {
    return work.out /
           (work.areas.cities.size() == 1 ? safe_file_name(work.areas.cities[0].code) : several);
}

vector::Layer as_layer(const std::string& name, const std::vector<Area>& areas, const Crs& crs) {
    vector::Layer layer{name, crs, {{"unit", vector::FieldType::text}}, {}};
    for (const auto& area : areas)
        layer.features.push_back({{area.code + " " + area.name}, {{}, {}, area.shape}});
    return layer;
}

Json to_json(const Work& work, const ForestRules& forest) {
    const auto layer = [&](const LayerRef& ref) {
        return Json{{"file", work.shown(ref.file)}, {"layer", ref.layer}};
    };
    return {{"file", work.shown(forest.file)},
            {"classes", forest.classes},
            {"layer", forest.layer},
            {"height", work.shown(forest.height)},
            {"canopy", work.shown(forest.canopy)},
            {"refraction", forest.refraction},
            {"targets", forest.targets},
            {"cameras", layer(forest.cameras)},
            {"mast", forest.mast},
            {"range", forest.range},
            {"candidates", layer(forest.candidates)},
            {"most_candidates", forest.most_candidates},
            {"spacing", forest.spacing},
            {"roads", layer(forest.roads)},
            {"road_distance", forest.road_distance},
            {"goal", forest.goal},
            {"sites", forest.sites},
            {"budget", forest.budget},
            {"cheapest", forest.cheapest},
            {"fires", layer(forest.fires)},
            {"burnt_field", forest.burnt_field},
            {"date_field", forest.date_field},
            {"danger", work.shown(forest.danger)},
            {"edge", forest.edge},
            {"years", forest.years},
            {"weights", forest.weights},
            {"water", forest.water},
            {"water_points", layer(forest.water_points)},
            {"shores", forest.shores},
            {"water_distance", forest.water_distance},
            {"water_lift", forest.water_lift},
            {"water_spacing", forest.water_spacing},
            {"water_sites", forest.water_sites}};
}

Json to_json(const AtlasRules& atlas) {
    return {{"sheets", atlas.sheets},
            {"web", atlas.web},
            {"report", atlas.report},
            {"formats", atlas.formats},
            {"paper", atlas.paper},
            {"dpi", atlas.dpi},
            {"source", atlas.source},
            {"date", atlas.date},
            {"maker", atlas.maker},
            {"secrecy", atlas.secrecy},
            {"height_datum", atlas.height_datum},
            {"neighbours", atlas.neighbours.file.filename().string()}};
}

Json to_json(const LevelRules& levels) {
    return {{"method", levels.method},
            {"zeros_apart", levels.zeros_apart},
            {"counties", levels.own_in_counties ? "own" : "city"},
            {"units", levels.units}};
}

Json to_json(const Work& work, const ZoningRules& zoning) {
    return {{"method", zoning.method},
            {"k", zoning.k},
            {"most", zoning.most},
            {"floor", zoning.floor},
            {"floor_value", zoning.floor_value},
            {"height", work.shown(zoning.height)},
            {"border_tolerance", zoning.border_tolerance},
            {"least_share", zoning.least_share},
            {"sieve_km2", zoning.sieve_km2},
            {"simplify_cells", zoning.simplify_cells}};
}

Json to_json(const Work& work, const PreventionRules& prevention) {
    Json json{{"matrix", prevention.matrix}, {"measures", work.shown(prevention.measures)}};
    for (const auto& rule : prevention.overrides)
        json["override"].push_back({{"hazard", rule.hazard},
                                    {"level", rule.level},
                                    {"people", rule.people},
                                    {"class", std::string(1, rule.prevention)}});
    return json;
}

Json grid_json(const Work& work) {
    const auto& grid = work.grid;
    return {{"crs", grid.crs.name()},
            {"cell_size", grid.cell_width},
            {"left", grid.left},
            {"top", grid.top},
            {"columns", grid.columns},
            {"rows", grid.rows},
            {"valid_share", work.project.valid_share}};
}

Json area_json(const Work& work) {
    const auto layer = [&](const AreaLayer& source) -> Json {
        return {{"file", work.shown(source.file)},
                {"layer", source.layer},
                {"code_field", source.code_field},
                {"name_field", source.name_field},
                {"parent_field", source.parent_field}};
    };
    const auto& project = work.project;
    Json city = layer(project.cities);
    city["code"] = project.city_code;
    city["name"] = project.city_name.zh;
    city["name_en"] = project.city_name.en;
    return {{"city", city},
            {"counties", layer(project.counties)},
            {"townships", layer(project.townships)},
            {"language", project.language == Language::zh ? "zh" : "en"}};
}

} // namespace riskmap::project
