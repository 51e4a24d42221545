// SPDX-License-Identifier: MIT
#include <riskmap/atlas/plain_map.hpp>

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <gdal.h>

#include <riskmap/core/error.hpp>
#include <riskmap/geo/topology.hpp>
#include <riskmap/raster/value_counts.hpp>
#include <riskmap/vector/fields.hpp>

#include "../geo/gdal.hpp"
#include "numbers.hpp"
#include "series.hpp"

namespace riskmap::atlas {

namespace {

namespace fs = std::filesystem;

/// Colour table and category names that the raster brings along; none without a table.
std::vector<raster::ClassEntry> own_classes(const fs::path& file) {
    const auto dataset = gdal::open(file, GDAL_OF_RASTER);
    auto* band = GDALGetRasterBand(dataset.get(), 1);
    const auto table = GDALGetRasterColorTable(band);
    std::vector<raster::ClassEntry> classes;
    if (table == nullptr)
        return classes;
    char** names = GDALGetRasterCategoryNames(band);
    const int named = CSLCount(names);
    for (int i = 0; i < GDALGetColorEntryCount(table); ++i) {
        const auto* c = GDALGetColorEntry(table, i);
        const std::string name = i < named ? names[i] : "";
        const bool said = !name.empty() || named == 0;
        if (c->c4 > 0 && said && (c->c1 + c->c2 + c->c3 > 0 || !name.empty()))
            classes.push_back({i, name, static_cast<std::uint8_t>(c->c1),
                               static_cast<std::uint8_t>(c->c2), static_cast<std::uint8_t>(c->c3)});
    }
    std::reverse(classes.begin(), classes.end());
    return classes;
}

class PlainSheet {
  public:
    PlainSheet(const PlainMap& map, spec::Door& door, const Execution& execution)
        : m_map{map}, m_door{door}, m_execution{execution} {}

    Sheet make() {
        m_sheet.title = m_map.title.empty() ? m_map.source.file.stem().string() : m_map.title;
        m_sheet.subtitle = m_map.subtitle;
        m_sheet.secrecy = m_map.secrecy;
        m_sheet.status = m_map.status;
        m_sheet.language = m_map.language;
        if (!m_map.borders.empty()) {
            m_borders = read(m_map.borders);
            check_names(m_borders, m_map.borders.file);
        }
        if (spec::is_raster(m_map.source.file))
            raster_map();
        else
            layer_map();
        borders();
        if (!m_map.heights.empty())
            m_sheet.heights = m_door.raster(m_map.heights, "m").reader();
        m_sheet.notes = m_map.notes;
        m_sheet.notes.emplace_back(words("坐标系", "Coordinate system"), m_sheet.crs.title());
        return std::move(m_sheet);
    }

  private:
    vector::Layer read(const spec::Source& source) {
        return std::move(m_door.table(source, spec::any_layer(), spec::Shapes::wanted).layer());
    }
    [[nodiscard]] std::string words(const char* zh, const char* en) const {
        return m_map.language == Language::zh ? zh : en;
    }
    [[nodiscard]] std::string km2(double m2) const { return grouped_km2(m2 / 1e6); }
    void check_names(const vector::Layer& layer, const fs::path& file) const {
        if (!m_map.name_field.empty() && !layer.has_field(m_map.name_field))
            throw input_error(
                fmt::format("'{}' has no field '{}'", file.string(), m_map.name_field),
                "name the field that holds the names");
    }

    void raster_map() {
        if (!m_map.name_field.empty() && m_map.borders.empty())
            throw Error{ErrorKind::usage, "names are a field of the borders, and there are none",
                        "add --borders FILE:LAYER"};
        auto source = m_door.raster(m_map.source).reader();
        const Grid grid = source->grid();
        const auto extent = grid.extent();
        m_sheet.crs = metric_crs(grid.crs, extent);
        m_sheet.area = CrsTransform{grid.crs, m_sheet.crs}.apply(extent);
        auto classes = m_map.style.empty() ? own_classes(m_map.source.file)
                                           : std::vector<raster::ClassEntry>{};
        const auto& style =
            atlas::style(m_map.style.empty() ? "surface" : m_map.style, m_map.palette);
        if (style.kind == StyleKind::symbols)
            throw Error{ErrorKind::usage,
                        fmt::format("style '{}' is of single things, not of rasters", style.name),
                        "take one with classes or a ramp: riskmap styles"};
        if (classes.empty() && style.kind == StyleKind::classes)
            classes = class_entries(style, m_map.language);
        Legend legend;
        if (!classes.empty()) {
            legend.title =
                m_map.style.empty() ? words("图例", "Legend") : style.title.in(m_map.language);
            legend.columns = {"km²"};
            const auto areas = class_areas(*source);
            for (const auto& c : classes) {
                LegendRow row;
                row.fill = Colour{c.red, c.green, c.blue};
                row.words = c.name.empty() ? std::to_string(c.value) : c.name;
                const auto found = areas.find(c.value);
                row.figures = {km2(found == areas.end() ? 0 : found->second)};
                legend.rows.push_back(std::move(row));
            }
            m_sheet.cells = CellFill{std::move(source), std::move(classes)};
        } else {
            const auto [low, high] = range_of(*source);
            legend.title = style.title.in(m_map.language);
            legend.ramp = &style;
            legend.low = low;
            legend.high = high;
            m_sheet.cells = CellFill{std::move(source), {}, &style, low, high};
        }
        m_sheet.legends.push_back(std::move(legend));
    }

    /// True square metres by class.
    [[nodiscard]] std::map<std::int64_t, double> class_areas(const raster::Source& source) const {
        std::map<std::int64_t, double> areas;
        const CellAreas cells{source.grid()};
        std::vector<double> row(static_cast<std::size_t>(source.grid().columns));
        const auto at_once = static_cast<std::int64_t>(std::clamp<std::uint64_t>(
            m_execution.memory_budget() / 64 / static_cast<std::uint64_t>(source.grid().columns), 1,
            256));
        for (std::int64_t r = 0; r < source.grid().rows; r += at_once) {
            m_execution.progress.check();
            const auto rows = std::min(at_once, source.grid().rows - r);
            const auto values = source.read({0, r, source.grid().columns, rows});
            for (std::int64_t k = 0; k < rows; ++k) {
                cells.row(0, r + k, row);
                for (std::size_t c = 0; c < row.size(); ++c)
                    if (const double v = values[static_cast<std::size_t>(k) * row.size() + c];
                        !std::isnan(v))
                        areas[std::llround(v)] += row[c];
            }
        }
        return areas;
    }
    /// From 0, or the least value below it, to the 98 % quantile.
    [[nodiscard]] std::pair<double, double> range_of(const raster::Source& source) const {
        const auto bins = raster::count_values(source, m_execution).bins();
        if (bins.empty())
            throw input_error(fmt::format("'{}' has no cell with data", m_map.source.file.string()),
                              "check its nodata value");
        const double low = std::min(0.0, bins.front().low);
        const double high = raster::quantile(bins, 0.98);
        return {low, high > low ? high : low + 1};
    }

    void layer_map() {
        const auto read = this->read(m_map.source);
        if (m_map.borders.empty())
            check_names(read, m_map.source.file);
        Box extent;
        for (const auto& feature : read.features)
            extent.add(vector::bounds(feature.shape));
        if (extent.empty())
            throw input_error(fmt::format("'{}' has nothing to draw", m_map.source.file.string()),
                              "name a layer with features: FILE:LAYER");
        m_sheet.crs = metric_crs(read.crs, extent);
        const auto layer = vector::transformed(read, m_sheet.crs);
        for (const auto& feature : layer.features)
            m_sheet.area.add(vector::bounds(feature.shape));
        // A single point or a straight line still needs room around it.
        const double least = 200;
        if (m_sheet.area.right - m_sheet.area.left < least &&
            m_sheet.area.top - m_sheet.area.bottom < least) {
            const auto middle = m_sheet.area.middle();
            m_sheet.area.add(Point{middle.x - least / 2, middle.y - least / 2});
            m_sheet.area.add(Point{middle.x + least / 2, middle.y + least / 2});
        }
        if (!m_map.field.empty())
            by_field(layer);
        else
            plain(layer);
        if (m_map.borders.empty())
            m_borders = layer;
    }

    void by_field(const vector::Layer& layer) {
        const auto& style = atlas::style(m_map.style.empty() ? "risk" : m_map.style, m_map.palette);
        if (style.kind != StyleKind::classes)
            throw Error{ErrorKind::usage,
                        fmt::format("style '{}' has no classes for a field", style.name),
                        "take one with classes: riskmap styles"};
        (void)layer.field(m_map.field);
        if (std::all_of(layer.features.begin(), layer.features.end(),
                        [](const auto& feature) { return feature.shape.polygons.empty(); }))
            throw input_error(fmt::format("'{}' has no polygons for the field to colour",
                                          m_map.source.file.string()),
                              "leave --field out to draw points and lines");
        const auto values = numbers_of(layer, m_map.field);
        const TrueAreas true_area{layer.crs};
        std::map<double, double> areas;
        AreaFill fill;
        for (std::size_t i = 0; i < values.size(); ++i) {
            fill.shapes.push_back(layer.features[i].shape.polygons);
            fill.colours.push_back(class_colour(style, values[i]));
            if (!std::isnan(values[i]))
                areas[values[i]] += true_area(layer.features[i].shape.polygons);
        }
        Legend legend;
        legend.title = style.title.in(m_map.language);
        legend.columns = {"km²"};
        legend.rows = legend_rows(style, m_map.language);
        for (std::size_t c = 0; c < style.classes.size(); ++c)
            legend.rows[c].figures = {km2(areas[style.classes[c].value])};
        m_sheet.fills.push_back(std::move(fill));
        m_sheet.legends.push_back(std::move(legend));
    }

    void plain(const vector::Layer& layer) {
        SymbolSet points{symbol("camera_new")};
        points.symbol.shape = SymbolShape::circle;
        points.symbol.words = {layer.name, layer.name};
        SymbolSet lines{symbol("border_county")};
        AreaFill fill;
        for (const auto& feature : layer.features) {
            points.places.insert(points.places.end(), feature.shape.points.begin(),
                                 feature.shape.points.end());
            lines.lines.insert(lines.lines.end(), feature.shape.lines.begin(),
                               feature.shape.lines.end());
            if (!feature.shape.polygons.empty()) {
                fill.shapes.push_back(feature.shape.polygons);
                fill.colours.push_back({238, 232, 213});
            }
        }
        m_sheet.fills.push_back(std::move(fill));
        m_sheet.symbols.push_back(std::move(lines));
        m_sheet.symbols.push_back(std::move(points));
    }

    void borders() {
        if (m_borders.features.empty())
            return;
        const auto layer = vector::transformed(m_borders, m_sheet.crs);
        SymbolSet set{symbol("border_county")};
        const auto names = texts_of(layer, m_map.name_field);
        for (std::size_t i = 0; i < layer.features.size(); ++i) {
            const auto& shape = layer.features[i].shape;
            if (!shape.polygons.empty()) {
                m_sheet.names.push_back({names[i], interior_point(shape.polygons), 1});
                set.areas.push_back(shape.polygons);
            } else if (!shape.points.empty()) {
                m_sheet.names.push_back({names[i], shape.points[0], 2});
            }
        }
        m_sheet.symbols.insert(m_sheet.symbols.begin(), std::move(set));
    }

    const PlainMap& m_map;
    spec::Door& m_door;
    const Execution& m_execution;
    vector::Layer m_borders;
    Sheet m_sheet;
};

} // namespace

Sheet plain_sheet(const PlainMap& map, spec::Door& door, const Execution& execution) {
    return PlainSheet{map, door, execution}.make();
}

} // namespace riskmap::atlas
