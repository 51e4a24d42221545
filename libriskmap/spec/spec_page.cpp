// SPDX-License-Identifier: MIT
#include <riskmap/spec/spec.hpp>

#include <fmt/format.h>

namespace riskmap::spec {

namespace {

const char* name_of(FieldKind kind) {
    switch (kind) {
    case FieldKind::text:
        return "text";
    case FieldKind::number:
        return "number";
    case FieldKind::whole:
        return "whole number";
    case FieldKind::date:
        return "date";
    case FieldKind::code:
        return "code";
    case FieldKind::flag:
        return "yes or no";
    }
    return "";
}

std::string range_text(const Range& range) {
    return fmt::format("{:g} to {:g}", range.least, range.most);
}

std::string rules_of(const FieldSpec& field) {
    std::vector<std::string> rules;
    if (field.required)
        rules.emplace_back("required");
    if (field.unique)
        rules.emplace_back("unique");
    if (!field.digits.empty())
        rules.push_back(fmt::format("{} digits", fmt::join(field.digits, " or ")));
    if (field.range)
        rules.push_back((field.kind == FieldKind::date ? "year " : "") + range_text(*field.range));
    for (const auto& choice : field.choices)
        rules.push_back(fmt::format("`{}` {}", choice.value, choice.zh));
    return fmt::format("{}", fmt::join(rules, ", "));
}

/// All words that stand for the values of a list.
std::string words_of(const LayerSpec& spec) {
    std::string out;
    for (const auto& field : spec.fields) {
        std::string list;
        for (const auto& choice : field.choices) {
            std::vector<std::string> others;
            for (const auto& word : choice.words)
                if (word != choice.value && word != choice.zh)
                    others.push_back(word);
            if (!others.empty())
                list += fmt::format("- `{}` {}: {}\n", choice.value, choice.zh,
                                    fmt::join(others, "、"));
        }
        if (!list.empty())
            out += fmt::format("\nWords of `{}`, also as the end of a path (洪涝灾害-山洪):\n\n{}",
                               field.name, list);
    }
    return out;
}

std::string fields_table(const LayerSpec& spec) {
    std::string out =
        "\n| field | what | type | unit | rules | also called |\n|---|---|---|---|---|---|\n";
    for (const auto& field : spec.fields)
        out += fmt::format("| `{}` | {} {} | {} | {} | {} | {} |\n", field.name, field.title.zh,
                           field.title.en, name_of(field.kind), field.unit, rules_of(field),
                           fmt::join(field.names, "、"));
    return out + words_of(spec);
}

std::string about(const LayerSpec& spec) {
    std::string out = fmt::format("\n### `{}` {}: {}\n\n{}", spec.id, spec.title.zh, spec.title.en,
                                  spec.shape_name());
    if (spec.coverage)
        out += ", without gaps and overlaps";
    if (spec.raster) {
        out += fmt::format(", {}", raster::name_of(spec.kind));
        if (!spec.unit.empty())
            out += fmt::format(", in {}", spec.unit);
        if (spec.range)
            out += fmt::format(", {}", range_text(*spec.range));
    }
    out += '.';
    if (!spec.parent.empty())
        out += fmt::format(" Belongs to `{}` by {}.", spec.parent,
                           spec.parent_field.empty() ? "the first digits of its code"
                                                     : "the field `" + spec.parent_field + "`");
    for (const auto& sum : spec.sums)
        out += fmt::format(" `{}` adds up to that of `{}`.", sum.field, sum.to);
    if (!spec.names.empty())
        out += fmt::format(" Recognised by: {}.", fmt::join(spec.names, ", "));
    out += '\n';
    if (!spec.fields.empty())
        out += fields_table(spec);
    return out;
}

} // namespace

std::string spec_page(std::span<const LayerSpec> specs) {
    std::string out =
        "# Layers of the census\n\n"
        "<!-- Made by `riskmap check --layers`; a test compares the two. -->\n\n"
        "What riskmap knows of each layer, from the files of `data/spec/`. A layer is recognised "
        "by its\nname or that of its file; fields by their own name, one of the others, or (in "
        "Shapefiles) the\nfirst ten bytes of one. `riskmap check` tells what departs from this; "
        "`riskmap ingest` renames\nand converts to it. A file with more layers is given by "
        "`--spec FILE.toml`.\n";
    std::string family;
    for (const auto& spec : specs) {
        if (spec.family.en != family)
            out += fmt::format("\n## {} {}\n", spec.family.zh, spec.family.en);
        family = spec.family.en;
        out += about(spec);
    }
    return out;
}

} // namespace riskmap::spec
