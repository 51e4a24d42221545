// SPDX-License-Identifier: MIT
// What no choice can beat, beside all choices there are, at every stage of the descent; and the
// exact search beside all of its answers.
#include <functional>
#include <random>

#include <riskmap/siting/models.hpp>

#include "cover_bound.hpp"
#include "median_bound.hpp"
#include "mip.hpp"
#include "random_problem.hpp"
#include "support.hpp"

namespace riskmap::siting {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Calls visit(chosen) for every set of n.
void all_sets(std::size_t n, const std::function<void(const std::vector<bool>&)>& visit) {
    for (std::uint32_t bits = 0; bits < std::uint32_t{1} << n; ++bits) {
        std::vector<bool> chosen(n);
        for (std::size_t j = 0; j < n; ++j)
            chosen[j] = (bits >> j & 1U) != 0;
        visit(chosen);
    }
}

std::size_t number_of(const std::vector<bool>& chosen) {
    return static_cast<std::size_t>(std::count(chosen.begin(), chosen.end(), true));
}

/// What a choice is worth by the definition of the case.
double worth(const CoverCase& small, const std::vector<bool>& chosen) {
    double sum = 0;
    for (std::size_t g = 0; g < small.groups(); ++g) {
        int times = 0;
        for (const auto k : small.served_by[g])
            times += chosen[k] ? 1 : 0;
        sum += small.weights[g] *
               ((times > 0 ? small.first[g] : 0) + (times > 1 ? small.second[g] : 0));
    }
    return sum;
}

double cost(const CoverCase& small, const std::vector<bool>& chosen) {
    double sum = 0;
    for (std::size_t k = 0; k < chosen.size(); ++k)
        sum += chosen[k] ? small.costs[k] : 0;
    return sum;
}

TEST(CoverBound, IsAboveEveryChoiceAndRulesOutNoneThatIsBetter) {
    int ruled_out = 0;
    double loosest = 1;
    for (unsigned seed = 1; seed <= 40; ++seed) {
        auto problem = test::random_problem(seed, {40, 12, 0.3, true});
        if (seed % 3 == 0)
            problem.backup = 0.3;
        if (seed % 2 == 0) {
            for (std::size_t j = 0; j < 12; ++j)
                problem.costs.push_back(1 + static_cast<double>((seed + j) % 4));
            problem.budget = 6 + seed % 4;
        } else {
            problem.sites = 3 + seed % 3;
        }
        const Execution execution;
        const CoverCase small{problem, execution};
        const auto allowed = [&](const std::vector<bool>& chosen) {
            return small.budget ? cost(small, chosen) <= *small.budget
                                : number_of(chosen) <= *small.sites;
        };
        std::vector<double> worths;
        all_sets(small.candidates(), [&](const auto& chosen) {
            if (allowed(chosen))
                worths.push_back(worth(small, chosen));
        });
        std::sort(worths.begin(), worths.end(), std::greater<>{});
        worths.erase(std::unique(worths.begin(), worths.end()), worths.end());
        const double best = worths[0];
        CoverBound bound{small, std::vector<std::uint32_t>(small.groups()), execution};
        for (const int steps : {0, 3, 30, 400}) {
            (void)bound.descend(steps, best, 0, Clock{infinity}, [](const auto&) {});
            ASSERT_GE(bound.value(), best * (1 - 1e-12)) << seed << " " << steps;
            // Just below what some choice is worth, the next best ones first.
            for (std::size_t w = 0; w < std::min<std::size_t>(worths.size(), 24); ++w) {
                const double value = worths[w] - 1e-6;
                const auto fates = bound.fates(value);
                for (const auto fate : fates)
                    ruled_out += fate == CoverBound::Fate::either ? 0 : 1;
                all_sets(small.candidates(), [&](const auto& chosen) {
                    if (!allowed(chosen) || worth(small, chosen) <= value)
                        return;
                    for (std::size_t k = 0; k < chosen.size(); ++k) {
                        ASSERT_FALSE(fates[k] == CoverBound::Fate::closed && chosen[k]) << seed;
                        ASSERT_FALSE(fates[k] == CoverBound::Fate::open && !chosen[k]) << seed;
                    }
                });
            }
        }
        loosest = std::max(loosest, bound.value() / best);
    }
    EXPECT_GT(ruled_out, 500); // the bound is of use
    EXPECT_LT(loosest, 1.35);
}

TEST(MedianBound, IsBelowEveryChoiceAndRulesOutNoneThatIsCheaper) {
    int ruled_out = 0;
    double loosest = 1;
    for (unsigned seed = 1; seed <= 40; ++seed) {
        auto problem = test::random_problem(seed, {40, 12, 2, true});
        problem.sites = 2 + seed % 4;
        problem.roles.assign(12, Role::free);
        if (seed % 3 == 1)
            problem.roles[seed % 12] = Role::existing;
        if (seed % 3 == 2)
            problem.roles[seed % 12] = Role::forced;
        const MedianCase small{problem};
        const auto open = [&](std::vector<bool> chosen) {
            for (std::size_t j = 0; j < chosen.size(); ++j)
                chosen[j] = chosen[j] || small.fixed(j);
            return chosen;
        };
        const auto allowed = [&](const std::vector<bool>& chosen) {
            for (std::size_t j = 0; j < chosen.size(); ++j)
                if (chosen[j] && !small.free(j))
                    return false;
            return number_of(chosen) == small.choices();
        };
        std::vector<double> all_costs;
        all_sets(12, [&](const auto& chosen) {
            if (allowed(chosen))
                all_costs.push_back(small.cost_of(open(chosen)));
        });
        std::sort(all_costs.begin(), all_costs.end());
        all_costs.erase(std::unique(all_costs.begin(), all_costs.end()), all_costs.end());
        const double best = all_costs[0];
        std::vector<double> start;
        for (std::size_t i = 0; i < small.demands(); ++i)
            start.push_back(small.options(i)[0].cost + 1);
        MedianBound bound{small, start};
        for (const int steps : {0, 3, 30, 400}) {
            (void)bound.ascend(steps, best, infinity, Clock{infinity}, [](const auto&) {});
            ASSERT_LE(bound.value(), best * (1 + 1e-12)) << seed << " " << steps;
            for (std::size_t c = 0; c < std::min<std::size_t>(all_costs.size(), 24); ++c) {
                const double limit = all_costs[c] + 1e-6;
                const auto fates = bound.fates(limit);
                for (const auto fate : fates)
                    ruled_out += fate == MedianBound::Fate::either ? 0 : 1;
                all_sets(12, [&](const auto& chosen) {
                    if (!allowed(chosen) || small.cost_of(open(chosen)) >= limit)
                        return;
                    for (std::size_t j = 0; j < 12; ++j) {
                        ASSERT_FALSE(fates[j] == MedianBound::Fate::closed && open(chosen)[j])
                            << seed;
                        ASSERT_FALSE(fates[j] == MedianBound::Fate::open && !open(chosen)[j])
                            << seed;
                    }
                });
            }
        }
        loosest = std::max(loosest, best / bound.value());
    }
    EXPECT_GT(ruled_out, 1000);
    EXPECT_LT(loosest, 1.05);
}

TEST(Mip, FindsTheLeastOfAllAnswersAndObeysItsCutoff) {
    std::mt19937 random{5};
    for (int round = 0; round < 40; ++round) {
        // Switches with costs and two rows, all of small whole numbers.
        constexpr int n = 9;
        std::vector<double> costs;
        std::vector<std::vector<double>> rows(2);
        Mip mip;
        for (int k = 0; k < n; ++k) {
            costs.push_back(static_cast<double>(random() % 15) - 4);
            (void)mip.add_switch(costs.back());
            for (auto& row : rows)
                row.push_back(static_cast<double>(random() % 6));
        }
        for (const auto& row : rows) {
            std::vector<std::pair<int, double>> entries;
            for (int k = 0; k < n; ++k)
                entries.emplace_back(k, row[static_cast<std::size_t>(k)]);
            mip.add_row(7, 14, entries);
        }
        double best = infinity;
        all_sets(n, [&](const auto& chosen) {
            double sum = 0;
            for (std::size_t k = 0; k < n; ++k)
                sum += chosen[k] ? costs[k] : 0;
            for (const auto& row : rows) {
                double amount = 0;
                for (std::size_t k = 0; k < n; ++k)
                    amount += chosen[k] ? row[k] : 0;
                if (amount < 7 || amount > 14)
                    return;
            }
            best = std::min(best, sum);
        });
        const auto found = mip.solve({infinity, 1}, Clock{infinity}, {});
        EXPECT_TRUE(found.finished);
        EXPECT_EQ(found.values.empty(), std::isinf(best)) << round;
        if (std::isinf(best))
            continue;
        EXPECT_NEAR(found.objective, best, 1e-6) << round;
        EXPECT_LE(found.bound, best + 1e-6) << round;
        const auto none = mip.solve({best, 1}, Clock{infinity}, {});
        EXPECT_TRUE(none.values.empty() && none.finished) << round;
        const auto just = mip.solve({best + 1, 1}, Clock{infinity}, {});
        EXPECT_NEAR(just.objective, best, 1e-6) << round;
    }
}

} // namespace
} // namespace riskmap::siting
