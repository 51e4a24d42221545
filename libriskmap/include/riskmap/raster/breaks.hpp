// SPDX-License-Identifier: MIT
// Class breaks and levels (../docs/method.md sections 9 and 18.1).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <riskmap/raster/value_counts.hpp>

namespace riskmap::raster {

/// How to cut values into classes: a method of the table `break_methods`,
/// or "fixed:B1,B2,...".
struct BreakRule {
    std::string method = "natural-breaks";
    int classes = 5;
    std::vector<double> fixed = {};
    /// Zeros become the lowest class; the other classes share the rest.
    bool zeros_apart = false;

    /// \throws Error{usage} on an unknown name (with the nearest known) or bad numbers.
    [[nodiscard]] static BreakRule parse(const std::string& text, int classes = 5);
};

/// The upper bounds of the classes, rising; the last is the greatest value.
/// Fewer distinct values than classes give fewer bounds; no value gives none.
struct Breaks {
    std::vector<double> upper;
    double error_bound = 0; ///< 0: exact; else no break is further off than this
};

struct BreakMethod {
    std::string_view name;
    std::string_view summary;
    std::vector<double> (*upper_bounds)(std::span<const ValueBin> bins, int classes);
};
[[nodiscard]] std::span<const BreakMethod> break_methods();

[[nodiscard]] Breaks find_breaks(std::span<const ValueBin> bins, const BreakRule& rule);

/// Exact optimum of Fisher (1958): the classes with the least sum of squared
/// deviations, by dynamic programming with divide and conquer, O(k n log n).
/// Among equal optima the one with the lowest bounds. Bounds are data values.
[[nodiscard]] std::vector<double> natural_breaks(std::span<const ValueBin> bins, int classes);

/// 1 for values up to the first bound, 2 for (first, second], ...; values above
/// the last bound belong to the last class. NaN for NaN.
[[nodiscard]] double class_of(double value, std::span<const double> upper) noexcept;
void classify(std::span<double> values, std::span<const double> upper) noexcept;

/// The line that says that values allow fewer `classes` ("levels") than asked.
[[nodiscard]] std::string too_few_values(const std::string& what, std::size_t found,
                                         std::size_t asked, const char* classes = "levels");

/// Limits as single precision writes them, where that is more: a cell that was written as 0.1
/// is 0.1 to (0, 0.1].
[[nodiscard]] double in_single_precision(double limit) noexcept;
[[nodiscard]] std::vector<double> in_single_precision(std::vector<double> limits);

} // namespace riskmap::raster
