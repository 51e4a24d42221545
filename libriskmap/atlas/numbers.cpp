// SPDX-License-Identifier: MIT
#include "numbers.hpp"

#include <cmath>

#include <fmt/format.h>

namespace riskmap::atlas {

std::string grouped(double value, int decimals) {
    if (std::isnan(value))
        return "–";
    auto text = fmt::format("{:.{}f}", std::abs(value), decimals);
    const auto point = text.find('.');
    auto at = point == std::string::npos ? text.size() : point;
    while (at > 3) {
        at -= 3;
        text.insert(at, ",");
    }
    const bool zero = text.find_first_not_of("0.,") == std::string::npos;
    return (value < 0 && !zero ? "-" : "") + text;
}

std::string grouped_km2(double km2) {
    return grouped(km2, km2 < 100 ? 1 : 0);
}

std::string short_number(double value) {
    if (std::isnan(value))
        return "–";
    if (std::abs(value) >= 1000)
        return grouped(value);
    return fmt::format("{:.3g}", value);
}

std::string percent(double share, int decimals) {
    return std::isnan(share) ? "–" : fmt::format("{:.{}f} %", 100 * share, decimals);
}

} // namespace riskmap::atlas
