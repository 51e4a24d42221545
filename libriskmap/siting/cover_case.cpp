// SPDX-License-Identifier: MIT
#include "cover_case.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/exact_sum.hpp>
#include <riskmap/core/parallel.hpp>

#include "signatures.hpp"

namespace riskmap::siting {

void Lists::add(std::span<const std::uint32_t> list) {
    m_items.insert(m_items.end(), list.begin(), list.end());
    m_starts.push_back(m_items.size());
}

Lists Lists::inverted(std::size_t numbers) const {
    Lists out;
    out.m_starts.assign(numbers + 1, 0);
    for (const auto item : m_items)
        ++out.m_starts[item + 1];
    for (std::size_t i = 0; i < numbers; ++i)
        out.m_starts[i + 1] += out.m_starts[i];
    out.m_items.resize(m_items.size());
    auto next = out.m_starts;
    for (std::size_t i = 0; i < size(); ++i)
        for (const auto item : (*this)[i])
            out.m_items[next[item]++] = static_cast<std::uint32_t>(i);
    return out;
}

CoverCase::CoverCase(const Problem& problem, const Execution& execution) {
    merge(problem, execution);
    take_rules(problem);
    if (capacities.empty() && problem.backup == 0 && plain())
        drop_dominated();
    served_by = serves.inverted(groups());
}

void CoverCase::merge(const Problem& problem, const Execution& execution) {
    const auto& links = problem.links;
    const std::size_t demands = problem.weights.size();
    const bool limited = !problem.capacities.empty();
    std::vector<std::uint8_t> served(demands); // by fixed sites: 0, 1, 2 or more
    std::vector<Signature> signatures(demands);
    const auto is_fixed = [&](std::size_t j) {
        return problem.role(j) == Role::existing || problem.role(j) == Role::forced;
    };
    for (std::size_t j = 0; j < links.candidates(); ++j) {
        if (problem.role(j) == Role::forbidden)
            continue;
        const auto own = signature_of(j);
        for (const auto i : links.demands(j))
            if (is_fixed(j) && !limited)
                served[i] = static_cast<std::uint8_t>(std::min(2, served[i] + 1));
            else
                signatures[i].add(own);
    }
    for (std::size_t m = 0; m < problem.minimums.size(); ++m)
        for (const auto i : problem.minimums[m].demands)
            if (signatures[i] != Signature{})
                signatures[i].add(signature_of(links.candidates() + m));
    const auto once_more = signature_of(links.candidates() + problem.minimums.size());
    ExactSum anyhow;
    SignatureTable table;
    group_of.assign(demands, nobody);
    granule = problem.backup == 0 && !limited ? 1 : 0;
    for (std::size_t i = 0; i < demands; ++i) {
        const double weight = problem.weights[i];
        if (!(weight > 0))
            continue;
        if (weight != std::floor(weight) || weight > 1e12)
            granule = 0;
        if (served[i] > 0)
            anyhow.add(weight * (served[i] > 1 ? 1 : 1 - problem.backup));
        const bool half = served[i] == 1 && problem.backup > 0;
        if (signatures[i] == Signature{} || (served[i] > 0 && !half))
            continue;
        if (half)
            signatures[i].add(once_more);
        const auto [group, is_new] = table.number(signatures[i]);
        if (is_new) {
            weights.push_back(0);
            first.push_back(half ? problem.backup : 1 - problem.backup);
            second.push_back(half ? 0 : problem.backup);
        }
        weights[group] += weight;
        group_of[i] = group;
    }
    constant = anyhow.total();
    signatures = {};
    std::vector<std::vector<std::uint32_t>> lists(links.candidates());
    parallel_for(execution, lists.size(), [&](std::size_t j) {
        if (problem.role(j) == Role::forbidden || (is_fixed(j) && !limited))
            return;
        auto& list = lists[j];
        for (const auto i : links.demands(j))
            if (group_of[i] != nobody)
                list.push_back(group_of[i]);
        std::sort(list.begin(), list.end());
        list.erase(std::unique(list.begin(), list.end()), list.end());
        list.shrink_to_fit();
    });
    const bool fillers = !problem.quotas.empty(); // may be needed to keep a quota
    for (std::size_t j = 0; j < lists.size(); ++j) {
        const bool is_open = is_fixed(j);
        if (problem.role(j) == Role::forbidden || (is_open && !limited) ||
            (lists[j].empty() && !(fillers && !is_open)))
            continue;
        serves.add(lists[j]);
        lists[j] = {};
        origin.push_back(j);
        fixed.push_back(is_open);
        costs.push_back(problem.budget ? problem.costs[j] : 1);
        if (limited)
            capacities.push_back(problem.capacities[j]);
    }
    for (const auto& minimum : problem.minimums) {
        ExactSum there;
        Floor floor{minimum.name, {}, 0};
        for (const auto i : minimum.demands) {
            if (served[i] > 0)
                there.add(problem.weights[i]);
            else if (group_of[i] != nobody)
                floor.groups.push_back(group_of[i]);
        }
        std::sort(floor.groups.begin(), floor.groups.end());
        floor.groups.erase(std::unique(floor.groups.begin(), floor.groups.end()),
                           floor.groups.end());
        floor.least = minimum.least - there.total();
        if (floor.least > 0)
            floors.push_back(std::move(floor));
    }
}

void CoverCase::take_rules(const Problem& problem) {
    std::vector<std::uint32_t> place(problem.links.candidates(), nobody);
    for (std::uint32_t k = 0; k < origin.size(); ++k)
        if (!fixed[k])
            place[origin[k]] = k;
    const auto add = [&](const Quota& quota) {
        Rule rule{quota.name, {}, quota.least, quota.most};
        for (const auto j : quota.candidates) {
            if (problem.role(j) == Role::forced) {
                if (rule.most == 0)
                    throw Error{ErrorKind::infeasible,
                                fmt::format("'{}' may have {} new sites, and more are forced there",
                                            quota.name, quota.most),
                                "raise the quota, or force fewer"};
                rule.least -= rule.least > 0 ? 1 : 0;
                rule.most -= rule.most < std::numeric_limits<std::size_t>::max() ? 1 : 0;
            }
            if (place[j] != nobody)
                rule.candidates.push_back(place[j]);
        }
        rules.push_back(std::move(rule));
    };
    if (problem.sites) {
        Quota all{"", {}, 0, *problem.sites};
        for (std::uint32_t j = 0; j < problem.links.candidates(); ++j)
            all.candidates.push_back(j);
        add(all);
        sites = rules.back().most;
    }
    for (const auto& quota : problem.quotas)
        add(quota);
    if (problem.budget) {
        double left = *problem.budget;
        for (std::size_t j = 0; j < problem.links.candidates(); ++j)
            if (problem.role(j) == Role::forced)
                left -= problem.costs[j];
        if (left < 0)
            throw Error{ErrorKind::infeasible, "the forced sites cost more than the budget",
                        fmt::format("a budget of {:g} is the least", *problem.budget - left)};
        budget = left;
    }
    rules_of.resize(candidates());
    for (std::uint32_t r = 0; r < rules.size(); ++r)
        for (const auto k : rules[r].candidates)
            rules_of[k].push_back(r);
}

/// Without other rules a choice is never worse for taking a candidate that serves at least
/// the same for no more cost.
void CoverCase::drop_dominated() {
    const auto by_group = serves.inverted(groups());
    std::uint64_t looks = 0;
    for (std::size_t g = 0; g < groups(); ++g)
        looks += std::uint64_t{by_group[g].size()} * by_group[g].size();
    constexpr std::uint64_t most_looks = 200'000'000;
    if (looks > most_looks)
        return;
    std::vector<std::uint32_t> shared(candidates());
    std::vector<bool> dominated(candidates());
    for (std::uint32_t j = 0; j < candidates(); ++j) {
        for (const auto g : serves[j])
            for (const auto k : by_group[g])
                ++shared[k];
        for (const auto g : serves[j])
            for (const auto k : by_group[g]) {
                const bool equal = serves[k].size() == serves[j].size();
                if (k != j && shared[k] == serves[j].size() && costs[k] <= costs[j] &&
                    !(equal && costs[k] == costs[j] && k > j))
                    dominated[j] = true;
            }
        for (const auto g : serves[j])
            for (const auto k : by_group[g])
                shared[k] = 0;
    }
    Lists lists;
    std::size_t kept = 0;
    for (std::size_t j = 0; j < dominated.size(); ++j) {
        if (dominated[j])
            continue;
        lists.add(serves[j]);
        origin[kept] = origin[j];
        costs[kept] = costs[j];
        ++kept;
    }
    serves = std::move(lists);
    origin.resize(kept);
    costs.resize(kept);
    fixed.assign(kept, false);
    rules_of.assign(candidates(), {});
    for (auto& rule : rules) {
        rule.candidates.clear();
        for (std::uint32_t k = 0; k < candidates(); ++k) {
            rule.candidates.push_back(k);
            rules_of[k].push_back(0);
        }
    }
    merge_groups();
}

/// Groups that the candidates which are left no longer tell apart.
void CoverCase::merge_groups() {
    std::vector<Signature> signatures(groups());
    for (std::size_t k = 0; k < candidates(); ++k)
        for (const auto g : serves[k])
            signatures[g].add(signature_of(k));
    SignatureTable table;
    std::vector<std::uint32_t> now(groups());
    std::vector<double> sums;
    for (std::size_t g = 0; g < groups(); ++g) {
        const auto [group, is_new] = table.number(signatures[g]);
        if (is_new)
            sums.push_back(0);
        sums[group] += weights[g];
        now[g] = group;
    }
    Lists lists;
    for (std::size_t k = 0; k < candidates(); ++k) {
        std::vector<std::uint32_t> list;
        for (const auto g : serves[k])
            list.push_back(now[g]);
        std::sort(list.begin(), list.end());
        list.erase(std::unique(list.begin(), list.end()), list.end());
        lists.add(list);
    }
    serves = std::move(lists);
    weights = std::move(sums);
    first.assign(weights.size(), 1);
    second.assign(weights.size(), 0);
    for (auto& group : group_of)
        if (group != nobody)
            group = now[group];
}

} // namespace riskmap::siting
