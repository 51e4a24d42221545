// SPDX-License-Identifier: MIT
#include "interchange.hpp"

namespace riskmap::siting {

Interchange::Interchange(const MedianCase& problem, const std::vector<std::uint32_t>& start)
    : m_problem{&problem}, m_open(problem.candidates()), m_chosen{start},
      m_place(problem.candidates(), none), m_nearest(problem.demands()),
      m_gain(problem.candidates()), m_loss(start.size()),
      m_extra(problem.candidates() * start.size()), m_is_moved(problem.demands()) {
    for (std::size_t j = 0; j < problem.candidates(); ++j)
        m_open[j] = problem.fixed(j);
    for (std::uint32_t k = 0; k < start.size(); ++k) {
        m_open[start[k]] = true;
        m_place[start[k]] = k;
    }
    for (std::size_t i = 0; i < problem.demands(); ++i) {
        look_up(i);
        credit(i, 1);
        m_cost += m_nearest[i].first;
    }
}

void Interchange::look_up(std::size_t demand) {
    Nearest nearest{m_problem->penalty(), m_problem->penalty(), none};
    bool found = false;
    for (const auto& option : m_problem->options(demand)) {
        if (!m_open[option.candidate])
            continue;
        if (found) {
            nearest.second = option.cost;
            break;
        }
        found = true;
        nearest.first = option.cost;
        nearest.server = m_place[option.candidate];
    }
    m_nearest[demand] = nearest;
}

/// What a demand brings to gains, losses and extras.
void Interchange::credit(std::size_t demand, double sign) {
    const auto [first, second, server] = m_nearest[demand];
    const std::size_t places = m_chosen.size();
    if (server != none)
        m_loss[server] += sign * (second - first);
    for (const auto& option : m_problem->options(demand)) {
        if (option.cost >= second)
            break;
        if (m_open[option.candidate])
            continue;
        if (option.cost < first)
            m_gain[option.candidate] += sign * (first - option.cost);
        if (server != none)
            m_extra[option.candidate * places + server] +=
                sign * (second - std::max(option.cost, first));
    }
}

void Interchange::swap(std::uint32_t in, std::uint32_t out) {
    const auto place = m_place[out];
    m_moved.clear();
    const auto move = [&](std::size_t demand) {
        if (m_is_moved[demand])
            return;
        m_is_moved[demand] = true;
        m_moved.push_back(static_cast<std::uint32_t>(demand));
        credit(demand, -1);
        m_cost -= m_nearest[demand].first;
    };
    for (const auto& link : m_problem->served(in))
        if (link.cost < m_nearest[link.demand].second)
            move(link.demand);
    for (const auto& link : m_problem->served(out))
        if (link.cost <= m_nearest[link.demand].second)
            move(link.demand);
    m_open[out] = false;
    m_open[in] = true;
    m_place[out] = none;
    m_place[in] = place;
    m_chosen[place] = in;
    for (const auto demand : m_moved) {
        look_up(demand);
        credit(demand, 1);
        m_cost += m_nearest[demand].first;
        m_is_moved[demand] = false;
    }
}

void Interchange::descend() {
    const std::size_t places = m_chosen.size();
    while (places > 0 && !(m_clock != nullptr && m_clock->over())) {
        double best = 1e-9 * (1 + m_cost);
        std::uint32_t in = none, out = none;
        for (std::size_t j = 0; j < m_problem->candidates(); ++j) {
            if (!m_problem->free(j) || m_open[j])
                continue;
            const double* extra = m_extra.data() + j * places;
            for (std::size_t k = 0; k < places; ++k) {
                const double profit = m_gain[j] - m_loss[k] + extra[k];
                if (profit > best) {
                    best = profit;
                    in = static_cast<std::uint32_t>(j);
                    out = m_chosen[k];
                }
            }
        }
        if (in == none)
            break;
        swap(in, out);
    }
    // Sums kept up to date gather rounding.
    m_cost = m_problem->cost_of(m_open);
}

} // namespace riskmap::siting
