// SPDX-License-Identifier: MIT
// The sections [shelter] and [shelter.*].
#include "sections.hpp"

#include <riskmap/core/table.hpp>
#include <riskmap/shelter/plan.hpp>
#include <riskmap/shelter/reach_map.hpp>

#include "layers.hpp"

namespace riskmap::project {

namespace {

using Type = KeyType;
using shelter::PlanRules;
using shelter::RoadSource;
using shelter::SceneSource;
using shelter::SuitabilityRules;

std::string stays() {
    return names_in(shelter::stays());
}
std::string modes() {
    return names_in(network::modes());
}
std::string joins() {
    return names_in(network::join_names());
}
std::string models() {
    return names_in(siting::models());
}
void check_limit(const std::string& text) {
    (void)shelter::Limit::parse(text);
}
void check_bands(const std::string& text) {
    if (!text.empty())
        (void)shelter::parse_bands(text);
}

const Table<ShelterRules>& shelter_table() {
    static const Table<ShelterRules> table{
        {.path = "shelter",
         .zh = "人口，以及避难场所可以多远。没有这一节，就没有避难场所、可达范围和孤立的成果。",
         .en = "People and how far a shelter may be. Without this section there are no products of "
               "shelters, reach and isolation.",
         .by_presence = true},
        {{{.name = "people",
           .type = Type::source,
           .zh = "村庄或房屋的矢量文件，或人口栅格",
           .en = "vector file of villages or buildings, or raster of people",
           .example = "\"census.gpkg:villages\"",
           .required = true}},
         {{.name = "people_field",
           .type = Type::text,
           .fallback = "\"\"",
           .zh = "人数；空：文件是栅格",
           .en = "number of people; empty: the file is a raster",
           .example = "\"population\""}},
         {{.name = "movers",
           .type = Type::texts,
           .fallback = "[]",
           .zh = "旧写法，同 [scenario] movers",
           .en = "older way to write [scenario] movers",
           .older = true}},
         {{.name = "limit",
           .type = Type::text,
           .fallback = "\"1500m\"",
           .zh = "多远算够近：1500m、20min",
           .en = "how far is near enough: 1500m, 20min",
           .rule = &check_limit}},
         {{.name = "classes",
           .type = Type::texts,
           .fallback = "[]",
           .zh = "各类场所的人均面积（m2）和服务半径，如 [\"紧急=0.5:500m\", \"长期=4.5\"]；"
                 "空：紧急 0.5、短期 2、中期 3、长期 4.5",
           .en = "m2 a person and how far people come by class of site, as [\"紧急=0.5:500m\", "
                 "\"长期=4.5\"]; empty: 紧急 0.5, 短期 2, 中期 3, 长期 4.5"}},
         {{.name = "stay",
           .type = Type::text,
           .fallback = "\"short\"",
           .zh = "没有容量字段时的人均面积",
           .en = "area per person where no field says the capacity",
           .choices = &stays}},
         {modelled_key(), &ShelterRules::modelled}}};
    return table;
}

const Table<SceneSource>& existing_table() {
    static const Table<SceneSource> table{
        {.path = "shelter.existing", .zh = "已有的避难场所。", .en = "Shelters that exist."},
        {{{.name = "file",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "点图层；字段 id、kind、township、capacity、floor_area_m2、cost",
           .en = "vector file of points; fields id, kind, township, capacity, floor_area_m2, cost",
           .example = "\"census.gpkg:shelters_existing\""},
          &SceneSource::existing}}};
    return table;
}

const Table<SceneSource>& candidate_table() {
    static const Table<SceneSource> table{
        {.path = "shelter.candidates", .zh = "新场所的候选点。", .en = "Places for new ones."},
        {{{.name = "file",
           .type = Type::source,
           .zh = "点图层，字段相同，另有 flood_depth_m、landslide",
           .en = "vector file of points, with the same fields and flood_depth_m, landslide",
           .example = "\"census.gpkg:shelter_candidates\"",
           .required = true},
          &SceneSource::candidates}}};
    return table;
}

const Table<SuitabilityRules>& suitability_table() {
    static const Table<SuitabilityRules> table{
        {.path = "shelter.suitability",
         .zh = "避难场所不可以是什么样，已有的和候选的一样。",
         .en = "What a place must not be, one that stands or one that may come."},
        {{{.name = "flood",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "旧写法，同 [scenario] flood",
           .en = "older way to write [scenario] flood",
           .older = true}},
         {{.name = "flood_above",
           .type = Type::number,
           .fallback = "0.3",
           .zh = "旧写法，同 [scenario] flood_above",
           .en = "older way to write [scenario] flood_above",
           .unit = "m",
           .older = true}},
         {{.name = "landslide",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "旧写法，同 [scenario] landslide",
           .en = "older way to write [scenario] landslide",
           .older = true}},
         {{.name = "landslide_from",
           .type = Type::number,
           .fallback = "4",
           .zh = "旧写法，同 [scenario] landslide_from",
           .en = "older way to write [scenario] landslide_from",
           .older = true}},
         {{.name = "height",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "旧写法，同 [scenario] height",
           .en = "older way to write [scenario] height",
           .older = true}},
         {{.name = "slope_above",
           .type = Type::number,
           .fallback = "15",
           .zh = "旧写法，同 [scenario] slope_above",
           .en = "older way to write [scenario] slope_above",
           .unit = "°",
           .older = true}},
         {{.name = "least_area",
           .type = Type::number,
           .fallback = "0",
           .zh = "建筑面积小于此值",
           .en = "with less floor than this",
           .unit = "m2"},
          &SuitabilityRules::least_area},
         {{.name = "plants",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "化工厂的矢量文件",
           .en = "vector file of chemical plants"}},
         {{.name = "plant_distance",
           .type = Type::number,
           .fallback = "500",
           .zh = "离化工厂近于此值",
           .en = "nearer to a plant than this",
           .unit = "m"},
          &SuitabilityRules::plant_distance},
         {{.name = "any",
           .type = Type::flag,
           .fallback = "false",
           .zh = "不适宜的地点也取",
           .en = "take unsuitable places as well"}}}};
    return table;
}

const Table<RoadSource>& road_table() {
    static const Table<RoadSource> table{
        {.path = "shelter.roads",
         .zh = "人怎么走。不给文件，路程就是直线乘以系数。",
         .en = "How people go. Without a file ways are straight lines times a factor."},
        {{{.name = "file",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "线图层；字段 class、speed_kmh、oneway、layer、bridge、tunnel",
           .en = "vector file of lines; fields class, speed_kmh, oneway, layer, bridge, tunnel",
           .example = "\"census.gpkg:roads\""},
          &RoadSource::roads},
         {{.name = "by",
           .type = Type::text,
           .fallback = "\"walk\"",
           .zh = "以分钟计的限度怎么走",
           .en = "of limits in minutes",
           .choices = &modes}},
         {{.name = "walk_speed",
           .type = Type::number,
           .fallback = "4",
           .zh = "步行速度",
           .en = "of walking",
           .unit = "km/h",
           .least = 0,
           .above = true},
          &RoadSource::walk_kmh},
         {{.name = "drive_speed",
           .type = Type::number,
           .fallback = "30",
           .zh = "速度和等级都不明的道路上的车速",
           .en = "on roads whose speed and class are not known",
           .unit = "km/h",
           .least = 0,
           .above = true},
          &RoadSource::drive_kmh},
         {{.name = "height",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "高程（米），供 tobler 使用",
           .en = "heights in metres, for tobler"},
          &RoadSource::heights},
         {{.name = "snap",
           .type = Type::number,
           .fallback = "1",
           .zh = "道路端点在此距离内相连",
           .en = "within which ends of roads are joined",
           .unit = "m"},
          &RoadSource::snap},
         {{.name = "access",
           .type = Type::number,
           .fallback = "1000",
           .zh = "到最近道路最多多远",
           .en = "to the nearest road at most",
           .unit = "m",
           .least = 0,
           .above = true},
          &RoadSource::access},
         {{.name = "least_part",
           .type = Type::number,
           .fallback = "100",
           .zh = "不相连的路网中短于此值的部分不接入",
           .en = "parts of the network with less road than this are not come to",
           .unit = "m",
           .least = 0},
          &RoadSource::least_part},
         {{.name = "barriers",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "河流、湖泊、铁路等线或面：离开道路时不得穿越",
           .en = "rivers, lakes, railways as lines or areas: not crossed off the roads"},
          &RoadSource::barriers},
         {{.name = "not_entered",
           .type = Type::texts,
           .fallback = "[]",
           .zh = "不进入的道路：等级（如 \"motorway\"）或 \"access=no\"；空：按行走方式取常用值",
           .en = "roads that are not entered: classes as \"motorway\", or \"access=no\"; empty: "
                 "the usual ones for the way of going"},
          &RoadSource::not_entered},
         {{.name = "class_speeds",
           .type = Type::texts,
           .fallback = "[]",
           .zh = "各等级的车速，如 \"primary=50\"（km/h）",
           .en = "speeds by class, as \"primary=50\", km/h"}},
         {{.name = "join",
           .type = Type::text,
           .fallback = "\"crossings\"",
           .zh = "同层道路在何处相连：交叉处，或仅共有的顶点",
           .en = "where roads of one level are joined: where they cross, or at vertices they share",
           .choices = &joins}},
         {{.name = "factor",
           .type = Type::number,
           .fallback = "1.3",
           .zh = "直线步行的系数",
           .en = "of straight walks",
           .least = 0,
           .above = true},
          &RoadSource::factor}}};
    return table;
}

const Table<PlanRules>& plan_table() {
    static const Table<PlanRules> table{
        {.path = "shelter.plan",
         .zh = "新增多少场所，按什么规则。",
         .en = "How many new shelters, and under what rules."},
        {{{.name = "sites",
           .type = Type::whole,
           .fallback = "150",
           .zh = "新增个数；0：预算够建多少就多少",
           .en = "new shelters; 0: as many as the budget pays for",
           .least = 0}},
         {{.name = "budget",
           .type = Type::number,
           .fallback = "0",
           .zh = "大于 0：总费用的上限",
           .en = "above 0: what they may cost together",
           .least = 0}},
         {{.name = "model",
           .type = Type::text,
           .fallback = "\"mclp\"",
           .zh = "规划要达到什么",
           .en = "what a plan is for",
           .choices = &models},
          &PlanRules::model},
         {{.name = "quota",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "表：group 和 least、most（新增个数）、least_share（服务人口比例）",
           .en = "table with group and least, most (new shelters), least_share (people served)"}},
         {{.name = "capacities",
           .type = Type::flag,
           .fallback = "false",
           .zh = "超出容量的人不算得到服务",
           .en = "nobody is served beyond the capacities"},
          &PlanRules::capacities},
         {{.name = "backup",
           .type = Type::number,
           .fallback = "0",
           .zh = "只有第二个场所也够得到才计入的人口比例，0 到 0.5",
           .en = "share of people that counts only with a second shelter, 0 to 0.5",
           .least = 0,
           .most = 0.5},
          &PlanRules::backup},
         {{.name = "forced",
           .type = Type::texts,
           .fallback = "[]",
           .zh = "必选的候选点 id",
           .en = "ids of candidates that must be in"},
          &PlanRules::forced},
         {{.name = "forbidden",
           .type = Type::texts,
           .fallback = "[]",
           .zh = "不可选的候选点 id",
           .en = "ids of candidates that must not"},
          &PlanRules::forbidden},
         {{.name = "seed",
           .type = Type::whole,
           .fallback = "1",
           .zh = "随机数种子",
           .en = "of random draws"}}}};
    return table;
}

const Table<ShelterRules>& reach_table() {
    static const Table<ShelterRules> table{
        {.path = "shelter.reach",
         .zh = "到最近场所的路程图，含规划的场所。",
         .en = "The map of the way to the nearest shelter, planned ones too."},
        {{{.name = "bands",
           .type = Type::text,
           .fallback = "\"\"",
           .zh = "递增的限度，如 \"500m,1000m,1500m\"；空：不出此图",
           .en = "rising limits, as \"500m,1000m,1500m\"; empty: no map of reach",
           .rule = &check_bands}}}};
    return table;
}

const Table<ShelterRules>& isolation_table() {
    static const Table<ShelterRules> table{
        {.path = "shelter.isolation",
         .zh = "道路被淹或塌方后，谁被隔断、与什么隔断；需要道路。",
         .en = "Who is cut off once roads flood or slide, and from what; needs roads.",
         .by_presence = true},
        {{{.name = "closed_by",
           .type = Type::texts,
           .fallback = "[]",
           .zh = "旧写法，同 [scenario] closed_by",
           .en = "older way to write [scenario] closed_by",
           .older = true}},
         {{.name = "seats",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "县城的点图层",
           .en = "vector file of county seats: points"}},
         {{.name = "hospitals",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "医院的点图层",
           .en = "vector file of hospitals: points"}}}};
    return table;
}

void read_plan(const SectionReader& section, ShelterRules& shelters) {
    auto& plan = shelters.plan;
    fill(section, plan_table(), plan);
    const int sites = section.whole("sites");
    const double budget = section.number("budget");
    if (sites == 0 && budget == 0 && plan.model != "lscp")
        throw section.error("neither a number of sites nor a budget is above 0", "", "sites");
    if (sites > 0)
        plan.sites = static_cast<std::size_t>(sites);
    if (budget > 0)
        plan.budget = budget;
    shelters.quotas = section.source("quota");
    plan.limits.seed = static_cast<std::uint64_t>(section.long_whole("seed"));
}

void read_isolation(const SectionReader& section, ShelterRules& shelters) {
    if (!section.present())
        return;
    if (shelters.scene.roads.roads.empty())
        throw section.error("isolation needs roads", "name them in [shelter.roads]");
    const auto& roads = shelters.scene.roads;
    if (roads.closed_by.empty() && roads.closed_above.empty())
        throw section.error("no road is closed", "say which are, in [scenario]", "closed_by");
    const auto add = [&](const char* name, const spec::Source& layer) {
        if (!layer.empty())
            shelters.goals.emplace_back(name, layer);
    };
    add("shelter", shelters.scene.existing);
    add("hospital", section.source("hospitals"));
    add("seat", section.source("seats"));
}

void read_scene(const CheckedFile& file, const SectionReader& section, SceneSource& scene) {
    scene.people = {section.source("people"), section.text("people_field")};
    scene.limit = shelter::Limit::parse(section.text("limit"));
    if (const auto classes = section.texts("classes"); !classes.empty()) {
        scene.classes.clear();
        for (const auto& text : classes)
            section.told_at("classes", [&] { scene.classes.push_back(shelter::site_class(text)); });
    }
    scene.area_per_person = row_named(shelter::stays(), section.text("stay"), "stay").area;
    fill(file.section("shelter.existing"), existing_table(), scene);
    fill(file.section("shelter.candidates"), candidate_table(), scene);
    const auto suitability = file.section("shelter.suitability");
    fill(suitability, suitability_table(), scene.suitability);
    scene.plants = suitability.source("plants");
    scene.any_site = suitability.flag("any");
    const auto roads = file.section("shelter.roads");
    fill(roads, road_table(), scene.roads);
    for (const auto& text : roads.texts("class_speeds"))
        roads.told_at("class_speeds",
                      [&] { scene.roads.class_speeds.insert(shelter::class_speed(text)); });
    scene.roads.join = row_named(network::join_names(), roads.text("join"), "way of joining").join;
    scene.roads.mode = row_named(network::modes(), roads.text("by"), "way of going").mode;
}

} // namespace

void declare_shelter(Schema& schema) {
    schema.add(shelter_table());
    schema.add(existing_table());
    schema.add(candidate_table());
    schema.add(suitability_table());
    schema.add(road_table());
    schema.add(plan_table());
    schema.add(reach_table());
    schema.add(isolation_table());
}

void read_shelters(const CheckedFile& file, Project& project) {
    const auto section = file.section("shelter");
    auto& shelters = project.shelters;
    shelters.present = section.present();
    if (!shelters.present)
        return;
    fill(section, shelter_table(), shelters);
    read_scene(file, section, shelters.scene);
    project.scenario.apply(shelters.scene);
    read_plan(file.section("shelter.plan"), shelters);
    if (const auto bands = file.section("shelter.reach").text("bands"); !bands.empty())
        shelters.bands = shelter::parse_bands(bands);
    read_isolation(file.section("shelter.isolation"), shelters);
}

} // namespace riskmap::project
