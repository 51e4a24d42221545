// SPDX-License-Identifier: MIT
#include "sections.hpp"

namespace riskmap::project {

namespace {

const Table<UncertaintySettings>& table() {
    using Type = KeyType;
    using Settings = UncertaintySettings;
    static const Table<Settings> table{
        {.path = "uncertainty",
         .zh = "权重、标度和图层可能偏差多少，等级因而有多可靠。",
         .en = "How far weights, scales and layers may be off, and so how sure the levels are."},
        {{{.name = "draws",
           .type = Type::whole,
           .fallback = "0",
           .zh = "蒙特卡洛的次数；0：不做",
           .en = "of the Monte Carlo study; 0: none",
           .least = 0},
          &Settings::draws},
         {{.name = "seed",
           .type = Type::whole,
           .fallback = "1",
           .zh = "随机数种子",
           .en = "of random draws"},
          &Settings::seed},
         {{.name = "concentration",
           .type = Type::number,
           .fallback = "100",
           .zh = "权重围绕给定值的集中程度（狄利克雷）：0.25 的权重标准差为 0.043",
           .en = "of weights around the given ones (Dirichlet): a weight of 0.25 gets a standard "
                 "deviation of 0.043",
           .least = 0,
           .most = 1e6,
           .above = true},
          &Settings::concentration},
         {{.name = "breakpoints",
           .type = Type::number,
           .fallback = "0.1",
           .zh = "标度两端可移动的幅度，占其范围的比例；下端为 0 的不动",
           .en = "share of a scale's range by which its ends may move; a lower end at 0 stays",
           .least = 0,
           .most = 0.49},
          &Settings::breakpoints},
         {{.name = "error",
           .type = Type::number,
           .fallback = "0.1",
           .zh = "图层的相对标准误差",
           .en = "relative standard error of layers",
           .least = 0,
           .most = 2},
          &Settings::error}}};
    return table;
}

} // namespace

void declare_uncertainty(Schema& schema) {
    schema.add(table());
}

void read_uncertainty(const CheckedFile& file, Project& project) {
    const auto section = file.section("uncertainty");
    fill(section, table(), project.uncertainty);
    if (project.uncertainty.draws == 1)
        throw section.error("draws are two or more", "0 for none", "draws");
}

} // namespace riskmap::project
