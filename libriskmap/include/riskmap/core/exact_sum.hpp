// SPDX-License-Identifier: MIT
// Sums that do not depend on the order of their terms, and so not on who
// computed which part.
#pragma once

#include <cstdint>
#include <vector>

namespace riskmap {

/// The exact sum of doubles, rounded once when asked for: a fixed-point number as
/// wide as its terms need (Kulisch 2008). A term that is not finite makes the
/// total NaN.
class ExactSum {
  public:
    void add(double term);
    void add(const ExactSum& other);
    [[nodiscard]] double total() const;

  private:
    void make_room(int first, int last);
    void carry();

    // Limb i weighs 2^(32 (m_first + i) - 1088). Limbs hold more than 32 bits
    // until carried, which is due after 2^30 terms.
    std::vector<std::int64_t> m_limbs;
    int m_first = 0;
    std::uint32_t m_uncarried = 0;
    bool m_undefined = false;
};

} // namespace riskmap
