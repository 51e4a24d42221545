// SPDX-License-Identifier: MIT
#include "sheet_layout.hpp"

#include <array>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/table.hpp>

namespace riskmap::atlas {

namespace {

constexpr std::array<PaperSize, 5> paper_sizes{{
    {"A4", 210, 297},
    {"A3", 297, 420},
    {"A2", 420, 594},
    {"A1", 594, 841},
    {"A0", 841, 1189},
}};

/// The least of 1, 1.2, 1.5 ... 8 times a power of ten that is not below `value`.
double round_up(double value) {
    const double power = std::pow(10, std::floor(std::log10(value)));
    for (const double step : {1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.5, 8.0})
        if (step * power >= value * (1 - 1e-9))
            return step * power;
    return 10 * power;
}

/// The largest of 1, 2, 5 times a power of ten that is not above `value`.
double round_down(double value) {
    const double power = std::pow(10, std::floor(std::log10(value)));
    for (const double step : {5.0, 2.0})
        if (step * power <= value * (1 + 1e-9))
            return step * power;
    return power;
}

/// Metres on the ground of one unit of the CRS, around a place.
double ground_per_unit(const Crs& crs, Point place, double span) {
    const TrueLengths length{crs};
    const double half = std::max(span / 20, 1e-6);
    return length({place.x - half, place.y}, {place.x + half, place.y}) / (2 * half);
}

Look look_of(const PaperSize& size) {
    return {std::pow(size.shorter / paper_sizes[0].shorter, 0.8)};
}

SheetLayout arranged(const Sheet& sheet, const PaperSize& size, bool landscape) {
    SheetLayout layout;
    layout.landscape = landscape;
    layout.look = look_of(size);
    layout.page = landscape ? Size{size.longer, size.shorter} : Size{size.shorter, size.longer};
    const auto mm = [&](double length) { return layout.look.mm(length); };
    const Rect inside = Rect{0, 0, layout.page.width, layout.page.height}.inset(mm(9));
    layout.heading = {inside.x, inside.y, inside.width, mm(17)};
    const double top = layout.heading.bottom();
    // Room for the labels of the graticule around the frame.
    const double edge = mm(4.5);
    Rect map{inside.x + edge, top + edge, inside.width - 2 * edge,
             inside.bottom() - top - 2 * edge};
    if (landscape) {
        const double wide = mm(66);
        layout.panel = {inside.right() - wide, top, wide, inside.bottom() - top};
        map.width = layout.panel.x - mm(2) - edge - map.x;
    } else {
        const double high = mm(66);
        layout.panel = {inside.x, inside.bottom() - high, inside.width, high};
        map.height = layout.panel.y - mm(2) - edge - map.y;
    }
    const double width = std::max(sheet.area.right - sheet.area.left, 1e-9);
    const double height = std::max(sheet.area.top - sheet.area.bottom, 1e-9);
    const Point centre = sheet.area.middle();
    const double ground = ground_per_unit(sheet.crs, centre, std::max(width, height));
    const double margin = mm(5);
    const double units =
        std::max(width / (map.width - 2 * margin), height / (map.height - 2 * margin));
    layout.scale = std::max(100.0, round_up(units * ground * 1000));
    layout.frame = MapFrame{map, centre, layout.scale / 1000 / ground};
    layout.bar.ground = round_down(layout.scale / 1000 * mm(42));
    layout.bar.length = layout.bar.ground / (layout.scale / 1000);
    layout.bar.parts =
        std::fmod(
            std::round(layout.bar.ground / std::pow(10, std::floor(std::log10(layout.bar.ground)))),
            5) == 0
            ? 5
            : 4;
    layout.bar_rect = {map.x + mm(3), map.bottom() - mm(11), layout.bar.length + mm(10), mm(9)};
    layout.arrow_rect = {map.right() - mm(11), map.y + mm(3), mm(8), mm(14)};
    return layout;
}

} // namespace

std::span<const PaperSize> papers() {
    return paper_sizes;
}

const PaperSize& paper(const std::string& name) {
    auto capital = name;
    if (!capital.empty() && capital[0] == 'a')
        capital[0] = 'A';
    return row_named(paper_sizes, capital, "paper");
}

MultiPolygon MapFrame::on_page(MultiPolygon shape) const {
    for_each_ring(shape, [&](Ring& ring, bool) {
        for (auto& p : ring)
            p = on_page(p);
    });
    return shape;
}

LineString MapFrame::on_page(LineString line) const {
    for (auto& p : line)
        p = on_page(p);
    return line;
}

SheetLayout lay_out(const Sheet& sheet, const PageOptions& options) {
    if (sheet.area.empty() || !std::isfinite(sheet.area.right - sheet.area.left) ||
        !std::isfinite(sheet.area.top - sheet.area.bottom))
        throw input_error(fmt::format("'{}': the area of the map is empty", sheet.title),
                          "give a layer or raster with something in it");
    if (sheet.crs.empty())
        throw input_error(fmt::format("'{}': the map has no coordinate system", sheet.title),
                          "set one for its layers (in QGIS: Set Layer CRS)");
    const auto& size = paper(options.paper);
    auto across = arranged(sheet, size, true);
    auto upright = arranged(sheet, size, false);
    return upright.scale < across.scale ? upright : across;
}

TextLook name_look(const Look& look, int rank) {
    static constexpr std::array<double, 4> sizes{4.2, 3.3, 2.1, 1.9};
    const auto at = static_cast<std::size_t>(std::clamp(rank, 0, 3));
    auto text = look.text(sizes[at], rank < 2);
    text.halo = look.mm(rank < 2 ? 0.45 : 0.3);
    text.most_width = look.mm(rank < 2 ? 55 : 32);
    if (rank == 3)
        text.colour = {110, 110, 110};
    return text;
}

} // namespace riskmap::atlas
