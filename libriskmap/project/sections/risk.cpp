// SPDX-License-Identifier: MIT
// The sections [risk] and [levels].
#include "sections.hpp"

#include <riskmap/risk/combine.hpp>
#include <riskmap/risk/damage.hpp>
#include <riskmap/zoning/figures.hpp>

#include "layers.hpp"

namespace riskmap::project {

namespace {

using Type = KeyType;

std::string forms() {
    return names_in(risk::risk_forms());
}
std::string combinations() {
    return names_in(risk::combinations());
}
std::string annual_rules() {
    return names_in(risk::annual_rules());
}
std::string county_levels() {
    return "city, own";
}
void check_unit_levels(const std::string& text) {
    (void)zoning::UnitLevelRule::parse(text);
}

const Table<Project>& risk_table() {
    static const Table<Project> table{
        {.path = "risk", .zh = "风险如何合成。", .en = "How risk is put together."},
        {{{.name = "form",
           .type = Type::text,
           .fallback = "\"product\"",
           .zh = "由危险性、暴露度、脆弱性到风险",
           .en = "hazard, exposure and vulnerability to risk",
           .choices = &forms},
          &Project::form},
         {{.name = "combination",
           .type = Type::text,
           .fallback = "\"weighted-sum\"",
           .zh = "各灾种的综合",
           .en = "over the hazards",
           .choices = &combinations},
          &Project::combination},
         {{.name = "annual",
           .type = Type::text,
           .fallback = "\"trapezoid\"",
           .zh = "求年均期望值时重现期之间的取法",
           .en = "between return periods, for expected annual values",
           .choices = &annual_rules},
          &Project::annual}}};
    return table;
}

const Table<LevelRules>& level_table() {
    static const Table<LevelRules> table{
        {.path = "levels", .zh = "五个等级如何划分。", .en = "How the five levels are cut."},
        {{{.name = "method",
           .type = Type::text,
           .fallback = "\"natural-breaks\"",
           .zh = "全市像元的断点",
           .en = "breaks of the cells over the city",
           .choices = &break_methods,
           .rule = &check_breaks},
          &LevelRules::method},
         {{.name = "zeros_apart",
           .type = Type::flag,
           .fallback = "true",
           .zh = "没有风险的像元单独为 1 级",
           .en = "cells without risk are level 1 on their own"},
          &LevelRules::zeros_apart},
         {{.name = "counties",
           .type = Type::text,
           .fallback = "\"city\"",
           .zh = "县级成果的等级：用全市的断点，或用自己的",
           .en = "levels of county products: by the breaks of the city, or by their own",
           .choices = &county_levels}},
         {{.name = "units",
           .type = Type::text,
           .fallback = "\"mean\"",
           .zh = "单元的等级：mean（按人口加权，断点取自各单元），或 share:S，即占其面积比例 S 的"
                 "最高等级",
           .en =
               "level of a unit: mean (weighted by people, breaks over the units), or share:S for "
               "the highest level that a share S of its area reaches",
           .rule = &check_unit_levels},
          &LevelRules::units}}};
    return table;
}

} // namespace

void declare_risk(Schema& schema) {
    schema.add(risk_table());
    schema.add(level_table());
}

void read_risk(const CheckedFile& file, Project& project) {
    fill(file.section("risk"), risk_table(), project);
    const auto levels = file.section("levels");
    fill(levels, level_table(), project.levels);
    project.levels.own_in_counties = levels.text("counties") == "own";
}

} // namespace riskmap::project
