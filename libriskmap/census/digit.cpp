// SPDX-License-Identifier: MIT
#include "digit.hpp"

#include <cmath>

#include <fmt/format.h>

namespace riskmap::census {

std::optional<Words> one_digit_wrong(Point place, bool degrees,
                                     const std::function<bool(Point)>& holds) {
    const int least = degrees ? -2 : 3;
    const int most = degrees ? 2 : 7;
    std::optional<Words> found;
    for (const bool is_x : {true, false}) {
        const double written = is_x ? place.x : place.y;
        for (int power = least; power <= most; ++power) {
            const double unit = std::pow(10.0, power);
            if (std::abs(written) < unit)
                break;
            const int digit = static_cast<int>(std::fmod(std::floor(std::abs(written) / unit), 10));
            std::optional<double> meant;
            for (int other = 0; other < 10; ++other) {
                const double value = written + (other - digit) * std::copysign(unit, written);
                if (other == digit || !holds(is_x ? Point{value, place.y} : Point{place.x, value}))
                    continue;
                if (meant || found)
                    return std::nullopt;
                meant = value;
            }
            if (!meant)
                continue;
            const auto text = [&](double value) {
                return degrees ? fmt::format("{:.6g}", value) : fmt::format("{:.0f}", value);
            };
            found = Words{fmt::format("{} 的 {} 若为 {}，则位于其中：可能错一位数字",
                                      is_x ? "X" : "Y", text(written), text(*meant)),
                          fmt::format("{} {} would lie within it as {}: one digit wrong?",
                                      is_x ? "x" : "y", text(written), text(*meant))};
        }
    }
    return found;
}

} // namespace riskmap::census
