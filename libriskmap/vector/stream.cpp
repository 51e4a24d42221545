// SPDX-License-Identifier: MIT
#include <riskmap/vector/stream.hpp>

#include <algorithm>
#include <atomic>

#include <fmt/format.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <ogrsf_frmts.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/text.hpp>

#include "../geo/gdal.hpp"
#include "code_lists.hpp"
#include "source_text.hpp"
#include "workbook.hpp"

namespace riskmap::vector {

namespace {

struct FreeFeature {
    void operator()(OGRFeatureH feature) const noexcept { OGR_F_Destroy(feature); }
};
using OgrFeature = std::unique_ptr<void, FreeFeature>;

struct FreeGeometry {
    void operator()(OGRGeometryH geometry) const noexcept { OGR_G_DestroyGeometry(geometry); }
};

/// Features of a batch together are not much larger than this.
constexpr std::size_t batch_bytes = std::size_t{8} << 20U;

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

Shape shape_of(OGRGeometryH geometry) {
    Shape shape;
    if (geometry == nullptr)
        return shape;
    if (OGR_GT_IsNonLinear(OGR_G_GetGeometryType(geometry)) == 0) {
        append(geometry, shape);
        return shape;
    }
    const std::unique_ptr<void, FreeGeometry> straight{OGR_G_ForceTo(
        OGR_G_Clone(geometry), OGR_GT_GetLinear(OGR_G_GetGeometryType(geometry)), nullptr)};
    append(straight.get(), shape);
    return shape;
}

ShapeType shape_type_of(OGRGeometryH geometry) {
    if (geometry == nullptr || OGR_G_IsEmpty(geometry) != 0)
        return ShapeType::none;
    switch (OGR_GT_Flatten(OGR_GT_GetLinear(OGR_G_GetGeometryType(geometry)))) {
    case wkbPoint:
    case wkbMultiPoint:
        return ShapeType::point;
    case wkbLineString:
    case wkbMultiLineString:
        return ShapeType::line;
    case wkbPolygon:
    case wkbMultiPolygon:
        return ShapeType::polygon;
    default:
        return ShapeType::other;
    }
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

OGRLayerH find_layer(GDALDatasetH dataset, const std::filesystem::path& path,
                     const std::string& name) {
    const int count = GDALDatasetGetLayerCount(dataset);
    std::vector<std::string> names;
    for (int i = 0; i < count; ++i) {
        const OGRLayerH layer = GDALDatasetGetLayer(dataset, i);
        names.push_back(to_utf8(OGR_L_GetName(layer)));
        const bool wanted =
            name.empty() ? !(is_workbook(path) && holds_instructions(names.back())) || count == 1
                         : names.back() == name;
        if (wanted)
            return layer;
    }
    if (name.empty() && count > 0)
        return GDALDatasetGetLayer(dataset, 0);
    if (names.empty())
        throw input_error(fmt::format("'{}' holds no layer", path.string()));
    const auto near = nearest_name(name, names);
    throw input_error(fmt::format("'{}' has no layer '{}'", path.string(), name),
                      near ? fmt::format("did you mean '{}'?", *near)
                           : fmt::format("it has: {}", fmt::join(names, ", ")));
}

/// A view may never end, and a virtual table may read other files. \throws Error{input}.
void refuse_view(GDALDatasetH dataset, OGRLayerH layer, const std::filesystem::path& path) {
    const std::string_view driver = GDALGetDriverShortName(GDALGetDatasetDriver(dataset));
    if (driver != "GPKG" && driver != "SQLite")
        return;
    std::string name = OGR_L_GetName(layer);
    for (auto at = name.find('\''); at != std::string::npos; at = name.find('\'', at + 2))
        name.insert(at, 1, '\'');
    const auto sql = fmt::format("SELECT 1 FROM sqlite_master WHERE lower(name) = lower('{}') AND "
                                 "(type = 'view' OR (sql LIKE 'create virtual table%' AND "
                                 "sql NOT LIKE '%using%rtree%' AND sql NOT LIKE '%using%fts%'))",
                                 name);
    const gdal::Messages unheard; // a database without that table has no views
    const OGRLayerH found = GDALDatasetExecuteSQL(dataset, sql.c_str(), nullptr, nullptr);
    if (found == nullptr)
        return;
    OGR_L_ResetReading(found);
    const bool view = OgrFeature{OGR_L_GetNextFeature(found)} != nullptr;
    GDALDatasetReleaseResultSet(dataset, found);
    if (view)
        throw input_error(fmt::format("layer '{}' of '{}' is a view and not a table",
                                      to_utf8(OGR_L_GetName(layer)), path.string()),
                          "save it as a table, as QGIS does by 'Save features as'");
}

std::string declared_encoding_of(OGRLayerH layer) {
    for (const char* item : {"ENCODING_FROM_CPG", "ENCODING_FROM_LDID"})
        if (const char* text = GDALGetMetadataItem(layer, item, "SHAPEFILE"))
            if (auto name = usual_encoding(text); !name.empty() && is_encoding(name))
                return name;
    return {};
}

Crs crs_of(OGRLayerH layer) {
    const OGRSpatialReferenceH reference = OGR_L_GetSpatialRef(layer);
    char* wkt = nullptr;
    if (reference == nullptr || OSRExportToWkt(reference, &wkt) != OGRERR_NONE)
        return {};
    const std::unique_ptr<char, decltype(&VSIFree)> owner{wkt, &VSIFree};
    return *wkt == '\0' ? Crs{} : Crs::parse(wkt);
}

} // namespace

struct LayerStream::State {
    gdal::Dataset dataset;
    OGRLayerH layer = nullptr;
    std::filesystem::path path;
    std::string name;
    std::string format;
    Crs crs;
    bool has_geometry = false;
    std::vector<Field> fields;
    CodeLists lists;
    std::string encoding;
    std::string declared;
    std::unique_ptr<OGRFeatureQuery> filter; ///< none: all are wanted
    bool ended = false;
    CutRows cut_rows;
    SheetShape sheet;
    std::uint64_t titles = 0; ///< of a text table, above the names of its columns
    std::uint64_t titles_end = 0;
    std::vector<std::uint64_t> blank_rows;      ///< below them
    mutable std::atomic<std::uint64_t> cut = 0; ///< texts that ended inside a character

    [[nodiscard]] std::string text(const char* bytes) const {
        // Fields of fixed width cut a text wherever they end, also inside a character.
        const std::string_view all{bytes};
        const auto whole = format == "ESRI Shapefile" ? whole_characters(all, encoding) : all;
        if (whole.size() < all.size())
            ++cut;
        return decoded(whole, encoding);
    }

    [[nodiscard]] Value value_at(OGRFeatureH feature, std::size_t field) const {
        const auto index = static_cast<int>(field);
        if (OGR_F_IsFieldSetAndNotNull(feature, index) == 0)
            return std::monostate{};
        if (lists.has(field))
            return lists.word(feature, field);
        switch (fields[field].type) {
        case FieldType::integer:
            return static_cast<std::int64_t>(OGR_F_GetFieldAsInteger64(feature, index));
        case FieldType::real:
            return value_of(OGR_F_GetFieldAsDouble(feature, index));
        case FieldType::text:
            break;
        }
        const auto type = OGR_Fld_GetType(OGR_F_GetFieldDefnRef(feature, index));
        if (type == OFTDate || type == OFTDateTime)
            return date_at(feature, index);
        return text(OGR_F_GetFieldAsString(feature, index));
    }

    /// As ISO 8601 writes it; the time of day only where there is one.
    static std::string date_at(OGRFeatureH feature, int index) {
        int year = 0, month = 0, day = 0, hour = 0, minute = 0, zone = 0;
        float second = 0;
        OGR_F_GetFieldAsDateTimeEx(feature, index, &year, &month, &day, &hour, &minute, &second,
                                   &zone);
        auto date = fmt::format("{:04}-{:02}-{:02}", year, month, day);
        if (hour != 0 || minute != 0 || second != 0)
            date += fmt::format("T{:02}:{:02}:{:02.0f}", hour, minute, second);
        return date;
    }

    [[nodiscard]] std::size_t bytes_of(OGRFeatureH feature) const {
        std::size_t bytes = 256;
        if (const OGRGeometryH geometry = OGR_F_GetGeometryRef(feature))
            bytes += static_cast<std::size_t>(OGR_G_WkbSize(geometry));
        for (std::size_t f = 0; f < fields.size(); ++f)
            if (fields[f].type == FieldType::text)
                bytes += std::char_traits<char>::length(
                    OGR_F_GetFieldAsString(feature, static_cast<int>(f)));
        return bytes;
    }
};

struct LayerStream::Batch::State {
    std::vector<OgrFeature> features;
};
LayerStream::Batch::Batch() : m_state{std::make_unique<State>()} {}
LayerStream::Batch::~Batch() = default;
LayerStream::Batch::Batch(Batch&&) noexcept = default;
LayerStream::Batch& LayerStream::Batch::operator=(Batch&&) noexcept = default;
std::size_t LayerStream::Batch::size() const {
    return m_state->features.size();
}

LayerStream::LayerStream(const std::filesystem::path& path, const std::string& layer,
                         const std::string& encoding)
    : m_state{std::make_unique<State>()} {
    auto& state = *m_state;
    state.path = path;
    // Text as it stands in the file: GDAL would take what it does not know for Latin letters.
    const auto raw = gdal::list_of({"ENCODING="});
    std::optional<SourceText> known;
    if (is_text_table(path)) {
        gdal::require_harmless(path);
        known = source_text(path, layer);
        state.titles = known->titles;
        state.titles_end = known->titles_end;
        state.blank_rows = known->blank_rows;
    }
    state.dataset = known ? gdal::open_text_table(path, known->titles_end, raw.get())
                          : gdal::open(path, GDAL_OF_VECTOR, raw.get());
    const gdal::Messages messages;
    state.layer = find_layer(state.dataset.get(), path, layer);
    refuse_view(state.dataset.get(), state.layer, path);
    state.format = GDALGetDriverShortName(GDALGetDatasetDriver(state.dataset.get()));
    state.declared = declared_encoding_of(state.layer);
    auto text = known ? std::move(*known) : source_text(path, OGR_L_GetName(state.layer));
    const auto head = std::move(text.head);
    const auto& found = text.encoding;
    state.cut_rows = text.cut;
    // What the bytes are goes before what the file says of them.
    const bool sure =
        state.declared.empty() || state.declared == "UTF-8" || state.declared == "GB18030";
    state.encoding = !encoding.empty()         ? usual_encoding(encoding)
                     : sure && !found.empty()  ? found
                     : !state.declared.empty() ? state.declared
                                               : "UTF-8";
    // The name of the file, whatever the encoding of what it holds.
    state.name = to_utf8(OGR_L_GetName(state.layer));
    if (is_workbook(path))
        state.sheet = sheet_shape(path, state.name);
    const OGRFeatureDefnH definition = OGR_L_GetLayerDefn(state.layer);
    const int fields = OGR_FD_GetFieldCount(definition);
    if (static_cast<std::size_t>(fields) > most_fields)
        throw input_error(
            fmt::format("layer '{}' of '{}' has {} fields", state.name, path.string(), fields),
            fmt::format("keep those that are needed: at most {} are read", most_fields));
    state.lists = CodeLists{state.dataset.get(), state.layer};
    for (int i = 0; i < fields; ++i) {
        const OGRFieldDefnH field = OGR_FD_GetFieldDefn(definition, i);
        state.fields.push_back({state.text(OGR_Fld_GetNameRef(field)), type_of(field)});
        // What people read in ArcGIS: the alias of a column, the words of its code list.
        const char* alias = OGR_Fld_GetAlternativeNameRef(field);
        if (alias != nullptr && state.format == "OpenFileGDB")
            state.fields.back().title = state.text(alias);
        if (state.lists.has(static_cast<std::size_t>(i)))
            state.fields.back().type = FieldType::text;
    }
    // A name that GDAL has cut at its line break; one that it made up stays.
    if (head.size() == state.fields.size())
        for (std::size_t f = 0; f < head.size(); ++f)
            if (head[f].find('\n') != std::string::npos)
                state.fields[f].name = state.text(head[f].c_str());
    state.has_geometry = OGR_L_GetGeomType(state.layer) != wkbNone;
    if (state.has_geometry)
        state.crs = crs_of(state.layer);
    OGR_L_ResetReading(state.layer);
}

LayerStream::~LayerStream() = default;
LayerStream::LayerStream(LayerStream&&) noexcept = default;

const std::string& LayerStream::name() const {
    return m_state->name;
}
const std::string& LayerStream::format() const {
    return m_state->format;
}
const Crs& LayerStream::crs() const {
    return m_state->crs;
}
bool LayerStream::has_geometry() const {
    return m_state->has_geometry;
}
const std::vector<Field>& LayerStream::fields() const {
    return m_state->fields;
}
const std::string& LayerStream::encoding() const {
    return m_state->encoding;
}
const std::string& LayerStream::declared_encoding() const {
    return m_state->declared;
}

std::size_t LayerStream::layers() const {
    std::size_t count = 0;
    for (int i = 0; i < GDALDatasetGetLayerCount(m_state->dataset.get()); ++i)
        count += std::string_view{OGR_L_GetName(GDALDatasetGetLayer(m_state->dataset.get(), i))} !=
                         "layer_styles"
                     ? 1
                     : 0;
    return count;
}

std::uint64_t LayerStream::cut_texts() const {
    return m_state->cut;
}

const CutRows& LayerStream::cut_rows() const {
    return m_state->cut_rows;
}

const SheetShape& LayerStream::sheet() const {
    return m_state->sheet;
}

std::vector<std::string> LayerStream::titles() const {
    std::vector<std::string> out;
    if (m_state->titles_end == 0)
        return out;
    constexpr std::uint64_t most = 4096;
    std::string bytes(std::min(m_state->titles_end, most), '\0');
    const std::unique_ptr<VSILFILE, decltype(&VSIFCloseL)> file{
        VSIFOpenL(m_state->path.c_str(), "rb"), &VSIFCloseL};
    if (!file)
        return out;
    bytes.resize(VSIFReadL(bytes.data(), 1, bytes.size(), file.get()));
    for (const auto& line : split(decoded(bytes, m_state->encoding), '\n'))
        out.emplace_back(trim(line));
    return out;
}

std::int64_t LayerStream::names_row() const {
    return static_cast<std::int64_t>(m_state->titles) + 1;
}

std::int64_t LayerStream::row_of(std::int64_t fid) const {
    if (m_state->format != "CSV")
        return fid;
    // GDAL counts from 1 below the names and passes over blank lines.
    auto row = names_row() + fid;
    for (const auto blank : m_state->blank_rows) {
        if (static_cast<std::int64_t>(blank) > row)
            break;
        ++row;
    }
    return row;
}

std::optional<std::uint64_t> LayerStream::count() const {
    if (m_state->filter)
        return std::nullopt;
    const gdal::Messages unheard; // what is wrong is told when it is read
    const auto count = OGR_L_GetFeatureCount(m_state->layer, 0);
    return count < 0 ? std::nullopt : std::optional{static_cast<std::uint64_t>(count)};
}

std::optional<LayerStream::Batch> LayerStream::next(std::size_t most) {
    auto& state = *m_state;
    if (state.ended)
        return std::nullopt;
    const gdal::Messages messages;
    Batch batch;
    std::size_t bytes = 0;
    // Where few are wanted a batch may be empty, so that who reads can stop between two.
    constexpr int most_looked_at = 1 << 16;
    for (int i = 0; i < most_looked_at && batch.size() < most && bytes < batch_bytes; ++i) {
        OgrFeature feature{OGR_L_GetNextFeature(state.layer)};
        if (!feature) {
            state.ended = true;
            break;
        }
        if (state.filter && state.filter->Evaluate(OGRFeature::FromHandle(feature.get())) == 0)
            continue;
        bytes += state.bytes_of(feature.get());
        batch.m_state->features.push_back(std::move(feature));
    }
    if (!messages.text().empty())
        throw input_error(fmt::format("cannot read layer '{}' of '{}': {}", state.name,
                                      state.path.string(), messages.text()),
                          "the file is damaged or cut short: get it again");
    if (batch.size() == 0 && state.ended)
        return std::nullopt;
    return batch;
}

void LayerStream::keep_only(const std::string& expression) {
    auto& state = *m_state;
    const gdal::Messages messages;
    // Names and texts are compared with the bytes of the file.
    const std::unique_ptr<char, decltype(&VSIFree)> text{
        state.encoding.empty() || state.encoding == "UTF-8"
            ? CPLStrdup(expression.c_str())
            : CPLRecode(expression.c_str(), "UTF-8", state.encoding.c_str()),
        &VSIFree};
    // OGR's own filter and not SQL of the database: it reads one feature and nothing else.
    state.filter = std::make_unique<OGRFeatureQuery>();
    if (text == nullptr ||
        state.filter->Compile(OGRLayer::FromHandle(state.layer), text.get()) != OGRERR_NONE)
        throw input_error(fmt::format("layer '{}' of '{}': the filter '{}' is not understood: {}",
                                      state.name, state.path.string(), expression, messages.text()),
                          "write it as OGR does: where=\"field\" = 'text' AND number > 0");
    rewind();
}

void LayerStream::rewind() {
    const gdal::Messages unheard;
    OGR_L_ResetReading(m_state->layer);
    m_state->ended = false;
}

std::vector<SourceFeature> LayerStream::values_of(const Batch& batch) const {
    const auto& state = *m_state;
    std::vector<SourceFeature> out;
    out.reserve(batch.size());
    for (const auto& source : batch.m_state->features) {
        auto& feature = out.emplace_back();
        feature.fid = OGR_F_GetFID(source.get());
        feature.feature.values.reserve(state.fields.size());
        for (std::size_t f = 0; f < state.fields.size(); ++f)
            feature.feature.values.push_back(state.value_at(source.get(), f));
        const OGRGeometryH geometry = OGR_F_GetGeometryRef(source.get());
        feature.type = shape_type_of(geometry);
        feature.feature.shape = shape_of(geometry);
    }
    return out;
}

} // namespace riskmap::vector
