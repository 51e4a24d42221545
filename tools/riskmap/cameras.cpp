// SPDX-License-Identifier: MIT
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include <riskmap/atlas/camera_maps.hpp>
#include <riskmap/core/error.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/forest/candidates.hpp>

#include "forest_scene.hpp"

namespace riskmap::tool {

namespace {

struct Options {
    SceneOptions scene;
    std::string existing;
    std::string candidates;
    bool find = false;
    std::string roads;
    forest::FinderOptions finder;
    std::optional<double> goal;
    std::optional<int> sites;
    std::optional<double> budget;
    bool cheapest = false;
    std::filesystem::path report;
    Output output;
};

std::filesystem::path beside(const std::filesystem::path& plan, const char* suffix) {
    auto name = plan.stem();
    name += suffix;
    return plan.parent_path() / name;
}

forest::PlanAim aim_of(const Options& options) {
    const int given = (options.goal ? 1 : 0) + (options.sites ? 1 : 0) + (options.budget ? 1 : 0);
    if (given != 1)
        throw Error{ErrorKind::usage, "say what the plan is for",
                    "give one of --goal SHARE, --sites N, --budget B"};
    if (options.goal)
        return {siting::AimKind::goal, *options.goal,
                options.cheapest ? forest::Least::cost : forest::Least::sites};
    if (options.sites)
        return {siting::AimKind::sites, static_cast<double>(*options.sites)};
    return {siting::AimKind::budget, *options.budget};
}

void check(const Options& options) {
    if (options.find == !options.candidates.empty())
        throw Error{ErrorKind::usage, "say where new cameras may stand",
                    "give either --candidates FILE:LAYER or --find"};
    if (options.output.path.extension() != ".gpkg")
        throw Error{ErrorKind::usage,
                    fmt::format("'{}' is no GeoPackage", options.output.path.string()),
                    "the plan is written as .gpkg"};
    for (const char* suffix : {".gpkg", "_count.tif", "_curve.csv", "_curve.svg"})
        check_output(beside(options.output.path, suffix), options.output.overwrite);
    if (!options.report.empty())
        check_output(options.report, options.output.overwrite);
}

std::vector<LineString> read_roads(const std::string& text, const Crs& crs) {
    const auto [file, layer] = split_layer_name(text);
    std::vector<LineString> roads;
    for (auto& feature : vector::transformed(vector::read_layer(file, layer), crs).features)
        for (auto& line : feature.shape.lines)
            roads.push_back(std::move(line));
    if (roads.empty())
        throw input_error(fmt::format("'{}' holds no lines", text), "give the layer of roads");
    return roads;
}

std::vector<forest::Camera> find(const Options& options, ForestScene& scene,
                                 const std::vector<forest::Camera>& existing,
                                 const Context& context) {
    auto finder = options.finder;
    finder.mast = options.scene.fields.default_mast;
    finder.range = options.scene.fields.default_range;
    finder.cost = options.scene.fields.default_cost;
    std::vector<LineString> roads;
    if (!options.roads.empty()) {
        roads = read_roads(options.roads, scene.cells().grid().crs);
        finder.roads = roads;
    } else {
        finder.road_distance = 0;
    }
    const auto sight = options.scene.sight.sight();
    const auto views = forest::views(existing, scene.scene(), sight, context.execution);
    std::vector<const siting::DemandSet*> pointers;
    for (const auto& view : views)
        pointers.push_back(&view);
    const auto now = forest::coverage_of(pointers, scene.cells().areas(), {});
    auto found =
        forest::find_candidates(scene.scene(), now.times, finder, sight, context.execution);
    if (found.empty())
        throw input_error("no place for a new camera was found",
                          "lower --spacing, or raise --road-distance");
    return found;
}

void print(const forest::PlanStudy& study, const Context& context) {
    const auto& plan = study.plan;
    context.say(fmt::format("forest: {:.1f} km2; seen before {:.2f} %, after {:.2f} %",
                            plan.before.all.forest * 1e-6, 100 * plan.before.all.share(),
                            100 * plan.after.all.share()));
    const double cost = plan.curve.back().cost;
    context.say(fmt::format("new sites: {}{}", plan.sites.size(),
                            std::isnan(cost) ? "" : fmt::format(", cost {:g}", cost)));
    if (plan.aim.kind != siting::AimKind::goal)
        context.say(fmt::format("no choice sees more than {:.2f} %: gap {:.2f} %",
                                100 * plan.bound / plan.before.all.forest, 100 * plan.gap));
    else
        context.say(fmt::format(
            "no choice reaches the goal with less than {:g} {}: gap {:.2f} %", plan.bound,
            plan.aim.least == forest::Least::cost ? "in cost" : "sites", 100 * plan.gap));
}

void cameras(const Options& options, const Context& context) {
    const auto aim = aim_of(options);
    check(options);
    ForestScene scene{options.scene, context};
    forest::PlanStudy study;
    study.layers = scene.units(options.scene.units);
    if (!options.existing.empty())
        study.existing = scene.cameras(options.existing);
    study.candidates = options.find ? find(options, scene, study.existing, context)
                                    : scene.cameras(options.candidates);
    study.plan = forest::plan_cameras(scene.scene(), study.existing, study.candidates, study.layers,
                                      aim, options.scene.sight.sight(), context.execution);
    study.remarks = scene.remarks();
    atlas::MapOptions maps;
    maps.language = context.language;
    const auto& target = options.output.path;
    atlas::write_plan(target, study, scene.cells(), maps, context.execution);
    atlas::write_times_seen(beside(target, "_count.tif"), scene.cells(), study.plan.after, maps,
                            context.execution);
    vector::write_csv(beside(target, "_curve.csv"), forest::curve_table(study));
    atlas::write_plan_curve(beside(target, "_curve.svg"), study, context.language);
    const auto json = forest::plan_json(study);
    if (!options.report.empty())
        write_file(options.report, json);
    if (context.json)
        fmt::print("{}", json);
    print(study, context);
}

} // namespace

std::function<void()> declare_cameras(CLI::App& app, Context& context) {
    auto options = std::make_shared<Options>();
    options->scene.declare(app);
    auto& finder = options->finder;
    app.add_option("--target", options->scene.sight.target, "height of targets above the ground, m")
        ->capture_default_str();
    app.add_option("--existing", options->existing, "FILE[:LAYER] of cameras that stand already");
    app.add_option("--candidates", options->candidates, "FILE[:LAYER] of possible places");
    app.add_flag("--find", options->find,
                 "find places instead: hilltops, and cells that look into unseen forest");
    app.add_option("--most", finder.most, "with --find: at most so many places")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    app.add_option("--spacing", finder.spacing, "with --find: least distance between two, m")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--roads", options->roads, "with --find: FILE[:LAYER] of roads")
        ->needs("--find");
    finder.road_distance = 500;
    app.add_option("--road-distance", finder.road_distance,
                   "with --roads: greatest distance to one, m")
        ->capture_default_str();
    app.add_option("--goal", options->goal, "share of the forest to see, as 0.5");
    app.add_option("--sites", options->sites, "number of new cameras")
        ->check(CLI::Range(1, 1'000'000));
    app.add_option("--budget", options->budget, "in the unit of the costs");
    app.add_flag("--cheapest", options->cheapest,
                 "with --goal: the least cost instead of the fewest sites");
    app.add_option("--cost", options->scene.fields.default_cost,
                   "of candidates without a field cost or cost_10k_yuan");
    app.add_option("--cost-field", options->scene.fields.cost, "field of costs");
    app.add_option("--report", options->report, "JSON of the plan, areas in m2");
    options->output.declare(app,
                            "GeoPackage: sites by rank, cameras, units before and after, blind\n"
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
