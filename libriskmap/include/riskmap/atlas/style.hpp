// SPDX-License-Identifier: MIT
// Words and colours of levels and classes: the same in every file and map.
#pragma once

#include <cstdint>
#include <span>
#include <string>
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

struct StyleClass {
    int value = 0;
    Words words;
    Colour colour;
};

/// Read from styles/<name>.toml, which is part of the library.
struct Style {
    Words title;
    std::vector<StyleClass> classes;

    /// \throws Error{internal} for a value that is not in the style.
    [[nodiscard]] const StyleClass& at(int value) const;
};

/// "risk", "prevention", "capacity", "seen", "seen_by",
/// "coverage" or "surface". \throws Error{usage} for
/// others.
[[nodiscard]] const Style& style(const std::string& name);

/// Colour table and category names for a class raster.
[[nodiscard]] std::vector<raster::ClassEntry> class_entries(const Style& style, Language language);

/// Parts of a QGIS style (QML). A file may hold one part for a raster and one
/// for polygons: <product>.qml then serves <product>.tif and <product>.geojson.
/// Polygons coloured by the whole-number field `field`.
[[nodiscard]] std::string polygon_symbology(const Style& style, const std::string& field,
                                            Language language);
/// Points as dots of one colour, `size` mm wide, with a label from `label_field` (empty: none).
[[nodiscard]] std::string point_symbology(Colour colour, double size,
                                          const std::string& label_field = {});
/// Lines of one colour, `width` mm wide.
[[nodiscard]] std::string line_symbology(Colour colour, double width);
/// Polygons all of one colour.
[[nodiscard]] std::string plain_symbology(Colour colour);
/// A class raster: these classes and no others.
[[nodiscard]] std::string class_symbology(std::span<const raster::ClassEntry> classes);
/// A surface from `low` to `high` in the colours of "surface".
[[nodiscard]] std::string surface_symbology(double low, double high);
/// What the fields say, as the names that QGIS shows.
[[nodiscard]] std::string field_aliases(std::span<const vector::Field> fields);
/// The parts as one QML document.
[[nodiscard]] std::string qml(const std::string& parts);

/// The colour of a share 0..1 of the ramp "surface".
[[nodiscard]] Colour surface_colour(double share);

} // namespace riskmap::atlas
