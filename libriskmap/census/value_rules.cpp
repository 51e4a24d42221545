// SPDX-License-Identifier: MIT
// Rules about the values of one feature.
#include "feature_rules.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/census/written.hpp>

namespace riskmap::census {

namespace {

constexpr std::size_t longest_text = 4000;

std::string shortened(const std::string& text) {
    constexpr std::size_t shown = 60;
    if (text.size() <= shown)
        return text;
    std::size_t cut = shown;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U)
        --cut;
    return text.substr(0, cut) + "...";
}

bool looks_like_formula(const std::string& text) {
    // A sign before a number is a number.
    return (text[0] == '=' || text[0] == '@' ||
            ((text[0] == '+' || text[0] == '-') && text.size() > 1 &&
             std::isalpha(static_cast<unsigned char>(text[1])) != 0));
}

bool holds_control(const std::string& text) {
    return std::any_of(text.begin(), text.end(), [](unsigned char c) {
        return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
    });
}

bool holds_markup(const std::string& text) {
    const auto open = text.find('<');
    return open != std::string::npos && open + 1 < text.size() &&
           (std::isalpha(static_cast<unsigned char>(text[open + 1])) != 0 ||
            text[open + 1] == '/' || text[open + 1] == '!') &&
           text != "<Null>";
}

/// One value of a field that the specification knows.
struct ValueCase {
    FeatureCase& feature;
    const FieldSpec& field;
    std::size_t column;
    std::string text;
    bool is_text;

    void found(RuleId rule, Words detail = {}) const {
        auto& finding = feature.found(rule, std::move(detail));
        finding.field = feature.layer.fields[column].name;
        finding.value = shortened(text);
    }
};

void check_number(const ValueCase& value) {
    const auto& field = value.field;
    const auto number = read_number(value.text, field.unit);
    if (!number) {
        value.found(RuleId::value_type, {"应为数字", "a number is wanted"});
        return;
    }
    if (!number->plain)
        value.found(RuleId::value_written, {fmt::format("读作 {:.15g}", number->value),
                                            fmt::format("read as {:.15g}", number->value)});
    const bool in_range = !field.range || field.range->holds(number->value);
    if (!in_range && stands_for_nothing(number->value)) {
        value.found(RuleId::value_sentinel);
        return;
    }
    if (!in_range)
        value.found(RuleId::value_range,
                    {fmt::format("范围 {:g} 至 {:g}", field.range->least, field.range->most),
                     fmt::format("allowed: {:g} to {:g}", field.range->least, field.range->most)});
    else if (field.kind == FieldKind::whole && number->value != std::round(number->value))
        value.found(RuleId::value_type, {"应为整数", "a whole number is wanted"});
}

void check_date(const ValueCase& value) {
    const auto date = read_date(value.text);
    if (!date) {
        value.found(RuleId::value_type, {"应为日期", "a date is wanted"});
        return;
    }
    if (!date->plain && value.is_text)
        value.found(RuleId::value_written, {fmt::format("读作 {}", date->date.text()),
                                            fmt::format("read as {}", date->date.text())});
    if (const auto& range = value.field.range; range && !range->holds(date->date.year))
        value.found(RuleId::value_range,
                    {fmt::format("年份应在 {:g} 至 {:g}", range->least, range->most),
                     fmt::format("years allowed: {:g} to {:g}", range->least, range->most)});
}

void check_code(const ValueCase& value) {
    if (value.feature.layer.source.not_codes)
        return;
    const auto code = read_code(value.text, value.field.digits);
    if (!code)
        value.found(RuleId::code_format,
                    {fmt::format("应为 {} 位数字", fmt::join(value.field.digits, "、")),
                     fmt::format("{} digits are wanted", fmt::join(value.field.digits, " or "))});
    else if (!code->plain)
        value.found(RuleId::code_padding,
                    {fmt::format("读作 {}", code->code), fmt::format("read as {}", code->code)});
}

void check_choice(const ValueCase& value) {
    const auto& more = value.feature.layer.source.choices;
    if (!value.field.choices.empty() && choice_of(value.field, value.text) == nullptr &&
        std::find(more.begin(), more.end(), value.text) == more.end())
        value.found(RuleId::value_choice);
}

} // namespace

void check_texts(FeatureCase& feature) {
    const auto& fields = feature.layer.fields;
    for (std::size_t f = 0; f < fields.size(); ++f) {
        const auto* text = std::get_if<std::string>(&feature.source.feature.values[f]);
        if (text == nullptr || text->empty())
            continue;
        const auto tell = [&](RuleId rule) {
            auto& finding = feature.found(rule);
            finding.field = fields[f].name;
            finding.value = shortened(*text);
        };
        if (text->find("\xEF\xBF\xBD") != std::string::npos)
            tell(RuleId::text_broken);
        if (looks_like_formula(*text) || holds_control(*text) || holds_markup(*text))
            tell(RuleId::text_unsafe);
        if (trim(*text).size() != text->size())
            tell(RuleId::text_blanks);
        if (text->size() > longest_text)
            tell(RuleId::value_long);
    }
}

void check_values(FeatureCase& feature) {
    const auto* spec = feature.layer.spec;
    if (spec == nullptr)
        return;
    const auto& values = feature.source.feature.values;
    for (std::size_t s = 0; s < spec->fields.size(); ++s) {
        const auto column = feature.layer.map.of[s];
        if (!column)
            continue;
        const auto& field = spec->fields[s];
        const ValueCase value{feature, field, *column, vector::text_of(values[*column]),
                              std::holds_alternative<std::string>(values[*column])};
        if (says_nothing(value.text)) {
            if (field.required)
                value.found(RuleId::value_missing);
            else if (!value.text.empty() && field.kind != FieldKind::text)
                value.found(RuleId::value_written, {"读作空值", "read as nothing"});
            continue;
        }
        switch (field.kind) {
        case FieldKind::number:
        case FieldKind::whole:
            check_number(value);
            break;
        case FieldKind::date:
            check_date(value);
            break;
        case FieldKind::code:
            check_code(value);
            break;
        case FieldKind::text:
            check_choice(value);
        }
    }
}

} // namespace riskmap::census
