// SPDX-License-Identifier: MIT
#include "bound.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <riskmap/core/parallel.hpp>

namespace riskmap::siting {

namespace {

constexpr double boldest = 1.0;
constexpr double least_bold = 1e-4;
constexpr int patience = 12;

/// Twelve candidates have 4096 sets: little beside the demands that they cover.
constexpr std::size_t most_members = 12;

/// One, where the lists of demands of larger districts would take too much memory.
std::size_t members_within(const Reduced& problem, const Execution& execution) {
    std::uint64_t entries = 0;
    for (const auto& set : problem.candidates)
        entries += set.size();
    const auto bytes = entries * (sizeof(std::uint32_t) + sizeof(std::uint16_t));
    return bytes <= execution.memory_budget() / 4 ? most_members : 1;
}

/// What each set of members covers, from what each pattern of them does: all but the
/// patterns within the rest.
void add_up_sets(std::vector<double>& worth) {
    const std::size_t sets = worth.size();
    for (std::size_t bit = 1; bit < sets; bit *= 2)
        for (std::size_t s = 0; s < sets; ++s)
            if ((s & bit) != 0)
                worth[s] += worth[s ^ bit];
    const double all = worth[sets - 1];
    // worth[s] is that of patterns within s; wanted is all - worth[complement of s].
    std::reverse(worth.begin(), worth.end());
    for (double& w : worth)
        w = all - w;
}

} // namespace

Relaxation::Relaxation(const Reduced& problem, const Choice& start, const Execution& execution)
    : m_problem{&problem}, m_execution{&execution},
      m_districts{districts_of(problem, members_within(problem, execution), execution)},
      m_prices(problem.weights.size()), m_taken(m_districts.size()), m_most_weight{problem.total},
      m_times(problem.weights.size()) {
    for (std::size_t i = 0; i < m_prices.size(); ++i)
        m_prices[i] = 1.0 / std::max<std::uint32_t>(1, start.times(i));
    m_best_prices = m_prices;
}

double Relaxation::unpriced(std::size_t first, std::size_t end) const {
    double sum = 0;
    for (std::size_t i = first; i < end; ++i)
        sum += m_problem->weights[i] * (1 - m_prices[i]);
    return sum;
}

void Relaxation::begin() {
    m_prices = m_best_prices;
    m_unpriced =
        sum_over_demands([&](std::size_t first, std::size_t end) { return unpriced(first, end); });
    m_most_weight = m_problem->total;
    m_boldness = boldest;
    m_idle = 0;
}

bool Relaxation::done(const Question& question) const {
    return m_boldness < least_bold || m_most_weight <= question.reached * (1 + question.close) ||
           m_most_weight < question.enough;
}

/// The upper hull of cost and worth over the sets of a district, as steps.
void Relaxation::hull(std::size_t district, const std::vector<double>& worth,
                      std::vector<Step>& steps) const {
    const auto& costs = m_districts[district].costs;
    std::vector<std::uint16_t> corners{0};
    const auto gain = [&](std::uint16_t a, std::uint16_t b) { return worth[b] - worth[a]; };
    const auto cost = [&](std::uint16_t a, std::uint16_t b) { return costs[b] - costs[a]; };
    for (const auto set : m_districts[district].by_cost) {
        if (worth[set] <= worth[corners.back()])
            continue;
        while (corners.size() > 1) {
            const auto last = corners.back();
            const auto before = corners[corners.size() - 2];
            // The last corner lies on or below the line from the one before to this set.
            if (gain(before, last) * cost(last, set) > gain(last, set) * cost(before, last))
                break;
            corners.pop_back();
        }
        corners.push_back(set);
    }
    for (std::size_t c = 1; c < corners.size(); ++c)
        steps.push_back({cost(corners[c - 1], corners[c]), gain(corners[c - 1], corners[c]),
                         static_cast<std::uint32_t>(district), corners[c]});
}

void Relaxation::value_sets() {
    std::vector<std::vector<Step>> steps(m_districts.size());
    parallel_for(*m_execution, m_districts.size(), [&](std::size_t d) {
        const auto& district = m_districts[d];
        std::vector<double> worth(district.costs.size());
        visit(district, 0, m_prices.size(), [&](std::uint32_t i, std::uint16_t pattern) {
            worth[pattern] += m_problem->weights[i] * m_prices[i];
        });
        add_up_sets(worth);
        hull(d, worth, steps[d]);
    });
    m_steps.clear();
    for (const auto& own : steps)
        m_steps.insert(m_steps.end(), own.begin(), own.end());
    std::stable_sort(m_steps.begin(), m_steps.end(), [](const Step& a, const Step& b) {
        return a.worth * b.cost > b.worth * a.cost;
    });
}

/// Both bounds at the prices; whether the first is the lowest so far.
bool Relaxation::look(const Question& question) {
    std::fill(m_taken.begin(), m_taken.end(), std::uint16_t{0});
    m_part = m_steps.size();
    m_share = 0;
    double cost = 0;
    double weight = m_unpriced;
    bool full = false;
    bool reached = question.weight <= weight;
    for (std::size_t s = 0; s < m_steps.size() && !(full && reached); ++s) {
        const auto& step = m_steps[s];
        if (!reached && weight + step.worth >= question.weight) {
            reached = true;
            m_least_cost =
                std::max(m_least_cost, cost + step.cost * (question.weight - weight) / step.worth);
        }
        if (!full && cost + step.cost <= question.budget * (1 + 1e-12)) {
            m_taken[step.district] = step.to;
        } else if (!full) {
            full = true;
            m_part = s;
            m_share = std::max(0.0, (question.budget - cost) / step.cost);
            m_bound = weight + m_share * step.worth;
        }
        cost += step.cost;
        weight += step.worth;
    }
    if (!full)
        m_bound = weight;
    if (m_bound < m_most_weight * (1 - 1e-9)) {
        m_idle = 0;
        m_most_weight = m_bound;
        m_best_prices = m_prices;
        m_best_unpriced = m_unpriced;
        m_whole.clear();
        for (std::size_t d = 0; d < m_districts.size(); ++d)
            for (std::size_t m = 0; m < m_districts[d].members.size(); ++m)
                if ((m_taken[d] >> m & 1U) != 0)
                    m_whole.push_back(m_districts[d].members[m]);
        return true;
    }
    if (++m_idle >= patience) {
        m_idle = 0;
        m_boldness *= 0.5;
        m_prices = m_best_prices;
        m_unpriced = m_best_unpriced;
        m_back = true;
    }
    return false;
}

void Relaxation::count(const District& district, std::uint16_t set, float share, std::size_t first,
                       std::size_t end) {
    if (set == 0 || share == 0)
        return;
    visit(district, first, end, [&](std::uint32_t i, std::uint16_t pattern) {
        m_times[i] += (pattern & set) != 0 ? share : 0.0F;
    });
}

void Relaxation::count(std::size_t first, std::size_t end) {
    std::fill(m_times.begin() + static_cast<std::ptrdiff_t>(first),
              m_times.begin() + static_cast<std::ptrdiff_t>(end), 0.0F);
    const auto share = static_cast<float>(m_share);
    const auto split = m_part < m_steps.size() ? m_steps[m_part].district : m_districts.size();
    for (std::size_t d = 0; d < m_districts.size(); ++d)
        count(m_districts[d], m_taken[d], d == split ? 1 - share : 1.0F, first, end);
    if (m_part < m_steps.size())
        count(m_districts[split], m_steps[m_part].to, share, first, end);
}

void Relaxation::move(const Question& question) {
    if (std::exchange(m_back, false))
        return; // the fill looked at belongs to prices that were given up
    const double norm = sum_over_demands([&](std::size_t first, std::size_t end) {
        count(first, end);
        double sum = 0;
        for (std::size_t i = first; i < end; ++i) {
            const double slope = static_cast<double>(m_times[i]) - 1;
            const bool stuck = (slope < 0 && m_prices[i] >= 1) || (slope > 0 && m_prices[i] <= 0);
            sum += stuck ? 0 : m_problem->weights[i] * slope * slope;
        }
        return sum;
    });
    if (norm <= 0) {
        m_boldness = 0;
        return;
    }
    const double target =
        question.enough > 0 ? std::min(question.reached, question.enough) : question.reached;
    const double step = m_boldness * (m_bound - target + 1e-6 * m_bound) / norm;
    m_unpriced = sum_over_demands([&](std::size_t first, std::size_t end) {
        for (std::size_t i = first; i < end; ++i)
            m_prices[i] =
                std::clamp(m_prices[i] - step * (static_cast<double>(m_times[i]) - 1), 0.0, 1.0);
        return unpriced(first, end);
    });
}

} // namespace riskmap::siting
