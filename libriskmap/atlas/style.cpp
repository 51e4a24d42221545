// SPDX-License-Identifier: MIT
#include <riskmap/atlas/style.hpp>

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <toml++/toml.h>

#include <riskmap/core/error.hpp>

#include "built_in_styles.hpp"

namespace riskmap::atlas {

namespace {

Words words_of(const toml::node_view<const toml::node>& node) {
    return {node["zh"].value_or(std::string{}), node["en"].value_or(std::string{})};
}

Colour colour_of(const std::string& text) {
    const auto rgb = std::stoul(text.substr(1), nullptr, 16);
    return {static_cast<std::uint8_t>(rgb >> 16U & 0xFFU),
            static_cast<std::uint8_t>(rgb >> 8U & 0xFFU), static_cast<std::uint8_t>(rgb & 0xFFU)};
}

Style parse(const std::string& text) {
    const toml::table table = toml::parse(text);
    Style style;
    style.title = words_of(table["title"]);
    for (const auto& node : *table["class"].as_array()) {
        const toml::node_view<const toml::node> entry{node};
        style.classes.push_back({entry["value"].value_or(0), words_of(entry["words"]),
                                 colour_of(entry["colour"].value_or(std::string{"#000000"}))});
    }
    return style;
}

std::string rgb(const Colour& colour) {
    return fmt::format("{},{},{},255", colour.red, colour.green, colour.blue);
}

std::string symbol(std::size_t index, const char* type, const char* layer,
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
    return symbol(index, "fill", "SimpleFill",
                  {{"color", rgb(colour)},
                   {"style", "solid"},
                   {"outline_color", "90,90,90,255"},
                   {"outline_style", "solid"},
                   {"outline_width", "0.1"},
                   {"outline_width_unit", "MM"}});
}

std::string single_renderer(const std::string& symbol) {
    return R"(<renderer-v2 type="singleSymbol" symbollevels="0" enableorderby="0" forceraster="0">)"
           "<symbols>" +
           symbol + "</symbols></renderer-v2>";
}

} // namespace

const StyleClass& Style::at(int value) const {
    const auto found = std::find_if(classes.begin(), classes.end(),
                                    [&](const StyleClass& c) { return c.value == value; });
    if (found == classes.end())
        throw Error{ErrorKind::internal,
                    fmt::format("style '{}' has no class {}", title.en, value)};
    return *found;
}

const Style& style(const std::string& name) {
    static const auto styles = [] {
        std::map<std::string, Style> all;
        for (const auto& [key, text] : built_in_styles())
            all.emplace(key, parse(text));
        return all;
    }();
    const auto found = styles.find(name);
    if (found == styles.end())
        throw Error{ErrorKind::usage, fmt::format("unknown style '{}'", name)};
    return found->second;
}

std::vector<raster::ClassEntry> class_entries(const Style& style, Language language) {
    std::vector<raster::ClassEntry> entries;
    for (const auto& c : style.classes)
        entries.push_back(
            {c.value, c.words.in(language), c.colour.red, c.colour.green, c.colour.blue});
    return entries;
}

std::string polygon_symbology(const Style& style, const std::string& field, Language language) {
    std::string categories;
    std::string symbols;
    for (std::size_t i = 0; i < style.classes.size(); ++i) {
        const auto& c = style.classes[i];
        categories += fmt::format(
            R"(<category type="long" value="{}" label="{}" symbol="{}" render="true"/>)", c.value,
            escape_xml(c.words.in(language)), i);
        symbols += fill_symbol(i, c.colour);
    }
    return fmt::format(
        R"(<renderer-v2 type="categorizedSymbol" attr="{}" symbollevels="0" enableorderby="0" forceraster="0">)"
        R"(<categories>{}</categories><symbols>{}</symbols></renderer-v2>)",
        escape_xml(field), categories, symbols);
}

std::string point_symbology(Colour colour, double size, const std::string& label_field) {
    auto parts = single_renderer(symbol(0, "marker", "SimpleMarker",
                                        {{"color", rgb(colour)},
                                         {"name", "circle"},
                                         {"size", fmt::format("{:g}", size)},
                                         {"size_unit", "MM"},
                                         {"outline_color", "255,255,255,255"},
                                         {"outline_style", "solid"},
                                         {"outline_width", "0.2"},
                                         {"outline_width_unit", "MM"}}));
    if (!label_field.empty())
        parts += fmt::format(
            R"(<labeling type="simple"><settings><text-style fieldName="{}" fontSize="8" isExpression="0">)"
            R"(<text-buffer bufferDraw="1" bufferSize="0.7"/></text-style></settings></labeling>)",
            escape_xml(label_field));
    return parts;
}

std::string line_symbology(Colour colour, double width) {
    return single_renderer(symbol(0, "line", "SimpleLine",
                                  {{"line_color", rgb(colour)},
                                   {"line_width", fmt::format("{:g}", width)},
                                   {"line_width_unit", "MM"}}));
}

std::string plain_symbology(Colour colour) {
    return single_renderer(fill_symbol(0, colour));
}

std::string class_symbology(std::span<const raster::ClassEntry> classes) {
    std::string entries;
    for (const auto& c : classes)
        entries += fmt::format(
            R"(<paletteEntry value="{}" label="{}" color="#{:02x}{:02x}{:02x}" alpha="255"/>)",
            c.value, escape_xml(c.name), c.red, c.green, c.blue);
    return fmt::format(
        R"(<pipe><rasterrenderer type="paletted" band="1" opacity="1" alphaBand="-1">)"
        R"(<colorPalette>{}</colorPalette></rasterrenderer></pipe>)",
        entries);
}

std::string surface_symbology(double low, double high) {
    std::string items;
    for (const auto& c : style("surface").classes) {
        const double value = low + (high - low) * c.value / 1000;
        items += fmt::format(
            R"(<item value="{0}" label="{0:.3g}" color="#{1:02x}{2:02x}{3:02x}" alpha="255"/>)",
            value, c.colour.red, c.colour.green, c.colour.blue);
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

Colour surface_colour(double share) {
    const auto& stops = style("surface").classes;
    const double at = std::clamp(share, 0.0, 1.0) * 1000;
    std::size_t right = 1;
    while (right + 1 < stops.size() && at > stops[right].value)
        ++right;
    const auto& a = stops[right - 1];
    const auto& b = stops[right];
    const double t = (at - a.value) / (b.value - a.value);
    const auto mix = [&](std::uint8_t from, std::uint8_t to) {
        return static_cast<std::uint8_t>(std::lround(from + t * (to - from)));
    };
    return {mix(a.colour.red, b.colour.red), mix(a.colour.green, b.colour.green),
            mix(a.colour.blue, b.colour.blue)};
}

} // namespace riskmap::atlas
