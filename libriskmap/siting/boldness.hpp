// SPDX-License-Identifier: MIT
// Private: how far a search by subgradients goes in a step, and which way.
#pragma once

#include <algorithm>

namespace riskmap::siting {

/// Steps become shorter each time a number of them has brought nothing (Held, Wolfe and
/// Crowder 1974).
class Boldness {
  public:
    Boldness(double start, int patience, double least)
        : m_value{start}, m_patience{patience}, m_least{least} {}

    [[nodiscard]] double value() const noexcept { return m_value; }
    /// Too short to matter.
    [[nodiscard]] bool spent() const noexcept { return m_value < m_least; }
    /// The bound has become better, by more than rounding or not.
    void gained(bool clearly) { m_idle = clearly ? 0 : m_idle; }
    void gained_nothing() {
        if (++m_idle < m_patience)
            return;
        m_idle = 0;
        m_value *= fall;
    }
    void give_up() { m_value = 0; }

  private:
    static constexpr double fall = 0.7;
    double m_value;
    int m_patience;
    double m_least;
    int m_idle = 0;
};

/// How much of the last direction is kept: some, where it disagrees with the slope (Camerini,
/// Fratta and Maffioli 1975). `along` is the product of both, `last` the square of the direction.
[[nodiscard]] inline double kept_of_direction(double along, double last) {
    return along < 0 && last > 0 ? std::min(1.5 * -along / last, 1.0) : 0;
}

} // namespace riskmap::siting
