// SPDX-License-Identifier: MIT
#include "sections.hpp"

#include <riskmap/atlas/sheet.hpp>

#include "layers.hpp"

namespace riskmap::project {

namespace {

std::string papers() {
    return names_in(atlas::papers());
}

Key written(std::string_view name, std::string_view zh, std::string_view en,
            std::string_view example = {}) {
    return {.name = name,
            .type = KeyType::text,
            .fallback = "\"\"",
            .zh = zh,
            .en = en,
            .example = example};
}
Key made(std::string_view name, std::string_view zh, std::string_view en) {
    return {.name = name, .type = KeyType::flag, .fallback = "true", .zh = zh, .en = en};
}

const Table<AtlasRules>& table() {
    using Type = KeyType;
    static const Table<AtlasRules> table{
        {.path = "atlas",
         .zh = "运行最后生成的图幅、网页图集和报告。",
         .en = "The sheets, the web atlas and the report that a run ends with."},
        {{made("make", "运行是否生成图集", "whether run makes an atlas at all"), &AtlasRules::make},
         {made("sheets", "市和各县每种成果一幅图",
               "a sheet for each product of the city and of each county"),
          &AtlasRules::sheets},
         {made("web", "任何浏览器都能打开的文件夹，不需要网络",
               "a folder that any browser opens, without a network"),
          &AtlasRules::web},
         {made("report", "由什么算出了什么，附表和图",
               "what was computed from what, with tables and maps"),
          &AtlasRules::report},
         {{.name = "formats",
           .type = Type::texts,
           .fallback = "[\"pdf\", \"png\"]",
           .zh = "图幅的格式：pdf、png、svg",
           .en = "of sheets: pdf, png, svg"},
          &AtlasRules::formats},
         {{.name = "paper",
           .type = Type::text,
           .fallback = "\"A4\"",
           .zh = "图幅的纸张，按区域形状取横竖",
           .en = "of sheets, upright or across as the area asks",
           .choices = &papers},
          &AtlasRules::paper},
         {{.name = "dpi",
           .type = Type::number,
           .fallback = "150",
           .zh = "PNG 以及 PDF 和 SVG 中图片的分辨率",
           .en = "of PNG, and of pictures in PDF and SVG",
           .unit = "dpi",
           .least = 0,
           .above = true},
          &AtlasRules::dpi},
         {written("source", "图上写明的资料来源", "where the data come from, as written on sheets"),
          &AtlasRules::source},
         {written("date", "图上写明的日期", "as written on sheets", "\"2026-11\""),
          &AtlasRules::date},
         {written("maker", "制图单位", "who made the maps"), &AtlasRules::maker},
         {written("secrecy", "右上角的密级", "mark in the upper right corner"),
          &AtlasRules::secrecy},
         {written("height_datum", "高程基准", "what heights refer to", "\"1985国家高程基准\""),
          &AtlasRules::height_datum},
         {{.name = "neighbours",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "周边区域的矢量文件，画成灰色",
           .en = "vector file of the areas around, drawn in grey"},
          &AtlasRules::neighbours},
         {{.name = "neighbours_name_field",
           .type = Type::text,
           .fallback = "\"name\"",
           .zh = "其名称字段",
           .en = "field with their names"},
          &AtlasRules::neighbours_name_field}}};
    return table;
}

} // namespace

void declare_atlas(Schema& schema) {
    schema.add(table());
}

void read_atlas(const CheckedFile& file, Project& project) {
    const auto section = file.section("atlas");
    fill(section, table(), project.atlas);
    section.refuse_others("formats", {"pdf", "png", "svg"});
    if (project.atlas.formats.empty())
        throw section.error("no format of sheets is asked for",
                            "for example formats = [\"pdf\"], or sheets = false", "formats");
}

} // namespace riskmap::project
