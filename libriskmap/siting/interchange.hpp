// SPDX-License-Identifier: MIT
// Private: local search for medians by the best swap of one open candidate for a closed one
// (Resende and Werneck 2007): gains, losses and what a swap has too much of in both are kept
// up to date, so that a step looks only at the demands that it moves.
#pragma once

#include <cstdint>
#include <vector>

#include "clock.hpp"
#include "median_case.hpp"

namespace riskmap::siting {

class Interchange {
  public:
    /// Opens the fixed candidates and `start` (free ones, as many as are to be chosen).
    Interchange(const MedianCase& problem, const std::vector<std::uint32_t>& start);

    /// Swaps until nothing helps, or the clock it was given is over.
    void descend();
    void stop_by(const Clock* clock) noexcept { m_clock = clock; }
    /// Swaps one candidate, whether it helps or not.
    void swap(std::uint32_t in, std::uint32_t out);

    [[nodiscard]] double cost() const noexcept { return m_cost; }
    /// The free candidates that are open.
    [[nodiscard]] const std::vector<std::uint32_t>& chosen() const noexcept { return m_chosen; }
    [[nodiscard]] bool open(std::size_t candidate) const noexcept { return m_open[candidate]; }

  private:
    static constexpr std::uint32_t none = ~std::uint32_t{0};
    struct Nearest {
        double first, second;
        std::uint32_t server; ///< place in m_chosen; none: a fixed one or nobody
    };

    void look_up(std::size_t demand);
    void credit(std::size_t demand, double sign);

    const MedianCase* m_problem;
    std::vector<bool> m_open;
    std::vector<std::uint32_t> m_chosen;
    std::vector<std::uint32_t> m_place; ///< of each candidate in m_chosen
    std::vector<Nearest> m_nearest;
    std::vector<double> m_gain;  ///< by candidate that comes in
    std::vector<double> m_loss;  ///< by place of the one that goes out
    std::vector<double> m_extra; ///< by candidate and place
    std::vector<std::uint32_t> m_moved;
    std::vector<bool> m_is_moved;
    double m_cost = 0;
    const Clock* m_clock = nullptr;
};

} // namespace riskmap::siting
