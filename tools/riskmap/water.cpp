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

std::vector<forest::WaterPoint> read_points(const std::string& text, ForestScene& scene) {
    std::vector<forest::WaterPoint> points;
    for (auto& site : scene.cameras(text))
        points.push_back({std::move(site.id), site.observer.place, site.cost});
    return points;
}

void water(const Options& options, const Context& context) {
    const auto aim = options.plan.aim();
    options.plan.check();
    ForestScene scene{options.scene, context};
    forest::PlanStudy study;
    study.kind = forest::SiteKind::water_point;
    study.layers = scene.units();
    std::vector<siting::DemandSet> existing;
    if (!options.points.empty()) {
        const auto points = read_points(options.points, scene);
        existing = forest::served(points, scene.scene(), options.reach, context.execution);
        study.existing = forest::as_sites(points);
    }
    if (!options.shores.empty()) {
        const auto shores = forest::open_forest(forest::ForestSource::parse(options.shores),
                                                scene.cells().grid(), context.execution);
        existing.push_back(forest::served_by_shores(*shores.share, scene.scene(), options.reach,
                                                    context.execution));
        study.existing.push_back(forest::shores());
    }
    const auto candidates = options.candidates.empty()
                                ? forest::lattice(scene.scene(), options.spacing)
                                : read_points(options.candidates, scene);
    study.candidates = forest::as_sites(candidates);
    forest::require_distinct(study.existing, study.candidates);
    std::vector<forest::Offer> offers;
    for (const auto& candidate : candidates)
        offers.push_back({candidate.id, candidate.cost});
    study.plan = forest::plan_sites(
        scene.cells().areas(), existing,
        forest::served(candidates, scene.scene(), options.reach, context.execution), offers,
        study.layers, aim, context.execution);
    study.remarks = scene.remarks();
    options.plan.write(study, scene.cells(), context);
}

} // namespace

std::function<void()> declare_water(CLI::App& app, Context& context) {
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
    app.add_option("--cost", options->scene.fields.default_cost,
                   "of candidates without a field cost or cost_10k_yuan");
    app.add_option("--cost-field", options->scene.fields.cost, "field of costs");
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
    return [options, &context] { water(*options, context); };
}

} // namespace riskmap::tool
