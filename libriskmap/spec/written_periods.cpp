// SPDX-License-Identifier: MIT
#include <riskmap/spec/written_periods.hpp>

#include <array>
#include <cmath>
#include <regex>
#include <set>
#include <string>
#include <utility>

#include <riskmap/core/text.hpp>

namespace riskmap::spec {

namespace {

constexpr std::array<std::pair<const char*, double>, 10> words{{{"五百年", 500},
                                                                {"二百年", 200},
                                                                {"两百年", 200},
                                                                {"千年", 1000},
                                                                {"百年", 100},
                                                                {"五十年", 50},
                                                                {"三十年", 30},
                                                                {"二十年", 20},
                                                                {"十年", 10},
                                                                {"五年", 5}}};

void add_words(std::string text, std::set<double>& found) {
    for (const auto& [word, years] : words)
        for (auto at = text.find(word); at != std::string::npos; at = text.find(word)) {
            found.insert(years);
            text.replace(at, std::string_view{word}.size(), " ");
        }
}

} // namespace

std::optional<double> period_in(std::string_view name) {
    const auto text = small_letters(half_width(name));
    std::set<double> found;
    // 一遇 makes any number one of years; without it the calendar's are none.
    static const std::regex in_years{
        R"((^|[^0-9.])([0-9]{1,5})\s*(年一遇|年|yrs?|years?|a)(?![a-z0-9]))"};
    static const std::regex by_t{R"((^|[^a-z0-9])(t|rp)_?([0-9]{1,4})(?![0-9a-z]))"};
    static const std::regex by_chance{
        R"((^|[^a-z0-9.])(?:p\s*=?\s*)?([0-9]+(?:\.[0-9]+)?)\s*(%|pct|percent))"};
    for (std::sregex_iterator it{text.begin(), text.end(), in_years}, end; it != end; ++it) {
        const double years = std::stod((*it)[2].str());
        const bool calendar = years >= 1900 && years <= 2100 && (*it)[3].str() != "年一遇";
        if (years >= 1 && !calendar)
            found.insert(years);
    }
    for (std::sregex_iterator it{text.begin(), text.end(), by_t}, end; it != end; ++it)
        if (const double years = std::stod((*it)[3].str()); years >= 1)
            found.insert(years);
    for (std::sregex_iterator it{text.begin(), text.end(), by_chance}, end; it != end; ++it)
        if (const double share = std::stod((*it)[2].str()) / 100; share > 0 && share <= 1)
            found.insert(std::round(1e6 / share) / 1e6);
    add_words(text, found);
    return found.size() == 1 ? std::optional{*found.begin()} : std::nullopt;
}

} // namespace riskmap::spec
