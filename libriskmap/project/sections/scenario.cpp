// SPDX-License-Identifier: MIT
// The section [scenario], and the keys of [shelter.*] that said the same before.
#include "sections.hpp"

#include <array>

#include <riskmap/project/project.hpp>

namespace riskmap::project {

namespace {

using Type = KeyType;
using shelter::Scenario;

const Table<Scenario>& scenario_table() {
    static const Table<Scenario> table{
        {.path = "scenario",
         .zh = "发生什么：评价、规划、可达范围和孤立共用一个情景，并与平时并列。不给：道路都通，"
               "场所按自身字段判断。",
         .en = "What happens: one scenario for evaluation, plan, reach and isolation, shown beside "
               "a calm day. Without: all roads are open, sites are judged by their own fields."},
        {{{.name = "title",
           .type = Type::text,
           .fallback = "\"\"",
           .zh = "情景的名称",
           .en = "what it is called",
           .example = "\"百年一遇洪水\""},
          &Scenario::title},
         {{.name = "flood",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "水深栅格（米）；不给：用场所的字段 flood_depth_m",
           .en = "raster of depths in metres; without: the sites' field flood_depth_m"},
          &Scenario::flood},
         {{.name = "flood_above",
           .type = Type::number,
           .fallback = "0.3",
           .zh = "水深超过此值的场所不启用",
           .en = "sites that are deeper in the water do not serve",
           .unit = "m"},
          &Scenario::flood_above},
         {{.name = "landslide",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "地质灾害等级栅格；不给：用场所的字段 landslide",
           .en = "raster of levels; without: the sites' field landslide"},
          &Scenario::landslide},
         {{.name = "landslide_from",
           .type = Type::number,
           .fallback = "4",
           .zh = "达到此等级的场所不启用；或用数据的单位",
           .en = "sites of this level and higher do not serve; or in the unit of the data"},
          &Scenario::landslide_from},
         {{.name = "height",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "高程（米），用来算坡度",
           .en = "heights in metres, for slopes"},
          &Scenario::heights},
         {{.name = "slope_above",
           .type = Type::number,
           .fallback = "15",
           .zh = "坡度超过此值的场所不启用",
           .en = "sites on steeper ground do not serve",
           .unit = "°"},
          &Scenario::slope_above},
         {{.name = "closed_by",
           .type = Type::texts,
           .fallback = "[]",
           .zh = "道路的是否字段，说明会被淹或塌方；或 \"字段>数值\"：这些道路中断",
           .en = "fields of roads, yes or no, that say they flood or slide; or \"FIELD>NUMBER\": "
                 "such roads are closed",
           .example = "[\"floods\", \"slides\"]"},
          &Scenario::closed_by},
         {{.name = "closed_above",
           .type = Type::texts,
           .fallback = "[]",
           .zh = "栅格和数值，如 \"flood.tif:0.3\"：道路（桥梁除外）在超过之处中断",
           .en = "rasters and values, as \"flood.tif:0.3\": roads (but bridges) are closed where "
                 "one says more"}},
         {{.name = "movers",
           .type = Type::texts,
           .fallback = "[]",
           .zh = "栅格和数值，如 \"flood.tif:0.5\"：只有任一超过之处的人要转移；空：全部",
           .en = "rasters and values, as \"flood.tif:0.5\": only people where one says more have "
                 "to move; empty: everybody"}}}};
    return table;
}

/// "flood.tif:0.5", the file inside the project's folder.
std::vector<shelter::MoveRule> rules_of(const SectionReader& section, const char* key) {
    std::vector<shelter::MoveRule> rules;
    for (const auto& text : section.texts(key)) {
        auto& rule = rules.emplace_back();
        section.told_at(key, [&] { rule = shelter::MoveRule::parse(text); });
        rule.source.file = section.source_of(rule.source.file.string(), key).file;
    }
    return rules;
}

} // namespace

void declare_scenario(Schema& schema) {
    schema.add(scenario_table());
}

void read_scenario(const CheckedFile& file, Project& project) {
    const auto section = file.section("scenario");
    auto& scenario = project.scenario;
    fill(section, scenario_table(), scenario);
    scenario.closed_above = rules_of(section, "closed_above");
    scenario.movers = rules_of(section, "movers");
    const auto older = [&](const SectionReader& other, const char* key, auto take) {
        if (!other.has(key))
            return;
        if (section.has(key))
            throw other.error(std::string{"[scenario] says "} + key + " as well",
                              "keep one of them", key);
        take(other);
    };
    const auto suitability = file.section("shelter.suitability");
    older(suitability, "flood", [&](auto& s) { scenario.flood = s.source("flood"); });
    older(suitability, "flood_above",
          [&](auto& s) { scenario.flood_above = s.number("flood_above"); });
    older(suitability, "landslide", [&](auto& s) { scenario.landslide = s.source("landslide"); });
    older(suitability, "landslide_from",
          [&](auto& s) { scenario.landslide_from = s.number("landslide_from"); });
    older(suitability, "height", [&](auto& s) { scenario.heights = s.source("height"); });
    older(suitability, "slope_above",
          [&](auto& s) { scenario.slope_above = s.number("slope_above"); });
    older(file.section("shelter"), "movers",
          [&](auto& s) { scenario.movers = rules_of(s, "movers"); });
    older(file.section("shelter.isolation"), "closed_by",
          [&](auto& s) { scenario.closed_by = s.texts("closed_by"); });
}

} // namespace riskmap::project
