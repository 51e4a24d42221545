// SPDX-License-Identifier: MIT
#include "median_bound.hpp"

#include <algorithm>
#include <numeric>

namespace riskmap::siting {

MedianBound::MedianBound(const MedianCase& problem, const std::vector<double>& start)
    : m_problem{&problem}, m_prices{start}, m_best_prices{start}, m_rho(problem.candidates()),
      m_direction(problem.demands()), m_taken(problem.candidates()), m_best{0} {
    for (std::uint32_t j = 0; j < problem.candidates(); ++j)
        if (problem.free(j))
            m_order.push_back(j);
}

void MedianBound::value_candidates(const std::vector<double>& prices) {
    std::fill(m_rho.begin(), m_rho.end(), 0.0);
    for (std::size_t i = 0; i < m_problem->demands(); ++i) {
        const double price = prices[i];
        for (const auto& option : m_problem->options(i)) {
            if (option.cost >= price)
                break;
            m_rho[option.candidate] += option.cost - price;
        }
    }
    const auto split = m_order.begin() + static_cast<std::ptrdiff_t>(m_problem->choices());
    std::nth_element(m_order.begin(), split, m_order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return m_rho[a] < m_rho[b] || (m_rho[a] == m_rho[b] && a < b);
    });
    m_bound = std::accumulate(prices.begin(), prices.end(), 0.0);
    for (std::size_t j = 0; j < m_rho.size(); ++j) {
        m_taken[j] = m_problem->fixed(j);
        if (m_taken[j])
            m_bound += m_rho[j];
    }
    m_chosen.assign(m_order.begin(), split);
    std::sort(m_chosen.begin(), m_chosen.end());
    for (const auto j : m_chosen) {
        m_bound += m_rho[j];
        m_taken[j] = true;
    }
}

bool MedianBound::look() {
    value_candidates(m_prices);
    if (m_bound > m_best) {
        m_boldness.gained(m_bound > m_best * (1 + 1e-7));
        m_best = m_bound;
        m_best_prices = m_prices;
        return true;
    }
    m_boldness.gained_nothing();
    return false;
}

void MedianBound::move(double reached) {
    std::vector<double> slope(m_prices.size());
    double along = 0;
    double last = 0;
    for (std::size_t i = 0; i < m_prices.size(); ++i) {
        double times = 0;
        for (const auto& option : m_problem->options(i)) {
            if (option.cost >= m_prices[i])
                break;
            times += m_taken[option.candidate] ? 1 : 0;
        }
        slope[i] = 1 - times;
        along += slope[i] * m_direction[i];
        last += m_direction[i] * m_direction[i];
    }
    const double keep = kept_of_direction(along, last);
    double norm = 0;
    for (std::size_t i = 0; i < m_prices.size(); ++i) {
        m_direction[i] = slope[i] + keep * m_direction[i];
        norm += m_direction[i] * m_direction[i];
    }
    if (norm <= 1e-12) {
        m_boldness.give_up();
        return;
    }
    const double step = m_boldness.value() * (reached * (1 + 1e-6) - m_bound) / norm;
    for (std::size_t i = 0; i < m_prices.size(); ++i)
        m_prices[i] += step * m_direction[i];
}

std::vector<MedianBound::Fate> MedianBound::fates(double cost) {
    value_candidates(m_best_prices);
    std::vector<Fate> fates(m_rho.size(), Fate::either);
    const std::size_t choices = m_problem->choices();
    double last_in = 0;
    double first_out = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < m_order.size(); ++k) {
        const double rho = m_rho[m_order[k]];
        if (k < choices)
            last_in = k == 0 ? rho : std::max(last_in, rho);
        else
            first_out = std::min(first_out, rho);
    }
    for (std::size_t j = 0; j < m_rho.size(); ++j) {
        if (m_problem->fixed(j))
            fates[j] = Fate::open;
        else if (!m_problem->free(j))
            fates[j] = Fate::closed;
    }
    for (std::size_t k = 0; k < m_order.size(); ++k) {
        const auto j = m_order[k];
        if (k < choices && m_bound - m_rho[j] + first_out >= cost)
            fates[j] = Fate::open;
        if (k >= choices && (choices == 0 || m_bound + m_rho[j] - last_in >= cost))
            fates[j] = Fate::closed;
    }
    return fates;
}

} // namespace riskmap::siting
