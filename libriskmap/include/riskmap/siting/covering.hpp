// SPDX-License-Identifier: MIT
// Where sites cover most: maximal covering and its inverse, with a proven bound
// (../docs/method.md sections 14 and 15).
#pragma once

#include <cstddef>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/siting/demand_set.hpp>

namespace riskmap::siting {

/// Demands with weights, and candidates that cover sets of them.
struct Covering {
    std::vector<double> weights;       ///< of each demand, >= 0
    std::vector<DemandSet> candidates; ///< what each covers
    std::vector<double> costs; ///< of each candidate, > 0; empty: 1 each; AimKind::sites takes 1
    DemandSet covered;         ///< by sites that are there already
};

enum class AimKind {
    sites,  ///< most weight with `amount` sites
    budget, ///< most weight for costs of at most `amount`
    goal,   ///< least costs that cover at least a weight of `amount`, `covered` included
};

struct Aim {
    AimKind kind = AimKind::sites;
    double amount = 0;
};

struct CoverPlan {
    std::vector<std::size_t> sites; ///< candidates, each the one that adds most to those before
    std::vector<double> gains;      ///< weight that each adds to those before
    double covered_before = 0;
    double covered = 0;   ///< with all sites
    double reachable = 0; ///< with all candidates
    double cost = 0;
    /// Of a goal: no plan costs less. Else: no plan covers more.
    double bound = 0;
    /// How far the plan may be from the best one: |bound - reached| / reached.
    double gap = 0;
};

/// Greedy choice, then exchange of sites, beside a Lagrangian bound (demands that are covered
/// by several sites count once: that rule is priced). For a goal with costs of 1 the
/// bound is a whole number. The plan does not depend on threads.
/// \throws Error{infeasible}: a goal beyond what all candidates cover, saying how much that
/// is. Error{input}: no candidate covers anything, costs that are not positive.
/// Sources: Church and ReVelle 1974 (model); Galvao and ReVelle 1996 (Lagrangian bound).
[[nodiscard]] CoverPlan plan_cover(const Covering& problem, const Aim& aim,
                                   const Execution& execution = {});

} // namespace riskmap::siting
