// SPDX-License-Identifier: MIT
#include <riskmap/atlas/curve.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/text.hpp>

namespace riskmap::atlas {

namespace {

constexpr double width = 720;
constexpr double height = 440;
constexpr double left = 64;
constexpr double right = 24;
constexpr double top = 48;
constexpr double bottom = 56;

/// 1, 2 or 5 times a power of ten: at most `most` of them make up `whole`.
double tick_of(double whole, double most) {
    const double rough = whole / most;
    const double power = std::pow(10, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= rough * (1 - 1e-9))
            return factor * power;
    return 10 * power;
}

std::string text(double x, double y, const char* anchor, const std::string& words,
                 const char* more = "") {
    return fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="{}"{}>{}</text>)", x, y, anchor,
                       more, escape_xml(words)) +
           "\n";
}

std::string line(double x1, double y1, double x2, double y2, const char* stroke) {
    return fmt::format(R"(<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" {}/>)", x1, y1, x2,
                       y2, stroke) +
           "\n";
}

} // namespace

std::string curve_svg(std::span<const Point> points, double goal, const CurveLabels& labels) {
    double most_x = 1;
    double most_y = std::max(goal, 0.01);
    for (const auto& point : points) {
        most_x = std::max(most_x, point.x);
        most_y = std::max(most_y, point.y);
    }
    most_y = std::min(1.0, 1.1 * most_y);
    const auto px = [&](double x) { return left + x / most_x * (width - left - right); };
    const auto py = [&](double y) {
        return height - bottom - y / most_y * (height - top - bottom);
    };
    std::string svg = fmt::format(
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0:g} {1:g}" width="{0:g}" height="{1:g}" font-family="Noto Sans CJK SC, Noto Sans, sans-serif" font-size="13">)"
        "\n"
        R"(<rect width="100%" height="100%" fill="#ffffff"/>)"
        "\n",
        width, height);
    svg += text(left, 28, "start", labels.title, R"( font-size="17" font-weight="bold")");
    const double step_y = tick_of(most_y, 6);
    for (int tick = 0; tick * step_y <= most_y * (1 + 1e-9); ++tick) {
        const double y = tick * step_y;
        svg += line(left, py(y), width - right, py(y), R"(stroke="#dddddd")");
        svg += text(left - 8, py(y) + 4, "end", fmt::format("{:.3g} %", 100 * y));
    }
    const double step_x = tick_of(most_x, 8);
    for (int tick = 0; tick * step_x <= most_x * (1 + 1e-9); ++tick) {
        const double x = tick * step_x;
        svg += line(px(x), height - bottom, px(x), height - bottom + 5, R"(stroke="#333333")");
        svg += text(px(x), height - bottom + 20, "middle", fmt::format("{:.6g}", x));
    }
    svg += line(left, height - bottom, width - right, height - bottom, R"(stroke="#333333")");
    svg += text((left + width - right) / 2, height - 12, "middle", labels.x);
    svg +=
        text(18, (top + height - bottom) / 2, "middle", labels.y,
             fmt::format(R"svg( transform="rotate(-90 18 {:.1f})")svg", (top + height - bottom) / 2)
                 .c_str());
    if (goal > 0) {
        svg += line(left, py(goal), width - right, py(goal),
                    R"(stroke="#de2d26" stroke-dasharray="6 4")");
        svg += text(left + 6, py(goal) - 6, "start", fmt::format("{:.4g} %", 100 * goal),
                    R"( fill="#de2d26")");
    }
    std::string path;
    for (const auto& point : points)
        path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : " L", px(point.x), py(point.y));
    svg +=
        fmt::format(R"(<path d="{}" fill="none" stroke="#006d2c" stroke-width="2"/>)", path) + "\n";
    if (points.size() <= 60)
        for (const auto& point : points)
            svg += fmt::format(R"(<circle cx="{:.1f}" cy="{:.1f}" r="2.5" fill="#006d2c"/>)",
                               px(point.x), py(point.y)) +
                   "\n";
    if (!points.empty())
        svg += text(px(points.back().x) - 6, py(points.back().y) - 8, "end",
                    fmt::format("{:.4g} %", 100 * points.back().y),
                    R"( fill="#006d2c" font-weight="bold")");
    return svg + "</svg>\n";
}

} // namespace riskmap::atlas
