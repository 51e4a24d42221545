// SPDX-License-Identifier: MIT
#include "horizon.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include <riskmap/core/vectorised.hpp>

namespace riskmap::visibility {

namespace {

constexpr float far_below = -1e30F;

/// Not closer than this to a bound, relative to the steepest slope: single precision takes
/// at most 12 roundings to a crossing, 10 to a raised bound, 13 to refine bins, 4 to compare.
constexpr float margin = 64 * 5.9604645e-8F; // 2^-24 each

struct Bounds {
    float* upper_left;
    float* upper_right;
    float* lower_left;
    float* lower_right;
};

struct Crossings {
    float* across;
    float* along;
    float* node;
    float* behind;
};

/// Slopes where the ray at each bin border crosses ring k and the one line along the
/// octant, if any, between rings k - 1 and k. Positions are whole numbers: border m meets ring k
/// at m k / bins cells.
RISKMAP_VECTORISED void cross(const float* __restrict slopes, const float* __restrict previous,
                              int k, int log_bins, int n, float* __restrict across,
                              float* __restrict along, float* __restrict node,
                              float* __restrict behind) {
    const int bins = 1 << log_bins;
    const float share = 1.0F / static_cast<float>(bins);
    for (int m = 0; m < n; ++m) {
        const int position = m * k;
        const int cell = position >> log_bins;
        const int rest = position & (bins - 1);
        const float fraction = static_cast<float>(rest) * share;
        const float left = slopes[cell];
        const float right = slopes[cell + 1];
        across[m] = left + fraction * (right - left);
        node[m] = left;
        behind[m] = fraction;
        const int step = rest * (k - 1);
        const bool crosses = step <= cell * bins && cell > 0;
        const float way = static_cast<float>(step) * share / static_cast<float>(cell);
        const float line = left + way * (previous[cell] - left);
        along[m] = crosses ? line : far_below;
    }
}

/// Raises the upper bounds over all crossings and over the cell inside a bin, if there is
/// one; takes a lower bound from the ring or from the lines along if it is higher in the middle.
RISKMAP_VECTORISED void raise(int n, float cells_a_bin, const float* __restrict across,
                              const float* __restrict along, const float* __restrict node,
                              const float* __restrict behind, float* __restrict upper_left,
                              float* __restrict upper_right, float* __restrict lower_left,
                              float* __restrict lower_right) {
    const float bins_a_cell = 1 / cells_a_bin;
    for (int b = 0; b < n; ++b) {
        const float a0 = across[b];
        const float a1 = across[b + 1];
        const float l0 = along[b];
        const float l1 = along[b + 1];
        const float u0 = std::max(upper_left[b], std::max(a0, l0));
        const float u1 = std::max(upper_right[b], std::max(a1, l1));
        const bool holds_cell = behind[b + 1] < cells_a_bin;
        const float at = 1 - behind[b + 1] * bins_a_cell;
        const float cell = node[b + 1];
        const float lack = holds_cell ? std::max(cell - (u0 + at * (u1 - u0)), 0.0F) : 0.0F;
        upper_left[b] = u0 + lack;
        upper_right[b] = u1 + lack;
        const float excess = holds_cell ? std::min(cell - (a0 + at * (a1 - a0)), 0.0F) : 0.0F;
        const float c0 = a0 + excess;
        const float c1 = a1 + excess;
        float d0 = lower_left[b];
        float d1 = lower_right[b];
        const bool ring_is_higher = c0 + c1 > d0 + d1;
        d0 = ring_is_higher ? c0 : d0;
        d1 = ring_is_higher ? c1 : d1;
        // With a cell between them the two borders cross different lines.
        const bool line_is_higher = !holds_cell && l0 + l1 > d0 + d1;
        lower_left[b] = line_is_higher ? l0 : d0;
        lower_right[b] = line_is_higher ? l1 : d1;
    }
}

RISKMAP_VECTORISED void compare(int n, double bins_a_cell, float steepest, float bend,
                                const float* __restrict slopes, const float* __restrict upper_left,
                                const float* __restrict upper_right,
                                const float* __restrict lower_left,
                                const float* __restrict lower_right,
                                std::uint8_t* __restrict verdicts) {
    for (int j = 0; j < n; ++j) {
        const double place = j * bins_a_cell;
        const int bin = static_cast<int>(place);
        const auto at = static_cast<float>(place - bin);
        const float u0 = upper_left[bin];
        const float u1 = upper_right[bin];
        const float d0 = lower_left[bin];
        const float d1 = lower_right[bin];
        const float upper = u0 + at * (u1 - u0);
        const float lower = d0 + at * (d1 - d0);
        const float upper_size = std::max(std::max(std::abs(u0), std::abs(u1)), steepest);
        const float lower_size = std::max(std::max(std::abs(d0), std::abs(d1)), steepest);
        const bool above = slopes[j] - upper > margin * upper_size + bend;
        const bool below = lower - slopes[j] > margin * lower_size + bend;
        const int verdict = above ? 1 : (below ? 0 : 2);
        verdicts[j] = static_cast<std::uint8_t>(verdict);
    }
}

/// Of the absolute slopes the greatest, compared as whole numbers: those of floats that are
/// not negative are in the same order.
RISKMAP_VECTORISED float steepest_of(const float* slopes, std::size_t n, float steepest) {
    auto most = std::bit_cast<std::int32_t>(steepest);
    for (std::size_t j = 0; j < n; ++j) {
        const float size = slopes[j] > Horizon::nothing ? std::abs(slopes[j]) : 0.0F;
        most = std::max(most, std::bit_cast<std::int32_t>(size));
    }
    return std::bit_cast<float>(most);
}

/// Each bin cut in two, the lines with them.
void split(std::vector<float>& left, std::vector<float>& right, std::size_t bins) {
    for (std::size_t b = bins; b-- > 0;) {
        const float l = left[b];
        const float r = right[b];
        const float middle = l + 0.5F * (r - l);
        left[2 * b] = l;
        right[2 * b] = middle;
        left[2 * b + 1] = middle;
        right[2 * b + 1] = r;
    }
}

} // namespace

Horizon::Horizon(std::int64_t most_rings, float bend) : m_bend{bend} {
    std::size_t most_bins = 1;
    while (most_bins < static_cast<std::size_t>(most_rings))
        most_bins *= 2;
    // The last bin holds t = 1 alone.
    const std::size_t n = most_bins + 1;
    for (auto* bound : {&m_upper_left, &m_upper_right, &m_lower_left, &m_lower_right})
        bound->assign(n, far_below);
    for (auto* crossing : {&m_across, &m_along, &m_node, &m_behind})
        crossing->resize(n + 1);
    for (auto* slopes : {&m_slopes, &m_previous})
        slopes->assign(static_cast<std::size_t>(most_rings) + 4, far_below);
}

void Horizon::judge(std::int64_t k, std::span<const float> slopes,
                    std::span<Verdict> verdicts) const {
    static_assert(sizeof(Verdict) == 1);
    compare(static_cast<int>(slopes.size()), static_cast<double>(m_bins) / static_cast<double>(k),
            m_steepest, m_bend, slopes.data(), m_upper_left.data(), m_upper_right.data(),
            m_lower_left.data(), m_lower_right.data(),
            reinterpret_cast<std::uint8_t*>(verdicts.data()));
}

void Horizon::refine(std::int64_t k) {
    for (; m_bins < k; m_bins *= 2, ++m_log_bins) {
        const auto bins = static_cast<std::size_t>(m_bins);
        for (auto [left, right] :
             {std::pair{&m_upper_left, &m_upper_right}, std::pair{&m_lower_left, &m_lower_right}}) {
            (*left)[2 * bins] = (*left)[bins];
            (*right)[2 * bins] = (*right)[bins];
            split(*left, *right, bins);
        }
    }
}

void Horizon::extend(std::int64_t k, std::span<const float> slopes) {
    refine(k); // so that a bin never holds two cells of a ring
    std::copy(slopes.begin(), slopes.end(), m_slopes.begin());
    std::fill_n(m_slopes.begin() + static_cast<std::ptrdiff_t>(slopes.size()), 3, far_below);
    m_steepest = steepest_of(slopes.data(), slopes.size(), m_steepest);
    const auto reached = static_cast<std::int64_t>(slopes.size()) * m_bins / k + 1;
    const auto bins = static_cast<int>(std::min(m_bins + 1, reached));
    const bool whole = bins == m_bins + 1;
    const int borders = whole ? bins : bins + 1;
    cross(m_slopes.data(), m_previous.data(), static_cast<int>(k), m_log_bins, borders,
          m_across.data(), m_along.data(), m_node.data(), m_behind.data());
    if (whole) { // the bin of t = 1 ends where it begins
        const auto last = static_cast<std::size_t>(bins);
        m_across[last] = m_across[last - 1];
        m_along[last] = m_along[last - 1];
        m_node[last] = m_node[last - 1];
        m_behind[last] = 1;
    }
    raise(bins, static_cast<float>(k) / static_cast<float>(m_bins), m_across.data(), m_along.data(),
          m_node.data(), m_behind.data(), m_upper_left.data(), m_upper_right.data(),
          m_lower_left.data(), m_lower_right.data());
    std::swap(m_slopes, m_previous);
}

} // namespace riskmap::visibility
