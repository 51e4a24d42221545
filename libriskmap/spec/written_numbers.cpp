// SPDX-License-Identifier: MIT
// Numbers and coordinates.
#include <riskmap/spec/written.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

#include <riskmap/core/text.hpp>

namespace riskmap::spec {

namespace {

struct Suffix {
    std::string_view unit; ///< that the value is wanted in
    std::string_view text; ///< that stands behind the number
    double factor;
};
// 1 mu is 666.67 m2.
constexpr std::array<Suffix, 65> suffixes{{
    {"", "年", 1},
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
    {"m2", "平方千米", 1e6},
    {"m2", "km2", 1e6},
    {"m2", "ha", 1e4},
    {"m2", "hm2", 1e4},
    {"ha", "公顷", 1},
    {"ha", "ha", 1},
    {"ha", "hm2", 1},
    {"ha", "亩", 1.0 / 15},
    {"ha", "平方米", 1e-4},
    {"ha", "平方公里", 100},
    {"ha", "平方千米", 100},
    {"ha", "km2", 100},
    {"ha", "m2", 1e-4},
    {"m", "米", 1},
    {"m", "m", 1},
    {"m", "公里", 1000},
    {"m", "千米", 1000},
    {"m", "km", 1000},
    {"m", "里", 500},
    {"m", "ft", 0.3048},
    {"m", "feet", 0.3048},
    {"m", "foot", 0.3048},
    {"m", "英尺", 0.3048},
    {"m", "metre", 1},
    {"m", "meter", 1},
    {"m", "metres", 1},
    {"m", "meters", 1},
    {"m", "mm", 0.001},
    {"m", "毫米", 0.001},
    {"m", "厘米", 0.01},
    {"m", "cm", 0.01},
    {"yuan", "元", 1},
    {"10 000 yuan", "元", 1e-4},
    {"km/h", "公里/小时", 1},
    {"km/h", "千米/小时", 1},
    {"km/h", "公里/时", 1},
    {"km/h", "km/h", 1},
    {"km/h", "kmh", 1},
    {"km/h", "kph", 1},
    {"km/h", "mph", 1.609344},
    {"share", "%", 0.01},
    {"share", "‰", 0.001},
    {"share", "百分比", 0.01},
    {"degrees", "度", 1},
    {"degrees", "°", 1},
    {"g", "g", 1},
    {"mm", "毫米", 1},
    {"mm", "mm", 1},
    {"m/s", "米/秒", 1},
    {"m/s", "m/s", 1},
    {"households", "户", 1},
    {"minutes", "分钟", 1},
    {"minutes", "min", 1},
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

/// "12 345" and "12，345": blanks between groups of three digits are commas.
std::string with_commas(std::string_view text) {
    std::string out{text};
    for (std::size_t i = 1; i + 1 < out.size(); ++i)
        if (out[i] == ' ' && std::isdigit(static_cast<unsigned char>(out[i - 1])) != 0 &&
            std::isdigit(static_cast<unsigned char>(out[i + 1])) != 0)
            out[i] = ',';
    return out;
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

} // namespace

bool says_nothing(std::string_view text) {
    using namespace std::string_view_literals;
    static constexpr std::array words{"-"sv,    "--"sv,     "---"sv,  "—"sv,   "——"sv,   "－"sv,
                                      "/"sv,    "\\"sv,     "无"sv,   "空"sv,  "null"sv, "NULL"sv,
                                      "Null"sv, "<Null>"sv, "None"sv, "N/A"sv, "n/a"sv,  "#N/A"sv,
                                      "NaN"sv,  "nan"sv,    "*"sv};
    constexpr std::size_t longest = 6;
    const auto word = trim(text);
    if (word.empty())
        return true;
    if (word.size() <= longest && std::find(words.begin(), words.end(), word) != words.end())
        return true;
    // Blanks of full width.
    return word.starts_with("\u3000") && trim(half_width(word)).empty();
}

std::optional<WrittenNumber> read_number(std::string_view text, std::string_view unit) {
    if (const auto plain = parse_number(text))
        return WrittenNumber{*plain, true, true};
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
    const auto digits = without_separators(with_commas(rest));
    const auto number = digits ? parse_number(*digits) : std::nullopt;
    if (!number || !std::isfinite(*number * factor))
        return std::nullopt;
    // 12.3万 is 123000, not 122999.99999999999.
    const double value = *number * factor;
    const double near = std::round(value);
    return WrittenNumber{std::abs(value - near) < 1e-9 * std::abs(value) ? near : value, false,
                         !suffixed && myriads == 1};
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
                                     {"N", " "},
                                     {"东经", " "},
                                     {"北纬", " "}})
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
    return WrittenNumber{degrees, false, true};
}

} // namespace riskmap::spec
