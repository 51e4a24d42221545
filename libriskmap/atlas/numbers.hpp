// SPDX-License-Identifier: MIT
// Private: numbers as people read them.
#pragma once

#include <string>

namespace riskmap::atlas {

/// Thousands in groups: "12,345.6"; "–" for NaN.
[[nodiscard]] std::string grouped(double value, int decimals = 0);
/// Square kilometres: with a decimal where there are fewer than a hundred.
[[nodiscard]] std::string grouped_km2(double km2);
/// Three significant digits, and no more zeros than need be: "0.125", "1,230".
[[nodiscard]] std::string short_number(double value);
/// "45.1 %".
[[nodiscard]] std::string percent(double share, int decimals = 1);

} // namespace riskmap::atlas
