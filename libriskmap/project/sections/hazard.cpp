// SPDX-License-Identifier: MIT
#include "sections.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <riskmap/risk/damage.hpp>

#include "layers.hpp"

namespace riskmap::project {

namespace {

using Type = KeyType;

std::string curves() {
    return names_in(risk::damage_curves()) + ", a .csv file";
}

Key map_file(std::string_view example) {
    return {.name = "file",
            .type = Type::source,
            .fallback = "\"\"",
            .zh = "栅格或矢量文件",
            .en = "raster or vector file",
            .example = example};
}
Key map_kind() {
    return kind_key("栅格像元的含义，决定如何重采样；空：连续值",
                    "what the cells of a raster mean, and so how it is re-gridded; empty: "
                    "continuous");
}
Key map_classes() {
    return {.name = "classes",
            .type = Type::classes,
            .fallback = "[]",
            .zh = "字段中的文字各代表的数，如 {\"高易发区\" = 1, \"中易发区\" = 0.6}",
            .en = "numbers that words of the field stand for, as {\"高易发区\" = 1, \"中易发区\" = "
                  "0.6}"};
}

const Table<Hazard>& hazard_table() {
    static const Table<Hazard> table{
        {.path = "hazard",
         .repeated = true,
         .required = true,
         .zh = "一个灾种：一幅图，或几个重现期各一幅。",
         .en = "A hazard: one map, or maps at several return periods."},
        {{{.name = "id",
           .type = Type::text,
           .zh = "短名称；成果名为 risk_<id>",
           .en = "short name; products are called risk_<id>",
           .example = "\"flood\"",
           .required = true},
          &Hazard::id},
         {title_key("\"洪水\"")},
         {english_title_key("\"flood\"")},
         {map_file("\"flood_depth.tif\"")},
         {field_key()},
         {measure_key()},
         {map_kind()},
         {map_classes()},
         {normalise_key("\"min-max\"", "由强度到指数", "from intensity to index", "\"linear:0:3\""),
          &Hazard::normalise},
         {direction_key("rising：数值大则指数大（越大越危险）；falling：数值大则指数小",
                        "rising: large values give a large index (more is worse); falling: a small "
                        "one"),
          &Hazard::direction},
         {{.name = "return_period",
           .type = Type::number,
           .zh = "该图的重现期",
           .en = "of the map",
           .unit = "years",
           .example = "100",
           .least = 1}},
         {{.name = "curve",
           .type = Type::text,
           .fallback = "\"\"",
           .zh = "损失曲线；与重现期一起给出年均期望损失",
           .en = "damage curve; with a return period it gives the annual expected loss",
           .example = "\"flood-depth-residential-asia\"",
           .choices = &curves}},
         {weight_key("权重，用于 weights.hazards = \"given\"",
                     "its weight, for weights.hazards = \"given\""),
          &Hazard::weight},
         {error_key(), &Hazard::error},
         {modelled_key(), &Hazard::modelled}}};
    return table;
}

const Table<HazardMap>& map_table() {
    static const Table<HazardMap> table{{.path = "hazard.map",
                                         .repeated = true,
                                         .zh = "一个灾种的几幅图之一。",
                                         .en = "One of several maps of a hazard."},
                                        {{map_file({})},
                                         {field_key()},
                                         {measure_key()},
                                         {map_kind()},
                                         {map_classes()},
                                         {{.name = "return_period",
                                           .type = Type::number,
                                           .zh = "重现期",
                                           .en = "its return period",
                                           .unit = "years",
                                           .required = true,
                                           .least = 1},
                                          &HazardMap::return_period}}};
    return table;
}

/// What is said of the file of a hazard that has none is no use to its maps.
void refuse_stray_keys(const SectionReader& section) {
    const bool stray = section.maybe_number("where_nodata") || section.maybe_number("nodata") ||
                       section.maybe_number("return_period") || !section.text("crs").empty() ||
                       !section.text("field").empty() || !section.text("kind").empty();
    if (stray)
        throw section.error("where_nodata, nodata, crs, field, kind and return_period of a hazard "
                            "with [[hazard.map]] belong to each map",
                            "write them below [[hazard.map]]");
}

void read_maps(const SectionReader& section, Hazard& hazard) {
    for (const auto& entry : section.repeated("map")) {
        HazardMap map{read_stack_layer(entry, census::Role::intensity)};
        fill(entry, map_table(), map);
        hazard.maps.push_back(std::move(map));
    }
    const bool several = !hazard.maps.empty();
    if (const auto source = read_stack_layer(section, census::Role::intensity);
        !source.file.empty()) {
        hazard.maps.push_back({source, section.number("return_period")});
        if (several && hazard.maps.back().return_period == 0)
            throw section.error(
                fmt::format("hazard '{}' has a file without a return period beside maps that have "
                            "one",
                            hazard.id),
                "say return_period, or leave file out", "file");
    } else if (several) {
        refuse_stray_keys(section);
    }
    std::sort(hazard.maps.begin(), hazard.maps.end(), [](const HazardMap& a, const HazardMap& b) {
        return a.return_period < b.return_period;
    });
    if (hazard.maps.empty() ||
        std::any_of(hazard.maps.begin(), hazard.maps.end(),
                    [](const HazardMap& map) { return map.source.file.empty(); }))
        throw section.error(fmt::format("hazard '{}' has no file", hazard.id),
                            "give file = \"...\", or [[hazard.map]] entries");
    for (std::size_t i = 1; i < hazard.maps.size(); ++i)
        if (hazard.maps[i].return_period <= hazard.maps[i - 1].return_period)
            throw section.error(
                fmt::format("two maps of hazard '{}' have the same return period", hazard.id));
}

/// A curve by its name, or one in a file of the project.
std::string read_curve(const SectionReader& section) {
    auto curve = section.text("curve");
    if (curve.ends_with(".csv"))
        curve = section.file("curve").string();
    if (!curve.empty())
        section.told_at("curve", [&] { (void)risk::DamageCurve::parse(curve); });
    return curve;
}

} // namespace

void declare_hazard(Schema& schema) {
    schema.add(hazard_table());
    schema.add(map_table());
}

void read_hazards(const CheckedFile& file, Project& project) {
    std::set<std::string> seen;
    for (const auto& section : file.repeated("hazard")) {
        auto& hazard = project.hazards.emplace_back();
        fill(section, hazard_table(), hazard);
        check_id(section, hazard.id, seen);
        hazard.title = read_title(section, hazard.id);
        hazard.curve = read_curve(section);
        read_maps(section, hazard);
    }
    if (project.hazards.empty())
        throw input_error(fmt::format("'{}' names no hazard", project.file.string()));
}

} // namespace riskmap::project
