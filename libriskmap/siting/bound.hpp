// SPDX-License-Identifier: MIT
// Private: what no choice of sites can beat.
#pragma once

#include <algorithm>
#include <bit>
#include <numeric>
#include <span>
#include <vector>

#include <riskmap/core/parallel.hpp>

#include "choice.hpp"
#include "districts.hpp"

namespace riskmap::siting {

/// What a bound is sought for: the most weight within `budget`, and, where `weight` is
/// above 0, the least cost that covers so much.
struct Question {
    double budget = 0;
    double weight = 0;
    /// Weight that is known to be within reach: the bound cannot fall below it.
    double reached = 0;
    /// Stop once the bound is that near to `reached` (relative), or below `enough`.
    double close = 0;
    double enough = 0;
    int steps = 400;
};

/// The Lagrangian relaxation of "a demand that several districts cover counts once". At
/// prices v, 0 <= v_i <= 1, of a unit of each demand a choice within a budget covers at most
///     sum_i w_i (1 - v_i) + the best fill of the budget with sets of sites of each district,
/// a set being worth the sum of w_i v_i over what it covers, each demand once; the last
/// step is taken in part. Within a district overlap is thus counted exactly.
class Relaxation {
  public:
    Relaxation(const Reduced& problem, const Choice& start, const Execution& execution);

    /// Lowers the bound by subgradient steps. Calls offer(sites) with the whole sites of the
    /// best fill each time the bound has become lower.
    template <class Offer>
    void descend(const Question& question, Offer&& offer) {
        begin();
        for (int step = 0; step < question.steps && !done(question); ++step) {
            m_execution->progress.check();
            value_sets();
            if (look(question))
                offer(std::span<const std::size_t>{m_whole});
            move(question);
        }
    }

    /// No choice within the budget covers more.
    [[nodiscard]] double most_weight() const noexcept { return m_most_weight; }
    /// No choice that covers the weight costs less.
    [[nodiscard]] double least_cost() const noexcept { return m_least_cost; }

  private:
    /// From one set of a district to a dearer one that is worth more.
    struct Step {
        double cost;
        double worth;
        std::uint32_t district;
        std::uint16_t to;
    };

    /// Adds up what sum(first, end) gives for pieces of the demands, of fixed size and in their
    /// order, whoever works on them.
    template <class Sum>
    [[nodiscard]] double sum_over_demands(Sum sum) const {
        constexpr std::size_t piece = 65536; // a multiple of 64
        std::vector<double> sums((m_prices.size() + piece - 1) / piece);
        parallel_for(*m_execution, sums.size(), [&](std::size_t p) {
            sums[p] = sum(p * piece, std::min((p + 1) * piece, m_prices.size()));
        });
        return std::accumulate(sums.begin(), sums.end(), 0.0);
    }
    [[nodiscard]] double unpriced(std::size_t first, std::size_t end) const;
    void begin();
    [[nodiscard]] bool done(const Question& question) const;
    void value_sets();
    void hull(std::size_t district, const std::vector<double>& worth,
              std::vector<Step>& steps) const;
    bool look(const Question& question);
    void move(const Question& question);
    /// Calls call(demand, pattern) for the demands of a district from `first` to `end` - 1, both
    /// multiples of 64 or the end of all.
    template <class Call>
    void visit(const District& district, std::size_t first, std::size_t end, Call&& call) const {
        if (district.members.size() == 1) {
            const auto& set = m_problem->candidates[district.members[0]];
            for (auto w = set.first_word(first / 64);
                 w < set.words() && std::size_t{set.word(w).place} * 64 < end; ++w)
                for (auto bits = set.word(w).bits; bits != 0; bits &= bits - 1)
                    call(set.word(w).place * 64 +
                             static_cast<std::uint32_t>(std::countr_zero(bits)),
                         std::uint16_t{1});
            return;
        }
        const auto& demands = district.demands;
        const auto from = std::lower_bound(demands.begin(), demands.end(), first);
        for (auto e = static_cast<std::size_t>(from - demands.begin());
             e < demands.size() && demands[e] < end; ++e)
            call(demands[e], district.patterns[e]);
    }
    /// Counts by how many districts demands first .. end - 1 are covered.
    void count(std::size_t first, std::size_t end);
    void count(const District& district, std::uint16_t set, float share, std::size_t first,
               std::size_t end);

    const Reduced* m_problem;
    const Execution* m_execution;
    std::vector<District> m_districts;
    std::vector<double> m_prices;
    std::vector<double> m_best_prices;
    double m_unpriced = 0; ///< sum of w (1 - v)
    double m_best_unpriced = 0;
    std::vector<Step> m_steps;          ///< of all districts, most worth for cost first
    std::vector<std::uint16_t> m_taken; ///< the whole set of each district
    std::size_t m_part = 0;             ///< the step taken in part
    double m_share = 0;
    std::vector<std::size_t> m_whole;
    double m_bound = 0;
    double m_most_weight = 0;
    double m_least_cost = 0;
    double m_boldness = 1;
    int m_idle = 0;
    bool m_back = false; ///< the best prices were taken up again
    std::vector<float> m_times;
};

} // namespace riskmap::siting
