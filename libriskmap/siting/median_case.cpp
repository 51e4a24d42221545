// SPDX-License-Identifier: MIT
#include "median_case.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace riskmap::siting {

MedianCase::MedianCase(const Problem& problem)
    : m_fixed(problem.links.candidates()), m_free(problem.links.candidates()) {
    const auto& links = problem.links;
    std::size_t forced = 0;
    for (std::size_t j = 0; j < links.candidates(); ++j) {
        const auto role = problem.role(j);
        m_fixed[j] = role == Role::existing || role == Role::forced;
        m_free[j] = role == Role::free;
        forced += role == Role::forced ? 1 : 0;
    }
    m_choices = problem.sites.value_or(forced) - forced;
    std::vector<std::vector<Option>> rows(problem.weights.size());
    double greatest = 0;
    bool whole = true;
    for (std::size_t j = 0; j < links.candidates(); ++j) {
        if (!m_fixed[j] && !m_free[j])
            continue;
        const auto demands = links.demands(j);
        const auto costs = links.costs(j);
        for (std::size_t k = 0; k < demands.size(); ++k) {
            const double weight = problem.weights[demands[k]];
            if (!(weight > 0))
                continue;
            const double cost = weight * costs[k];
            rows[demands[k]].push_back({cost, static_cast<std::uint32_t>(j)});
            greatest = std::max(greatest, cost);
            whole = whole && cost == std::floor(cost) && cost < 1e12;
        }
    }
    m_granule = whole ? 1 : 0;
    m_penalty = 1000 * (greatest + 1);
    m_served_starts.assign(links.candidates() + 1, 0);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!(problem.weights[i] > 0))
            continue;
        auto& row = rows[i];
        std::sort(row.begin(), row.end(), [](const Option& a, const Option& b) {
            return a.cost < b.cost || (a.cost == b.cost && a.candidate < b.candidate);
        });
        const auto first = std::find_if(row.begin(), row.end(),
                                        [&](const Option& o) { return m_fixed[o.candidate]; });
        if (first != row.end())
            row.erase(first + 1, row.end());
        m_options.insert(m_options.end(), row.begin(), row.end());
        m_starts.push_back(m_options.size());
        for (const auto& option : row)
            ++m_served_starts[option.candidate + 1];
        row = {};
    }
    for (std::size_t j = 0; j < links.candidates(); ++j)
        m_served_starts[j + 1] += m_served_starts[j];
    m_served.resize(m_options.size());
    auto next = m_served_starts;
    for (std::size_t i = 0; i < demands(); ++i)
        for (const auto& option : options(i))
            m_served[next[option.candidate]++] = {option.cost, static_cast<std::uint32_t>(i)};
}

double MedianCase::cost_of(const std::vector<bool>& open) const {
    double sum = 0;
    for (std::size_t i = 0; i < demands(); ++i) {
        const auto row = options(i);
        const auto first = std::find_if(row.begin(), row.end(),
                                        [&](const Option& o) { return open[o.candidate]; });
        sum += first == row.end() ? m_penalty : first->cost;
    }
    return sum;
}

std::vector<std::uint32_t> filled_greedily(const MedianCase& problem,
                                           std::vector<std::uint32_t> chosen, std::size_t wanted) {
    std::vector<double> now(problem.demands(), problem.penalty());
    const auto open = [&](std::size_t j) {
        for (const auto& link : problem.served(j))
            now[link.demand] = std::min(now[link.demand], link.cost);
    };
    const auto saving = [&](std::size_t j) {
        double sum = 0;
        for (const auto& link : problem.served(j))
            sum += std::max(0.0, now[link.demand] - link.cost);
        return sum;
    };
    for (std::uint32_t j = 0; j < problem.candidates(); ++j)
        if (problem.fixed(j))
            open(j);
    for (const auto j : chosen)
        open(j);
    // Savings never grow: what was seen last is looked at anew only where it leads.
    std::vector<std::pair<double, std::uint32_t>> heap;
    for (std::uint32_t j = 0; j < problem.candidates(); ++j)
        if (problem.free(j) && std::find(chosen.begin(), chosen.end(), j) == chosen.end())
            heap.emplace_back(saving(j), j);
    const auto less = [](const auto& a, const auto& b) {
        return a.first < b.first || (a.first == b.first && a.second > b.second);
    };
    std::make_heap(heap.begin(), heap.end(), less);
    while (chosen.size() < wanted && !heap.empty()) {
        std::pop_heap(heap.begin(), heap.end(), less);
        auto top = heap.back();
        heap.pop_back();
        top.first = saving(top.second);
        if (!heap.empty() && less(top, heap.front())) {
            heap.push_back(top);
            std::push_heap(heap.begin(), heap.end(), less);
            continue;
        }
        open(top.second);
        chosen.push_back(top.second);
    }
    return chosen;
}

} // namespace riskmap::siting
