// SPDX-License-Identifier: MIT
#include "reduced.hpp"

#include <algorithm>
#include <utility>

#include <riskmap/core/exact_sum.hpp>
#include <riskmap/core/parallel.hpp>

#include "signatures.hpp"

namespace riskmap::siting {

namespace {

/// Who covers each demand.
std::vector<Signature> signatures(const Covering& problem) {
    std::vector<Signature> all(problem.weights.size());
    for (std::size_t j = 0; j < problem.candidates.size(); ++j) {
        const auto own = signature_of(j);
        problem.candidates[j].visit([&](std::uint32_t i) { all[i].add(own); });
    }
    problem.covered.visit([&](std::uint32_t i) { all[i] = {}; });
    return all;
}

} // namespace

Reduced reduced(const Covering& problem, bool even, const Execution& execution) {
    Reduced out;
    ExactSum before;
    problem.covered.visit([&](std::uint32_t i) { before.add(problem.weights[i]); });
    out.covered_before = before.total();
    auto all = signatures(problem);
    // Groups are numbered by their first demand: neighbours stay neighbours.
    constexpr std::uint32_t no_group = ~std::uint32_t{0};
    SignatureTable groups;
    std::vector<std::uint32_t> group_led_by(all.size(), no_group);
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i] == Signature{} || !(problem.weights[i] > 0))
            continue;
        const auto [group, is_new] = groups.number(all[i]);
        if (is_new) {
            group_led_by[i] = group;
            out.weights.push_back(0);
        }
        out.weights[group] += problem.weights[i];
    }
    groups = {};
    all = {};
    ExactSum total;
    for (const double weight : out.weights)
        total.add(weight);
    out.total = total.total();
    std::vector<DemandSet> sets(problem.candidates.size());
    parallel_for(execution, sets.size(), [&](std::size_t j) {
        problem.candidates[j].visit([&](std::uint32_t i) {
            if (group_led_by[i] != no_group)
                sets[j].add(group_led_by[i]);
        });
        sets[j].close();
    });
    for (std::size_t j = 0; j < sets.size(); ++j)
        if (!sets[j].empty()) {
            out.candidates.push_back(std::move(sets[j]));
            out.costs.push_back(even || problem.costs.empty() ? 1 : problem.costs[j]);
            out.origin.push_back(j);
        }
    return out;
}

} // namespace riskmap::siting
