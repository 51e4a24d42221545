// SPDX-License-Identifier: MIT
#include <optional>

#include <fmt/format.h>

#include <riskmap/atlas/shelter_maps.hpp>
#include <riskmap/core/error.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/shelter/report.hpp>

#include "command.hpp"
#include "road_options.hpp"

namespace riskmap::tool {

namespace {

struct Options {
    std::string task;
    std::string demand;
    std::vector<std::string> movers;
    std::string existing;
    std::string candidates;
    std::string limit;
    std::string stay = "short";
    std::vector<std::string> classes;
    std::string plants;
    std::vector<std::string> units;
    RoadOptions roads;
    shelter::SceneSource scene;
    shelter::PlanRules rules;
    std::string flood;
    std::string landslide;
    std::string slope_from;
    std::optional<double> flood_above;
    std::optional<double> landslide_from;
    std::optional<double> slope_above;
    std::string id_field;
    std::string capacity_field;
    std::string area_field;
    std::string cost_field;
    std::string group_field;
    std::string quotas;
    std::string forced;
    std::string forbidden;
    std::filesystem::path report;
    Output output;

    [[nodiscard]] spec::Source sites_of(const std::string& text) const {
        auto source = spec::Source::parse(text);
        for (const auto& [theirs, ours] : {std::pair{id_field, "id"},
                                           {capacity_field, "capacity"},
                                           {area_field, "floor_area_m2"},
                                           {cost_field, "cost_10k_yuan"},
                                           {group_field, "township"}})
            if (!theirs.empty())
                source.fields.emplace_back(theirs, ours);
        return source;
    }
};

shelter::SceneSource source_of(const Options& options) {
    auto source = options.scene;
    source.people = shelter::PeopleSource::parse(options.demand);
    const auto happens = options.roads.scenario();
    source.movers = happens.movers;
    for (const auto& text : options.movers)
        source.movers.push_back(shelter::MoveRule::parse(text));
    source.existing = options.sites_of(options.existing);
    if (options.task == "plan")
        source.candidates = options.sites_of(options.candidates);
    source.area_per_person = row_named(shelter::stays(), options.stay, "stay").area;
    for (const auto& text : options.classes) {
        if (&text == &options.classes.front())
            source.classes.clear();
        source.classes.push_back(shelter::site_class(text));
    }
    source.plants = spec::Source::parse(options.plants);
    auto& rules = source.suitability;
    rules.flood = options.flood.empty() ? happens.flood : spec::Source::parse(options.flood);
    rules.landslide =
        options.landslide.empty() ? happens.landslide : spec::Source::parse(options.landslide);
    rules.heights =
        options.slope_from.empty() ? happens.heights : spec::Source::parse(options.slope_from);
    rules.flood_above = options.flood_above.value_or(happens.flood_above);
    rules.landslide_from = options.landslide_from.value_or(happens.landslide_from);
    rules.slope_above = options.slope_above.value_or(happens.slope_above);
    source.limit = shelter::Limit::parse(options.limit);
    source.roads = options.roads.read(happens);
    for (const auto& text : options.units)
        source.units.push_back(parse_units(text));
    return source;
}

void check_outputs(const Options& options) {
    if (options.output.path.extension() != ".gpkg")
        throw Error{ErrorKind::usage,
                    fmt::format("'{}' is no GeoPackage", options.output.path.string()),
                    "evaluation and plan are written as .gpkg"};
    const auto files = options.task == "plan"
                           ? atlas::shelter_plan_files(options.output.path)
                           : std::vector<std::filesystem::path>{options.output.path};
    for (const auto& file : files)
        check_output(file, options.output.overwrite);
    if (!options.report.empty())
        check_output(options.report, options.output.overwrite);
}

void say(const shelter::Scene& scene, const char* when, const shelter::Evaluation& evaluation,
         const Context& context) {
    const auto& all = evaluation.all;
    context.say(fmt::format("{}: {:.0f} of {:.0f} people ({:.2f} %) {}within {} of {} shelters, "
                            "with room for {:.0f}",
                            when, all.served, all.people, 100 * all.share(),
                            evaluation.capacities ? "have a place " : "", scene.limit.text(),
                            all.shelters, all.capacity));
}

/// Beside the scenario, where it makes a difference.
void say_calm(const shelter::Service& calm, const shelter::Evaluation& now,
              const Context& context) {
    if (calm.served == now.all.served && calm.people == now.all.people)
        return;
    context.say(fmt::format("on a calm day (all shelters serve, all roads are open): {:.0f} of "
                            "{:.0f} people ({:.2f} %)",
                            calm.served, calm.people, 100 * calm.share()));
}

void evaluate(const Options& options, const shelter::Scene& scene, const Context& context) {
    if (scene.existing.empty())
        throw Error{ErrorKind::usage, "no shelters to evaluate", "give --existing FILE:LAYER"};
    const auto evaluation = shelter::evaluate(scene, shelter::existing_sites(scene),
                                              context.execution, options.rules.capacities);
    const auto calm = shelter::calm_service(scene, context.execution);
    atlas::write_evaluation(options.output.path, scene, evaluation, context.language);
    context.report(options.report, shelter::evaluation_json(scene, evaluation, calm));
    say(scene, "today", evaluation, context);
    say_calm(calm, evaluation, context);
}

void plan(const Options& options, const shelter::Scene& scene, const Context& context) {
    auto rules = options.rules;
    if (!options.quotas.empty())
        rules.quotas = shelter::read_quotas(spec::Source::parse(options.quotas), context.door);
    rules.forced = list_of(options.forced);
    rules.forbidden = list_of(options.forbidden);
    const auto plan = shelter::plan_shelters(scene, rules, context.execution);
    atlas::write_shelter_plan(options.output.path, scene, plan, context.language);
    context.report(options.report, shelter::plan_json(scene, plan));
    say(scene, "today", plan.before, context);
    say_calm(plan.calm, plan.before, context);
    say(scene, "with the plan", plan.after, context);
    if (!plan.shortfall.empty())
        context.warn(plan.shortfall);
    context.say(fmt::format(
        "{} new shelters{}; {}: {:.10g}, bound {:.10g}, gap {:.4f} %", plan.sites.size(),
        rules.budget ? fmt::format(", cost {:g}", plan.sites.empty() ? 0 : plan.sites.back().cost)
                     : "",
        plan.answer.optimal ? "proven optimal" : "best found", plan.answer.objective,
        plan.answer.bound, 100 * plan.answer.gap));
}

/// Options that only a plan obeys.
void refuse_plan_options(const Arguments& app) {
    for (const char* name : {"--candidates", "--model", "--sites", "--budget", "--quota",
                             "--backup", "--forced", "--forbidden"})
        if (app.count(name) > 0)
            throw Error{ErrorKind::usage, fmt::format("evaluate does not obey {}", name),
                        "leave it out, or say plan"};
}

void shelters(const Arguments& app, const Options& options, const Context& context) {
    if (options.task == "plan" && options.candidates.empty())
        throw Error{ErrorKind::usage, "say where new shelters may be",
                    "give --candidates FILE:LAYER"};
    if (options.task == "evaluate")
        refuse_plan_options(app);
    if (options.task == "plan" && !options.rules.sites && !options.rules.budget &&
        options.rules.model != "lscp")
        throw Error{ErrorKind::usage, "say how many shelters are planned",
                    "give --sites N, --budget B or both"};
    const auto source = source_of(options);
    check_outputs(options);
    const auto scene = shelter::open_scene(source, context.door, context.execution);
    for (const auto& remark : scene.remarks)
        context.warn(remark);
    if (options.task == "plan")
        plan(options, scene, context);
    else
        evaluate(options, scene, context);
}

void declare_sites(Arguments& app, Options& options) {
    app.add_option("--id-field", options.id_field,
                   "of shelters (default: by data/spec: id, 场所编号 ...)");
    app.add_option("--capacity-field", options.capacity_field,
                   "people (default: capacity, 容纳人数 ...)");
    app.add_option("--area-field", options.area_field,
                   "floor area, m2 (default: floor_area_m2, 有效面积 ...)");
    app.add_option("--cost-field", options.cost_field, "(default: cost_10k_yuan, cost, 造价 ...)");
    app.add_option("--group-field", options.group_field,
                   "of quotas (default: township, group; candidates without one: where they lie)");
    app.add_option("--class", options.classes,
                   "WORD=AREA[:LIMIT], as 紧急=0.5:500m: m2 a person, and how far people come, of\n"
                   "sites whose class or kind holds the word; repeated (default: 紧急=0.5,\n"
                   "短期=2, 中期=3, 长期=4.5)");
    app.add_option("--stay", options.stay,
                   "area per person where no field says the capacity: " +
                       names_of(shelter::stays()) + " (0.5, 2, 3, 4.5 m2)")
        ->capture_default_str();
    auto& rules = options.scene.suitability;
    app.add_flag("--any-site", options.scene.any_site,
                 "unsuitable shelters and candidates serve, too");
    app.add_option("--flood-above", options.flood_above, "unsuitable: deeper than, m (0.3)");
    app.add_option("--flood", options.flood, "raster of depths (default: field flood_depth_m)");
    app.add_option("--landslide-from", options.landslide_from,
                   "unsuitable: this level and higher (4)");
    app.add_option("--landslide", options.landslide, "raster of levels (default: field landslide)");
    app.add_option("--slope-above", options.slope_above, "unsuitable: steeper than, degrees (15)");
    app.add_option("--slope-from", options.slope_from, "heights in metres, for slopes");
    app.add_option("--least-area", rules.least_area, "unsuitable: smaller than, m2");
    app.add_option("--plants", options.plants, "FILE[:LAYER] of chemical plants");
    app.add_option("--plant-distance", rules.plant_distance, "unsuitable: nearer to one than, m")
        ->capture_default_str();
}

void declare_rules(Arguments& app, Options& options) {
    auto& rules = options.rules;
    app.add_option("--model", rules.model, "mclp, lscp, p-median, p-center, cpmp (see siting)")
        ->capture_default_str();
    app.add_option("--sites", rules.sites, "number of new shelters");
    app.add_option("--budget", rules.budget, "what they may cost together");
    app.add_option("--quota", options.quotas,
                   "table with group and least, most (new shelters), least_share (people served),\n"
                   "or 乡镇, 最少, 最多, 最低比例");
    app.add_flag("--capacities", rules.capacities, "nobody is served beyond the capacities");
    app.add_option("--backup", rules.backup,
                   "share of people that counts only with a second shelter, 0 to 0.5");
    app.add_option("--forced", options.forced, "ids of candidates that must be in, with commas");
    app.add_option("--forbidden", options.forbidden, "ids of candidates that must not");
    app.add_option("--time-limit", rules.limits.seconds,
                   "seconds; then the best so far with its bound")
        ->between(0.0, 1e9);
    app.add_option("--seed", rules.limits.seed, "of random draws")->capture_default_str();
}

} // namespace

std::function<void()> declare_shelters(Arguments& app, Context& context) {
    auto options = std::make_shared<Options>();
    app.add_option("TASK", options->task, "evaluate (what exists today) or plan (new shelters)")
        ->required()
        ->one_of({"evaluate", "plan"});
    app.add_option("--demand", options->demand,
                   "people: FILE:LAYER:FIELD of villages or buildings, or FILE.tif of people per "
                   "cell")
        ->required();
    app.add_option("--movers", options->movers,
                   "RASTER.tif:VALUE: only people where it says more; repeated: any of them");
    app.add_option("--existing", options->existing, "FILE[:LAYER] of shelters");
    app.add_option("--candidates", options->candidates, "plan: FILE[:LAYER] of possible places");
    app.add_option("--limit", options->limit, "how far is near enough: 1500m, 20min")->required();
    app.add_option("--units", options->units,
                   "FILE:LAYER:FIELD, townships or counties to report on; may be repeated");
    options->roads.declare(app);
    declare_sites(app, *options);
    declare_rules(app, *options);
    options->output.declare(app, "GeoPackage of shelters, units and people; of a plan also\n"
                                 "PLAN_curve.csv and PLAN_curve.svg");
    app.add_option("--report", options->report, "JSON; costs in metres or seconds");
    app.footer(
        "\nEvery plan comes with a bound that no choice of sites can beat. Quotas that cannot be\n"
        "kept end with status 4 and the smallest change that makes them possible.\n"
        "\nExamples:\n"
        "  riskmap shelters evaluate --demand data/shaoxing/census.gpkg:villages:population \\\n"
        "      --existing data/shaoxing/census.gpkg:shelters_existing \\\n"
        "      --roads data/shaoxing/census.gpkg:roads --limit 1500m \\\n"
        "      --units data/shaoxing/census.gpkg:townships:name -o /tmp/today.gpkg\n"
        "  riskmap shelters plan --demand data/shaoxing/census.gpkg:villages:population \\\n"
        "      --candidates data/shaoxing/census.gpkg:shelter_candidates \\\n"
        "      --existing data/shaoxing/census.gpkg:shelters_existing \\\n"
        "      --roads data/shaoxing/census.gpkg:roads --limit 20min --sites 150 \\\n"
        "      --units data/shaoxing/census.gpkg:townships:name \\\n"
        "      -o /tmp/shelters.gpkg --report /tmp/shelters.json");
    return [options, &context, &app] { shelters(app, *options, context); };
}

} // namespace riskmap::tool
