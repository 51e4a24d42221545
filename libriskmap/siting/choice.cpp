// SPDX-License-Identifier: MIT
#include "choice.hpp"

#include <algorithm>
#include <limits>
#include <queue>
#include <random>

#include <riskmap/core/parallel.hpp>

namespace riskmap::siting {

namespace {

/// Costs add up with rounding; a budget that is met exactly is met.
bool affordable(double cost, double budget) {
    return cost <= budget * (1 + 1e-12);
}

} // namespace

std::vector<std::size_t> Choice::sites() const {
    std::vector<std::size_t> all;
    for (std::size_t j = 0; j < m_chosen.size(); ++j)
        if (m_chosen[j])
            all.push_back(j);
    return all;
}

double Choice::weight_covered(std::size_t j, std::uint32_t times) const {
    double sum = 0;
    m_problem->candidates[j].visit([&](std::uint32_t i) {
        if (m_times[i] == times)
            sum += m_problem->weights[i];
    });
    return sum;
}

void Choice::add(std::size_t j) {
    m_covered += gain(j);
    m_cost += m_problem->costs[j];
    m_chosen[j] = true;
    m_problem->candidates[j].visit([&](std::uint32_t i) { ++m_times[i]; });
}

void Choice::remove(std::size_t j) {
    m_covered -= loss(j);
    m_cost -= m_problem->costs[j];
    m_chosen[j] = false;
    m_problem->candidates[j].visit([&](std::uint32_t i) { --m_times[i]; });
}

Choice best_of_all(const Reduced& problem, const Allowance& allowance) {
    const bool for_goal = allowance.weight < std::numeric_limits<double>::infinity();
    Choice choice{problem};
    Choice best{problem};
    bool found = !for_goal || reaches(0, allowance.weight);
    // A Gray code: one site comes or goes from each choice to the next.
    for (std::uint32_t step = 1; step < std::uint32_t{1} << problem.candidates.size(); ++step) {
        const auto j = static_cast<std::size_t>(std::countr_zero(step));
        if (choice.has(j))
            choice.remove(j);
        else
            choice.add(j);
        if (!affordable(choice.cost(), allowance.budget))
            continue;
        if (for_goal ? reaches(choice.covered(), allowance.weight) &&
                           (!found || choice.cost() < best.cost() * (1 - 1e-12))
                     : choice.covered() > best.covered() * (1 + 1e-12)) {
            best = choice;
            found = true;
        }
    }
    return best;
}

void add_greedily(Choice& choice, const Reduced& problem, const Allowance& allowance) {
    struct Offer {
        double worth; ///< gain for cost when last looked at: never less than now
        std::size_t site;
        std::size_t round;
    };
    const auto lesser = [](const Offer& a, const Offer& b) {
        return a.worth < b.worth || (a.worth == b.worth && a.site > b.site);
    };
    std::priority_queue<Offer, std::vector<Offer>, decltype(lesser)> offers{lesser};
    for (std::size_t j = 0; j < problem.candidates.size(); ++j)
        if (!choice.has(j) && affordable(choice.cost() + problem.costs[j], allowance.budget))
            offers.push({choice.gain(j) / problem.costs[j], j, 0});
    for (std::size_t round = 0; !offers.empty() && !reaches(choice.covered(), allowance.weight);) {
        auto best = offers.top();
        offers.pop();
        if (!affordable(choice.cost() + problem.costs[best.site], allowance.budget))
            continue;
        if (best.round != round) {
            best = {choice.gain(best.site) / problem.costs[best.site], best.site, round};
            offers.push(best);
            continue;
        }
        if (best.worth <= 0)
            break;
        choice.add(best.site);
        ++round;
    }
}

void drop_idle(Choice& choice, const Reduced& problem, double weight) {
    auto sites = choice.sites();
    std::stable_sort(sites.begin(), sites.end(), [&](std::size_t a, std::size_t b) {
        return problem.costs[a] > problem.costs[b];
    });
    for (const auto j : sites)
        if (reaches(choice.covered() - choice.loss(j), weight))
            choice.remove(j);
}

namespace {

/// The demands that only one site covers, as a map of bits.
class Alone {
  public:
    Alone(const Choice& choice, const Reduced& problem, std::size_t site)
        : m_problem{problem}, m_bits((problem.weights.size() + 63) / 64) {
        problem.candidates[site].visit([&](std::uint32_t i) {
            if (choice.times(i) == 1)
                m_bits[i / 64] |= std::uint64_t{1} << (i % 64);
        });
    }
    /// Weight of those that another candidate would cover.
    [[nodiscard]] double shared_with(std::size_t candidate) const {
        const auto& set = m_problem.candidates[candidate];
        double sum = 0;
        for (std::size_t w = 0; w < set.words(); ++w) {
            const auto word = set.word(w);
            for (auto bits = word.bits & m_bits[word.place]; bits != 0; bits &= bits - 1)
                sum += m_problem.weights[word.place * 64 +
                                         static_cast<std::uint32_t>(std::countr_zero(bits))];
        }
        return sum;
    }

  private:
    const Reduced& m_problem;
    std::vector<std::uint64_t> m_bits;
};

struct Swap {
    double better = 0; ///< how much more is covered
    std::size_t in = 0;
};

/// The best candidate to come in for a site that goes out.
Swap best_swap(const Choice& choice, const Reduced& problem, std::size_t out,
               const std::vector<double>& gains, const std::vector<std::size_t>& by_gain,
               double budget) {
    const double loss = choice.loss(out);
    const double least = 1e-9 * (loss + 1e-300); // not for rounding alone
    const Alone alone{choice, problem, out};
    Swap best{least, problem.candidates.size()};
    for (const auto in : by_gain) {
        if (gains[in] <= best.better) // shares at most what the other one loses
            break;
        if (choice.has(in) ||
            !affordable(choice.cost() - problem.costs[out] + problem.costs[in], budget))
            continue;
        double better = gains[in] - loss;
        if (problem.candidates[in].may_meet(problem.candidates[out]))
            better += alone.shared_with(in);
        if (better > best.better)
            best = {better, in};
    }
    return best;
}

} // namespace

void exchange(Choice& choice, const Reduced& problem, double budget, const Execution& execution) {
    const std::size_t n = problem.candidates.size();
    std::vector<double> gains(n);
    parallel_for(execution, n, [&](std::size_t j) { gains[j] = choice.gain(j); });
    while (true) {
        std::vector<std::size_t> by_gain(n);
        for (std::size_t j = 0; j < n; ++j)
            by_gain[j] = j;
        std::stable_sort(by_gain.begin(), by_gain.end(),
                         [&](std::size_t a, std::size_t b) { return gains[a] > gains[b]; });
        const auto sites = choice.sites();
        std::vector<Swap> swaps(sites.size());
        parallel_for(execution, sites.size(), [&](std::size_t s) {
            swaps[s] = best_swap(choice, problem, sites[s], gains, by_gain, budget);
        });
        std::size_t best = sites.size();
        for (std::size_t s = 0; s < sites.size(); ++s)
            if (swaps[s].in < n && (best == sites.size() || swaps[s].better > swaps[best].better))
                best = s;
        if (best == sites.size())
            break;
        const auto out = sites[best];
        const auto in = swaps[best].in;
        choice.remove(out);
        choice.add(in);
        parallel_for(execution, n, [&](std::size_t j) {
            if (problem.candidates[j].may_meet(problem.candidates[out]) ||
                problem.candidates[j].may_meet(problem.candidates[in]))
                gains[j] = choice.gain(j);
        });
    }
}

namespace {

int shakes_for(const Reduced& problem) {
    constexpr std::uint64_t most_looks = 30'000'000;
    std::uint64_t looks = 1;
    for (const auto& set : problem.candidates)
        looks += set.size();
    return static_cast<int>(std::min<std::uint64_t>(most_looks / looks, 200));
}

} // namespace

void shake(Choice& choice, const Reduced& problem, double budget, const Execution& execution) {
    std::mt19937 random{20240501};
    const int shakes = shakes_for(problem);
    for (int s = 0; s < shakes; ++s) {
        execution.progress.check();
        const auto sites = choice.sites();
        if (sites.empty())
            return;
        const auto first = sites[random() % sites.size()];
        const auto most = 1 + random() % 3;
        Choice trial = choice;
        trial.remove(first);
        std::size_t others = 0;
        for (const auto j : sites)
            if (j != first && others < most && random() % 2 == 0 &&
                problem.candidates[j].may_meet(problem.candidates[first])) {
                trial.remove(j);
                ++others;
            }
        add_greedily(trial, problem, {.budget = budget});
        exchange(trial, problem, budget, execution);
        add_greedily(trial, problem, {.budget = budget});
        if (trial.covered() > choice.covered() * (1 + 1e-12))
            choice = std::move(trial);
    }
}

} // namespace riskmap::siting
