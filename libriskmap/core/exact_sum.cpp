// SPDX-License-Identifier: MIT
#include <riskmap/core/exact_sum.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace riskmap {

namespace {

constexpr int limb_bits = 32;
constexpr int origin = 1088; // below the least double, at a limb's edge
constexpr std::int64_t limb_mask = 0xffffffff;
constexpr std::uint32_t most_uncarried = 1U << 30U;

} // namespace

void ExactSum::make_room(int first, int last) {
    if (m_limbs.empty())
        m_first = first;
    if (first < m_first) {
        m_limbs.insert(m_limbs.begin(), static_cast<std::size_t>(m_first - first), 0);
        m_first = first;
    }
    const auto needed = static_cast<std::size_t>(last - m_first) + 1;
    if (m_limbs.size() < needed)
        m_limbs.resize(needed);
}

void ExactSum::add(double term) {
    if (term == 0)
        return;
    const auto bits = std::bit_cast<std::uint64_t>(term);
    const auto exponent = static_cast<int>((bits >> 52U) & 0x7ffU);
    if (exponent == 0x7ff) {
        m_undefined = true;
        return;
    }
    const std::uint64_t fraction = bits & ((std::uint64_t{1} << 52U) - 1);
    const std::uint64_t mantissa = exponent == 0 ? fraction : fraction | (std::uint64_t{1} << 52U);
    const int place = std::max(exponent, 1) - 1075 + origin;
    const int limb = place / limb_bits;
    const auto shift = static_cast<unsigned>(place % limb_bits);
    if (m_limbs.empty() || limb < m_first || limb + 2 >= m_first + static_cast<int>(m_limbs.size()))
        make_room(limb, limb + 3);
    const std::uint64_t low = mantissa << shift;
    const std::uint64_t high = shift == 0 ? 0 : mantissa >> (64 - shift);
    auto* at = m_limbs.data() + (limb - m_first);
    const std::int64_t sign = (bits >> 63U) != 0 ? -1 : 1;
    at[0] += sign * static_cast<std::int64_t>(low & 0xffffffffU);
    at[1] += sign * static_cast<std::int64_t>(low >> 32U);
    at[2] += sign * static_cast<std::int64_t>(high);
    if (++m_uncarried >= most_uncarried)
        carry();
}

void ExactSum::add(const ExactSum& other) {
    m_undefined = m_undefined || other.m_undefined;
    if (other.m_limbs.empty())
        return;
    if (m_uncarried + other.m_uncarried >= most_uncarried)
        carry();
    make_room(other.m_first, other.m_first + static_cast<int>(other.m_limbs.size()) - 1);
    for (std::size_t i = 0; i < other.m_limbs.size(); ++i)
        m_limbs[static_cast<std::size_t>(other.m_first - m_first) + i] += other.m_limbs[i];
    m_uncarried += other.m_uncarried + 1;
}

/// Brings all limbs but the last into 0..2^32-1; the last has the sign.
void ExactSum::carry() {
    m_uncarried = 1;
    if (m_limbs.empty())
        return;
    const auto fits = [](std::int64_t limb) { return limb >= -limb_mask && limb <= limb_mask; };
    while (true) {
        for (std::size_t i = 0; i + 1 < m_limbs.size(); ++i) {
            m_limbs[i + 1] += m_limbs[i] >> limb_bits;
            m_limbs[i] &= limb_mask;
        }
        if (fits(m_limbs.back()))
            return;
        m_limbs.push_back(0);
    }
}

double ExactSum::total() const {
    if (m_undefined)
        return std::numeric_limits<double>::quiet_NaN();
    ExactSum sum = *this;
    sum.carry();
    const bool negative = !sum.m_limbs.empty() && sum.m_limbs.back() < 0;
    if (negative) {
        for (auto& limb : sum.m_limbs)
            limb = -limb;
        sum.carry();
    }
    const auto& limbs = sum.m_limbs;
    auto top = static_cast<int>(limbs.size()) - 1;
    while (top >= 0 && limbs[static_cast<std::size_t>(top)] == 0)
        --top;
    if (top < 0)
        return 0;
    const auto limb = [&](int i) {
        return i < 0 ? std::uint64_t{0}
                     : static_cast<std::uint64_t>(limbs[static_cast<std::size_t>(i)]);
    };
    std::uint64_t high = (limb(top) << 32U) | limb(top - 1);
    const std::uint64_t low = (limb(top - 2) << 32U) | limb(top - 3);
    const auto shift = static_cast<unsigned>(std::countl_zero(high));
    bool rest = (low << shift) != 0;
    if (shift > 0)
        high = (high << shift) | (low >> (64 - shift));
    for (int i = 0; i < top - 3; ++i)
        rest = rest || limb(i) != 0;
    // The last bit stands for all that is cut off: rounding to even sees it.
    const auto rounded = static_cast<double>(high | (rest ? 1U : 0U));
    const double value =
        std::ldexp(rounded, limb_bits * (sum.m_first + top - 1) - origin - static_cast<int>(shift));
    return negative ? -value : value;
}

} // namespace riskmap
