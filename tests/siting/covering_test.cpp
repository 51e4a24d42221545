// SPDX-License-Identifier: MIT
#include <riskmap/siting/covering.hpp>

#include <random>
#include <set>

#include "support.hpp"

namespace riskmap::test {
namespace {

using siting::Aim;
using siting::AimKind;
using siting::Covering;
using siting::CoverPlan;
using siting::DemandSet;
using siting::plan_cover;

/// Demands and candidates in a square; each covers what lies within a radius.
Covering random_problem(unsigned seed, std::size_t demands, std::size_t candidates, double radius) {
    std::mt19937 random{seed};
    std::uniform_real_distribution<double> any{0, 1};
    Covering problem;
    std::vector<Point> places(demands);
    for (auto& place : places) {
        place = {any(random), any(random)};
        problem.weights.push_back(0.5 + any(random));
    }
    for (std::size_t j = 0; j < candidates; ++j) {
        const Point site{any(random), any(random)};
        DemandSet set;
        for (std::uint32_t i = 0; i < demands; ++i)
            if (std::hypot(places[i].x - site.x, places[i].y - site.y) <= radius)
                set.add(i);
        problem.candidates.push_back(set);
        problem.costs.push_back(1 + any(random));
    }
    for (std::uint32_t i = 0; i < demands; i += 17)
        problem.covered.add(i);
    return problem;
}

double weight_of(const Covering& problem, const std::vector<std::size_t>& sites) {
    std::vector<bool> covered(problem.weights.size());
    problem.covered.visit([&](std::uint32_t i) { covered[i] = true; });
    for (const auto j : sites)
        problem.candidates[j].visit([&](std::uint32_t i) { covered[i] = true; });
    double sum = 0;
    for (std::size_t i = 0; i < covered.size(); ++i)
        sum += covered[i] ? problem.weights[i] : 0;
    return sum;
}

/// All choices of candidates, one after the other.
struct Best {
    double weight = 0;
    double cost = std::numeric_limits<double>::infinity();
};
Best exhaustive(const Covering& problem, const Aim& aim) {
    Best best;
    const std::size_t n = problem.candidates.size();
    for (std::size_t choice = 0; choice < std::size_t{1} << n; ++choice) {
        std::vector<std::size_t> sites;
        double cost = 0;
        for (std::size_t j = 0; j < n; ++j)
            if ((choice >> j & 1U) != 0) {
                sites.push_back(j);
                cost += aim.kind == AimKind::sites || problem.costs.empty() ? 1 : problem.costs[j];
            }
        if (aim.kind != AimKind::goal && cost > aim.amount)
            continue;
        const double weight = weight_of(problem, sites);
        if (aim.kind != AimKind::goal)
            best.weight = std::max(best.weight, weight);
        else if (weight >= aim.amount)
            best.cost = std::min(best.cost, cost);
    }
    return best;
}

void expect_consistent(const Covering& problem, const CoverPlan& plan) {
    EXPECT_NEAR(plan.covered, weight_of(problem, plan.sites), 1e-9 * plan.covered);
    double covered = plan.covered_before;
    for (std::size_t s = 0; s < plan.sites.size(); ++s) {
        EXPECT_GT(plan.gains[s], 0);
        if (s > 0) {
            EXPECT_LE(plan.gains[s], plan.gains[s - 1] + 1e-12);
        }
        covered += plan.gains[s];
    }
    EXPECT_NEAR(covered, plan.covered, 1e-9 * covered);
    EXPECT_EQ(std::set<std::size_t>(plan.sites.begin(), plan.sites.end()).size(),
              plan.sites.size());
    EXPECT_GE(plan.gap, 0);
}

TEST(Covering, IsNearTheBestOfAllChoicesAndItsBoundHolds) {
    double worst = 0;
    for (unsigned seed = 1; seed <= 25; ++seed) {
        const auto problem = random_problem(seed, 150, 14, 0.25);
        for (const double n : {1.0, 3.0, 6.0}) {
            const auto best = exhaustive(problem, {AimKind::sites, n});
            const auto plan = plan_cover(problem, {AimKind::sites, n});
            expect_consistent(problem, plan);
            EXPECT_LE(plan.sites.size(), static_cast<std::size_t>(n));
            EXPECT_GE(plan.bound, best.weight * (1 - 1e-12)) << seed;
            EXPECT_LE(plan.covered, best.weight * (1 + 1e-12)) << seed;
            worst = std::max(worst, 1 - plan.covered / best.weight);
        }
        const auto best = exhaustive(problem, {AimKind::budget, 4.5});
        const auto plan = plan_cover(problem, {AimKind::budget, 4.5});
        expect_consistent(problem, plan);
        EXPECT_LE(plan.cost, 4.5);
        EXPECT_GE(plan.bound, best.weight * (1 - 1e-12)) << seed;
        EXPECT_LE(plan.covered, best.weight * (1 + 1e-12)) << seed;
        worst = std::max(worst, 1 - plan.covered / best.weight);
    }
    EXPECT_LE(worst, 0.02);
}

TEST(Covering, ReachesAGoalAtNearlyTheLeastCost) {
    double worst = 0;
    for (unsigned seed = 1; seed <= 25; ++seed) {
        auto problem = random_problem(seed + 100, 150, 14, 0.25);
        std::vector<std::size_t> all(14);
        for (std::size_t j = 0; j < 14; ++j)
            all[j] = j;
        const double reachable = weight_of(problem, all);
        for (const double share : {0.5, 0.8, 1.0}) {
            const Aim aim{AimKind::goal, share * reachable};
            const auto best = exhaustive(problem, aim);
            const auto plan = plan_cover(problem, aim);
            expect_consistent(problem, plan);
            EXPECT_GE(plan.covered, aim.amount * (1 - 1e-12));
            EXPECT_GE(plan.cost, best.cost * (1 - 1e-12));
            EXPECT_LE(plan.bound, best.cost * (1 + 1e-12)) << seed;
            worst = std::max(worst, plan.cost / best.cost - 1);
            EXPECT_NEAR(plan.reachable, reachable, 1e-9 * reachable);
        }
        problem.costs.clear();
        const Aim aim{AimKind::goal, 0.8 * reachable};
        const auto best = exhaustive(problem, aim);
        const auto plan = plan_cover(problem, aim);
        EXPECT_EQ(static_cast<double>(plan.sites.size()), best.cost) << seed;
        EXPECT_LE(plan.bound, best.cost);
        EXPECT_EQ(plan.bound, std::floor(plan.bound)); // whole sites
    }
    EXPECT_LE(worst, 0.08);
}

TEST(Covering, OfAFewCandidatesIsTheBestOfAllChoices) {
    for (unsigned seed = 1; seed <= 10; ++seed) {
        const auto problem = random_problem(seed, 200, 9, 0.3);
        const auto most = plan_cover(problem, {AimKind::budget, 5});
        expect_consistent(problem, most);
        EXPECT_NEAR(most.covered, exhaustive(problem, {AimKind::budget, 5}).weight, 1e-9);
        EXPECT_EQ(most.gap, 0);
        const Aim aim{AimKind::goal, 0.7 * most.reachable};
        const auto least = plan_cover(problem, aim);
        expect_consistent(problem, least);
        EXPECT_NEAR(least.cost, exhaustive(problem, aim).cost, 1e-9);
        EXPECT_EQ(least.gap, 0);
    }
}

TEST(Covering, ClosesTheGapWhereManyCandidatesOverlap) {
    const auto problem = random_problem(7, 4000, 200, 0.09);
    for (const double n : {10.0, 30.0}) {
        const auto plan = plan_cover(problem, {AimKind::sites, n});
        expect_consistent(problem, plan);
        EXPECT_LE(plan.gap, 0.03);
    }
}

TEST(Covering, GrowsWithTheNumberOfSites) {
    const auto problem = random_problem(3, 1000, 60, 0.12);
    double before = 0;
    for (double n = 1; n <= 20; ++n) {
        const auto plan = plan_cover(problem, {AimKind::sites, n});
        EXPECT_GE(plan.covered, before);
        EXPECT_GE(plan.bound, plan.covered);
        before = plan.covered;
    }
}

TEST(Covering, DoesNotDependOnThreads) {
    const auto problem = random_problem(5, 3000, 150, 0.1);
    Execution one;
    one.threads = 1;
    Execution four;
    four.threads = 4;
    for (const Aim& aim :
         {Aim{AimKind::sites, 25}, Aim{AimKind::budget, 30}, Aim{AimKind::goal, 0.6 * 3000}}) {
        const auto a = plan_cover(problem, aim, one);
        const auto b = plan_cover(problem, aim, four);
        EXPECT_EQ(a.sites, b.sites);
        EXPECT_EQ(a.bound, b.bound);
        EXPECT_EQ(a.covered, b.covered);
    }
}

TEST(Covering, TheBoundHoldsInLittleMemory) {
    // Too little for districts: candidates are priced one by one.
    const auto problem = random_problem(11, 150, 14, 0.25);
    Execution small;
    small.memory_bytes = 100;
    const auto best = exhaustive(problem, {AimKind::sites, 4});
    const auto plan = plan_cover(problem, {AimKind::sites, 4}, small);
    EXPECT_GE(plan.bound, best.weight * (1 - 1e-12));
    EXPECT_GE(plan.covered, 0.98 * best.weight);
}

TEST(Covering, SaysWhatCannotBeReached) {
    const auto problem = random_problem(1, 100, 5, 0.1);
    expect_error(ErrorKind::infeasible, "out of reach", [&] {
        (void)plan_cover(problem, {AimKind::goal, 1000});
    });
    auto useless = problem;
    for (auto& set : useless.candidates)
        set = {};
    expect_error(ErrorKind::input, "no candidate", [&] {
        (void)plan_cover(useless, {AimKind::sites, 3});
    });
    auto free = problem;
    free.costs[2] = 0;
    expect_error(ErrorKind::input, "greater than 0", [&] {
        (void)plan_cover(free, {AimKind::budget, 3});
    });
}

TEST(Covering, AGoalThatIsReachedAlreadyNeedsNoSite) {
    const auto problem = random_problem(2, 100, 5, 0.2);
    const auto plan = plan_cover(problem, {AimKind::goal, 1});
    EXPECT_TRUE(plan.sites.empty());
    EXPECT_EQ(plan.cost, 0);
    EXPECT_EQ(plan.gap, 0);
}

TEST(DemandSet, HoldsWhatWasAdded) {
    const std::vector<std::uint32_t> numbers{0, 1, 63, 64, 200, 4'000'000'000U};
    const DemandSet set{numbers};
    std::vector<std::uint32_t> back;
    set.visit([&](std::uint32_t i) { back.push_back(i); });
    EXPECT_EQ(back, numbers);
    EXPECT_EQ(set.size(), 6U);
    EXPECT_EQ(set.words(), 4U);
    EXPECT_FALSE(set.may_meet(DemandSet{}));
    EXPECT_TRUE(set.may_meet(DemandSet{std::vector<std::uint32_t>{300}}));
    EXPECT_FALSE(DemandSet{std::vector<std::uint32_t>{3}}.may_meet(
        DemandSet{std::vector<std::uint32_t>{300}}));
}

TEST(Covering, OneSiteThatIsEnoughIsProvenToBe) {
    Covering problem;
    problem.weights = {5, 3, 2};
    for (const auto& cells : {std::vector<std::uint32_t>{0, 1, 2}, {0}, {1, 2}}) {
        DemandSet set;
        for (const auto cell : cells)
            set.add(cell);
        set.close();
        problem.candidates.push_back(std::move(set));
    }
    for (const double goal : {4.0, 9.0, 10.0}) {
        const auto plan = plan_cover(problem, {AimKind::goal, goal});
        EXPECT_EQ(plan.sites.size(), 1U);
        EXPECT_EQ(plan.bound, 1);
        EXPECT_EQ(plan.gap, 0);
    }
    // With costs no plan is cheaper than the cheapest site.
    problem.costs = {7, 2, 6};
    const auto plan = plan_cover(problem, {AimKind::goal, 1});
    EXPECT_EQ(plan.cost, 2);
    EXPECT_EQ(plan.bound, 2);
    EXPECT_EQ(plan.gap, 0);
}

} // namespace
} // namespace riskmap::test
