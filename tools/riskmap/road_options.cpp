// SPDX-License-Identifier: MIT
#include "road_options.hpp"

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/table.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/vector/fields.hpp>

namespace riskmap::tool {

CLI::Option* RoadOptions::declare(CLI::App& app) {
    auto* option = app.add_option("--roads", roads,
                                  "FILE[:LAYER] of roads; fields class, "
                                  "speed_kmh, oneway, layer, bridge, tunnel");
    app.add_option("--by", by, "of limits in minutes: " + names_of(network::modes()))
        ->capture_default_str();
    app.add_option("--walk-speed", source.walk_kmh, "km/h")->capture_default_str();
    app.add_option("--drive-speed", source.drive_kmh,
                   "km/h on roads whose speed and class are not known")
        ->capture_default_str();
    app.add_option("--dem", source.heights, "heights in metres, for --by tobler");
    app.add_option("--closed-by", closed_by,
                   "fields of roads, as floods,slides: closed where one is not 0");
    app.add_option(
        "--closed-above", closed_above,
        "RASTER.tif:VALUE: roads (but bridges) close where it says more; may be repeated");
    app.add_option("--snap", source.snap, "ends of roads within so many metres are joined")
        ->capture_default_str();
    app.add_option("--access", source.access, "how far the nearest road may be, m")
        ->capture_default_str();
    return option;
}

shelter::RoadSource RoadOptions::read() const {
    auto out = source;
    out.roads = shelter::LayerName::parse(roads);
    out.mode = row_named(network::modes(), by, "way of going").mode;
    if (!closed_by.empty())
        for (const auto& field : split(closed_by, ','))
            out.fields.closed_by.emplace_back(trim(field));
    for (const auto& text : closed_above)
        out.closed_above.push_back(shelter::MoveRule::parse(text));
    if (roads.empty() && (!closed_by.empty() || !closed_above.empty()))
        throw Error{ErrorKind::usage, "roads are to be closed, and none are given",
                    "give --roads FILE:LAYER"};
    return out;
}

shelter::SceneSource::UnitName parse_units(const std::string& text) {
    const auto last = text.rfind(':');
    if (last == std::string::npos || last + 1 == text.size())
        throw Error{ErrorKind::usage, fmt::format("'{}' does not name units", text),
                    "write FILE:LAYER:FIELD"};
    return {shelter::LayerName::parse(text.substr(0, last)), text.substr(last + 1)};
}

std::vector<Point> read_places(const std::string& text, const Crs& crs) {
    const auto name = shelter::LayerName::parse(text);
    auto places = vector::places_of(vector::read_layer(name.file, name.layer), crs);
    if (places.empty())
        throw input_error(fmt::format("'{}' holds no points", text));
    return places;
}

} // namespace riskmap::tool
