// SPDX-License-Identifier: MIT
#include <riskmap/risk/damage.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/table.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/spec/door.hpp>

namespace riskmap::risk {

/// The curves that have a formula, and the tables of those that have none.
struct BuiltInCurves {
    static double piecewise(double x, const DamageCurve& curve) {
        const auto& points = curve.m_points;
        if (x <= points.front().x)
            return points.front().y;
        if (x >= points.back().x)
            return points.back().y;
        const auto right = std::lower_bound(points.begin(), points.end(), x,
                                            [](const Point& p, double v) { return p.x < v; });
        const auto left = right - 1;
        return left->y + (x - left->x) / (right->x - left->x) * (right->y - left->y);
    }
    /// Emanuel 2011: no damage below 25.7 m/s, one half at v_half.
    static double wind(double speed, const DamageCurve& curve) {
        constexpr double threshold = 25.7;
        const double v = std::max(speed - threshold, 0.0) / (curve.m_parameters[0] - threshold);
        const double cube = v * v * v;
        return cube / (1 + cube);
    }
    /// Jaiswal & Wald 2010: log-normal with median theta and spread beta.
    static double shaking(double intensity, const DamageCurve& curve) {
        if (intensity <= 0)
            return 0;
        const double z = std::log(intensity / curve.m_parameters[0]) / curve.m_parameters[1];
        return 0.5 * std::erfc(-z / std::numbers::sqrt2);
    }
    static DamageCurve make(const std::string& name, std::vector<double> parameters) {
        DamageCurve curve;
        if (name == "flood-depth-residential-asia") // Huizinga, de Moel, Szewczyk 2017
            return DamageCurve::through({{0, 0},
                                         {0.5, 0.33},
                                         {1, 0.49},
                                         {1.5, 0.62},
                                         {2, 0.72},
                                         {3, 0.87},
                                         {4, 0.93},
                                         {5, 0.98},
                                         {6, 1}},
                                        name);
        if (name == "wind-emanuel") {
            constexpr double v_half = 74.7; // Emanuel 2011; CLIMADA's default
            curve.m_parameters = parameters.empty() ? std::vector<double>{v_half} : parameters;
            curve.m_function = &wind;
            if (curve.m_parameters.size() != 1 || curve.m_parameters[0] <= 25.7)
                throw input_error("wind-emanuel takes one number above 25.7 m/s",
                                  "for example wind-emanuel:74.7");
            return curve;
        }
        curve.m_parameters = std::move(parameters);
        curve.m_function = &shaking;
        if (curve.m_parameters.size() != 2 || curve.m_parameters[0] <= 0 ||
            curve.m_parameters[1] <= 0)
            throw input_error("shaking-lognormal takes two positive numbers, median and spread",
                              "for example shaking-lognormal:0.35:0.6");
        return curve;
    }
    static DamageCurve piecewise_curve(std::vector<Point> points) {
        DamageCurve curve;
        curve.m_points = std::move(points);
        curve.m_function = &piecewise;
        return curve;
    }
};

namespace {

constexpr std::array<DamageCurveName, 3> curves{{
    {"flood-depth-residential-asia", "",
     "water depth in m; Huizinga, de Moel, Szewczyk 2017 (JRC105688)"},
    {"wind-emanuel", "[:V_HALF]", "wind in m/s, half damage at V_HALF = 74.7; Emanuel 2011"},
    {"shaking-lognormal", ":MEDIAN:SPREAD",
     "shaking in the unit of MEDIAN, log-normal; Jaiswal & Wald 2010"},
}};

double trapezoid(double t0, double t1, double v0, double v1) {
    return (v0 + v1) / 2 * (1 / t0 - 1 / t1);
}

double step(double t0, double t1, double v0, double) {
    return v0 * (1 / t0 - 1 / t1);
}

/// v = a + b ln T, integrated over p = 1/T.
double log_linear(double t0, double t1, double v0, double v1) {
    const double b = (v1 - v0) / std::log(t1 / t0);
    const double a = v0 - b * std::log(t0);
    const auto integral = [&](double p) { return (a + b) * p - b * p * std::log(p); };
    return integral(1 / t0) - integral(1 / t1);
}

/// v = a + b T, integrated over p = 1/T.
double linear(double t0, double t1, double v0, double v1) {
    const double b = (v1 - v0) / (t1 - t0);
    const double a = v0 - b * t0;
    return a * (1 / t0 - 1 / t1) + b * std::log(t1 / t0);
}

constexpr std::array<AnnualRule, 4> rules{{
    {"trapezoid", "straight in annual probability between two maps", &trapezoid},
    {"log-linear", "straight in the logarithm of the return period", &log_linear},
    {"linear", "straight in the return period", &linear},
    {"step", "the more frequent map holds up to the next (a lower bound)", &step},
}};

DamageCurve from_file(const std::filesystem::path& path) {
    spec::Door door; // a curve of which something is not plain is refused
    auto table = door.table({path}, "damage_curve", spec::Shapes::none);
    const auto intensity = table.numbers("intensity");
    const auto damage = table.numbers("damage");
    std::vector<Point> points;
    for (std::size_t row = 0; row < table.size(); ++row)
        points.push_back({intensity[row], damage[row]});
    return DamageCurve::through(std::move(points), path.string());
}

} // namespace

std::span<const DamageCurveName> damage_curves() {
    return curves;
}
std::span<const AnnualRule> annual_rules() {
    return rules;
}

DamageCurve DamageCurve::through(std::vector<Point> points, const std::string& name) {
    if (points.size() < 2)
        throw input_error(fmt::format("curve '{}' has fewer than two points", name));
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (!(points[i].y >= 0 && points[i].y <= 1))
            throw input_error(
                fmt::format("curve '{}': damage {} is not in 0..1", name, points[i].y));
        if (i > 0 && (points[i].x <= points[i - 1].x || points[i].y < points[i - 1].y))
            throw input_error(
                fmt::format("curve '{}' does not rise at intensity {}", name, points[i].x),
                "order the rows by intensity; damage must not fall");
    }
    return BuiltInCurves::piecewise_curve(std::move(points));
}

DamageCurve DamageCurve::parse(const std::string& text, const std::filesystem::path& folder) {
    if (text.ends_with(".csv"))
        return from_file(folder / text);
    const auto parts = split(text, ':');
    std::vector<double> parameters;
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const auto number = parse_number(parts[i]);
        if (!number)
            throw input_error(fmt::format("curve '{}': '{}' is not a number", text, parts[i]));
        parameters.push_back(*number);
    }
    (void)row_named(curves, parts[0], "damage curve");
    return BuiltInCurves::make(parts[0], std::move(parameters));
}

double DamageCurve::operator()(double intensity) const noexcept {
    return std::isnan(intensity) ? intensity : m_function(intensity, *this);
}

const AnnualRule& annual_rule(const std::string& name) {
    return row_named(rules, name, "rule of annual values");
}

double expected_annual(std::span<const double> periods, std::span<const double> values,
                       const AnnualRule& rule) {
    double sum = 0;
    for (std::size_t k = 0; k + 1 < periods.size(); ++k)
        sum += rule.between(periods[k], periods[k + 1], values[k], values[k + 1]);
    return periods.empty() ? 0 : sum + values.back() / periods.back();
}

} // namespace riskmap::risk
