// SPDX-License-Identifier: MIT
#include <riskmap/vector/layer.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/text.hpp>

namespace riskmap::vector {

std::string text_of(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value))
        return *text;
    if (const auto* whole = std::get_if<std::int64_t>(&value))
        return std::to_string(*whole);
    if (const auto* number = std::get_if<double>(&value))
        return number_text(*number);
    return {};
}

std::optional<double> number_of(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value))
        return parse_number(*text);
    if (const auto* whole = std::get_if<std::int64_t>(&value))
        return static_cast<double>(*whole);
    if (const auto* number = std::get_if<double>(&value);
        number != nullptr && std::isfinite(*number))
        return *number;
    return std::nullopt;
}

Value value_of(double number) {
    if (std::isnan(number))
        return std::monostate{};
    return number;
}

Box bounds(const Shape& shape) {
    Box box = bounds(shape.polygons);
    box.add(bounds(std::span<const Point>{shape.points}));
    for (const auto& line : shape.lines)
        box.add(bounds(std::span<const Point>{line}));
    return box;
}

bool Layer::has_field(const std::string& wanted) const noexcept {
    return std::any_of(fields.begin(), fields.end(),
                       [&](const Field& f) { return f.name == wanted; });
}

std::size_t Layer::field(const std::string& wanted) const {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].name == wanted)
            return i;
        names.push_back(fields[i].name);
    }
    const auto near = nearest_name(wanted, names);
    throw input_error(fmt::format("layer '{}' has no field '{}'", name, wanted),
                      near            ? fmt::format("did you mean '{}'?", *near)
                      : names.empty() ? "it has none"
                                      : fmt::format("it has: {}", fmt::join(names, ", ")));
}

Layer transformed(Layer layer, const Crs& crs) {
    const CrsTransform transform{layer.crs, crs};
    layer.crs = crs;
    if (transform.identity())
        return layer;
    for (auto& feature : layer.features) {
        feature.shape.polygons = transform.apply(std::move(feature.shape.polygons));
        feature.shape.points = transform.apply(std::move(feature.shape.points));
        for (auto& line : feature.shape.lines)
            line = transform.apply(std::move(line));
        if (const Box box = bounds(feature.shape);
            !feature.shape.empty() && !std::isfinite(box.left + box.right + box.top + box.bottom))
            throw input_error(fmt::format("layer '{}' has coordinates that do not exist in {}",
                                          layer.name, crs.name()),
                              "its CRS is probably declared wrongly");
    }
    return layer;
}

} // namespace riskmap::vector
