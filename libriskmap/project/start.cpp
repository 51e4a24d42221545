// SPDX-License-Identifier: MIT
#include <riskmap/project/start.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>

namespace riskmap::project {

namespace {

using census::IngestedLayer;

/// A hazard map that a specification stands for, and how it is usually normalised (method section
/// 3).
struct HazardStart {
    const char* spec;
    const char* id;
    const char* title;
    const char* title_en;
    double least;
    double most;
    const char* field;  ///< of a vector layer
    bool words = false; ///< levels in words
};
constexpr std::array<HazardStart, 11> hazard_starts{{
    {"flood_depth", "flood", "洪水", "flood", 0, 3, ""},
    {"wind", "typhoon", "台风", "typhoon", 17.2, 41.5, ""},
    {"rain", "rainstorm", "暴雨", "rainstorm", 100, 350, ""},
    {"landslide_susceptibility", "landslide", "地质灾害", "landslide", 0, 100, ""},
    {"flood_zones", "flood", "洪水", "flood", 0, 1, "level", true},
    {"landslide_zones", "landslide", "地质灾害", "landslide", 0, 1, "level", true},
    {"forest_fire_zones", "forest_fire", "森林火灾", "forest fire", 0, 1, "level", true},
    {"pga", "earthquake", "地震", "earthquake", 0.02, 0.4, "pga_g"},
    {"shaking", "earthquake", "地震", "earthquake", 4, 9, ""},
    {"forest_fire_danger", "forest_fire", "森林火灾", "forest fire", 0, 1, ""},
    {"drought", "drought", "干旱", "drought", 0, 1, ""},
}};

std::string text(const std::string& value) {
    std::string out = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return out + '"';
}

/// A comment holds no line of its own.
std::string comment(std::string words) {
    std::replace_if(
        words.begin(), words.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; },
        ' ');
    return "# " + words + "\n";
}

bool has(const IngestedLayer& layer, const char* field) {
    return std::find(layer.fields.begin(), layer.fields.end(), field) != layer.fields.end();
}

/// Writes a project section by section, and knows which layers it has used.
class Start {
  public:
    Start(const census::Ingest& ingest, Language language) : m_in{ingest}, m_language{language} {}

    std::optional<std::string> text_of(const std::string& id) {
        const auto* counties = use("counties");
        const auto* townships = use("townships");
        if (counties == nullptr)
            m_missing.push_back(say("县界", "counties"));
        if (townships == nullptr)
            m_missing.push_back(say("乡镇界", "townships"));
        if (m_in.cell_size <= 0)
            m_missing.push_back(say("像元大小：--cell-size 或 --like", "--cell-size or --like"));
        if (!m_missing.empty())
            return std::nullopt;
        const auto* cities = use("cities");
        const auto name = m_in.city_name.empty() ? id : m_in.city_name;
        m_out =
            comment(say("由 `riskmap ingest` 写出：先通读一遍，再 `riskmap run`。",
                        "Written by `riskmap ingest`: look through it, then `riskmap run` it."));
        m_out += comment(say("每个键的说明：docs/project-file.zh.md",
                             "What each key says: docs/project-file.md"));
        m_out += fmt::format("\n[project]\nid = {}\ntitle = {}\nlanguage = \"{}\"\n", text(id),
                             text(name), m_language == Language::zh ? "zh" : "en");
        if (cities != nullptr)
            area("city", *cities, "");
        else
            m_out += fmt::format("\n[areas.city]\ncode = {}\nname = {}\n",
                                 text(m_in.city_code.empty() ? id : m_in.city_code), text(name));
        area("counties", *counties, has(*counties, "city") && cities != nullptr ? "city" : "");
        area("townships", *townships, has(*townships, "county") ? "county" : "");
        m_out +=
            fmt::format("\n[grid]\ncrs = {}\ncell_size = {}\n", text(m_in.crs), m_in.cell_size);
        const auto hazards = write_hazards();
        const auto exposures = write_exposures(*townships);
        if (hazards == 0)
            m_missing.push_back(say("致灾因子（洪水、台风、地质灾害等的图层）",
                                    "hazards (maps of floods, typhoons, landslides ...)"));
        if (exposures == 0)
            m_missing.push_back(
                say("承灾体（人口、生产总值、房屋等）", "exposures (people, GDP, buildings ...)"));
        if (!m_missing.empty())
            return std::nullopt;
        write_indicators();
        write_weights();
        if (const auto* terrain = use("terrain"))
            m_out += fmt::format("\n[zoning]\nheight = {}\n", text(terrain->name + ".tif"));
        if (const auto* measures = use("measures"))
            m_out +=
                fmt::format("\n[prevention]\nmeasures = \"census.gpkg\"\nmeasures_layer = {}\n",
                            text(measures->name));
        write_forest();
        write_shelters();
        write_accepted();
        write_unused();
        return m_out;
    }

    [[nodiscard]] std::vector<std::string> missing() const { return m_missing; }

  private:
    std::string say(const char* zh, const char* en) const {
        return m_language == Language::zh ? zh : en;
    }

    /// Of several layers of a specification the one that is called like it, else the first.
    const IngestedLayer* find(const char* spec) const {
        const IngestedLayer* found = nullptr;
        for (const auto& layer : m_in.layers)
            if (layer.spec == spec && (found == nullptr || (layer.name.starts_with(spec) &&
                                                            !found->name.starts_with(spec))))
                found = &layer;
        return found;
    }
    const IngestedLayer* use(const char* spec) {
        const auto* layer = find(spec);
        if (layer != nullptr)
            m_used.insert(layer);
        return layer;
    }

    static std::string place_of(const IngestedLayer& layer) {
        return layer.raster ? fmt::format("file = {}\n", text(layer.name + ".tif"))
                            : fmt::format("file = \"census.gpkg\"\nlayer = {}\n", text(layer.name));
    }

    void area(const char* section, const IngestedLayer& layer, const char* parent) {
        m_out += fmt::format("\n[areas.{}]\n{}{}", section, place_of(layer),
                             *parent == '\0' ? std::string{}
                                             : fmt::format("parent_field = \"{}\"\n", parent));
    }

    /// The usual scale where the values lie within its ends, else one by the values.
    std::string scale_of(const HazardStart& start,
                         const std::vector<const IngestedLayer*>& maps) const {
        double low = std::numeric_limits<double>::infinity();
        double high = -low;
        for (const auto* map : maps)
            if (map->values) {
                low = std::min(low, map->values->first);
                high = std::max(high, map->values->second);
            }
        const auto usual = fmt::format("linear:{:g}:{:g}", start.least, start.most);
        // Values that fill a twentieth of the scale are mostly of another one.
        const bool fills = high - low >= (start.most - start.least) / 20;
        if (start.words || low > high || (low >= start.least && high <= start.most && fills))
            return fmt::format("normalise = \"{}\"\n", usual);
        return comment(fmt::format(
                   fmt::runtime(
                       say("数值（1% 至 99%）为 {:.4g} 至 {:.4g}，与常用的 {} 不合：核对单位，"
                           "再定两端",
                           "the values (1 % to 99 %) are {:.4g} to {:.4g}, which does not go with "
                           "the usual {}: check the unit, then set the ends")),
                   low, high, usual)) +
               "normalise = \"percentile:1:99\"\n";
    }

    std::size_t write_hazards() {
        std::size_t count = 0;
        std::vector<std::string> ids;
        for (const auto& start : hazard_starts) {
            std::vector<const IngestedLayer*> maps;
            for (const auto& layer : m_in.layers)
                if (layer.spec == start.spec &&
                    (layer.raster || *start.field == '\0' || has(layer, start.field)))
                    maps.push_back(&layer);
            if (maps.empty())
                continue;
            // A map without a return period does not go beside those that have one.
            const bool periods = std::any_of(
                maps.begin(), maps.end(), [](const auto* map) { return map->period.has_value(); });
            if (periods)
                std::erase_if(maps, [&](const auto* map) {
                    if (!map->period)
                        m_why[map] = say("文件名里没有重现期，不能与有重现期的图并用",
                                         "no return period in its name, beside maps that have one");
                    return !map->period;
                });
            std::sort(maps.begin(), maps.end(),
                      [](const auto* a, const auto* b) { return a->period < b->period; });
            auto id = std::string{start.id};
            for (int n = 2; std::find(ids.begin(), ids.end(), id) != ids.end(); ++n)
                id = fmt::format("{}_{}", start.id, n);
            ids.push_back(id);
            m_out += fmt::format("\n[[hazard]]\nid = \"{}\"\ntitle = \"{}\"\ntitle_en = \"{}\"\n",
                                 id, start.title, start.title_en);
            m_used.insert(maps.begin(), maps.end());
            write_maps(start, maps);
            ++count;
        }
        return count;
    }

    void write_maps(const HazardStart& start, const std::vector<const IngestedLayer*>& maps) {
        const auto field = [&](const IngestedLayer& map) {
            if (map.raster || *start.field == '\0')
                return std::string{};
            auto lines = fmt::format("field = \"{}\"\n", start.field);
            if (start.words)
                lines += comment(say("等级化为 0 至 1，按等距取值：有评价报告的按报告改",
                                     "levels as numbers of 0 to 1, evenly spaced: take those of "
                                     "the appraisal where there is one")) +
                         "classes = { very_high = 1, high = 0.75, middle = 0.5, low = 0.25, none = "
                         "0 }\n";
            return lines;
        };
        if (maps.size() == 1) {
            const auto& map = *maps.front();
            m_out += place_of(map) + field(map) + scale_of(start, maps);
            if (map.period)
                m_out += fmt::format("return_period = {:g}\n", *map.period);
            return;
        }
        m_out += scale_of(start, maps);
        for (const auto* map : maps) {
            m_out += "[[hazard.map]]\n" + place_of(*map) + field(*map);
            if (map->period)
                m_out += fmt::format("return_period = {:g}\n", *map->period);
        }
    }

    std::size_t write_exposures(const IngestedLayer& townships) {
        std::size_t count = 0;
        const auto write = [&](const char* id, const char* zh, const char* en, const char* unit,
                               const std::string& place, const std::string& rest) {
            m_out += fmt::format(
                "\n[[exposure]]\nid = \"{}\"\ntitle = \"{}\"\ntitle_en = \"{}\"\n{}{}{}", id, zh,
                en, *unit == '\0' ? std::string{} : fmt::format("unit = \"{}\"\n", unit), place,
                rest);
            ++count;
        };
        const auto of_units = [&](const char* field) {
            return comment(
                       say("乡镇总数，平均分到各像元；有格网数据时换用格网",
                           "totals of townships, spread evenly over their cells: take a grid where "
                           "there is one")) +
                   fmt::format("field = \"{}\"\nmeasure = \"sum\"\nkind = \"counts\"\n", field);
        };
        if (const auto* people = use("population"))
            write("people", "人口", "people", "persons", place_of(*people),
                  "kind = \"counts\"\npeople = true\nweight = 4\n");
        else if (const auto* villages = find("villages"); villages != nullptr &&
                                                          has(*villages, "population") &&
                                                          !has(townships, "population")) {
            m_used.insert(villages);
            write("people", "人口", "people", "persons", place_of(*villages),
                  "field = \"population\"\nmeasure = \"sum\"\nkind = \"counts\"\npeople = true\n"
                  "weight = 4\n");
        } else if (has(townships, "population"))
            write("people", "人口", "people", "persons", place_of(townships),
                  of_units("population") + "people = true\nweight = 4\n");
        if (const auto* gdp = use("gdp"))
            write("gdp", "生产总值", "GDP", "10 000 yuan", place_of(*gdp),
                  "kind = \"counts\"\nweight = 3\n");
        else if (has(townships, "gdp"))
            write("gdp", "生产总值", "GDP", "10 000 yuan", place_of(townships),
                  of_units("gdp") + "weight = 3\n");
        for (const auto& [spec, zh, en, measure] :
             {std::array{"buildings", "房屋建筑", "buildings", "area"},
              std::array{"crops", "农作物", "crops", "area"},
              std::array{"roads", "道路", "roads", "length"}})
            if (const auto* layer = use(spec))
                write(spec, zh, en, "", place_of(*layer),
                      fmt::format("measure = \"{}\"\n", measure));
        return count;
    }

    void write_indicators() {
        const auto* table = use("township_indicators");
        if (table == nullptr)
            return;
        const auto section = [&](const char* name, const char* more,
                                 std::initializer_list<const char*> fields) {
            std::string rows;
            for (const auto* field : fields)
                if (has(*table, field))
                    rows += fmt::format("\n[[{}.indicator]]\nfield = \"{}\"\n", name, field);
            if (!rows.empty())
                m_out += fmt::format("\n[{}]\n{}{}weights = \"entropy\"\n{}", name,
                                     place_of(*table), more, rows);
        };
        section("vulnerability", "range = [0.5, 1]\n",
                {"elderly_share", "weak_house_share", "low_income_share"});
        section("capacity", "",
                {"doctors_per_1000", "rescuers_per_10000", "supplies_yuan_per_person",
                 "shelter_m2_per_person", "early_warning_share", "plan_complete"});
    }

    void write_weights() {
        const auto* losses = use("losses");
        if (losses == nullptr)
            return;
        m_out += fmt::format("\n[weights]\nhazards = \"loss-share\"\nlosses = \"census.gpkg\"\n"
                             "losses_layer = {}\n",
                             text(losses->name));
        m_out += comment(say("没有灾情记录的灾种也占一点权重",
                             "hazards without a record of losses still count"));
        m_out += "least = 0.04\n";
    }

    void write_forest() {
        const auto* cover = find("landcover");
        const auto* terrain = find("terrain");
        const auto* cameras = find("cameras");
        if (cover == nullptr || terrain == nullptr)
            return;
        m_used.insert(cover);
        m_out += "\n" +
                 comment(say("哪些类是林地由地表覆盖的分类定；20 是 GlobeLand30 的林地，核对后再用",
                             "which classes are forest is the land cover's to say; 20 is that of "
                             "GlobeLand30: check it"));
        m_out += fmt::format("[forest]\nfile = {}\nclasses = [20]\nheight = {}\n",
                             text(cover->name + ".tif"), text(terrain->name + ".tif"));
        const auto layer = [&](const char* section, const char* spec) {
            if (const auto* found = use(spec))
                m_out += fmt::format("\n[forest.{}]\n{}", section, place_of(*found));
        };
        if (cameras != nullptr)
            layer("cameras", "cameras");
        layer("candidates", "camera_candidates");
        layer("water", "water_points");
        const auto* fires = use("forest_fires");
        const auto* danger = find("forest_fire_danger");
        if (fires != nullptr || danger != nullptr) {
            m_out += "\n[forest.townships]\n";
            if (fires != nullptr)
                m_out +=
                    fmt::format("fires = \"census.gpkg\"\nfires_layer = {}\n", text(fires->name));
            if (danger != nullptr)
                m_out += fmt::format("danger = {}\n", text(danger->name + ".tif"));
        }
    }

    void write_shelters() {
        const auto* villages = find("villages");
        const auto* candidates = find("shelter_candidates");
        if (villages == nullptr || candidates == nullptr || !has(*villages, "population"))
            return;
        m_used.insert({villages, candidates});
        m_out += fmt::format("\n[shelter]\npeople = \"census.gpkg\"\npeople_layer = {}\n"
                             "people_field = \"population\"\nlimit = \"1500m\"\n",
                             text(villages->name));
        if (const auto* existing = use("shelters"))
            m_out += "\n[shelter.existing]\n" + place_of(*existing);
        m_out += "\n[shelter.candidates]\n" + place_of(*candidates);
        if (const auto* plants = use("plants"))
            m_out += fmt::format(
                "\n[shelter.suitability]\nplants = \"census.gpkg\"\nplants_layer = {}\n",
                text(plants->name));
        if (const auto* roads = find("roads"))
            m_out += "\n[shelter.roads]\n" + place_of(*roads);
        m_out += fmt::format("\n[shelter.plan]\nsites = {}\n",
                             std::min<std::uint64_t>(150, candidates->features));
        if (const auto* quotas = use("quotas"))
            m_out += fmt::format("quota = \"census.gpkg\"\nquota_layer = {}\n", text(quotas->name));
    }

    void write_accepted() {
        if (m_in.report.accepted.empty())
            return;
        std::vector<std::string> names;
        for (const auto& line : m_in.report.accepted)
            names.push_back(text(line.substr(0, line.find(':'))));
        m_out += fmt::format("\n[check]\naccept = [{}]\n", fmt::join(names, ", "));
    }

    void write_unused() {
        std::string list;
        for (const auto& layer : m_in.layers) {
            if (m_used.contains(&layer))
                continue;
            const auto why = m_why.find(&layer);
            list += comment(fmt::format(
                "{}: {} ({}){}", say("未使用", "not used"), layer.name,
                fmt::join(layer.sources, " + "),
                why != m_why.end() ? ": " + why->second
                : layer.spec.empty()
                    ? ": " + say("没有对应的图层规范（docs/layers.md）：用 spec=名称 指定",
                                 "no specification fits (docs/layers.md): name one by spec=NAME")
                : layer.joined_into.empty()
                    ? ": " + say("没有章节需要它，或与它并用的图层不在",
                                 "no section needs it, or what it goes with is not there")
                    : fmt::format(
                          fmt::runtime(say("：已按代码并入 {}", ": joined by code into {}")),
                          layer.joined_into)));
        }
        for (const auto& left : m_in.report.left_out)
            list += comment(fmt::format("{}: {}: {}", say("未使用", "not used"), left.file,
                                        left.why.in(m_language)));
        if (!list.empty())
            m_out += "\n" + list;
    }

    const census::Ingest& m_in;
    Language m_language;
    std::string m_out;
    std::vector<std::string> m_missing;
    std::set<const IngestedLayer*> m_used;
    std::map<const IngestedLayer*, std::string> m_why;
};

} // namespace

std::optional<std::string> project_for(const census::Ingest& ingest, const std::string& id,
                                       Language language, std::vector<std::string>* missing) {
    Start start{ingest, language};
    auto text = start.text_of(id);
    if (missing != nullptr)
        *missing = start.missing();
    return text;
}

} // namespace riskmap::project
