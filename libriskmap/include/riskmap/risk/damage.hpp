// SPDX-License-Identifier: MIT
// Vulnerability curves: intensity -> mean damage ratio (../docs/method.md section 5).
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <riskmap/geo/geometry.hpp>

namespace riskmap::risk {

/// A rising curve onto 0..1. The value of NaN is NaN.
class DamageCurve {
  public:
    /// A name of `damage_curves`, with its parameters where it takes some
    /// ("wind-emanuel:74.7", "shaking-lognormal:0.3:0.6"), or a CSV file with
    /// columns intensity, damage. \throws Error{input}: not rising, outside 0..1.
    [[nodiscard]] static DamageCurve parse(const std::string& text,
                                           const std::filesystem::path& folder = {});
    /// Straight between points, constant beyond. \throws Error{input} as above.
    [[nodiscard]] static DamageCurve through(std::vector<Point> points, const std::string& name);

    [[nodiscard]] double operator()(double intensity) const noexcept;

  private:
    double (*m_function)(double, const DamageCurve&) = nullptr;
    std::vector<double> m_parameters;
    std::vector<Point> m_points;

    friend struct BuiltInCurves;
};

struct DamageCurveName {
    std::string_view name;
    std::string_view parameters;
    std::string_view summary; ///< with the unit of intensity and the source
};
[[nodiscard]] std::span<const DamageCurveName> damage_curves();

/// Rules by which a value per return period becomes a value per year.
struct AnnualRule {
    std::string_view name;
    std::string_view summary;
    double (*between)(double frequent_period, double rare_period, double frequent, double rare);
};
[[nodiscard]] std::span<const AnnualRule> annual_rules();
/// \throws Error{usage} naming the nearest known rule.
[[nodiscard]] const AnnualRule& annual_rule(const std::string& name);

/// Expected annual value of a quantity known at rising return periods (years),
/// with the rarest held down to probability 0 and nothing more often than the
/// most frequent. NaN if any value is NaN. Source: ../docs/method.md section 4.
[[nodiscard]] double expected_annual(std::span<const double> periods,
                                     std::span<const double> values, const AnnualRule& rule);

} // namespace riskmap::risk
