// SPDX-License-Identifier: MIT
#include "sections.hpp"

#include <fmt/format.h>

namespace riskmap::project {

namespace {

std::string methods() {
    return "given, equal, ahp, entropy, critic, loss-share";
}
std::string subjective_methods() {
    return "none, given, ahp";
}

const Table<WeightRules>& table() {
    using Type = KeyType;
    static const Table<WeightRules> table{
        {.path = "weights", .zh = "各灾种的权重。", .en = "How much each hazard counts."},
        {{{.name = "hazards",
           .type = Type::text,
           .fallback = "\"given\"",
           .zh = "灾种的权重从哪里来",
           .en = "where the weights of hazards come from",
           .choices = &methods},
          &WeightRules::hazards},
         {{.name = "combine_with",
           .type = Type::text,
           .fallback = "\"none\"",
           .zh = "再乘以这些权重，并重新归一",
           .en = "multiply by these weights and bring the sum to 1 again",
           .choices = &subjective_methods},
          &WeightRules::combine_with},
         {{.name = "ahp",
           .type = Type::rows,
           .fallback = "[]",
           .zh = "各灾种按其顺序的判断矩阵",
           .en = "pairwise matrix of the hazards in their order"},
          &WeightRules::ahp},
         {{.name = "force",
           .type = Type::flag,
           .fallback = "false",
           .zh = "接受 CR >= 0.1 的判断矩阵",
           .en = "accept an AHP matrix with CR >= 0.1"},
          &WeightRules::force},
         {{.name = "least",
           .type = Type::number,
           .fallback = "0",
           .zh = "每个灾种的权重不低于此，使记录中没有事件的灾种仍被计入",
           .en = "no hazard weighs less, so that one without an event in the records still counts",
           .least = 0},
          &WeightRules::least},
         {{.name = "losses",
           .type = Type::source,
           .fallback = "\"\"",
           .zh = "\"loss-share\" 所用的损失表",
           .en = "loss table for \"loss-share\"",
           .example = "\"losses.csv\""},
          &WeightRules::losses},
         {{.name = "losses_hazard_field",
           .type = Type::text,
           .fallback = "\"\"",
           .zh = "灾种 id 的字段；空：按 docs/layers.md 中的名称",
           .en = "field with the hazard's id; empty: by its names in docs/layers.md"}},
         {{.name = "losses_amount_field",
           .type = Type::text,
           .fallback = "\"\"",
           .zh = "损失的字段；空：同上",
           .en = "field with the loss; empty: likewise"}}}};
    return table;
}

} // namespace

void declare_weights(Schema& schema) {
    schema.add(table());
}

void read_weights(const CheckedFile& file, Project& project) {
    const auto section = file.section("weights");
    auto& weights = project.weights;
    fill(section, table(), weights);
    name_column(weights.losses, section.text("losses_hazard_field"), "hazard");
    name_column(weights.losses, section.text("losses_amount_field"), "loss_10k_yuan");
    if (weights.hazards == "loss-share" && weights.losses.empty())
        throw section.error("weights by loss-share need a loss table", "give losses = \"...\"");
    const bool ahp = weights.hazards == "ahp" || weights.combine_with == "ahp";
    if (ahp && weights.ahp.size() != project.hazards.size())
        throw section.error(fmt::format("the AHP matrix has {} rows for {} hazards",
                                        weights.ahp.size(), project.hazards.size()),
                            "one row and column per hazard, in their order", "ahp");
    const double most = 1.0 / static_cast<double>(project.hazards.size());
    if (weights.least > most)
        throw section.error(fmt::format("least = {:g} must be in 0..{:.3g}", weights.least, most),
                            "", "least");
}

} // namespace riskmap::project
