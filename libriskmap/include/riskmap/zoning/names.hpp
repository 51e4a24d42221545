// SPDX-License-Identifier: MIT
// Names and codes of zones (../docs/method.md section 11.5).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <riskmap/core/text.hpp>

namespace riskmap::zoning {

/// The landform by mean height and relief (95 % less 5 % quantile), both in metres.
struct Landform {
    std::string_view zh;
    std::string_view en;
    double height_below; ///< mean height
    double relief_below;
};
/// From plain to high mountains, by rising thresholds: relief 30 m ends the
/// plain and 200 m the hills; heights 1000 and 3500 m part the mountains.
[[nodiscard]] std::span<const Landform> landforms();
/// Empty words if either is NaN.
[[nodiscard]] Words landform_words(double mean_height, double relief);

/// "诸暨市低山 洪水-台风 中高风险区" / "Zhuji low mountains, flood-typhoon, upper-middle risk
/// zone". Parts that are empty are left out.
[[nodiscard]] Words zone_name(const Words& place, const Words& landform,
                              std::span<const Words> hazards, const Words& level);

/// City code, level and serial: "330600-4-03".
[[nodiscard]] std::string zone_code(const std::string& city, int level, int serial);

} // namespace riskmap::zoning
