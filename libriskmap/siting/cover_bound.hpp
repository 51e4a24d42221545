// SPDX-License-Identifier: MIT
// Private: what no choice for a covering case can beat, by pricing "served by several sites
// counts once" (Galvao and ReVelle 1996).
#pragma once

#include <cstdint>
#include <vector>

#include <riskmap/core/execution.hpp>

#include "boldness.hpp"
#include "clock.hpp"
#include "cover_case.hpp"

namespace riskmap::siting {

/// At prices v_g per weight, 0 <= v_g <= 1, no choice is worth more than
///     sum_g w_g max(0, f_g - v_g, f_g + s_g - 2 v_g) + the best fill of number or budget,
/// a candidate being worth the sum of w_g v_g over the groups it serves, or, with a capacity,
/// over the best of them that it can take. Quotas and minimums are not looked at: with them
/// less is possible, never more.
class CoverBound {
  public:
    /// Starts from the prices that a choice suggests.
    CoverBound(const CoverCase& problem, const std::vector<std::uint32_t>& times,
               const Execution& execution);

    /// Lowers the bound by `steps` steps at most, towards `reached`, a value that is known to be
    /// within reach; down to `enough`. Calls offer(candidates) with the best fill each time
    /// the bound has become lower. False once steps have become too short to matter.
    template <class Offer>
    bool descend(int steps, double reached, double enough, const Clock& clock, Offer&& offer) {
        for (int step = 0; step < steps; ++step) {
            if (m_boldness.spent() || m_best <= enough || clock.over())
                return !m_boldness.spent();
            m_execution.progress.check();
            if (look())
                offer(m_filled);
            move(reached);
        }
        return true;
    }

    [[nodiscard]] double value() const noexcept { return m_best; } ///< without the constant

    enum class Fate : std::uint8_t { open, either, closed };
    /// What becomes of each candidate in choices that are worth more than `value`.
    [[nodiscard]] std::vector<Fate> fates(double value);

  private:
    void evaluate(const std::vector<double>& prices);
    [[nodiscard]] double worth_of(std::size_t k, const std::vector<double>& priced) const;
    template <class Take>
    void load(std::size_t k, const std::vector<double>& prices, Take&& take) const;
    bool look();
    void move(double reached);
    void count(std::size_t k, double share);

    const CoverCase* m_problem;
    Execution m_execution;
    std::vector<double> m_prices, m_best_prices, m_priced, m_worth, m_times, m_direction;
    std::vector<std::uint32_t> m_order;
    std::vector<std::uint32_t> m_filled; ///< whole candidates of the best fill
    std::uint32_t m_part = nobody;       ///< the one taken in part
    double m_share = 0;
    double m_ratio = 0; ///< worth for cost at which the fill ends
    double m_bound = 0;
    double m_best = 0;
    Boldness m_boldness{1, 25, 1e-4};
};

} // namespace riskmap::siting
