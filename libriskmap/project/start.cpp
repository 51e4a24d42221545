// SPDX-License-Identifier: MIT
#include <riskmap/project/start.hpp>

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace riskmap::project {

namespace {

using census::IngestedLayer;

/// A hazard map that a specification stands for, and how it is normalised (method section 3).
struct HazardStart {
    const char* spec;
    const char* id;
    const char* title;
    const char* title_en;
    const char* normalise;
    const char* field; ///< of a vector layer
};
constexpr std::array<HazardStart, 8> hazard_starts{{
    {"flood_depth", "flood", "洪水", "flood", "linear:0:3", ""},
    {"wind", "typhoon", "台风", "typhoon", "linear:17.2:41.5", ""},
    {"rain", "rainstorm", "暴雨", "rainstorm", "linear:100:350", ""},
    {"landslide_susceptibility", "landslide", "地质灾害", "landslide", "linear:0:100", ""},
    {"pga", "earthquake", "地震", "earthquake", "linear:0.02:0.4", "pga_g"},
    {"shaking", "earthquake", "地震", "earthquake", "linear:4:9", ""},
    {"forest_fire_danger", "forest_fire", "森林火灾", "forest fire", "linear:0:1", ""},
    {"drought", "drought", "干旱", "drought", "linear:0:1", ""},
}};

std::string text(const std::string& value) {
    std::string out = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + '"';
}

std::string place_of(const IngestedLayer& layer) {
    return layer.raster ? fmt::format("file = {}\n", text(layer.name + ".tif"))
                        : fmt::format("file = \"census.gpkg\"\nlayer = {}\n", text(layer.name));
}

/// Of several layers of a specification the one that is called like it, else the first.
const IngestedLayer* find(const census::Ingest& ingest, const char* spec) {
    const IngestedLayer* found = nullptr;
    for (const auto& layer : ingest.layers)
        if (layer.spec == spec && (found == nullptr || layer.name.starts_with(spec)))
            found = &layer;
    return found;
}

bool has(const IngestedLayer& layer, const char* field) {
    return std::find(layer.fields.begin(), layer.fields.end(), field) != layer.fields.end();
}

std::string area(const char* section, const IngestedLayer& layer, const char* parent) {
    return fmt::format("\n[areas.{}]\n{}{}", section, place_of(layer),
                       *parent != '\0' && has(layer, parent)
                           ? fmt::format("parent_field = \"{}\"\n", parent)
                           : "");
}

std::string hazards(const census::Ingest& ingest) {
    std::string out;
    std::vector<std::string> ids;
    for (const auto& layer : ingest.layers)
        for (const auto& start : hazard_starts) {
            if (layer.spec != start.spec)
                continue;
            auto id = std::string{start.id};
            for (int n = 2; std::find(ids.begin(), ids.end(), id) != ids.end(); ++n)
                id = fmt::format("{}_{}", start.id, n);
            ids.push_back(id);
            out += fmt::format("\n[[hazard]]\nid = \"{}\"\ntitle = \"{}\"\ntitle_en = \"{}\"\n{}{}"
                               "normalise = \"{}\"\n",
                               id, start.title, start.title_en, place_of(layer),
                               *start.field == '\0' ? ""
                                                    : fmt::format("field = \"{}\"\n", start.field),
                               start.normalise);
        }
    return out;
}

std::string exposures(const census::Ingest& ingest) {
    std::string out;
    if (const auto* people = find(ingest, "population"))
        out += fmt::format("\n[[exposure]]\nid = \"people\"\ntitle = \"人口\"\ntitle_en = "
                           "\"people\"\nunit = \"persons\"\n{}kind = \"counts\"\npeople = true\n"
                           "weight = 4\n",
                           place_of(*people));
    if (const auto* gdp = find(ingest, "gdp"))
        out += fmt::format("\n[[exposure]]\nid = \"gdp\"\ntitle = \"生产总值\"\ntitle_en = "
                           "\"GDP\"\nunit = \"10 000 yuan\"\n{}kind = \"counts\"\nweight = 3\n",
                           place_of(*gdp));
    for (const auto& [spec, id, zh, measure] :
         {std::array{"buildings", "buildings", "房屋建筑", "area"},
          std::array{"crops", "crops", "农作物", "area"},
          std::array{"roads", "roads", "道路", "length"}})
        if (const auto* layer = find(ingest, spec))
            out += fmt::format("\n[[exposure]]\nid = \"{}\"\ntitle = \"{}\"\ntitle_en = \"{}\"\n{}"
                               "measure = \"{}\"\n",
                               id, zh, id, place_of(*layer), measure);
    return out;
}

std::string indicators(const char* section, const IngestedLayer& table,
                       std::initializer_list<const char*> fields) {
    std::string rows;
    for (const auto* field : fields)
        if (has(table, field))
            rows += fmt::format("\n[[{}.indicator]]\nfield = \"{}\"\n", section, field);
    return rows.empty()
               ? rows
               : fmt::format("\n[{}]\n{}weights = \"entropy\"\n{}", section, place_of(table), rows);
}

} // namespace

std::optional<std::string> project_for(const census::Ingest& ingest, const std::string& id) {
    const auto* counties = find(ingest, "counties");
    const auto* townships = find(ingest, "townships");
    const auto maps = hazards(ingest);
    const auto exposed = exposures(ingest);
    if (counties == nullptr || townships == nullptr || maps.empty() || exposed.empty() ||
        ingest.cell_size <= 0)
        return std::nullopt;
    std::string out =
        fmt::format("# Written by `riskmap ingest`: look through it, then `riskmap run` it.\n"
                    "# Reference: docs/project-file.md\n\n[project]\nid = {}\ntitle = {}\n"
                    "language = \"zh\"\n",
                    text(id), text(id));
    if (const auto* cities = find(ingest, "cities"))
        out += area("city", *cities, "");
    else
        out += fmt::format("\n[areas.city]\ncode = {}\nname = {}\n", text(id), text(id));
    out += area("counties", *counties, "") + area("townships", *townships, "county");
    out += fmt::format("\n[grid]\ncrs = {}\ncell_size = {}\n", text(ingest.crs), ingest.cell_size);
    out += maps + exposed;
    if (const auto* table = find(ingest, "township_indicators")) {
        auto vulnerability = indicators("vulnerability", *table,
                                        {"elderly_share", "weak_house_share", "low_income_share"});
        if (!vulnerability.empty())
            vulnerability.insert(vulnerability.find("weights"), "range = [0.5, 1]\n");
        out += vulnerability;
        out += indicators("capacity", *table,
                          {"doctors_per_1000", "rescuers_per_10000", "supplies_yuan_per_person",
                           "shelter_m2_per_person", "early_warning_share", "plan_complete"});
    }
    if (const auto* terrain = find(ingest, "terrain"))
        out += fmt::format("\n[zoning]\nheight = {}\n", text(terrain->name + ".tif"));
    if (!ingest.report.accepted.empty()) {
        std::vector<std::string> names;
        for (const auto& line : ingest.report.accepted)
            names.push_back(text(line.substr(0, line.find(':'))));
        out += fmt::format("\n[check]\naccept = [{}]\n", fmt::join(names, ", "));
    }
    return out;
}

} // namespace riskmap::project
