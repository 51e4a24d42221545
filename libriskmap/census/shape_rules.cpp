// SPDX-License-Identifier: MIT
// Rules about the geometry of one feature.
#include "feature_rules.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace riskmap::census {

using vector::ShapeType;

namespace {

/// Distinct vertices of a ring, the closing one not counted, up to three.
bool has_three_vertices(const Ring& ring) {
    std::array<Point, 2> seen{};
    std::size_t n = 0;
    for (const auto p : ring) {
        const auto end = seen.begin() + static_cast<std::ptrdiff_t>(n);
        if (std::find(seen.begin(), end, p) != end)
            continue;
        if (n == seen.size())
            return true;
        seen[n++] = p;
    }
    return false;
}

} // namespace

void check_presence(FeatureCase& feature) {
    feature.sound = feature.source.type != ShapeType::none;
    if (!feature.sound && feature.layer.has_shapes())
        feature.found(RuleId::geometry_missing);
}

void check_type(FeatureCase& feature) {
    const auto* spec = feature.layer.spec;
    if (!feature.sound || spec == nullptr || !(spec->points || spec->lines || spec->polygons))
        return;
    const auto type = feature.source.type;
    const bool right = (type == ShapeType::point && spec->points) ||
                       (type == ShapeType::line && spec->lines) ||
                       (type == ShapeType::polygon && spec->polygons);
    if (!right)
        feature.found(RuleId::geometry_type, {fmt::format("应为 {}", spec->shape_name()),
                                              fmt::format("wanted: {}", spec->shape_name())});
}

void check_numbers_of_shape(FeatureCase& feature) {
    if (!feature.sound || finite(feature.source.feature.shape))
        return;
    feature.sound = false;
    feature.found(RuleId::vertex_not_finite).place.reset();
}

void check_extent(FeatureCase& feature) {
    const auto& shape = feature.source.feature.shape;
    if (!feature.sound)
        return;
    const bool flat_polygon =
        std::any_of(shape.polygons.begin(), shape.polygons.end(), [](const Polygon& polygon) {
            return !has_three_vertices(polygon.outer) || signed_area(polygon.outer) == 0;
        });
    const bool flat_line =
        std::any_of(shape.lines.begin(), shape.lines.end(), [](const LineString& line) {
            return std::all_of(line.begin(), line.end(),
                               [&](Point p) { return p == line.front(); });
        });
    if (flat_polygon || flat_line) {
        feature.sound = feature.sound && !flat_polygon;
        feature.found(RuleId::geometry_collapsed);
    }
}

void check_vertices(FeatureCase& feature) {
    const auto& shape = feature.source.feature.shape;
    const auto twice = [&](const std::vector<Point>& line) {
        const auto at = std::adjacent_find(line.begin(), line.end());
        if (at == line.end())
            return false;
        feature.found(RuleId::vertex_twice).place = *at;
        return true;
    };
    if (!feature.sound)
        return;
    for (const auto& line : shape.lines)
        if (twice(line))
            return;
    for (const auto& polygon : shape.polygons) {
        if (twice(polygon.outer))
            return;
        for (const auto& hole : polygon.holes)
            if (twice(hole))
                return;
    }
}

/// Only GeoJSON fixes the direction of rings (RFC 7946, 3.1.6).
void check_ring_order(FeatureCase& feature) {
    if (!feature.sound || !feature.layer.stream.format().starts_with("GeoJSON"))
        return;
    for (const auto& polygon : feature.source.feature.shape.polygons) {
        const bool wrong = signed_area(polygon.outer) < 0 ||
                           std::any_of(polygon.holes.begin(), polygon.holes.end(),
                                       [](const Ring& hole) { return signed_area(hole) > 0; });
        if (wrong) {
            feature.found(RuleId::ring_order);
            return;
        }
    }
}

void check_validity(FeatureCase& feature) {
    const auto& polygons = feature.source.feature.shape.polygons;
    if (!feature.sound || polygons.empty())
        return;
    if (const auto flaw = feature.flaws(polygons)) {
        feature.sound = false;
        feature.crooked = true;
        feature.found(RuleId::geometry_invalid, flaw_words(flaw->reason)).place = flaw->place;
    }
}

} // namespace riskmap::census
