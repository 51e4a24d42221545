// SPDX-License-Identifier: MIT
// Each model beside all choices there are, on small random cases.
#include <riskmap/siting/models.hpp>

#include <bit>
#include <functional>
#include <map>
#include <numeric>
#include <random>

#include <riskmap/siting/benchmark.hpp>

#include "random_problem.hpp"
#include "support.hpp"

namespace riskmap::test {
namespace {

using siting::Answer;
using siting::Limits;
using siting::Problem;
using siting::Role;

constexpr double infinity = std::numeric_limits<double>::infinity();

const siting::Model& model(std::string_view name) {
    for (const auto& row : siting::models())
        if (row.name == name)
            return row;
    throw std::runtime_error("no such model");
}

bool linked(const Problem& problem, std::size_t j, std::uint32_t i) {
    const auto list = problem.links.demands(j);
    return std::find(list.begin(), list.end(), i) != list.end();
}

double cost_of(const Problem& problem, std::size_t j, std::uint32_t i) {
    const auto list = problem.links.demands(j);
    const auto at = std::find(list.begin(), list.end(), i);
    return at == list.end() ? infinity
                            : problem.links.costs(j)[static_cast<std::size_t>(at - list.begin())];
}

/// Calls visit(open) for every choice that keeps roles, number, budget and quotas.
void all_choices(const Problem& problem, bool exactly,
                 const std::function<void(const std::vector<bool>&)>& visit) {
    const std::size_t n = problem.links.candidates();
    for (std::uint32_t bits = 0; bits < std::uint32_t{1} << n; ++bits) {
        std::vector<bool> chosen(n);
        std::size_t number = 0;
        double cost = 0;
        bool allowed = true;
        for (std::size_t j = 0; j < n; ++j) {
            chosen[j] = (bits >> j & 1U) != 0;
            const auto role = problem.role(j);
            if ((role == Role::existing || role == Role::forbidden) && chosen[j])
                allowed = false;
            if (role == Role::forced && !chosen[j])
                allowed = false;
            number += chosen[j] ? 1 : 0;
            cost += chosen[j] && !problem.costs.empty() ? problem.costs[j] : 0;
        }
        if (problem.sites && (exactly ? number != *problem.sites : number > *problem.sites))
            allowed = false;
        if (problem.budget && cost > *problem.budget + 1e-9)
            allowed = false;
        for (const auto& quota : problem.quotas) {
            std::size_t there = 0;
            for (const auto j : quota.candidates)
                there += chosen[j] ? 1 : 0;
            if (there < quota.least || there > quota.most)
                allowed = false;
        }
        if (!allowed)
            continue;
        for (std::size_t j = 0; j < n; ++j)
            if (problem.role(j) == Role::existing)
                chosen[j] = true;
        visit(chosen);
    }
}

double covered(const Problem& problem, const std::vector<bool>& open) {
    double sum = 0;
    for (std::uint32_t i = 0; i < problem.weights.size(); ++i) {
        int times = 0;
        for (std::size_t j = 0; j < open.size(); ++j)
            times += open[j] && linked(problem, j, i) ? 1 : 0;
        sum += times == 0   ? 0
               : times == 1 ? problem.weights[i] * (1 - problem.backup)
                            : problem.weights[i];
    }
    return sum;
}

/// The most weight that capacities let open sites serve: least of all cuts, by trying all sets of
/// sites (Hall's condition for flows).
double served_within_capacities(const Problem& problem, const std::vector<bool>& open) {
    std::vector<std::size_t> sites;
    for (std::size_t j = 0; j < open.size(); ++j)
        if (open[j])
            sites.push_back(j);
    double least = infinity;
    for (std::uint32_t cut = 0; cut < std::uint32_t{1} << sites.size(); ++cut) {
        // Sites in the cut give all their room; demands linked to others give all their weight.
        double flow = 0;
        for (std::size_t s = 0; s < sites.size(); ++s)
            if ((cut >> s & 1U) != 0)
                flow += problem.capacities[sites[s]];
        for (std::uint32_t i = 0; i < problem.weights.size(); ++i) {
            bool outside = false;
            for (std::size_t s = 0; s < sites.size(); ++s)
                outside = outside || ((cut >> s & 1U) == 0 && linked(problem, sites[s], i));
            flow += outside ? problem.weights[i] : 0;
        }
        least = std::min(least, flow);
    }
    return least;
}

bool keeps_minimums(const Problem& problem, const std::vector<bool>& open) {
    for (const auto& minimum : problem.minimums) {
        double sum = 0;
        for (const auto i : minimum.demands)
            for (std::size_t j = 0; j < open.size(); ++j)
                if (open[j] && linked(problem, j, i)) {
                    sum += problem.weights[i];
                    break;
                }
        if (sum < minimum.least - 1e-9)
            return false;
    }
    return true;
}

double existing_alone(const Problem& problem,
                      const std::function<double(const std::vector<bool>&)>& value) {
    std::vector<bool> open(problem.links.candidates());
    for (std::size_t j = 0; j < open.size(); ++j)
        open[j] = problem.role(j) == Role::existing;
    return value(open);
}

void expect_proven(const char* name, const Problem& problem, const Answer& answer, double best,
                   unsigned seed) {
    EXPECT_NEAR(answer.objective, best, 1e-6 * std::max(1.0, std::abs(best)))
        << name << ", seed " << seed;
    EXPECT_NEAR(answer.bound, best, 1e-6 * std::max(1.0, std::abs(best)))
        << name << ", seed " << seed;
    EXPECT_TRUE(answer.optimal) << name << ", seed " << seed;
    EXPECT_EQ(siting::fault_of(model(name), problem, answer), "") << name << ", seed " << seed;
}

TEST(CoverMost, FindsWhatAllChoicesFind) {
    for (unsigned seed = 1; seed <= 60; ++seed) {
        auto problem = random_problem(seed, {30, 11, 0.25, seed % 2 == 0});
        problem.sites = 1 + seed % 5;
        problem.roles.assign(11, Role::free);
        problem.roles[seed % 11] = Role::existing;
        problem.roles[(seed + 3) % 11] = Role::forbidden;
        if (seed % 3 == 0)
            problem.roles[(seed + 5) % 11] = Role::forced;
        const auto value = [&](const std::vector<bool>& open) { return covered(problem, open); };
        double best = 0;
        all_choices(problem, false, [&](const auto& open) { best = std::max(best, value(open)); });
        const auto answer = siting::cover_most(problem);
        EXPECT_NEAR(answer.before, existing_alone(problem, value), 1e-9);
        expect_proven("mclp", problem, answer, best - answer.before, seed);
    }
}

TEST(CoverMost, KeepsBudgets) {
    for (unsigned seed = 1; seed <= 40; ++seed) {
        auto problem = random_problem(seed, {});
        std::mt19937 random{seed};
        std::uniform_real_distribution<double> any{1, 3};
        for (int j = 0; j < 11; ++j)
            problem.costs.push_back(any(random));
        if (seed % 4 == 0) // some are free
            problem.costs[0] = problem.costs[seed % 11] = 0;
        problem.budget = 2 + seed % 7;
        if (seed % 2 == 0)
            problem.sites = 3;
        double best = 0;
        all_choices(problem, false,
                    [&](const auto& open) { best = std::max(best, covered(problem, open)); });
        expect_proven("mclp", problem, siting::cover_most(problem), best, seed);
    }
}

TEST(CoverMost, KeepsQuotasAndMinimums) {
    int infeasible = 0;
    for (unsigned seed = 1; seed <= 60; ++seed) {
        auto problem = random_problem(seed, {30, 11, 0.25, true});
        problem.sites = 3 + seed % 3;
        problem.quotas = {{"north", {0, 1, 2, 3}, 1 + seed % 2, 2}, {"south", {4, 5, 6}, 0, 1}};
        if (seed % 2 == 0) {
            siting::Minimum minimum{"west", {}, 0};
            for (std::uint32_t i = 0; i < 10; ++i)
                minimum.demands.push_back(i);
            minimum.least = 10.0 * (1 + seed % 7);
            problem.minimums = {minimum};
            problem.roles.assign(11, Role::free);
            problem.roles[7 + seed % 4] = seed % 4 == 0 ? Role::existing : Role::forced;
        }
        double best = -1;
        all_choices(problem, false, [&](const auto& open) {
            if (keeps_minimums(problem, open))
                best = std::max(best, covered(problem, open));
        });
        if (best < 0) {
            ++infeasible;
            expect_error(ErrorKind::infeasible, "smallest change",
                         [&] { (void)siting::cover_most(problem); });
            continue;
        }
        const double before = existing_alone(
            problem, [&](const std::vector<bool>& open) { return covered(problem, open); });
        expect_proven("mclp", problem, siting::cover_most(problem), best - before, seed);
    }
    EXPECT_GT(infeasible, 0);
    EXPECT_LT(infeasible, 30);
}

TEST(CoverMost, ForcedSitesCountTowardsQuotasAndBudgets) {
    int infeasible = 0;
    int bound_by_budget = 0;
    for (unsigned seed = 1; seed <= 80; ++seed) {
        auto problem = random_problem(seed, {30, 11, 0.25, true});
        std::mt19937 random{seed};
        for (int j = 0; j < 11; ++j)
            problem.costs.push_back(1 + static_cast<double>(random() % 3));
        problem.roles.assign(11, Role::free);
        problem.roles[seed % 4] = Role::forced; // in the north
        if (seed % 3 == 0)
            problem.roles[4 + seed % 3] = Role::forced;
        problem.quotas = {{"north", {0, 1, 2, 3}, 1 + seed % 2, 2}, {"south", {4, 5, 6}, 0, 1}};
        if (seed % 4 != 0)
            problem.sites = 3 + seed % 3;
        if (seed % 4 != 1)
            problem.budget = 4 + seed % 4;
        double best = -1;
        all_choices(problem, false,
                    [&](const auto& open) { best = std::max(best, covered(problem, open)); });
        if (best < 0) {
            ++infeasible;
            EXPECT_THROW((void)siting::cover_most(problem), Error) << seed;
            continue;
        }
        bound_by_budget += problem.budget ? 1 : 0;
        expect_proven("mclp", problem, siting::cover_most(problem), best, seed);
    }
    EXPECT_LT(infeasible, 20);
    EXPECT_GT(bound_by_budget, 20);
}

TEST(CoverMost, KeepsAQuotaWhereThereIsNoTimeForExactSearch) {
    for (unsigned seed = 1; seed <= 6; ++seed) {
        auto problem = random_problem(seed, {3000, 300, 0.08, true});
        problem.sites = 12;
        // The twenty that serve the fewest must have ten of the twelve sites.
        std::vector<std::uint32_t> order(300);
        std::iota(order.begin(), order.end(), 0);
        std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) {
            return problem.links.demands(a).size() < problem.links.demands(b).size();
        });
        problem.quotas = {{"poor", {order.begin(), order.begin() + 20}, 10, 12}};
        Limits hurried;
        hurried.seconds = 0;
        const auto answer = siting::cover_most(problem, hurried);
        EXPECT_EQ(siting::fault_of(model("mclp"), problem, answer), "") << seed;
        EXPECT_LE(answer.objective, answer.bound + 1e-9) << seed;
    }
}

/// Most that `number` of at most 64 candidates serve of at most 64 demands, those that are forced
/// among them, by trying all.
double most_of_all(const Problem& problem, std::size_t number) {
    std::vector<std::uint64_t> serves(problem.links.candidates());
    for (std::size_t j = 0; j < serves.size(); ++j)
        for (const auto i : problem.links.demands(j))
            serves[j] |= std::uint64_t{1} << i;
    double best = 0;
    const std::function<void(std::size_t, std::size_t, std::uint64_t, double)> go =
        [&](std::size_t from, std::size_t left, std::uint64_t seen, double sum) {
            best = std::max(best, sum);
            if (left == 0)
                return;
            for (std::size_t j = from; j < serves.size(); ++j) {
                double more = 0;
                for (auto fresh = serves[j] & ~seen; fresh != 0; fresh &= fresh - 1)
                    more += problem.weights[static_cast<std::size_t>(std::countr_zero(fresh))];
                if (more > 0)
                    go(j + 1, left - 1, seen | serves[j], sum + more);
            }
        };
    std::uint64_t forced = 0;
    for (std::size_t j = 0; j < serves.size(); ++j)
        if (problem.role(j) == Role::forced) {
            forced |= serves[j];
            --number;
        }
    double sum = 0;
    for (std::size_t i = 0; i < problem.weights.size(); ++i)
        sum += (forced >> i & 1U) != 0 ? problem.weights[i] : 0;
    go(0, number, forced, sum);
    return best;
}

/// What is called optimal is; what is not has a bound that holds. Weights are alike, so that
/// greedy choices and exchanges end a person or two below the best.
TEST(CoverMost, NothingIsCalledOptimalThatIsNot) {
    for (unsigned seed = 1; seed <= 300; ++seed) {
        auto problem = random_problem(seed, {60, 20, 0.2 + 0.01 * (seed % 8), true});
        for (auto& weight : problem.weights)
            weight = seed % 2 == 0 ? 1 : 1 + std::fmod(weight, 2);
        problem.sites = 6 + seed % 3;
        if (seed % 5 == 0) {
            problem.roles.assign(20, Role::free);
            problem.roles[seed % 20] = problem.roles[(seed + 7) % 20] = Role::forced;
        }
        const double best = most_of_all(problem, *problem.sites);
        Limits hurried;
        hurried.seconds = 0;
        for (const auto& limits : {Limits{}, hurried}) {
            const auto answer = siting::cover_most(problem, limits);
            EXPECT_LE(answer.objective, best + 1e-9) << seed;
            EXPECT_GE(answer.bound, best - 1e-9) << seed;
            if (answer.optimal) {
                EXPECT_NEAR(answer.objective, best, 1e-9) << seed;
            }
        }
    }
}

TEST(CoverMost, CountsSecondSites) {
    for (unsigned seed = 1; seed <= 40; ++seed) {
        auto problem = random_problem(seed, {30, 10, 0.3, true});
        problem.sites = 2 + seed % 3;
        problem.backup = seed % 2 == 0 ? 0.25 : 0.5;
        problem.roles.assign(10, Role::free);
        problem.roles[seed % 10] = Role::existing;
        const auto value = [&](const std::vector<bool>& open) { return covered(problem, open); };
        double best = 0;
        all_choices(problem, false, [&](const auto& open) { best = std::max(best, value(open)); });
        expect_proven("mclp", problem, siting::cover_most(problem),
                      best - existing_alone(problem, value), seed);
    }
}

TEST(CoverMost, KeepsCapacities) {
    for (unsigned seed = 1; seed <= 40; ++seed) {
        auto problem = random_problem(seed, {24, 9, 0.4, true});
        problem.sites = 2 + seed % 3;
        std::mt19937 random{seed};
        for (int j = 0; j < 9; ++j)
            problem.capacities.push_back(20 + static_cast<double>(random() % 60));
        problem.roles.assign(9, Role::free);
        problem.roles[seed % 9] = Role::existing;
        if (seed % 4 == 0)
            problem.roles[(seed + 1) % 9] = Role::forced;
        const auto value = [&](const std::vector<bool>& open) {
            return served_within_capacities(problem, open);
        };
        double best = 0;
        all_choices(problem, false, [&](const auto& open) { best = std::max(best, value(open)); });
        const auto answer = siting::cover_most(problem);
        EXPECT_NEAR(answer.before, existing_alone(problem, value), 1e-6);
        expect_proven("mclp", problem, answer, best - answer.before, seed);
    }
}

TEST(CoverMost, SaysHowFarQuotasMustGiveWay) {
    auto problem = random_problem(5, {});
    problem.sites = 2;
    problem.quotas = {{"越城", {0, 1, 2}, 2, 3}, {"柯桥", {3, 4}, 2, 3}};
    expect_error(ErrorKind::infeasible, "instead of 2", [&] { (void)siting::cover_most(problem); });
    problem.sites = 6;
    problem.quotas = {{"越城", {0, 1, 2}, 5, 9}};
    expect_error(ErrorKind::infeasible, "'越城': at least 3 instead of 5",
                 [&] { (void)siting::cover_most(problem); });
}

TEST(CoverAll, FindsTheFewestAndTheCheapest) {
    for (unsigned seed = 1; seed <= 40; ++seed) {
        auto problem = random_problem(seed, {25, 11, 0.45, true});
        problem.roles.assign(11, Role::free);
        problem.roles[seed % 11] = Role::existing;
        if (seed % 3 == 0)
            problem.roles[(seed + 4) % 11] = Role::forced;
        if (seed % 2 == 0)
            for (int j = 0; j < 11; ++j)
                problem.costs.push_back(1 + (seed + 5U * static_cast<unsigned>(j)) % 7 * 0.5);
        if (seed % 4 == 0) // the first ones are free
            problem.costs[0] = problem.costs[1] = 0;
        double all = 0;
        std::vector<bool> reachable(25);
        for (std::size_t j = 0; j < 11; ++j)
            for (const auto i : problem.links.demands(j))
                reachable[i] = true;
        bool every = true;
        for (std::size_t i = 0; i < 25; ++i) {
            all += problem.weights[i];
            every = every && (reachable[i] || problem.weights[i] == 0);
        }
        if (!every) {
            expect_error(ErrorKind::infeasible, "out of reach",
                         [&] { (void)siting::cover_all(problem); });
            continue;
        }
        double best = infinity;
        all_choices(problem, false, [&](const auto& open) {
            if (covered(problem, open) < all - 1e-9)
                return;
            double cost = 0;
            for (std::size_t j = 0; j < 11; ++j)
                if (open[j] && problem.role(j) != Role::existing)
                    cost += problem.costs.empty() ? 1 : problem.costs[j];
            best = std::min(best, cost);
        });
        expect_proven("lscp", problem, siting::cover_all(problem), best, seed);
    }
}

TEST(Median, FindsWhatAllChoicesFind) {
    for (unsigned seed = 1; seed <= 60; ++seed) {
        auto problem = random_problem(seed, {30, 11, seed % 3 == 0 ? 0.7 : 2.0, seed % 2 == 0});
        problem.sites = 1 + seed % 5;
        problem.roles.assign(11, Role::free);
        if (seed % 4 == 1)
            problem.roles[seed % 11] = Role::existing;
        if (seed % 4 == 2)
            problem.roles[seed % 11] = Role::forced;
        problem.roles[(seed + 3) % 11] = Role::forbidden;
        double best = infinity;
        all_choices(problem, true, [&](const auto& open) {
            double sum = 0;
            for (std::uint32_t i = 0; i < problem.weights.size(); ++i) {
                double least = infinity;
                for (std::size_t j = 0; j < open.size(); ++j)
                    if (open[j])
                        least = std::min(least, cost_of(problem, j, i));
                sum += problem.weights[i] > 0 ? problem.weights[i] * least : 0;
            }
            best = std::min(best, sum);
        });
        if (std::isinf(best)) {
            expect_error(ErrorKind::infeasible, "out of reach",
                         [&] { (void)siting::median(problem); });
            continue;
        }
        expect_proven("p-median", problem, siting::median(problem), best, seed);
    }
}

TEST(Center, FindsWhatAllChoicesFind) {
    for (unsigned seed = 1; seed <= 40; ++seed) {
        auto problem = random_problem(seed, {30, 10, 2, true});
        problem.sites = 1 + seed % 5;
        problem.roles.assign(10, Role::free);
        if (seed % 3 == 1)
            problem.roles[seed % 10] = Role::existing;
        if (seed % 3 == 2)
            problem.roles[seed % 10] = Role::forced;
        double best = infinity;
        all_choices(problem, true, [&](const auto& open) {
            double greatest = 0;
            for (std::uint32_t i = 0; i < problem.weights.size(); ++i) {
                double least = infinity;
                for (std::size_t j = 0; j < open.size(); ++j)
                    if (open[j])
                        least = std::min(least, cost_of(problem, j, i));
                greatest = std::max(greatest, problem.weights[i] > 0 ? least : 0);
            }
            best = std::min(best, greatest);
        });
        expect_proven("p-center", problem, siting::center(problem), best, seed);
    }
}

/// The least cost of giving each demand whole to an open site with room, by trying all ways.
double best_allotment(const Problem& problem, const std::vector<std::size_t>& sites,
                      std::vector<double>& room, std::uint32_t i, double so_far, double best) {
    if (so_far >= best)
        return best;
    if (i == problem.weights.size())
        return so_far;
    if (problem.weights[i] == 0)
        return best_allotment(problem, sites, room, i + 1, so_far, best);
    for (const auto j : sites) {
        const double cost = cost_of(problem, j, i);
        if (room[j] < problem.weights[i] || std::isinf(cost))
            continue;
        room[j] -= problem.weights[i];
        best =
            best_allotment(problem, sites, room, i + 1, so_far + cost * problem.weights[i], best);
        room[j] += problem.weights[i];
    }
    return best;
}

TEST(CapacitatedMedian, FindsWhatAllChoicesFind) {
    int feasible = 0;
    for (unsigned seed = 1; seed <= 25; ++seed) {
        auto problem = random_problem(seed, {10, 6, 2, true});
        problem.sites = 2 + seed % 2;
        const double all = std::accumulate(problem.weights.begin(), problem.weights.end(), 0.0);
        problem.capacities.assign(6, std::ceil(all / static_cast<double>(*problem.sites) * 1.15));
        double best = infinity;
        all_choices(problem, true, [&](const auto& open) {
            std::vector<std::size_t> sites;
            for (std::size_t j = 0; j < open.size(); ++j)
                if (open[j])
                    sites.push_back(j);
            auto room = problem.capacities;
            best = best_allotment(problem, sites, room, 0, 0, best);
        });
        if (std::isinf(best)) {
            expect_error(ErrorKind::infeasible, "room",
                         [&] { (void)siting::capacitated_median(problem); });
            continue;
        }
        ++feasible;
        expect_proven("cpmp", problem, siting::capacitated_median(problem), best, seed);
    }
    EXPECT_GT(feasible, 10);
}

TEST(Models, BoundsHoldWhenTimeIsUp) {
    auto problem = random_problem(3, {400, 120, 0.12, true});
    problem.sites = 20;
    const auto proven = siting::cover_most(problem);
    EXPECT_TRUE(proven.optimal);
    Limits hurried;
    hurried.seconds = 0;
    const auto quick = siting::cover_most(problem, hurried);
    EXPECT_EQ(siting::fault_of(model("mclp"), problem, quick), "");
    EXPECT_LE(quick.objective, proven.objective);
    EXPECT_GE(quick.bound, proven.objective);
    EXPECT_TRUE(std::isfinite(quick.bound));

    auto far = random_problem(4, {150, 100, 2, false});
    far.sites = 8;
    const auto best = siting::median(far);
    const auto first = siting::median(far, hurried);
    EXPECT_EQ(siting::fault_of(model("p-median"), far, first), "");
    EXPECT_GE(first.objective, best.objective * (1 - 1e-9));
    EXPECT_LE(first.bound, best.objective * (1 + 1e-9));
}

TEST(Models, AnswersDoNotDependOnThreads) {
    auto problem = random_problem(7, {1500, 150, 0.15, false});
    problem.sites = 12;
    Execution one;
    one.threads = 1;
    Execution four;
    four.threads = 4;
    const auto a = siting::cover_most(problem, {}, one);
    const auto b = siting::cover_most(problem, {}, four);
    EXPECT_EQ(a.sites, b.sites);
    EXPECT_EQ(a.objective, b.objective);
    EXPECT_EQ(a.bound, b.bound);
}

TEST(Models, TheCheckerSeesWhatIsWrong) {
    auto problem = random_problem(2, {});
    problem.sites = 3;
    const auto& mclp = model("mclp");
    const auto right = siting::cover_most(problem);
    ASSERT_EQ(siting::fault_of(mclp, problem, right), "");
    auto wrong = right;
    wrong.objective += 1;
    EXPECT_NE(siting::fault_of(mclp, problem, wrong), "");
    wrong = right;
    wrong.bound = right.objective - 1;
    EXPECT_NE(siting::fault_of(mclp, problem, wrong), "");
    wrong = right;
    wrong.sites.push_back(wrong.sites[0]);
    EXPECT_NE(siting::fault_of(mclp, problem, wrong), "");
    wrong = right;
    for (auto& server : wrong.server)
        server = static_cast<std::uint32_t>(wrong.sites[0]);
    EXPECT_NE(siting::fault_of(mclp, problem, wrong), "");
    // A demand that is served, by a site that reaches it and is closed; by one that is open and
    // does not reach it.
    for (const bool closed : {true, false}) {
        wrong = right;
        for (std::uint32_t i = 1; i < wrong.server.size() && wrong.server == right.server; ++i)
            for (std::uint32_t j = 0; j < 11 && right.server[i] != siting::nobody; ++j) {
                const bool open =
                    std::find(right.sites.begin(), right.sites.end(), j) != right.sites.end();
                if (open != closed && linked(problem, j, i) == closed)
                    wrong.server[i] = j;
            }
        ASSERT_NE(wrong.server, right.server);
        EXPECT_NE(siting::fault_of(mclp, problem, wrong), "") << closed;
    }
    auto strict = problem;
    strict.roles.assign(11, Role::free);
    strict.roles[right.sites[0]] = Role::forbidden;
    EXPECT_NE(siting::fault_of(mclp, strict, right), "");
    strict = problem;
    strict.quotas = {{"none", {static_cast<std::uint32_t>(right.sites[0])}, 0, 0}};
    EXPECT_NE(siting::fault_of(mclp, strict, right), "");
    strict.quotas = {{"none", {static_cast<std::uint32_t>(right.sites[0])}, 2, 3}};
    EXPECT_NE(siting::fault_of(mclp, strict, right), "");
    strict = problem;
    strict.costs.assign(11, 1);
    strict.budget = static_cast<double>(right.sites.size()) - 0.5;
    EXPECT_NE(siting::fault_of(mclp, strict, right), "");
    strict = problem;
    strict.roles.assign(11, Role::free);
    for (std::uint32_t j = 0; j < 11; ++j)
        if (std::find(right.sites.begin(), right.sites.end(), j) == right.sites.end())
            strict.roles[j] = Role::forced;
    EXPECT_NE(siting::fault_of(mclp, strict, right), "");
    strict = problem;
    strict.minimums = {{"all", {0, 1, 2, 3}, 1e9}};
    EXPECT_NE(siting::fault_of(mclp, strict, right), "");
    strict = problem;
    strict.capacities.assign(11, 1);
    EXPECT_NE(siting::fault_of(mclp, strict, right), "");
}

TEST(Models, RefuseBadProblems) {
    auto problem = random_problem(1, {});
    expect_error(ErrorKind::input, "neither a number of sites nor a budget",
                 [&] { (void)siting::cover_most(problem); });
    problem.sites = 99;
    expect_error(ErrorKind::input, "99 sites are asked for, and there are 11 candidates",
                 [&] { (void)siting::cover_most(problem); });
    problem.sites = 2;
    auto bad = problem;
    bad.weights[3] = -1;
    expect_error(ErrorKind::input, "the weight of number 4 is -1",
                 [&] { (void)siting::cover_most(bad); });
    bad = problem;
    bad.weights[3] = none;
    expect_error(ErrorKind::input, "is nan", [&] { (void)siting::median(bad); });
    bad = problem;
    bad.roles.assign(11, Role::forced);
    expect_error(ErrorKind::infeasible, "11 sites are forced",
                 [&] { (void)siting::cover_most(bad); });
    bad = problem;
    bad.backup = 0.9;
    expect_error(ErrorKind::input, "backup", [&] { (void)siting::cover_most(bad); });
    bad = problem;
    bad.capacities.assign(11, 5);
    bad.minimums = {{"a", {0}, 1}};
    expect_error(ErrorKind::usage, "do not go together", [&] { (void)siting::cover_most(bad); });
    bad = problem;
    bad.quotas = {{"a", {0}, 1, 1}};
    expect_error(ErrorKind::usage, "knows no quotas", [&] { (void)siting::center(bad); });
    expect_error(ErrorKind::usage, "knows no quotas", [&] { (void)siting::median(bad); });
    bad = problem;
    bad.capacities.assign(11, 1);
    expect_error(ErrorKind::usage, "knows no capacities", [&] { (void)siting::median(bad); });
    expect_error(ErrorKind::input, "no capacities",
                 [&] { (void)siting::capacitated_median(problem); });
}

std::filesystem::path instance(const std::string& name) {
    return std::filesystem::path{RISKMAP_SOURCE_DIR} / "tests/data/siting" / name;
}

TEST(Benchmarks, OrLibraryOptimaAreProven) {
    // Beasley 1985; tests/data/siting/pmed_optimal.txt.
    const std::map<std::string, double> optima{{"pmed1", 5819},  {"pmed3", 4250}, {"pmed5", 1355},
                                               {"pmed7", 5631},  {"pmed9", 2734}, {"pmed11", 7696},
                                               {"pmed13", 4374}, {"pmed15", 1729}};
    for (const auto& [name, optimum] : optima) {
        const auto problem = siting::read_orlib(instance(name + ".txt"));
        const auto answer = siting::median(problem);
        EXPECT_EQ(answer.objective, optimum) << name;
        EXPECT_TRUE(answer.optimal) << name;
        EXPECT_EQ(siting::fault_of(model("p-median"), problem, answer), "") << name;
    }
}

TEST(Benchmarks, OrLibraryCentersAreThosePublished) {
    // Optimal radii of pmed as p-center: Elloumi, Labbe and Pochet 2004, table 1.
    const std::map<std::string, double> optima{{"pmed1", 127}, {"pmed3", 93}, {"pmed5", 48},
                                               {"pmed7", 64},  {"pmed9", 37}, {"pmed11", 59},
                                               {"pmed13", 36}, {"pmed15", 18}};
    for (const auto& [name, optimum] : optima) {
        const auto problem = siting::read_orlib(instance(name + ".txt"));
        const auto answer = siting::center(problem);
        EXPECT_EQ(answer.objective, optimum) << name;
        EXPECT_TRUE(answer.optimal) << name;
        EXPECT_EQ(siting::fault_of(model("p-center"), problem, answer), "") << name;
    }
}

TEST(Benchmarks, TsplibMediansAreWithinATenthOfAPercent) {
    // Best known sums for rl1304 as the literature gives them (Avella, Sassano and Vasil'ev 2007).
    const std::map<std::size_t, double> best{
        {10, 2134295}, {100, 491639}, {300, 177326}, {500, 97024}};
    auto problem = siting::read_tsplib(instance("rl1304.tsp"), siting::Metric::euclid);
    for (const auto& [p, known] : best) {
        problem.sites = p;
        const auto answer = siting::median(problem);
        EXPECT_LT(answer.objective, known * 1.001) << p;
        EXPECT_LE(answer.gap, 0.01) << p;
        EXPECT_EQ(siting::fault_of(model("p-median"), problem, answer), "") << p;
    }
}

TEST(Benchmarks, ReadersRefuseWhatIsCutShort) {
    const Folder folder;
    const auto text = read_text(instance("pmed1.txt"));
    write_text(folder / "short.txt", text.substr(0, text.size() / 2));
    expect_error(ErrorKind::input, "cut short",
                 [&] { (void)siting::read_orlib(folder / "short.txt"); });
    write_text(folder / "word.txt", "3 1 x");
    expect_error(ErrorKind::input, "'x' is not a number",
                 [&] { (void)siting::read_orlib(folder / "word.txt"); });
    write_text(folder / "island.txt", "3 1 1\n1 2 5\n");
    expect_error(ErrorKind::input, "not all nodes are connected",
                 [&] { (void)siting::read_orlib(folder / "island.txt"); });
    const auto points = read_text(instance("kroA100.tsp"));
    write_text(folder / "short.tsp", points.substr(0, points.size() / 2));
    expect_error(ErrorKind::input, "cut short",
                 [&] { (void)siting::read_tsplib(folder / "short.tsp", siting::Metric::euclid); });
    // Of an edge that is given twice the last one counts.
    write_text(folder / "twice.txt", "2 2 1\n1 2 5\n2 1 3\n");
    EXPECT_EQ(siting::read_orlib(folder / "twice.txt").links.costs(0)[1], 3);
}

TEST(Benchmarks, PmedcapIsRead) {
    const Folder folder;
    // Two pairs of points; each site has room for two of weight 1.
    write_text(folder / "cap.txt", "4 2 2\n1 0 0 1\n2 0 3 1\n3 9 0 1\n4 9 4 1\n");
    const auto problem = siting::read_orlib(folder / "cap.txt");
    const auto answer = siting::capacitated_median(problem);
    EXPECT_EQ(answer.objective, 7);
    EXPECT_TRUE(answer.optimal);
    const std::string points = "4 2 2\n1 0 0 1\n2 0 3 1\n3 9 0 1\n4 9 4 1\n";
    for (const char* before : {"1 7\n", "2\n1 7\n"}) {
        write_text(folder / "cap.txt", before + points);
        EXPECT_EQ(siting::read_orlib(folder / "cap.txt").sites, 2U) << before;
    }
}

TEST(Models, ThrowWhereWhatTheyNeedIsNotGiven) {
    Problem problem;
    problem.weights = {1, 2};
    problem.sites = 1;
    const std::vector<std::uint32_t> both{0, 1};
    problem.links.add(both);
    problem.links.add(both);
    for (const char* name : {"p-median", "p-center", "cpmp"})
        expect_error(ErrorKind::input, "the links have none",
                     [&] { (void)model(name).solve(problem, {}, {}); });
    expect_error(ErrorKind::input, "either all candidates have costs", [&] {
        problem.links.add(both, std::vector<double>{1, 2});
    });
    expect_error(ErrorKind::input, "1 costs for 2 demands",
                 [&] { siting::Links{}.add(both, std::vector<double>{1}); });
    expect_error(ErrorKind::input, "rising order", [&] {
        siting::Links{}.add(std::vector<std::uint32_t>{1, 0});
    });
    problem.quotas = {{"east", {7}, 0, 1}};
    expect_error(ErrorKind::input, "quota 'east' names candidate 7 of 2",
                 [&] { (void)siting::cover_most(problem); });
    Problem costly;
    costly.weights = {1, 2};
    costly.sites = 1;
    costly.links.add(both, std::vector<double>{1, 2});
    expect_error(ErrorKind::input, "have no capacities",
                 [&] { (void)siting::capacitated_median(costly); });
}

} // namespace
} // namespace riskmap::test
