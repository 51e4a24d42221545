// SPDX-License-Identifier: MIT
#include <riskmap/siting/models.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>

#include "allotment.hpp"
#include "clock.hpp"
#include "mip.hpp"
#include "problem_check.hpp"

namespace riskmap::siting {

namespace {

class CapacitatedSearch {
  public:
    CapacitatedSearch(const CapacityTable& table, const Limits& limits, const Execution& execution)
        : m_table{table}, m_clock{limits.seconds}, m_execution{execution}, m_random{limits.seed},
          m_prices(table.demands.size()), m_best_prices(table.demands.size()),
          m_worth(table.candidates()) {}

    void search() {
        start_prices();
        descend_prices();
        shake(300);
        exact();
        // Time that was given is used, as long as anything can come of it.
        while (m_clock.limited() && found() && !proven() && !m_clock.over())
            if (!shake(300))
                break;
    }
    [[nodiscard]] const Allotment& best() const noexcept { return m_best; }
    [[nodiscard]] bool found() const noexcept { return std::isfinite(m_best.cost); }
    [[nodiscard]] bool infeasible() const noexcept { return m_infeasible; }
    [[nodiscard]] double bound() const { return std::min(rounded_up(m_bound), m_best.cost); }
    [[nodiscard]] bool proven() const {
        return found() && rounded_up(m_bound) >= m_best.cost * (1 - 1e-9);
    }
    [[nodiscard]] const Clock& clock() const noexcept { return m_clock; }

  private:
    [[nodiscard]] double rounded_up(double bound) const {
        return m_table.whole ? std::ceil(bound - 1e-6) : bound;
    }

    void start_prices() {
        for (std::size_t i = 0; i < m_prices.size(); ++i) {
            std::vector<double> costs;
            for (const auto& column : m_table.costs)
                if (std::isfinite(column[i]))
                    costs.push_back(column[i]);
            if (costs.empty())
                continue;
            const auto place = std::min(costs.size() - 1,
                                        costs.size() / std::max<std::size_t>(1, m_table.choices));
            std::nth_element(costs.begin(), costs.begin() + static_cast<std::ptrdiff_t>(place),
                             costs.end());
            m_prices[i] = costs[place];
        }
    }

    /// What a candidate saves at the prices: the best load that its capacity takes, the last
    /// demand in part (a relaxation). Adds its share of each demand to `taken`.
    double value(std::size_t k, const std::vector<double>& prices,
                 std::vector<double>* taken) const {
        std::vector<std::pair<double, std::uint32_t>> order;
        for (std::uint32_t i = 0; i < prices.size(); ++i)
            if (m_table.costs[k][i] < prices[i] && m_table.weights[i] <= m_table.capacities[k])
                order.emplace_back((m_table.costs[k][i] - prices[i]) / m_table.weights[i], i);
        std::sort(order.begin(), order.end());
        double left = m_table.capacities[k];
        double sum = 0;
        for (const auto& [ratio, i] : order) {
            const double share = std::min(1.0, left / m_table.weights[i]);
            sum += share * ratio * m_table.weights[i];
            if (taken != nullptr)
                (*taken)[i] += share;
            left -= share * m_table.weights[i];
            if (left <= 0)
                break;
        }
        return sum;
    }

    /// The bound at prices; the best free candidates there.
    double evaluate(const std::vector<double>& prices, std::vector<std::uint32_t>& chosen) {
        double bound = std::accumulate(prices.begin(), prices.end(), 0.0);
        std::vector<std::uint32_t> order;
        for (std::uint32_t k = 0; k < m_table.candidates(); ++k) {
            m_worth[k] = value(k, prices, nullptr);
            if (m_table.fixed[k])
                bound += m_worth[k];
            else
                order.push_back(k);
        }
        std::stable_sort(order.begin(), order.end(),
                         [&](std::uint32_t a, std::uint32_t b) { return m_worth[a] < m_worth[b]; });
        m_last_in = order.empty() || m_table.choices == 0 ? 0 : m_worth[order[m_table.choices - 1]];
        m_first_out = m_table.choices < order.size() ? m_worth[order[m_table.choices]]
                                                     : std::numeric_limits<double>::infinity();
        order.resize(m_table.choices);
        for (const auto k : order)
            bound += m_worth[k];
        std::sort(order.begin(), order.end());
        chosen = std::move(order);
        return bound;
    }

    void descend_prices() {
        constexpr int steps = 1500;
        double boldness = 1.5;
        int idle = 0;
        std::vector<std::uint32_t> chosen;
        for (int step = 0; step < steps && boldness > 1e-3 && !m_clock.over() && !proven();
             ++step) {
            m_execution.progress.check();
            const double bound = evaluate(m_prices, chosen);
            if (bound > m_bound) {
                idle = bound > m_bound * (1 + 1e-6) ? 0 : idle + 1;
                m_bound = bound;
                m_best_prices = m_prices;
                improve(chosen);
            } else if (++idle >= 20) {
                idle = 0;
                boldness *= 0.6;
            }
            std::vector<double> taken(m_prices.size());
            for (std::size_t k = 0; k < m_table.candidates(); ++k)
                if (m_table.fixed[k] || std::binary_search(chosen.begin(), chosen.end(), k))
                    (void)value(k, m_prices, &taken);
            double norm = 0;
            for (const double t : taken)
                norm += (1 - t) * (1 - t);
            if (norm <= 1e-12)
                break;
            const double target = found() ? m_best.cost * 1.001 : bound * 1.05 + 1;
            const double length = boldness * std::max(target - bound, 1e-9) / norm;
            for (std::size_t i = 0; i < m_prices.size(); ++i)
                m_prices[i] += length * (1 - taken[i]);
        }
    }

    /// Moves each chosen candidate to where those that it serves are served best, as long as that
    /// helps.
    void improve(std::vector<std::uint32_t> chosen) {
        while (true) {
            const auto allotment = allot(m_table, chosen);
            if (!std::isfinite(allotment.cost))
                return;
            if (allotment.cost < m_best.cost - 1e-9)
                m_best = allotment;
            auto moved = chosen;
            for (auto& k : moved) {
                double least = unknown_cost;
                auto best = k;
                double load = 0;
                for (std::uint32_t i = 0; i < m_prices.size(); ++i)
                    load += allotment.server[i] == k ? m_table.weights[i] : 0;
                for (std::uint32_t other = 0; other < m_table.candidates(); ++other) {
                    if (m_table.fixed[other] || m_table.capacities[other] < load ||
                        (other != k && std::find(moved.begin(), moved.end(), other) != moved.end()))
                        continue;
                    double sum = 0;
                    for (std::uint32_t i = 0; i < m_prices.size(); ++i)
                        if (allotment.server[i] == k)
                            sum += m_table.costs[other][i];
                    if (sum < least) {
                        least = sum;
                        best = other;
                    }
                }
                k = best;
            }
            std::sort(moved.begin(), moved.end());
            if (moved == chosen)
                return;
            const auto again = allot(m_table, moved);
            if (!(again.cost < allotment.cost - 1e-9))
                return;
            chosen = moved;
        }
    }

    /// Whether there is anything to shake.
    bool shake(int times) {
        for (int t = 0; t < times && found() && !proven() && !m_clock.over(); ++t) {
            m_execution.progress.check();
            auto chosen = m_best.chosen;
            if (chosen.empty() || chosen.size() == m_table.candidates())
                return false;
            const auto in = static_cast<std::uint32_t>(m_random() % m_table.candidates());
            if (m_table.fixed[in] || std::find(chosen.begin(), chosen.end(), in) != chosen.end())
                continue;
            chosen[m_random() % chosen.size()] = in;
            std::sort(chosen.begin(), chosen.end());
            improve(chosen);
        }
        return true;
    }

    /// Exact search with what the bound cannot rule out.
    void exact() {
        if (proven() || m_clock.over())
            return;
        std::vector<std::uint32_t> chosen;
        const double bound = evaluate(m_best_prices, chosen);
        const double target = found() ? m_best.cost - (m_table.whole ? 1 - 1e-6 : 1e-9)
                                      : std::numeric_limits<double>::infinity();
        Mip mip;
        std::vector<int> columns(m_table.candidates(), -1);
        std::vector<std::pair<int, double>> count;
        double to_choose = static_cast<double>(m_table.choices);
        for (std::uint32_t k = 0; k < m_table.candidates(); ++k) {
            const bool in = std::binary_search(chosen.begin(), chosen.end(), k);
            const bool stays_in = in && bound - m_worth[k] + m_first_out >= target;
            if (m_table.fixed[k] || stays_in)
                columns[k] = mip.add_column(0, 1, 1, false);
            else if (in || bound + m_worth[k] - m_last_in < target)
                columns[k] = mip.add_switch(0);
            if (!m_table.fixed[k] && columns[k] >= 0)
                count.emplace_back(columns[k], 1);
        }
        mip.add_row(to_choose, to_choose, count);
        constexpr std::size_t most_entries = 200'000;
        std::vector<std::vector<std::pair<int, double>>> served(m_prices.size());
        std::vector<std::vector<std::pair<int, std::uint32_t>>> loads(m_table.candidates());
        for (std::uint32_t k = 0; k < m_table.candidates(); ++k) {
            if (columns[k] < 0)
                continue;
            std::vector<std::pair<int, double>> load;
            for (std::uint32_t i = 0; i < m_prices.size(); ++i) {
                const double cost = m_table.costs[k][i];
                if (!std::isfinite(cost) || m_table.weights[i] > m_table.capacities[k] ||
                    bound + std::max(0.0, cost - m_best_prices[i]) >= target)
                    continue;
                const int y = mip.add_switch(cost);
                loads[k].emplace_back(y, i);
                load.emplace_back(y, m_table.weights[i]);
                served[i].emplace_back(y, 1);
                const std::pair<int, double> link[] = {{y, 1.0}, {columns[k], -1.0}};
                mip.add_row(-Mip::infinity, 0, link);
            }
            load.emplace_back(columns[k], -m_table.capacities[k]);
            mip.add_row(-Mip::infinity, 0, load);
            if (mip.entries() > most_entries)
                return;
        }
        for (const auto& row : served)
            mip.add_row(1, 1, row);
        Mip::Task task;
        task.cutoff = m_best.cost;
        task.granule = m_table.whole ? 1 : 0;
        const auto outcome = mip.solve(task, m_clock, m_execution);
        if (!outcome.values.empty()) {
            Allotment found{{}, std::vector<std::uint32_t>(m_prices.size(), nobody), 0};
            for (std::uint32_t k = 0; k < m_table.candidates(); ++k) {
                if (columns[k] < 0)
                    continue;
                if (!m_table.fixed[k] && outcome.values[static_cast<std::size_t>(columns[k])] > 0.5)
                    found.chosen.push_back(k);
                for (const auto& [y, i] : loads[k])
                    if (outcome.values[static_cast<std::size_t>(y)] > 0.5) {
                        found.server[i] = k;
                        found.cost += m_table.costs[k][i];
                    }
            }
            if (found.cost < m_best.cost)
                m_best = found;
        }
        if (outcome.finished) {
            m_infeasible = !found();
            m_bound = m_best.cost;
        } else {
            m_bound = std::max(m_bound, std::min(outcome.bound, target));
        }
    }

    const CapacityTable& m_table;
    Clock m_clock;
    const Execution& m_execution;
    std::mt19937_64 m_random;
    std::vector<double> m_prices, m_best_prices, m_worth;
    double m_last_in = 0;
    double m_first_out = 0;
    double m_bound = 0;
    bool m_infeasible = false;
    Allotment m_best;
};

} // namespace

Answer capacitated_median(const Problem& problem, const Limits& limits,
                          const Execution& execution) {
    check(problem);
    require_costs(problem);
    require_sites(problem);
    refuse_extras(problem, "cpmp", true);
    if (problem.capacities.empty())
        throw input_error("the candidates have no capacities", "give them, or use p-median");
    const CapacityTable table{problem};
    CapacitatedSearch search{table, limits, execution};
    search.search();
    if (!search.found())
        throw Error{ErrorKind::infeasible,
                    search.infeasible() ? "no choice of so many sites has room for every demand"
                                        : "no choice of sites with room for every demand was found",
                    "raise the capacities or the number of sites"};
    Answer answer;
    answer.objective = search.best().cost;
    answer.bound = search.bound();
    answer.optimal = search.proven();
    std::vector<std::uint32_t> chosen;
    for (const auto k : search.best().chosen)
        chosen.push_back(static_cast<std::uint32_t>(table.origin[k]));
    answer.sites = chosen_sites(problem, chosen);
    answer.server.assign(problem.weights.size(), nobody);
    for (std::size_t i = 0; i < table.demands.size(); ++i)
        answer.server[table.demands[i]] =
            static_cast<std::uint32_t>(table.origin[search.best().server[i]]);
    answer.seconds = search.clock().seconds();
    close(answer);
    return answer;
}

} // namespace riskmap::siting
