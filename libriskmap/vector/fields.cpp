// SPDX-License-Identifier: MIT
#include <riskmap/vector/fields.hpp>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>

namespace riskmap::vector {

std::optional<std::size_t> find_field(const Layer& layer, const std::string& asked,
                                      std::initializer_list<const char*> usual) {
    if (!asked.empty())
        return layer.field(asked);
    for (const auto* name : usual)
        if (layer.has_field(name))
            return layer.field(name);
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

Point place_of(const Layer& layer, std::size_t feature) {
    const auto& shape = layer.features[feature].shape;
    if (shape.points.size() != 1)
        throw input_error(
            fmt::format("layer '{}', feature {} is not one point", layer.name, feature + 1),
            "give a layer of points");
    return shape.points[0];
}

} // namespace riskmap::vector
