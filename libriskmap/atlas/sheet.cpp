// SPDX-License-Identifier: MIT
#include <riskmap/atlas/sheet.hpp>

#include <array>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include <riskmap/atlas/labels.hpp>
#include <riskmap/core/parallel.hpp>

#include "graticule.hpp"
#include "map_image.hpp"
#include "numbers.hpp"
#include "sheet_drawing.hpp"
#include "sheet_panel.hpp"

namespace riskmap::atlas {

namespace {

constexpr Colour black{26, 26, 26};
constexpr Colour grey{120, 120, 120};
constexpr Colour red{192, 30, 30};

Box box_of(const Rect& rect) {
    return {rect.x, rect.y, rect.right(), rect.bottom()};
}

/// Many points are drawn smaller, so that they still stand apart.
double crowding(std::size_t places) {
    return places > 1000 ? 0.45 : places > 300 ? 0.6 : places > 100 ? 0.75 : 1;
}

/// A name or number on the map with its look and, once placed, its box.
struct MapLabel {
    std::string text;
    TextLook look;
    LabelWish wish;
    Box box;
};

/// A place well inside the part of an area that a frame shows; nothing if it shows none.
std::optional<Point> middle_of_part(const MultiPolygon& shape, const Box& frame) {
    constexpr int steps = 24;
    std::array<std::array<bool, steps>, steps> inside{};
    const auto place = [&](int c, int r) {
        return Point{frame.left + (frame.right - frame.left) * (c + 0.5) / steps,
                     frame.bottom + (frame.top - frame.bottom) * (r + 0.5) / steps};
    };
    if (!bounds(shape).meets(frame))
        return std::nullopt;
    for (int r = 0; r < steps; ++r)
        for (int c = 0; c < steps; ++c)
            inside[r][c] = contains(shape, place(c, r));
    // The place with most of the area around it.
    int best = 0;
    std::optional<Point> found;
    for (int r = 0; r < steps; ++r)
        for (int c = 0; c < steps; ++c) {
            int around = 0;
            for (int dr = -3; inside[r][c] && dr <= 3; ++dr)
                for (int dc = -4; dc <= 4; ++dc)
                    around += r + dr >= 0 && r + dr < steps && c + dc >= 0 && c + dc < steps &&
                                      inside[r + dr][c + dc]
                                  ? 1
                                  : 0;
            if (around > best) {
                best = around;
                found = place(c, r);
            }
        }
    return found;
}

/// Names of areas by rank, then the labels of points.
std::vector<MapLabel> labels_of(const Sheet& sheet, const SheetLayout& layout,
                                const TextRuler& ruler) {
    std::vector<MapLabel> labels;
    const auto box = layout.frame.extent();
    const auto add = [&](const std::string& text, Point at, TextLook look, int rank, double clear) {
        if (text.empty() || !box.holds(at))
            return;
        look.align = Align::left;
        const auto size = ruler.measure(text, look);
        const double air = 2 * look.halo;
        labels.push_back(
            {text,
             look,
             {layout.frame.on_page(at), size.width + air, size.height + air, rank, clear},
             {}});
    };
    for (const auto& name : sheet.names)
        add(name.text, name.at, name_look(layout.look, name.rank), name.rank, 0);
    for (const auto& neighbour : sheet.neighbours)
        if (const auto at = middle_of_part(neighbour.shape, box))
            add(neighbour.name, *at, name_look(layout.look, 3), 3, 0);
    for (const auto& set : sheet.symbols)
        for (std::size_t i = 0; i < set.labels.size(); ++i) {
            auto look = layout.look.text(1.7);
            look.halo = layout.look.mm(0.25);
            look.most_width = layout.look.mm(20);
            add(set.labels[i], set.places[i], look, 10, layout.look.mm(set.symbol.size) / 2);
        }
    return labels;
}

void place(std::vector<MapLabel>& labels, const SheetLayout& layout) {
    std::vector<LabelWish> wishes;
    for (const auto& label : labels)
        wishes.push_back(label.wish);
    const std::vector<Box> taken{box_of(layout.bar_rect), box_of(layout.arrow_rect)};
    const auto boxes = place_labels(wishes, box_of(layout.frame.rect().inset(0.5)), taken);
    for (std::size_t i = 0; i < labels.size(); ++i)
        labels[i].box = boxes[i];
}

SheetPlan plan_of(const SheetLayout& layout, const std::vector<MapLabel>& labels) {
    SheetPlan plan;
    plan.width = layout.page.width;
    plan.height = layout.page.height;
    plan.landscape = layout.landscape;
    plan.scale = layout.scale;
    plan.frame = box_of(layout.frame.rect());
    plan.extent = layout.frame.extent();
    plan.bar_ground = layout.bar.ground;
    plan.bar_length = layout.bar.length;
    plan.furniture = {box_of(layout.bar_rect), box_of(layout.arrow_rect)};
    for (const auto& label : labels) {
        if (label.box.empty())
            ++plan.unplaced;
        else
            plan.labels.emplace_back(label.text, label.box);
    }
    return plan;
}

/// Pictures of the map, made once for all files.
struct Pictures {
    MapImage cells;
    MapImage shade;
};

Pictures pictures_of(const Sheet& sheet, const SheetLayout& layout, double dpi,
                     const Execution& execution) {
    Pictures pictures;
    const double pixel = layout.frame.units_per_mm() * 25.4 / dpi;
    const auto extent = layout.frame.extent();
    if (sheet.cells)
        pictures.cells = coloured(*sheet.cells, sheet.crs, extent, pixel, execution);
    if (sheet.heights)
        pictures.shade = shaded(sheet.heights, sheet.crs, extent, 1.5 * pixel, execution);
    return pictures;
}

class Drawing {
  public:
    Drawing(Canvas& canvas, const TextRuler& ruler, const Sheet& sheet, const SheetLayout& layout)
        : m_canvas{canvas}, m_ruler{ruler}, m_sheet{sheet}, m_layout{layout} {}

    void map(const Pictures& pictures, const std::vector<MapLabel>& labels) {
        const auto& rect = m_layout.frame.rect();
        m_canvas.begin_clip(rect);
        m_canvas.fill(rect, {252, 252, 252});
        const auto neighbour = symbol("neighbour").colour;
        for (const auto& neighbour_area : m_sheet.neighbours) {
            const auto page = on_page(neighbour_area.shape);
            m_canvas.fill(page, neighbour);
            m_canvas.outline(page, {190, 190, 190}, mm(0.2));
        }
        picture(pictures.cells);
        for (const auto& fill : m_sheet.fills)
            for (std::size_t i = 0; i < fill.shapes.size(); ++i)
                m_canvas.fill(on_page(fill.shapes[i]), fill.colours[i]);
        shade(pictures.shade);
        for (const auto& set : m_sheet.symbols)
            symbols(set);
        lines_of_graticule();
        for (const auto& label : labels)
            if (!label.box.empty())
                m_canvas.text(
                    {label.box.left + label.look.halo, label.box.bottom + label.look.halo},
                    label.text, label.look);
        scale_bar();
        north_arrow();
        m_canvas.end_clip();
        m_canvas.outline(rect, black, mm(0.3));
        labels_of_graticule();
    }

    void heading() {
        const auto& rect = m_layout.heading;
        const double middle = rect.x + rect.width / 2;
        const double side = mm(36);
        auto title = m_layout.look.text(6, true);
        title.align = Align::centre;
        title.most_width = rect.width - 2 * side;
        while (title.size > mm(3.4) &&
               m_ruler.measure(m_sheet.title, unlimited(title)).width > title.most_width)
            title.size *= 0.95;
        const auto size = m_canvas.text({middle, rect.y}, m_sheet.title, title);
        auto subtitle = m_layout.look.text(3);
        subtitle.colour = {70, 70, 70};
        subtitle.align = Align::centre;
        subtitle.most_width = rect.width - 2 * side;
        m_canvas.text({middle, rect.y + size.height + mm(0.6)}, m_sheet.subtitle, subtitle);
        corner(m_sheet.secrecy, rect.right(), Align::right);
        corner(m_sheet.status, rect.x, Align::left);
    }

  private:
    [[nodiscard]] double mm(double length) const { return m_layout.look.mm(length); }
    [[nodiscard]] MultiPolygon on_page(const MultiPolygon& shape) const {
        return m_layout.frame.on_page(shape);
    }
    static TextLook unlimited(TextLook look) {
        look.most_width = 0;
        return look;
    }

    /// A framed word in an upper corner.
    void corner(const std::string& text, double x, Align align) {
        if (text.empty())
            return;
        auto look = m_layout.look.text(2.8, true);
        look.colour = red;
        look.most_width = mm(33);
        const auto size = m_ruler.measure(text, look);
        const double left = align == Align::left ? x : x - size.width - mm(3);
        const Rect box{left, m_layout.heading.y, size.width + mm(3), size.height + mm(1.6)};
        m_canvas.outline(box, red, mm(0.3));
        m_canvas.text({box.x + mm(1.5), box.y + mm(0.8)}, text, look);
    }

    void picture(const MapImage& picture) {
        if (picture.image.pixels.empty())
            return;
        const auto a = m_layout.frame.on_page({picture.extent.left, picture.extent.top});
        const auto b = m_layout.frame.on_page({picture.extent.right, picture.extent.bottom});
        m_canvas.image(picture.image, {a.x, a.y, b.x - a.x, b.y - a.y});
    }

    void shade(const MapImage& image) {
        if (m_sheet.shaded.empty())
            return picture(image);
        std::vector<MultiPolygon> within;
        for (const auto& shape : m_sheet.shaded)
            within.push_back(on_page(shape));
        m_canvas.begin_clip(within);
        picture(image);
        m_canvas.end_clip();
    }

    void symbols(const SymbolSet& set) {
        const double width = mm(set.symbol.size);
        for (const auto& shape : set.areas) {
            if (set.symbol.shape == SymbolShape::area)
                m_canvas.fill(on_page(shape), set.symbol.colour, set.opacity);
            else
                m_canvas.outline(on_page(shape), set.symbol.colour, width);
        }
        for (const auto& line : set.lines)
            m_canvas.line(m_layout.frame.on_page(line), set.symbol.colour, width);
        const auto extent = m_layout.frame.extent();
        const double scale = m_layout.look.factor * crowding(set.places.size());
        for (const auto& place : set.places)
            if (extent.holds(place))
                m_canvas.mark(m_layout.frame.on_page(place), set.symbol, scale);
    }

    void lines_of_graticule() {
        m_graticule = graticule(m_sheet.crs, m_layout.frame.extent());
        for (auto& line : m_graticule) {
            line.line = m_layout.frame.on_page(std::move(line.line));
            m_canvas.line(line.line, {150, 150, 150}, mm(0.08));
        }
    }

    /// Where a line of the graticule crosses an edge of the frame.
    [[nodiscard]] static std::vector<double> crossings(const LineString& line, bool meridian,
                                                       double edge) {
        std::vector<double> at;
        for (std::size_t i = 1; i < line.size(); ++i) {
            const double a = (meridian ? line[i - 1].y : line[i - 1].x) - edge;
            const double b = (meridian ? line[i].y : line[i].x) - edge;
            if ((a < 0) == (b < 0))
                continue;
            const double t = a / (a - b);
            at.push_back(meridian ? line[i - 1].x + t * (line[i].x - line[i - 1].x)
                                  : line[i - 1].y + t * (line[i].y - line[i - 1].y));
        }
        return at;
    }

    void labels_of_graticule() {
        const auto& rect = m_layout.frame.rect();
        auto look = m_layout.look.text(1.9);
        look.colour = {70, 70, 70};
        look.align = Align::centre;
        const double high = m_ruler.measure("0", look).height;
        for (const auto& line : m_graticule) {
            const double half = m_ruler.measure(line.label, look).width / 2;
            look.upwards = !line.meridian;
            const double from = (line.meridian ? rect.x : rect.y) + half;
            const double to = (line.meridian ? rect.right() : rect.bottom()) - half;
            const auto each = [&](double edge, double outside) {
                for (const double at : crossings(line.line, line.meridian, edge)) {
                    if (at < from || at > to)
                        continue;
                    m_canvas.text(line.meridian ? Point{at, outside} : Point{outside, at},
                                  line.label, look);
                }
            };
            if (line.meridian) {
                each(rect.y, rect.y - high - mm(0.4));
                each(rect.bottom(), rect.bottom() + mm(0.4));
            } else {
                each(rect.x, rect.x - high - mm(0.4));
                each(rect.right(), rect.right() + mm(0.4));
            }
        }
    }

    void scale_bar() {
        const auto& rect = m_layout.bar_rect;
        const auto& bar = m_layout.bar;
        m_canvas.fill(rect, {255, 255, 255}, 0.8);
        const Rect whole{rect.x + mm(3), rect.bottom() - mm(2.6), bar.length, mm(1.1)};
        for (int part = 0; part < bar.parts; ++part)
            m_canvas.fill(Rect{whole.x + bar.length * part / bar.parts, whole.y,
                               bar.length / bar.parts, whole.height},
                          part % 2 == 0 ? black : Colour{255, 255, 255});
        m_canvas.outline(whole, black, mm(0.15));
        auto look = m_layout.look.text(1.9);
        look.align = Align::centre;
        const bool kilometres = bar.ground >= 1000;
        const double unit = kilometres ? 1000 : 1;
        const double top = whole.y - m_ruler.measure("0", look).height - mm(0.2);
        m_canvas.text({whole.x, top}, "0", look);
        m_canvas.text({whole.right(), top},
                      short_number(bar.ground / unit) + (kilometres ? " km" : " m"), look);
        look.align = Align::left;
        m_canvas.text({rect.x + mm(1), rect.y + mm(0.3)}, "1:" + grouped(m_layout.scale), look);
    }

    void north_arrow() {
        const auto& rect = m_layout.arrow_rect;
        m_canvas.fill(rect, {255, 255, 255}, 0.8);
        const double angle = north_at(m_sheet.crs, m_layout.frame.extent().middle());
        const Point middle{rect.x + rect.width / 2, rect.y + rect.height * 0.62};
        const auto turned = [&](double x, double y) {
            return Point{middle.x + x * std::cos(angle) - y * std::sin(angle),
                         middle.y + x * std::sin(angle) + y * std::cos(angle)};
        };
        const double r = mm(4.4);
        const double w = mm(2);
        m_canvas.fill(MultiPolygon{{{turned(0, -r), turned(w, r), turned(0, 0.45 * r)}, {}}}, grey);
        m_canvas.fill(MultiPolygon{{{turned(0, -r), turned(-w, r), turned(0, 0.45 * r)}, {}}},
                      black);
        auto look = m_layout.look.text(2.6, true);
        look.align = Align::centre;
        m_canvas.text({rect.x + rect.width / 2, rect.y + mm(0.2)}, "N", look);
    }

    Canvas& m_canvas;
    const TextRuler& m_ruler;
    const Sheet& m_sheet;
    const SheetLayout& m_layout;
    std::vector<GraticuleLine> m_graticule;
};

} // namespace

SheetPlan plan_sheet(const Sheet& sheet, const PageOptions& options) {
    const TextRuler ruler;
    const auto layout = lay_out(sheet, options);
    auto labels = labels_of(sheet, layout, ruler);
    place(labels, layout);
    return plan_of(layout, labels);
}

SheetPlan draw_sheet(const Sheet& sheet, const PageOptions& options, std::size_t canvases,
                     const std::function<void(std::size_t, Size page,
                                              const std::function<void(Canvas&)>& draw)>& each,
                     const Execution& execution) {
    const TextRuler ruler;
    const auto layout = lay_out(sheet, options);
    auto labels = labels_of(sheet, layout, ruler);
    place(labels, layout);
    const auto pictures = pictures_of(sheet, layout, options.dpi, execution);
    for (std::size_t i = 0; i < canvases; ++i) {
        execution.progress.check();
        each(i, layout.page, [&](Canvas& canvas) {
            Drawing drawing{canvas, ruler, sheet, layout};
            drawing.map(pictures, labels);
            drawing.heading();
            draw_panel(canvas, ruler, sheet, layout);
        });
    }
    return plan_of(layout, labels);
}

SheetPlan write_sheet(const Sheet& sheet, const PageOptions& options,
                      const std::vector<std::filesystem::path>& targets,
                      const Execution& execution) {
    return draw_sheet(
        sheet, options, targets.size(),
        [&](std::size_t i, Size page, const auto& draw) {
            Canvas canvas{targets[i], page, options.dpi};
            canvas.describe(sheet.title, sheet.subtitle);
            draw(canvas);
            canvas.commit();
        },
        execution);
}

std::string png_of(const Sheet& sheet, const PageOptions& options, const Execution& execution) {
    std::string bytes;
    draw_sheet(
        sheet, options, 1,
        [&](std::size_t, Size page, const auto& draw) {
            Canvas canvas{"map.png", page, options.dpi};
            draw(canvas);
            bytes = canvas.bytes();
        },
        execution);
    return bytes;
}

} // namespace riskmap::atlas
