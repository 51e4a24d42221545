// SPDX-License-Identifier: MIT
#include "sections.hpp"

namespace riskmap::project {

namespace {

using Type = KeyType;

Key area_file(std::string_view example, bool required) {
    return {.name = "file",
            .type = Type::source,
            .zh = "矢量文件",
            .en = "vector file",
            .example = example,
            .required = required};
}
Key code_field() {
    return {.name = "code_field",
            .type = Type::text,
            .fallback = "\"\"",
            .zh = "代码字段；空：按 docs/layers.md 中的名称",
            .en = "field with the code; empty: by its names in docs/layers.md"};
}
Key name_field() {
    return {.name = "name_field",
            .type = Type::text,
            .fallback = "\"\"",
            .zh = "名称字段；空：同上",
            .en = "field with the name; empty: likewise"};
}

const Table<Project>& city_table() {
    static const Table<Project> table{
        {.path = "areas.city",
         .required = true,
         .zh = "整个区域：写代码和名称（范围取全部县），或给一个有一个或多个要素的图层，每个要素"
               "各有一套成果。",
         .en = "The whole area: either a code and a name (its shape is that of all counties), or a "
               "layer with one feature or more, each of which gets products of its own."},
        {{{.name = "code",
           .type = Type::text,
           .fallback = "\"\"",
           .zh = "代码，也是成果文件夹的名称",
           .en = "code, also the name of the folder of products",
           .example = "\"330000\""},
          &Project::city_code},
         {{.name = "name",
           .type = Type::text,
           .fallback = "\"\"",
           .zh = "名称",
           .en = "name",
           .example = "\"我的城市\""}},
         {{.name = "name_en",
           .type = Type::text,
           .fallback = "\"\"",
           .zh = "英文名称",
           .en = "name in English"}},
         {area_file({}, false)},
         {code_field()},
         {name_field()}}};
    return table;
}

const Table<AreaLayer>& counties_table() {
    static const Table<AreaLayer> table{
        {.path = "areas.counties",
         .required = true,
         .zh = "第二级区域，各有自己的成果。",
         .en = "The areas of the second level; each gets its own products."},
        {{area_file("\"census.gpkg:counties\"", true)},
         {code_field()},
         {name_field()},
         {{.name = "parent_field",
           .type = Type::text,
           .fallback = "\"\"",
           .zh = "所属市代码的字段；空：按最大的公共面积",
           .en = "field with the code of the city; empty: by the largest common area"},
          &AreaLayer::parent_field}}};
    return table;
}

const Table<AreaLayer>& townships_table() {
    static const Table<AreaLayer> table{
        {.path = "areas.townships",
         .required = true,
         .zh = "最小的单元：各项数字按它统计，分区由它组成。",
         .en = "The smallest units: the figures are computed for them, and zones are made of "
               "them."},
        {{area_file("\"census.gpkg:townships\"", true)},
         {code_field()},
         {name_field()},
         {{.name = "parent_field",
           .type = Type::text,
           .fallback = "\"\"",
           .zh = "所属县代码的字段；空：按最大的公共面积",
           .en = "field with the code of the county; empty: by the largest common area",
           .example = "\"county\""},
          &AreaLayer::parent_field}}};
    return table;
}

AreaLayer read_layer(const SectionReader& section) {
    AreaLayer area;
    static_cast<spec::Source&>(area) = section.source("file");
    name_column(area, section.text("code_field"), "code");
    name_column(area, section.text("name_field"), "name");
    return area;
}

AreaLayer read_layer(const SectionReader& section, const Table<AreaLayer>& table) {
    auto area = read_layer(section);
    fill(section, table, area);
    return area;
}

} // namespace

void declare_areas(Schema& schema) {
    schema.add(city_table());
    schema.add(counties_table());
    schema.add(townships_table());
}

void read_areas(const CheckedFile& file, Project& project) {
    const auto city = file.section("areas.city");
    fill(city, city_table(), project);
    project.cities = read_layer(city);
    project.city_name = {city.text("name"), city.text("name_en")};
    if (project.cities.file.empty() && project.city_code.empty())
        throw city.error("[areas.city] needs a code, or a layer", "for example code = \"330600\"");
    project.counties = read_layer(file.section("areas.counties"), counties_table());
    project.townships = read_layer(file.section("areas.townships"), townships_table());
}

} // namespace riskmap::project
