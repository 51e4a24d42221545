// SPDX-License-Identifier: MIT
// Words and colours of levels and classes: the same in every file and map.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <riskmap/core/text.hpp>
#include <riskmap/raster/writer.hpp>

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

/// "risk", "prevention", "capacity" or "surface". \throws Error{usage} for others.
[[nodiscard]] const Style& style(const std::string& name);

/// Colour table and category names for a class raster.
[[nodiscard]] std::vector<raster::ClassEntry> class_entries(const Style& style, Language language);

/// QGIS style: polygons coloured by the whole-number field `field`.
[[nodiscard]] std::string polygon_qml(const Style& style, const std::string& field,
                                      Language language);
/// QGIS style: a surface from `low` to `high` in the colours of "surface".
[[nodiscard]] std::string surface_qml(double low, double high);

/// The colour of a share 0..1 of the ramp "surface".
[[nodiscard]] Colour surface_colour(double share);

} // namespace riskmap::atlas
