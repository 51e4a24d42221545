// SPDX-License-Identifier: MIT
// The sections [shelter] and [shelter.*] of a project file.
#include "shelter_rules.hpp"

#include <fmt/format.h>

#include <riskmap/core/table.hpp>
#include <riskmap/shelter/reach_map.hpp>

namespace riskmap::project {

namespace {

/// "flood.tif:0.5", the file inside the project's folder.
shelter::MoveRule read_mover(const SectionReader& section, const std::string& text) {
    shelter::MoveRule rule;
    try {
        rule = shelter::MoveRule::parse(text);
    } catch (const Error& error) {
        throw section.error(error.what(), error.hint(), "movers");
    }
    rule.source.file = section.source_of(rule.source.file.string(), "movers").file;
    return rule;
}

void read_suitability(const CheckedFile& file, shelter::SceneSource& scene) {
    const auto section = file.section("shelter.suitability");
    auto& rules = scene.suitability;
    rules.flood = section.source("flood");
    rules.flood_above = section.number("flood_above");
    rules.landslide = section.source("landslide");
    rules.landslide_from = section.number("landslide_from");
    rules.heights = section.source("height");
    rules.slope_above = section.number("slope_above");
    rules.least_area = section.number("least_area");
    scene.plants = section.source("plants");
    rules.plant_distance = section.number("plant_distance");
    scene.any_site = section.flag("any");
}

void read_ways(const CheckedFile& file, shelter::RoadSource& roads) {
    const auto section = file.section("shelter.roads");
    roads.roads = section.source("file");
    roads.mode = row_named(network::modes(), section.text("by"), "way of going").mode;
    roads.walk_kmh = section.positive("walk_speed");
    roads.drive_kmh = section.positive("drive_speed");
    roads.heights = section.source("height");
    roads.snap = section.number("snap");
    roads.access = section.positive("access");
    roads.factor = section.positive("factor");
}

void read_shelter_plan(const CheckedFile& file, ShelterRules& shelters) {
    const auto section = file.section("shelter.plan");
    auto& plan = shelters.plan;
    const int sites = section.whole("sites");
    const double budget = section.number("budget");
    plan.model = section.text("model");
    if (sites < 0 || budget < 0 || (sites == 0 && budget == 0 && plan.model != "lscp"))
        throw section.error("neither a number of sites nor a budget is above 0", "", "sites");
    if (sites > 0)
        plan.sites = static_cast<std::size_t>(sites);
    if (budget > 0)
        plan.budget = budget;
    shelters.quotas = section.source("quota");
    plan.capacities = section.flag("capacities");
    plan.backup = section.number("backup");
    plan.forced = section.texts("forced");
    plan.forbidden = section.texts("forbidden");
    plan.limits.seed = static_cast<std::uint64_t>(section.long_whole("seed"));
}

void read_isolation(const CheckedFile& file, ShelterRules& shelters) {
    const auto section = file.section("shelter.isolation");
    if (!section.present())
        return;
    if (shelters.scene.roads.roads.empty())
        throw section.error("isolation needs roads", "name them in [shelter.roads]");
    shelters.closed_by = section.texts("closed_by");
    if (shelters.closed_by.empty())
        throw section.error("no road is closed", "name fields of the roads", "closed_by");
    const auto add = [&](const char* name, const spec::Source& layer) {
        if (!layer.empty())
            shelters.goals.emplace_back(name, layer);
    };
    add("shelter", shelters.scene.existing);
    add("hospital", section.source("hospitals"));
    add("seat", section.source("seats"));
}

} // namespace

void read_shelters(const CheckedFile& file, Project& project) {
    const auto section = file.section("shelter");
    auto& shelters = project.shelters;
    shelters.present = section.present();
    if (!shelters.present)
        return;
    auto& scene = shelters.scene;
    scene.people = {section.source("people"), section.text("people_field")};
    for (const auto& text : section.texts("movers"))
        scene.movers.push_back(read_mover(section, text));
    const auto parsed = [](const SectionReader& at, const char* key, auto parse) {
        try {
            return parse(at.text(key));
        } catch (const Error& error) {
            throw at.error(error.what(), error.hint(), key);
        }
    };
    scene.limit = parsed(section, "limit", &shelter::Limit::parse);
    scene.area_per_person = row_named(shelter::stays(), section.text("stay"), "stay").area;
    shelters.modelled = section.flag("modelled");
    scene.existing = file.section("shelter.existing").source("file");
    scene.candidates = file.section("shelter.candidates").source("file");
    read_suitability(file, scene);
    read_ways(file, scene.roads);
    read_shelter_plan(file, shelters);
    const auto reach = file.section("shelter.reach");
    if (!reach.text("bands").empty())
        shelters.bands = parsed(reach, "bands", &shelter::parse_bands);
    read_isolation(file, shelters);
}

} // namespace riskmap::project
