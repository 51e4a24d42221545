// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <riskmap/core/file.hpp>

#include "document.hpp"
#include "sheet_drawing.hpp"
#include "web_image.hpp"

namespace riskmap::atlas {

namespace {

constexpr double picture_dpi = 110;

constexpr const char* style_sheet = R"(
body{max-width:1000px;margin:2em auto;padding:0 1em;color:#1a1a1a;
font:15px/1.6 "Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei","DejaVu Sans",sans-serif}
h1{font-size:26px;margin:0}h2{font-size:20px;border-bottom:1px solid #d5d5d5;margin:1.6em 0 .4em}
h3{font-size:16px;margin:1.2em 0 .2em}.sub{color:#6b6b6b;margin:.2em 0 1.5em}
table{border-collapse:collapse;margin:.4em 0 1.2em;font-size:13px}caption{text-align:left;font-weight:bold;padding:.3em 0}
th{text-align:left;border-bottom:2px solid #888;padding:3px 8px;vertical-align:bottom}
td{border-bottom:1px solid #e3e3e3;padding:3px 8px;vertical-align:top;overflow-wrap:anywhere}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
img{max-width:100%;border:1px solid #d5d5d5;display:block;margin:.6em 0 1.4em}svg{max-width:100%;height:auto}
@media print{body{margin:0}h2{break-after:avoid}tr,img{break-inside:avoid}}
)";

class Html {
  public:
    Html(const PageOptions& page, const Execution& execution)
        : m_page{page}, m_execution{execution} {}

    void operator()(const Heading& heading) {
        m_text += fmt::format("<h{0}>{1}</h{0}>\n", heading.level + 1, escape_xml(heading.text));
    }
    void operator()(const Paragraph& paragraph) {
        m_text += "<p>" + escape_xml(paragraph.text) + "</p>\n";
    }
    void operator()(const DocumentTable& table) {
        m_text += "<table>";
        if (!table.caption.empty())
            m_text += "<caption>" + escape_xml(table.caption) + "</caption>";
        m_text += "<thead><tr>";
        for (const auto& column : table.columns)
            m_text += fmt::format("<th{} scope=\"col\">{}</th>",
                                  column.figures ? " class=\"n\"" : "", escape_xml(column.title));
        m_text += "</tr></thead><tbody>\n";
        for (const auto& row : table.rows) {
            m_text += "<tr>";
            for (std::size_t c = 0; c < row.size(); ++c)
                m_text += fmt::format("<td{}>{}</td>",
                                      table.columns[c].figures ? " class=\"n\"" : "", cell(row[c]));
            m_text += "</tr>\n";
        }
        m_text += "</tbody></table>\n";
    }
    void operator()(const MapPage& map) {
        auto page = m_page;
        page.dpi = picture_dpi;
        m_text +=
            fmt::format(R"(<img alt="{}" src="data:image/png;base64,{}">)",
                        escape_xml(map.sheet.title), base64(png_of(map.sheet, page, m_execution))) +
            "\n";
    }
    void operator()(const CurvePicture& picture) { m_text += picture.svg; }

    [[nodiscard]] const std::string& text() const noexcept { return m_text; }

  private:
    static std::string cell(const TableCell& cell) {
        if (cell.link.empty())
            return escape_xml(cell.text);
        return fmt::format(R"(<a href="{}">{}</a>)", escape_xml(cell.link), escape_xml(cell.text));
    }

    const PageOptions& m_page;
    const Execution& m_execution;
    std::string m_text;
};

} // namespace

void write_html(const Document& document, const std::filesystem::path& target,
                const PageOptions& page, const Execution& execution) {
    Html html{page, execution};
    for (const auto& block : document.blocks)
        std::visit(html, block);
    const char* language = document.language == Language::zh ? "zh" : "en";
    write_file(target,
               fmt::format("<!DOCTYPE html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\">\n"
                           "<meta name=\"viewport\" content=\"width=device-width, "
                           "initial-scale=1\">\n<title>{}</title>\n<link rel=\"icon\" "
                           "href=\"data:,\">\n<style>{}</style></head>\n<body>\n<h1>{}</h1>\n<p "
                           "class=\"sub\">{}</p>\n{}</body></html>\n",
                           language, escape_xml(document.title), style_sheet,
                           escape_xml(document.title), escape_xml(document.subtitle), html.text()));
}

} // namespace riskmap::atlas
