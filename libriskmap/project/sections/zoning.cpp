// SPDX-License-Identifier: MIT
#include "sections.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <riskmap/zoning/regions.hpp>

#include "layers.hpp"

namespace riskmap::project {

namespace {

std::string methods() {
    return names_in(zoning::region_methods());
}

const Table<ZoningRules>& table() {
    using Type = KeyType;
    static const Table<ZoningRules> table{
        {.path = "zoning", .zh = "风险区划如何划分。", .en = "How risk zones are made."},
        {{{.name = "method",
           .type = Type::text,
           .fallback = "\"skater\"",
           .zh = "分区的方法",
           .en = "how regions are found",
           .choices = &methods},
          &ZoningRules::method},
         {{.name = "k",
           .type = Type::whole,
           .fallback = "0",
           .zh = "每市的区数；0：按拐点选取",
           .en = "number of zones per city; 0: chosen by the knee",
           .least = 0},
          &ZoningRules::k},
         {{.name = "most",
           .type = Type::whole,
           .fallback = "20",
           .zh = "可选的最大区数",
           .en = "most zones to choose from",
           .least = 1},
          &ZoningRules::most},
         {{.name = "floor",
           .type = Type::text,
           .fallback = "\"none\"",
           .zh = "每区至少含有 floor_value 的什么：none、area（km2），或一种承灾体的 id",
           .en = "every zone holds at least floor_value of this: none, area (km2), or the id of an "
                 "exposure"},
          &ZoningRules::floor},
         {{.name = "floor_value",
           .type = Type::number,
           .fallback = "0",
           .zh = "见 floor",
           .en = "see floor"},
          &ZoningRules::floor_value},
         {{.name = "height",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "高程栅格（米），用于属性和命名",
           .en = "terrain raster in metres, for attributes and names"},
          &ZoningRules::height},
         {{.name = "border_tolerance",
           .type = Type::number,
           .fallback = "1",
           .zh = "乡镇边界比这更近即视为共用",
           .en = "borders of townships nearer than this count as shared",
           .unit = "CRS units",
           .least = 0},
          &ZoningRules::border_tolerance},
         {{.name = "least_share",
           .type = Type::number,
           .fallback = "0.25",
           .zh = "占风险这一比例的灾种为主导灾种",
           .en = "a hazard with this share of the risk is dominant"},
          &ZoningRules::least_share},
         {{.name = "sieve_km2",
           .type = Type::number,
           .fallback = "1",
           .zh = "更小的像元分区图斑并入相邻者",
           .en = "smaller patches of cell zones join a neighbour",
           .unit = "km2",
           .least = 0},
          &ZoningRules::sieve_km2},
         {{.name = "simplify_cells",
           .type = Type::number,
           .fallback = "1",
           .zh = "边界简化的容差",
           .en = "tolerance of simplified borders",
           .unit = "cells",
           .least = 0},
          &ZoningRules::simplify_cells}}};
    return table;
}

} // namespace

void declare_zoning(Schema& schema) {
    schema.add(table());
}

void read_zoning(const CheckedFile& file, Project& project) {
    const auto section = file.section("zoning");
    auto& zoning = project.zoning;
    fill(section, table(), zoning);
    const bool known = zoning.floor == "none" || zoning.floor == "area" ||
                       std::any_of(project.exposures.begin(), project.exposures.end(),
                                   [&](const Exposure& e) { return e.id == zoning.floor; });
    if (!known)
        throw section.error(fmt::format("floor '{}' is not known", zoning.floor),
                            "none, area, or the id of an exposure", "floor");
}

} // namespace riskmap::project
