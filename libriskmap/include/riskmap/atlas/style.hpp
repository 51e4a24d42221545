// SPDX-License-Identifier: MIT
// Words and colours of levels and classes: the same in every file and map.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <riskmap/core/text.hpp>
#include <riskmap/raster/writer.hpp>
#include <riskmap/vector/layer.hpp>

namespace riskmap::atlas {

struct Colour {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;
    friend bool operator==(const Colour&, const Colour&) = default;
};
/// "#d7301f". \throws Error{internal} on other text.
[[nodiscard]] Colour parse_colour(std::string_view text);
[[nodiscard]] std::string hex(Colour colour);

struct StyleClass {
    int value = 0; ///< of a ramp: per mille of its length
    Words words;
    Colour colour;
};

enum class StyleKind {
    classes, ///< whole numbers, each with its colour
    ramp,    ///< numbers from small to large, colours between the stops mixed
    symbols, ///< single things: points, lines, areas
};

enum class SymbolShape { circle, square, triangle, diamond, star, cross, line, area };

/// How one kind of thing is drawn.
struct Symbol {
    std::string name;
    SymbolShape shape = SymbolShape::circle;
    double size = 0; ///< mm: across a point, of a line's width
    Words words;
    Colour colour;
};

/// A map series, read from styles/<name>.toml, which is part of the library. Classes stand in
/// the order of the legend.
struct Style {
    std::string name;
    StyleKind kind = StyleKind::classes;
    Words title;
    std::vector<StyleClass> classes;
    std::vector<Symbol> symbols;

    /// \throws Error{internal} for a value that is not in the style.
    [[nodiscard]] const StyleClass& at(int value) const;
};

/// The names of all styles, sorted.
[[nodiscard]] const std::vector<std::string>& style_names();
/// Ways to colour: "standard", "green" (risk from red to green), "safe" (for all kinds of
/// colour blindness). Styles that lack a palette keep their own colours.
[[nodiscard]] std::span<const std::string_view> palettes();
/// \throws Error{usage} for a name that is none of the above, naming the nearest one.
void check_palette(const std::string& name);

/// \throws Error{usage} naming the nearest style; Error{usage} for an unknown palette.
[[nodiscard]] const Style& style(const std::string& name, const std::string& palette = "standard");
/// The ramp of a hazard by the words in its id ("flood_design": hazard_flood); "surface" for
/// hazards that have none of their own.
[[nodiscard]] const Style& hazard_style(const std::string& hazard_id);
/// \throws Error{internal} for a name that styles/symbols.toml has not.
[[nodiscard]] const Symbol& symbol(const std::string& name);

/// The colour of a class by its number; that of "no data" for other numbers and NaN.
[[nodiscard]] Colour class_colour(const Style& style, double value);

/// Colour table and category names for a class raster.
[[nodiscard]] std::vector<raster::ClassEntry> class_entries(const Style& style, Language language);

/// The colour of a share 0..1 of a ramp.
[[nodiscard]] Colour ramp_colour(const Style& ramp, double share);

/// Parts of a QGIS style (QML). A file may hold one part for a raster and one
/// for polygons: <product>.qml then serves <product>.tif and <product>.geojson.
/// Polygons coloured by the whole-number field `field`.
[[nodiscard]] std::string polygon_symbology(const Style& style, const std::string& field,
                                            Language language);
/// Points in the colours of a style's classes, by a field of their values.
[[nodiscard]] std::string point_symbology(const Style& style, const std::string& field,
                                          const Symbol& symbol, Language language);
/// Points, lines or areas that all look alike, points with a label from
/// `label_field` (empty: none).
[[nodiscard]] std::string symbology(const Symbol& symbol, const std::string& label_field = {});
/// A class raster: these classes and no others.
[[nodiscard]] std::string class_symbology(std::span<const raster::ClassEntry> classes);
/// A surface from `low` to `high` in the colours of a ramp.
[[nodiscard]] std::string surface_symbology(const Style& ramp, double low, double high);
/// What the fields say, as the names that QGIS shows.
[[nodiscard]] std::string field_aliases(std::span<const vector::Field> fields);
/// The parts as one QML document.
[[nodiscard]] std::string qml(const std::string& parts);

} // namespace riskmap::atlas
