// SPDX-License-Identifier: MIT
// Private: a choice of candidates for a covering case, and what changing it brings.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include <riskmap/core/execution.hpp>

#include "clock.hpp"
#include "cover_case.hpp"

namespace riskmap::siting {

/// Capacities are not looked at: `share_out` does that.
class CoverChoice {
  public:
    explicit CoverChoice(const CoverCase& problem);

    [[nodiscard]] bool has(std::size_t k) const noexcept { return m_chosen[k]; }
    [[nodiscard]] double value() const noexcept { return m_value; } ///< without the constant
    [[nodiscard]] std::vector<std::uint32_t> chosen() const;
    [[nodiscard]] std::uint32_t times(std::size_t group) const noexcept { return m_times[group]; }

    void add(std::size_t k);
    void remove(std::size_t k);

    /// Whether number, budget and quotas let candidates come in and go out. What quotas ask for at
    /// least must stay within reach.
    [[nodiscard]] bool allows(std::uint32_t in, std::uint32_t out = nobody) const;
    /// Whether what quotas ask for at least is there.
    [[nodiscard]] bool complete() const;

    /// Adds what brings most for its cost as long as something may be added that brings
    /// anything or that a quota needs.
    void fill();
    /// Swaps one for another one as long as that brings more; fills again.
    void exchange(const Clock& clock, const Execution& execution);

  private:
    /// Value per weight of one more site where there are so many.
    [[nodiscard]] double more(std::size_t group, std::uint32_t times) const {
        return times == 0 ? m_problem->first[group] : times == 1 ? m_problem->second[group] : 0;
    }
    [[nodiscard]] bool needed(std::uint32_t k) const;
    struct Swap {
        double better;
        std::uint32_t in, out;
    };
    [[nodiscard]] Swap best_swap(std::uint32_t out, const std::vector<std::uint32_t>& by_gain,
                                 std::vector<double>& shared) const;

    const CoverCase* m_problem;
    std::vector<std::uint32_t> m_times;
    std::vector<bool> m_chosen;
    std::vector<double> m_gains;       ///< that candidates bring, or that would go with them
    std::vector<std::size_t> m_counts; ///< by rule
    double m_value = 0;
    double m_cost = 0;
};

/// Takes out a few that serve the same people, fills and exchanges; keeps what is better.
void shake(CoverChoice& best, const CoverCase& problem, int times, std::mt19937_64& random,
           const Clock& clock, const Execution& execution);

} // namespace riskmap::siting
