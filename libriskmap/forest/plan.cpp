// SPDX-License-Identifier: MIT
#include <riskmap/forest/plan.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>

namespace riskmap::forest {

namespace {

using Views = std::vector<siting::DemandSet>;

siting::DemandSet seen_cells(const Coverage& coverage) {
    siting::DemandSet seen;
    for (std::uint32_t cell = 0; cell < coverage.times.size(); ++cell)
        if (coverage.times[cell] > 0)
            seen.add(cell);
    return seen;
}

std::vector<const siting::DemandSet*> pointers(const Views& views) {
    std::vector<const siting::DemandSet*> out;
    for (const auto& view : views)
        out.push_back(&view);
    return out;
}

void check(const std::vector<Camera>& candidates, const PlanAim& aim) {
    if (candidates.empty())
        throw input_error("there is no candidate for a new camera",
                          "give --candidates FILE:LAYER, or --find");
    if (!(aim.amount > 0) || !std::isfinite(aim.amount))
        throw input_error(fmt::format("a plan for {}", aim.amount),
                          "give a share of the forest above 0, a number of sites or a budget");
    if (aim.kind == siting::AimKind::goal && aim.amount > 1)
        throw input_error(fmt::format("a goal of {} of the forest", aim.amount),
                          "give a share: 0.5 for half of it");
    const bool cost_counts = aim.kind == siting::AimKind::budget ||
                             (aim.kind == siting::AimKind::goal && aim.least == Least::cost);
    for (const auto& candidate : candidates)
        if (cost_counts && !(candidate.cost > 0))
            throw input_error(fmt::format("candidate '{}' has no cost", candidate.id),
                              "fill the field of costs, or give --cost for those without");
}

/// The greatest share of the forest that a goal may ask for.
double reachable_area(const std::vector<double>& areas, const Coverage& before,
                      const Views& views) {
    std::vector<bool> seen(areas.size());
    for (const auto& view : views)
        view.visit([&](std::uint32_t cell) { seen[cell] = true; });
    double area = 0;
    for (std::size_t cell = 0; cell < areas.size(); ++cell)
        area += seen[cell] || before.times[cell] > 0 ? areas[cell] : 0;
    return area;
}

std::vector<CurvePoint> curve_of(const CameraPlan& plan, const siting::CoverPlan& cover,
                                 const std::vector<Camera>& candidates) {
    CurvePoint point;
    point.seen_m2 = plan.before.all.seen;
    point.share = plan.before.all.share();
    std::vector<CurvePoint> curve{point};
    for (std::size_t s = 0; s < cover.sites.size(); ++s) {
        ++point.sites;
        point.cost += candidates[cover.sites[s]].cost;
        point.gain_m2 = cover.gains[s];
        point.seen_m2 += cover.gains[s];
        point.share = point.seen_m2 / plan.before.all.forest;
        curve.push_back(point);
    }
    return curve;
}

} // namespace

CameraPlan plan_cameras(const Scene& scene, const std::vector<Camera>& existing,
                        const std::vector<Camera>& candidates, std::span<const UnitLayer> units,
                        const PlanAim& aim, const visibility::Sight& sight,
                        const Execution& execution) {
    check(candidates, aim);
    require_distinct(existing, candidates);
    CameraPlan plan;
    plan.aim = aim;
    siting::Covering problem;
    problem.weights = scene.forest.areas();
    const auto existing_views = views(existing, scene, sight, execution);
    auto seen_by = pointers(existing_views);
    plan.before = coverage_of(seen_by, problem.weights, units);
    plan.before.target = sight.target;
    problem.candidates = views(candidates, scene, sight, execution);
    problem.covered = seen_cells(plan.before);
    if (aim.kind == siting::AimKind::budget ||
        (aim.kind == siting::AimKind::goal && aim.least == Least::cost))
        for (const auto& candidate : candidates)
            problem.costs.push_back(candidate.cost);
    siting::Aim cover_aim{aim.kind, aim.amount};
    const double forest = plan.before.all.forest;
    const double reachable = reachable_area(problem.weights, plan.before, problem.candidates);
    plan.reachable_share = reachable / forest;
    if (aim.kind == siting::AimKind::goal) {
        cover_aim.amount = aim.amount * forest;
        if (cover_aim.amount > reachable)
            throw Error{ErrorKind::infeasible,
                        fmt::format("{:.4g} % of the forest is out of reach: existing cameras and "
                                    "all {} candidates together see {:.4g} %",
                                    100 * aim.amount, candidates.size(),
                                    100 * plan.reachable_share),
                        "lower the goal, or add candidates, masts or range"};
    }
    const auto cover = siting::plan_cover(problem, cover_aim, execution);
    plan.sites = cover.sites;
    plan.bound = cover.bound;
    plan.gap = cover.gap;
    plan.curve = curve_of(plan, cover, candidates);
    for (const auto site : plan.sites)
        seen_by.push_back(&problem.candidates[site]);
    plan.after = coverage_of(seen_by, problem.weights, units);
    plan.after.target = sight.target;
    return plan;
}

} // namespace riskmap::forest
