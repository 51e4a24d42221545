// SPDX-License-Identifier: MIT
#include <riskmap/census/written.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/text.hpp>

namespace riskmap::census {

namespace {

struct Suffix {
    std::string_view unit; ///< that the value is wanted in
    std::string_view text; ///< that stands behind the number
    double factor;
};
// 1 mu is 666.67 m2.
constexpr std::array<Suffix, 38> suffixes{{
    {"persons", "人", 1},
    {"persons", "口", 1},
    {"persons", "名", 1},
    {"persons", "persons", 1},
    {"m2", "平方米", 1},
    {"m2", "㎡", 1},
    {"m2", "m²", 1},
    {"m2", "m2", 1},
    {"m2", "公顷", 1e4},
    {"m2", "亩", 2000.0 / 3},
    {"m2", "平方公里", 1e6},
    {"ha", "公顷", 1},
    {"ha", "ha", 1},
    {"ha", "hm2", 1},
    {"ha", "亩", 1.0 / 15},
    {"ha", "平方米", 1e-4},
    {"ha", "平方公里", 100},
    {"m", "米", 1},
    {"m", "m", 1},
    {"m", "公里", 1000},
    {"m", "千米", 1000},
    {"m", "km", 1000},
    {"m", "厘米", 0.01},
    {"m", "cm", 0.01},
    {"yuan", "元", 1},
    {"10 000 yuan", "元", 1e-4},
    {"km/h", "公里/小时", 1},
    {"km/h", "千米/小时", 1},
    {"km/h", "公里/时", 1},
    {"km/h", "km/h", 1},
    {"share", "%", 0.01},
    {"degrees", "度", 1},
    {"degrees", "°", 1},
    {"g", "g", 1},
    {"mm", "毫米", 1},
    {"mm", "mm", 1},
    {"m/s", "米/秒", 1},
    {"m/s", "m/s", 1},
}};

/// Takes the longest suffix that the unit allows off the text; 0 if it is none.
double take_suffix(std::string_view& text, std::string_view unit) {
    const Suffix* best = nullptr;
    for (const auto& suffix : suffixes)
        if (suffix.unit == unit && text.ends_with(suffix.text) &&
            (best == nullptr || suffix.text.size() > best->text.size()))
            best = &suffix;
    if (best == nullptr)
        return 0;
    text.remove_suffix(best->text.size());
    text = trim(text);
    return best->factor;
}

double take_myriads(std::string_view& text) {
    double factor = 1;
    for (bool more = true; more;) {
        more = false;
        for (const auto& [word, times] : {std::pair<std::string_view, double>{"万", 1e4},
                                          {"亿", 1e8},
                                          {"千", 1e3},
                                          {"百", 1e2}})
            if (text.ends_with(word)) {
                text.remove_suffix(word.size());
                text = trim(text);
                factor *= times;
                more = true;
            }
    }
    return factor;
}

/// Commas between groups of three digits taken out; nothing where they stand elsewhere.
std::optional<std::string> without_separators(std::string_view text) {
    const auto comma = text.find(',');
    if (comma == std::string_view::npos)
        return std::string{text};
    const auto point = std::min(text.find('.'), text.size());
    std::size_t digits = 0;
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == ',') {
            const bool first = out.find_first_of("0123456789") != std::string::npos &&
                               (i == comma ? digits >= 1 && digits <= 3 : digits == 3);
            if (i > point || !first)
                return std::nullopt;
            digits = 0;
            continue;
        }
        if (i < point && std::isdigit(static_cast<unsigned char>(text[i])) != 0)
            ++digits;
        out += text[i];
    }
    return digits == 3 ? std::optional{out} : std::nullopt;
}

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

std::string chinese_to_dashes(std::string text) {
    for (const auto& [word, sign] :
         {std::pair<std::string_view, const char*>{"年", "-"}, {"月", "-"}, {"日", ""}, {"号", ""}})
        for (auto at = text.find(word); at != std::string::npos; at = text.find(word))
            text.replace(at, word.size(), sign);
    while (text.ends_with('-'))
        text.pop_back();
    return text;
}

} // namespace

bool says_nothing(std::string_view text) {
    const auto word = trim(text);
    for (const std::string_view nothing :
         {"",     "-",    "--",   "---",    "—",    "——",  "－",  "/",    "\\",  "无",  "空",
          "null", "NULL", "Null", "<Null>", "None", "N/A", "n/a", "#N/A", "NaN", "nan", "*"})
        if (word == nothing)
            return true;
    return trim(half_width(word)).empty();
}

std::optional<WrittenNumber> read_number(std::string_view text, std::string_view unit) {
    if (const auto plain = parse_number(text))
        return WrittenNumber{*plain, true};
    const std::string clean = half_width(text);
    std::string_view rest = trim(clean);
    double factor = take_suffix(rest, unit);
    const bool suffixed = factor != 0;
    if (!suffixed)
        factor = 1;
    const double myriads = take_myriads(rest);
    factor *= myriads;
    // 3万 in a column of 万元 is 3万元, not 3万 of them.
    if (!suffixed && myriads > 1 && unit == "10 000 yuan")
        factor *= 1e-4;
    const auto digits = without_separators(rest);
    const auto number = digits ? parse_number(*digits) : std::nullopt;
    if (!number || !std::isfinite(*number * factor))
        return std::nullopt;
    // 12.3万 is 123000, not 122999.99999999999.
    const double value = *number * factor;
    const double near = std::round(value);
    return WrittenNumber{std::abs(value - near) < 1e-9 * std::abs(value) ? near : value, false};
}

std::optional<WrittenNumber> read_coordinate(std::string_view text) {
    if (const auto number = read_number(text))
        return number;
    std::string clean = half_width(trim(text));
    for (const auto& [word, sign] : {std::pair<std::string_view, const char*>{"°", " "},
                                     {"度", " "},
                                     {"′", " "},
                                     {"分", " "},
                                     {"'", " "},
                                     {"″", " "},
                                     {"秒", " "},
                                     {"\"", " "},
                                     {"E", " "},
                                     {"N", " "}})
        for (auto at = clean.find(word); at != std::string::npos; at = clean.find(word))
            clean.replace(at, word.size(), sign);
    double degrees = 0;
    double unit = 1;
    for (const auto& part : split(trim(clean), ' ')) {
        if (part.empty())
            continue;
        const auto number = parse_number(part);
        if (!number || *number < 0 || unit < 1.0 / 3600 || (unit < 1 && *number >= 60))
            return std::nullopt;
        degrees += *number * unit;
        unit /= 60;
    }
    if (unit == 1)
        return std::nullopt;
    return WrittenNumber{degrees, false};
}

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

} // namespace riskmap::census
