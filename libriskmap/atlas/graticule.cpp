// SPDX-License-Identifier: MIT
#include "graticule.hpp"

#include <array>
#include <cmath>

#include <fmt/format.h>

namespace riskmap::atlas {

namespace {

constexpr std::array<int, 15> steps_in_seconds{36000, 18000, 7200, 3600, 1800, 1200, 900, 600,
                                               300,   120,   60,   30,   10,   5,    1};

/// The coarsest step that puts at least four lines across `span` degrees.
double step_of(double span) {
    for (const int step : steps_in_seconds)
        if (span * 3600 / step >= 3.5)
            return step / 3600.0;
    return steps_in_seconds.back() / 3600.0;
}

} // namespace

std::string degree_text(double degrees, char positive, char negative) {
    const auto seconds = std::llround(std::abs(degrees) * 3600);
    std::string text = fmt::format("{}°", seconds / 3600);
    if (seconds % 3600 != 0)
        text += fmt::format("{:02}′", seconds / 60 % 60);
    if (seconds % 60 != 0)
        text += fmt::format("{:02}″", seconds % 60);
    return text + (degrees < 0 ? negative : positive);
}

std::vector<GraticuleLine> graticule(const Crs& crs, const Box& extent) {
    const CrsTransform back{Crs::wgs84(), crs};
    const auto degrees = CrsTransform{crs, Crs::wgs84()}.apply(extent);
    const bool whole = std::isfinite(degrees.left + degrees.right + degrees.bottom + degrees.top) &&
                       degrees.right - degrees.left < 120 && degrees.top - degrees.bottom < 90;
    if (!whole)
        return {};
    const double step =
        step_of(std::max(degrees.right - degrees.left, degrees.top - degrees.bottom));
    constexpr int pieces = 24;
    std::vector<GraticuleLine> lines;
    const auto add = [&](bool meridian, double at, double from, double to) {
        GraticuleLine line;
        line.meridian = meridian;
        line.label = meridian ? degree_text(at, 'E', 'W') : degree_text(at, 'N', 'S');
        for (int i = 0; i <= pieces; ++i) {
            const double along = from + (to - from) * i / pieces;
            line.line.push_back(meridian ? Point{at, along} : Point{along, at});
        }
        line.line = back.apply(std::move(line.line));
        lines.push_back(std::move(line));
    };
    const auto each = [&](double from, double to, auto draw) {
        const auto last = static_cast<long>(std::floor(to / step + 1e-9));
        for (auto i = static_cast<long>(std::ceil(from / step - 1e-9)); i <= last; ++i)
            draw(static_cast<double>(i) * step);
    };
    each(degrees.left, degrees.right,
         [&](double at) { add(true, at, degrees.bottom, degrees.top); });
    each(degrees.bottom, degrees.top,
         [&](double at) { add(false, at, degrees.left, degrees.right); });
    return lines;
}

double north_at(const Crs& crs, Point place) {
    const auto degrees = CrsTransform{crs, Crs::wgs84()}.apply(place);
    const CrsTransform back{Crs::wgs84(), crs};
    const auto foot = back.apply(degrees);
    const auto head = back.apply(Point{degrees.x, degrees.y + 0.01});
    const double angle = std::atan2(head.x - foot.x, head.y - foot.y);
    return std::isfinite(angle) ? angle : 0;
}

} // namespace riskmap::atlas
