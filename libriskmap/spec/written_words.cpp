// SPDX-License-Identifier: MIT
// Yes and no.
#include <riskmap/spec/written.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include <riskmap/core/text.hpp>
#include <riskmap/spec/value.hpp>

namespace riskmap::spec {

namespace {

constexpr std::array<std::string_view, 15> yes{"是", "有", "y",  "yes", "true", "t",  "√", "✓",
                                               "✔",  "对", "真", "能",  "已",   "on", "☑"};
constexpr std::array<std::string_view, 16> no{"否", "无", "n",  "no",   "false", "f",  "×",   "✗",
                                              "✕",  "✘",  "非", "不是", "没有",  "假", "off", "☐"};
constexpr std::array<std::string_view, 8> unknown{"未知",   "不详",   "不明", "未调查",
                                                  "不清楚", "待核实", "?",    "unknown"};

template <class List>
bool holds(const List& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

} // namespace

std::optional<WrittenFlag> read_flag(std::string_view text) {
    const auto wide = half_width(text);
    const auto word = small_letters(trim(wide));
    // 无 is "no" here, and "nothing" elsewhere.
    if (holds(yes, word))
        return WrittenFlag{true, word == "true"};
    if (holds(no, word))
        return WrittenFlag{false, word == "false"};
    if (holds(unknown, word) || says_nothing(wide) || says_nothing(word))
        return WrittenFlag{std::nullopt, false};
    const auto number = parse_number(word);
    if (!number)
        return std::nullopt;
    if (*number == 0 || *number == 1)
        return WrittenFlag{*number == 1, text == "0" || text == "1"};
    if (stands_for_nothing(*number))
        return WrittenFlag{std::nullopt, false};
    return std::nullopt;
}

} // namespace riskmap::spec
