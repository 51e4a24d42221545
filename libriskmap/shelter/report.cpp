// SPDX-License-Identifier: MIT
#include <riskmap/shelter/report.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include <nlohmann/json.hpp>

#include <riskmap/core/exact_sum.hpp>
#include <riskmap/vector/fields.hpp>

namespace riskmap::shelter {

namespace {

using Json = nlohmann::ordered_json;
using vector::Fields;
using vector::FieldType;
using vector::value_of;

Json number(double value) {
    return std::isfinite(value) ? Json(value) : Json();
}

Json json_of(const Service& service) {
    return {{"people", service.people},          {"served", service.served},
            {"share", number(service.share())},  {"twice", service.twice},
            {"shelters", service.shelters},      {"capacity", service.capacity},
            {"mean_cost", number(service.mean)}, {"worst_cost", number(service.worst)}};
}

Json out_of_reach(const Scene& scene, const Evaluation& evaluation) {
    std::array<ExactSum, 4> people;
    for (std::size_t i = 0; i < evaluation.reach.size(); ++i)
        people[static_cast<std::size_t>(evaluation.reach[i])].add(scene.people.numbers[i]);
    Json json;
    json["people"] = evaluation.all.people - evaluation.all.served;
    json["too_far"] = people[static_cast<std::size_t>(Reach::too_far)].total();
    json["no_road"] = people[static_cast<std::size_t>(Reach::no_road)].total();
    json["no_way"] = people[static_cast<std::size_t>(Reach::no_way)].total();
    return json;
}

/// Full (more people than room) and hardly used (less than a quarter of the room).
Json use_json(const Scene& scene, const Evaluation& evaluation) {
    auto over = Json::array();
    auto under = Json::array();
    for (std::size_t k = 0; k < evaluation.open.size(); ++k) {
        const auto& site = scene.site(evaluation.open[k]);
        const double use = evaluation.sites[k].use(site);
        if (use > 1)
            over.push_back(site.id);
        else if (use < 0.25)
            under.push_back(site.id);
    }
    return {{"over_used", std::move(over)}, {"under_used", std::move(under)}};
}

Json shelters_json(const Scene& scene, const Evaluation& evaluation) {
    auto out = Json::array();
    for (std::size_t k = 0; k < evaluation.open.size(); ++k) {
        const auto& site = scene.site(evaluation.open[k]);
        const auto& service = evaluation.sites[k];
        out.push_back({{"id", site.id},
                       {"people", service.people},
                       {"people_within", service.within},
                       {"capacity", number(site.capacity)},
                       {"use", number(service.use(site))},
                       {"mean_cost", number(service.mean)},
                       {"worst_cost", number(service.worst)}});
    }
    return out;
}

void put(Json& json, const Scene& scene, const Evaluation& evaluation) {
    json.update(json_of(evaluation.all));
    json["out_of_reach"] = out_of_reach(scene, evaluation);
    json["units"] = Json::array();
    for (std::size_t l = 0; l < scene.units.size(); ++l)
        for (std::size_t u = 0; u < scene.units[l].names.size(); ++u) {
            Json unit{{"layer", scene.units[l].name}, {"unit", scene.units[l].names[u]}};
            unit.update(json_of(evaluation.units[l][u]));
            json["units"].push_back(std::move(unit));
        }
}

void put_frame(Json& json, const Scene& scene) {
    json["limit"] = scene.limit.amount;
    json["cost_unit"] = scene.limit.minutes ? "s" : "m";
}

} // namespace

std::string evaluation_json(const Scene& scene, const Evaluation& evaluation) {
    Json json;
    put_frame(json, scene);
    put(json, scene, evaluation);
    json["shelter_list"] = shelters_json(scene, evaluation);
    json.update(use_json(scene, evaluation));
    json["remarks"] = scene.remarks;
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string plan_json(const Scene& scene, const Plan& plan) {
    Json json;
    put_frame(json, scene);
    json["model"] = plan.rules.model;
    json["status"] = plan.answer.optimal ? "optimal" : "feasible";
    json["objective"] = plan.answer.objective;
    json["bound"] = plan.answer.bound;
    json["gap"] = plan.answer.gap;
    json["before"] = Json::object();
    put(json["before"], scene, plan.before);
    json["after"] = Json::object();
    put(json["after"], scene, plan.after);
    json["newly_served"] = plan.after.all.served - plan.before.all.served;
    json["reachable"] = plan.reachable;
    json["cost"] = plan.sites.empty() ? Json(0) : number(plan.sites.back().cost);
    json["sites"] = Json::array();
    for (std::size_t r = 0; r < plan.sites.size(); ++r) {
        const auto& planned = plan.sites[r];
        const auto& site = scene.candidates[planned.candidate];
        json["sites"].push_back(
            {{"rank", r + 1},
             {"id", site.id},
             {"kind", site.kind},
             {"group", site.group},
             {"gain", planned.gain},
             {"people", planned.service.people},
             {"people_within", planned.service.within},
             {"mean_cost", number(planned.service.mean)},
             {"worst_cost", number(planned.service.worst)},
             {"capacity", number(site.capacity)},
             {"use", number(planned.service.use(site))},
             {"cost", number(site.cost)},
             {"reason", {{"zh", planned.reason.zh}, {"en", planned.reason.en}}}});
    }
    json["curve"] = Json::array();
    json["curve"].push_back({{"sites", 0}, {"served", plan.before.all.served}, {"cost", 0}});
    for (std::size_t r = 0; r < plan.sites.size(); ++r)
        json["curve"].push_back({{"sites", r + 1},
                                 {"served", plan.sites[r].so_far},
                                 {"cost", number(plan.sites[r].cost)}});
    json["excluded"] = Json::array();
    for (const auto& site : scene.candidates)
        if (!site.suitable()) {
            Json reasons = Json::array();
            for (const auto& fault : site.faults)
                reasons.push_back({{"zh", fault.zh}, {"en", fault.en}});
            json["excluded"].push_back({{"id", site.id}, {"reasons", std::move(reasons)}});
        }
    json.update(use_json(scene, plan.after));
    json["candidates"] = scene.candidates.size();
    json["remarks"] = scene.remarks;
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

namespace {

/// In metres or minutes.
vector::Value cost_value(const Scene& scene, double cost) {
    return std::isfinite(cost) ? value_of(scene.limit.minutes ? cost / 60 : cost) : vector::Value{};
}

/// Titles of costs.
struct CostTitle {
    std::string zh, en;
};
CostTitle cost_title(const Scene& scene, const char* zh, const char* en) {
    return {std::string{zh} + (scene.limit.minutes ? "（分钟）" : "（米）"),
            std::string{en} + (scene.limit.minutes ? " (min)" : " (m)")};
}

void add_cost(Fields& fields, const Scene& scene, const char* name, const char* zh,
              const char* en) {
    const auto title = cost_title(scene, zh, en);
    fields.add(name, FieldType::real, title.zh.c_str(), title.en.c_str());
}

vector::Value use_level(double use) {
    if (std::isnan(use))
        return {};
    std::int64_t level = 1;
    for (const double upper : {0.25, 0.75, 1.0, 2.0})
        level += use > upper ? 1 : 0;
    return level;
}

std::string joined(const std::vector<Words>& faults, Language language) {
    std::string text;
    for (const auto& fault : faults)
        text += (text.empty() ? "" : language == Language::zh ? "；" : "; ") + fault.in(language);
    return text;
}

} // namespace

vector::Layer site_layer(const Scene& scene, const Plan& plan, Language language) {
    vector::Layer layer{"sites", scene.crs, {}, {}};
    Fields fields{language};
    fields.add("rank", FieldType::integer, "次序", "rank")
        .add("id", FieldType::text, "编号", "id")
        .add("kind", FieldType::text, "类型", "kind")
        .add("group", FieldType::text, "乡镇", "township")
        .add("gain", FieldType::real, "新增覆盖人口", "people newly served")
        .add("people", FieldType::real, "就近人口", "people for whom it is the nearest")
        .add("capacity", FieldType::real, "容量（人）", "capacity (people)")
        .add("use", FieldType::real, "就近人口与容量之比", "people for its capacity");
    add_cost(fields, scene, "mean_cost", "平均距离", "mean way");
    add_cost(fields, scene, "worst_cost", "最远距离", "longest way");
    fields.add("cost", FieldType::real, "造价", "cost")
        .add("reason", FieldType::text, "理由", "reason");
    layer.fields = fields.take();
    for (std::size_t r = 0; r < plan.sites.size(); ++r) {
        const auto& planned = plan.sites[r];
        const auto& site = scene.candidates[planned.candidate];
        auto& feature = layer.features.emplace_back();
        feature.values = {static_cast<std::int64_t>(r + 1),
                          site.id,
                          site.kind,
                          site.group,
                          planned.gain,
                          planned.service.people,
                          value_of(site.capacity),
                          value_of(planned.service.use(site)),
                          cost_value(scene, planned.service.mean),
                          cost_value(scene, planned.service.worst),
                          value_of(site.cost),
                          planned.reason.in(language)};
        feature.shape.points = {site.place};
    }
    return layer;
}

vector::Layer existing_layer(const Scene& scene, const Evaluation& evaluation, Language language) {
    vector::Layer layer{"existing", scene.crs, {}, {}};
    Fields fields{language};
    fields.add("id", FieldType::text, "编号", "id")
        .add("kind", FieldType::text, "类型", "kind")
        .add("group", FieldType::text, "乡镇", "township")
        .add("people", FieldType::real, "就近人口", "people for whom it is the nearest")
        .add("within", FieldType::real, "范围内人口", "people within its limit")
        .add("capacity", FieldType::real, "容量（人）", "capacity (people)")
        .add("use", FieldType::real, "就近人口与容量之比", "people for its capacity")
        .add("level", FieldType::integer, "负荷等级（5高-1低）", "level of use (5 high to 1 low)");
    add_cost(fields, scene, "mean_cost", "平均距离", "mean way");
    add_cost(fields, scene, "worst_cost", "最远距离", "longest way");
    layer.fields = fields.take();
    for (std::size_t k = 0; k < evaluation.open.size(); ++k) {
        if (evaluation.open[k] >= scene.existing.size())
            continue;
        const auto& site = scene.site(evaluation.open[k]);
        const auto& service = evaluation.sites[k];
        auto& feature = layer.features.emplace_back();
        feature.values = {site.id,
                          site.kind,
                          site.group,
                          service.people,
                          service.within,
                          value_of(site.capacity),
                          value_of(service.use(site)),
                          use_level(service.use(site)),
                          cost_value(scene, service.mean),
                          cost_value(scene, service.worst)};
        feature.shape.points = {site.place};
    }
    return layer;
}

vector::Layer excluded_layer(const Scene& scene, Language language) {
    vector::Layer layer{"excluded", scene.crs, {}, {}};
    layer.fields = Fields{language}
                       .add("id", FieldType::text, "编号", "id")
                       .add("kind", FieldType::text, "类型", "kind")
                       .add("group", FieldType::text, "乡镇", "township")
                       .add("reason", FieldType::text, "不适宜原因", "why it is unsuitable")
                       .take();
    for (const auto& site : scene.candidates) {
        if (site.suitable())
            continue;
        auto& feature = layer.features.emplace_back();
        feature.values = {site.id, site.kind, site.group, joined(site.faults, language)};
        feature.shape.points = {site.place};
    }
    return layer;
}

vector::Layer people_layer(const Scene& scene, const Evaluation& evaluation, bool out_of_reach_only,
                           Language language) {
    vector::Layer layer{out_of_reach_only ? "out_of_reach" : "people", scene.crs, {}, {}};
    Fields fields{language};
    fields.add("id", FieldType::text, "编号", "id")
        .add("people", FieldType::real, "人口", "people")
        .add("nearest", FieldType::text, "最近避难场所", "nearest shelter");
    add_cost(fields, scene, "way", "距离", "way to it");
    fields.add("reach", FieldType::text, "状况", "within reach or why not");
    layer.fields = fields.take();
    for (std::size_t i = 0; i < scene.people.size(); ++i) {
        if (out_of_reach_only && evaluation.reach[i] == Reach::served)
            continue;
        const auto& hit = evaluation.nearest[i];
        auto& feature = layer.features.emplace_back();
        feature.values = {scene.people.id(i), scene.people.numbers[i],
                          hit.site == none
                              ? vector::Value{}
                              : vector::Value{scene.site(evaluation.open[hit.site]).id},
                          cost_value(scene, hit.cost), words_of(evaluation.reach[i]).in(language)};
        feature.shape.points = {scene.people.places[i]};
    }
    return layer;
}

vector::Layer unit_layer(const Scene& scene, std::size_t layer_number, const Evaluation& now,
                         const Evaluation* before, Language language) {
    const auto& units = scene.units[layer_number];
    vector::Layer layer{units.name, scene.crs, {}, {}};
    Fields fields{language};
    fields.add("unit", FieldType::text, "单元", "unit")
        .add("people", FieldType::real, "人口", "people")
        .add("served", FieldType::real, "覆盖人口", "people served")
        .add("share", FieldType::real, "覆盖率", "share served")
        .add("twice", FieldType::real, "两处以上覆盖人口", "people served by two or more")
        .add("shelters", FieldType::integer, "避难场所数", "shelters")
        .add("capacity", FieldType::real, "容量（人）", "capacity (people)")
        .add("level", FieldType::integer, "覆盖等级（5高-1低）",
             "level of the share served (5 high to 1 low)");
    add_cost(fields, scene, "mean_cost", "平均距离", "mean way");
    add_cost(fields, scene, "worst_cost", "最远距离", "longest way");
    if (before != nullptr)
        fields.add("share_before", FieldType::real, "规划前覆盖率", "share served before");
    layer.fields = fields.take();
    for (std::size_t u = 0; u < units.names.size(); ++u) {
        const auto& service = now.units[layer_number][u];
        auto& feature = layer.features.emplace_back();
        feature.values = {units.names[u],
                          service.people,
                          service.served,
                          value_of(service.share()),
                          service.twice,
                          static_cast<std::int64_t>(service.shelters),
                          service.capacity,
                          vector::share_level(service.share()),
                          cost_value(scene, service.mean),
                          cost_value(scene, service.worst)};
        if (before != nullptr)
            feature.values.push_back(value_of(before->units[layer_number][u].share()));
        feature.shape.polygons = units.shapes[u];
    }
    return layer;
}

vector::Layer curve_table(const Scene& scene, const Plan& plan) {
    vector::Layer table{"curve", {}, {}, {}};
    table.fields = {{"sites", FieldType::integer}, {"id", FieldType::text},
                    {"cost", FieldType::real},     {"gain", FieldType::real},
                    {"served", FieldType::real},   {"share", FieldType::real}};
    const double all = plan.before.all.people;
    table.features.push_back({{std::int64_t{0}, vector::Value{}, 0.0, 0.0, plan.before.all.served,
                               plan.before.all.served / all},
                              {}});
    for (std::size_t r = 0; r < plan.sites.size(); ++r) {
        const auto& site = plan.sites[r];
        table.features.push_back(
            {{static_cast<std::int64_t>(r + 1), scene.candidates[site.candidate].id,
              value_of(site.cost), site.gain, site.so_far, site.so_far / all},
             {}});
    }
    return table;
}

} // namespace riskmap::shelter
