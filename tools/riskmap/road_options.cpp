// SPDX-License-Identifier: MIT
#include "road_options.hpp"

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/table.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/project/project.hpp>

namespace riskmap::tool {

Option* RoadOptions::declare(Arguments& app) {
    auto* option = app.add_option("--roads", roads,
                                  "FILE[:LAYER] of roads; fields class, speed_kmh, oneway, "
                                  "layer, bridge, tunnel by any of their names in "
                                  "docs/layers.md, or fields=THEIRS=OURS");
    app.add_option("--level-field", level_field,
                   "field of storeys: above 0 a bridge, below a tunnel (default: layer)");
    app.add_option("--class-field", class_field, "field of road classes");
    app.add_option("--speed-field", speed_field, "field of speeds, km/h");
    app.add_option("--oneway-field", oneway_field, "field of directions");
    app.add_option("--by", by, "of limits in minutes: " + names_of(network::modes()))
        ->capture_default_str();
    app.add_option("--walk-speed", source.walk_kmh, "km/h")->capture_default_str();
    app.add_option("--drive-speed", source.drive_kmh,
                   "km/h on roads whose speed and class are not known")
        ->capture_default_str();
    app.add_option("--dem", heights, "heights in metres, for --by tobler");
    app.add_option("--closed-by", closed_by,
                   "fields of yes and no, as floods,slides, or FIELD>NUMBER: closed where one\n"
                   "says so");
    app.add_option(
        "--closed-above", closed_above,
        "RASTER.tif:VALUE: roads (but bridges) close where it says more; may be repeated");
    app.add_option("--snap", source.snap, "ends of roads within so many metres are joined")
        ->capture_default_str();
    app.add_option("--access", source.access, "how far a road may be, m")->capture_default_str();
    app.add_option("--least-part", source.least_part,
                   "parts of the network with less road than so many metres are not come to")
        ->capture_default_str();
    app.add_option("--barriers", barriers,
                   "FILE[:LAYER] of rivers, lakes, railways: not crossed off the roads");
    app.add_option("--factor", source.factor, "straight walks are the straight line times this")
        ->capture_default_str();
    app.add_option("--not-entered", not_entered,
                   "roads that are not entered, with commas: classes, or access=no (default on\n"
                   "foot: motorway, ferry, construction, proposed, access=no, foot=no ...)");
    app.add_option("--class-speeds", class_speeds, "primary=50,tertiary=30: km/h by class");
    app.add_option("--where", where, "only roads of which this is true, as \"bridge = 'no'\"");
    app.add_option("--join", join,
                   "where roads of one level are joined: crossings, or vertices they share")
        ->capture_default_str()
        ->one_of({"crossings", "vertices"});
    app.add_option("--scenario", scenario_file,
                   "a project file, whose [scenario] says what happens: hazards, closed roads,\n"
                   "movers; options say more");
    return option;
}

shelter::RoadSource RoadOptions::read(const shelter::Scenario& happens) const {
    auto out = source;
    out.roads = spec::Source::parse(roads);
    out.heights = spec::Source::parse(heights);
    for (const auto& [theirs, ours] : {std::pair{level_field, "layer"},
                                       {class_field, "class"},
                                       {speed_field, "speed_kmh"},
                                       {oneway_field, "oneway"}})
        if (!theirs.empty())
            out.roads.fields.emplace_back(theirs, ours);
    out.mode = row_named(network::modes(), by, "way of going").mode;
    out.closed_by = list_of(closed_by);
    for (const auto& text : closed_above)
        out.closed_above.push_back(shelter::MoveRule::parse(text));
    out.barriers = spec::Source::parse(barriers);
    if (!where.empty())
        out.roads.where = where;
    out.not_entered = list_of(not_entered);
    for (const auto& text : list_of(class_speeds))
        out.class_speeds.insert(shelter::class_speed(text));
    out.join = row_named(network::join_names(), join, "way of joining").join;
    out.closed_by.insert(out.closed_by.end(), happens.closed_by.begin(), happens.closed_by.end());
    out.closed_above.insert(out.closed_above.end(), happens.closed_above.begin(),
                            happens.closed_above.end());
    if (roads.empty() && (!closed_by.empty() || !closed_above.empty()))
        throw Error{ErrorKind::usage, "roads are to be closed, and none are given",
                    "give --roads FILE:LAYER"};
    return out;
}

shelter::Scenario RoadOptions::scenario() const {
    return scenario_file.empty() ? shelter::Scenario{}
                                 : project::read_project(scenario_file).scenario;
}

std::vector<std::string> list_of(const std::string& text) {
    std::vector<std::string> out;
    if (text.empty())
        return out;
    for (const auto& part : split(text, ','))
        out.emplace_back(trim(part));
    return out;
}

spec::FieldSource parse_units(const std::string& text) {
    auto named = spec::FieldSource::parse(text);
    if (named.field.empty() || named.source.empty())
        throw Error{ErrorKind::usage, fmt::format("'{}' does not name units", text),
                    "write FILE:LAYER:FIELD"};
    return named;
}

} // namespace riskmap::tool
