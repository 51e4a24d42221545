// SPDX-License-Identifier: MIT
// Private: words for units in the language of the project.
#pragma once

#include <string>
#include <vector>

#include <riskmap/vector/layer.hpp>

#include "work.hpp"

namespace riskmap::run {

/// A layer of zones.gpkg, or of units.gpkg before the zones are made, with the
/// titles of its fields, which GDAL 3.6 does not keep in GeoPackages.
[[nodiscard]] vector::Layer read_units(const Work& work, const std::string& layer,
                                       const char* stage = "zones");
/// Writes the layers of a stage and the titles of their fields.
void write_units(const Work& work, const char* stage,
                 const std::vector<const vector::Layer*>& layers);

/// "" for level 0.
[[nodiscard]] std::string level_word(const Work& work, int level);
/// Titles of hazards (places in the project), joined by "-".
[[nodiscard]] std::string dominant_words(const Work& work, const std::vector<std::size_t>& hazards);

} // namespace riskmap::run
