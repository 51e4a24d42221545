// SPDX-License-Identifier: MIT
#include <riskmap/zoning/prevention.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>

namespace riskmap::zoning {

char letter_of(PreventionClass prevention) {
    return prevention == PreventionClass::key         ? 'K'
           : prevention == PreventionClass::secondary ? 'S'
                                                      : 'G';
}

PreventionClass parse_prevention_class(char letter) {
    for (const auto prevention :
         {PreventionClass::general, PreventionClass::secondary, PreventionClass::key})
        if (letter_of(prevention) == letter)
            return prevention;
    throw input_error(fmt::format("'{}' is not a prevention class", letter),
                      "K is key, S secondary, G general");
}

PreventionMatrix::PreventionMatrix() {
    *this = parse(std::vector<std::string>{"KKKKS", "KKSSS", "SSSGG", "SGGGG", "GGGGG"});
}

PreventionMatrix PreventionMatrix::parse(std::span<const std::string> rows) {
    Rows table{};
    if (rows.size() != 5)
        throw input_error(fmt::format("the prevention matrix has {} rows, not 5", rows.size()),
                          "give one text per risk level, 5 first");
    for (std::size_t r = 0; r < 5; ++r) {
        std::string letters;
        for (const char c : rows[r])
            if (c != ' ')
                letters += c;
        if (letters.size() != 5)
            throw input_error(
                fmt::format("row '{}' of the prevention matrix has not 5 classes", rows[r]),
                "give one letter per capacity level, 1 first");
        for (std::size_t c = 0; c < 5; ++c)
            table[4 - r][c] = parse_prevention_class(letters[c]);
    }
    return PreventionMatrix{table};
}

PreventionClass PreventionMatrix::operator()(int risk_level, int capacity_level) const {
    const auto index = [](int level) {
        return static_cast<std::size_t>(std::clamp(level, 1, 5) - 1);
    };
    return m_rows[index(risk_level)][index(capacity_level)];
}

void MeasureTable::add(const std::string& hazard, PreventionClass prevention,
                       const std::string& measures) {
    m_measures[{hazard, prevention}] = measures;
}

std::string MeasureTable::measures(std::span<const std::string> hazards,
                                   PreventionClass prevention) const {
    std::string text;
    for (const auto& hazard : hazards)
        if (const auto found = m_measures.find({hazard, prevention}); found != m_measures.end())
            text += (text.empty() ? "" : "; ") + found->second;
    return text;
}

std::vector<std::size_t> dominant_hazards(std::span<const double> shares, double least_share,
                                          std::size_t most) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < shares.size(); ++i)
        if (shares[i] > 0)
            order.push_back(i);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return shares[a] > shares[b]; });
    std::size_t kept = 0;
    while (kept < order.size() && kept < most && shares[order[kept]] >= least_share)
        ++kept;
    order.resize(std::min(order.size(), std::max<std::size_t>(kept, 1)));
    return order;
}

} // namespace riskmap::zoning
