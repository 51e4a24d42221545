// SPDX-License-Identifier: MIT
#include <riskmap/vector/fields.hpp>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>

namespace riskmap::vector {

namespace {

/// Old formats write the names of fields in capitals.
bool same_but_for_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
        return std::tolower(x) == std::tolower(y);
    });
}

} // namespace

std::optional<std::size_t> find_field(const Layer& layer, const std::string& asked,
                                      std::initializer_list<const char*> usual) {
    if (!asked.empty())
        return layer.field(asked);
    for (const std::string_view name : usual)
        for (std::size_t f = 0; f < layer.fields.size(); ++f)
            if (same_but_for_case(layer.fields[f].name, name))
                return f;
    return std::nullopt;
}

NumberField::NumberField(const Layer& layer, const std::string& asked,
                         std::initializer_list<const char*> usual, double fallback)
    : m_layer{layer}, m_field{find_field(layer, asked, usual)}, m_fallback{fallback} {}

double NumberField::of(std::size_t feature) const {
    if (!m_field)
        return m_fallback;
    const auto& value = m_layer.features[feature].values[*m_field];
    if (std::holds_alternative<std::monostate>(value))
        return m_fallback;
    if (const auto number = number_of(value))
        return *number;
    throw input_error(fmt::format("layer '{}', feature {}: {} is '{}', not a number", m_layer.name,
                                  feature + 1, m_layer.fields[*m_field].name, text_of(value)),
                      "mend the layer, or name another field");
}

Value share_level(double share) {
    if (std::isnan(share))
        return {};
    std::int64_t level = 1;
    for (const double upper : {0.25, 0.5, 0.7, 0.85})
        level += share >= upper ? 1 : 0;
    return level;
}

Point place_of(const Layer& layer, std::size_t feature) {
    const auto& shape = layer.features[feature].shape;
    if (shape.points.size() != 1)
        throw input_error(
            fmt::format("layer '{}', feature {} is not one point", layer.name, feature + 1),
            "give a layer of points");
    return shape.points[0];
}

std::vector<Point> places_of(const Layer& layer, const Crs& crs) {
    const auto placed = transformed(layer, crs);
    std::vector<Point> places;
    for (std::size_t f = 0; f < placed.features.size(); ++f)
        places.push_back(place_of(placed, f));
    return places;
}

} // namespace riskmap::vector
