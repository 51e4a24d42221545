// SPDX-License-Identifier: MIT
#include <optional>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/forest/candidates.hpp>

#include "forest_scene.hpp"
#include "plan_options.hpp"

namespace riskmap::tool {

namespace {

struct Options {
    SceneOptions scene;
    std::string existing;
    std::string candidates;
    bool find = false;
    std::string roads;
    forest::FinderOptions finder;
    PlanOptions plan;
};

void check(const Options& options) {
    if (options.find == !options.candidates.empty())
        throw Error{ErrorKind::usage, "say where new cameras may stand",
                    "give either --candidates FILE:LAYER or --find"};
    options.plan.check();
}

std::vector<forest::Camera> find(const Options& options, ForestScene& scene,
                                 const std::vector<forest::Camera>& existing,
                                 const Context& context) {
    auto finder = options.finder;
    finder.mast = options.scene.defaults.mast;
    finder.range = options.scene.defaults.range;
    finder.cost = options.scene.defaults.cost;
    if (options.roads.empty()) {
        finder.road_distance = 0;
    } else {
        auto table =
            context.door.table(spec::Source::parse(options.roads), "roads", spec::Shapes::wanted);
        finder.roads = forest::roads_of(table, scene.cells().grid().crs);
    }
    const auto sight = options.scene.sight.sight();
    const auto views = forest::views(existing, scene.scene(), sight, context.execution);
    const auto now = forest::coverage_of(views, scene.cells().areas(), {});
    finder.area = scene.area();
    auto found =
        forest::find_candidates(scene.scene(), now.times, finder, sight, context.execution);
    if (found.empty())
        throw input_error("no place for a new camera was found",
                          "lower --spacing, or raise --road-distance");
    return found;
}

void cameras(const Options& options, const Context& context) {
    const auto aim = options.plan.aim();
    check(options);
    ForestScene scene{options.scene, context};
    forest::PlanStudy study;
    study.layers = scene.units();
    scene.tell_ground(study.layers);
    if (!options.existing.empty())
        study.existing = scene.cameras(options.existing);
    study.candidates = options.find ? find(options, scene, study.existing, context)
                                    : scene.cameras(options.candidates, "C");
    if (!options.find)
        scene.keep_within(study.candidates, options.candidates);
    study.plan = forest::plan_cameras(scene.scene(), study.existing, study.candidates, study.layers,
                                      aim, options.scene.sight.sight(), context.execution);
    scene.tell_across(forest::cameras_after(study), options.scene.sight.sight());
    study.remarks = scene.remarks();
    options.plan.write(study, scene.cells(), context);
}

} // namespace

std::function<void()> declare_cameras(Arguments& app, Context& context) {
    auto options = std::make_shared<Options>();
    options->scene.declare(app);
    options->scene.declare_cameras(app);
    auto& finder = options->finder;
    app.add_option("--target", options->scene.sight.target, "height of targets above the ground, m")
        ->capture_default_str();
    app.add_option("--existing", options->existing, "FILE[:LAYER] of cameras that stand already");
    app.add_option("--candidates", options->candidates, "FILE[:LAYER] of possible places");
    app.add_flag("--find", options->find,
                 "find places instead: hilltops, and cells that look into unseen forest");
    app.add_option("--most", finder.most, "with --find: at most so many places")
        ->between(1, 1'000'000)
        ->capture_default_str();
    app.add_option("--spacing", finder.spacing, "with --find: least distance between two, m")
        ->capture_default_str();
    app.add_option("--roads", options->roads, "with --find: FILE[:LAYER] of roads")
        ->needs("--find");
    finder.road_distance = 500;
    app.add_option("--road-distance", finder.road_distance,
                   "with --roads: greatest distance to one, m")
        ->capture_default_str();
    options->plan.declare(app);
    app.add_option("--cost", options->scene.defaults.cost,
                   "of candidates that do not say their cost");
    app.add_option("--cost-field", options->scene.cost_field, "field of costs");
    options->plan.output.declare(
        app, "GeoPackage: sites by rank, cameras, units before and after, blind\n"
             "forest; beside it PLAN_count.tif, PLAN_curve.csv, PLAN_curve.svg");
    app.footer(
        "\nSites are chosen greedily and exchanged until no swap helps; a bound that no choice\n"
        "can beat is proven beside it. A goal out of reach ends with status 4 and the most\n"
        "that can be reached.\n"
        "\nExamples:\n  riskmap cameras data/shaoxing/terrain_60m.tif \\\n"
        "      --forest data/shaoxing/landcover_60m.tif:30 \\\n"
        "      --existing data/shaoxing/census.gpkg:cameras_existing \\\n"
        "      --candidates data/shaoxing/census.gpkg:camera_candidates \\\n"
        "      --units data/shaoxing/census.gpkg:townships:code \\\n"
        "      --goal 0.5 -o /tmp/plan.gpkg --report /tmp/plan.json\n"
        "  riskmap cameras data/shaoxing/terrain_60m.tif \\\n"
        "      --forest data/shaoxing/landcover_60m.tif:30 --find \\\n"
        "      --roads data/shaoxing/census.gpkg:roads --sites 20 -o /tmp/found.gpkg");
    return [options, &context] { cameras(*options, context); };
}

} // namespace riskmap::tool
