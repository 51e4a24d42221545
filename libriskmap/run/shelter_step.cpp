// SPDX-License-Identifier: MIT
// Steps: who reaches a shelter and where the next go, how far it is, who is cut off.
#include <cmath>

#include <fmt/format.h>

#include <riskmap/atlas/shelter_maps.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/shelter/report.hpp>

#include "layers.hpp"
#include "work.hpp"

namespace riskmap::run {

namespace {

namespace fs = std::filesystem;

constexpr const char* own_folder = "shelters";

shelter::Scene open(const Work& work, StepReport& report, const Execution& execution) {
    std::vector<spec::Door::Areas> units;
    for (const auto& [name, level] :
         {std::pair{"townships", &work.areas.townships},
          std::pair{"counties", &work.areas.counties}, std::pair{"cities", &work.areas.cities}})
        units.push_back({as_layer(name, *level, work.areas.crs), "unit"});
    auto scene = shelter::open_scene(work.project.shelters.scene, units, report.door, execution);
    report.warnings.insert(report.warnings.end(), scene.remarks.begin(), scene.remarks.end());
    return scene;
}

void write_shelters(const Work& work, StepReport& report, const Execution& execution) {
    const auto scene = open(work, report, execution);
    const auto folder = city_folder(work, own_folder);
    auto rules = work.project.shelters.plan;
    if (!work.project.shelters.quotas.empty())
        rules.quotas = shelter::read_quotas(work.project.shelters.quotas, report.door);
    const auto plan = shelter::plan_shelters(scene, rules, execution);
    if (!plan.shortfall.empty())
        report.warnings.push_back(plan.shortfall);
    atlas::write_evaluation(folder / "shelters_today.gpkg", scene, plan.before, work.language());
    write_file(folder / "shelters_today.json",
               shelter::evaluation_json(scene, plan.before, plan.calm));
    atlas::write_shelter_plan(folder / "shelter_plan.gpkg", scene, plan, work.language());
    write_file(folder / "shelter_plan.json", shelter::plan_json(scene, plan));
    report.facts["people"] = plan.before.all.people;
    report.facts["share_calm"] = plan.calm.share();
    report.facts["unsuitable"] = scene.existing.size() - shelter::existing_sites(scene).size();
    report.facts["share_before"] = plan.before.all.share();
    report.facts["share_after"] = plan.after.all.share();
    report.facts["new_sites"] = plan.sites.size();
    report.facts["cost"] = plan.sites.empty() || std::isnan(plan.sites.back().cost)
                               ? Json()
                               : Json(plan.sites.back().cost);
    report.facts["bound"] = plan.answer.bound;
    report.facts["gap"] = plan.answer.gap;
    report.facts["status"] = plan.answer.optimal ? "optimal" : "feasible";
}

/// Sites of the plan, as the step before has written them, and those that exist and serve.
std::vector<Point> all_sites(const Work& work, const Crs& crs, spec::Door& door) {
    const auto plan = city_folder(work, own_folder) / "shelter_plan.gpkg";
    const auto& existing = work.project.shelters.scene.existing;
    if (std::error_code ignored; !fs::exists(plan, ignored)) // the plan has no answer
        return existing.empty()
                   ? std::vector<Point>{}
                   : door.table(existing, "shelters", spec::Shapes::points).places(crs);
    std::vector<Point> places;
    spec::Door own; // a product has nothing to tell
    for (const char* layer : {"existing", "sites"}) {
        spec::Source source{plan};
        source.layer = layer;
        auto table = own.table(source, spec::any_layer(), spec::Shapes::points);
        const auto at = table.places(crs);
        const bool judged = source.layer == "existing";
        const auto faults = judged ? table.layer().field("fault") : 0;
        for (std::size_t row = 0; row < at.size(); ++row)
            if (!judged || vector::text_of(table.layer().features[row].values[faults]).empty())
                places.push_back(at[row]);
    }
    return places;
}

void write_reach(const Work& work, StepReport& report, const Execution& execution) {
    const auto& rules = work.project.shelters;
    const Crs crs = metric_crs(work.grid.crs, work.grid.extent());
    std::vector<std::string> remarks; // the plan's step has said them, and what was read
    spec::Door unheard{work.fingerprints};
    const auto distances =
        shelter::open_ways(rules.scene.roads, rules.bands.back(), crs, remarks, unheard, execution)
            .now;
    const std::shared_ptr<const shelter::SiteFinder> finder =
        distances->finder(all_sites(work, crs, unheard), execution);
    const auto ways = shelter::reach_source(work.grid, crs, finder, rules.bands.back());
    const auto folder = city_folder(work, own_folder);
    atlas::write_reach(folder / "shelter_reach.tif", *ways, rules.bands.back(), work.language(),
                       work.provenance("shelter_reach"), execution);
    auto opened = shelter::read_people(rules.scene.people, unheard, execution);
    shelter::carry(opened.people, opened.crs, crs);
    const auto people = shelter::people_by_band(opened.people, *finder, rules.bands, execution);
    const auto bands = shelter::band_source(work.open(folder / "shelter_reach.tif"), rules.bands);
    atlas::write_reach_areas(
        folder / "shelter_reach.gpkg",
        shelter::area_layer(*bands, rules.bands, people, work.language(), execution),
        work.language());
    for (std::size_t b = 0; b < people.size(); ++b)
        report.facts["people"][rules.bands[b].text()] = people[b];
    report.door.add_opened(unheard);
}

void write_isolation(const Work& work, StepReport& report, const Execution& execution) {
    const auto& rules = work.project.shelters;
    const shelter::IsolationSource source{rules.scene.people, rules.scene.roads, rules.goals};
    const auto study = shelter::study_isolation(source, report.door, execution);
    auto units = shelter::Units::of(as_layer("townships", work.areas.townships, work.areas.crs),
                                    "unit", study.crs);
    units.of_people = units.locate(study.settlements.places);
    const auto folder = city_folder(work, own_folder);
    atlas::write_isolation(folder / "isolation.gpkg", study, work.language());
    write_file(folder / "isolation.json", shelter::isolation_json(study, {units}));
    const auto all = shelter::count_cut_off(study.settlements, study.isolation, nullptr)[0];
    report.facts["people_cut_off"] = all.cut_off;
    report.facts["settlements_cut_off"] = all.settlements_cut_off;
}

Step shelter_step(const WorkPtr& work, const char* id, const char* title,
                  void (*write)(const Work&, StepReport&, const Execution&)) {
    auto step = city_step(work, id, title, write);
    step.go_by(work->chosen({"shelter", "scenario"}));
    return step;
}

} // namespace

std::vector<Step> shelter_steps(const WorkPtr& work) {
    const auto& rules = work->project.shelters;
    if (!rules.present)
        return {};
    const auto folder = city_folder(*work, own_folder);
    std::vector<Step> steps;
    auto plan = shelter_step(work, "shelters", "who reaches a shelter, and where the next go",
                             &write_shelters);
    plan.makes = atlas::shelter_plan_files(folder / "shelter_plan.gpkg");
    for (const char* name : {"shelters_today.gpkg", "shelters_today.json", "shelter_plan.json"})
        plan.makes.push_back(folder / name);
    steps.push_back(std::move(plan));
    if (!rules.goals.empty()) {
        auto isolation = shelter_step(work, "isolation", "settlements cut off by closed roads",
                                      &write_isolation);
        isolation.makes = {folder / "isolation.gpkg", folder / "isolation.json"};
        steps.push_back(std::move(isolation));
    }
    return steps;
}

std::vector<Step> reach_steps(const WorkPtr& work) {
    const auto& rules = work->project.shelters;
    if (!rules.present || rules.bands.empty())
        return {};
    const auto folder = city_folder(*work, own_folder);
    auto step = shelter_step(work, "reach", "the way to the nearest shelter", &write_reach);
    step.needs.push_back(folder / "shelter_plan.gpkg");
    step.go_by(work->common_settings());
    step.makes = {folder / "shelter_reach.tif", folder / "shelter_reach.qml",
                  folder / "shelter_reach.gpkg"};
    return {std::move(step)};
}

} // namespace riskmap::run
