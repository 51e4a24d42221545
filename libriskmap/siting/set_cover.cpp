// SPDX-License-Identifier: MIT
#include "set_cover.hpp"

#include <algorithm>
#include <cmath>

#include "mip.hpp"

namespace riskmap::siting {

namespace {

/// Most new groups for its cost, again and again; then those that are not needed go.
std::vector<std::uint32_t> greedy(const CoverCase& problem) {
    std::vector<std::uint32_t> times(problem.groups());
    std::vector<std::uint32_t> fresh(problem.candidates());
    for (std::size_t k = 0; k < problem.candidates(); ++k)
        fresh[k] = static_cast<std::uint32_t>(problem.serves[k].size());
    std::vector<std::uint32_t> chosen;
    for (std::size_t left = problem.groups(); left > 0;) {
        std::uint32_t best = 0;
        for (std::uint32_t k = 1; k < problem.candidates(); ++k)
            if (worth_for_cost(fresh[k], problem.costs[k]) >
                worth_for_cost(fresh[best], problem.costs[best]))
                best = k;
        chosen.push_back(best);
        for (const auto g : problem.serves[best])
            if (times[g]++ == 0) {
                --left;
                for (const auto k : problem.served_by[g])
                    --fresh[k];
            }
    }
    std::stable_sort(chosen.begin(), chosen.end(), [&](std::uint32_t a, std::uint32_t b) {
        return problem.costs[a] > problem.costs[b];
    });
    std::erase_if(chosen, [&](std::uint32_t k) {
        const auto list = problem.serves[k];
        if (std::any_of(list.begin(), list.end(), [&](auto g) { return times[g] < 2; }))
            return false;
        for (const auto g : list)
            --times[g];
        return true;
    });
    return chosen;
}

/// Groups that are served whenever another one is: all its candidates serve them too.
std::vector<bool> implied_groups(const CoverCase& problem) {
    std::vector<bool> implied(problem.groups());
    std::vector<std::uint32_t> shared(problem.groups());
    for (std::size_t g = 0; g < problem.groups(); ++g) {
        const auto own = problem.served_by[g];
        for (const auto k : own)
            for (const auto other : problem.serves[k])
                ++shared[other];
        for (const auto k : own)
            for (const auto other : problem.serves[k]) {
                const bool all = shared[other] == own.size();
                const bool equal = problem.served_by[other].size() == own.size();
                if (other != g && all && !(equal && other < g))
                    implied[other] = true;
            }
        for (const auto k : own)
            for (const auto other : problem.serves[k])
                shared[other] = 0;
    }
    return implied;
}

} // namespace

SetCover set_cover(const CoverCase& problem, double cutoff, bool any, const Clock& clock,
                   const Execution& execution) {
    SetCover cover;
    cover.chosen = greedy(problem);
    for (const auto k : cover.chosen)
        cover.cost += problem.costs[k];
    cover.found = cover.cost < cutoff;
    if (cover.found && any)
        return cover;
    Mip mip;
    bool whole = true;
    for (std::size_t k = 0; k < problem.candidates(); ++k) {
        mip.add_switch(problem.costs[k]);
        whole = whole && problem.costs[k] == std::floor(problem.costs[k]);
    }
    const auto implied = implied_groups(problem);
    for (std::size_t g = 0; g < problem.groups(); ++g) {
        if (implied[g])
            continue;
        std::vector<std::pair<int, double>> row;
        for (const auto k : problem.served_by[g])
            row.emplace_back(static_cast<int>(k), 1);
        mip.add_row(1, Mip::infinity, row);
    }
    Mip::Task task;
    task.cutoff = std::min(cutoff, cover.cost);
    task.granule = whole ? 1 : 0;
    const auto outcome = mip.solve(task, clock, execution);
    if (!outcome.values.empty()) {
        cover.chosen.clear();
        cover.cost = 0;
        for (std::uint32_t k = 0; k < problem.candidates(); ++k)
            if (outcome.values[k] > 0.5) {
                cover.chosen.push_back(k);
                cover.cost += problem.costs[k];
            }
        cover.found = true;
    }
    cover.finished = outcome.finished;
    cover.bound = outcome.finished ? std::min(cover.cost, cutoff)
                  : whole          ? std::ceil(outcome.bound - 1e-6)
                                   : std::max(0.0, outcome.bound);
    return cover;
}

} // namespace riskmap::siting
