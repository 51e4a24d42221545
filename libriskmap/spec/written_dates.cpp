// SPDX-License-Identifier: MIT
// Dates and codes.
#include <riskmap/spec/written.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include <fmt/format.h>

#include <riskmap/core/text.hpp>

namespace riskmap::spec {

namespace {

std::string without(std::string text, std::string_view what) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what))
        text.erase(at, what.size());
    return text;
}

std::optional<int> whole(std::string_view text) {
    int value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || failure != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(),
                                        [](unsigned char c) { return c >= '0' && c <= '9'; });
}

bool exists(const Date& date) {
    constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (date.year < 1000 || date.year > 9999 || date.month < 0 || date.month > 12 || date.day < 0)
        return false;
    if (date.month == 0)
        return date.day == 0;
    const bool leap = (date.year % 4 == 0 && date.year % 100 != 0) || date.year % 400 == 0;
    return date.day <=
           days[static_cast<std::size_t>(date.month) - 1] + (date.month == 2 && leap ? 1 : 0);
}

/// Days since 1899-12-30, as spreadsheets count them.
Date from_days(int days) {
    Date date{1899, 12, 30};
    for (; days > 0; --days) {
        ++date.day;
        if (!exists(date)) {
            date.day = 1;
            if (++date.month > 12) {
                date.month = 1;
                ++date.year;
            }
        }
    }
    return date;
}

std::optional<Date> from_parts(std::string_view text, char separator) {
    const auto parts = split(text, separator);
    if (parts.size() > 3 || parts[0].size() != 4)
        return std::nullopt;
    Date date;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto number = all_digits(parts[i]) && (i == 0 || parts[i].size() <= 2)
                                ? whole(parts[i])
                                : std::nullopt;
        if (!number || *number == 0)
            return std::nullopt;
        (i == 0 ? date.year : i == 1 ? date.month : date.day) = *number;
    }
    return date;
}

std::optional<Date> from_digits(std::string_view text) {
    Date date;
    if (text.size() == 8 || text.size() == 6 || text.size() == 4) {
        date.year = whole(text.substr(0, 4)).value_or(0);
        if (text.size() >= 6)
            date.month = whole(text.substr(4, 2)).value_or(0);
        if (text.size() == 8)
            date.day = whole(text.substr(6, 2)).value_or(0);
        const bool said = (text.size() == 4 || date.month > 0) && (text.size() < 8 || date.day > 0);
        return said ? std::optional{date} : std::nullopt;
    }
    // 1954-10-03 to 2118-11-19: no other number that stands for a date has five digits.
    if (text.size() == 5 && text >= "20000" && text <= "79999")
        return from_days(*whole(text));
    return std::nullopt;
}

/// What stands behind a date: nothing, or a time of day.
bool is_time(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isdigit(c) != 0 || c == ':' || c == '.' || c == '+' || c == 'Z' || c == ' ';
    });
}

/// 〇 to 九 as a digit; nothing for another character.
std::optional<char> numeral(std::string_view character) {
    constexpr std::array<std::string_view, 12> numerals{"〇", "一", "二", "三", "四", "五",
                                                        "六", "七", "八", "九", "零", "○"};
    const auto found = std::find(numerals.begin(), numerals.end(), character);
    if (found == numerals.end())
        return std::nullopt;
    const auto at = found - numerals.begin();
    return static_cast<char>('0' + (at > 9 ? 0 : at));
}

/// 二〇一五 as 2015, 十一 as 11, 三十 as 30: numerals of three bytes each.
std::string digits_of_numerals(const std::string& text) {
    if (text.find("年") == std::string::npos)
        return text;
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto character = std::string_view{text}.substr(i, 3);
        const auto next = i + 3 < text.size() ? std::string_view{text}.substr(i + 3, 3) : "";
        if (const auto digit = numeral(character)) {
            out += *digit;
            i += 3;
        } else if (character == "十") {
            const bool tens = !out.empty() && std::isdigit(static_cast<unsigned char>(out.back()));
            if (!tens)
                out += '1';
            if (!numeral(next))
                out += '0';
            i += 3;
        } else {
            out += text[i++];
        }
    }
    return out;
}

std::string chinese_to_dashes(std::string text) {
    text = digits_of_numerals(text);
    for (const auto& [word, sign] :
         {std::pair<std::string_view, const char*>{"年", "-"}, {"月", "-"}, {"日", ""}, {"号", ""}})
        for (auto at = text.find(word); at != std::string::npos; at = text.find(word))
            text.replace(at, word.size(), sign);
    while (text.ends_with('-'))
        text.pop_back();
    return text;
}

} // namespace

std::string Date::text() const {
    if (month == 0)
        return fmt::format("{:04}", year);
    if (day == 0)
        return fmt::format("{:04}-{:02}", year, month);
    return fmt::format("{:04}-{:02}-{:02}", year, month, day);
}

std::optional<WrittenDate> read_date(std::string_view text) {
    auto clean = chinese_to_dashes(half_width(trim(text)));
    if (const auto end = clean.find_first_of(" T"); end != std::string::npos) {
        if (!is_time(std::string_view{clean}.substr(end + 1)))
            return std::nullopt;
        clean.resize(end);
    }
    if (clean.ends_with(".0"))
        clean.resize(clean.size() - 2); // a whole number that passed through a spreadsheet
    std::optional<Date> date;
    if (all_digits(clean))
        date = from_digits(clean);
    for (const char separator : {'-', '/', '.'})
        if (!date && clean.find(separator) != std::string::npos)
            date = from_parts(clean, separator);
    if (!date || !exists(*date))
        return std::nullopt;
    const auto usual = date->text();
    const bool plain = text == usual || text.starts_with(usual + "T");
    return WrittenDate{*date, plain};
}

std::optional<WrittenCode> read_code(std::string_view text, std::span<const int> digits) {
    constexpr std::array<int, 3> usual{6, 9, 12};
    const std::span<const int> wanted = digits.empty() ? std::span<const int>{usual} : digits;
    auto code = without(half_width(trim(text)), " ");
    if (code.starts_with('\''))
        code.erase(0, 1);
    if (const auto point = code.find('.');
        point != std::string::npos && code.find_first_not_of('0', point + 1) == std::string::npos)
        code.resize(point);
    if (!all_digits(code) || code.size() > 18)
        return std::nullopt;
    const auto fits = [&](std::size_t size) {
        return std::any_of(wanted.begin(), wanted.end(),
                           [&](int n) { return static_cast<std::size_t>(n) == size; });
    };
    if (fits(code.size()))
        return WrittenCode{code, code == text};
    // Levels have 6, 9 and 12 digits; those below the unit's own are zeros.
    const bool level = code.size() == 6 || code.size() == 9 || code.size() == 12;
    for (const int n : wanted) {
        const auto size = static_cast<std::size_t>(n);
        if (level && size > code.size() && (size - code.size()) % 3 == 0)
            return WrittenCode{code + std::string(size - code.size(), '0'), false};
        if (level && size < code.size() && code.find_first_not_of('0', size) == std::string::npos)
            return WrittenCode{code.substr(0, size), false};
    }
    return std::nullopt;
}

} // namespace riskmap::spec
