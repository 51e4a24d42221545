// SPDX-License-Identifier: MIT
#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "document.hpp"
#include "sheet_drawing.hpp"

namespace riskmap::atlas {

namespace {

constexpr Size a4{210, 297};
constexpr double margin = 18;
constexpr double text_size = 3.2;
constexpr double table_size = 2.6;
constexpr double cell_air = 1.2;
constexpr Colour grey{110, 110, 110};
constexpr int most_lines = 400; ///< of a paragraph; longer ones end in an ellipsis

class Pdf {
  public:
    Pdf(const Document& document, const std::filesystem::path& target, const PageOptions& options,
        const Execution& execution)
        : m_canvas{target, a4, options.dpi}, m_options{options}, m_execution{execution} {
        m_canvas.describe(document.title, document.subtitle);
        TextLook title;
        title.size = 7;
        title.bold = true;
        paragraph(document.title, title, 2);
        TextLook subtitle;
        subtitle.size = 3.4;
        subtitle.colour = grey;
        paragraph(document.subtitle, subtitle, 8);
    }

    void operator()(const Heading& heading) {
        TextLook look;
        look.size = heading.level == 1 ? 5 : 3.8;
        look.bold = true;
        m_y += heading.level == 1 ? 5 : 3;
        need(30); // not alone at the foot of a page
        paragraph(heading.text, look, 2);
    }
    void operator()(const Paragraph& block) {
        TextLook look;
        look.size = text_size;
        paragraph(block.text, look, 2);
    }
    void operator()(const CurvePicture&) {} // the table beside it tells the same
    void operator()(const MapPage& map) { m_maps.push_back(&map.sheet); }

    void operator()(const DocumentTable& table) {
        const auto widths = widths_of(table);
        TextLook caption;
        caption.size = 3;
        caption.bold = true;
        need(24);
        if (!table.caption.empty())
            paragraph(table.caption, caption, 1);
        head(table, widths);
        for (const auto& row : table.rows) {
            const double height = height_of(table, row, widths);
            if (m_y + height > a4.height - margin) {
                next_page();
                head(table, widths);
            }
            draw_row(table, row, widths, false);
            m_y += height;
            m_canvas.line(std::vector<Point>{{margin, m_y}, {a4.width - margin, m_y}},
                          {225, 225, 225}, 0.1);
        }
        m_y += 4;
    }

    void finish() {
        foot();
        for (const auto* sheet : m_maps)
            draw_sheet(
                *sheet, m_options, 1,
                [&](std::size_t, Size page, const auto& draw) {
                    m_canvas.new_page(page);
                    draw(m_canvas);
                },
                m_execution);
        m_canvas.commit();
    }

  private:
    static constexpr double width = a4.width - 2 * margin;

    void foot() {
        TextLook look;
        look.size = 2.6;
        look.colour = grey;
        look.align = Align::centre;
        m_canvas.text({a4.width / 2, a4.height - margin + 5}, fmt::format("{}", m_page), look);
    }
    void next_page() {
        foot();
        m_canvas.new_page(a4);
        ++m_page;
        m_y = margin;
    }
    void need(double height) {
        if (m_y + height > a4.height - margin)
            next_page();
    }
    void paragraph(const std::string& text, TextLook look, double after) {
        if (text.empty())
            return;
        look.most_width = width;
        look.most_lines = most_lines;
        const auto size = m_ruler.measure(text, look);
        need(std::min(size.height, a4.height - 2 * margin));
        m_canvas.text({margin, m_y}, text, look);
        m_y += size.height + after;
    }

    [[nodiscard]] static TextLook cell_look(const TableColumn& column, double wide, bool bold) {
        TextLook look;
        look.size = table_size;
        look.bold = bold;
        look.most_width = wide - 2 * cell_air;
        look.most_lines = 8;
        if (column.figures)
            look.align = Align::right;
        return look;
    }

    /// As wide as the contents want, or less in proportion; columns of figures keep theirs.
    [[nodiscard]] std::vector<double> widths_of(const DocumentTable& table) const {
        std::vector<double> widths;
        double fixed = 0;
        double free = 0;
        for (std::size_t c = 0; c < table.columns.size(); ++c) {
            TextLook look;
            look.size = table_size;
            double wide = 0;
            const auto take = [&](const std::string& text, bool bold) {
                look.bold = bold;
                wide = std::max(wide, m_ruler.measure(text, look).width);
            };
            take(table.columns[c].title, true);
            for (const auto& row : table.rows)
                take(row[c].text, false);
            wide = std::min(wide + 2 * cell_air + 0.5, 110.0);
            widths.push_back(wide);
            (table.columns[c].figures ? fixed : free) += wide;
        }
        if (fixed + free <= width)
            return widths;
        const double share = free > 0 && fixed < 0.8 * width ? (width - fixed) / free : 0;
        for (std::size_t c = 0; c < widths.size(); ++c)
            widths[c] *=
                share > 0 ? (table.columns[c].figures ? 1 : share) : width / (fixed + free);
        return widths;
    }
    [[nodiscard]] double height_of(const DocumentTable& table, const std::vector<TableCell>& row,
                                   const std::vector<double>& widths) const {
        double height = 0;
        for (std::size_t c = 0; c < row.size(); ++c)
            height = std::max(
                height,
                m_ruler.measure(row[c].text, cell_look(table.columns[c], widths[c], false)).height);
        return height + 1.2;
    }
    void draw_row(const DocumentTable& table, const std::vector<TableCell>& row,
                  const std::vector<double>& widths, bool bold) {
        double x = margin;
        for (std::size_t c = 0; c < row.size(); ++c) {
            const auto look = cell_look(table.columns[c], widths[c], bold);
            m_canvas.text(
                {look.align == Align::right ? x + widths[c] - cell_air : x + cell_air, m_y + 0.6},
                row[c].text, look);
            x += widths[c];
        }
    }
    void head(const DocumentTable& table, const std::vector<double>& widths) {
        std::vector<TableCell> titles;
        for (const auto& column : table.columns)
            titles.push_back({column.title});
        double height = 0;
        for (std::size_t c = 0; c < titles.size(); ++c)
            height = std::max(
                height,
                m_ruler.measure(titles[c].text, cell_look(table.columns[c], widths[c], true))
                    .height);
        draw_row(table, titles, widths, true);
        m_y += height + 1.2;
        m_canvas.line(std::vector<Point>{{margin, m_y}, {a4.width - margin, m_y}}, grey, 0.3);
    }

    Canvas m_canvas;
    TextRuler m_ruler;
    PageOptions m_options;
    const Execution& m_execution;
    std::vector<const Sheet*> m_maps;
    double m_y = margin;
    int m_page = 1;
};

} // namespace

void write_pdf(const Document& document, const std::filesystem::path& target,
               const PageOptions& page, const Execution& execution) {
    Pdf pdf{document, target, page, execution};
    for (const auto& block : document.blocks)
        std::visit(pdf, block);
    pdf.finish();
}

} // namespace riskmap::atlas
