// SPDX-License-Identifier: MIT
#include "sheet_panel.hpp"

#include <functional>

#include <fmt/format.h>

#include "numbers.hpp"

namespace riskmap::atlas {

namespace {

constexpr Colour grey{110, 110, 110};
constexpr double gap = 1.2; ///< mm on A4 between the lines of a panel

/// A line of the panel: how high it is, and how it is drawn at a place.
struct Item {
    double height = 0;
    std::function<void(Canvas&, Point)> draw;
    bool keep_with_next = false;
};

/// Makes the lines of a panel for a column width.
class PanelItems {
  public:
    PanelItems(const TextRuler& ruler, const Look& look, double width)
        : m_ruler{ruler}, m_look{look}, m_width{width} {}

    void legend(const Legend& legend) {
        if (!m_items.empty())
            space(2.2);
        heading(legend);
        if (legend.ramp != nullptr)
            ramp(legend);
        for (const auto& row : legend.rows)
            this->row(row, legend.columns.size());
        if (!legend.note.empty())
            text(legend.note, small(), 3);
    }
    void note(const std::string& name, const std::string& value) {
        text(name.empty() ? value : name + value, small(), 4);
    }
    void space(double height) {
        m_items.push_back({m_look.mm(height), [](Canvas&, Point) {}, true});
    }
    [[nodiscard]] std::vector<Item> take() { return std::move(m_items); }

  private:
    [[nodiscard]] TextLook small() const {
        auto look = m_look.text(2.1);
        look.colour = {70, 70, 70};
        return look;
    }
    [[nodiscard]] double figure_width() const { return m_look.mm(13.5); }

    void text(const std::string& words, TextLook look, int most_lines) {
        look.most_width = m_width;
        look.most_lines = most_lines;
        const auto size = m_ruler.measure(words, look);
        m_items.push_back(
            {size.height + m_look.mm(0.4),
             [words, look](Canvas& canvas, Point at) { canvas.text(at, words, look); }, false});
    }
    void heading(const Legend& legend) {
        auto look = m_look.text(3.1, true);
        look.most_lines = 2;
        look.most_width = m_width - figure_width() * static_cast<double>(legend.columns.size());
        const auto size = m_ruler.measure(legend.title, look);
        auto column = m_look.text(1.9);
        column.colour = grey;
        column.align = Align::right;
        column.most_width = figure_width() - m_look.mm(1);
        column.most_lines = 2;
        double above = 0; // of the columns' titles
        for (const auto& words : legend.columns)
            above = std::max(above, m_ruler.measure(words, column).height);
        const double right = m_width;
        const double step = figure_width();
        const double height = std::max(size.height, above);
        m_items.push_back({height + m_look.mm(gap),
                           [=](Canvas& canvas, Point at) {
                               canvas.text({at.x, at.y + height - size.height}, legend.title, look);
                               const double n = static_cast<double>(legend.columns.size());
                               for (std::size_t i = 0; i < legend.columns.size(); ++i)
                                   canvas.text(
                                       {at.x + right - step * (n - 1 - static_cast<double>(i)),
                                        at.y + height - above},
                                       legend.columns[i], column);
                           },
                           true});
    }
    void row(const LegendRow& row, std::size_t columns) {
        const double swatch = m_look.mm(6);
        auto look = m_look.text(2.5);
        look.most_lines = 4;
        look.most_width =
            m_width - swatch - m_look.mm(1.5) - figure_width() * static_cast<double>(columns);
        auto figure = m_look.text(2.3);
        figure.align = Align::right;
        figure.most_width = figure_width();
        const auto size = m_ruler.measure(row.words, look);
        const double height = std::max(size.height, m_look.mm(3.6));
        const double line = m_ruler.measure("0", figure).height;
        const double width = m_width;
        const double step = figure_width();
        const double mm = m_look.factor;
        m_items.push_back(
            {height + 0.5 * m_look.mm(gap),
             [=](Canvas& canvas, Point at) {
                 const Rect box{at.x, at.y + height / 2 - 1.6 * mm, 5.4 * mm, 3.2 * mm};
                 const Point middle{box.x + box.width / 2, box.y + box.height / 2};
                 if (row.fill) {
                     canvas.fill(box, *row.fill);
                     canvas.outline(box, {90, 90, 90}, 0.12 * mm);
                 }
                 if (row.symbol && row.symbol->shape == SymbolShape::line)
                     canvas.line(std::vector<Point>{{box.x, middle.y}, {box.right(), middle.y}},
                                 row.symbol->colour, row.symbol->size * mm);
                 else if (row.symbol && row.symbol->shape != SymbolShape::area)
                     canvas.mark(middle, *row.symbol, mm);
                 canvas.text({at.x + swatch, at.y + (height - size.height) / 2}, row.words, look);
                 const double n = static_cast<double>(row.figures.size());
                 for (std::size_t i = 0; i < row.figures.size(); ++i)
                     canvas.text({at.x + width - step * (n - 1 - static_cast<double>(i)),
                                  at.y + (height - line) / 2},
                                 row.figures[i], figure);
             },
             false});
    }
    void ramp(const Legend& legend) {
        const double high = m_look.mm(24);
        const double mm = m_look.factor;
        const auto look = m_look.text(2.3);
        const double line = m_ruler.measure("0", look).height;
        m_items.push_back(
            {high + line + m_look.mm(gap),
             [=](Canvas& canvas, Point at) {
                 constexpr int steps = 96;
                 const double top = at.y + line / 2;
                 for (int i = 0; i < steps; ++i)
                     canvas.fill(Rect{at.x, top + high * i / steps, 5.4 * mm, high / steps + 0.05},
                                 ramp_colour(*legend.ramp, 1 - (i + 0.5) / steps));
                 const Rect box{at.x, top, 5.4 * mm, high};
                 canvas.outline(box, {90, 90, 90}, 0.12 * mm);
                 for (int i = 0; i <= 4; ++i) {
                     const double y = top + high * i / 4;
                     canvas.line(std::vector<Point>{{box.right(), y}, {box.right() + mm, y}},
                                 {90, 90, 90}, 0.12 * mm);
                     canvas.text({box.right() + 1.6 * mm, y - line / 2},
                                 short_number(legend.high - (legend.high - legend.low) * i / 4),
                                 look);
                 }
             },
             false});
    }

    const TextRuler& m_ruler;
    Look m_look;
    double m_width;
    std::vector<Item> m_items;
};

struct Placed {
    const Item* item;
    Point at;
};

/// Items from top to bottom, column by column; fewer than all where there is no room.
std::vector<Placed> flow(const std::vector<Item>& items, const Rect& panel, int columns,
                         double column_width, double between) {
    std::vector<Placed> placed;
    int column = 0;
    double y = panel.y;
    for (std::size_t i = 0; i < items.size(); ++i) {
        double needed = items[i].height; // a heading goes with its first row
        for (std::size_t k = i; items[k].keep_with_next && k + 1 < items.size(); ++k)
            needed += items[k + 1].height;
        if (y + needed > panel.bottom() + 1e-9) {
            if (++column == columns)
                return placed;
            y = panel.y;
        }
        placed.push_back({&items[i], {panel.x + column * (column_width + between), y}});
        y += items[i].height;
    }
    return placed;
}

/// Whether words of a legend want more room than a narrow column has.
bool wordy(const Sheet& sheet, const TextRuler& ruler, const Look& look) {
    for (const auto& legend : sheet.legends)
        for (const auto& row : legend.rows)
            if (ruler.measure(row.words, look.text(2.5)).width > look.mm(40))
                return true;
    return false;
}

} // namespace

void draw_panel(Canvas& canvas, const TextRuler& ruler, const Sheet& sheet,
                const SheetLayout& layout) {
    const double between = layout.look.mm(4);
    int columns =
        layout.landscape
            ? 1
            : std::max(1, static_cast<int>((layout.panel.width + between) / layout.look.mm(62)));
    if (wordy(sheet, ruler, layout.look))
        columns = std::min(columns, 2);
    const double width = (layout.panel.width - between * (columns - 1)) / columns;
    const std::string colon = sheet.language == Language::zh ? "：" : ": ";
    for (const double shrink : {1.0, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58, 0.52}) {
        PanelItems maker{ruler, {layout.look.factor * shrink}, width};
        for (const auto& legend : sheet.legends)
            maker.legend(legend);
        maker.space(3);
        for (const auto& [name, value] : sheet.notes)
            maker.note(name.empty() ? name : name + colon, value);
        const auto items = maker.take();
        const auto placed = flow(items, layout.panel, columns, width, between);
        if (placed.size() < items.size() && shrink > 0.53)
            continue;
        for (const auto& one : placed)
            one.item->draw(canvas, one.at);
        if (placed.size() < items.size())
            canvas.text({layout.panel.x, layout.panel.bottom() - layout.look.mm(0.5)},
                        fmt::format("… +{}", items.size() - placed.size()), layout.look.text(1.8));
        return;
    }
}

} // namespace riskmap::atlas
