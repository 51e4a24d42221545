// SPDX-License-Identifier: MIT
#include <riskmap/atlas/style_formats.hpp>

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <riskmap/core/file.hpp>

namespace riskmap::atlas {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* outline = "#5a5a5a";
constexpr double pixels_per_mm = 1 / 0.28; // the pixel of OGC's Symbology Encoding, 0.28 mm

double stop_value(const StyleClass& stop, const StyleTarget& target) {
    return target.low + (target.high - target.low) * stop.value / 1000;
}

/// The classes by rising value, as thresholds and stops have to be.
std::vector<StyleClass> rising(const Style& style) {
    auto classes = style.classes;
    std::sort(classes.begin(), classes.end(),
              [](const StyleClass& a, const StyleClass& b) { return a.value < b.value; });
    return classes;
}

std::string qml_text(const Style& style, const StyleTarget& target) {
    if (style.kind == StyleKind::ramp)
        return qml(surface_symbology(style, target.low, target.high));
    if (style.kind == StyleKind::symbols)
        return {}; // a QML file serves one layer; GeoPackages bring theirs along
    return qml(class_symbology(class_entries(style, target.language)) +
               polygon_symbology(style, target.field, target.language));
}

// SLD

std::string css(const char* name, const std::string& value) {
    return fmt::format(R"(<se:SvgParameter name="{}">{}</se:SvgParameter>)", name, value);
}

std::string sld_fill(Colour colour) {
    return "<se:PolygonSymbolizer><se:Fill>" + css("fill", hex(colour)) + "</se:Fill><se:Stroke>" +
           css("stroke", outline) + css("stroke-width", "0.4") +
           "</se:Stroke></se:PolygonSymbolizer>";
}

std::string sld_rule(const std::string& name, const std::string& title, const std::string& body) {
    return fmt::format("<se:Rule><se:Name>{}</se:Name><se:Description><se:Title>{}</se:Title>"
                       "</se:Description>{}</se:Rule>\n",
                       escape_xml(name), escape_xml(title), body);
}

const char* sld_mark(SymbolShape shape) {
    switch (shape) {
    case SymbolShape::square:
    case SymbolShape::diamond: // a square on its corner, see below
        return "square";
    case SymbolShape::triangle:
        return "triangle";
    case SymbolShape::star:
        return "star";
    case SymbolShape::cross:
        return "x";
    default:
        return "circle";
    }
}

std::string sld_symbol(const Symbol& symbol) {
    if (symbol.shape == SymbolShape::area)
        return sld_fill(symbol.colour);
    if (symbol.shape == SymbolShape::line)
        return "<se:LineSymbolizer><se:Stroke>" + css("stroke", hex(symbol.colour)) +
               css("stroke-width", fmt::format("{:.2f}", symbol.size * pixels_per_mm)) +
               "</se:Stroke></se:LineSymbolizer>";
    return fmt::format(
        "<se:PointSymbolizer><se:Graphic><se:Mark><se:WellKnownName>{}</se:WellKnownName>"
        "<se:Fill>{}</se:Fill><se:Stroke>{}</se:Stroke></se:Mark><se:Size>{:.2f}</se:Size>"
        "<se:Rotation>{}</se:Rotation></se:Graphic></se:PointSymbolizer>",
        sld_mark(symbol.shape), css("fill", hex(symbol.colour)), css("stroke", "#ffffff"),
        symbol.size * pixels_per_mm, symbol.shape == SymbolShape::diamond ? 45 : 0);
}

std::string sld_colour_map(const Style& style, const StyleTarget& target) {
    std::string entries;
    if (style.kind == StyleKind::ramp) {
        entries = fmt::format(R"(<se:Interpolate fallbackValue="#ffffff"><se:LookupValue>)"
                              "Rasterdata</se:LookupValue>");
        for (const auto& c : style.classes)
            entries += fmt::format("<se:InterpolationPoint><se:Data>{:g}</se:Data><se:Value>{}"
                                   "</se:Value></se:InterpolationPoint>",
                                   stop_value(c, target), hex(c.colour));
        return "<se:RasterSymbolizer><se:ColorMap>" + entries +
               "</se:Interpolate></se:ColorMap></se:RasterSymbolizer>";
    }
    const auto classes = rising(style);
    entries =
        R"(<se:Categorize fallbackValue="#ffffff"><se:LookupValue>Rasterdata</se:LookupValue>)";
    for (std::size_t i = 0; i < classes.size(); ++i) {
        if (i > 0)
            entries += fmt::format("<se:Threshold>{}</se:Threshold>", classes[i].value);
        entries += fmt::format("<se:Value>{}</se:Value>", hex(classes[i].colour));
    }
    return "<se:RasterSymbolizer><se:ColorMap>" + entries +
           "</se:Categorize></se:ColorMap></se:RasterSymbolizer>";
}

std::string sld_text(const Style& style, const StyleTarget& target) {
    const auto user_style = [&](const std::string& name, const std::string& title,
                                const std::string& rules) {
        return fmt::format("<NamedLayer><se:Name>{0}</se:Name><UserStyle><se:Name>{0}</se:Name>"
                           "<se:Description><se:Title>{1}</se:Title></se:Description>"
                           "<se:FeatureTypeStyle>\n{2}</se:FeatureTypeStyle></UserStyle>"
                           "</NamedLayer>\n",
                           escape_xml(name), escape_xml(title), rules);
    };
    std::string layers;
    if (style.kind == StyleKind::classes) {
        std::string rules;
        for (const auto& c : style.classes)
            rules += sld_rule(fmt::format("{}", c.value), c.words.in(target.language),
                              fmt::format("<ogc:Filter><ogc:PropertyIsEqualTo><ogc:PropertyName>"
                                          "{}</ogc:PropertyName><ogc:Literal>{}</ogc:Literal>"
                                          "</ogc:PropertyIsEqualTo></ogc:Filter>",
                                          escape_xml(target.field), c.value) +
                                  sld_fill(c.colour));
        layers += user_style(style.name, style.title.in(target.language), rules);
    }
    if (style.kind == StyleKind::symbols)
        for (const auto& symbol : style.symbols)
            layers += user_style(
                symbol.name, symbol.words.in(target.language),
                sld_rule(symbol.name, symbol.words.in(target.language), sld_symbol(symbol)));
    else
        layers += user_style(
            style.name + "_raster", style.title.in(target.language),
            sld_rule("raster", style.title.in(target.language), sld_colour_map(style, target)));
    return R"(<?xml version="1.0" encoding="UTF-8"?>)"
           "\n"
           R"(<StyledLayerDescriptor version="1.1.0" xmlns="http://www.opengis.net/sld" )"
           R"(xmlns:se="http://www.opengis.net/se" xmlns:ogc="http://www.opengis.net/ogc">)"
           "\n" +
           layers + "</StyledLayerDescriptor>\n";
}

// Mapnik

std::string mapnik_symbol(const Symbol& symbol) {
    if (symbol.shape == SymbolShape::area)
        return fmt::format(R"(<PolygonSymbolizer fill="{}"/>)", hex(symbol.colour));
    if (symbol.shape == SymbolShape::line)
        return fmt::format(R"(<LineSymbolizer stroke="{}" stroke-width="{:.2f}"/>)",
                           hex(symbol.colour), symbol.size * pixels_per_mm);
    return fmt::format(
        R"(<MarkersSymbolizer fill="{0}" stroke="#ffffff" width="{1:.2f}" height="{1:.2f}" allow-overlap="true"/>)",
        hex(symbol.colour), symbol.size * pixels_per_mm);
}

std::string mapnik_style(const std::string& name, const std::string& rules) {
    return fmt::format("  <Style name=\"{}\">\n{}  </Style>\n", escape_xml(name), rules);
}

std::string mapnik_text(const Style& style, const StyleTarget& target) {
    std::string styles;
    if (style.kind == StyleKind::symbols) {
        for (const auto& symbol : style.symbols)
            styles += mapnik_style(symbol.name, "    <Rule>" + mapnik_symbol(symbol) + "</Rule>\n");
    } else {
        const bool ramp = style.kind == StyleKind::ramp;
        std::string stops;
        for (const auto& c : rising(style))
            stops += fmt::format(R"(<stop value="{:g}" color="{}"/>)",
                                 ramp ? stop_value(c, target) : c.value, hex(c.colour));
        std::string rules;
        for (const auto& c : style.classes)
            rules += fmt::format("    <Rule><Filter>[{}] = {}</Filter>"
                                 R"(<PolygonSymbolizer fill="{}"/>)"
                                 R"(<LineSymbolizer stroke="{}" stroke-width="0.4"/></Rule>)"
                                 "\n",
                                 escape_xml(target.field), c.value, hex(c.colour), outline);
        styles += mapnik_style(
            style.name + "_raster",
            fmt::format("    <Rule><RasterSymbolizer><RasterColorizer default-mode=\"{}\" "
                        "default-color=\"transparent\">{}</RasterColorizer></RasterSymbolizer>"
                        "</Rule>\n",
                        ramp ? "linear" : "exact", stops));
        if (!ramp)
            styles += mapnik_style(style.name, rules);
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Map>\n" + styles + "</Map>\n";
}

// MapLibre

Json maplibre_symbol(const Symbol& symbol, Language language) {
    Json layer{{"id", symbol.name},
               {"type", symbol.shape == SymbolShape::area   ? "fill"
                        : symbol.shape == SymbolShape::line ? "line"
                                                            : "circle"},
               {"source", symbol.name},
               {"metadata", {{"title", symbol.words.in(language)}}}};
    const auto colour = hex(symbol.colour);
    if (symbol.shape == SymbolShape::area)
        layer["paint"] = {{"fill-color", colour}};
    else if (symbol.shape == SymbolShape::line)
        layer["paint"] = {{"line-color", colour}, {"line-width", symbol.size * pixels_per_mm}};
    else
        layer["paint"] = {{"circle-color", colour},
                          {"circle-radius", symbol.size * pixels_per_mm / 2},
                          {"circle-stroke-color", "#ffffff"},
                          {"circle-stroke-width", 1}};
    return layer;
}

std::string maplibre_text(const Style& style, const StyleTarget& target) {
    Json layers = Json::array();
    if (style.kind == StyleKind::symbols) {
        for (const auto& symbol : style.symbols)
            layers.push_back(maplibre_symbol(symbol, target.language));
    } else {
        const bool ramp = style.kind == StyleKind::ramp;
        const Json get = Json::array({"get", target.field});
        Json colour = ramp ? Json::array({"interpolate", Json::array({"linear"}), get})
                           : Json::array({"match", get});
        Json legend = Json::array();
        for (const auto& c : style.classes) {
            colour.push_back(ramp ? Json(stop_value(c, target)) : Json(c.value));
            colour.push_back(hex(c.colour));
            legend.push_back({{"value", ramp ? Json(stop_value(c, target)) : Json(c.value)},
                              {"title", c.words.in(target.language)},
                              {"colour", hex(c.colour)}});
        }
        if (!ramp)
            colour.push_back(hex(symbol("no_data").colour));
        layers.push_back(
            {{"id", style.name},
             {"type", "fill"},
             {"source", style.name},
             {"metadata", {{"title", style.title.in(target.language)}, {"legend", legend}}},
             {"paint", {{"fill-color", colour}, {"fill-outline-color", outline}}}});
    }
    return Json{{"version", 8},
                {"name", style.name},
                {"sources", Json::object()},
                {"layers", layers}}
               .dump(2) +
           "\n";
}

// Colour tables

std::string colour_lines(const Style& style, const StyleTarget& target, const char* more) {
    std::string lines;
    for (const auto& c : style.classes)
        lines += fmt::format("{:g} {} {} {}{}\n",
                             style.kind == StyleKind::ramp ? stop_value(c, target) : c.value,
                             c.colour.red, c.colour.green, c.colour.blue, more);
    return lines;
}

/// ArcGIS takes whole numbers only: a ramp has no such table.
std::string clr_text(const Style& style, const StyleTarget& target) {
    return style.kind == StyleKind::classes ? colour_lines(style, target, "") : std::string{};
}

std::string gdaldem_text(const Style& style, const StyleTarget& target) {
    return style.kind == StyleKind::symbols ? std::string{}
                                            : colour_lines(style, target, " 255") + "nv 0 0 0 0\n";
}

constexpr std::array<StyleFormat, 6> formats{{
    {"qml", ".qml", "QGIS; classes and ramps", &qml_text},
    {"sld", ".sld", "Symbology Encoding 1.1: GeoServer, QGIS, ArcGIS by plug-in", &sld_text},
    {"mapnik", ".xml", "Mapnik", &mapnik_text},
    {"maplibre", ".json", "MapLibre and Mapbox GL", &maplibre_text},
    {"clr", ".clr", "colour table of ArcGIS and QGIS; classes only", &clr_text},
    {"gdaldem", ".txt", "colour file of gdaldem color-relief", &gdaldem_text},
}};

} // namespace

std::span<const StyleFormat> style_formats() {
    return formats;
}

std::vector<std::filesystem::path> write_styles(const std::filesystem::path& folder,
                                                std::span<const std::string> names,
                                                std::span<const StyleFormat* const> chosen,
                                                const std::string& palette,
                                                const StyleTarget& target) {
    std::vector<std::filesystem::path> files;
    for (const auto& name : names)
        for (const auto* format : chosen) {
            const auto text = format->write(style(name, palette), target);
            if (text.empty())
                continue;
            files.push_back(folder / (name + std::string{format->suffix}));
            write_file(files.back(), text);
        }
    return files;
}

} // namespace riskmap::atlas
