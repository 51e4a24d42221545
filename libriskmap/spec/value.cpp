// SPDX-License-Identifier: MIT
#include <riskmap/spec/value.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/text.hpp>
#include <riskmap/spec/door.hpp>

namespace riskmap::spec {

namespace {

/// A finite number that the file holds as one.
std::optional<double> plain_number(const vector::Value& value) {
    if (const auto* whole = std::get_if<std::int64_t>(&value))
        return static_cast<double>(*whole);
    if (const auto* number = std::get_if<double>(&value))
        return *number;
    return std::nullopt;
}

ReadValue<double> in_range(const FieldSpec& field, double value, Read how) {
    // Where any number may be, those below are still nobody's measurement.
    if (!field.range)
        return {stands_for_nothing(value) && value <= -999 ? Read::sentinel : how, value};
    if (field.range->holds(value))
        return {how, value};
    return {stands_for_nothing(value) ? Read::sentinel : Read::out_of_range, value};
}

/// 5.5901 万人 are 55901 persons: what the factor adds in the last places is no part of one.
double brought(const FieldSpec& field, double value) {
    const double whole = std::round(value);
    const bool near = std::abs(value - whole) <= 1e-9 * std::max(1.0, std::abs(value));
    return field.kind == FieldKind::whole && near ? whole : value;
}

} // namespace

bool stands_for_nothing(double value) {
    for (const double sentinel :
         {-9999.0, -999.0, -99.0, -9.0, -1.0, -99999.0, -999999.0, -32768.0, 9999.0, 99999.0,
          999999.0, 9999999.0, 99999999.0, 65535.0, -2147483648.0, 2147483647.0})
        if (value == sentinel)
            return true;
    return std::abs(value) > 1e30;
}

ReadValue<double> number_in(const FieldSpec& field, const vector::Value& value, double factor) {
    if (std::holds_alternative<std::monostate>(value))
        return {};
    if (const auto number = plain_number(value)) {
        if (!std::isfinite(*number))
            return {Read::sentinel, *number};
        if (factor == 1)
            return in_range(field, *number, Read::plain);
        // -9999 of 万人 is no number of people.
        if (stands_for_nothing(*number) && *number < 0)
            return {Read::sentinel, *number};
        return in_range(field, brought(field, *number * factor), Read::converted);
    }
    const auto& text = std::get<std::string>(value);
    if (says_nothing(text))
        return {};
    const auto number = read_number(text, field.unit);
    if (!number)
        return {Read::unreadable, 0};
    if (!number->bare)
        return in_range(field, brought(field, number->value), Read::converted);
    if (factor == 1)
        return in_range(field, number->value, number->plain ? Read::plain : Read::converted);
    if (stands_for_nothing(number->value) && number->value < 0)
        return {Read::sentinel, number->value};
    return in_range(field, brought(field, number->value * factor), Read::converted);
}

ReadValue<Date> date_in(const FieldSpec& field, const vector::Value& value) {
    const auto text = vector::text_of(value);
    if (says_nothing(text))
        return {};
    const auto date = read_date(text);
    if (!date)
        return {Read::unreadable, {}};
    if (field.range && !field.range->holds(date->date.year))
        return {Read::out_of_range, date->date};
    return {date->plain ? Read::plain : Read::converted, date->date};
}

ReadValue<bool> flag_in(const vector::Value& value) {
    if (std::holds_alternative<std::monostate>(value))
        return {};
    const auto flag = read_flag(vector::text_of(value));
    if (!flag)
        return {Read::unreadable, false};
    if (!flag->value)
        return {says_nothing(vector::text_of(value)) ? Read::nothing : Read::sentinel, false};
    return {Read::plain, *flag->value};
}

ReadValue<std::string> word_in(const FieldSpec& field, const vector::Value& value) {
    const auto text = vector::text_of(value);
    if (const auto* choice = field.choice(text); choice != nullptr && !trim(text).empty())
        return {choice->value == text ? Read::plain : Read::converted, choice->value};
    if (says_nothing(text))
        return {};
    if (field.choices.empty() || field.open)
        return {Read::plain, std::string{trim(text)}};
    return {Read::unreadable, text};
}

ReadValue<std::string> code_in(const FieldSpec& field, const vector::Value& value, bool any) {
    const auto text = vector::text_of(value);
    if (says_nothing(text))
        return {};
    if (any)
        return {Read::plain, text};
    const auto code = read_code(text, field.digits);
    if (!code)
        return {Read::unreadable, text};
    return {code->plain ? Read::plain : Read::converted, code->code};
}

std::optional<double> unit_factor(std::string_view written, std::string_view wanted) {
    if (written.empty() || wanted.empty())
        return std::nullopt;
    if (written == wanted)
        return 1;
    // What one of them comes to; a bare number would be no unit.
    if (const auto one = read_number(fmt::format("1{}", written), wanted); one && !one->plain)
        return one->value;
    if (const auto one = read_number(fmt::format("1{}", small_letters(written)), wanted);
        one && !one->plain)
        return one->value;
    return std::nullopt;
}

double head_factor(std::string_view head, std::string_view wanted) {
    return unit_factor(head_and_unit(head).second, wanted).value_or(1);
}

std::string foreign_unit(std::string_view head, std::string_view wanted) {
    const auto inside = bracketed(head);
    if (inside.empty() || wanted.empty() || unit_factor(inside, wanted))
        return {};
    if (density_of(inside))
        return inside;
    constexpr std::array<std::string_view, 13> units{
        "persons", "m2",      "ha",         "m",  "yuan", "10 000 yuan", "km/h",
        "share",   "degrees", "households", "mm", "m/s",  "minutes"};
    const bool some = std::any_of(units.begin(), units.end(), [&](std::string_view unit) {
        return unit_factor(inside, unit).has_value();
    });
    return some ? inside : std::string{};
}

} // namespace riskmap::spec
