// SPDX-License-Identifier: MIT
#include "sections.hpp"

namespace riskmap::project {

namespace {

using Type = KeyType;

std::string severities() {
    return "error, warning, never";
}

const Table<CensusLayer>& census_table() {
    static const Table<CensusLayer> table{
        {.path = "census",
         .repeated = true,
         .zh = "供 `riskmap check` 和 `riskmap ingest` 使用、其他节没有提到的图层；或对其中之一的"
               "补充说明。",
         .en = "A layer for `riskmap check` and `riskmap ingest` beyond those that the other "
               "sections name, or what has to be said of one of them."},
        {{{.name = "file",
           .type = Type::source,
           .zh = "栅格、矢量文件或表",
           .en = "raster, vector file or table",
           .example = "\"raw/townships.shp\"",
           .required = true}},
         {{.name = "spec",
           .type = Type::text,
           .fallback = "\"\"",
           .zh = "所遵循的图层规格（docs/layers.md）；空：按名称",
           .en = "specification that it follows (docs/layers.md); empty: by its name",
           .example = "\"townships\""},
          &CensusLayer::spec}}};
    return table;
}

const Table<CheckSettings>& check_table() {
    static const Table<CheckSettings> table{
        {.path = "check",
         .zh = "运行之前和 `riskmap check` 如何检查图层。",
         .en = "How layers are checked, before a run and by `riskmap check`."},
        {{{.name = "before_run",
           .type = Type::flag,
           .fallback = "true",
           .zh = "运行先做检查",
           .en = "run checks first"},
          &CheckSettings::before_run},
         {{.name = "stop",
           .type = Type::text,
           .fallback = "\"error\"",
           .zh = "什么使运行停止：这一严重程度的问题，或从不",
           .en = "what stops a run: findings of this severity, or never",
           .choices = &severities},
          &CheckSettings::stop},
         {{.name = "accept",
           .type = Type::texts,
           .fallback = "[]",
           .zh = "在这里不算问题的规则（docs/when-check-complains.zh.md）",
           .en = "rules whose findings are no faults here (docs/when-check-complains.md)"},
          &CheckSettings::accept},
         {{.name = "crs",
           .type = Type::texts,
           .fallback = "[]",
           .zh = "除 CGCS2000 和格网坐标系之外接受的坐标系",
           .en = "CRS accepted beside CGCS2000 and that of the grid"},
          &CheckSettings::crs},
         {{.name = "codes",
           .type = Type::flag,
           .fallback = "true",
           .zh = "单元代码是 GB/T 2260 那样的数字；false：其他形式的名称或编号",
           .en = "codes of units are digits as in GB/T 2260; false: names or numbers of another "
                 "kind"},
          &CheckSettings::codes},
         {{.name = "outside",
           .type = Type::number,
           .fallback = "1000",
           .zh = "要素可以超出区域或其代码所属单元多远",
           .en = "how far features may lie outside the area or the unit of their code",
           .unit = "m",
           .least = 0},
          &CheckSettings::outside},
         {{.name = "snap",
           .type = Type::number,
           .fallback = "1",
           .zh = "比这更近的边界应是同一条",
           .en = "borders nearer than this should be one",
           .unit = "m",
           .least = 0},
          &CheckSettings::snap},
         {{.name = "holes",
           .type = Type::number,
           .fallback = "0.05",
           .zh = "栅格中可以没有数据的面积比例",
           .en = "share of the area that may be nodata in a raster",
           .least = 0,
           .most = 1},
          &CheckSettings::holes},
         {{.name = "allow_outside",
           .type = Type::flag,
           .fallback = "false",
           .zh = "文件可以在项目文件的文件夹之外，用 '..' 或链接",
           .en = "files may lie outside the folder of the project file, by '..' or links"}}}};
    return table;
}

} // namespace

void declare_check(Schema& schema) {
    schema.add(census_table());
    schema.add(check_table());
}

void read_check(const CheckedFile& file, Project& project) {
    for (const auto& entry : file.repeated("census")) {
        CensusLayer layer = entry.source("file");
        fill(entry, census_table(), layer);
        project.census.push_back(std::move(layer));
    }
    fill(file.section("check"), check_table(), project.check);
}

} // namespace riskmap::project
