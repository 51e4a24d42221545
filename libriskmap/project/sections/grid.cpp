// SPDX-License-Identifier: MIT
#include "sections.hpp"

#include <fmt/format.h>

#include <riskmap/geo/crs.hpp>

namespace riskmap::project {

namespace {

void check_crs(const std::string& text) {
    if (Crs::parse(text).geographic())
        throw input_error(fmt::format("the grid's CRS {} is in degrees", text),
                          "choose a projected one, for example EPSG:4549 (CGCS2000, 120 E)");
}

const Table<Project>& table() {
    using Type = KeyType;
    static const Table<Project> table{
        {.path = "grid",
         .required = true,
         .zh = "一切计算所用的唯一格网。",
         .en = "The one grid on which everything is computed."},
        {{{.name = "crs",
           .type = Type::text,
           .zh = "投影坐标系",
           .en = "projected CRS",
           .example = "\"EPSG:4549\"",
           .required = true,
           .rule = &check_crs},
          &Project::crs},
         {{.name = "cell_size",
           .type = Type::number,
           .zh = "像元边长，用坐标系的单位（米）",
           .en = "side of a cell, in units of the CRS (metres)",
           .unit = "CRS units",
           .example = "100",
           .required = true,
           .least = 0,
           .above = true},
          &Project::cell_size},
         {{.name = "extent",
           .type = Type::numbers,
           .fallback = "[]",
           .zh = "左、下、右、上，用该坐标系；空：取全部县的范围",
           .en = "left, bottom, right, top in the CRS; empty: that of the counties"}},
         {{.name = "valid_share",
           .type = Type::number,
           .fallback = "0.5",
           .zh = "像元面积中至少有这一比例有数据，该像元才有效",
           .en = "a cell is valid if at least this share of its area was",
           .least = 0,
           .most = 1},
          &Project::valid_share}}};
    return table;
}

} // namespace

void declare_grid(Schema& schema) {
    schema.add(table());
}

void read_grid(const CheckedFile& file, Project& project) {
    const auto section = file.section("grid");
    fill(section, table(), project);
    if (const auto box = section.numbers("extent"); !box.empty()) {
        if (box.size() != 4 || box[0] >= box[2] || box[1] >= box[3])
            throw section.error("extent must be left, bottom, right, top", "", "extent");
        project.extent = Box{box[0], box[1], box[2], box[3]};
    }
}

} // namespace riskmap::project
