// SPDX-License-Identifier: MIT
// Styles as QGIS reads them.
#include <map>

#include <fmt/format.h>

#include <riskmap/atlas/style.hpp>

namespace riskmap::atlas {

namespace {

std::string rgb(const Colour& colour) {
    return fmt::format("{},{},{},255", colour.red, colour.green, colour.blue);
}

std::string symbol_xml(std::size_t index, const char* type, const char* layer,
                       const std::map<std::string, std::string>& settings) {
    std::string options;
    std::string properties; // QGIS before 3.22 reads these
    for (const auto& [key, value] : settings) {
        options += fmt::format(R"(<Option type="QString" name="{}" value="{}"/>)", key, value);
        properties += fmt::format(R"(<prop k="{}" v="{}"/>)", key, value);
    }
    return fmt::format(R"(<symbol type="{}" name="{}" alpha="1" clip_to_extent="1" force_rhr="0">)"
                       R"(<layer class="{}" enabled="1" locked="0" pass="0">)"
                       R"(<Option type="Map">{}</Option>{}</layer></symbol>)",
                       type, index, layer, options, properties);
}

std::string fill_symbol(std::size_t index, const Colour& colour) {
    return symbol_xml(index, "fill", "SimpleFill",
                      {{"color", rgb(colour)},
                       {"style", "solid"},
                       {"outline_color", "90,90,90,255"},
                       {"outline_style", "solid"},
                       {"outline_width", "0.1"},
                       {"outline_width_unit", "MM"}});
}

const char* marker_name(SymbolShape shape) {
    switch (shape) {
    case SymbolShape::square:
        return "square";
    case SymbolShape::triangle:
        return "triangle";
    case SymbolShape::diamond:
        return "diamond";
    case SymbolShape::star:
        return "star";
    case SymbolShape::cross:
        return "cross2";
    default:
        return "circle";
    }
}

std::string one_symbol(const Symbol& symbol, std::size_t number = 0) {
    if (symbol.shape == SymbolShape::area)
        return fill_symbol(number, symbol.colour);
    if (symbol.shape == SymbolShape::line)
        return symbol_xml(number, "line", "SimpleLine",
                          {{"line_color", rgb(symbol.colour)},
                           {"line_width", fmt::format("{:g}", symbol.size)},
                           {"line_width_unit", "MM"}});
    // The outline is all there is of a cross.
    const auto outline = symbol.shape == SymbolShape::cross ? symbol.colour : Colour{255, 255, 255};
    return symbol_xml(number, "marker", "SimpleMarker",
                      {{"color", rgb(symbol.colour)},
                       {"name", marker_name(symbol.shape)},
                       {"size", fmt::format("{:g}", symbol.size)},
                       {"size_unit", "MM"},
                       {"outline_color", rgb(outline)},
                       {"outline_style", "solid"},
                       {"outline_width", "0.2"},
                       {"outline_width_unit", "MM"}});
}

} // namespace

namespace {

/// Classes of a style by a field, each with the symbol that `symbol_of` makes for its number.
template <class SymbolOf>
std::string categorised(const Style& style, const std::string& field, Language language,
                        SymbolOf symbol_of) {
    std::string categories;
    std::string symbols;
    for (std::size_t i = 0; i < style.classes.size(); ++i) {
        const auto& c = style.classes[i];
        categories += fmt::format(
            R"(<category type="long" value="{}" label="{}" symbol="{}" render="true"/>)", c.value,
            escape_xml(c.words.in(language)), i);
        symbols += symbol_of(i, c.colour);
    }
    return fmt::format(
        R"(<renderer-v2 type="categorizedSymbol" attr="{}" symbollevels="0" enableorderby="0" forceraster="0">)"
        R"(<categories>{}</categories><symbols>{}</symbols></renderer-v2>)",
        escape_xml(field), categories, symbols);
}

} // namespace

std::string polygon_symbology(const Style& style, const std::string& field, Language language) {
    return categorised(style, field, language, &fill_symbol);
}

std::string point_symbology(const Style& style, const std::string& field, const Symbol& symbol,
                            Language language) {
    return categorised(style, field, language, [&](std::size_t number, const Colour& colour) {
        auto coloured = symbol;
        coloured.colour = colour;
        return one_symbol(coloured, number);
    });
}

std::string symbology(const Symbol& symbol, const std::string& label_field) {
    auto parts = fmt::format(
        R"(<renderer-v2 type="singleSymbol" symbollevels="0" enableorderby="0" forceraster="0"><symbols>{}</symbols></renderer-v2>)",
        one_symbol(symbol));
    if (!label_field.empty())
        parts += fmt::format(
            R"(<labeling type="simple"><settings><text-style fieldName="{}" fontSize="8" isExpression="0">)"
            R"(<text-buffer bufferDraw="1" bufferSize="0.7"/></text-style></settings></labeling>)",
            escape_xml(label_field));
    return parts;
}

std::string class_symbology(std::span<const raster::ClassEntry> classes) {
    std::string entries;
    for (const auto& c : classes)
        entries += fmt::format(R"(<paletteEntry value="{}" label="{}" color="{}" alpha="255"/>)",
                               c.value, escape_xml(c.name), hex({c.red, c.green, c.blue}));
    return fmt::format(
        R"(<pipe><rasterrenderer type="paletted" band="1" opacity="1" alphaBand="-1">)"
        R"(<colorPalette>{}</colorPalette></rasterrenderer></pipe>)",
        entries);
}

std::string surface_symbology(const Style& ramp, double low, double high) {
    std::string items;
    for (const auto& c : ramp.classes) {
        const double value = low + (high - low) * c.value / 1000;
        items += fmt::format(R"(<item value="{0}" label="{0:.3g}" color="{1}" alpha="255"/>)",
                             value, hex(c.colour));
    }
    return fmt::format(
        R"(<pipe><rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" classificationMin="{0}" classificationMax="{1}">)"
        R"(<rastershader><colorrampshader colorRampType="INTERPOLATED" classificationMode="1" clip="0" minimumValue="{0}" maximumValue="{1}">{2}</colorrampshader></rastershader>)"
        R"(</rasterrenderer></pipe>)",
        low, high, items);
}

std::string field_aliases(std::span<const vector::Field> fields) {
    std::string aliases;
    for (const auto& field : fields)
        if (!field.title.empty())
            aliases += fmt::format(R"(<alias field="{}" name="{}"/>)", escape_xml(field.name),
                                   escape_xml(field.title));
    return "<aliases>" + aliases + "</aliases>";
}

std::string qml(const std::string& parts) {
    return R"(<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>)"
           R"(<qgis version="3.22.0" styleCategories="Symbology|Labeling|Fields">)" +
           parts + "</qgis>";
}

} // namespace riskmap::atlas
