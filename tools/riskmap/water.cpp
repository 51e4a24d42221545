// SPDX-License-Identifier: MIT
#include <riskmap/forest/water.hpp>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>

#include "forest_scene.hpp"
#include "plan_options.hpp"

namespace riskmap::tool {

namespace {

struct Options {
    SceneOptions scene;
    std::string points;
    std::string shores;
    std::string candidates;
    double spacing = 1000;
    forest::WaterReach reach;
    PlanOptions plan;
};

void plan(const Options& options, const Context& context) {
    const auto aim = options.plan.aim();
    options.plan.check();
    ForestScene scene{options.scene, context};
    forest::PlanStudy study;
    study.kind = forest::SiteKind::water_point;
    study.layers = scene.units();
    if (!options.points.empty())
        study.existing = scene.water_points(options.points);
    forest::OpenedForest water;
    if (!options.shores.empty()) {
        water = forest::open_forest(forest::parse_forest(options.shores), scene.cells().grid(),
                                    context.door, context.execution);
        study.existing.push_back(forest::shores());
    }
    study.candidates = options.candidates.empty() ? forest::lattice(scene.scene(), options.spacing)
                                                  : scene.water_points(options.candidates);
    scene.keep_within(study.candidates,
                      options.candidates.empty() ? "lattice" : options.candidates);
    study.plan =
        forest::plan_water(scene.scene(), study.existing, water.share.get(), study.candidates,
                           study.layers, aim, options.reach, context.execution);
    study.remarks = scene.remarks();
    options.plan.write(study, scene.cells(), context);
}

} // namespace

std::function<void()> declare_water(Arguments& app, Context& context) {
    auto options = std::make_shared<Options>();
    options->scene.declare(app);
    app.add_option("--points", options->points, "FILE[:LAYER] of water points and hydrants");
    app.add_option("--shores", options->shores,
                   "LANDCOVER.tif:CLASS or FILE:LAYER: open water, whose shores serve as well");
    app.add_option("--distance", options->reach.distance, "how far water is brought, m")
        ->capture_default_str();
    app.add_option("--lift", options->reach.lift, "how high above the water, m")
        ->capture_default_str();
    app.add_option("--candidates", options->candidates,
                   "FILE[:LAYER] of places for new points (default: a lattice over the forest)");
    app.add_option("--spacing", options->spacing, "of the lattice, m")->capture_default_str();
    app.add_option("--cost", options->scene.defaults.cost,
                   "of candidates that do not say their cost");
    app.add_option("--cost-field", options->scene.cost_field, "field of costs");
    options->plan.declare(app);
    options->plan.output.declare(
        app, "GeoPackage: sites by rank, points, units before and after, forest\n"
             "out of reach; beside it PLAN_count.tif, PLAN_curve.csv and .svg");
    app.footer(
        "\nA forest cell is in reach of water that lies no further than the distance and no\n"
        "deeper below it than the lift.\n"
        "\nExample:\n  riskmap water data/shaoxing/terrain_60m.tif \\\n"
        "      --forest data/shaoxing/landcover_60m.tif:30 \\\n"
        "      --shores data/shaoxing/landcover_60m.tif:10 --distance 2000 --lift 150 \\\n"
        "      --units data/shaoxing/census.gpkg:townships:name --sites 20 -o /tmp/water.gpkg");
    return [options, &context] { plan(*options, context); };
}

} // namespace riskmap::tool
