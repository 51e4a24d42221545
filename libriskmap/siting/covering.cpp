// SPDX-License-Identifier: MIT
#include <riskmap/siting/covering.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>

#include "bound.hpp"

namespace riskmap::siting {

namespace {

constexpr double close_enough = 5e-4;
constexpr int steps = 400;

class Planner {
  public:
    Planner(const Covering& problem, bool even, const Execution& execution)
        : m_small{reduced(problem, even, execution)}, m_execution{fitting(execution)},
          m_even{std::all_of(m_small.costs.begin(), m_small.costs.end(),
                             [&](double c) { return c == m_small.costs[0]; })} {
        for (const double cost : m_small.costs)
            if (!(cost > 0) || !std::isfinite(cost))
                throw input_error(fmt::format("a candidate costs {}", cost),
                                  "costs must be greater than 0");
    }

    CoverPlan within_budget(double budget) {
        if (m_small.candidates.empty())
            throw input_error("no candidate covers anything that is not covered already",
                              "check the candidates' places and ranges");
        if (m_small.candidates.size() <= few_candidates)
            return proven(described(best_of_all(m_small, {.budget = budget})));
        auto best = filled(budget);
        Relaxation relaxation{m_small, best, m_execution};
        improve(relaxation, best, {budget, 0, best.covered(), close_enough, 0, steps});
        if (relaxation.most_weight() > best.covered() * (1 + close_enough))
            shake(best, m_small, budget, m_execution);
        auto plan = described(best);
        plan.bound = std::max(relaxation.most_weight() + m_small.covered_before, plan.covered);
        plan.gap = plan.covered > 0 ? (plan.bound - plan.covered) / plan.covered : 0;
        return plan;
    }

    CoverPlan for_goal(double goal) {
        const double weight = goal - m_small.covered_before;
        if (weight > m_small.total * (1 + 1e-12))
            throw Error{
                ErrorKind::infeasible,
                fmt::format("the goal is out of reach: all candidates together cover {:.6g} "
                            "of the {:.6g} asked for",
                            m_small.total + m_small.covered_before, goal),
                "add candidates, or lower the goal"};
        Choice best{m_small};
        double least = 0;
        if (weight > 0 && m_small.candidates.size() <= few_candidates) {
            best = best_of_all(m_small, {.weight = weight});
            least = std::numeric_limits<double>::infinity(); // nothing is cheaper
        } else if (weight > 0) {
            add_greedily(best, m_small, {.weight = weight});
            drop_idle(best, m_small, weight);
            least = shortened(best, weight);
        }
        auto plan = described(best);
        plan.bound = std::min(least, plan.cost);
        plan.gap = plan.cost > 0 ? (plan.cost - plan.bound) / plan.cost : 0;
        return plan;
    }

  private:
    static CoverPlan proven(CoverPlan plan) {
        plan.bound = plan.covered;
        plan.gap = 0;
        return plan;
    }
    /// Threads cost more than they save on a small problem.
    [[nodiscard]] Execution fitting(Execution execution) const {
        constexpr std::size_t small = 100'000;
        std::size_t entries = 0;
        for (const auto& set : m_small.candidates)
            entries += set.size();
        if (entries < small)
            execution.threads = 1;
        return execution;
    }
    Choice filled(double budget) {
        Choice choice{m_small};
        add_greedily(choice, m_small, {.budget = budget});
        exchange(choice, m_small, budget, m_execution);
        add_greedily(choice, m_small, {.budget = budget});
        return choice;
    }

    /// Lowers the bound; each fill met on the way is a start for a better choice.
    void improve(Relaxation& relaxation, Choice& best, Question question) {
        double most_offered = 0;
        relaxation.descend(question, [&](std::span<const std::size_t> sites) {
            Choice choice{m_small};
            for (const auto j : sites)
                choice.add(j);
            add_greedily(choice, m_small, {.budget = question.budget});
            if (choice.covered() > std::max(most_offered, 0.97 * best.covered())) {
                most_offered = choice.covered();
                exchange(choice, m_small, question.budget, m_execution);
                if (choice.covered() > best.covered())
                    best = std::move(choice);
            }
        });
    }

    /// Seeks a cheaper choice for as long as the bound allows one; the bound on the cost.
    double shortened(Choice& best, double weight) {
        Relaxation relaxation{m_small, best, m_execution};
        // Something is asked for, so at least one site is needed.
        double least = *std::min_element(m_small.costs.begin(), m_small.costs.end());
        while (true) {
            // The next cheaper budget that could do.
            const double step = m_even ? m_small.costs[0] : best.cost() * 1e-3;
            const double budget = best.cost() - step;
            if (budget <= 0 || least > budget * (1 + 1e-9))
                break;
            auto shorter = filled(budget);
            if (!reaches(shorter.covered(), weight)) {
                Question question{budget, weight, shorter.covered(), 0, weight, steps};
                improve(relaxation, shorter, question);
                if (!reaches(shorter.covered(), weight) && relaxation.most_weight() >= weight)
                    shake(shorter, m_small, budget, m_execution);
                least = std::max(least, rounded_up(relaxation.least_cost()));
            }
            if (!reaches(shorter.covered(), weight))
                break;
            drop_idle(shorter, m_small, weight);
            best = std::move(shorter);
        }
        return least;
    }

    /// Costs that are all the same add up to multiples of one.
    [[nodiscard]] double rounded_up(double cost) const {
        return m_even ? std::ceil(cost / m_small.costs[0] - 1e-6) * m_small.costs[0] : cost;
    }

    /// In the order in which each adds most to those before.
    CoverPlan described(const Choice& choice) const {
        CoverPlan plan;
        plan.covered_before = m_small.covered_before;
        plan.reachable = m_small.covered_before + m_small.total;
        plan.covered = m_small.covered_before;
        Choice order{m_small};
        auto left = choice.sites();
        while (!left.empty()) {
            auto best = left.begin();
            double most = -1;
            for (auto site = left.begin(); site != left.end(); ++site)
                if (const double gain = order.gain(*site); gain > most) {
                    most = gain;
                    best = site;
                }
            plan.sites.push_back(m_small.origin[*best]);
            plan.gains.push_back(most);
            plan.covered += most;
            plan.cost += m_small.costs[*best];
            order.add(*best);
            left.erase(best);
        }
        return plan;
    }

    Reduced m_small;
    Execution m_execution;
    bool m_even;
};

} // namespace

CoverPlan plan_cover(const Covering& problem, const Aim& aim, const Execution& execution) {
    Planner planner{problem, aim.kind == AimKind::sites, execution};
    switch (aim.kind) {
    case AimKind::sites:
    case AimKind::budget:
        return planner.within_budget(aim.amount);
    case AimKind::goal:
        return planner.for_goal(aim.amount);
    }
    return {};
}

} // namespace riskmap::siting
