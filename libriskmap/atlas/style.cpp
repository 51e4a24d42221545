// SPDX-License-Identifier: MIT
#include <riskmap/atlas/style.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <toml++/toml.h>

#include <riskmap/core/error.hpp>

#include "built_in_styles.hpp"

namespace riskmap::atlas {

namespace {

using Node = toml::node_view<const toml::node>;

constexpr std::array<std::string_view, 3> palette_names{"standard", "green", "safe"};

constexpr std::array<std::pair<std::string_view, SymbolShape>, 8> shapes{{
    {"circle", SymbolShape::circle},
    {"square", SymbolShape::square},
    {"triangle", SymbolShape::triangle},
    {"diamond", SymbolShape::diamond},
    {"star", SymbolShape::star},
    {"cross", SymbolShape::cross},
    {"line", SymbolShape::line},
    {"area", SymbolShape::area},
}};

std::string text_of(const Node& node) {
    return node.value_or(std::string{});
}

Words words_of(const Node& node) {
    return {text_of(node["zh"]), text_of(node["en"])};
}

[[noreturn]] void faulty(const std::string& what) {
    throw Error{ErrorKind::internal, "styles: " + what};
}

StyleKind kind_of(const std::string& word) {
    return word == "ramp"      ? StyleKind::ramp
           : word == "symbols" ? StyleKind::symbols
                               : StyleKind::classes;
}

SymbolShape shape_of(const std::string& word) {
    for (const auto& [name, shape] : shapes)
        if (name == word)
            return shape;
    faulty(fmt::format("unknown shape '{}'", word));
}

Symbol symbol_of(const Node& node) {
    Symbol symbol;
    symbol.name = text_of(node["name"]);
    symbol.shape = shape_of(text_of(node["shape"]));
    symbol.size = node[symbol.shape == SymbolShape::line ? "width" : "size"].value_or(0.0);
    symbol.words = words_of(node["words"]);
    symbol.colour = parse_colour(text_of(node["colour"]));
    return symbol;
}

/// A style in all its palettes, and the words of hazards that it serves.
struct Series {
    std::map<std::string, Style, std::less<>> by_palette;
    std::vector<std::string> serves;
};

Series parse(const std::string& name, const std::string& text) {
    const toml::table table = toml::parse(text);
    Style style;
    style.name = name;
    style.kind = kind_of(text_of(table["kind"]));
    style.title = words_of(table["title"]);
    if (const auto* classes = table["class"].as_array())
        for (const auto& entry : *classes) {
            const Node node{entry};
            style.classes.push_back({node["value"].value_or(0), words_of(node["words"]),
                                     parse_colour(text_of(node["colour"]))});
        }
    if (const auto* symbols = table["symbol"].as_array())
        for (const auto& entry : *symbols)
            style.symbols.push_back(symbol_of(Node{entry}));
    Series series;
    for (const auto palette : palette_names) {
        auto coloured = style;
        if (const auto* colours = table["palette"][palette].as_array()) {
            if (colours->size() != style.classes.size())
                faulty(fmt::format("palette '{}' of '{}' has {} colours, not {}", palette, name,
                                   colours->size(), style.classes.size()));
            for (std::size_t i = 0; i < colours->size(); ++i)
                coloured.classes[i].colour = parse_colour(text_of(Node{colours->at(i)}));
        }
        series.by_palette.emplace(palette, std::move(coloured));
    }
    if (const auto* served = table["serves"].as_array())
        for (const auto& word : *served)
            series.serves.push_back(text_of(Node{word}));
    return series;
}

const std::map<std::string, Series>& all_series() {
    static const auto all = [] {
        std::map<std::string, Series> series;
        for (const auto& [name, text] : built_in_styles())
            series.emplace(name, parse(name, text));
        return series;
    }();
    return all;
}

[[noreturn]] void unknown(const char* what, const std::string& name,
                          const std::vector<std::string>& known) {
    const auto nearest = nearest_name(name, known);
    throw Error{ErrorKind::usage, fmt::format("unknown {} '{}'", what, name),
                nearest ? fmt::format("did you mean '{}'?", *nearest)
                        : fmt::format("known: {}", fmt::join(known, ", "))};
}

} // namespace

Colour parse_colour(std::string_view text) {
    unsigned rgb = 0;
    const bool marked = text.size() == 7 && text[0] == '#';
    const auto* end = text.data() + text.size();
    if (!marked || std::from_chars(text.data() + 1, end, rgb, 16).ptr != end)
        faulty(fmt::format("'{}' is not a colour", text));
    return {static_cast<std::uint8_t>(rgb >> 16U & 0xFFU),
            static_cast<std::uint8_t>(rgb >> 8U & 0xFFU), static_cast<std::uint8_t>(rgb & 0xFFU)};
}

std::string hex(Colour colour) {
    return fmt::format("#{:02x}{:02x}{:02x}", colour.red, colour.green, colour.blue);
}

const StyleClass& Style::at(int value) const {
    const auto found = std::find_if(classes.begin(), classes.end(),
                                    [&](const StyleClass& c) { return c.value == value; });
    if (found == classes.end())
        throw Error{ErrorKind::internal, fmt::format("style '{}' has no class {}", name, value)};
    return *found;
}

const std::vector<std::string>& style_names() {
    static const auto names = [] {
        std::vector<std::string> all;
        for (const auto& [name, series] : all_series())
            all.push_back(name);
        return all;
    }();
    return names;
}

std::span<const std::string_view> palettes() {
    return palette_names;
}

void check_palette(const std::string& name) {
    if (std::find(palette_names.begin(), palette_names.end(), name) == palette_names.end())
        unknown("palette", name, {palette_names.begin(), palette_names.end()});
}

const Style& style(const std::string& name, const std::string& palette) {
    const auto found = all_series().find(name);
    if (found == all_series().end())
        unknown("style", name, style_names());
    check_palette(palette);
    return found->second.by_palette.at(palette);
}

const Style& hazard_style(const std::string& hazard_id) {
    const auto id = small_letters(hazard_id);
    std::size_t longest = 0;
    const Style* found = &style("surface");
    for (const auto& [name, series] : all_series())
        for (const auto& word : series.serves)
            if (word.size() > longest && id.find(word) != std::string::npos) {
                longest = word.size();
                found = &series.by_palette.at("standard");
            }
    return *found;
}

const Symbol& symbol(const std::string& name) {
    const auto& symbols = style("symbols").symbols;
    const auto found = std::find_if(symbols.begin(), symbols.end(),
                                    [&](const Symbol& s) { return s.name == name; });
    if (found == symbols.end())
        faulty(fmt::format("no symbol '{}'", name));
    return *found;
}

Colour class_colour(const Style& style, double value) {
    const auto found = std::find_if(style.classes.begin(), style.classes.end(),
                                    [&](const StyleClass& c) { return c.value == value; });
    return found == style.classes.end() ? symbol("no_data").colour : found->colour;
}

std::vector<raster::ClassEntry> class_entries(const Style& style, Language language) {
    std::vector<raster::ClassEntry> entries;
    for (const auto& c : style.classes)
        entries.push_back(
            {c.value, c.words.in(language), c.colour.red, c.colour.green, c.colour.blue});
    return entries;
}

Colour ramp_colour(const Style& ramp, double share) {
    const auto& stops = ramp.classes;
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
