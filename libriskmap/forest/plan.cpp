// SPDX-License-Identifier: MIT
#include <riskmap/forest/plan.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>

namespace riskmap::forest {

namespace {

siting::DemandSet seen_cells(const Coverage& coverage) {
    siting::DemandSet seen;
    for (std::uint32_t cell = 0; cell < coverage.times.size(); ++cell)
        if (coverage.times[cell] > 0)
            seen.add(cell);
    return seen;
}

std::vector<const siting::DemandSet*> pointers(std::span<const siting::DemandSet> views) {
    std::vector<const siting::DemandSet*> out;
    for (const auto& view : views)
        out.push_back(&view);
    return out;
}

bool cost_counts(const PlanAim& aim) {
    return aim.kind == siting::AimKind::budget ||
           (aim.kind == siting::AimKind::goal && aim.least == Least::cost);
}

void check(const std::vector<Camera>& candidates, const PlanAim& aim) {
    if (candidates.empty())
        throw input_error("there is no candidate for a new site",
                          "give --candidates FILE:LAYER, or --find");
    if (!(aim.amount > 0) || !std::isfinite(aim.amount))
        throw input_error(fmt::format("a plan for {}", aim.amount),
                          "give a share of the forest above 0, a number of sites or a budget");
    if (aim.kind == siting::AimKind::goal && aim.amount > 1)
        throw input_error(fmt::format("a goal of {} of the forest", aim.amount),
                          "give a share: 0.5 for half of it");
    for (const auto& candidate : candidates)
        if (cost_counts(aim) && !(candidate.cost > 0))
            throw input_error(fmt::format("candidate '{}' has no cost", candidate.id),
                              "fill the field of costs, or give --cost for those without");
}

/// What all candidates would serve, with what is served already.
double reachable_area(const std::vector<double>& areas, const Coverage& before,
                      std::span<const siting::DemandSet> views) {
    std::vector<bool> seen(areas.size());
    for (const auto& view : views)
        view.visit([&](std::uint32_t cell) { seen[cell] = true; });
    double area = 0;
    for (std::size_t cell = 0; cell < areas.size(); ++cell)
        area += seen[cell] || before.times[cell] > 0 ? areas[cell] : 0;
    return area;
}

std::vector<CurvePoint> curve_of(const SitePlan& plan, const siting::CoverPlan& cover,
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

SitePlan plan_sites(const std::vector<double>& areas, std::span<const siting::DemandSet> existing,
                    const std::vector<Camera>& candidates, std::vector<siting::DemandSet> served,
                    std::span<const UnitLayer> units, const PlanAim& aim,
                    const Execution& execution) {
    check(candidates, aim);
    SitePlan plan;
    plan.aim = aim;
    auto served_by = pointers(existing);
    plan.before = coverage_of(served_by, areas, units);
    siting::Covering problem;
    problem.weights = areas;
    problem.candidates = std::move(served);
    problem.covered = seen_cells(plan.before);
    if (cost_counts(aim))
        for (const auto& candidate : candidates)
            problem.costs.push_back(candidate.cost);
    siting::Aim cover_aim{aim.kind, aim.amount};
    const double forest = plan.before.all.forest;
    const double reachable = reachable_area(areas, plan.before, problem.candidates);
    plan.reachable_share = reachable / forest;
    if (aim.kind == siting::AimKind::goal) {
        cover_aim.amount = aim.amount * forest;
        if (cover_aim.amount > reachable)
            throw Error{ErrorKind::infeasible,
                        fmt::format("{:.4g} % of the forest is out of reach: what is there and "
                                    "all {} candidates together reach {:.4g} %",
                                    100 * aim.amount, candidates.size(),
                                    100 * plan.reachable_share),
                        "lower the goal, or add candidates or range"};
    }
    const auto cover = siting::plan_cover(problem, cover_aim, execution);
    plan.sites = cover.sites;
    plan.bound = cover.bound;
    plan.gap = cover.gap;
    plan.curve = curve_of(plan, cover, candidates);
    for (const auto site : plan.sites)
        served_by.push_back(&problem.candidates[site]);
    plan.after = coverage_of(served_by, areas, units);
    return plan;
}

SitePlan plan_cameras(const Scene& scene, const std::vector<Camera>& existing,
                      const std::vector<Camera>& candidates, std::span<const UnitLayer> units,
                      const PlanAim& aim, const visibility::Sight& sight,
                      const Execution& execution) {
    require_distinct(existing, candidates);
    check(candidates, aim);
    // All at once, so that the heights are read once.
    auto all = existing;
    all.insert(all.end(), candidates.begin(), candidates.end());
    auto existing_views = views(all, scene, sight, execution);
    const auto first = existing_views.begin() + static_cast<std::ptrdiff_t>(existing.size());
    std::vector<siting::DemandSet> served{std::make_move_iterator(first),
                                          std::make_move_iterator(existing_views.end())};
    existing_views.erase(first, existing_views.end());
    auto plan = plan_sites(scene.forest.areas(), existing_views, candidates, std::move(served),
                           units, aim, execution);
    plan.before.target = sight.target;
    plan.after.target = sight.target;
    return plan;
}

} // namespace riskmap::forest
