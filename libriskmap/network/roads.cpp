// SPDX-License-Identifier: MIT
#include <riskmap/network/roads.hpp>

#include <algorithm>
#include <cctype>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/vector/fields.hpp>

namespace riskmap::network {

namespace {

bool is_one_of(const std::string& text, std::initializer_list<const char*> words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

/// As OpenStreetMap and road registers write it.
Direction direction_of(const vector::Value& value) {
    const auto text = small_letters(vector::text_of(value));
    if (is_one_of(text, {"yes", "1", "true", "f", "ft", "forward"}))
        return Direction::forward;
    if (is_one_of(text, {"-1", "t", "tf", "backward", "reverse"}))
        return Direction::backward;
    return Direction::both;
}

bool is_set(const vector::Value& value) {
    const auto text = small_letters(vector::text_of(value));
    return !text.empty() && !is_one_of(text, {"0", "no", "false", "f"});
}

/// Fields that are there; `usual` names are looked for one by one.
class Levels {
  public:
    Levels(const vector::Layer& layer, const std::string& asked)
        : m_number{vector::find_field(layer, asked, {"layer", "level"})},
          m_bridge{vector::find_field(layer, "", {"bridge"})}, m_tunnel{vector::find_field(
                                                                   layer, "", {"tunnel"})} {}
    [[nodiscard]] int of(const vector::Feature& feature) const {
        if (m_number)
            if (const auto number = vector::number_of(feature.values[*m_number]);
                number && *number != 0)
                return static_cast<int>(std::clamp(*number, -9.0, 9.0));
        if (m_bridge && is_set(feature.values[*m_bridge]))
            return 1;
        return m_tunnel && is_set(feature.values[*m_tunnel]) ? -1 : 0;
    }

  private:
    std::optional<std::size_t> m_number, m_bridge, m_tunnel;
};

} // namespace

std::vector<Road> roads_of(const vector::Layer& layer, const Crs& crs, const RoadFields& fields) {
    const auto placed = vector::transformed(layer, crs);
    const auto kind = vector::find_field(layer, fields.kind, {"class", "highway", "kind", "type"});
    const vector::NumberField speed{layer, fields.speed, {"speed_kmh", "speed", "maxspeed"}, 0};
    const auto oneway = vector::find_field(layer, fields.oneway, {"oneway"});
    const Levels levels{layer, fields.level};
    std::vector<std::size_t> closed_by;
    for (const auto& name : fields.closed_by)
        closed_by.push_back(layer.field(name));
    std::vector<Road> roads;
    for (std::size_t f = 0; f < placed.features.size(); ++f) {
        const auto& feature = placed.features[f];
        if (feature.shape.lines.empty()) {
            if (feature.shape.empty())
                continue;
            throw input_error(
                fmt::format("layer '{}', feature {} is not a line", layer.name, f + 1),
                "give a layer of roads");
        }
        Road road;
        road.kind = kind ? vector::text_of(feature.values[*kind]) : "";
        road.speed = speed.of(f);
        if (road.speed < 0)
            throw input_error(fmt::format("layer '{}', feature {}: {} is {}", layer.name, f + 1,
                                          speed.name(), road.speed),
                              "speeds are above 0; 0 stands for not known");
        if (oneway)
            road.direction = direction_of(feature.values[*oneway]);
        road.level = levels.of(feature);
        road.closed = std::any_of(closed_by.begin(), closed_by.end(),
                                  [&](std::size_t field) { return is_set(feature.values[field]); });
        for (const auto& line : feature.shape.lines) {
            road.line = line;
            std::erase_if(road.line, [](const Point& p) {
                return !std::isfinite(p.x) || !std::isfinite(p.y);
            });
            if (!road.line.empty())
                roads.push_back(road);
        }
    }
    if (roads.empty())
        throw input_error(fmt::format("layer '{}' holds no lines", layer.name),
                          "give a layer of roads");
    return roads;
}

} // namespace riskmap::network
