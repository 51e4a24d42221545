// SPDX-License-Identifier: MIT
#include "sections.hpp"

#include <fmt/format.h>

#include "layers.hpp"

namespace riskmap::project {

namespace {

using Type = KeyType;

const Table<Exposure>& table() {
    static const Table<Exposure> table{
        {.path = "exposure",
         .repeated = true,
         .required = true,
         .zh = "一种承灾体：人口、财产、作物、道路。",
         .en = "Something exposed: people, money, crops, roads."},
        {{{.name = "id",
           .type = Type::text,
           .zh = "短名称；表中的一列",
           .en = "short name; a column of the tables",
           .example = "\"people\"",
           .required = true},
          &Exposure::id},
         {title_key("\"人口\"")},
         {english_title_key("\"people\"")},
         {{.name = "unit",
           .type = Type::text,
           .fallback = "\"\"",
           .zh = "总量的单位",
           .en = "unit of the total",
           .example = "\"persons\""},
          &Exposure::unit},
         {{.name = "file",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "栅格或矢量文件",
           .en = "raster or vector file",
           .example = "\"population.tif\""}},
         {field_key()},
         {measure_key()},
         {kind_key("栅格像元的含义；counts 换算成每平方公里的密度再求指数；空：连续值",
                   "what the cells of a raster mean; counts become a density per km2 for the "
                   "index; empty: continuous",
                   "\"counts\"")},
         {{.name = "classes",
           .type = Type::classes,
           .fallback = "[]",
           .zh = "分类栅格中计入的类，其面积（m2）即暴露量；或字段中的文字各代表的数，如 "
                 "{\"高易发区\" = 1}",
           .en = "of a class raster: the classes that count, their area in m2 is what is exposed; "
                 "or the numbers that words of the field stand for, as {\"高易发区\" = 1}"}},
         {{.name = "downscale_by",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "土地覆盖栅格：按其类别把单元总量（file、layer、field）分配到像元",
           .en = "land-cover raster: unit totals (file, layer, field) are spread over cells by its "
                 "classes"}},
         {{.name = "class_weights",
           .type = Type::rows,
           .fallback = "[]",
           .zh = "downscale_by 的类与权重，例如 [[50, 10], [20, 1]]",
           .en = "pairs of class and weight for downscale_by, for example [[50, 10], [20, 1]]"}},
         {normalise_key("\"percentile:0:99\"", "由密度到指数", "from density to index"),
          &Exposure::normalise},
         {weight_key("在各承灾体中的权重", "its weight among exposures"), &Exposure::weight},
         {error_key(), &Exposure::error},
         {{.name = "people",
           .type = Type::flag,
           .fallback = "false",
           .zh = "这就是人口：单元的均值按它加权",
           .en = "this is the population: it weighs the means of units"},
          &Exposure::people},
         {modelled_key(), &Exposure::modelled}}};
    return table;
}

void read_class_weights(const SectionReader& section, Exposure& exposure) {
    for (const auto& row : section.rows("class_weights")) {
        if (row.size() != 2 || row[1] < 0)
            throw section.error("class_weights are pairs of class and weight",
                                "for example [[50, 10], [20, 1]]", "class_weights");
        exposure.source.class_weights.push_back({row[0], row[1]});
    }
}

} // namespace

void declare_exposure(Schema& schema) {
    schema.add(table());
}

void read_exposures(const CheckedFile& file, Project& project) {
    std::set<std::string> seen;
    for (const auto& hazard : project.hazards)
        seen.insert(hazard.id);
    for (const auto& section : file.repeated("exposure")) {
        auto& exposure = project.exposures.emplace_back();
        fill(section, table(), exposure);
        check_id(section, exposure.id, seen);
        exposure.title = read_title(section, exposure.id);
        exposure.source = read_stack_layer(section, census::Role::amount);
        exposure.source.downscale_by = section.source("downscale_by");
        read_class_weights(section, exposure);
        if (exposure.source.file.empty())
            throw section.error(fmt::format("exposure '{}' has no file", exposure.id));
    }
    if (project.exposures.empty())
        throw input_error(fmt::format("'{}' names no exposure", project.file.string()));
}

} // namespace riskmap::project
