// SPDX-License-Identifier: MIT
#include "plan_options.hpp"

#include <cmath>

#include <fmt/format.h>

#include <riskmap/atlas/camera_maps.hpp>
#include <riskmap/core/error.hpp>

namespace riskmap::tool {

namespace {

void print(const forest::PlanStudy& study, const Context& context) {
    const auto& plan = study.plan;
    const char* reached = study.kind == forest::SiteKind::camera ? "seen" : "in reach";
    context.say(fmt::format("forest: {:.1f} km2; {} before {:.2f} %, after {:.2f} %",
                            plan.before.all.forest * 1e-6, reached, 100 * plan.before.all.share(),
                            100 * plan.after.all.share()));
    const double cost = plan.curve.back().cost;
    context.say(fmt::format("new sites: {}{}", plan.sites.size(),
                            std::isnan(cost) ? "" : fmt::format(", cost {:g}", cost)));
    if (plan.aim.kind != siting::AimKind::goal)
        context.say(fmt::format("no choice brings more than {:.2f} %: gap {:.2f} %",
                                100 * plan.bound / plan.before.all.forest, 100 * plan.gap));
    else
        context.say(fmt::format(
            "no choice reaches the goal with less than {:g} {}: gap {:.2f} %", plan.bound,
            plan.aim.least == forest::Least::cost ? "in cost" : "sites", 100 * plan.gap));
}

} // namespace

void PlanOptions::declare(Arguments& app) {
    app.add_option("--goal", goal, "share of the forest to reach, as 0.5");
    app.add_option("--sites", sites, "number of new sites")->between(1, 1'000'000);
    app.add_option("--budget", budget, "in the unit of the costs");
    app.add_flag("--cheapest", cheapest, "with --goal: the least cost instead of the fewest sites");
    app.add_option("--report", report, "JSON of the plan, areas in m2");
}

forest::PlanAim PlanOptions::aim() const {
    if ((goal ? 1 : 0) + (sites ? 1 : 0) + (budget ? 1 : 0) != 1)
        throw Error{ErrorKind::usage, "say what the plan is for",
                    "give one of --goal SHARE, --sites N, --budget B"};
    if (goal)
        return {siting::AimKind::goal, *goal,
                cheapest ? forest::Least::cost : forest::Least::sites};
    if (sites)
        return {siting::AimKind::sites, static_cast<double>(*sites)};
    return {siting::AimKind::budget, *budget};
}

void PlanOptions::check() const {
    if (output.path.extension() != ".gpkg")
        throw Error{ErrorKind::usage, fmt::format("'{}' is no GeoPackage", output.path.string()),
                    "the plan is written as .gpkg"};
    for (const auto& file : atlas::plan_files(output.path))
        check_output(file, output.overwrite);
    if (!report.empty())
        check_output(report, output.overwrite);
}

void PlanOptions::write(const forest::PlanStudy& study, const forest::ForestCells& cells,
                        const Context& context) const {
    atlas::MapOptions maps;
    maps.language = context.language;
    atlas::write_plan(output.path, study, cells, maps, context.execution);
    context.report(report, forest::plan_json(study));
    print(study, context);
}

} // namespace riskmap::tool
