// SPDX-License-Identifier: MIT
// Private: what is kept of a zone while its cells go by.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include <riskmap/zonal/statistics.hpp>

namespace riskmap::zonal {

/// A sum that keeps what rounding drops (Neumaier 1974).
class Sum {
  public:
    void add(double value) noexcept;
    void add(const Sum& other) noexcept {
        add(other.m_sum);
        add(other.m_rest);
    }
    [[nodiscard]] double total() const noexcept { return m_sum + m_rest; }

  private:
    double m_sum = 0;
    double m_rest = 0;
};

/// How much of the statistics has to be kept.
struct Needs {
    bool values = false; ///< every value: median, quantile, majority, minority, variety
    bool weights = false;
};

class Accumulator {
  public:
    /// Adds `n` cells of one run; `weights` may be null.
    void add(const double* values, const double* weights, std::size_t n, double share, Needs needs);
    void merge(Accumulator&& other);
    /// Puts equal values together.
    void compress();
    [[nodiscard]] double answer(const Statistic& statistic) const;
    [[nodiscard]] bool empty() const noexcept { return m_count.total() == 0; }

  private:
    [[nodiscard]] double quantile(double q) const;
    [[nodiscard]] double by_share(bool most) const;

    Sum m_count;
    Sum m_sum;
    Sum m_weight;
    Sum m_weighted;
    double m_mean = 0;
    double m_squares = 0; ///< sum of squared deviations from the mean
    double m_least = 0;
    double m_most = 0;
    std::vector<std::pair<double, double>> m_values; ///< value, share
    std::size_t m_sorted = 0;
};

} // namespace riskmap::zonal
