// SPDX-License-Identifier: MIT
// The distribution of a raster's values in bounded memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/raster/source.hpp>

namespace riskmap::raster {

/// Values with equal or (past the limit) nearly equal numbers.
struct ValueBin {
    double low = 0;  ///< least value in the bin
    double high = 0; ///< greatest value in the bin
    std::uint64_t count = 0;
};

/// Counts values. Exact, one bin for each distinct value, up to `limit` of
/// them; beyond, low-order bits of the numbers are dropped until the bins fit.
/// The result does not depend on the order in which values or parts are added.
class ValueCounts {
  public:
    static constexpr std::size_t exact_values = std::size_t{1} << 20U;
    /// `unit`: how often most values count; those are counted fastest.
    explicit ValueCounts(std::size_t limit = exact_values, std::uint64_t unit = 1)
        : m_limit{limit}, m_unit{unit} {}

    /// Each value counts `unit`; NaN is passed over.
    void add(std::span<const double> values) { add(values, m_unit); }
    /// Each value counts `times`.
    void add(std::span<const double> values, std::uint64_t times);
    void add(const ValueCounts& other);

    /// Bins by rising value.
    [[nodiscard]] std::vector<ValueBin> bins() const;

  private:
    struct Entry {
        std::uint64_t low; ///< order-preserving bits of a value
        std::uint64_t high;
        std::uint64_t count;
    };
    using Run = std::vector<Entry>; ///< by rising value, each distinct
    void sort_pending() const;
    void sort_odd() const;
    void push(Run run) const;
    void merge_last_two() const;
    void merge_all() const;
    [[nodiscard]] Run merged(const Run& a, const Run& b) const;
    void coarsen(Run& run) const;

    std::size_t m_limit;
    std::uint64_t m_unit;
    mutable unsigned m_shift = 0; ///< bits dropped when bins are told apart
    mutable std::vector<Run> m_runs;
    mutable std::vector<double> m_pending; ///< values not yet sorted that count `unit`
    mutable Run m_odd;                     ///< values not yet sorted that count otherwise
};

/// The widest bin: how far a break may be from the exact one (0 = exact).
[[nodiscard]] double error_bound(std::span<const ValueBin> bins);
[[nodiscard]] std::uint64_t total_count(std::span<const ValueBin> bins);
/// Mean and standard deviation (population form) of binned values.
struct Moments {
    double mean = 0;
    double deviation = 0;
};
[[nodiscard]] Moments moments(std::span<const ValueBin> bins);
/// The least value with at least share `q` of all values at or below it.
[[nodiscard]] double quantile(std::span<const ValueBin> bins, double q);

/// Counts the values of a whole raster in one pass. Where `mask` is given
/// (same grid), only cells with a mask value count.
[[nodiscard]] ValueCounts count_values(const Source& source, const Execution& execution,
                                       const Source* mask = nullptr);

} // namespace riskmap::raster
