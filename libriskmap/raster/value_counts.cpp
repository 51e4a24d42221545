// SPDX-License-Identifier: MIT
#include <riskmap/raster/value_counts.hpp>

#include <algorithm>
#include <bit>
#include <cmath>

#include <riskmap/core/error.hpp>
#include <riskmap/core/parallel.hpp>

namespace riskmap::raster {

namespace {

constexpr std::uint64_t sign = std::uint64_t{1} << 63U;

/// Bits that sort as the numbers do; -0 counts as 0.
std::uint64_t key_of(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value);
    return (bits & sign) != 0 ? ~bits : bits | sign;
}

double value_of(std::uint64_t key) {
    return std::bit_cast<double>((key & sign) != 0 ? key & ~sign : ~key);
}

} // namespace

void ValueCounts::add(std::span<const double> values) {
    for (const double value : values) {
        if (std::isnan(value))
            continue;
        const auto key = key_of(value);
        // Runs of one value are the rule in rasters: count them without a new entry.
        if (m_entries.size() > m_sorted && m_entries.back().low == key &&
            m_entries.back().high == key) {
            ++m_entries.back().count;
            continue;
        }
        m_entries.push_back({key >> m_shift, key, key, 1});
        if (m_entries.size() - m_sorted > 2 * m_limit)
            compress();
    }
}

void ValueCounts::add(const ValueCounts& other) {
    other.compress();
    if (other.m_shift > m_shift) {
        for (auto& entry : m_entries)
            entry.key = entry.low >> other.m_shift;
        m_shift = other.m_shift;
        compress();
    }
    for (auto entry : other.m_entries) {
        entry.key = entry.low >> m_shift;
        m_entries.push_back(entry);
    }
    if (m_entries.size() - m_sorted > 2 * m_limit)
        compress();
}

void ValueCounts::compress() const {
    const auto by_key = [](const Entry& a, const Entry& b) { return a.key < b.key; };
    const auto middle = m_entries.begin() + static_cast<std::ptrdiff_t>(m_sorted);
    std::sort(middle, m_entries.end(), by_key);
    std::inplace_merge(m_entries.begin(), middle, m_entries.end(), by_key);
    for (;;) {
        std::size_t kept = 0;
        for (const auto& entry : m_entries) {
            if (kept > 0 && m_entries[kept - 1].key == entry.key) {
                auto& bin = m_entries[kept - 1];
                bin.low = std::min(bin.low, entry.low);
                bin.high = std::max(bin.high, entry.high);
                bin.count += entry.count;
            } else {
                m_entries[kept++] = entry;
            }
        }
        m_entries.resize(kept);
        if (kept <= m_limit)
            break;
        ++m_shift;
        for (auto& entry : m_entries)
            entry.key = entry.low >> m_shift;
    }
    m_sorted = m_entries.size();
}

std::vector<ValueBin> ValueCounts::bins() const {
    compress();
    std::vector<ValueBin> bins;
    bins.reserve(m_entries.size());
    for (const auto& entry : m_entries)
        bins.push_back({value_of(entry.low), value_of(entry.high), entry.count});
    return bins;
}

double error_bound(std::span<const ValueBin> bins) {
    double widest = 0;
    for (const auto& bin : bins)
        widest = std::max(widest, bin.high - bin.low);
    return widest;
}

std::uint64_t total_count(std::span<const ValueBin> bins) {
    std::uint64_t total = 0;
    for (const auto& bin : bins)
        total += bin.count;
    return total;
}

Moments moments(std::span<const ValueBin> bins) {
    const auto n = static_cast<long double>(total_count(bins));
    if (n == 0)
        return {};
    long double sum = 0;
    for (const auto& bin : bins)
        sum += static_cast<long double>(bin.count) * bin.high;
    const long double mean = sum / n;
    long double squares = 0;
    for (const auto& bin : bins) {
        const long double d = bin.high - mean;
        squares += static_cast<long double>(bin.count) * d * d;
    }
    return {static_cast<double>(mean), static_cast<double>(std::sqrt(squares / n))};
}

double quantile(std::span<const ValueBin> bins, double q) {
    const auto wanted = q * static_cast<double>(total_count(bins));
    std::uint64_t seen = 0;
    for (const auto& bin : bins) {
        seen += bin.count;
        // The share is compared with a hair of slack: 0.2 x 5 must be the first of five.
        if (static_cast<double>(seen) >= wanted * (1 - 1e-12))
            return bin.high;
    }
    return nodata;
}

ValueCounts count_values(const Source& source, const Execution& execution, const Source* mask) {
    if (mask != nullptr && !mask->grid().matches(source.grid()))
        throw Error{ErrorKind::internal, "mask and raster are on different grids"};
    const auto blocks = blocks_of(source.grid().window());
    ValueCounts all;
    parallel_ordered(
        execution, "distribution", blocks.size(),
        [&](std::size_t i) {
            auto values = source.read(blocks[i]);
            if (mask != nullptr) {
                const auto inside = mask->read(blocks[i]);
                for (std::size_t k = 0; k < values.size(); ++k)
                    if (std::isnan(inside[k]))
                        values[k] = nodata;
            }
            ValueCounts counts;
            counts.add(values);
            return counts;
        },
        [&](std::size_t, const ValueCounts& counts) { all.add(counts); });
    return all;
}

} // namespace riskmap::raster
