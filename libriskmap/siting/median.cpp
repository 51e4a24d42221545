// SPDX-License-Identifier: MIT
#include <riskmap/siting/models.hpp>

#include <algorithm>
#include <cmath>
#include <random>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>

#include "interchange.hpp"
#include "median_bound.hpp"
#include "mip.hpp"
#include "problem_check.hpp"

namespace riskmap::siting {

namespace {

using Fate = MedianBound::Fate;

class MedianSearch {
  public:
    MedianSearch(const MedianCase& problem, const Limits& limits, const Execution& execution)
        : m_problem{problem}, m_clock{limits.seconds}, m_execution{execution}, m_random{
                                                                                   limits.seed} {}

    void search() {
        Interchange first{m_problem, filled_greedily(m_problem, {}, m_problem.choices())};
        first.stop_by(&m_clock);
        keep(first);
        MedianBound relaxation{m_problem, start_prices(first)};
        const auto offer = [&](const std::vector<std::uint32_t>& chosen) { try_choice(chosen); };
        constexpr int steps_of_round = 250;
        constexpr int rounds = 12;
        for (int round = 0; round < rounds && !proven() && !m_clock.over(); ++round) {
            m_execution.progress.check();
            m_execution.progress.report("site search", static_cast<double>(round) / (rounds + 1));
            const bool more = relaxation.ascend(steps_of_round, m_cost, enough(), m_clock, offer);
            m_bound = std::max(m_bound, rounded_up(relaxation.value()));
            if (!proven())
                shake(round < 2 ? 10 : shakes() / 8);
            if (!more)
                break;
        }
        if (!proven())
            finish(relaxation);
        if (!proven())
            shake(shakes());
        // Time that was given is used, as long as anything can come of it.
        while (m_clock.limited() && !proven() && !m_clock.over()) {
            (void)relaxation.ascend(steps_of_round, m_cost, enough(), m_clock, offer);
            m_bound = std::max(m_bound, rounded_up(relaxation.value()));
            if (!proven() && m_problem.choices() > 0)
                shake(shakes());
            else
                break;
        }
    }

    [[nodiscard]] const std::vector<std::uint32_t>& best() const noexcept { return m_best; }
    [[nodiscard]] double cost() const noexcept { return m_cost; }
    [[nodiscard]] double bound() const noexcept { return std::min(m_bound, m_cost); }
    [[nodiscard]] bool proven() const { return m_bound >= m_cost - tolerance(); }
    [[nodiscard]] const Clock& clock() const noexcept { return m_clock; }

  private:
    [[nodiscard]] double tolerance() const { return 1e-9 * std::max(1.0, m_cost); }
    /// A bound from which on the best choice is proven.
    [[nodiscard]] double enough() const {
        return m_problem.granule() > 0 ? m_cost - m_problem.granule() * (1 - 1e-6)
                                       : m_cost - tolerance();
    }
    [[nodiscard]] double rounded_up(double bound) const {
        const double granule = m_problem.granule();
        return granule > 0 ? std::ceil(bound / granule - 1e-6) * granule : bound;
    }

    void keep(Interchange& choice) {
        choice.descend();
        if (m_best.empty() || choice.cost() < m_cost - tolerance()) {
            m_best = choice.chosen();
            m_cost = choice.cost();
        }
    }

    /// Between what the nearest and the second nearest open candidate cost.
    std::vector<double> start_prices(const Interchange& choice) const {
        std::vector<double> prices(m_problem.demands());
        for (std::size_t i = 0; i < prices.size(); ++i) {
            double found[2] = {m_problem.penalty(), m_problem.penalty()};
            int n = 0;
            for (const auto& option : m_problem.options(i))
                if (n < 2 && choice.open(option.candidate))
                    found[n++] = option.cost;
            prices[i] = n == 2 ? (found[0] + found[1]) / 2 : found[0];
        }
        return prices;
    }

    void try_choice(const std::vector<std::uint32_t>& chosen) {
        m_execution.progress.check();
        std::vector<bool> open(m_problem.candidates());
        for (std::size_t j = 0; j < open.size(); ++j)
            open[j] = m_problem.fixed(j);
        for (const auto j : chosen)
            open[j] = true;
        const double cost = m_problem.cost_of(open);
        // A start from which a descent has a hope, and not the one of the last descent again.
        if (cost > m_cost * 1.02 || cost == m_last_tried)
            return;
        m_last_tried = cost;
        Interchange choice{m_problem, chosen};
        choice.stop_by(&m_clock);
        keep(choice);
    }

    /// As many as take a few seconds, whatever the size.
    [[nodiscard]] int shakes() const {
        constexpr double work = 4e8;
        const double step = static_cast<double>(m_problem.candidates()) *
                            static_cast<double>(m_problem.choices() + 1);
        return static_cast<int>(std::clamp(work / step, 20.0, 3000.0));
    }

    /// Swaps a few candidates at random and descends again.
    void shake(int times) {
        const std::size_t places = m_problem.choices();
        if (places == 0)
            return;
        std::vector<std::uint32_t> closed;
        Interchange choice{m_problem, m_best};
        choice.stop_by(&m_clock);
        for (int t = 0; t < times && !m_clock.over(); ++t) {
            m_execution.progress.check();
            closed.clear();
            for (std::uint32_t j = 0; j < m_problem.candidates(); ++j)
                if (m_problem.free(j) && !choice.open(j))
                    closed.push_back(j);
            if (closed.empty())
                return;
            const std::size_t swaps = std::min<std::size_t>(
                1 + m_random() % std::max<std::size_t>(2, places / 20), places);
            for (std::size_t s = 0; s < swaps; ++s) {
                auto& in = closed[m_random() % closed.size()];
                const auto out = choice.chosen()[m_random() % places];
                choice.swap(in, out);
                in = out;
            }
            keep(choice);
            if (choice.cost() > m_cost + tolerance()) {
                choice = Interchange{m_problem, m_best};
                choice.stop_by(&m_clock);
            }
        }
    }

    /// What the bound leaves open goes to exact search, if it is little.
    void finish(MedianBound& relaxation) {
        constexpr std::size_t most_entries = 400'000;
        const double target = enough();
        const auto fates = relaxation.fates(target);
        std::vector<int> columns(fates.size(), -1);
        Mip mip;
        double to_choose = static_cast<double>(m_problem.choices());
        std::vector<std::pair<int, double>> count;
        std::vector<bool> open(fates.size());
        for (std::size_t j = 0; j < fates.size(); ++j) {
            open[j] = fates[j] == Fate::open;
            if (open[j] && m_problem.free(j))
                --to_choose;
            if (fates[j] == Fate::either) {
                columns[j] = mip.add_switch(0);
                count.emplace_back(columns[j], 1);
            }
        }
        mip.add_row(to_choose, to_choose, count);
        double constant = 0;
        for (std::size_t i = 0; i < m_problem.demands(); ++i) {
            std::vector<std::pair<int, double>> one;
            const double price = relaxation.prices()[i];
            bool has_last = false;
            for (const auto& option : m_problem.options(i)) {
                // Dearer service than the bound has room for.
                if (option.cost > price && relaxation.value() + option.cost - price >= target)
                    break;
                if (open[option.candidate]) {
                    has_last = true;
                    if (one.empty())
                        constant += option.cost;
                    else
                        one.emplace_back(mip.add_column(option.cost, 0, 1, false), 1);
                    break;
                }
                const int x = columns[option.candidate];
                if (x < 0)
                    continue;
                const int y = mip.add_column(option.cost, 0, 1, false);
                const std::pair<int, double> link[] = {{y, 1.0}, {x, -1.0}};
                mip.add_row(-Mip::infinity, 0, link);
                one.emplace_back(y, 1);
            }
            if (one.empty() && !has_last)
                return prove(); // no cheaper choice can serve this demand
            if (!one.empty())
                mip.add_row(1, 1, one);
            if (mip.entries() > most_entries)
                return;
        }
        const auto outcome =
            mip.solve({m_cost - constant, m_problem.granule()}, m_clock, m_execution);
        if (!outcome.values.empty()) {
            std::vector<std::uint32_t> chosen;
            for (std::uint32_t j = 0; j < fates.size(); ++j)
                if (m_problem.free(j) &&
                    (open[j] || (columns[j] >= 0 &&
                                 outcome.values[static_cast<std::size_t>(columns[j])] > 0.5)))
                    chosen.push_back(j);
            Interchange choice{m_problem, chosen};
            keep(choice);
        }
        if (outcome.finished)
            return prove();
        // Choices that were ruled out cost at least `target`.
        m_bound = std::max(m_bound, rounded_up(std::min(outcome.bound + constant, target)));
    }

    void prove() { m_bound = m_cost; }

    const MedianCase& m_problem;
    Clock m_clock;
    const Execution& m_execution;
    std::mt19937_64 m_random;
    std::vector<std::uint32_t> m_best;
    double m_cost = 0;
    double m_bound = 0;
    double m_last_tried = 0;
};

} // namespace

Answer median(const Problem& problem, const Limits& limits, const Execution& execution) {
    check(problem);
    require_costs(problem);
    require_sites(problem);
    refuse_extras(problem, "p-median", false);
    const MedianCase small{problem};
    MedianSearch search{small, limits, execution};
    search.search();
    Answer answer;
    answer.objective = search.cost();
    answer.bound = search.bound();
    answer.optimal = search.proven();
    answer.sites = chosen_sites(problem, search.best());
    answer.server = nearest_servers(problem, answer.sites);
    require_all_served(problem, answer);
    answer.seconds = search.clock().seconds();
    close(answer);
    return answer;
}

} // namespace riskmap::siting
