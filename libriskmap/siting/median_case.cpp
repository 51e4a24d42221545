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

} // namespace riskmap::siting
