// SPDX-License-Identifier: MIT
// The tables of all sections put together.
#include <riskmap/project/schema.hpp>

#include <array>
#include <deque>

#include <fmt/format.h>

#include "sections/sections.hpp"

namespace riskmap::project {

namespace {

using Type = KeyType;

/// What may be said more of every source.
constexpr std::array companions{
    Key{.name = "layer",
        .type = Type::text,
        .fallback = "\"\"",
        .zh = "矢量文件的图层、NetCDF 文件的变量；空：第一个",
        .en = "layer of a vector file, variable of a NetCDF file; empty: the first"},
    Key{.name = "band",
        .type = Type::whole,
        .fallback = "0",
        .zh = "栅格的波段；0：第一个",
        .en = "of a raster; 0: the first",
        .least = 0},
    Key{.name = "crs",
        .type = Type::text,
        .fallback = "\"\"",
        .zh = "坐标系，无论文件怎么说都以此为准",
        .en = "obeyed whatever the file says"},
    Key{.name = "encoding",
        .type = Type::text,
        .fallback = "\"\"",
        .zh = "文字的编码，同上",
        .en = "of its text, likewise"},
    Key{.name = "fields",
        .type = Type::pairs,
        .fallback = "[]",
        .zh = "哪一列是 docs/layers.md 的哪个字段：{mast_m = \"挂高\"} 或 [\"挂高=mast_m\"]；"
              "\"-\" 表示没有",
        .en = "which column is which field of docs/layers.md: {mast_m = \"挂高\"}, or "
              "[\"挂高=mast_m\"]; \"-\" for none"},
    Key{.name = "units",
        .type = Type::pairs,
        .fallback = "[]",
        .zh = "字段数值的单位：{range_m = \"km\"}",
        .en = "the unit of a field's values: {range_m = \"km\"}"},
    Key{.name = "where",
        .type = Type::text,
        .fallback = "\"\"",
        .zh = "只取使这个 OGR 表达式成立的要素",
        .en = "only features for which this expression of OGR holds"},
    Key{.name = "nodata",
        .type = Type::number,
        .zh = "栅格的无数据值，无论文件怎么说",
        .en = "of a raster, whatever the file says"},
    Key{.name = "where_nodata",
        .type = Type::number,
        .zh = "栅格没有数据处所取的值，特意说明",
        .en = "value to take where a raster has no data, said on purpose"},
    Key{.name = "band_unit",
        .type = Type::text,
        .fallback = "\"\"",
        .zh = "栅格数值的单位，如 \"ft\"",
        .en = "unit of a raster's values, as \"ft\""},
    Key{.name = "band_factor",
        .type = Type::number,
        .fallback = "1",
        .zh = "栅格数值乘以此数",
        .en = "by which a raster's values are multiplied"},
};

const Schema& schema() {
    static const Schema whole = [] {
        Schema out;
        for (auto* declare :
             {&declare_project, &declare_areas, &declare_grid, &declare_check, &declare_hazard,
              &declare_exposure, &declare_indicators, &declare_weights, &declare_risk,
              &declare_uncertainty, &declare_zoning, &declare_prevention, &declare_forest,
              &declare_scenario, &declare_shelter, &declare_atlas, &declare_output})
            (*declare)(out);
        return out;
    }();
    return whole;
}

} // namespace

void Schema::add_companions(const Key& source) {
    static std::deque<std::string> names;
    const auto [name, section] = std::pair{source.name, source.section}; // `keys` grows below
    for (auto companion : companions) {
        companion.name = names.emplace_back(companion_name(name, companion.name));
        companion.section = section;
        companion.companion = true;
        keys.push_back(companion);
    }
}

std::span<const Section> schema_sections() {
    return schema().sections;
}

std::span<const Key> schema_keys() {
    return schema().keys;
}

std::string companion_name(std::string_view source, std::string_view companion) {
    return source == "file" ? std::string{companion}
                            : std::string{source} + "_" + std::string{companion};
}

std::string_view unit_name(std::string_view unit, Language language) {
    if (language == Language::zh)
        for (const auto& [en, zh] : {std::pair{"years", "年"},
                                     {"persons", "人"},
                                     {"cells", "像元"},
                                     {"CRS units", "坐标系单位"}})
            if (unit == en)
                return zh;
    return unit;
}

std::string range_of(const Key& key, Language language) {
    const bool zh = language == Language::zh;
    const bool low = key.least > -std::numeric_limits<double>::infinity();
    const bool high = key.most < std::numeric_limits<double>::infinity();
    std::string range;
    if (low && key.above)
        range = fmt::format(fmt::runtime(zh ? "大于 {:g}" : "above {:g}"), key.least);
    else if (low)
        range = fmt::format(fmt::runtime(zh ? "不小于 {:g}" : "{:g} or more"), key.least);
    if (high)
        range += fmt::format(fmt::runtime(zh ? "{}不大于 {:g}" : "{}at most {:g}"),
                             !low ? ""
                             : zh ? "，"
                                  : ", ",
                             key.most);
    return range;
}

} // namespace riskmap::project
