// SPDX-License-Identifier: MIT
#include <riskmap/forest/report.hpp>

#include <algorithm>
#include <cmath>

#include <riskmap/raster/cells.hpp>
#include <riskmap/raster/polygonise.hpp>

#include "tables.hpp"

namespace riskmap::forest {

namespace {

using vector::FieldType;

void put(Json& json, const SeenForest& forest) {
    json["forest_area_m2"] = forest.forest;
    json["seen_area_m2"] = forest.seen;
    json["share"] = number(forest.share());
    json["twice_area_m2"] = forest.twice;
    json["twice_share"] = number(forest.twice_share());
}

Json units_json(const std::vector<UnitLayer>& layers, const Coverage& coverage) {
    auto units = Json::array();
    for (std::size_t l = 0; l < layers.size(); ++l)
        for (std::size_t u = 0; u < layers[l].units.size(); ++u) {
            Json unit{{"layer", layers[l].name}, {"unit", layers[l].units[u]}};
            put(unit, coverage.units[l][u]);
            units.push_back(std::move(unit));
        }
    return units;
}

Json cameras_json(const std::vector<Camera>& cameras, std::span<const CameraShare> shares) {
    auto out = Json::array();
    for (std::size_t c = 0; c < cameras.size(); ++c)
        out.push_back({{"id", cameras[c].id},
                       {"seen_area_m2", shares[c].seen},
                       {"alone_area_m2", shares[c].alone}});
    return out;
}

Json height_json(const CoverageStudy& study, const Coverage& coverage) {
    Json json{{"target_m", coverage.target}};
    put(json, coverage.all);
    json["cameras"] = cameras_json(study.cameras, coverage.cameras);
    json["units"] = units_json(study.layers, coverage);
    return json;
}

} // namespace

std::string coverage_json(const CoverageStudy& study) {
    Json json = height_json(study, study.heights.front());
    json["targets"] = Json::array();
    for (const auto& coverage : study.heights)
        json["targets"].push_back(height_json(study, coverage));
    json["remarks"] = study.remarks;
    return json.dump(2) + "\n";
}

std::vector<Camera> cameras_after(const PlanStudy& study) {
    auto cameras = study.existing;
    for (const auto site : study.plan.sites)
        cameras.push_back(study.candidates[site]);
    return cameras;
}

std::string plan_json(const PlanStudy& study) {
    const auto& plan = study.plan;
    Json json{{"target_m", plan.after.target}};
    put(json, plan.after.all);
    auto cameras = study.existing;
    for (const auto site : plan.sites)
        cameras.push_back(study.candidates[site]);
    // What serves without being a site of its own, such as shores, comes last.
    json[study.kind == SiteKind::camera ? "cameras" : "points"] =
        cameras_json(cameras, plan.after.cameras);
    json["units"] = units_json(study.layers, plan.after);
    Json before;
    put(before, plan.before.all);
    before["units"] = units_json(study.layers, plan.before);
    json["before"] = std::move(before);
    json["sites"] = Json::array();
    for (const auto site : plan.sites)
        json["sites"].push_back(study.candidates[site].id);
    json["curve"] = Json::array();
    for (const auto& point : plan.curve)
        json["curve"].push_back(
            {{"sites", point.sites},
             {"id",
              point.sites == 0 ? Json() : Json(study.candidates[plan.sites[point.sites - 1]].id)},
             {"cost", number(point.cost)},
             {"gain_m2", point.gain_m2},
             {"seen_area_m2", point.seen_m2},
             {"share", point.share}});
    json["cost"] = number(plan.curve.back().cost);
    json["bound"] = plan.bound;
    json["bound_of"] = plan.aim.kind != siting::AimKind::goal ? "seen_area_m2"
                       : plan.aim.least == Least::cost        ? "cost"
                                                              : "sites";
    json["gap"] = plan.gap;
    json["reachable_share"] = plan.reachable_share;
    json["candidates"] = study.candidates.size();
    json["remarks"] = study.remarks;
    return json.dump(2) + "\n";
}

namespace {

void add_optics(Fields& fields) {
    fields.add("mast_m", FieldType::real, "杆高（米）", "mast (m)")
        .add("range_m", FieldType::real, "半径（米）", "range (m)");
}

void put_optics(vector::Feature& feature, const Camera& camera) {
    feature.values.emplace_back(camera.observer.mast);
    feature.values.push_back(std::isfinite(camera.observer.range)
                                 ? vector::Value{camera.observer.range}
                                 : vector::Value{});
}

} // namespace

vector::Layer camera_layer(SiteKind kind, const std::vector<Camera>& cameras,
                           std::span<const CameraShare> shares, const Crs& crs, Language language) {
    const bool looks = kind == SiteKind::camera;
    vector::Layer layer{looks ? "cameras" : "points", crs, {}, {}};
    Fields fields{language};
    fields.add("id", FieldType::text, "编号", "id")
        .add("seen_km2", FieldType::real, looks ? "可见森林（平方公里）" : "可供水森林（平方公里）",
             looks ? "forest seen (km2)" : "forest in reach (km2)")
        .add("alone_km2", FieldType::real,
             looks ? "唯一可见森林（平方公里）" : "唯一可供水森林（平方公里）",
             looks ? "forest that only it sees (km2)" : "forest in reach of it alone (km2)");
    if (looks)
        add_optics(fields);
    layer.fields = fields.take();
    for (std::size_t c = 0; c < cameras.size(); ++c) {
        if (!cameras[c].placed)
            continue;
        auto& feature = layer.features.emplace_back();
        feature.values = {cameras[c].id, shares[c].seen * km2_per_m2, shares[c].alone * km2_per_m2};
        if (looks)
            put_optics(feature, cameras[c]);
        feature.shape.points = {cameras[c].observer.place};
    }
    return layer;
}

vector::Layer site_layer(const PlanStudy& study, const Crs& crs, Language language) {
    const bool looks = study.kind == SiteKind::camera;
    vector::Layer layer{"sites", crs, {}, {}};
    Fields fields{language};
    fields.add("rank", FieldType::integer, "次序", "rank")
        .add("id", FieldType::text, "编号", "id")
        .add("cost", FieldType::real, "造价", "cost")
        .add("gain_km2", FieldType::real, "新增森林（平方公里）", "forest that it adds (km2)")
        .add("share", FieldType::real, "累计覆盖率", "share of the forest so far")
        .add("remark", FieldType::text, "备注", "remark");
    if (looks)
        add_optics(fields);
    layer.fields = fields.take();
    for (std::size_t s = 0; s < study.plan.sites.size(); ++s) {
        const auto& site = study.candidates[study.plan.sites[s]];
        const auto& point = study.plan.curve[s + 1];
        auto& feature = layer.features.emplace_back();
        feature.values = {
            static_cast<std::int64_t>(s + 1), site.id,     vector::value_of(site.cost),
            point.gain_m2 * km2_per_m2,       point.share, site.remark};
        if (looks)
            put_optics(feature, site);
        feature.shape.points = {site.observer.place};
    }
    return layer;
}

vector::Layer coverage_layer(const UnitLayer& units, const std::vector<SeenForest>& now,
                             const std::vector<SeenForest>* before, const Crs& crs,
                             Language language) {
    vector::Layer layer{units.name, crs, {}, {}};
    Fields fields{language};
    fields.add("unit", FieldType::text, "单元", "unit")
        .add("forest_km2", FieldType::real, "森林（平方公里）", "forest (km2)")
        .add("seen_km2", FieldType::real, "可见森林（平方公里）", "forest seen (km2)")
        .add("share", FieldType::real, "覆盖率", "share seen")
        .add("twice_share", FieldType::real, "两次以上覆盖率", "share seen twice")
        .add("level", FieldType::integer, "覆盖等级（5高-1低）",
             "coverage level (5 high to 1 low)");
    if (before != nullptr)
        fields.add("share_before", FieldType::real, "规划前覆盖率", "share seen before");
    layer.fields = fields.take();
    for (std::size_t u = 0; u < units.units.size(); ++u) {
        auto& feature = layer.features.emplace_back();
        const auto& sum = now[u];
        feature.values = {units.units[u],
                          sum.forest * km2_per_m2,
                          sum.seen * km2_per_m2,
                          vector::value_of(sum.share()),
                          vector::value_of(sum.twice_share()),
                          vector::share_level(sum.share())};
        if (before != nullptr)
            feature.values.push_back(vector::value_of((*before)[u].share()));
        feature.shape.polygons = units.shapes[u];
    }
    return layer;
}

vector::Layer blind_layer(const ForestCells& forest, const Coverage& coverage, double least_m2,
                          Language language, const Execution& execution) {
    vector::Layer layer{"blind_forest", forest.grid().crs, {}, {}};
    layer.fields = Fields{language}
                       .add("rank", FieldType::integer, "次序", "rank")
                       .add("area_km2", FieldType::real, "面积（平方公里）", "area (km2)")
                       .take();
    const auto blind = raster::mapped(times_seen(forest, coverage.times), [](double times) {
        return times == 0 ? 1.0 : raster::nodata;
    });
    const TrueAreas area_of{forest.grid().crs};
    std::vector<std::pair<double, MultiPolygon>> patches;
    for (auto& shape : raster::polygonise(*blind, {}, execution))
        for (auto& polygon : shape.shape) {
            MultiPolygon patch{std::move(polygon)};
            const double area = area_of(patch);
            if (area >= least_m2)
                patches.emplace_back(area, std::move(patch));
        }
    std::stable_sort(patches.begin(), patches.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    for (auto& [area, patch] : patches) {
        auto& feature = layer.features.emplace_back();
        feature.values = {static_cast<std::int64_t>(layer.features.size()), area * km2_per_m2};
        feature.shape.polygons = std::move(patch);
    }
    return layer;
}

vector::Layer curve_table(const PlanStudy& study) {
    vector::Layer table{"curve", {}, {}, {}};
    table.fields = {{"sites", FieldType::integer}, {"id", FieldType::text},
                    {"cost", FieldType::real},     {"gain_m2", FieldType::real},
                    {"seen_m2", FieldType::real},  {"share", FieldType::real}};
    for (const auto& point : study.plan.curve)
        table.features.push_back(
            {{static_cast<std::int64_t>(point.sites),
              point.sites == 0
                  ? vector::Value{}
                  : vector::Value{study.candidates[study.plan.sites[point.sites - 1]].id},
              vector::value_of(point.cost), point.gain_m2, point.seen_m2, point.share},
             {}});
    return table;
}

} // namespace riskmap::forest
