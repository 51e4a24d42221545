// SPDX-License-Identifier: MIT
// A map sheet of any raster or layer, without a run around it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <riskmap/atlas/sheet.hpp>
#include <riskmap/spec/door.hpp>

namespace riskmap::atlas {

struct PlainMap {
    spec::Source source; ///< raster, or vector layer
    /// Of a raster: a style with classes or a ramp; empty: its own colour table, or "surface".
    /// Of polygons: a style with classes for `field`; empty: "risk" if there is a field.
    std::string style;
    std::string palette = "standard";
    std::string field;
    spec::Source borders;   ///< polygons drawn over it
    std::string name_field; ///< of the borders, or of the layer itself
    spec::Source heights;
    std::string title; ///< empty: the file's name
    std::string subtitle;
    std::vector<std::pair<std::string, std::string>> notes;
    std::string secrecy;
    std::string status;
    Language language = Language::en;
};

/// The legend tells the true area of each class. \throws Error{input}: neither raster nor
/// layer, no such field, nothing to draw; Error{usage}: a style that does not fit.
[[nodiscard]] Sheet plain_sheet(const PlainMap& map, spec::Door& door, const Execution& execution);

} // namespace riskmap::atlas
