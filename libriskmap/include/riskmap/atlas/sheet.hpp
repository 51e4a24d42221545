// SPDX-License-Identifier: MIT
// A map sheet as a value: what is on it, how it is laid out, and the file it becomes.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <riskmap/atlas/style.hpp>
#include <riskmap/core/execution.hpp>
#include <riskmap/geo/crs.hpp>
#include <riskmap/geo/geometry.hpp>
#include <riskmap/raster/source.hpp>

namespace riskmap::atlas {

struct PaperSize {
    std::string_view name;
    double shorter = 0; ///< mm
    double longer = 0;
};
/// A4 to A0. \throws Error{usage} naming the nearest.
[[nodiscard]] std::span<const PaperSize> papers();
[[nodiscard]] const PaperSize& paper(const std::string& name);

/// Cells of a raster in the colours of classes, or of a ramp from `low` to `high`. Nodata is not
/// drawn; a value without a class neither.
struct CellFill {
    std::shared_ptr<const raster::Source> cells;
    std::vector<raster::ClassEntry> classes = {};
    const Style* ramp = nullptr;
    double low = 0;
    double high = 1;
    bool open_ended = false; ///< values above the greatest class are drawn as it
};

/// Areas, each in a colour of its own.
struct AreaFill {
    std::vector<MultiPolygon> shapes;
    std::vector<Colour> colours;
};

/// Points or lines of one symbol.
struct SymbolSet {
    Symbol symbol;
    std::vector<Point> places = {};
    std::vector<std::string> labels = {}; ///< one per place, or none
    std::vector<LineString> lines = {};
    std::vector<MultiPolygon> areas = {}; ///< of borders: their rings; of an area: filled
    double opacity = 1;                   ///< of areas
};

/// An area around the one that the map is of, drawn in grey.
struct Neighbour {
    std::string name; ///< stands in the middle of what is seen of it; may be empty
    MultiPolygon shape;
};

struct PlaceName {
    std::string text;
    Point at;
    int rank = 0; ///< 0 the largest, 2 the least; neighbours come after them
};

struct LegendRow {
    std::optional<Colour> fill = {};
    std::optional<Symbol> symbol = {};
    std::string words;
    std::vector<std::string> figures = {}; ///< one per column of the legend
};

struct Legend {
    std::string title;
    std::vector<std::string> columns = {}; ///< what the figures are
    std::vector<LegendRow> rows = {};
    const Style* ramp = nullptr; ///< drawn as a bar from `low` to `high`
    double low = 0;
    double high = 1;
    std::string note = {};
};

/// A map of one area. Everything is in `crs`, whose units are near metres
/// (`metric_crs`); rasters may be in any system.
struct Sheet {
    Crs crs;
    Box area; ///< what has to be seen whole
    std::string title;
    std::string subtitle;
    std::string secrecy;                                    ///< upper right corner; empty: none
    std::string status;                                     ///< as "modelled"; empty: none
    std::vector<std::pair<std::string, std::string>> notes; ///< source, date, maker ...
    Language language = Language::zh;

    std::optional<CellFill> cells = {};
    std::vector<AreaFill> fills = {};
    std::vector<Neighbour> neighbours = {};
    std::vector<SymbolSet> symbols = {}; ///< drawn in order; borders first
    std::vector<PlaceName> names = {};
    std::vector<Legend> legends = {};
    std::shared_ptr<const raster::Source> heights = {}; ///< shaded under the colours ...
    std::vector<MultiPolygon> shaded = {};              ///< ... within these; none: everywhere
};

struct PageOptions {
    std::string paper = "A4";
    double dpi = 200; ///< of PNG, and of pictures in PDF and SVG
};

/// Where things lie on the page: boxes in mm from its upper left corner, y down.
struct SheetPlan {
    double width = 0;
    double height = 0;
    bool landscape = false;
    double scale = 0; ///< of the map on the ground: 1 to `scale`
    Box frame;
    Box extent;                                      ///< of the frame, in the sheet's CRS
    double bar_ground = 0;                           ///< what the scale bar stands for, metres
    double bar_length = 0;                           ///< mm
    std::vector<std::pair<std::string, Box>> labels; ///< names on the map that found a place
    std::vector<Box> furniture;                      ///< what stands on the map beside names
    std::size_t unplaced = 0;                        ///< names without one
};

/// \throws Error{input} naming the package to install, if no font has Chinese and Latin letters.
void require_fonts();

/// Portrait or landscape, whichever shows the area larger; the scale is a round number.
/// \throws Error{input}: an empty area, no CRS.
[[nodiscard]] SheetPlan plan_sheet(const Sheet& sheet, const PageOptions& options);

/// Draws the sheet as .png, .pdf or .svg, by the extension; several at once share the work.
/// Texts too long for their place end in an ellipsis. Files are atomic and their bytes depend
/// on nothing but sheet and options (and the fonts installed).
SheetPlan write_sheet(const Sheet& sheet, const PageOptions& options,
                      const std::vector<std::filesystem::path>& targets,
                      const Execution& execution);

} // namespace riskmap::atlas
