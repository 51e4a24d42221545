// SPDX-License-Identifier: MIT
#include "feature_rules.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/census/written.hpp>

namespace riskmap::census {

namespace {

using vector::ShapeType;

constexpr std::size_t longest_text = 4000;

std::string shortened(const std::string& text) {
    constexpr std::size_t shown = 60;
    if (text.size() <= shown)
        return text;
    std::size_t cut = shown;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U)
        --cut;
    return text.substr(0, cut) + "...";
}

bool looks_like_formula(const std::string& text) {
    // A sign before a number is a number.
    return (text[0] == '=' || text[0] == '@' ||
            ((text[0] == '+' || text[0] == '-') && text.size() > 1 &&
             std::isalpha(static_cast<unsigned char>(text[1])) != 0));
}

bool holds_control(const std::string& text) {
    return std::any_of(text.begin(), text.end(), [](unsigned char c) {
        return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
    });
}

bool holds_markup(const std::string& text) {
    const auto open = text.find('<');
    return open != std::string::npos && open + 1 < text.size() &&
           (std::isalpha(static_cast<unsigned char>(text[open + 1])) != 0 ||
            text[open + 1] == '/' || text[open + 1] == '!') &&
           text != "<Null>";
}

void check_texts(FeatureCase& feature) {
    const auto& fields = feature.layer.stream.fields();
    for (std::size_t f = 0; f < fields.size(); ++f) {
        const auto* text = std::get_if<std::string>(&feature.source.feature.values[f]);
        if (text == nullptr || text->empty())
            continue;
        const auto tell = [&](RuleId rule) {
            auto& finding = feature.found(rule);
            finding.field = fields[f].name;
            finding.value = shortened(*text);
        };
        if (text->find("\xEF\xBF\xBD") != std::string::npos)
            tell(RuleId::text_broken);
        if (looks_like_formula(*text) || holds_control(*text) || holds_markup(*text))
            tell(RuleId::text_unsafe);
        if (trim(*text).size() != text->size())
            tell(RuleId::text_blanks);
        if (text->size() > longest_text)
            tell(RuleId::value_long);
    }
}

/// One value of a field that the specification knows.
struct ValueCase {
    FeatureCase& feature;
    const FieldSpec& field;
    std::size_t column;
    std::string text;
    bool is_text;

    void found(RuleId rule, Words detail = {}) const {
        auto& finding = feature.found(rule, std::move(detail));
        finding.field = feature.layer.stream.fields()[column].name;
        finding.value = shortened(text);
    }
};

void check_number(const ValueCase& value) {
    const auto& field = value.field;
    const auto number = read_number(value.text, field.unit);
    if (!number) {
        value.found(RuleId::value_type, {"应为数字", "a number is wanted"});
        return;
    }
    if (!number->plain)
        value.found(RuleId::value_written, {fmt::format("读作 {:.15g}", number->value),
                                            fmt::format("read as {:.15g}", number->value)});
    const bool in_range = !field.range || field.range->holds(number->value);
    if (!in_range && stands_for_nothing(number->value)) {
        value.found(RuleId::value_sentinel);
        return;
    }
    if (!in_range)
        value.found(RuleId::value_range,
                    {fmt::format("范围 {:g} 至 {:g}", field.range->least, field.range->most),
                     fmt::format("allowed: {:g} to {:g}", field.range->least, field.range->most)});
    else if (field.kind == FieldKind::whole && number->value != std::round(number->value))
        value.found(RuleId::value_type, {"应为整数", "a whole number is wanted"});
}

void check_date(const ValueCase& value) {
    const auto date = read_date(value.text);
    if (!date) {
        value.found(RuleId::value_type, {"应为日期", "a date is wanted"});
        return;
    }
    if (!date->plain && value.is_text)
        value.found(RuleId::value_written, {fmt::format("读作 {}", date->date.text()),
                                            fmt::format("read as {}", date->date.text())});
    if (const auto& range = value.field.range; range && !range->holds(date->date.year))
        value.found(RuleId::value_range,
                    {fmt::format("年份应在 {:g} 至 {:g}", range->least, range->most),
                     fmt::format("years allowed: {:g} to {:g}", range->least, range->most)});
}

void check_code(const ValueCase& value) {
    if (value.feature.layer.source.not_codes)
        return;
    const auto code = read_code(value.text, value.field.digits);
    if (!code)
        value.found(RuleId::code_format,
                    {fmt::format("应为 {} 位数字", fmt::join(value.field.digits, "、")),
                     fmt::format("{} digits are wanted", fmt::join(value.field.digits, " or "))});
    else if (!code->plain)
        value.found(RuleId::code_padding,
                    {fmt::format("读作 {}", code->code), fmt::format("read as {}", code->code)});
}

void check_choice(const ValueCase& value) {
    const auto& more = value.feature.layer.source.choices;
    if (!value.field.choices.empty() && choice_of(value.field, value.text) == nullptr &&
        std::find(more.begin(), more.end(), value.text) == more.end())
        value.found(RuleId::value_choice);
}

void check_values(FeatureCase& feature) {
    const auto* spec = feature.layer.spec;
    if (spec == nullptr)
        return;
    const auto& values = feature.source.feature.values;
    for (std::size_t s = 0; s < spec->fields.size(); ++s) {
        const auto column = feature.layer.map.of[s];
        if (!column)
            continue;
        const auto& field = spec->fields[s];
        const ValueCase value{feature, field, *column, vector::text_of(values[*column]),
                              std::holds_alternative<std::string>(values[*column])};
        if (says_nothing(value.text)) {
            if (field.required)
                value.found(RuleId::value_missing);
            else if (!value.text.empty() && field.kind != FieldKind::text)
                value.found(RuleId::value_written, {"读作空值", "read as nothing"});
            continue;
        }
        switch (field.kind) {
        case FieldKind::number:
        case FieldKind::whole:
            check_number(value);
            break;
        case FieldKind::date:
            check_date(value);
            break;
        case FieldKind::code:
            check_code(value);
            break;
        case FieldKind::text:
            check_choice(value);
        }
    }
}

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
        feature.found(RuleId::geometry_invalid, flaw_words(flaw->reason)).place = flaw->place;
    }
}

} // namespace

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

bool stands_for_nothing(double value) {
    for (const double sentinel :
         {-9999.0, -999.0, -99.0, -9.0, -1.0, -99999.0, -999999.0, -32768.0, 9999.0, 99999.0,
          999999.0, 9999999.0, 99999999.0, 65535.0, -2147483648.0, 2147483647.0})
        if (value == sentinel)
            return true;
    return std::abs(value) > 1e30;
}

const Choice* choice_of(const FieldSpec& field, const std::string& text) {
    for (const auto& choice : field.choices)
        if (choice.value == text || choice.zh == text)
            return &choice;
    return nullptr;
}

} // namespace riskmap::census
