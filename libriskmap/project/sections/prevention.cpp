// SPDX-License-Identifier: MIT
#include "sections.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <riskmap/zoning/prevention.hpp>

namespace riskmap::project {

namespace {

using Type = KeyType;

const Table<PreventionRules>& prevention_table() {
    static const Table<PreventionRules> table{
        {.path = "prevention", .zh = "防治区划如何划分。", .en = "How prevention zones are made."},
        {{{.name = "matrix",
           .type = Type::texts,
           .fallback = "[\"KKKKS\", \"KKSSS\", \"SSSGG\", \"SGGGG\", \"GGGGG\"]",
           .zh = "行：风险 5 级到 1 级；字母：减灾能力 1 级到 5 级；K 重点、S 次重点、G 一般",
           .en = "rows: risk level 5 to 1; letters: capacity level 1 to 5; K key, S secondary, G "
                 "general"},
          &PreventionRules::matrix},
         {{.name = "measures",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "建议措施的表：hazard、class、measures、measures_en",
           .en = "table hazard, class, measures, measures_en of recommended measures"},
          &PreventionRules::measures}}};
    return table;
}

const Table<OverrideRule>& override_table() {
    static const Table<OverrideRule> table{
        {.path = "prevention.override",
         .repeated = true,
         .zh = "无论矩阵怎么说，提高某些单元类别的规则。",
         .en = "A rule that raises the class of a unit, whatever the matrix says."},
        {{{.name = "hazard",
           .type = Type::text,
           .zh = "灾种的 id",
           .en = "id of the hazard",
           .required = true},
          &OverrideRule::hazard},
         {{.name = "level",
           .type = Type::whole,
           .fallback = "5",
           .zh = "从灾害指数的这一级起（五个等宽级）",
           .en = "from this level of the hazard index on (five equal classes)",
           .least = 1,
           .most = 5},
          &OverrideRule::level},
         {{.name = "people",
           .type = Type::number,
           .fallback = "1",
           .zh = "且那里至少有这么多人",
           .en = "and at least so many people there",
           .unit = "persons"},
          &OverrideRule::people},
         {{.name = "class",
           .type = Type::text,
           .fallback = "\"K\"",
           .zh = "单元至少为这一类",
           .en = "the unit gets at least this class"}}}};
    return table;
}

OverrideRule read_override(const SectionReader& entry, const Project& project) {
    OverrideRule rule;
    fill(entry, override_table(), rule);
    const auto letter = entry.text("class");
    if (letter.size() != 1)
        throw entry.error("class must be K, S or G", "", "class");
    rule.prevention = zoning::letter_of(zoning::parse_prevention_class(letter[0]));
    if (std::none_of(project.hazards.begin(), project.hazards.end(),
                     [&](const Hazard& h) { return h.id == rule.hazard; }))
        throw entry.error(fmt::format("there is no hazard '{}'", rule.hazard), "", "hazard");
    return rule;
}

} // namespace

void declare_prevention(Schema& schema) {
    schema.add(prevention_table());
    schema.add(override_table());
}

void read_prevention(const CheckedFile& file, Project& project) {
    const auto section = file.section("prevention");
    auto& prevention = project.prevention;
    fill(section, prevention_table(), prevention);
    section.told_at("matrix", [&] { (void)zoning::PreventionMatrix::parse(prevention.matrix); });
    for (const auto& entry : section.repeated("override"))
        prevention.overrides.push_back(read_override(entry, project));
}

} // namespace riskmap::project
