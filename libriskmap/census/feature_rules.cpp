// SPDX-License-Identifier: MIT
#include "feature_rules.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace riskmap::census {

Finding& FeatureCase::found(RuleId rule, Words detail) {
    auto& finding = findings.emplace_back(Finding{rule});
    finding.layer = layer.label;
    finding.fid = source.fid;
    finding.detail = std::move(detail);
    if (finite(source.feature.shape))
        finding.place = place_on(source.feature.shape);
    return finding;
}

std::span<const FeatureRule> feature_rules() {
    static constexpr std::array<FeatureRule, 9> rules{
        &check_texts,  &check_values,   &check_presence,   &check_type,    &check_numbers_of_shape,
        &check_extent, &check_vertices, &check_ring_order, &check_validity};
    return rules;
}

bool finite(const vector::Shape& shape) {
    const Box box = vector::bounds(shape);
    if (shape.empty())
        return true;
    // The box passes over NaN, so every coordinate is looked at.
    const auto all = [](const std::vector<Point>& points) {
        return std::all_of(points.begin(), points.end(),
                           [](Point p) { return std::isfinite(p.x + p.y); });
    };
    return !box.empty() && all(shape.points) &&
           std::all_of(shape.lines.begin(), shape.lines.end(), all) &&
           std::all_of(shape.polygons.begin(), shape.polygons.end(), [&](const Polygon& polygon) {
               return all(polygon.outer) &&
                      std::all_of(polygon.holes.begin(), polygon.holes.end(), all);
           });
}

Words flaw_words(const std::string& reason) {
    constexpr std::array<std::pair<const char*, const char*>, 9> known{{
        {"Ring Self-intersection", "环自相交"},
        {"Self-intersection", "自相交"},
        {"Hole lies outside shell", "洞在外环之外"},
        {"Holes are nested", "洞套洞"},
        {"Interior is disconnected", "内部不连通"},
        {"Nested shells", "外环相套"},
        {"Duplicate Rings", "环重复"},
        {"Too few points in geometry component", "顶点太少"},
        {"Invalid Coordinate", "坐标无效"},
    }};
    for (const auto& [en, zh] : known)
        if (reason.starts_with(en))
            return {zh, reason};
    return {reason, reason};
}

} // namespace riskmap::census
