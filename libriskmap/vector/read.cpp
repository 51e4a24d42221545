// SPDX-License-Identifier: MIT
#include <riskmap/vector/layer.hpp>

#include <cmath>

#include <fmt/format.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/text.hpp>

#include "../geo/gdal.hpp"

namespace riskmap::vector {

namespace {

struct FreeFeature {
    void operator()(OGRFeatureH feature) const noexcept { OGR_F_Destroy(feature); }
};

std::vector<Point> points_of(OGRGeometryH geometry) {
    const int n = OGR_G_GetPointCount(geometry);
    std::vector<Point> points(static_cast<std::size_t>(n));
    if (n > 0)
        OGR_G_GetPoints(geometry, &points[0].x, sizeof(Point), &points[0].y, sizeof(Point), nullptr,
                        0);
    return points;
}

void append(OGRGeometryH geometry, Shape& shape) {
    switch (OGR_GT_Flatten(OGR_G_GetGeometryType(geometry))) {
    case wkbPoint:
        for (const auto p : points_of(geometry))
            shape.points.push_back(p);
        return;
    case wkbLineString:
        shape.lines.push_back(points_of(geometry));
        return;
    case wkbPolygon: {
        Polygon polygon;
        for (int i = 0; i < OGR_G_GetGeometryCount(geometry); ++i) {
            auto ring = points_of(OGR_G_GetGeometryRef(geometry, i));
            if (i == 0)
                polygon.outer = std::move(ring);
            else if (!ring.empty())
                polygon.holes.push_back(std::move(ring));
        }
        if (!polygon.outer.empty())
            shape.polygons.push_back(std::move(polygon));
        return;
    }
    default:
        for (int i = 0; i < OGR_G_GetGeometryCount(geometry); ++i)
            append(OGR_G_GetGeometryRef(geometry, i), shape);
    }
}

Shape shape_of(OGRFeatureH feature) {
    Shape shape;
    OGRGeometryH geometry = OGR_F_StealGeometry(feature);
    if (geometry == nullptr)
        return shape;
    if (OGR_GT_IsNonLinear(OGR_G_GetGeometryType(geometry)) != 0)
        geometry =
            OGR_G_ForceTo(geometry, OGR_GT_GetLinear(OGR_G_GetGeometryType(geometry)), nullptr);
    append(geometry, shape);
    OGR_G_DestroyGeometry(geometry);
    return shape;
}

FieldType type_of(OGRFieldDefnH field) {
    switch (OGR_Fld_GetType(field)) {
    case OFTInteger:
    case OFTInteger64:
        return FieldType::integer;
    case OFTReal:
        return FieldType::real;
    default:
        return FieldType::text;
    }
}

Value value_at(OGRFeatureH feature, int index, FieldType type) {
    if (OGR_F_IsFieldSetAndNotNull(feature, index) == 0)
        return std::monostate{};
    switch (type) {
    case FieldType::integer:
        return static_cast<std::int64_t>(OGR_F_GetFieldAsInteger64(feature, index));
    case FieldType::real:
        return value_of(OGR_F_GetFieldAsDouble(feature, index));
    case FieldType::text:
        break;
    }
    return to_utf8(OGR_F_GetFieldAsString(feature, index));
}

OGRLayerH find_layer(GDALDatasetH dataset, const std::filesystem::path& path,
                     const std::string& name) {
    const int count = GDALDatasetGetLayerCount(dataset);
    std::vector<std::string> names;
    for (int i = 0; i < count; ++i) {
        const OGRLayerH layer = GDALDatasetGetLayer(dataset, i);
        names.push_back(to_utf8(OGR_L_GetName(layer)));
        if (name.empty() || names.back() == name)
            return layer;
    }
    const auto near = nearest_name(name, names);
    throw input_error(fmt::format("'{}' has no layer '{}'", path.string(), name),
                      near ? fmt::format("did you mean '{}'?", *near)
                           : fmt::format("it has: {}", fmt::join(names, ", ")));
}

void read_crs(OGRLayerH handle, const std::filesystem::path& path, Layer& layer) {
    const OGRSpatialReferenceH reference = OGR_L_GetSpatialRef(handle);
    if (reference == nullptr)
        throw input_error(fmt::format("layer '{}' of '{}' has no CRS", layer.name, path.string()),
                          "give it one: ogr2ogr -a_srs EPSG:4490 NEW OLD, or add its .prj file");
    char* wkt = nullptr;
    OSRExportToWkt(reference, &wkt);
    layer.crs = Crs::parse(wkt == nullptr ? "" : wkt);
    CPLFree(wkt);
}

} // namespace

std::vector<std::string> layer_names(const std::filesystem::path& path) {
    const auto dataset = gdal::open(path, GDAL_OF_VECTOR);
    std::vector<std::string> names;
    for (int i = 0; i < GDALDatasetGetLayerCount(dataset.get()); ++i)
        names.push_back(to_utf8(OGR_L_GetName(GDALDatasetGetLayer(dataset.get(), i))));
    return names;
}

Layer read_layer(const std::filesystem::path& path, const std::string& name, Geometry geometry) {
    const auto dataset = gdal::open(path, GDAL_OF_VECTOR);
    const gdal::Messages messages;
    const OGRLayerH handle = find_layer(dataset.get(), path, name);
    Layer layer;
    layer.name = to_utf8(OGR_L_GetName(handle));
    const OGRFeatureDefnH definition = OGR_L_GetLayerDefn(handle);
    for (int i = 0; i < OGR_FD_GetFieldCount(definition); ++i) {
        const OGRFieldDefnH field = OGR_FD_GetFieldDefn(definition, i);
        layer.fields.push_back({to_utf8(OGR_Fld_GetNameRef(field)), type_of(field)});
    }
    if (geometry == Geometry::wanted)
        read_crs(handle, path, layer);
    OGR_L_ResetReading(handle);
    while (const std::unique_ptr<void, FreeFeature> source{OGR_L_GetNextFeature(handle)}) {
        Feature feature;
        for (std::size_t i = 0; i < layer.fields.size(); ++i)
            feature.values.push_back(
                value_at(source.get(), static_cast<int>(i), layer.fields[i].type));
        if (geometry == Geometry::wanted)
            feature.shape = shape_of(source.get());
        layer.features.push_back(std::move(feature));
    }
    if (!messages.text().empty())
        throw input_error(fmt::format("cannot read layer '{}' of '{}': {}", layer.name,
                                      path.string(), messages.text()),
                          "the file is damaged or cut short: get it again");
    return layer;
}

} // namespace riskmap::vector
