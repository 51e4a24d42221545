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
    explicit ValueCounts(std::size_t limit = std::size_t{1} << 20U) : m_limit{limit} {}

    /// NaN is passed over.
    void add(std::span<const double> values);
    void add(const ValueCounts& other);

    /// Bins by rising value.
    [[nodiscard]] std::vector<ValueBin> bins() const;

  private:
    struct Entry {
        std::uint64_t key; ///< order-preserving bits of the value, low bits dropped
        std::uint64_t low;
        std::uint64_t high;
        std::uint64_t count;
    };
    void compress() const;

    std::size_t m_limit;
    mutable unsigned m_shift = 0;
    mutable std::vector<Entry> m_entries; ///< the first m_sorted are sorted and distinct
    mutable std::size_t m_sorted = 0;
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

/// Counts the values of a whole raster, block by block. Where `mask` is given
/// (same grid), only cells with a mask value count.
[[nodiscard]] ValueCounts count_values(const Source& source, const Execution& execution,
                                       const Source* mask = nullptr);

} // namespace riskmap::raster
