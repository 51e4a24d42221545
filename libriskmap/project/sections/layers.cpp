// SPDX-License-Identifier: MIT
#include "layers.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <riskmap/raster/breaks.hpp>
#include <riskmap/risk/normalise.hpp>

namespace riskmap::project {

namespace {

using Type = KeyType;

std::string measures() {
    return "auto, mean, area, length, count, sum";
}
std::string directions() {
    return "rising, falling";
}
std::string normalise_methods() {
    return names_in(risk::normalise_methods());
}
void check_normalise(const std::string& text) {
    (void)risk::NormaliseRule::parse(text);
}

} // namespace

std::string kinds() {
    return "continuous, classes, counts";
}
std::string break_methods() {
    return names_in(raster::break_methods()) + ", fixed:B1,B2,B3,B4";
}
void check_breaks(const std::string& text) {
    (void)raster::BreakRule::parse(text);
}

Key title_key(std::string_view example) {
    return {.name = "title",
            .type = Type::text,
            .fallback = "\"\"",
            .zh = "中文名称",
            .en = "name in Chinese",
            .example = example};
}
Key english_title_key(std::string_view example) {
    return {.name = "title_en",
            .type = Type::text,
            .fallback = "\"\"",
            .zh = "英文名称",
            .en = "name in English",
            .example = example};
}
Key normalise_key(std::string_view fallback, std::string_view zh, std::string_view en,
                  std::string_view example) {
    return {.name = "normalise",
            .type = Type::text,
            .fallback = fallback,
            .zh = zh,
            .en = en,
            .example = example,
            .choices = &normalise_methods,
            .rule = &check_normalise};
}
Key direction_key(std::string_view zh, std::string_view en) {
    return {.name = "direction",
            .type = Type::text,
            .fallback = "\"rising\"",
            .zh = zh,
            .en = en,
            .choices = &directions};
}
Key weight_key(std::string_view zh, std::string_view en) {
    return {
        .name = "weight", .type = Type::number, .fallback = "1", .zh = zh, .en = en, .least = 0};
}
Key error_key() {
    return {.name = "error",
            .type = Type::number,
            .zh = "整个图层的相对标准误差，供 [uncertainty] 使用；不写：取那里的 error",
            .en =
                "relative standard error of the whole layer, for [uncertainty]; default: its error",
            .example = "0.2",
            .least = 0,
            .most = 2};
}
Key modelled_key() {
    return {.name = "modelled",
            .type = Type::flag,
            .fallback = "false",
            .zh = "图层来自模型而不是观测：在出现的地方都会说明",
            .en = "the layer comes from a model, not from observation: said wherever it is shown"};
}
Key measure_key() {
    return {.name = "measure",
            .type = Type::text,
            .fallback = "\"auto\"",
            .zh = "从矢量图层取什么：字段在像元内的均值（面）、覆盖面积 m2、长度 m、点数、字段之和"
                  "（点）；auto：均值或面积、长度、和或点数",
            .en = "what is taken of a vector layer: mean of the field over the cell (polygons), "
                  "covered area in m2, length in m, count of points, sum of the field (points); "
                  "auto: mean or area, length, sum or count",
            .choices = &measures};
}
Key field_key() {
    return {.name = "field",
            .type = Type::text,
            .fallback = "\"\"",
            .zh = "矢量图层中存放数值的字段",
            .en = "field of a vector layer that holds the value"};
}
Key kind_key(std::string_view zh, std::string_view en, std::string_view example) {
    return {.name = "kind",
            .type = Type::text,
            .fallback = "\"\"",
            .zh = zh,
            .en = en,
            .example = example,
            .choices = &kinds};
}

Words read_title(const SectionReader& section, const std::string& id) {
    Words title{section.text("title"), section.text("title_en")};
    if (title.in(Language::en).empty())
        title.en = id;
    return title;
}

void check_id(const SectionReader& section, const std::string& id, std::set<std::string>& seen) {
    const bool plain = !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
    if (!plain)
        throw section.error(fmt::format("id '{}' is not usable", id),
                            "use small letters a-z, digits and _", "id");
    if (!seen.insert(id).second)
        throw section.error(fmt::format("id '{}' stands twice", id), "give each its own", "id");
}

census::StackLayer read_stack_layer(const SectionReader& section, census::Role role) {
    census::StackLayer layer;
    static_cast<spec::Source&>(layer) = section.source("file");
    layer.field = section.text("field");
    layer.measure = section.text("measure");
    layer.role = role;
    if (const auto kind = section.text("kind"); !kind.empty())
        layer.kind = raster::parse_kind(kind);
    section.classes("classes", layer);
    if (!layer.class_values.empty() && layer.field.empty())
        throw section.error("classes say what words of a field stand for, and no field is named",
                            "add field = \"...\"", "classes");
    return layer;
}

} // namespace riskmap::project
