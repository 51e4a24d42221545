// SPDX-License-Identifier: MIT
#include <riskmap/network/roads.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/network/travel.hpp>
#include <riskmap/spec/value.hpp>

namespace riskmap::network {

namespace {

Words counted(std::size_t n, const std::string& zh, const std::string& en) {
    return {fmt::format("{} 条{}", n, zh), fmt::format("{} {}", n, en)};
}

std::vector<Direction> directions_of(spec::Table& table, bool drives) {
    std::vector<std::size_t> unread;
    const auto words = table.words("oneway", &unread);
    if (!unread.empty()) {
        const auto row = unread.front();
        const auto value =
            vector::text_of(table.layer().features[row].values[table.column("oneway")]);
        if (drives)
            throw input_error(
                fmt::format("{}: oneway is '{}', which says no direction", table.where(row), value),
                "mend it, or leave the field out with fields=-=oneway");
        table.account().remark(counted(
            unread.size(), fmt::format("道路的通行方向（如“{}”）未识别；步行双向可行", value),
            fmt::format("words for oneway are not known ('{}'): walking goes both ways", value)));
    }
    std::vector<Direction> out;
    std::size_t oneway = 0;
    const auto junctions = table.words("junction");
    const bool said = table.has("oneway");
    for (std::size_t row = 0; row < table.size(); ++row) {
        const auto& word = words[row];
        const bool silent =
            !said || spec::says_nothing(vector::text_of(
                         table.layer().features[row].values[table.column("oneway")]));
        out.push_back(word == "forward" || (silent && junctions[row] == "roundabout")
                          ? Direction::forward
                      : word == "backward" ? Direction::backward
                                           : Direction::both);
        oneway += out.back() == Direction::both ? 0 : 1;
    }
    if (oneway > 0 && drives)
        table.account().remark(counted(oneway, "道路为单行，方向按线的数字化方向",
                                       "roads are one-way, their direction by that of the line"));
    return out;
}

/// Speeds in km/h; 0 where none is said. Limits in words ("CN:urban", "none", "walk") and several
/// at once ("60;40") are left to the class of the road.
std::vector<double> speeds_of(spec::Table& table) {
    if (!table.has("speed_kmh"))
        return std::vector<double>(table.size(), 0);
    const auto column = table.column("speed_kmh");
    std::size_t by_class = 0;
    std::string example;
    for (auto& feature : table.layer().features) {
        auto& value = feature.values[column];
        const auto* text = std::get_if<std::string>(&value);
        if (text == nullptr || spec::says_nothing(*text) || spec::read_number(*text, "km/h"))
            continue;
        const bool limit =
            std::any_of(text->begin(), text->end(),
                        [](unsigned char c) { return c == ';' || c == ':' || c == '|'; }) ||
            *text == "none" || *text == "walk" || *text == "signals" || *text == "variable";
        if (!limit)
            continue; // told as what cannot be read
        if (by_class++ == 0)
            example = *text;
        value = std::monostate{};
    }
    if (by_class > 0)
        table.account().remark(counted(
            by_class, fmt::format("道路的限速（如“{}”）不是一个数，按道路等级取", example),
            fmt::format("speeds are no single number ('{}'): taken by the class of the road",
                        example)));
    auto speeds = table.numbers("speed_kmh");
    for (auto& speed : speeds)
        speed = std::isnan(speed) ? 0 : speed;
    return speeds;
}

std::vector<int> levels_of(spec::Table& table) {
    const auto layers = table.numbers("layer");
    const auto bridges = table.texts("bridge");
    const auto tunnels = table.texts("tunnel");
    // Yes, or a kind of bridge or tunnel; a word that is neither could be either.
    const auto is = [&](const std::string& word, const char* what, std::size_t row) {
        constexpr std::array<std::string_view, 20> kinds{
            "viaduct", "aqueduct",  "movable",        "cantilever",       "covered",
            "trestle", "boardwalk", "simple_brunnel", "suspension",       "高架",
            "高架桥",  "跨线桥",    "立交",           "立交桥",           "大桥",
            "中桥",    "小桥",      "特大桥",         "building_passage", "culvert"};
        if (const auto flag = spec::read_flag(word))
            return flag->value.value_or(false);
        if (std::find(kinds.begin(), kinds.end(), small_letters(word)) == kinds.end())
            throw input_error(
                fmt::format("{}: {} is '{}', neither yes nor no", table.where(row), what, word),
                fmt::format("mend it, or leave the field out with fields=-={}", what));
        return true;
    };
    std::vector<int> levels;
    for (std::size_t row = 0; row < table.size(); ++row) {
        const double layer = layers[row];
        const bool bridge = is(bridges[row], "bridge", row);
        const bool tunnel = is(tunnels[row], "tunnel", row);
        levels.push_back(!std::isnan(layer) && layer != 0 ? static_cast<int>(layer)
                         : bridge                         ? 1
                         : tunnel                         ? -1
                                                          : 0);
    }
    return levels;
}

/// A column of yes and no, or "FIELD>NUMBER".
std::vector<std::optional<bool>> closed_by(spec::Table& table, const std::string& rule) {
    const auto sign = rule.find('>');
    if (sign == std::string::npos)
        return table.flags_of(rule);
    const auto above = parse_number(std::string_view{rule}.substr(sign + 1));
    if (!above)
        throw Error{ErrorKind::usage, fmt::format("'{}' is no rule that closes roads", rule),
                    "write FIELD of yes and no, or FIELD>NUMBER"};
    static const spec::FieldSpec depth = [] {
        spec::FieldSpec field;
        field.name = "closed";
        field.kind = spec::FieldKind::number;
        field.range = spec::Range{0, 1e6};
        return field;
    }();
    std::vector<std::optional<bool>> out;
    for (const double v : table.numbers_of(std::string{trim(rule.substr(0, sign))}, depth))
        out.push_back(std::isnan(v) ? std::nullopt : std::optional{v > *above});
    return out;
}

/// Tells roads that say they are closed where nothing closes them.
void tell_unheeded(spec::Table& table, const std::vector<std::string>& rules) {
    if (!rules.empty())
        return;
    if (table.has("closed")) {
        const auto flags = table.flags("closed");
        const auto closed = static_cast<std::size_t>(
            std::count_if(flags.begin(), flags.end(),
                          [](const std::optional<bool>& flag) { return flag.value_or(false); }));
        if (closed > 0)
            table.account().remark(
                counted(closed, "道路写明封闭，未加 --closed-by 时仍按通行计",
                        "roads say that they are closed, and are walked: --closed-by closes them"));
    }
}

std::vector<bool> closed_roads(spec::Table& table, const std::vector<std::string>& rules) {
    std::vector<bool> closed(table.size(), false);
    for (const auto& rule : rules) {
        const auto flags = closed_by(table, rule);
        std::size_t unknown = 0;
        for (std::size_t row = 0; row < flags.size(); ++row) {
            closed[row] = closed[row] || flags[row].value_or(false);
            unknown += flags[row] ? 0 : 1;
        }
        if (unknown > 0)
            table.account().remark(
                counted(unknown, fmt::format("道路的 {} 未知，按通行计", rule),
                        fmt::format("roads do not say {}: they count as open", rule)));
    }
    tell_unheeded(table, rules);
    return closed;
}

/// Whether each road may be entered.
std::vector<bool> entered_roads(spec::Table& table, const std::vector<std::string>& classes,
                                const RoadRules& rules) {
    auto values = rules.not_entered;
    if (values.empty()) {
        const auto usual = rules.drives ? not_driven() : not_walked();
        values.assign(usual.begin(), usual.end());
    }
    const auto shut = [&](const std::string& value) {
        return std::find(values.begin(), values.end(), value) != values.end();
    };
    const auto says = [](const std::string& word) { return !word.empty() && word != "unsaid"; };
    const auto routes = table.words("route");
    const auto access = table.words("access");
    const std::string own = rules.drives ? "motor_vehicle" : "foot";
    const auto owns = table.words(own);
    std::vector<bool> entered;
    std::map<std::string, std::size_t> counts;
    for (std::size_t row = 0; row < table.size(); ++row) {
        std::string why;
        if (shut(classes[row]))
            why = classes[row];
        else if (shut(routes[row]))
            why = routes[row];
        else if (says(owns[row]) && shut(own + "=" + owns[row]))
            why = own + "=" + owns[row];
        else if (!says(owns[row]) && !access[row].empty() && shut("access=" + access[row]))
            why = "access=" + access[row];
        entered.push_back(why.empty());
        if (!why.empty())
            ++counts[why];
    }
    std::vector<std::string> texts;
    std::size_t all = 0;
    for (const auto& [why, n] : counts) {
        texts.push_back(fmt::format("{} {}", why, n));
        all += n;
    }
    if (all > 0)
        table.account().remark(
            counted(all,
                    fmt::format("道路不进入（{}）：--not-entered 或 not_entered 可改",
                                fmt::join(texts, "、")),
                    fmt::format("roads are not entered ({}): --not-entered or not_entered changes "
                                "that",
                                fmt::join(texts, ", "))));
    return entered;
}

/// Words for the class of a road that no table of speeds has.
void tell_classes(spec::Table& table, const std::vector<std::string>& kinds,
                  const std::vector<double>& speeds, const ClassSpeeds& own) {
    std::size_t unknown = 0;
    std::string example;
    for (std::size_t row = 0; row < kinds.size(); ++row)
        if (speeds[row] <= 0 && class_kmh(kinds[row], own) <= 0) {
            ++unknown;
            if (example.empty())
                example = kinds[row];
        }
    if (unknown > 0)
        table.account().remark(counted(
            unknown,
            fmt::format("道路没有已知的等级或速度{}，按缺省车速",
                        example.empty() ? "" : "（如“" + example + "”）"),
            fmt::format("roads have no class or speed that is known{}: the default speed is taken",
                        example.empty() ? "" : " ('" + example + "')")));
}

} // namespace

std::span<const std::string_view> not_walked() {
    static constexpr std::array<std::string_view, 12> values{
        "motorway",  "motorway_link", "ferry",     "construction",   "proposed", "planned",
        "abandoned", "razed",         "access=no", "access=private", "foot=no",  "foot=private"};
    return values;
}

std::span<const std::string_view> not_driven() {
    static constexpr std::array<std::string_view, 18> values{"path",
                                                             "footway",
                                                             "steps",
                                                             "pedestrian",
                                                             "cycleway",
                                                             "bridleway",
                                                             "corridor",
                                                             "ferry",
                                                             "construction",
                                                             "proposed",
                                                             "planned",
                                                             "abandoned",
                                                             "razed",
                                                             "access=no",
                                                             "access=private",
                                                             "motor_vehicle=no",
                                                             "motor_vehicle=private",
                                                             "platform"};
    return values;
}

std::vector<Road> roads_of(spec::Table& table, const Crs& crs, const RoadRules& rules) {
    const auto kinds = table.texts("class");
    const auto classes = table.words("class");
    const auto speeds = speeds_of(table);
    const auto directions = directions_of(table, rules.drives);
    const auto levels = levels_of(table);
    const auto closed = closed_roads(table, rules.closed_by);
    if (rules.drives)
        tell_classes(table, classes, speeds, rules.class_speeds);
    const auto entered = entered_roads(table, classes, rules);
    for (std::size_t row = 0; row < table.size(); ++row)
        if (table.layer().features[row].shape.lines.empty())
            throw input_error(fmt::format("{} is not a line", table.where(row)),
                              "give a layer of roads");
    const auto placed = vector::transformed(std::move(table.layer()), crs);
    std::vector<Road> roads;
    for (std::size_t row = 0; row < placed.features.size(); ++row) {
        if (!entered[row])
            continue;
        const double speed =
            speeds[row] > 0 ? speeds[row] : class_kmh(classes[row], rules.class_speeds);
        Road road{{}, kinds[row], speed, directions[row], levels[row], closed[row]};
        for (const auto& line : placed.features[row].shape.lines) {
            road.line = line;
            std::erase_if(road.line, [](const Point& p) {
                return !std::isfinite(p.x) || !std::isfinite(p.y);
            });
            if (!road.line.empty())
                roads.push_back(road);
        }
    }
    const bool all_shut = std::find(entered.begin(), entered.end(), true) == entered.end();
    if (roads.empty() && (!all_shut || entered.empty()))
        throw input_error(fmt::format("layer '{}' holds no lines", placed.name),
                          "give a layer of roads");
    return roads;
}

} // namespace riskmap::network
