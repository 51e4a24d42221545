// SPDX-License-Identifier: MIT
#include <riskmap/forest/townships.hpp>

#include <cmath>
#include <map>

#include "tables.hpp"

namespace riskmap::forest {

using vector::FieldType;

vector::Layer township_layer(const TownshipStudy& study, const UnitLayer& units, const Crs& crs,
                             Language language) {
    vector::Layer layer{"key_townships", crs, {}, {}};
    layer.fields =
        Fields{language}
            .add("rank", FieldType::integer, "次序", "rank")
            .add("unit", FieldType::text, "单元", "unit")
            .add("index", FieldType::real, "综合指数", "index")
            .add("level", FieldType::integer, "等级（5高-1低）", "level (5 high to 1 low)")
            .add("key", FieldType::integer, "重点乡镇", "key township")
            .add("forest_km2", FieldType::real, "森林（平方公里）", "forest (km2)")
            .add("danger", FieldType::real, "平均火险", "mean fire danger")
            .add("fires", FieldType::real, "火灾次数", "fires")
            .add("burnt_ha", FieldType::real, "过火面积（公顷）", "burnt (ha)")
            .add("edge_people", FieldType::real, "林缘人口", "people at the forest's edge")
            .add("unseen_km2", FieldType::real, "监控盲区（平方公里）", "unseen forest (km2)")
            .add("damage_permille", FieldType::real, "年均受害率（‰）",
                 "damage rate (permille a year)")
            .add("worst_permille", FieldType::real, "最重年受害率（‰）",
                 "damage rate of the worst year (permille)")
            .add("worst_year", FieldType::integer, "最重年份", "worst year")
            .add("over_limit", FieldType::integer, "最重年超过0.8‰",
                 "the worst year is above 0.8 permille")
            .take();
    std::multimap<std::string, std::size_t> shapes;
    for (std::size_t u = 0; u < units.units.size(); ++u)
        shapes.emplace(units.units[u], u);
    for (std::size_t t = 0; t < study.townships.size(); ++t) {
        const auto& town = study.townships[t];
        auto& feature = layer.features.emplace_back();
        feature.values = {
            static_cast<std::int64_t>(t + 1),
            town.name,
            vector::value_of(town.index),
            town.level > 0 ? vector::Value{std::int64_t{town.level}} : vector::Value{},
            std::int64_t{town.key ? 1 : 0},
            town.forest_m2 * km2_per_m2,
            vector::value_of(town.danger),
            town.fires,
            town.burnt_ha,
            vector::value_of(town.edge_people),
            town.unseen_m2 * km2_per_m2,
            vector::value_of(town.damage_permille),
            vector::value_of(town.worst_damage_permille),
            town.worst_year > 0 ? vector::Value{std::int64_t{town.worst_year}} : vector::Value{},
            std::isnan(town.worst_damage_permille)
                ? vector::Value{}
                : vector::Value{
                      std::int64_t{town.worst_damage_permille > damage_limit_permille ? 1 : 0}}};
        // Units of the same name come in the order of their layer.
        if (const auto shape = shapes.lower_bound(town.name);
            shape != shapes.end() && shape->first == town.name) {
            feature.shape.polygons = units.shapes[shape->second];
            shapes.erase(shape);
        }
    }
    return layer;
}

namespace {

Json figures(const Township& town) {
    return {{"forest_area_m2", town.forest_m2},
            {"danger", number(town.danger)},
            {"fires", town.fires},
            {"burnt_ha", town.burnt_ha},
            {"edge_people", number(town.edge_people)},
            {"unseen_area_m2", town.unseen_m2},
            {"damage_permille", number(town.damage_permille)},
            {"worst_damage_permille", number(town.worst_damage_permille)},
            {"worst_year", town.worst_year}};
}

} // namespace

std::string township_json(const TownshipStudy& study) {
    Json json = figures(study.all);
    json["damage_limit_permille"] = damage_limit_permille;
    json["within_limit"] = std::isnan(study.all.worst_damage_permille)
                               ? Json()
                               : Json(!(study.all.worst_damage_permille > damage_limit_permille));
    json["years"] = study.years;
    json["damage_by_year"] = Json::object();
    for (const auto& [year, rate] : study.damage_by_year)
        json["damage_by_year"][std::to_string(year)] = number(rate);
    json["left_out"] = study.left_out;
    if (!study.remarks.empty())
        json["remarks"] = study.remarks;
    json["townships"] = Json::array();
    for (const auto& town : study.townships) {
        Json row{{"unit", town.name},
                 {"index", number(town.index)},
                 {"level", town.level},
                 {"key", town.key}};
        row.update(figures(town));
        json["townships"].push_back(std::move(row));
    }
    return json.dump(2) + "\n";
}

} // namespace riskmap::forest
