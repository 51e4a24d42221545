// SPDX-License-Identifier: MIT
// Private: how long a search has been going on and may go on.
#pragma once

#include <algorithm>
#include <chrono>

namespace riskmap::siting {

class Clock {
  public:
    explicit Clock(double limit) : m_limit{limit} {}
    [[nodiscard]] double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
    }
    [[nodiscard]] double left() const { return std::max(0.0, m_limit - seconds()); }
    [[nodiscard]] bool limited() const { return m_limit < 1e18; }
    [[nodiscard]] bool over() const { return seconds() >= m_limit; }

  private:
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
    double m_limit;
};

} // namespace riskmap::siting
