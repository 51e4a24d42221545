// SPDX-License-Identifier: MIT
// Evaluation and plan as layers; their JSON is in report.cpp.
#include <algorithm>
#include <cmath>

#include <riskmap/shelter/report.hpp>
#include <riskmap/vector/fields.hpp>

namespace riskmap::shelter {

using vector::Fields;
using vector::FieldType;
using vector::value_of;

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
    fields.add("fault", FieldType::text, "不启用的原因", "why it does not serve");
    layer.fields = fields.take();
    for (std::size_t s = 0; s < scene.existing.size(); ++s) {
        const auto& site = scene.existing[s];
        const auto open = std::find(evaluation.open.begin(), evaluation.open.end(), s);
        const bool serves = open != evaluation.open.end();
        const auto service =
            serves ? evaluation.sites[static_cast<std::size_t>(open - evaluation.open.begin())]
                   : SiteService{0, raster::nodata, raster::nodata, 0};
        auto& feature = layer.features.emplace_back();
        feature.values = {site.id,
                          site.kind,
                          site.group,
                          service.people,
                          service.within,
                          value_of(site.capacity),
                          value_of(service.use(site)),
                          serves ? use_level(service.use(site)) : vector::Value{},
                          cost_value(scene, service.mean),
                          cost_value(scene, service.worst),
                          joined(site.faults, language)};
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

vector::Layer placement_layer(const Scene& scene, const Evaluation& evaluation, Language language) {
    vector::Layer layer{"placements", scene.crs, {}, {}};
    Fields fields{language};
    fields.add("site", FieldType::text, "避难场所", "shelter")
        .add("place", FieldType::text, "人口所在", "place of people")
        .add("people", FieldType::real, "人数", "people");
    add_cost(fields, scene, "way", "距离", "way");
    layer.fields = fields.take();
    for (const auto& placement : evaluation.placements) {
        const auto& site = scene.site(placement.site);
        auto& feature = layer.features.emplace_back();
        feature.values = {site.id, scene.people.id(placement.demand), placement.people,
                          cost_value(scene, placement.cost)};
        feature.shape.lines = {{scene.people.places[placement.demand], site.place}};
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
