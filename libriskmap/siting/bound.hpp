// SPDX-License-Identifier: MIT
// Private: what no choice of sites can beat.
#pragma once

#include <span>
#include <vector>

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

    void begin();
    [[nodiscard]] bool done(const Question& question) const;
    void value_sets();
    void hull(std::size_t district, const std::vector<double>& worth,
              std::vector<Step>& steps) const;
    bool look(const Question& question);
    void move(const Question& question);
    /// Calls call(demand, pattern) for all demands of a district.
    template <class Call>
    void visit(const District& district, Call&& call) const {
        if (district.members.size() == 1)
            m_problem->candidates[district.members[0]].visit(
                [&](std::uint32_t i) { call(i, std::uint16_t{1}); });
        for (std::size_t e = 0; e < district.demands.size(); ++e)
            call(district.demands[e], district.patterns[e]);
    }
    void count(const District& district, std::uint16_t set, float share);

    const Reduced* m_problem;
    const Execution* m_execution;
    std::vector<District> m_districts;
    std::vector<double> m_prices;
    std::vector<double> m_best_prices;
    double m_unpriced = 0;              ///< sum of w (1 - v)
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
    std::vector<float> m_times;
};

} // namespace riskmap::siting
