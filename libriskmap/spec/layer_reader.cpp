// SPDX-License-Identifier: MIT
#include <riskmap/spec/layer_reader.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/spec/value.hpp>

namespace riskmap::spec {

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

} // namespace

LayerReader::LayerReader(const Source& layer_source, const LayerSpec* layer_spec)
    : source{layer_source}, label{layer_source.label()}, spec{layer_spec},
      stream{layer_source.file, layer_source.layer, layer_source.encoding} {
    if (!source.where.empty())
        stream.keep_only(source.where);
    crs = source.crs.empty() ? stream.crs() : Crs::parse(source.crs);
    fields = stream.fields();
    const bool table = !stream.has_geometry();
    if (spec != nullptr && table && is_written())
        find_header();
    if (spec != nullptr)
        try {
            map = map_fields(*spec, fields, source.fields, stream.format() == "ESRI Shapefile");
        } catch (const Error& error) {
            throw Error{error.kind(),
                        fmt::format("layer '{}' of '{}': {}", stream.name(),
                                    source.file.filename().string(), error.what()),
                        error.hint()};
        }
    refuse_unknown_units();
    for (std::size_t s = 0; spec != nullptr && s < spec->fields.size(); ++s)
        factors.push_back(factor_of(s));
    if (table)
        find_coordinates();
}

/// Tables for people have a title above the names of their columns. The row, among the first
/// ten, that names most fields of the specification is taken for those.
void LayerReader::find_header() {
    constexpr std::size_t most_rows = 10;
    const auto first = stream.next(most_rows);
    stream.rewind();
    if (!first)
        return;
    map = map_fields(*spec, fields, {}, false);
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

void LayerReader::find_coordinates() {
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

void LayerReader::refuse_unknown_units() const {
    if (spec == nullptr || source.units.empty())
        return;
    std::vector<std::string> known;
    for (const auto& own : spec->fields)
        known.push_back(own.name);
    for (const auto& field : fields)
        known.push_back(field.name);
    // Fields that a command names for itself.
    for (const char* word : {"value", "people", "population", "amount", "attribute"})
        known.emplace_back(word);
    for (const auto& [name, unit] : source.units) {
        if (std::find(known.begin(), known.end(), name) != known.end())
            continue;
        const auto near = nearest_name(name, known);
        throw input_error(fmt::format("units: layer '{}' of '{}' has no field '{}'", stream.name(),
                                      source.file.filename().string(), name),
                          near ? fmt::format("did you mean '{}'?", *near)
                               : fmt::format("it has: {}", fmt::join(known, ", ")));
    }
}

std::optional<std::size_t> LayerReader::field_of(const std::string& name) const {
    if (spec == nullptr)
        return std::nullopt;
    for (std::size_t s = 0; s < spec->fields.size(); ++s)
        if (spec->fields[s].name == name)
            return map.of[s];
    return std::nullopt;
}

bool LayerReader::has_shapes() const {
    return stream.has_geometry() || x_field.has_value();
}

bool LayerReader::is_written() const {
    return stream.format() == "CSV" || stream.format() == "XLSX";
}

std::vector<vector::SourceFeature>
LayerReader::features_of(const vector::LayerStream::Batch& batch) const {
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

double LayerReader::number(const std::string& name, const vector::Feature& feature) const {
    const auto column = field_of(name);
    if (!column)
        return std::nan("");
    const auto s = static_cast<std::size_t>(spec->field(name) - spec->fields.data());
    const auto read = number_in(spec->fields[s], feature.values[*column], factors[s]);
    const bool known =
        read.how == Read::plain || read.how == Read::converted || read.how == Read::out_of_range;
    return known ? read.value : std::nan("");
}

double LayerReader::factor_of(std::size_t field) const {
    const auto& own = spec->fields[field];
    const auto said = std::find_if(source.units.begin(), source.units.end(), [&](const auto& pair) {
        return pair.first == own.name ||
               (map.of[field] && pair.first == fields[*map.of[field]].name);
    });
    if (said != source.units.end()) {
        const auto factor = unit_factor(said->second, own.unit);
        if (!factor)
            throw input_error(fmt::format("units: '{}' is no unit of {} that is known here",
                                          said->second, own.name),
                              own.unit.empty() ? std::string{"that field has none"}
                                               : "its values are wanted in " + own.unit);
        return *factor;
    }
    return map.of[field] ? head_factor(fields[*map.of[field]].name, own.unit) : 1;
}

std::int64_t LayerReader::row_of(std::int64_t fid) const {
    if (stream.format() == "CSV" || stream.format() == "XLSX") {
        // GDAL numbers the rows of a CSV from 1 below the head, those of a sheet as Excel does.
        return stream.format() == "CSV" ? fid + 1 : fid;
    }
    return fid;
}

} // namespace riskmap::spec
