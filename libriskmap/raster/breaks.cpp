// SPDX-License-Identifier: MIT
#include <riskmap/raster/breaks.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/table.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/core/vectorised.hpp>

namespace riskmap::raster {

namespace {

using Bins = std::span<const ValueBin>;

std::vector<double> quantile_bounds(Bins bins, int classes) {
    std::vector<double> upper;
    for (int i = 1; i <= classes; ++i)
        upper.push_back(quantile(bins, static_cast<double>(i) / classes));
    return upper;
}

std::vector<double> equal_bounds(Bins bins, int classes) {
    const double low = bins.front().low;
    const double high = bins.back().high;
    std::vector<double> upper;
    for (int i = 1; i < classes; ++i)
        upper.push_back(low + (high - low) * i / classes);
    upper.push_back(high);
    return upper;
}

/// Bounds at mean + (i - k/2) s, the outermost classes open: for five classes
/// mean -1.5s, -.5s, +.5s, +1.5s.
std::vector<double> deviation_bounds(Bins bins, int classes) {
    const auto [mean, deviation] = moments(bins);
    std::vector<double> upper;
    for (int i = 1; i < classes; ++i)
        upper.push_back(std::min(mean + (i - classes / 2.0) * deviation, bins.back().high));
    upper.push_back(bins.back().high);
    return upper;
}

/// Bounds with a constant ratio from the least positive value to the greatest.
std::vector<double> geometric_bounds(Bins bins, int classes) {
    const auto first =
        std::find_if(bins.begin(), bins.end(), [](const ValueBin& bin) { return bin.high > 0; });
    if (first == bins.end())
        return {bins.back().high};
    const double low = first->high;
    const double ratio = std::pow(bins.back().high / low, 1.0 / classes);
    std::vector<double> upper;
    for (int i = 1; i < classes; ++i)
        upper.push_back(low * std::pow(ratio, i));
    upper.push_back(bins.back().high);
    return upper;
}

/// Jiang 2013: split at the mean, go on in the head while it is a minority (<= 40 %).
std::vector<double> head_tail_bounds(Bins bins, int classes) {
    std::vector<double> upper;
    Bins head = bins;
    while (static_cast<int>(upper.size()) + 1 < classes && head.size() > 1) {
        const double mean = moments(head).mean;
        const auto first = std::find_if(head.begin(), head.end(),
                                        [&](const ValueBin& bin) { return bin.high > mean; });
        const auto next = head.subspan(static_cast<std::size_t>(first - head.begin()));
        if (next.empty())
            break;
        upper.push_back(mean);
        const auto share =
            static_cast<double>(total_count(next)) / static_cast<double>(total_count(head));
        head = next;
        if (share > 0.4)
            break;
    }
    upper.push_back(bins.back().high);
    return upper;
}

constexpr std::array<BreakMethod, 6> methods{{
    {"natural-breaks", "least squared deviation within classes (Fisher-Jenks, exact)",
     &natural_breaks},
    {"quantile", "equally many cells in each class", &quantile_bounds},
    {"equal-interval", "classes of equal width", &equal_bounds},
    {"std-dev", "steps of one standard deviation around the mean", &deviation_bounds},
    {"geometric", "bounds with a constant ratio", &geometric_bounds},
    {"head-tail", "split at the mean again and again (heavy tails)", &head_tail_bounds},
}};

/// Sums over sorted bins from which the cost of any class follows at once.
class ClassCost {
  public:
    explicit ClassCost(Bins bins) {
        const long double centre = moments(bins).mean; // keeps the squares small
        m_weight.assign(bins.size() + 1, 0);
        m_sum = m_square = m_weight;
        for (std::size_t i = 0; i < bins.size(); ++i) {
            const auto w = static_cast<long double>(bins[i].count);
            const long double x = bins[i].high - centre;
            m_weight[i + 1] = m_weight[i] + w;
            m_sum[i + 1] = m_sum[i] + w * x;
            m_square[i + 1] = m_square[i] + w * x * x;
        }
    }
    /// Sum of squared deviations of bins [first, last).
    [[nodiscard]] long double operator()(std::size_t first, std::size_t last) const {
        const long double s = m_sum[last] - m_sum[first];
        return m_square[last] - m_square[first] - s * s / (m_weight[last] - m_weight[first]);
    }

  private:
    std::vector<long double> m_weight;
    std::vector<long double> m_sum;
    std::vector<long double> m_square;
};

/// One layer of the dynamic programme: best[j] = min over i of
/// before[i] + cost(i, j). The best i never falls as j grows, so the middle j
/// halves the search for both sides.
struct Layer {
    const ClassCost& cost;
    const std::vector<long double>& before;
    std::vector<long double>& best;
    std::vector<std::uint32_t>& start;

    void solve(std::size_t j_low, std::size_t j_high, std::size_t i_low, std::size_t i_high) const {
        if (j_low >= j_high)
            return;
        const std::size_t j = j_low + (j_high - j_low) / 2;
        const std::size_t last = std::min(i_high, j - 1);
        std::size_t choice = i_low;
        long double least = before[i_low] + cost(i_low, j);
        for (std::size_t i = i_low + 1; i <= last; ++i) {
            const long double value = before[i] + cost(i, j);
            if (value < least) {
                least = value;
                choice = i;
            }
        }
        best[j] = least;
        start[j] = static_cast<std::uint32_t>(choice);
        solve(j_low, j, i_low, choice);
        solve(j + 1, j_high, choice, i_high);
    }
};

} // namespace

std::span<const BreakMethod> break_methods() {
    return methods;
}

std::vector<double> natural_breaks(Bins bins, int classes) {
    const std::size_t n = bins.size();
    const auto k = std::min<std::size_t>(static_cast<std::size_t>(classes), n);
    if (k == 0)
        return {};
    const ClassCost cost{bins};
    std::vector<long double> before(n + 1);
    std::vector<long double> best(n + 1);
    for (std::size_t j = 1; j <= n; ++j)
        before[j] = cost(0, j);
    std::vector<std::vector<std::uint32_t>> starts;
    for (std::size_t c = 2; c <= k; ++c) {
        starts.emplace_back(n + 1);
        Layer{cost, before, best, starts.back()}.solve(c, n + 1, c - 1, n - 1);
        std::swap(before, best);
    }
    std::vector<double> upper(k);
    std::size_t end = n;
    for (std::size_t c = k; c-- > 0;) {
        upper[c] = bins[end - 1].high;
        end = c > 0 ? starts[c - 1][end] : 0;
    }
    return upper;
}

BreakRule BreakRule::parse(const std::string& text, int classes) {
    BreakRule rule;
    rule.classes = classes;
    if (classes < 1 || classes > 255)
        throw Error{ErrorKind::usage, fmt::format("{} classes: must be 1 to 255", classes)};
    if (text.starts_with("fixed:")) {
        rule.method = "fixed";
        for (const auto& part : split(std::string_view{text}.substr(6), ',')) {
            const auto number = parse_number(part);
            if (!number || (!rule.fixed.empty() && *number <= rule.fixed.back()))
                throw Error{ErrorKind::usage,
                            fmt::format("'{}': breaks must be rising numbers", text),
                            "for example fixed:0.2,0.4,0.6,0.8"};
            rule.fixed.push_back(*number);
        }
        return rule;
    }
    (void)row_named(methods, text, "method of breaks");
    rule.method = text;
    return rule;
}

Breaks find_breaks(Bins bins, const BreakRule& rule) {
    Breaks breaks;
    breaks.error_bound = error_bound(bins);
    if (rule.method == "fixed") {
        breaks.upper = rule.fixed;
        breaks.error_bound = 0;
        // Values above the last bound given are a class of their own.
        if (!bins.empty() && !rule.fixed.empty() && bins.back().high > rule.fixed.back())
            breaks.upper.push_back(bins.back().high);
        return breaks;
    }
    if (bins.empty())
        return breaks;
    const auto& method = row_named(methods, rule.method, "method of breaks");
    Bins rest = bins;
    int classes = rule.classes;
    if (rule.zeros_apart && classes > 1 && bins.front().low <= 0) {
        const auto first = std::find_if(bins.begin(), bins.end(),
                                        [](const ValueBin& bin) { return bin.high > 0; });
        rest = bins.subspan(static_cast<std::size_t>(first - bins.begin()));
        breaks.upper.push_back(0);
        --classes;
    }
    if (!rest.empty())
        for (const double bound : method.upper_bounds(rest, classes))
            breaks.upper.push_back(bound);
    std::sort(breaks.upper.begin(), breaks.upper.end());
    breaks.upper.erase(std::unique(breaks.upper.begin(), breaks.upper.end()), breaks.upper.end());
    return breaks;
}

double class_of(double value, std::span<const double> upper) noexcept {
    if (std::isnan(value) || upper.empty())
        return nodata;
    const auto at = std::lower_bound(upper.begin(), upper.end(), value);
    const auto index =
        std::min<std::ptrdiff_t>(at - upper.begin(), static_cast<std::ptrdiff_t>(upper.size()) - 1);
    return static_cast<double>(index + 1);
}

/// For few bounds: counting those below is a loop that vectorises.
RISKMAP_VECTORISED static void count_bounds_below(double* values, std::size_t n,
                                                  const double* bounds, std::size_t count) {
    constexpr std::size_t strip = 64;
    for (std::size_t first = 0; first < n; first += strip) {
        const std::size_t m = std::min(strip, n - first);
        double* const v = values + first;
        std::array<double, strip> level{};
        for (std::size_t i = 0; i < m; ++i)
            level[i] = v[i] == v[i] ? 1 : nodata;
        for (std::size_t k = 0; k < count; ++k)
            for (std::size_t i = 0; i < m; ++i)
                level[i] += v[i] > bounds[k] ? 1.0 : 0.0;
        for (std::size_t i = 0; i < m; ++i)
            v[i] = level[i];
    }
}

void classify(std::span<double> values, std::span<const double> upper) noexcept {
    if (upper.empty() || upper.size() > 32) {
        for (auto& value : values)
            value = class_of(value, upper);
        return;
    }
    count_bounds_below(values.data(), values.size(), upper.data(), upper.size() - 1);
}

std::string too_few_values(const std::string& what, std::size_t found, std::size_t asked,
                           const char* classes) {
    return fmt::format("{} has too few distinct values: {} {} instead of {}", what, found, classes,
                       asked);
}

double in_single_precision(double limit) noexcept {
    return std::max(limit, static_cast<double>(static_cast<float>(limit)));
}

std::vector<double> in_single_precision(std::vector<double> limits) {
    for (auto& limit : limits)
        limit = in_single_precision(limit);
    return limits;
}

} // namespace riskmap::raster
