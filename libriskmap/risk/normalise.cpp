// SPDX-License-Identifier: MIT
#include <riskmap/risk/normalise.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/table.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/core/vectorised.hpp>

namespace riskmap::risk {

namespace {

constexpr std::array<NormaliseMethod, 7> methods{{
    {"linear", ":LO:HI", "0 at LO, 1 at HI, straight in between, clamped outside"},
    {"min-max", "", "linear from the least to the greatest value"},
    {"percentile", ":P:Q", "linear from the P to the Q percentile (0..100)"},
    {"log", "[:LO:HI]", "linear in the logarithm; without numbers from the least positive value"},
    {"breakpoints", ":X=Y,X=Y,...", "straight between given points, for tables of thresholds"},
    {"percent-rank", "", "(rank - 1) / (n - 1), ties by their mean rank; also called rank"},
    {"share-below", "", "rank / n, ties by their mean rank"},
}};

[[noreturn]] void bad(const std::string& text, const std::string& why) {
    std::string known;
    for (const auto& method : methods)
        known += fmt::format("{}{}{}", known.empty() ? "" : ", ", method.name, method.arguments);
    throw Error{ErrorKind::usage, fmt::format("normalise '{}': {}", text, why), "known: " + known};
}

std::vector<Point> parse_knots(const std::string& text, std::string_view list) {
    std::vector<Point> knots;
    for (const auto& part : split(list, ',')) {
        const auto pair = split(part, '=');
        const auto x = parse_number(pair[0]);
        const auto y = pair.size() == 2 ? parse_number(pair[1]) : std::nullopt;
        if (!x || !y || *y < 0 || *y > 1)
            bad(text, "points are written VALUE=INDEX with the index in 0..1");
        if (!knots.empty() && *x <= knots.back().x)
            bad(text, "the values of the points must rise");
        knots.push_back({*x, *y});
    }
    if (knots.size() < 2)
        bad(text, "two points or more are needed");
    return knots;
}

std::vector<double> parse_numbers(const std::string& text, std::string_view list) {
    std::vector<double> numbers;
    for (const auto& part : split(list, ':')) {
        const auto number = parse_number(part);
        if (!number)
            bad(text, fmt::format("'{}' is not a number", part));
        numbers.push_back(*number);
    }
    if (numbers.size() != 2 || numbers[0] >= numbers[1])
        bad(text, "two rising numbers are needed");
    return numbers;
}

/// One straight piece, the rule for most layers. Comparisons with NaN are false, so NaN
/// stays. In strips and steps, as the compiler branches where it sees the ends as constants.
RISKMAP_VECTORISED void scale_straight(double* values, std::size_t n, double low, double width,
                                       double base, double rise) {
    constexpr std::size_t strip = 64;
    std::array<double, strip> at;
    for (std::size_t first = 0; first < n; first += strip) {
        const std::size_t m = std::min(strip, n - first);
        double* const v = values + first;
        for (std::size_t i = 0; i < m; ++i)
            at[i] = (v[i] - low) / width;
        for (std::size_t i = 0; i < m; ++i)
            at[i] = at[i] < 0 ? 0 : at[i];
        for (std::size_t i = 0; i < m; ++i)
            at[i] = at[i] > 1 ? 1 : at[i];
        for (std::size_t i = 0; i < m; ++i)
            v[i] = base + at[i] * rise;
    }
}

} // namespace

std::span<const NormaliseMethod> normalise_methods() {
    return methods;
}

Direction parse_direction(const std::string& text) {
    if (text == "rising")
        return Direction::more_is_worse;
    if (text == "falling")
        return Direction::more_is_better;
    throw_unknown_name("direction", text, {"rising", "falling"});
}

NormaliseRule NormaliseRule::parse(const std::string& text, Direction direction) {
    NormaliseRule rule;
    rule.direction = direction;
    const auto colon = text.find(':');
    rule.method = text.substr(0, colon);
    if (rule.method == "rank")
        rule.method = "percent-rank";
    const auto known = std::find_if(methods.begin(), methods.end(), [&](const NormaliseMethod& m) {
        return m.name == rule.method;
    });
    if (known == methods.end())
        bad(text, "unknown method");
    const bool given = colon != std::string::npos;
    if (given && known->arguments.empty())
        bad(text, fmt::format("{} takes no numbers", rule.method));
    if (!given && known->arguments.starts_with(':'))
        bad(text, fmt::format("write it as {}{}", known->name, known->arguments));
    if (!given)
        return rule;
    const auto list = std::string_view{text}.substr(colon + 1);
    if (rule.method == "breakpoints")
        rule.knots = parse_knots(text, list);
    else
        rule.numbers = parse_numbers(text, list);
    if (rule.method == "percentile" && (rule.numbers[0] < 0 || rule.numbers[1] > 100))
        bad(text, "percentiles lie in 0..100");
    if (rule.method == "log" && rule.numbers[0] <= 0)
        bad(text, "logarithms need positive numbers");
    return rule;
}

bool NormaliseRule::needs_distribution() const {
    return method == "percentile" || (numbers.empty() && knots.empty());
}

Scale::Scale(const NormaliseRule& rule, std::span<const raster::ValueBin> bins)
    : m_inverted{rule.direction == Direction::more_is_better} {
    const double least = bins.empty() ? raster::nodata : bins.front().low;
    const double most = bins.empty() ? raster::nodata : bins.back().high;
    m_description = rule.method;
    if (rule.method == "breakpoints")
        m_knots = rule.knots;
    else if (rule.method == "linear")
        fit_range(rule.numbers[0], rule.numbers[1], false);
    else if (rule.method == "min-max")
        fit_range(least, most, false);
    else if (rule.method == "percentile") {
        const double low = raster::quantile(bins, rule.numbers[0] / 100);
        const double high = raster::quantile(bins, rule.numbers[1] / 100);
        m_widened = !(low < high) && least < most;
        fit_range(m_widened ? least : low, m_widened ? most : high, false);
    } else if (rule.method == "log" && !rule.numbers.empty())
        fit_range(rule.numbers[0], rule.numbers[1], true);
    else if (rule.method == "log") {
        const auto first = std::find_if(bins.begin(), bins.end(),
                                        [](const raster::ValueBin& bin) { return bin.high > 0; });
        fit_range(first == bins.end() ? 1 : std::max(first->low, first->high * 1e-9), most, true);
    } else
        fit_ranks(bins, rule.method == "share-below");
}

void Scale::fit_range(double low, double high, bool logarithmic) {
    m_log = logarithmic;
    if (!(low < high)) {
        m_constant = true;
        m_description += " (constant)";
        return;
    }
    m_description += fmt::format(" {:.6g}..{:.6g}", low, high);
    if (logarithmic)
        m_knots = {{std::log(low), 0}, {std::log(high), 1}};
    else
        m_knots = {{low, 0}, {high, 1}};
}

void Scale::fit_ranks(std::span<const raster::ValueBin> bins, bool share_below) {
    const auto n = static_cast<double>(raster::total_count(bins));
    if (bins.size() < 2) {
        m_constant = true;
        m_description += " (constant)";
        return;
    }
    double before = 0;
    for (const auto& bin : bins) {
        const auto count = static_cast<double>(bin.count);
        const double rank = before + (count + 1) / 2;
        m_knots.push_back({bin.high, share_below ? rank / n : (rank - 1) / (n - 1)});
        before += count;
    }
}

double Scale::operator()(double value) const noexcept {
    if (std::isnan(value))
        return value;
    if (m_constant)
        return 0;
    const double x = m_log ? (value > 0 ? std::log(value) : m_knots.front().x) : value;
    double index = 0;
    if (x <= m_knots.front().x)
        index = m_knots.front().y;
    else if (x >= m_knots.back().x)
        index = m_knots.back().y;
    else {
        const auto right = std::lower_bound(m_knots.begin(), m_knots.end(), x,
                                            [](const Point& knot, double v) { return knot.x < v; });
        const auto left = right - 1;
        index = left->y + (x - left->x) / (right->x - left->x) * (right->y - left->y);
    }
    return m_inverted ? 1 - index : index;
}

std::pair<double, double> Scale::range() const noexcept {
    if (m_constant)
        return {0, 0};
    const double low = m_knots.front().x;
    const double high = m_knots.back().x;
    return m_log ? std::pair{std::exp(low), std::exp(high)} : std::pair{low, high};
}

std::optional<Scale::Straight> Scale::straight() const noexcept {
    if (m_constant || m_log || m_knots.size() != 2)
        return std::nullopt;
    const Point low = m_knots[0];
    const Point high = m_knots[1];
    const double rise = high.y - low.y;
    return Straight{low.x, high.x - low.x, m_inverted ? 1 - low.y : low.y,
                    m_inverted ? -rise : rise};
}

void Scale::apply(std::span<double> values) const noexcept {
    if (const auto line = straight()) {
        scale_straight(values.data(), values.size(), line->low, line->width, line->start,
                       line->rise);
        return;
    }
    for (auto& value : values)
        value = (*this)(value);
}

Scale fit(const NormaliseRule& rule, std::span<const double> values) {
    raster::ValueCounts counts;
    counts.add(values);
    return Scale{rule, counts.bins()};
}

} // namespace riskmap::risk
