// SPDX-License-Identifier: MIT
#include "accumulator.hpp"

#include <algorithm>
#include <cmath>

namespace riskmap::zonal {

void Sum::add(double value) noexcept {
    const double sum = m_sum + value;
    m_rest += std::abs(m_sum) >= std::abs(value) ? (m_sum - sum) + value : (value - sum) + m_sum;
    m_sum = sum;
}

void Accumulator::add(const double* values, const double* weights, std::size_t n, double share,
                      Needs needs) {
    Accumulator part;
    double count = 0;
    double sum = 0; // relative to the first value, so that squares lose no digits
    double squares = 0;
    double base = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const double v = values[i];
        if (std::isnan(v))
            continue;
        if (count == 0) {
            base = part.m_least = part.m_most = v;
        }
        const double d = v - base;
        count += share;
        sum += share * d;
        squares += share * d * d;
        part.m_least = std::min(part.m_least, v);
        part.m_most = std::max(part.m_most, v);
        if (needs.values) {
            if (!part.m_values.empty() && part.m_values.back().first == v)
                part.m_values.back().second += share;
            else
                part.m_values.emplace_back(v, share);
        }
        if (needs.weights && !std::isnan(weights[i])) {
            part.m_weight.add(share * weights[i]);
            part.m_weighted.add(share * weights[i] * v);
        }
    }
    if (count == 0)
        return;
    part.m_count.add(count);
    part.m_sum.add(base * count);
    part.m_sum.add(sum);
    part.m_mean = base + sum / count;
    part.m_squares = std::max(0.0, squares - sum * sum / count);
    merge(std::move(part));
}

void Accumulator::merge(Accumulator&& other) {
    if (other.empty())
        return;
    if (empty()) {
        *this = std::move(other);
        return;
    }
    const double a = m_count.total();
    const double b = other.m_count.total();
    const double apart = other.m_mean - m_mean;
    m_squares += other.m_squares + apart * apart * a * b / (a + b); // Chan 1979
    m_mean += apart * b / (a + b);
    m_least = std::min(m_least, other.m_least);
    m_most = std::max(m_most, other.m_most);
    m_count.add(other.m_count);
    m_sum.add(other.m_sum);
    m_weight.add(other.m_weight);
    m_weighted.add(other.m_weighted);
    m_values.insert(m_values.end(), other.m_values.begin(), other.m_values.end());
    constexpr std::size_t pending = std::size_t{1} << 16U;
    if (m_values.size() > m_sorted * 2 + pending)
        compress();
}

void Accumulator::compress() {
    std::stable_sort(m_values.begin(), m_values.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::size_t kept = 0;
    for (const auto& entry : m_values) {
        if (kept > 0 && m_values[kept - 1].first == entry.first)
            m_values[kept - 1].second += entry.second;
        else
            m_values[kept++] = entry;
    }
    m_values.resize(kept);
    m_sorted = kept;
}

/// Type 7 with weights: value k of n stands at (k-1) w_k + (n-1) sum of the
/// weights before it; the wanted place is q of the way from first to last.
double Accumulator::quantile(double q) const {
    const auto n = static_cast<double>(m_values.size());
    if (m_values.size() == 1)
        return m_values[0].first;
    double total = 0;
    for (const auto& [value, weight] : m_values)
        total += weight;
    const double last =
        (n - 1) * m_values.back().second + (n - 1) * (total - m_values.back().second);
    const double wanted = q * last;
    double before = 0;
    double place = 0;
    for (std::size_t k = 0; k + 1 < m_values.size(); ++k) {
        before += m_values[k].second;
        const double next = static_cast<double>(k + 1) * m_values[k + 1].second + (n - 1) * before;
        if (wanted <= next || k + 2 == m_values.size()) {
            const double t =
                next > place ? std::clamp((wanted - place) / (next - place), 0.0, 1.0) : 1;
            return m_values[k].first + t * (m_values[k + 1].first - m_values[k].first);
        }
        place = next;
    }
    return m_values.back().first;
}

double Accumulator::by_share(bool most) const {
    double value = raster::nodata;
    double share = 0;
    for (const auto& [v, w] : m_values) {
        if (std::isnan(value) || (most ? w > share * (1 + 1e-12) : w < share * (1 - 1e-12))) {
            value = v;
            share = w;
        }
    }
    return value;
}

double Accumulator::answer(const Statistic& statistic) const {
    const auto& name = statistic.name;
    if (name == "count")
        return m_count.total();
    if (empty())
        return raster::nodata;
    if (name == "sum")
        return m_sum.total();
    if (name == "mean")
        return m_sum.total() / m_count.total();
    if (name == "min")
        return m_least;
    if (name == "max")
        return m_most;
    if (name == "range")
        return m_most - m_least;
    if (name == "variance")
        return m_squares / m_count.total();
    if (name == "stdev")
        return std::sqrt(m_squares / m_count.total());
    if (name == "weighted_sum")
        return m_weighted.total();
    if (name == "weighted_mean")
        return m_weight.total() == 0 ? raster::nodata : m_weighted.total() / m_weight.total();
    if (name == "median")
        return quantile(0.5);
    if (name.starts_with("quantile"))
        return quantile(statistic.argument);
    if (name == "majority")
        return by_share(true);
    if (name == "minority")
        return by_share(false);
    return static_cast<double>(m_values.size()); // variety
}

} // namespace riskmap::zonal
