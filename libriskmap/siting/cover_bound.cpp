// SPDX-License-Identifier: MIT
#include "cover_bound.hpp"

#include <algorithm>
#include <limits>

#include <riskmap/core/parallel.hpp>

namespace riskmap::siting {

namespace {

constexpr std::size_t small = 500'000; // links; threads cost more than they save below

} // namespace

CoverBound::CoverBound(const CoverCase& problem, const std::vector<std::uint32_t>& times,
                       const Execution& execution)
    : m_problem{&problem}, m_execution{execution}, m_prices(problem.groups()),
      m_priced(problem.groups()), m_worth(problem.candidates()), m_times(problem.groups()),
      m_direction(problem.groups()) {
    for (std::size_t g = 0; g < problem.groups(); ++g) // nothing is worth more than all
        m_best += problem.weights[g] * (problem.first[g] + problem.second[g]);
    if (problem.serves.entries() < small)
        m_execution.threads = 1;
    for (std::size_t g = 0; g < problem.groups(); ++g)
        m_prices[g] = problem.first[g] / std::max<std::uint32_t>(1, times[g]);
    m_best_prices = m_prices;
    for (std::uint32_t k = 0; k < problem.candidates(); ++k)
        if (!problem.fixed[k])
            m_order.push_back(k);
}

double CoverBound::worth_of(std::size_t k, const std::vector<double>& priced) const {
    double sum = 0;
    for (const auto g : m_problem->serves[k])
        sum += priced[g];
    return sum;
}

/// Calls take(group, weight) for what a site of limited capacity is worth most by: dear weight
/// first.
template <class Take>
void CoverBound::load(std::size_t k, const std::vector<double>& prices, Take&& take) const {
    const auto list = m_problem->serves[k];
    std::vector<std::uint32_t> order{list.begin(), list.end()};
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return prices[a] > prices[b] || (prices[a] == prices[b] && a < b);
    });
    double left = m_problem->capacities[k];
    for (const auto g : order) {
        const double taken = std::min(left, m_problem->weights[g]);
        take(g, taken);
        left -= taken;
        if (left <= 0)
            break;
    }
}

void CoverBound::evaluate(const std::vector<double>& prices) {
    const auto& p = *m_problem;
    double bound = 0;
    for (std::size_t g = 0; g < p.groups(); ++g) {
        m_priced[g] = p.weights[g] * prices[g];
        const double once = p.first[g] - prices[g];
        const double twice = once + p.second[g] - prices[g];
        bound += p.weights[g] * std::max({0.0, once, twice});
    }
    constexpr std::size_t piece = 64;
    parallel_for(m_execution, (p.candidates() + piece - 1) / piece, [&](std::size_t first) {
        for (std::size_t k = first * piece; k < std::min(p.candidates(), (first + 1) * piece); ++k)
            if (p.capacities.empty()) {
                m_worth[k] = worth_of(k, m_priced);
            } else {
                m_worth[k] = 0;
                load(k, prices,
                     [&](std::uint32_t g, double taken) { m_worth[k] += taken * prices[g]; });
            }
    });
    for (std::size_t k = 0; k < p.candidates(); ++k)
        if (p.fixed[k])
            bound += m_worth[k];
    const double room =
        p.budget ? *p.budget : static_cast<double>(p.sites.value_or(m_order.size()));
    std::vector<double> ratios(p.candidates());
    for (const auto k : m_order)
        ratios[k] = worth_for_cost(m_worth[k], p.costs[k]);
    std::sort(m_order.begin(), m_order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return ratios[a] > ratios[b] || (ratios[a] == ratios[b] && a < b);
    });
    m_filled.clear();
    m_part = nobody;
    m_share = 0;
    m_ratio = 0;
    double left = room;
    for (const auto k : m_order) {
        const double cost = p.costs[k];
        if (cost <= left * (1 + 1e-12)) {
            m_filled.push_back(k);
            bound += m_worth[k];
            left -= cost;
            continue;
        }
        m_part = k;
        m_share = std::max(0.0, left / cost);
        m_ratio = ratios[k];
        bound += m_share * m_worth[k];
        break;
    }
    m_bound = bound;
}

bool CoverBound::look() {
    evaluate(m_prices);
    if (m_bound < m_best) {
        m_boldness.gained(m_bound < m_best * (1 - 1e-7));
        m_best = m_bound;
        m_best_prices = m_prices;
        return true;
    }
    m_boldness.gained_nothing();
    return false;
}

/// How often each group's weight is taken by a candidate that is open to a share.
void CoverBound::count(std::size_t k, double share) {
    const auto& p = *m_problem;
    if (p.capacities.empty()) {
        for (const auto g : p.serves[k])
            m_times[g] += share;
        return;
    }
    load(k, m_prices,
         [&](std::uint32_t g, double taken) { m_times[g] += share * taken / p.weights[g]; });
}

void CoverBound::move(double reached) {
    const auto& p = *m_problem;
    std::fill(m_times.begin(), m_times.end(), 0.0);
    for (std::size_t k = 0; k < p.candidates(); ++k)
        if (p.fixed[k])
            count(k, 1);
    for (const auto k : m_filled)
        count(k, 1);
    if (m_part != nobody && m_share > 0)
        count(m_part, m_share);
    double along = 0;
    double last = 0;
    for (std::size_t g = 0; g < p.groups(); ++g) {
        // How often a group is served for its value: a price below that of a second time asks
        // for two. At the ends prices stay within [0, first].
        const double slope = m_times[g] - (m_prices[g] < p.second[g] ? 2 : 1);
        m_times[g] = slope;
        along += p.weights[g] * slope * m_direction[g];
        last += p.weights[g] * m_direction[g] * m_direction[g];
    }
    const double keep = kept_of_direction(along, last);
    double norm = 0;
    for (std::size_t g = 0; g < p.groups(); ++g) {
        m_direction[g] = m_times[g] + keep * m_direction[g];
        const bool stuck = (m_direction[g] > 0 && m_prices[g] <= 0) ||
                           (m_direction[g] < 0 && m_prices[g] >= p.first[g]);
        if (stuck)
            m_direction[g] = 0;
        norm += p.weights[g] * m_direction[g] * m_direction[g];
    }
    if (norm <= 1e-12) {
        m_boldness.give_up();
        return;
    }
    const double step = m_boldness.value() * (m_bound - reached * (1 - 1e-6)) / norm;
    for (std::size_t g = 0; g < p.groups(); ++g)
        m_prices[g] = std::clamp(m_prices[g] - step * m_direction[g], 0.0, p.first[g]);
}

std::vector<CoverBound::Fate> CoverBound::fates(double value) {
    const auto& p = *m_problem;
    evaluate(m_best_prices);
    std::vector<Fate> fates(p.candidates(), Fate::either);
    for (std::size_t k = 0; k < p.candidates(); ++k) {
        if (p.fixed[k]) {
            fates[k] = Fate::open;
            continue;
        }
        // What the bound loses if the candidate is made to come in, or to stay out.
        const double surplus = m_worth[k] - m_ratio * p.costs[k];
        if (m_bound + surplus <= value && surplus < 0)
            fates[k] = Fate::closed;
        else if (m_bound - surplus <= value && surplus > 0)
            fates[k] = Fate::open;
    }
    return fates;
}

} // namespace riskmap::siting
