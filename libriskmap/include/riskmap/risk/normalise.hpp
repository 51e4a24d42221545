// SPDX-License-Identifier: MIT
// From a measured quantity to an index in 0..1 (../docs/method.md section 3).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <riskmap/geo/geometry.hpp>
#include <riskmap/raster/value_counts.hpp>

namespace riskmap::risk {

enum class Direction {
    more_is_worse,  ///< large values give an index near 1
    more_is_better, ///< large values give an index near 0
};

/// "rising" or "falling", as project files say it. \throws Error{usage} on another word.
[[nodiscard]] Direction parse_direction(const std::string& text);

/// A rule that is not yet fitted to data. Written as `method` or
/// `method:number:number`, see `normalise_methods`.
struct NormaliseRule {
    std::string method = "min-max";
    std::vector<double> numbers = {};
    std::vector<Point> knots = {}; ///< breakpoints: value, index
    Direction direction = Direction::more_is_worse;

    /// \throws Error{usage} on an unknown method or bad numbers.
    [[nodiscard]] static NormaliseRule parse(const std::string& text,
                                             Direction direction = Direction::more_is_worse);
    /// Whether fitting needs the distribution of the values.
    [[nodiscard]] bool needs_distribution() const;
};

struct NormaliseMethod {
    std::string_view name;
    std::string_view arguments;
    std::string_view summary;
};
[[nodiscard]] std::span<const NormaliseMethod> normalise_methods();

/// A fitted rule: a monotone map onto 0..1, straight between knots.
class Scale {
  public:
    /// `bins`: the distribution of the values, where the rule needs it.
    Scale(const NormaliseRule& rule, std::span<const raster::ValueBin> bins);

    /// NaN for NaN.
    [[nodiscard]] double operator()(double value) const noexcept;
    /// The same for many values, in place.
    void apply(std::span<double> values) const noexcept;
    /// The layer has one value only: the index is 0 everywhere.
    [[nodiscard]] bool constant() const noexcept { return m_constant; }
    /// Most cells share one value, so that the percentiles asked for are the same: the scale runs
    /// from the least to the greatest value instead.
    [[nodiscard]] bool widened() const noexcept { return m_widened; }
    /// What the scale runs from and to, in the values' unit; both 0 if it is constant.
    [[nodiscard]] std::pair<double, double> range() const noexcept;
    /// A straight scale as index = clamp((value - low) / width) * rise + start; nothing if it is
    /// bent, logarithmic or constant.
    struct Straight {
        double low = 0;
        double width = 1;
        double start = 0;
        double rise = 1;
    };
    [[nodiscard]] std::optional<Straight> straight() const noexcept;
    /// In words with the numbers found, for reports.
    [[nodiscard]] const std::string& description() const noexcept { return m_description; }

  private:
    void fit_range(double low, double high, bool logarithmic);
    void fit_ranks(std::span<const raster::ValueBin> bins, bool share_below);

    std::vector<Point> m_knots;
    bool m_log = false;
    bool m_inverted = false;
    bool m_constant = false;
    bool m_widened = false;
    std::string m_description;
};

/// Fits a rule to plain values (NaN passed over).
[[nodiscard]] Scale fit(const NormaliseRule& rule, std::span<const double> values);

} // namespace riskmap::risk
