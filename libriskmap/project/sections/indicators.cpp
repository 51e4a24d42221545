// SPDX-License-Identifier: MIT
// The sections [vulnerability] and [capacity], and the columns of their tables.
#include "sections.hpp"

#include <fmt/format.h>

#include "layers.hpp"

namespace riskmap::project {

namespace {

using Type = KeyType;

std::string weight_methods() {
    return "given, equal, ahp, entropy, critic";
}

/// The keys that both tables have, `own` before the last of them.
std::vector<Row<IndicatorTable>> table_rows(const Row<IndicatorTable>& own) {
    return {{{.name = "file",
              .type = Type::source,
              .zh = "表：CSV，或矢量文件的一个图层",
              .en = "table: CSV, or a layer of a vector file",
              .example = "\"indicators.csv\"",
              .required = true}},
            {{.name = "code_field",
              .type = Type::text,
              .fallback = "\"\"",
              .zh = "乡镇代码的字段；空：按 docs/layers.md 中的名称",
              .en = "field with the township's code; empty: by its names in docs/layers.md"}},
            {{.name = "weights",
              .type = Type::text,
              .fallback = "\"equal\"",
              .zh = "各指标如何赋权",
              .en = "how indicators are weighed",
              .choices = &weight_methods},
             &IndicatorTable::weights},
            {{.name = "ahp",
              .type = Type::rows,
              .fallback = "[]",
              .zh = "weights = \"ahp\" 的判断矩阵",
              .en = "pairwise matrix for weights = \"ahp\""},
             &IndicatorTable::ahp},
            {{.name = "force",
              .type = Type::flag,
              .fallback = "false",
              .zh = "接受 CR >= 0.1 的判断矩阵",
              .en = "accept an AHP matrix with CR >= 0.1"},
             &IndicatorTable::force},
            own,
            {modelled_key(), &IndicatorTable::modelled}};
}

Table<Indicator> indicator_table(std::string_view path, std::string_view example,
                                 std::string_view zh, std::string_view en) {
    return {
        {.path = path, .repeated = true, .zh = "表中的一列。", .en = "One column of the table."},
        {{{.name = "field",
           .type = Type::text,
           .zh = "列名",
           .en = "column",
           .example = example,
           .required = true},
          &Indicator::field},
         {direction_key(zh, en), &Indicator::direction},
         {normalise_key("\"min-max\"", "换算成指数的方法", "to an index"), &Indicator::normalise},
         {weight_key("用于 weights = \"given\"", "for weights = \"given\""), &Indicator::weight}}};
}

const Table<IndicatorTable>& vulnerability_table() {
    static const Table<IndicatorTable> table{
        {.path = "vulnerability",
         .zh = "各乡镇的脆弱性指标表。没有它，一切同样脆弱（1）。",
         .en = "A table of indicators by township. Without it everything is equally vulnerable "
               "(1).",
         .by_presence = true},
        table_rows({{.name = "range",
                     .type = Type::numbers,
                     .fallback = "[0, 1]",
                     .zh = "指数拉伸到这一范围；下限大于 0 可使 V 不掩盖风险",
                     .en = "the index is stretched to this range; a low end above 0 keeps V from "
                           "hiding risk",
                     .example = "[0.5, 1]"},
                    &IndicatorTable::range})};
    return table;
}

const Table<IndicatorTable>& capacity_table() {
    static const Table<IndicatorTable> table{
        {.path = "capacity",
         .zh = "各乡镇的减灾能力指标表。没有它，每个单元都是 3 级。",
         .en = "A table of disaster-reduction capacity by township. Without it every unit has "
               "level 3.",
         .by_presence = true},
        table_rows({{.name = "breaks",
                     .type = Type::text,
                     .fallback = "\"natural-breaks\"",
                     .zh = "五个等级如何划分",
                     .en = "how its five levels are cut",
                     .choices = &break_methods,
                     .rule = &check_breaks},
                    &IndicatorTable::breaks})};
    return table;
}

const Table<Indicator>& weakness_table() {
    static const auto table = indicator_table(
        "vulnerability.indicator", "\"elderly_share\"",
        "rising：数值大则指数大（越大越脆弱）；falling：数值大则指数小",
        "rising: large values give a large index (more is worse); falling: a small one");
    return table;
}

const Table<Indicator>& strength_table() {
    static const auto table =
        indicator_table("capacity.indicator", "\"doctors_per_1000\"",
                        "rising：数值大则指数大（能力强）；falling：数值大则指数小",
                        "rising: large values give a large index (strong); falling: a small one");
    return table;
}

IndicatorTable read_table(const CheckedFile& file, const Table<IndicatorTable>& keys,
                          const Table<Indicator>& columns) {
    const std::string path{keys.section.path};
    const auto section = file.section(path);
    IndicatorTable table;
    if (!section.present())
        return table;
    static_cast<spec::Source&>(table) = section.source("file");
    fill(section, keys, table);
    name_column(table, section.text("code_field"), "code");
    if (table.range.size() != 2 ||
        !(0 <= table.range[0] && table.range[0] <= table.range[1] && table.range[1] <= 1))
        throw section.error("range must be two rising numbers in 0..1", "", "range");
    for (const auto& entry : section.repeated("indicator"))
        fill(entry, columns, table.indicators.emplace_back());
    if (table.indicators.empty())
        throw section.error(fmt::format("[{}] has no [[{}.indicator]]", path, path));
    return table;
}

} // namespace

void declare_indicators(Schema& schema) {
    schema.add(vulnerability_table());
    schema.add(weakness_table());
    schema.add(capacity_table());
    schema.add(strength_table());
}

void read_indicators(const CheckedFile& file, Project& project) {
    project.vulnerability = read_table(file, vulnerability_table(), weakness_table());
    project.capacity = read_table(file, capacity_table(), strength_table());
}

} // namespace riskmap::project
