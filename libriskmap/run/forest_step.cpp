// SPDX-License-Identifier: MIT
// Steps: what cameras see of the forest and where new ones go, key townships, fire water.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/atlas/camera_maps.hpp>
#include <riskmap/core/error.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/forest/area.hpp>
#include <riskmap/forest/candidates.hpp>
#include <riskmap/forest/ground.hpp>
#include <riskmap/forest/water.hpp>
#include <riskmap/raster/align.hpp>
#include <riskmap/raster/breaks.hpp>

#include "layers.hpp"
#include "work.hpp"

namespace riskmap::run {

namespace {

namespace fs = std::filesystem;

fs::path forest_folder(const Work& work) {
    return city_folder(work, "forest");
}

/// Heights, forest and areas, ready to be looked at.
class ForestWork {
  public:
    ForestWork(const Work& work, StepReport& report, const Execution& execution)
        : m_work{work}, m_rules{work.project.forest}, m_report{report},
          m_execution{execution}, m_heights{report.door.raster(m_rules.height, "m").reader()} {
        visibility::require_metric(m_heights->grid());
        if (!m_rules.canopy.empty())
            m_canopy = raster::aligned(report.door.raster(m_rules.canopy, "m").reader(),
                                       m_heights->grid(), {raster::Kind::continuous, 0.5});
        m_forest = forest::open_forest(m_rules, m_heights->grid(), report.door, execution);
        for (auto& remark : m_forest.remarks)
            m_report.warnings.push_back(std::move(remark));
        const auto cities = vector::transformed(
            as_layer("cities", work.areas.cities, work.areas.crs), m_heights->grid().crs);
        std::vector<MultiPolygon> shapes;
        for (const auto& feature : cities.features)
            shapes.push_back(feature.shape.polygons);
        m_area = std::make_unique<forest::Area>(std::move(shapes), m_rules.margin);
        m_cells = std::make_unique<forest::ForestCells>(*m_area->forest(m_forest.share, execution),
                                                        execution);
    }

    [[nodiscard]] forest::Scene scene() const { return {*m_heights, m_canopy.get(), *m_cells}; }
    [[nodiscard]] const forest::ForestCells& cells() const { return *m_cells; }
    [[nodiscard]] const Grid& grid() const { return m_heights->grid(); }

    [[nodiscard]] std::vector<forest::UnitLayer> units() const {
        const auto& areas = m_work.areas;
        std::vector<forest::UnitLayer> layers;
        for (const auto& [name, level] :
             {std::pair{"townships", &areas.townships}, std::pair{"counties", &areas.counties},
              std::pair{"cities", &areas.cities}})
            layers.push_back(forest::unit_layer(as_layer(name, *level, areas.crs), "unit", *m_cells,
                                                m_execution));
        return layers;
    }
    [[nodiscard]] std::vector<forest::Camera> cameras(const LayerRef& ref, const char* prefix) {
        if (ref.empty())
            return {};
        auto table = m_report.door.table(ref, "cameras", spec::Shapes::points);
        auto cameras = forest::cameras_of(table, grid().crs,
                                          {m_rules.mast, m_rules.range, raster::nodata}, prefix);
        leave_groundless(cameras, ref);
        return cameras;
    }
    [[nodiscard]] std::vector<forest::Camera> water_points(const LayerRef& ref) {
        if (ref.empty())
            return {};
        auto table = m_report.door.table(ref, "water_points", spec::Shapes::points);
        auto points = forest::water_points_of(table, grid().crs, raster::nodata);
        leave_groundless(points, ref);
        return points;
    }
    [[nodiscard]] const forest::Area& area() const { return *m_area; }
    /// What stands outside the area is no place to build.
    void keep_within(std::vector<forest::Camera>& sites, const LayerRef& ref) {
        if (auto remark = m_area->keep_within(sites, ref.layer); !remark.empty())
            m_report.warnings.push_back(std::move(remark));
    }
    [[nodiscard]] visibility::Sight sight(double target) const {
        return {target, m_rules.refraction};
    }
    void tell_ground(const forest::UnitLayer& units) {
        auto gaps = forest::cover_remark(m_forest, units, m_execution);
        if (!gaps.empty())
            m_report.warnings.push_back(std::move(gaps));
        for (auto& remark : forest::ground_remarks(scene(), m_execution))
            m_report.warnings.push_back(std::move(remark));
    }
    void tell_across(const std::vector<forest::Camera>& cameras, const visibility::Sight& sight,
                     std::span<const siting::DemandSet> views = {}) {
        if (auto remark = forest::seen_across(cameras, scene(), sight, m_execution, views).remark();
            !remark.empty())
            m_report.warnings.push_back(std::move(remark));
    }
    [[nodiscard]] atlas::MapOptions map_options(const std::string& product) const {
        atlas::MapOptions options;
        options.language = m_work.language();
        options.metadata = m_work.provenance(product);
        return options;
    }

  private:
    void leave_groundless(std::vector<forest::Camera>& cameras, const LayerRef& ref) {
        if (const auto dropped = forest::drop_groundless(cameras, *m_heights); !dropped.empty())
            m_report.warnings.push_back(forest::groundless_remark(dropped, ref.layer));
    }

    const Work& m_work;
    const ForestRules& m_rules;
    StepReport& m_report;
    const Execution& m_execution;
    std::shared_ptr<const raster::Reader> m_heights;
    std::shared_ptr<const raster::Source> m_canopy;
    forest::OpenedForest m_forest;
    std::unique_ptr<forest::Area> m_area;
    std::unique_ptr<forest::ForestCells> m_cells;
};

forest::CoverageStudy study_coverage(ForestWork& ground, const ForestRules& rules,
                                     const Execution& execution) {
    forest::CoverageStudy study;
    study.layers = ground.units();
    study.cameras = ground.cameras(rules.cameras, "");
    ground.tell_ground(study.layers[0]);
    const auto areas = ground.cells().areas();
    for (const double target : rules.targets) {
        const auto views =
            forest::views(study.cameras, ground.scene(), ground.sight(target), execution);
        study.heights.push_back(forest::coverage_of(views, areas, study.layers));
        study.heights.back().target = target;
        ground.tell_across(study.cameras, ground.sight(target), views);
    }
    return study;
}

std::vector<forest::Camera> find_candidates(const ForestWork& ground, const ForestRules& rules,
                                            const forest::Coverage& now, StepReport& report,
                                            const Execution& execution) {
    forest::FinderOptions finder;
    finder.most = static_cast<std::size_t>(rules.most_candidates);
    finder.spacing = rules.spacing;
    finder.mast = rules.mast;
    finder.range = rules.range;
    finder.area = &ground.area();
    if (!rules.roads.file.empty()) {
        auto table = report.door.table(rules.roads, "roads", spec::Shapes::wanted);
        finder.roads = forest::roads_of(table, ground.grid().crs);
        finder.road_distance = rules.road_distance;
    }
    return forest::find_candidates(ground.scene(), now.times, finder,
                                   ground.sight(rules.targets[0]), execution);
}

forest::PlanAim aim_of(const ForestRules& rules) {
    if (rules.sites > 0)
        return {siting::AimKind::sites, static_cast<double>(rules.sites)};
    if (rules.budget > 0)
        return {siting::AimKind::budget, rules.budget};
    return {siting::AimKind::goal, rules.goal,
            rules.cheapest ? forest::Least::cost : forest::Least::sites};
}

void tell(const forest::PlanStudy& study, StepReport& report) {
    const auto& plan = study.plan;
    report.facts["forest_area_m2"] = plan.before.all.forest;
    report.facts["share_before"] = plan.before.all.share();
    report.facts["share_after"] = plan.after.all.share();
    report.facts["new_sites"] = plan.sites.size();
    const double cost = plan.curve.back().cost;
    report.facts["cost"] = std::isnan(cost) ? Json() : Json(cost);
    report.facts["bound"] = plan.bound;
    report.facts["gap"] = plan.gap;
}

void write_cameras(const Work& work, StepReport& report, const Execution& execution) {
    const auto& rules = work.project.forest;
    ForestWork ground{work, report, execution};
    const auto study = study_coverage(ground, rules, execution);
    const auto folder = forest_folder(work);
    const auto& now = study.heights.front();
    atlas::write_times_seen(folder / "cameras_seen.tif", ground.cells(), now,
                            ground.map_options("cameras_seen"), execution);
    atlas::write_coverage(folder / "cameras_seen.gpkg", study, ground.cells(),
                          ground.map_options("cameras_seen"), execution);
    write_file(folder / "cameras_seen.json", forest::coverage_json(study));
    forest::PlanStudy plan;
    plan.existing = study.cameras;
    plan.candidates = rules.candidates.empty()
                          ? find_candidates(ground, rules, now, report, execution)
                          : ground.cameras(rules.candidates, "C");
    if (!rules.candidates.empty())
        ground.keep_within(plan.candidates, rules.candidates);
    plan.layers = study.layers;
    plan.plan = forest::plan_cameras(ground.scene(), plan.existing, plan.candidates, plan.layers,
                                     aim_of(rules), ground.sight(rules.targets[0]), execution);
    ground.tell_across(forest::cameras_after(plan), ground.sight(rules.targets[0]));
    atlas::write_plan(folder / "camera_plan.gpkg", plan, ground.cells(),
                      ground.map_options("camera_plan"), execution);
    write_file(folder / "camera_plan.json", forest::plan_json(plan));
    tell(plan, report);
}

void write_water(const Work& work, StepReport& report, const Execution& execution) {
    const auto& rules = work.project.forest;
    ForestWork ground{work, report, execution};
    const forest::WaterReach reach{rules.water_distance, rules.water_lift};
    forest::PlanStudy study;
    study.kind = forest::SiteKind::water_point;
    study.layers = ground.units();
    study.existing = ground.water_points(rules.water_points);
    forest::OpenedForest water;
    if (!rules.shores.empty()) {
        spec::Source shores = rules;
        shores.classes = rules.shores;
        water = forest::open_forest(shores, ground.grid(), report.door, execution);
        study.existing.push_back(forest::shores());
    }
    study.candidates = forest::lattice(ground.scene(), rules.water_spacing);
    std::erase_if(study.candidates, [&](const forest::Camera& point) {
        return !ground.area().holds(point.observer.place);
    });
    study.plan = forest::plan_water(
        ground.scene(), study.existing, water.share.get(), study.candidates, study.layers,
        {siting::AimKind::sites, static_cast<double>(rules.water_sites)}, reach, execution);
    const auto folder = forest_folder(work);
    atlas::write_plan(folder / "water_plan.gpkg", study, ground.cells(),
                      ground.map_options("water_plan"), execution);
    write_file(folder / "water_plan.json", forest::plan_json(study));
    tell(study, report);
}

std::shared_ptr<const raster::Source> on_grid(std::shared_ptr<const raster::Source> source,
                                              const Grid& grid, raster::Kind kind) {
    return raster::aligned(std::move(source), grid, {kind, 0.5});
}

void write_townships(const Work& work, StepReport& report, const Execution& execution) {
    const auto& rules = work.project.forest;
    ForestWork ground{work, report, execution};
    const auto units = ground.units();
    const Grid& grid = ground.grid();
    forest::TownshipInputs inputs{ground.cells(), units[0]};
    std::shared_ptr<const raster::Source> danger;
    if (!rules.danger.empty())
        danger = on_grid(report.door.raster(rules.danger).reader(), grid, raster::Kind::continuous);
    inputs.danger = danger.get();
    std::shared_ptr<const raster::Source> people;
    if (const auto* exposure = people_of(work.project); exposure != nullptr && summable(*exposure))
        people = on_grid(work.open(work.stack_raster("exposure-" + exposure->id)), grid,
                         raster::Kind::counts);
    inputs.people = people.get();
    if (!rules.fires.empty()) {
        auto table = report.door.table(rules.fires, "forest_fires", spec::Shapes::points);
        inputs.fires = forest::fires_of(table, grid.crs);
    }
    const raster::Reader seen{forest_folder(work) / "cameras_seen.tif"};
    for (const double times : ground.cells().values(seen, execution))
        inputs.times_seen.push_back(static_cast<std::uint16_t>(times));
    inputs.edge = rules.edge;
    inputs.years = rules.years;
    if (!rules.weights.empty())
        inputs.weights = forest::TownshipWeights::parse(rules.weights);
    const auto study = forest::rank_townships(inputs, execution);
    report.warnings.insert(report.warnings.end(), study.remarks.begin(), study.remarks.end());
    if (study.levels < 5)
        report.warnings.push_back(raster::too_few_values(
            "the forest-fire index of townships", static_cast<std::size_t>(study.levels), 5));
    const auto folder = forest_folder(work);
    const auto& output = work.project.output;
    for (const char* format : {"gpkg", "geojson", "csv"})
        if (output.has(format))
            atlas::write_townships(folder / (std::string{"key_townships."} + format), study,
                                   units[0], grid.crs, work.language());
    write_file(folder / "key_townships.json", forest::township_json(study));
    report.facts["key_townships"] =
        std::count_if(study.townships.begin(), study.townships.end(),
                      [](const forest::Township& town) { return town.key; });
    report.facts["damage_permille"] = study.all.damage_permille;
    report.facts["worst_damage_permille"] = study.all.worst_damage_permille;
    report.facts["left_out"] = study.left_out;
}

Step forest_step(const WorkPtr& work, const char* id, const char* title,
                 void (*write)(const Work&, StepReport&, const Execution&)) {
    auto step = city_step(work, id, title, write);
    step.go_by(work->chosen({"forest"}));
    return step;
}

} // namespace

std::vector<Step> forest_steps(const WorkPtr& work) {
    const auto& rules = work->project.forest;
    if (rules.file.empty())
        return {};
    const auto folder = forest_folder(*work);
    auto cameras =
        forest_step(work, "cameras", "what cameras see, and where new ones go", &write_cameras);
    cameras.makes = atlas::plan_files(folder / "camera_plan.gpkg");
    for (const char* name :
         {"cameras_seen.tif", "cameras_seen.gpkg", "cameras_seen.json", "camera_plan.json"})
        cameras.makes.push_back(folder / name);
    std::vector<Step> steps{std::move(cameras)};
    if (rules.water) {
        auto water = forest_step(work, "water", "forest in reach of fire water", &write_water);
        water.makes = atlas::plan_files(folder / "water_plan.gpkg");
        water.makes.push_back(folder / "water_plan.json");
        steps.push_back(std::move(water));
    }
    return steps;
}

std::vector<Step> township_steps(const WorkPtr& work) {
    const auto& rules = work->project.forest;
    if (rules.file.empty())
        return {};
    const auto folder = forest_folder(*work);
    auto step = forest_step(work, "key townships", "key forest-fire townships", &write_townships);
    step.needs.push_back(folder / "cameras_seen.tif");
    step.go_by(work->chosen({"exposure"}));
    if (const auto* people = people_of(work->project); people != nullptr && summable(*people))
        step.needs.push_back(work->stack_raster("exposure-" + people->id));
    step.makes = {folder / "key_townships.json"};
    for (const char* format : {"gpkg", "geojson", "csv"})
        if (work->project.output.has(format))
            step.makes.push_back(folder / (std::string{"key_townships."} + format));
    return {std::move(step)};
}

} // namespace riskmap::run
