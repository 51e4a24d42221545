// SPDX-License-Identifier: MIT
#include "accumulator.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include <riskmap/core/vectorised.hpp>

namespace riskmap::zonal {

namespace {

constexpr std::size_t lanes = 8;
using Lanes = std::array<double, lanes>;

double joined(const Lanes& v) {
    return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

struct Totals {
    double count = 0;
    double sum = 0;
};

/// Number and sum of the values that are there, in eight sums side by side.
RISKMAP_VECTORISED Totals totals_of(const double* values, std::size_t n) {
    Lanes sum{};
    Lanes count{};
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes)
        for (std::size_t k = 0; k < lanes; ++k) {
            const double v = values[i + k];
            const bool there = v == v;
            sum[k] += there ? v : 0.0;
            count[k] += there ? 1.0 : 0.0;
        }
    for (std::size_t k = 0; i < n; ++i, ++k)
        if (values[i] == values[i]) {
            sum[k] += values[i];
            count[k] += 1;
        }
    return {joined(count), joined(sum)};
}

/// Sum of squares about `mean`, less what is due to the mean's own rounding.
RISKMAP_VECTORISED double squares_about(const double* values, std::size_t n, double mean,
                                        double count) {
    Lanes squares{};
    Lanes rest{};
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes)
        for (std::size_t k = 0; k < lanes; ++k) {
            const double v = values[i + k];
            const double d = v == v ? v - mean : 0.0;
            squares[k] += d * d;
            rest[k] += d;
        }
    for (std::size_t k = 0; i < n; ++i, ++k)
        if (values[i] == values[i]) {
            const double d = values[i] - mean;
            squares[k] += d * d;
            rest[k] += d;
        }
    const double r = joined(rest);
    return std::max(0.0, joined(squares) - r * r / count);
}

RISKMAP_VECTORISED std::pair<double, double> extremes_of(const double* values, std::size_t n) {
    constexpr double infinite = std::numeric_limits<double>::infinity();
    Lanes least;
    Lanes most;
    least.fill(infinite);
    most.fill(-infinite);
    std::size_t i = 0;
    const auto take = [&](std::size_t k, double v) { // comparisons with NaN are false
        least[k] = v < least[k] ? v : least[k];
        most[k] = v > most[k] ? v : most[k];
    };
    for (; i + lanes <= n; i += lanes)
        for (std::size_t k = 0; k < lanes; ++k)
            take(k, values[i + k]);
    for (; i < n; ++i)
        take(0, values[i]);
    return {*std::min_element(least.begin(), least.end()),
            *std::max_element(most.begin(), most.end())};
}

/// Adds sign a^2 / b to twice the precision of a double.
void add_square_over(ExactSum& sum, double a, double b, double sign = 1) {
    const double square = a * a;
    const double square_rest = std::fma(a, a, -square);
    const double quotient = square / b;
    const double rest = (std::fma(-quotient, b, square) + square_rest) / b;
    sum.add(sign * quotient);
    sum.add(sign * rest);
}

/// What rounding takes from a sum.
double lost_of(const ExactSum& sum) {
    ExactSum rest = sum;
    rest.add(-sum.total());
    return rest.total();
}

/// Type 7 with weights: cell k of n stands at (k-1) w_k + (n-1) sum of the
/// weights before it; the wanted place is q of the way from first to last. Cells
/// of one value stand in a row, partly covered ones of it together as whole ones.
double weighted_quantile(std::span<const raster::ValueBin> bins, double q) {
    const auto cells_of = [](const raster::ValueBin& bin) {
        const auto cells = (bin.count + Accumulator::whole_cell - 1) / Accumulator::whole_cell;
        return static_cast<double>(cells);
    };
    double n = 0;
    for (const auto& bin : bins)
        n += cells_of(bin);
    const double wanted = q * (n - 1) * static_cast<double>(raster::total_count(bins));
    double cells_before = 0;
    double weight_before = 0;
    double place = 0; // of the last cell before this bin
    double value = bins.front().high;
    for (const auto& bin : bins) {
        const auto weight = static_cast<double>(bin.count);
        const double cells = cells_of(bin);
        const double each = weight / cells;
        const double first = cells_before * each + (n - 1) * weight_before;
        if (wanted < first) {
            const double t = std::clamp((wanted - place) / (first - place), 0.0, 1.0);
            return value + t * (bin.high - value);
        }
        cells_before += cells;
        weight_before += weight;
        place = (cells_before - 1) * each + (n - 1) * (weight_before - each);
        value = bin.high;
        if (wanted <= place)
            return value;
    }
    return value;
}

/// The value with the largest or the smallest share. Shares that differ by
/// less than their rounding count as equal.
double value_by_share(std::span<const raster::ValueBin> bins, bool most) {
    constexpr double slack = 1e-8;
    double value = raster::nodata;
    double share = 0;
    for (const auto& bin : bins) {
        const auto own = static_cast<double>(bin.count);
        if (std::isnan(value) || (most ? own > share * (1 + slack) : own < share * (1 - slack))) {
            value = bin.high;
            share = own;
        }
    }
    return value;
}

} // namespace

void Accumulator::add(std::int64_t column, std::span<const double> values, const double* weights,
                      double share, Needs needs) {
    while (!values.empty()) {
        const auto n = std::min(values.size(), static_cast<std::size_t>(piece - column % piece));
        add_piece(values.first(n), share, needs);
        if (needs.weights) {
            add_weighted(values.first(n), weights, share);
            weights += n;
        }
        values = values.subspan(n);
        column += static_cast<std::int64_t>(n);
    }
}

void Accumulator::add_piece(std::span<const double> values, double share, Needs needs) {
    const auto [count, sum] = totals_of(values.data(), values.size());
    if (count == 0)
        return;
    m_count.add(share * count);
    m_sum.add(share * sum);
    if (needs.spread) {
        const double mean = sum / count;
        m_within.add(share * squares_about(values.data(), values.size(), mean, count));
        add_square_over(m_between, share * sum, share * count);
    }
    if (needs.extremes) {
        const auto [least, most] = extremes_of(values.data(), values.size());
        m_least = m_empty ? least : std::min(m_least, least);
        m_most = m_empty ? most : std::max(m_most, most);
    }
    if (needs.values)
        m_values.add(values,
                     static_cast<std::uint64_t>(std::max(1LL, std::llround(share * whole_cell))));
    m_empty = false;
}

void Accumulator::add_weighted(std::span<const double> values, const double* weights,
                               double share) {
    double weight = 0;
    double weighted = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const bool there = !std::isnan(values[i]) && !std::isnan(weights[i]);
        weight += there ? weights[i] : 0.0;
        weighted += there ? weights[i] * values[i] : 0.0;
    }
    m_weight.add(share * weight);
    m_weighted.add(share * weighted);
}

void Accumulator::merge(const Accumulator& other, Needs needs) {
    if (other.m_empty)
        return;
    m_count.add(other.m_count);
    m_sum.add(other.m_sum);
    m_within.add(other.m_within);
    m_between.add(other.m_between);
    m_weight.add(other.m_weight);
    m_weighted.add(other.m_weighted);
    m_least = m_empty ? other.m_least : std::min(m_least, other.m_least);
    m_most = m_empty ? other.m_most : std::max(m_most, other.m_most);
    if (needs.values)
        m_values.add(other.m_values);
    m_empty = false;
}

double Accumulator::variance() const {
    const double n = m_count.total();
    const double sum = m_sum.total();
    const double mean = sum / n;
    ExactSum squares = m_within;
    squares.add(m_between);
    add_square_over(squares, sum, n, -1);
    // Both totals are rounded, and their rests weigh when the mean is far from zero.
    squares.add(-2 * mean * lost_of(m_sum));
    squares.add(mean * mean * lost_of(m_count));
    return std::max(0.0, squares.total()) / n;
}

std::vector<double> Accumulator::answers(std::span<const Statistic> statistics,
                                         double& value_error) const {
    const auto bins = m_values.bins();
    value_error = std::max(value_error, raster::error_bound(bins));
    std::vector<double> answers;
    for (const auto& statistic : statistics)
        answers.push_back(answer(statistic, bins));
    return answers;
}

double Accumulator::answer(const Statistic& statistic,
                           std::span<const raster::ValueBin> bins) const {
    const auto& name = statistic.name;
    if (name == "count")
        return m_count.total();
    if (m_empty)
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
        return variance();
    if (name == "stdev")
        return std::sqrt(variance());
    if (name == "weighted_sum")
        return m_weighted.total();
    if (name == "weighted_mean")
        return m_weight.total() == 0 ? raster::nodata : m_weighted.total() / m_weight.total();
    // Of values that were put together nobody knows which is the most frequent, or how many.
    const bool put_together = raster::error_bound(bins) > 0;
    if (name == "majority")
        return put_together ? raster::nodata : value_by_share(bins, true);
    if (name == "minority")
        return put_together ? raster::nodata : value_by_share(bins, false);
    if (name == "variety")
        return put_together ? raster::nodata : static_cast<double>(bins.size());
    return weighted_quantile(bins, name == "median" ? 0.5 : statistic.argument);
}

} // namespace riskmap::zonal
