// SPDX-License-Identifier: MIT
#include "layer_case.hpp"

#include <algorithm>
#include <array>

#include <riskmap/census/written.hpp>
#include <riskmap/core/error.hpp>
#include <riskmap/geo/topology.hpp>

namespace riskmap::census {

namespace {

std::optional<std::size_t> column_named(const std::vector<vector::Field>& fields,
                                        std::span<const char* const> names) {
    for (const auto* name : names)
        for (std::size_t f = 0; f < fields.size(); ++f)
            if (comparable(fields[f].name) == name)
                return f;
    return std::nullopt;
}

constexpr std::array<const char*, 7> longitudes{"经度", "东经", "lon",      "lng",
                                                "long", "jd",   "longitude"};
constexpr std::array<const char*, 6> latitudes{"纬度", "北纬", "lat", "lati", "wd", "latitude"};
constexpr std::array<const char*, 4> eastings{"x", "x坐标", "横坐标", "pointx"};
constexpr std::array<const char*, 4> northings{"y", "y坐标", "纵坐标", "pointy"};

std::ptrdiff_t named_fields(const FieldMap& map) {
    return std::count_if(map.of.begin(), map.of.end(),
                         [](const auto& field) { return field.has_value(); });
}

const FieldSpec* code_field_of(const LayerSpec* spec) {
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

LayerCase::LayerCase(const LayerSource& layer_source, const LayerSpec* layer_spec,
                     vector::LayerStream open)
    : source{layer_source}, label{layer_source.label()}, spec{layer_spec}, stream{std::move(open)} {
    crs = source.crs.empty() ? stream.crs() : Crs::parse(source.crs);
    fields = stream.fields();
    if (spec != nullptr)
        map = map_fields(*spec, fields, source.fields, stream.format() == "ESRI Shapefile");
    if (stream.has_geometry())
        return;
    if (spec != nullptr && is_written())
        find_header();
    find_coordinates();
}

/// Tables for people have a title above the names of their columns. The row, among the first
/// ten, that names most fields of the specification is taken for those.
void LayerCase::find_header() {
    constexpr std::size_t most_rows = 10;
    const auto first = stream.next(most_rows);
    stream.rewind();
    if (!first)
        return;
    auto best = named_fields(map);
    std::size_t row = stream.format() == "XLSX" && fields.front().name == "Field1" ? 1 : 2;
    for (const auto& source_feature : stream.values_of(*first)) {
        auto named = stream.fields();
        for (std::size_t f = 0; f < named.size(); ++f)
            named[f] = {vector::text_of(source_feature.feature.values[f]), vector::FieldType::text};
        auto there = map_fields(*spec, named, {}, false);
        if (const auto n = named_fields(there); n >= 2 && n > best) {
            best = n;
            fields = std::move(named);
            map = std::move(there);
            m_header_fid = source_feature.fid;
            header_row = row > 1 ? std::optional{row} : std::nullopt;
        }
        ++row;
    }
}

void LayerCase::find_coordinates() {
    const auto find = [&](std::span<const char* const> xs, std::span<const char* const> ys) {
        x_field = column_named(fields, xs);
        y_field = column_named(fields, ys);
        if (!x_field || !y_field)
            x_field = y_field = std::nullopt;
        return x_field.has_value();
    };
    if (find(longitudes, latitudes)) {
        crs_assumed = crs.empty();
        if (crs_assumed)
            crs = Crs::parse("EPSG:4490");
    } else {
        find(eastings, northings);
    }
}

std::optional<std::size_t> LayerCase::field_of(const std::string& name) const {
    if (spec == nullptr)
        return std::nullopt;
    for (std::size_t s = 0; s < spec->fields.size(); ++s)
        if (spec->fields[s].name == name)
            return map.of[s];
    return std::nullopt;
}

bool LayerCase::has_shapes() const {
    return stream.has_geometry() || x_field.has_value();
}

bool LayerCase::is_written() const {
    return stream.format() == "CSV" || stream.format() == "XLSX";
}

std::optional<RuleId> LayerCase::encoding_fault() const {
    const auto& declared = stream.declared_encoding();
    if (!source.encoding.empty() || declared == stream.encoding())
        return std::nullopt;
    if (!declared.empty())
        return RuleId::encoding_wrong;
    return stream.encoding() == "GB18030" ? std::optional{RuleId::encoding_unsaid} : std::nullopt;
}

std::vector<vector::SourceFeature>
LayerCase::features_of(const vector::LayerStream::Batch& batch) const {
    auto features = stream.values_of(batch);
    if (m_header_fid)
        std::erase_if(features, [&](const auto& f) { return f.fid <= *m_header_fid; });
    if (!x_field)
        return features;
    for (auto& source_feature : features) {
        auto& feature = source_feature.feature;
        const auto x = read_coordinate(vector::text_of(feature.values[*x_field]));
        const auto y = read_coordinate(vector::text_of(feature.values[*y_field]));
        if (!x || !y)
            continue;
        feature.shape.points = {{x->value, y->value}};
        source_feature.type = vector::ShapeType::point;
    }
    return features;
}

std::string LayerCase::own_code(const vector::Feature& feature) const {
    const auto field = field_of("code");
    if (!field)
        return {};
    auto text = vector::text_of(feature.values[*field]);
    if (source.not_codes)
        return text;
    const auto code = read_code(text, code_field_of(spec)->digits);
    return code ? code->code : std::string{};
}

std::string LayerCase::parent_code(const vector::Feature& feature, const LayerSpec& parent) const {
    const auto* parent_field = code_field_of(&parent);
    if (parent_field == nullptr)
        return {};
    if (const auto field = field_of(spec->parent_field)) {
        auto text = vector::text_of(feature.values[*field]);
        if (source.not_codes)
            return text;
        const auto code = read_code(text, parent_field->digits);
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

LayerSource LayerSource::parse(const std::string& text) {
    const auto parsed = parse_layer_text(text);
    LayerSource source;
    source.file = parsed.file;
    source.layer = parsed.layer;
    for (const auto& [key, value] : parsed.words) {
        if (key == "spec") {
            source.spec = value;
        } else if (key == "crs") {
            source.crs = value;
        } else if (key == "encoding") {
            source.encoding = value;
        } else if (key == "where-nodata") {
            source.where_nodata = parse_number(value);
            if (!source.where_nodata)
                throw Error{ErrorKind::usage, "where-nodata: '" + value + "' is no number"};
        } else if (key == "fields") {
            for (const auto& pair : split(value, ',')) {
                const auto equals = pair.find('=');
                if (equals == std::string::npos)
                    throw Error{ErrorKind::usage, "fields: '" + pair + "' is no pair",
                                "write fields=THEIRS=OURS,THEIRS=OURS"};
                source.fields.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
            }
        } else {
            throw Error{ErrorKind::usage, "unknown word '" + key + "' in '" + text + "'",
                        "known: spec=, crs=, encoding=, fields=, where-nodata="};
        }
    }
    return source;
}

std::string LayerSource::label() const {
    return file.filename().string() + (layer.empty() ? "" : ":" + layer);
}

} // namespace riskmap::census
