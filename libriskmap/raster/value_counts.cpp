// SPDX-License-Identifier: MIT
#include <riskmap/raster/value_counts.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>

#include <riskmap/core/error.hpp>
#include <riskmap/core/parallel.hpp>

#include "sorted_keys.hpp"

namespace riskmap::raster {

namespace {

constexpr std::size_t enough_to_sort = std::size_t{1} << 20U;

/// The distinct values, taken as `Number`, with how often they are there times `unit`.
template <class Number, class Run>
void count_sorted(std::span<const double> values, std::uint64_t unit, Run& run) {
    std::vector<decltype(key_of(Number{}))> keys;
    keys.reserve(values.size());
    for (const double value : values)
        keys.push_back(key_of(static_cast<Number>(value)));
    sort_keys(keys);
    for (std::size_t i = 0; i < keys.size();) {
        const std::size_t first = i;
        while (i < keys.size() && keys[i] == keys[first])
            ++i;
        const auto wide = key_of(static_cast<double>(value_of(keys[first])));
        run.push_back({wide, wide, unit * (i - first)});
    }
}

bool is_float(double value) {
    return static_cast<double>(static_cast<float>(value)) == value;
}

} // namespace

void ValueCounts::add(std::span<const double> values, std::uint64_t times) {
    if (times != m_unit) {
        for (const double value : values)
            if (!std::isnan(value))
                m_odd.push_back({key_of(value), key_of(value), times});
        if (m_odd.size() >= enough_to_sort / 4)
            sort_odd();
        return;
    }
    std::copy_if(values.begin(), values.end(), std::back_inserter(m_pending),
                 [](double value) { return !std::isnan(value); });
    if (m_pending.size() >= enough_to_sort)
        sort_pending();
}

void ValueCounts::add(const ValueCounts& other) {
    other.sort_pending();
    other.sort_odd();
    m_shift = std::max(m_shift, other.m_shift);
    for (const auto& run : other.m_runs)
        push(run);
}

/// Most rasters are Float32 or whole numbers: keys of half the width sort in
/// half the time.
void ValueCounts::sort_pending() const {
    if (m_pending.empty())
        return;
    Run run;
    if (std::all_of(m_pending.begin(), m_pending.end(), is_float))
        count_sorted<float>(m_pending, m_unit, run);
    else
        count_sorted<double>(m_pending, m_unit, run);
    m_pending.clear();
    push(std::move(run));
}

void ValueCounts::sort_odd() const {
    if (m_odd.empty())
        return;
    std::sort(m_odd.begin(), m_odd.end(),
              [](const Entry& a, const Entry& b) { return a.low < b.low; });
    push(merged(m_odd, {}));
    m_odd.clear();
}

/// Runs of like length are merged, so that each value is moved only a few times.
void ValueCounts::push(Run run) const {
    m_runs.push_back(std::move(run));
    while (m_runs.size() > 1 && m_runs[m_runs.size() - 2].size() < 2 * m_runs.back().size())
        merge_last_two();
    if (m_runs.back().size() > m_limit)
        coarsen(m_runs.back());
}

void ValueCounts::merge_last_two() const {
    auto last = merged(m_runs[m_runs.size() - 2], m_runs.back());
    m_runs.pop_back();
    m_runs.back() = std::move(last);
}

void ValueCounts::merge_all() const {
    sort_pending();
    sort_odd();
    while (m_runs.size() > 1)
        merge_last_two();
    if (!m_runs.empty())
        coarsen(m_runs[0]);
}

ValueCounts::Run ValueCounts::merged(const Run& a, const Run& b) const {
    Run out;
    out.reserve(a.size() + b.size());
    const auto take = [&](const Entry& entry) {
        if (!out.empty() && out.back().low >> m_shift == entry.low >> m_shift) {
            out.back().low = std::min(out.back().low, entry.low);
            out.back().high = std::max(out.back().high, entry.high);
            out.back().count += entry.count;
        } else {
            out.push_back(entry);
        }
    };
    auto i = a.begin();
    auto j = b.begin();
    while (i != a.end() || j != b.end())
        take(j == b.end() || (i != a.end() && i->low >> m_shift <= j->low >> m_shift) ? *i++
                                                                                      : *j++);
    return out;
}

/// Drops as few bits as make the run fit. How many bins are left after dropping
/// s bits: one more than there are neighbours that differ in bit s or above.
void ValueCounts::coarsen(Run& run) const {
    std::array<std::size_t, 65> differ{};
    for (std::size_t i = 1; i < run.size(); ++i)
        ++differ[static_cast<std::size_t>(std::bit_width(run[i].low ^ run[i - 1].low))];
    std::size_t bins = run.empty() ? 0 : 1;
    unsigned shift = 64;
    while (shift > m_shift && bins + differ[shift] <= m_limit) {
        bins += differ[shift];
        --shift;
    }
    if (shift == 0)
        return;
    m_shift = shift;
    run = merged(run, {});
}

std::vector<ValueBin> ValueCounts::bins() const {
    merge_all();
    std::vector<ValueBin> bins;
    if (m_runs.empty())
        return bins;
    bins.reserve(m_runs[0].size());
    for (const auto& entry : m_runs[0])
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
    const auto blocks = reading_blocks(source);
    // Some blocks together: the more values are sorted at a time, the fewer runs to merge.
    constexpr std::size_t together = 4;
    constexpr std::uint64_t bytes_each = 64 * enough_to_sort;
    ValueCounts all;
    parallel_ordered(
        execution, "distribution", {(blocks.size() + together - 1) / together, bytes_each},
        [&](std::size_t group) {
            ValueCounts counts;
            const auto last = std::min(blocks.size(), (group + 1) * together);
            for (std::size_t b = group * together; b < last; ++b) {
                auto values = source.read(blocks[b]);
                if (mask != nullptr) {
                    const auto inside = mask->read(blocks[b]);
                    for (std::size_t k = 0; k < values.size(); ++k)
                        if (std::isnan(inside[k]))
                            values[k] = nodata;
                }
                counts.add(values);
            }
            return counts;
        },
        [&](std::size_t, const ValueCounts& counts) { all.add(counts); });
    return all;
}

} // namespace riskmap::raster
