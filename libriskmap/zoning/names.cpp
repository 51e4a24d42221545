// SPDX-License-Identifier: MIT
#include <riskmap/zoning/names.hpp>

#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace riskmap::zoning {

namespace {

constexpr double any = std::numeric_limits<double>::infinity();

constexpr std::array<Landform, 5> landform_table{{
    {"平原", "plain", any, 30},
    {"丘陵", "hills", any, 200},
    {"低山", "low mountains", 1000, any},
    {"中山", "middle mountains", 3500, any},
    {"高山", "high mountains", any, any},
}};

std::string joined(std::span<const Words> words, std::string Words::*language) {
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : "-") + word.*language;
    return text;
}

} // namespace

std::span<const Landform> landforms() {
    return landform_table;
}

Words landform_words(double mean_height, double relief) {
    if (std::isnan(mean_height) || std::isnan(relief))
        return {};
    for (const auto& form : landform_table)
        if (relief < form.relief_below && mean_height < form.height_below)
            return {std::string{form.zh}, std::string{form.en}};
    return {};
}

Words zone_name(const Words& place, const Words& landform, std::span<const Words> hazards,
                const Words& level) {
    const auto append = [](std::string& text, const std::string& separator,
                           const std::string& part) {
        if (part.empty())
            return;
        if (!text.empty())
            text += separator;
        text += part;
    };
    Words name;
    append(name.zh, "", place.zh);
    append(name.zh, "", landform.zh);
    append(name.zh, " ", joined(hazards, &Words::zh));
    append(name.zh, " ", level.zh + "风险区");
    append(name.en, "", place.en);
    append(name.en, " ", landform.en);
    append(name.en, ", ", joined(hazards, &Words::en));
    append(name.en, ", ", level.en + " risk zone");
    return name;
}

std::string zone_code(const std::string& city, int level, int serial) {
    return fmt::format("{}-{}-{:02d}", city, level, serial);
}

} // namespace riskmap::zoning
