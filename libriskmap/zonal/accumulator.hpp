// SPDX-License-Identifier: MIT
// Private: what is kept of a zone while its cells go by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <riskmap/core/exact_sum.hpp>
#include <riskmap/raster/value_counts.hpp>
#include <riskmap/zonal/statistics.hpp>

namespace riskmap::zonal {

/// How much of the statistics has to be kept.
struct Needs {
    bool extremes = false;
    bool spread = false; ///< variance, stdev
    bool values = false; ///< every value: median, quantile, majority, minority, variety
    bool weights = false;
};

/// Cells are taken in pieces of up to `piece` columns that begin at multiples of
/// it: within a piece sums are plain, over pieces exact. So the answer is the
/// same however the raster is cut into blocks, if their edges are at multiples too.
class Accumulator {
  public:
    static constexpr std::int64_t piece = 128;

    static constexpr std::uint64_t whole_cell = std::uint64_t{1} << 30U;

    explicit Accumulator(std::size_t most_values) : m_values{most_values, whole_cell} {}

    /// Adds cells of one row from `column` on, each by `share`; `weights` may be null.
    void add(std::int64_t column, std::span<const double> values, const double* weights,
             double share, Needs needs);
    void merge(const Accumulator& other, Needs needs);
    /// `value_error` grows to how far a quantile may be off: 0 unless a zone has
    /// too many distinct values.
    [[nodiscard]] std::vector<double> answers(std::span<const Statistic> statistics,
                                              double& value_error) const;

  private:
    void add_piece(std::span<const double> values, double share, Needs needs);
    void add_weighted(std::span<const double> values, const double* weights, double share);
    [[nodiscard]] double variance() const;
    [[nodiscard]] double answer(const Statistic& statistic,
                                std::span<const raster::ValueBin> bins) const;

    ExactSum m_count;
    ExactSum m_sum;
    // The spread of the whole is that within the pieces and that between their
    // means (Chan 1979): sum of squares about the piece's mean, and sum of S^2/n.
    ExactSum m_within;
    ExactSum m_between;
    ExactSum m_weight;
    ExactSum m_weighted;
    bool m_empty = true;
    double m_least = 0;
    double m_most = 0;
    raster::ValueCounts m_values; ///< counted in shares of a cell
};

} // namespace riskmap::zonal
