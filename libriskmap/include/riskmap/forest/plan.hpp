// SPDX-License-Identifier: MIT
// Which cameras, or other sites that serve the forest, to add (../docs/method.md section 14).
#pragma once

#include <vector>

#include <riskmap/forest/coverage.hpp>
#include <riskmap/siting/covering.hpp>

namespace riskmap::forest {

enum class Least { sites, cost };

/// What a plan is for. Of a goal `amount` is a share of the forest, 0..1; of a budget it is in
/// the unit of the candidates' costs.
struct PlanAim {
    siting::AimKind kind = siting::AimKind::goal;
    double amount = 0.5;
    Least least = Least::sites; ///< of a goal: the fewest sites, or the cheapest
};

/// One step of the way from none of the new sites to all.
struct CurvePoint {
    std::size_t sites = 0;
    double cost = 0;    ///< of the sites so far; NaN where one is not known
    double gain_m2 = 0; ///< forest that the last site adds
    double seen_m2 = 0;
    double share = 0;
};

struct SitePlan {
    PlanAim aim;
    std::vector<std::size_t> sites; ///< of the candidates, each the one that adds most
    std::vector<CurvePoint> curve;  ///< from no new site on
    Coverage before;                ///< by what is there
    Coverage after;                 ///< by what is there, then the sites
    double reachable_share = 0;     ///< with all candidates
    /// Of a goal the fewest sites or the least cost that could do, else the most forest that
    /// could be seen (m2).
    double bound = 0;
    double gap = 0; ///< relative distance of plan and bound
};

/// Chooses among candidates of which each serves a set of forest cells, as what is there does.
/// `areas`: of the cells. \throws Error{infeasible} saying the most that can be reached;
/// Error{input}: no candidate, or one without cost where cost counts.
[[nodiscard]] SitePlan
plan_sites(const std::vector<double>& areas, std::span<const siting::DemandSet> existing,
           const std::vector<Camera>& candidates, std::vector<siting::DemandSet> served,
           std::span<const UnitLayer> units, const PlanAim& aim, const Execution& execution);

/// The same for cameras. \throws also as `views` and `require_distinct`.
[[nodiscard]] SitePlan plan_cameras(const Scene& scene, const std::vector<Camera>& existing,
                                    const std::vector<Camera>& candidates,
                                    std::span<const UnitLayer> units, const PlanAim& aim,
                                    const visibility::Sight& sight, const Execution& execution);

} // namespace riskmap::forest
