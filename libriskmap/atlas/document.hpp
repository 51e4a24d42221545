// SPDX-License-Identifier: MIT
// Private: a text with headings, tables and maps, written as HTML and as PDF.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <riskmap/atlas/sheet.hpp>

namespace riskmap::atlas {

struct Heading {
    int level = 1; ///< 1 or 2
    std::string text;
};

struct Paragraph {
    std::string text;
};

struct TableCell {
    std::string text;
    std::string link = {}; ///< relative; HTML only
};

struct TableColumn {
    std::string title;
    bool figures = false; ///< to the right
};

struct DocumentTable {
    std::string caption;
    std::vector<TableColumn> columns;
    std::vector<std::vector<TableCell>> rows;
};

/// A map sheet: a picture in HTML, a page of its own in PDF.
struct MapPage {
    Sheet sheet;
};

/// A curve as SVG: HTML only.
struct CurvePicture {
    std::string svg;
};

using Block = std::variant<Heading, Paragraph, DocumentTable, MapPage, CurvePicture>;

struct Document {
    std::string title;
    std::string subtitle;
    Language language = Language::zh;
    std::vector<Block> blocks;
};

/// One file that stands alone: pictures are inside. All texts are escaped.
void write_html(const Document& document, const std::filesystem::path& target,
                const PageOptions& page, const Execution& execution);
/// A4 pages with numbers; tables go on over pages, their heads repeated; maps follow the text.
void write_pdf(const Document& document, const std::filesystem::path& target,
               const PageOptions& page, const Execution& execution);

} // namespace riskmap::atlas
