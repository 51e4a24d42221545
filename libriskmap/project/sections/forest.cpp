// SPDX-License-Identifier: MIT
// The sections [forest] and [forest.*].
#include "sections.hpp"

#include <algorithm>

#include <riskmap/forest/townships.hpp>

#include "layers.hpp"

namespace riskmap::project {

namespace {

using Type = KeyType;

std::string least_of() {
    return "sites, cost";
}
void check_township_weights(const std::string& text) {
    if (!text.empty())
        (void)forest::TownshipWeights::parse(text);
}

const Table<ForestRules>& forest_table() {
    static const Table<ForestRules> table{
        {.path = "forest",
         .zh = "森林，以及摄像头如何看它。没有这一节，就没有摄像头、重点乡镇和消防水源的成果。",
         .en = "The forest, and how cameras look at it. Without this section there are no products "
               "of cameras, key townships and fire water.",
         .by_presence = true},
        {{{.name = "file",
           .type = Type::source,
           .zh = "土地覆盖栅格，或森林的面图层",
           .en = "land-cover raster, or polygons of forest",
           .example = "\"landcover.tif\"",
           .required = true}},
         {{.name = "classes",
           .type = Type::numbers,
           .fallback = "[]",
           .zh = "栅格中哪些类是森林",
           .en = "of the raster: those that are forest",
           .example = "[30]"},
          &ForestRules::classes},
         {{.name = "height",
           .type = Type::source,
           .zh = "高程（米），用米制坐标系；摄像头在它的格网上计算",
           .en = "heights in metres on a metric CRS; their grid is the one that cameras are worked "
                 "on",
           .example = "\"terrain.tif\"",
           .required = true},
          &ForestRules::height},
         {{.name = "canopy",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "树高（米）：抬高除塔位以外各处的地面",
           .en = "tree heights in metres: raise the ground everywhere but at the mast"},
          &ForestRules::canopy},
         {{.name = "refraction",
           .type = Type::number,
           .fallback = "0.14285714285714285",
           .zh = "k：地面降低 (1 - k) d^2 / 2R",
           .en = "k: the ground is lowered by (1 - k) d^2 / 2R"},
          &ForestRules::refraction},
         {{.name = "targets",
           .type = Type::numbers,
           .fallback = "[0, 20]",
           .zh = "目标离地高度；图和规划用第一个",
           .en = "heights of targets above the ground; maps and the plan take the first",
           .unit = "m",
           .least = 0},
          &ForestRules::targets},
         {{.name = "margin",
           .type = Type::number,
           .fallback = "0",
           .zh = "城市边界外多远的森林和地点也计入",
           .en = "how far beyond the city's border forest and places count as well",
           .unit = "m",
           .least = 0},
          &ForestRules::margin},
         {modelled_key(), &ForestRules::modelled}}};
    return table;
}

const Table<ForestRules>& camera_table() {
    static const Table<ForestRules> table{
        {.path = "forest.cameras", .zh = "已有的摄像头。", .en = "Cameras that stand already."},
        {{{.name = "file",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "点图层；字段 "
                 "id、mast_m、range_m、min_range_m、azimuth_from、azimuth_to、tilt_from、"
                 "tilt_to、cost_10k_yuan，或 docs/layers.md 中它们的任一名称",
           .en = "vector file of points; fields id, mast_m, range_m, min_range_m, azimuth_from, "
                 "azimuth_to, tilt_from, tilt_to, cost_10k_yuan, by any of their names in "
                 "docs/layers.md",
           .example = "\"census.gpkg:cameras\""},
          &ForestRules::cameras},
         {{.name = "mast",
           .type = Type::number,
           .fallback = "20",
           .zh = "没有写明塔高的摄像头和候选点的塔高",
           .en = "of cameras and candidates that do not say it",
           .unit = "m",
           .least = 0},
          &ForestRules::mast},
         {{.name = "range",
           .type = Type::number,
           .fallback = "5000",
           .zh = "没有写明视距的摄像头和候选点的视距",
           .en = "of cameras and candidates that do not say it",
           .unit = "m",
           .least = 0,
           .above = true},
          &ForestRules::range}}};
    return table;
}

const Table<ForestRules>& candidate_table() {
    static const Table<ForestRules> table{
        {.path = "forest.candidates",
         .zh = "新摄像头的候选点；不给文件则从地形中寻找。",
         .en = "Places for new cameras; without a file they are found in the terrain."},
        {{{.name = "file",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "点图层，字段相同",
           .en = "vector file of points, with the same fields",
           .example = "\"census.gpkg:camera_candidates\""},
          &ForestRules::candidates},
         {{.name = "most",
           .type = Type::whole,
           .fallback = "500",
           .zh = "寻找时：最多这么多",
           .en = "found ones: at most so many",
           .least = 1},
          &ForestRules::most_candidates},
         {{.name = "spacing",
           .type = Type::number,
           .fallback = "500",
           .zh = "寻找时：两点之间的距离",
           .en = "found ones: between two",
           .unit = "m",
           .least = 0,
           .above = true},
          &ForestRules::spacing},
         {{.name = "roads",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "寻找时：必须靠近的线",
           .en = "found ones: lines that they must be near to"},
          &ForestRules::roads},
         {{.name = "road_distance",
           .type = Type::number,
           .fallback = "500",
           .zh = "寻找时：到道路的距离",
           .en = "found ones: to a road",
           .unit = "m"},
          &ForestRules::road_distance}}};
    return table;
}

const Table<ForestRules>& plan_table() {
    static const Table<ForestRules> table{
        {.path = "forest.plan", .zh = "新摄像头要达到什么。", .en = "What new cameras are for."},
        {{{.name = "goal",
           .type = Type::number,
           .fallback = "0.5",
           .zh = "要看到的森林比例，0.5 为一半",
           .en = "share of the forest to be seen, 0.5 for half of it",
           .least = 0,
           .most = 1,
           .above = true},
          &ForestRules::goal},
         {{.name = "sites",
           .type = Type::whole,
           .fallback = "0",
           .zh = "大于 0：用这么多点看到尽量多，不设目标",
           .en = "above 0: the most coverage with so many, no goal",
           .least = 0},
          &ForestRules::sites},
         {{.name = "budget",
           .type = Type::number,
           .fallback = "0",
           .zh = "大于 0：用这么多钱看到尽量多，不设目标",
           .en = "above 0: the most coverage for so much, no goal",
           .least = 0},
          &ForestRules::budget},
         {{.name = "least",
           .type = Type::text,
           .fallback = "\"sites\"",
           .zh = "达到目标时什么最少",
           .en = "what a goal is reached with the least of",
           .choices = &least_of}}}};
    return table;
}

const Table<ForestRules>& township_table() {
    static const Table<ForestRules> table{
        {.path = "forest.townships",
         .zh = "森林防火重点乡镇名单，以及森林火灾受害率。",
         .en = "The list of key forest-fire townships, and the damage rate of fires."},
        {{{.name = "fires",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "历史火灾的点图层",
           .en = "vector file of past fires: points",
           .example = "\"census.gpkg:forest_fires\""},
          &ForestRules::fires},
         {{.name = "burnt_field",
           .type = Type::text,
           .fallback = "\"\"",
           .zh = "受害面积（ha）的字段；空：按 docs/layers.md 中的名称",
           .en = "field with the burnt area in ha; empty: by its names in docs/layers.md"}},
         {{.name = "date_field",
           .type = Type::text,
           .fallback = "\"\"",
           .zh = "日期的字段；空：同上",
           .en = "field with the date; empty: likewise"}},
         {{.name = "danger",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "火险栅格",
           .en = "raster of fire danger",
           .example = "\"danger.tif\""},
          &ForestRules::danger},
         {{.name = "edge",
           .type = Type::number,
           .fallback = "1000",
           .zh = "计入离森林不超过这一距离的人口",
           .en = "people that live at most so far from forest count",
           .unit = "m"},
          &ForestRules::edge},
         {{.name = "years",
           .type = Type::number,
           .fallback = "0",
           .zh = "火灾记录的长度；0：从第一年到最后一年",
           .en = "length of the record of fires; 0: from its first to its last year",
           .unit = "years"},
          &ForestRules::years},
         {{.name = "weights",
           .type = Type::text,
           .fallback = "\"\"",
           .zh =
               "forest、danger、fires、burnt、people、unseen 的权重，如 \"forest=2,danger=1\"；没有"
               "写的为 0；空：全部相同",
           .en = "of forest, danger, fires, burnt, people, unseen, as \"forest=2,danger=1\"; those "
                 "not named count 0; empty: all the same",
           .rule = &check_township_weights},
          &ForestRules::weights}}};
    return table;
}

const Table<ForestRules>& water_table() {
    static const Table<ForestRules> table{
        {.path = "forest.water",
         .zh = "消防水源够得到的森林，以及新水源放在哪里。",
         .en = "Forest in reach of fire water, and where the next points go.",
         .by_presence = true},
        {{{.name = "file",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "取水点和消火栓的矢量文件",
           .en = "vector file of water points and hydrants"},
          &ForestRules::water_points},
         {{.name = "shores",
           .type = Type::numbers,
           .fallback = "[]",
           .zh = "森林栅格中的水面类，其岸边也可取水",
           .en = "classes of the forest's raster that are open water, whose shores serve as well",
           .example = "[10]"},
          &ForestRules::shores},
         {{.name = "distance",
           .type = Type::number,
           .fallback = "2000",
           .zh = "输水的距离",
           .en = "that water is brought",
           .unit = "m",
           .least = 0,
           .above = true},
          &ForestRules::water_distance},
         {{.name = "lift",
           .type = Type::number,
           .fallback = "150",
           .zh = "输水的高差",
           .en = "that it is brought up",
           .unit = "m"},
          &ForestRules::water_lift},
         {{.name = "spacing",
           .type = Type::number,
           .fallback = "1000",
           .zh = "新水源候选点阵的间距",
           .en = "of the lattice of places for new points",
           .unit = "m",
           .least = 0,
           .above = true},
          &ForestRules::water_spacing},
         {{.name = "sites",
           .type = Type::whole,
           .fallback = "20",
           .zh = "新增的个数",
           .en = "new points",
           .least = 1},
          &ForestRules::water_sites}}};
    return table;
}

} // namespace

void declare_forest(Schema& schema) {
    for (const auto* table : {&forest_table(), &camera_table(), &candidate_table(), &plan_table(),
                              &township_table(), &water_table()})
        schema.add(*table);
}

void read_forest(const CheckedFile& file, Project& project) {
    const auto section = file.section("forest");
    if (!section.present())
        return;
    auto& forest = project.forest;
    static_cast<spec::Source&>(forest) = section.source("file");
    for (const auto* table : {&forest_table(), &camera_table(), &candidate_table(), &plan_table(),
                              &township_table(), &water_table()})
        fill(file.section(std::string{table->section.path}), *table, forest);
    if (forest.targets.empty())
        throw section.error("targets are heights of 0 m or more, at least one", "", "targets");
    const auto plan = file.section("forest.plan");
    forest.cheapest = plan.text("least") == "cost";
    if (forest.sites > 0 && forest.budget > 0)
        throw plan.error("a plan has a number of sites or a budget, not both",
                         "leave one of them out", "budget");
    const auto townships = file.section("forest.townships");
    name_column(forest.fires, townships.text("burnt_field"), "burnt_ha");
    name_column(forest.fires, townships.text("date_field"), "date");
    const auto water = file.section("forest.water");
    forest.water = water.present();
    if (!forest.shores.empty() && forest.classes.empty())
        throw water.error("shores are classes of the forest's raster, and the forest is polygons",
                          "", "shores");
}

} // namespace riskmap::project
