// SPDX-License-Identifier: MIT
// Styles for other programs: QGIS, GeoServer, Mapnik, MapLibre, ArcGIS, GDAL.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <riskmap/atlas/style.hpp>

namespace riskmap::atlas {

struct StyleTarget {
    std::string field = "level"; ///< of polygons: the one that holds the class
    Language language = Language::zh;
    double low = 0; ///< of a ramp: what its ends stand for
    double high = 1;
};

struct StyleFormat {
    std::string_view name;
    std::string_view suffix;
    std::string_view summary;
    std::string (*write)(const Style& style, const StyleTarget& target);
};

/// qml, sld (SE 1.1), mapnik, maplibre, clr (ArcGIS), gdaldem (colours by value).
[[nodiscard]] std::span<const StyleFormat> style_formats();

/// Writes styles into a folder; returns the files. Symbols are written as one layer each, where
/// the format takes several; a style that a format cannot hold is left out.
std::vector<std::filesystem::path> write_styles(const std::filesystem::path& folder,
                                                std::span<const std::string> names,
                                                std::span<const StyleFormat* const> formats,
                                                const std::string& palette,
                                                const StyleTarget& target);

} // namespace riskmap::atlas
