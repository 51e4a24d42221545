// SPDX-License-Identifier: MIT
#include <riskmap/vector/layer.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <memory>
#include <set>

#include <fmt/format.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/core/text.hpp>

#include "../geo/gdal.hpp"

namespace riskmap::vector {

namespace {

struct FreeFeature {
    void operator()(OGRFeatureH feature) const noexcept { OGR_F_Destroy(feature); }
};
struct FreeReference {
    void operator()(void* reference) const noexcept { OSRDestroySpatialReference(reference); }
};
struct FreeField {
    void operator()(void* field) const noexcept {
        OGR_Fld_Destroy(static_cast<OGRFieldDefnH>(field));
    }
};
/// Rings for OGR: outer ones counter-clockwise, holes clockwise, all closed.
OGRGeometryH ring_to_ogr(Ring ring, bool outer) {
    if ((signed_area(ring) > 0) != outer)
        std::reverse(ring.begin(), ring.end());
    if (!ring.empty() && !(ring.front() == ring.back()))
        ring.push_back(ring.front());
    OGRGeometryH out = OGR_G_CreateGeometry(wkbLinearRing);
    OGR_G_SetPoints(out, static_cast<int>(ring.size()), &ring[0].x, sizeof(Point), &ring[0].y,
                    sizeof(Point), nullptr, 0);
    return out;
}

OGRGeometryH to_ogr(const Shape& shape, OGRwkbGeometryType type) {
    OGRGeometryH out = OGR_G_CreateGeometry(type);
    if (type == wkbPoint) {
        OGR_G_SetPoint_2D(out, 0, shape.points[0].x, shape.points[0].y);
        return out;
    }
    for (const auto& polygon : shape.polygons) {
        OGRGeometryH part = OGR_G_CreateGeometry(wkbPolygon);
        OGR_G_AddGeometryDirectly(part, ring_to_ogr(polygon.outer, true));
        for (const auto& hole : polygon.holes)
            OGR_G_AddGeometryDirectly(part, ring_to_ogr(hole, false));
        OGR_G_AddGeometryDirectly(out, part);
    }
    for (const auto& line : shape.lines) {
        OGRGeometryH part = OGR_G_CreateGeometry(wkbLineString);
        for (const auto p : line)
            OGR_G_AddPoint_2D(part, p.x, p.y);
        OGR_G_AddGeometryDirectly(out, part);
    }
    for (const auto p : shape.points) {
        OGRGeometryH part = OGR_G_CreateGeometry(wkbPoint);
        OGR_G_SetPoint_2D(part, 0, p.x, p.y);
        OGR_G_AddGeometryDirectly(out, part);
    }
    return out;
}

OGRwkbGeometryType geometry_type(const Layer& layer) {
    for (const auto& feature : layer.features) {
        if (!feature.shape.polygons.empty())
            return wkbMultiPolygon;
        if (!feature.shape.lines.empty())
            return wkbMultiLineString;
        if (!feature.shape.points.empty())
            return std::all_of(layer.features.begin(), layer.features.end(),
                               [](const Feature& f) { return f.shape.points.size() == 1; })
                       ? wkbPoint
                       : wkbMultiPoint;
    }
    return layer.crs.empty() ? wkbNone : wkbMultiPolygon;
}

[[noreturn]] void fail(const std::filesystem::path& target, const gdal::Messages& messages) {
    throw input_error(fmt::format("cannot write '{}': {}", target.string(), messages.text()),
                      "check the folder's permission and the free space of the disk");
}

/// Names that a file can hold: columns without one are numbered, those of one name told apart
/// (SQL does not tell capitals from small letters).
std::vector<std::string> distinct_names(const Layer& layer) {
    std::set<std::string> taken;
    for (const auto& field : layer.fields)
        taken.insert(small_letters(field.name));
    std::set<std::string> seen;
    std::vector<std::string> names;
    for (std::size_t f = 0; f < layer.fields.size(); ++f) {
        auto name = std::string{trim(layer.fields[f].name)}.empty() ? fmt::format("列{}", f + 1)
                                                                    : layer.fields[f].name;
        if (!seen.insert(small_letters(name)).second) {
            int next = 2;
            while (taken.contains(small_letters(fmt::format("{}_{}", name, next))))
                ++next;
            name = fmt::format("{}_{}", name, next);
            taken.insert(small_letters(name));
            seen.insert(small_letters(name));
        }
        names.push_back(std::move(name));
    }
    return names;
}

void add_fields(OGRLayerH handle, const Layer& layer) {
    const auto names = distinct_names(layer);
    for (std::size_t f = 0; f < layer.fields.size(); ++f) {
        const auto& field = layer.fields[f];
        const auto type = field.type == FieldType::integer ? OFTInteger64
                          : field.type == FieldType::real  ? OFTReal
                                                           : OFTString;
        const std::unique_ptr<void, FreeField> definition{OGR_Fld_Create(names[f].c_str(), type)};
        if (!field.title.empty())
            OGR_Fld_SetAlternativeName(static_cast<OGRFieldDefnH>(definition.get()),
                                       field.title.c_str());
        OGR_L_CreateField(handle, static_cast<OGRFieldDefnH>(definition.get()), 1);
    }
}

void set_value(OGRFeatureH feature, int index, const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value))
        OGR_F_SetFieldString(feature, index, text->c_str());
    else if (const auto* whole = std::get_if<std::int64_t>(&value))
        OGR_F_SetFieldInteger64(feature, index, *whole);
    else if (const auto* number = std::get_if<double>(&value); number && std::isfinite(*number))
        OGR_F_SetFieldDouble(feature, index, *number);
    else
        OGR_F_SetFieldNull(feature, index);
}

void add_layer(GDALDatasetH dataset, const Layer& layer, const std::vector<std::string>& options,
               const std::filesystem::path& target) {
    const gdal::Messages messages;
    const auto type = geometry_type(layer);
    std::unique_ptr<void, FreeReference> reference;
    if (!layer.crs.empty()) {
        reference.reset(OSRNewSpatialReference(layer.crs.wkt().c_str()));
        OSRSetAxisMappingStrategy(reference.get(), OAMS_TRADITIONAL_GIS_ORDER);
    }
    const OGRLayerH handle = GDALDatasetCreateLayer(dataset, layer.name.c_str(), reference.get(),
                                                    type, gdal::list_of(options).get());
    if (handle == nullptr)
        fail(target, messages);
    add_fields(handle, layer);
    const bool transaction = OGR_L_TestCapability(handle, OLCTransactions) != 0;
    if (transaction && OGR_L_StartTransaction(handle) != OGRERR_NONE)
        fail(target, messages);
    const OGRFeatureDefnH definition = OGR_L_GetLayerDefn(handle);
    for (const auto& feature : layer.features) {
        const std::unique_ptr<void, FreeFeature> out{OGR_F_Create(definition)};
        for (std::size_t i = 0; i < layer.fields.size(); ++i)
            set_value(out.get(), static_cast<int>(i), feature.values[i]);
        if (type != wkbNone && !feature.shape.empty())
            OGR_F_SetGeometryDirectly(out.get(), to_ogr(feature.shape, type));
        if (OGR_L_CreateFeature(handle, out.get()) != OGRERR_NONE)
            fail(target, messages);
    }
    if (transaction && OGR_L_CommitTransaction(handle) != OGRERR_NONE)
        fail(target, messages);
}

gdal::Dataset create(const char* driver, const std::filesystem::path& path,
                     const std::filesystem::path& target) {
    gdal::start();
    const gdal::Messages messages;
    gdal::Dataset dataset{
        GDALCreate(GDALGetDriverByName(driver), path.c_str(), 0, 0, 0, GDT_Unknown, nullptr)};
    if (!dataset)
        fail(target, messages);
    return dataset;
}

void close(gdal::Dataset& dataset, const std::filesystem::path& target) {
    const gdal::Messages messages;
    dataset.reset();
    if (!messages.text().empty())
        fail(target, messages);
}

/// The table in which QGIS looks for styles. Catalogue and schema must be empty
/// texts: with NULL there QGIS passes the row over.
Layer style_table(std::span<const Product> products) {
    Layer table;
    table.name = "layer_styles";
    for (const auto* name :
         {"f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column", "styleName",
          "styleQML", "styleSLD", "description", "owner", "ui", "update_time"})
        table.fields.push_back({name, FieldType::text});
    table.fields.push_back({"useAsDefault", FieldType::integer});
    for (const auto& product : products) {
        if (!product.style)
            continue;
        table.features.push_back(
            {{std::string{}, std::string{}, product.layer->name, std::string{"geom"},
              product.style->name, product.style->qml, std::string{}, std::string{},
              std::string{"riskmap"}, std::monostate{}, std::string{"2000-01-01T00:00:00.000Z"},
              std::int64_t{1}},
             {}});
    }
    return table;
}

/// The shortest text of a number that spreadsheets take for it: 1000000, not 1e+06.
std::string plain_text(double number) {
    constexpr double greatest = 1e21; // beyond it plain digits are longer than they help
    const double size = std::abs(number);
    if (!std::isfinite(number) || size >= greatest || (size > 0 && size < 1e-12))
        return number_text(number);
    std::array<char, 64> text{};
    const auto [end, failure] =
        std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    return failure == std::errc{} ? std::string{text.data(), end} : number_text(number);
}

std::string csv_cell(const Value& value) {
    const auto* number = std::get_if<double>(&value);
    std::string text = number == nullptr ? text_of(value) : plain_text(*number);
    if (std::holds_alternative<std::string>(value) && !text.empty() &&
        std::string_view{"=+-@\t\r"}.find(text[0]) != std::string_view::npos)
        text.insert(0, 1, '\'');
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string quoted{'"'};
    for (const char c : text) {
        if (c == '"')
            quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

std::string csv_row(std::span<const Value> values) {
    std::string row;
    for (const auto& value : values) {
        row += csv_cell(value);
        row += ',';
    }
    if (!row.empty())
        row.back() = '\n';
    return row;
}

} // namespace

void write_geopackage(const std::filesystem::path& target, std::span<const Product> products) {
    PendingFile pending{target};
    auto dataset = create("GPKG", pending.path(), target);
    for (const auto& product : products)
        add_layer(dataset.get(), *product.layer, {"GEOMETRY_NAME=geom", "FID=fid"}, target);
    const auto styles = style_table(products);
    if (!styles.features.empty())
        add_layer(dataset.get(), styles, {"FID=id"}, target);
    close(dataset, target);
    pending.commit();
}

void write_geojson(const std::filesystem::path& target, const Layer& layer) {
    PendingFile pending{target};
    const Layer degrees = layer.crs.empty() ? layer : transformed(layer, Crs::wgs84());
    auto dataset = create("GeoJSON", pending.path(), target);
    add_layer(dataset.get(), degrees, {"RFC7946=YES", "COORDINATE_PRECISION=7", "WRITE_NAME=YES"},
              target);
    close(dataset, target);
    pending.commit();
}

void write_shapefile(const std::filesystem::path& target, const Layer& layer) {
    PendingFile pending{target};
    auto dataset = create("ESRI Shapefile", pending.path(), target);
    Layer named = layer;
    named.name = pending.path().stem().string();
    add_layer(dataset.get(), named, {"ENCODING=UTF-8"}, target);
    close(dataset, target);
    pending.commit();
}

void write_csv(const std::filesystem::path& target, const Layer& layer) {
    std::vector<Value> titles;
    for (auto& name : distinct_names(layer))
        titles.emplace_back(std::move(name));
    std::string text = csv_row(titles);
    for (const auto& feature : layer.features)
        text += csv_row(feature.values);
    write_file(target, text);
}

void write_layer(const std::filesystem::path& target, const Layer& layer) {
    const auto extension = target.extension().string();
    if (extension == ".gpkg")
        write_geopackage(target, std::vector<Product>{{&layer, {}}});
    else if (extension == ".geojson" || extension == ".json")
        write_geojson(target, layer);
    else if (extension == ".shp")
        write_shapefile(target, layer);
    else if (extension == ".csv")
        write_csv(target, layer);
    else
        throw Error{ErrorKind::usage,
                    fmt::format("cannot tell the format of '{}' by its name", target.string()),
                    "end it in .gpkg, .geojson, .shp or .csv"};
}

} // namespace riskmap::vector
