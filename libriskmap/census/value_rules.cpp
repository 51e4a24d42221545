// SPDX-License-Identifier: MIT
// Rules about the values of one feature.
#include "feature_rules.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/text.hpp>
#include <riskmap/spec/value.hpp>

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
    const spec::FieldSpec& field;
    std::size_t column;
    const vector::Value& value;
    double factor;
    std::string text;
    bool is_text;

    void found(RuleId rule, Words detail = {}) const {
        auto& finding = feature.found(rule, std::move(detail));
        finding.field = feature.layer.fields[column].name;
        finding.value = shortened(text);
    }
};

void written(const ValueCase& value, const std::string& read) {
    value.found(RuleId::value_written, {"读作 " + read, "read as " + read});
}

void check_number(const ValueCase& value) {
    const auto& field = value.field;
    const auto number = spec::number_in(field, value.value, value.factor);
    if (number.how == spec::Read::unreadable) {
        value.found(RuleId::value_type, {"应为数字", "a number is wanted"});
        return;
    }
    // A number in the unit of its head is written plainly.
    if (value.is_text && number.how != spec::Read::plain && !parse_number(value.text))
        written(value, fmt::format("{:.15g}", number.value));
    if (number.how == spec::Read::sentinel)
        value.found(RuleId::value_sentinel);
    else if (number.how == spec::Read::out_of_range) {
        const bool percent = field.unit == "share" && number.value > 1 && number.value <= 100;
        value.found(
            RuleId::value_range,
            {fmt::format("范围 {:g} 至 {:g}{}", field.range->least, field.range->most,
                         percent ? fmt::format("；若是百分数：units={}=%", field.name) : ""),
             fmt::format("allowed: {:g} to {:g}{}", field.range->least, field.range->most,
                         percent ? fmt::format("; if these are percent: units={}=%", field.name)
                                 : "")});
    } else if (field.kind == spec::FieldKind::whole && number.value != std::round(number.value))
        value.found(RuleId::value_type, {"应为整数", "a whole number is wanted"});
}

void check_date(const ValueCase& value) {
    const auto date = spec::date_in(value.field, value.value);
    if (date.how == spec::Read::unreadable) {
        value.found(RuleId::value_type, {"应为日期", "a date is wanted"});
        return;
    }
    if (value.is_text && date.how == spec::Read::converted)
        written(value, date.value.text());
    if (const auto& range = value.field.range; date.how == spec::Read::out_of_range)
        value.found(RuleId::value_range,
                    {fmt::format("年份应在 {:g} 至 {:g}", range->least, range->most),
                     fmt::format("years allowed: {:g} to {:g}", range->least, range->most)});
}

void check_code(const ValueCase& value) {
    const auto code = spec::code_in(value.field, value.value, value.feature.layer.source.not_codes);
    // "所属乡镇: 平水镇" of a layer that goes by place and not by code.
    const bool named = !value.field.required && value.feature.layer.spec->parent.empty() &&
                       std::any_of(value.text.begin(), value.text.end(),
                                   [](unsigned char c) { return c >= 0x80; });
    if (code.how == spec::Read::unreadable && named)
        value.found(RuleId::code_by_name);
    else if (code.how == spec::Read::unreadable)
        value.found(RuleId::code_format,
                    {fmt::format("应为 {} 位数字", fmt::join(value.field.digits, "、")),
                     fmt::format("{} digits are wanted", fmt::join(value.field.digits, " or "))});
    else if (code.how == spec::Read::converted)
        value.found(RuleId::code_padding,
                    {fmt::format("读作 {}", code.value), fmt::format("read as {}", code.value)});
}

void check_flag(const ValueCase& value) {
    if (spec::flag_in(value.value).how == spec::Read::unreadable)
        value.found(RuleId::value_choice, {"应为是或否", "yes or no is wanted"});
}

void check_choice(const ValueCase& value) {
    const auto& more = value.feature.layer.source.choices;
    if (spec::word_in(value.field, value.value).how == spec::Read::unreadable &&
        std::find(more.begin(), more.end(), value.text) == more.end())
        value.found(RuleId::value_choice);
}

/// A camera whose sector begins where it ends looks all round.
void check_sector(FeatureCase& feature) {
    const auto from = feature.layer.field_of("azimuth_from");
    const auto to = feature.layer.field_of("azimuth_to");
    if (!from || !to)
        return;
    const auto& values = feature.source.feature.values;
    const auto a = parse_number(vector::text_of(values[*from]));
    const auto b = parse_number(vector::text_of(values[*to]));
    if (!a || !b || *a != *b)
        return;
    auto& finding = feature.found(RuleId::value_written, {"起止方位角相同，按全向计",
                                                          "a sector without a width is all round"});
    finding.field = feature.layer.fields[*to].name;
    finding.value = vector::text_of(values[*to]);
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
    check_sector(feature);
    const auto& values = feature.source.feature.values;
    for (std::size_t s = 0; s < spec->fields.size(); ++s) {
        const auto column = feature.layer.map.of[s];
        if (!column)
            continue;
        const auto& field = spec->fields[s];
        const ValueCase value{feature,
                              field,
                              *column,
                              values[*column],
                              feature.layer.factors[s],
                              vector::text_of(values[*column]),
                              std::holds_alternative<std::string>(values[*column])};
        // 无 is a word for "no" where yes or no is asked.
        if (spec::says_nothing(value.text) && field.kind != spec::FieldKind::flag) {
            if (field.required)
                value.found(RuleId::value_missing);
            else if (!value.text.empty() && field.kind != spec::FieldKind::text)
                value.found(RuleId::value_written, {"读作空值", "read as nothing"});
            continue;
        }
        switch (field.kind) {
        case spec::FieldKind::number:
        case spec::FieldKind::whole:
            check_number(value);
            break;
        case spec::FieldKind::date:
            check_date(value);
            break;
        case spec::FieldKind::code:
            check_code(value);
            break;
        case spec::FieldKind::flag:
            check_flag(value);
            break;
        case spec::FieldKind::text:
            check_choice(value);
        }
    }
}

} // namespace riskmap::census
