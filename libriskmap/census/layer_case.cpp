// SPDX-License-Identifier: MIT
#include "layer_case.hpp"

#include <algorithm>

#include <riskmap/core/error.hpp>
#include <riskmap/geo/topology.hpp>
#include <riskmap/spec/written.hpp>

namespace riskmap::census {

namespace {

const spec::FieldSpec* code_field_of(const spec::LayerSpec* spec) {
    return spec == nullptr ? nullptr : spec->field("code");
}

} // namespace

bool is_allowed(const Crs& crs, const std::vector<std::string>& names) {
    for (const char* chinese :
         {"China_2000", "China Geodetic Coordinate System 2000", "CGCS2000", "CGCS_2000"})
        if (crs.wkt().find(chinese) != std::string::npos)
            return true;
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& name) { return Crs::parse(name) == crs; });
}

LayerCase::LayerCase(const spec::Source& layer_source, const spec::LayerSpec* layer_spec)
    : LayerReader{layer_source, layer_spec} {}

std::optional<RuleId> LayerCase::encoding_fault() const {
    const auto& declared = stream.declared_encoding();
    if (!source.encoding.empty() || declared == stream.encoding())
        return std::nullopt;
    if (!declared.empty())
        return RuleId::encoding_wrong;
    return stream.encoding() == "GB18030" ? std::optional{RuleId::encoding_unsaid} : std::nullopt;
}

std::string LayerCase::own_code(const vector::Feature& feature) const {
    const auto field = field_of("code");
    if (!field)
        return {};
    auto text = vector::text_of(feature.values[*field]);
    if (source.not_codes)
        return text;
    const auto code = spec::read_code(text, code_field_of(spec)->digits);
    return code ? code->code : std::string{};
}

std::string LayerCase::parent_code(const vector::Feature& feature,
                                   const spec::LayerSpec& parent) const {
    const auto* parent_field = code_field_of(&parent);
    if (parent_field == nullptr)
        return {};
    if (const auto field = field_of(spec->parent_field)) {
        auto text = vector::text_of(feature.values[*field]);
        if (source.not_codes)
            return text;
        const auto code = spec::read_code(text, parent_field->digits);
        return code ? code->code : std::string{};
    }
    const auto own = own_code(feature);
    const auto digits = parent_field->digits.empty() ? 6 : parent_field->digits.front();
    return source.not_codes || own.size() <= static_cast<std::size_t>(digits)
               ? std::string{}
               : own.substr(0, static_cast<std::size_t>(digits));
}

std::optional<Point> place_on(const vector::Shape& shape) {
    if (!shape.points.empty())
        return shape.points.front();
    for (const auto& line : shape.lines)
        if (!line.empty())
            return line[line.size() / 2];
    if (shape.polygons.empty())
        return std::nullopt;
    const Point middle = centroid(shape.polygons);
    if (contains(shape.polygons, middle))
        return middle;
    try {
        return interior_point(shape.polygons);
    } catch (const Error&) {
        return shape.polygons.front().outer.front();
    }
}

} // namespace riskmap::census
