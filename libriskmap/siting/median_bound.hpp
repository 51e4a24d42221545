// SPDX-License-Identifier: MIT
// Private: what no choice of medians can beat, by pricing the service of each demand
// (Cornuejols, Fisher and Nemhauser 1977).
#pragma once

#include <cstdint>
#include <vector>

#include "boldness.hpp"
#include "clock.hpp"
#include "median_case.hpp"

namespace riskmap::siting {

/// At prices u a candidate is worth rho_j = sum_i min(0, c_ij - u_i); no choice costs less than
/// sum u + rho of the fixed + the least rho of as many free ones as are chosen.
class MedianBound {
  public:
    explicit MedianBound(const MedianCase& problem, const std::vector<double>& start);

    /// Raises the bound by `steps` steps at most; `reached` is a cost that is known to be
    /// within reach. Calls offer(chosen) with the best free candidates at the prices each
    /// time the bound has become higher. False once steps have become too short to matter.
    template <class Offer>
    bool ascend(int steps, double reached, double enough, const Clock& clock, Offer&& offer) {
        for (int step = 0; step < steps; ++step) {
            if (m_boldness.spent() || m_best >= enough || clock.over())
                return !m_boldness.spent();
            if (look())
                offer(m_chosen);
            move(reached);
        }
        return true;
    }

    [[nodiscard]] double value() const noexcept { return m_best; }
    [[nodiscard]] const std::vector<double>& prices() const noexcept { return m_best_prices; }

    enum class Fate : std::uint8_t { open, either, closed };
    /// What becomes of each candidate in choices that cost less than `cost`.
    [[nodiscard]] std::vector<Fate> fates(double cost);

  private:
    bool look();
    void move(double reached);
    void value_candidates(const std::vector<double>& prices);

    const MedianCase* m_problem;
    std::vector<double> m_prices, m_best_prices, m_rho, m_direction;
    std::vector<std::uint32_t> m_chosen; ///< the best free ones
    std::vector<std::uint32_t> m_order;
    std::vector<bool> m_taken;
    double m_bound = 0;
    double m_best = 0;
    Boldness m_boldness{1.5, 30, 2e-4};
};

} // namespace riskmap::siting
