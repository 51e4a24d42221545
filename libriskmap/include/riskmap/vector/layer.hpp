// SPDX-License-Identifier: MIT
// Layers and tables as plain values, read from and written to files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include <riskmap/geo/crs.hpp>
#include <riskmap/geo/geometry.hpp>

namespace riskmap::vector {

/// A table cell: nothing (null), a whole number, a number or text (UTF-8).
using Value = std::variant<std::monostate, std::int64_t, double, std::string>;

[[nodiscard]] std::string text_of(const Value& value);
/// The number, also one written as text; nothing for null or other text.
[[nodiscard]] std::optional<double> number_of(const Value& value);
/// Null for NaN, so that "no data" never turns into a number.
[[nodiscard]] Value value_of(double number);

enum class FieldType { integer, real, text };

struct Field {
    std::string name;
    FieldType type = FieldType::text;
    std::string title = {}; ///< what the field says, with its unit; kept in GeoPackages
};

/// The geometry of one feature; a layer uses one of the three.
struct Shape {
    std::vector<Point> points = {};
    std::vector<LineString> lines = {};
    MultiPolygon polygons = {};

    [[nodiscard]] bool empty() const noexcept {
        return points.empty() && lines.empty() && polygons.empty();
    }
};
[[nodiscard]] Box bounds(const Shape& shape);

struct Feature {
    std::vector<Value> values; ///< one per field
    Shape shape = {};
};

struct Layer {
    std::string name;
    Crs crs = {};
    std::vector<Field> fields = {};
    std::vector<Feature> features = {};

    /// \throws Error{input} naming the nearest field that exists.
    [[nodiscard]] std::size_t field(const std::string& name) const;
    [[nodiscard]] bool has_field(const std::string& name) const noexcept;
};

enum class Geometry { wanted, none };

/// One layer of a file; the first (or only) one if `layer` is empty. Text that
/// is not UTF-8 is taken for GB18030. Z and M are dropped, curves made straight.
/// \throws Error{input}: no such file or layer, no CRS where geometry is wanted.
[[nodiscard]] Layer read_layer(const std::filesystem::path& path, const std::string& layer = {},
                               Geometry geometry = Geometry::wanted);

/// The layers of a file, in its order.
[[nodiscard]] std::vector<std::string> layer_names(const std::filesystem::path& path);

struct LayerSummary {
    std::string name;
    std::uint64_t features = 0; ///< rows of a sheet; of other layers 1, uncounted
    std::size_t fields = 0;
};
/// The layers of a file, or the sheets of a workbook and what they hold.
[[nodiscard]] std::vector<LayerSummary> summaries_of(const std::filesystem::path& path);
/// .xlsx, .xls, .ods.
[[nodiscard]] bool is_workbook(const std::filesystem::path& path);
/// Whether a sheet of this name says how to fill in others (填表说明): it is no data.
[[nodiscard]] bool holds_instructions(const std::string& sheet);

/// The layer carried over into another CRS.
[[nodiscard]] Layer transformed(Layer layer, const Crs& crs);

/// A QGIS style stored with a layer.
struct LayerStyle {
    std::string name;
    std::string qml;
};

/// A layer on its way into a file.
struct Product {
    const Layer* layer;
    std::optional<LayerStyle> style = {};
};

/// GeoPackage with one table per product and their styles in `layer_styles`.
/// Atomic. \throws Error{input} if it cannot be written.
void write_geopackage(const std::filesystem::path& target, std::span<const Product> products);
/// GeoJSON after RFC 7946: WGS 84, right-hand rule, 7 decimals.
void write_geojson(const std::filesystem::path& target, const Layer& layer);
/// Shapefile, UTF-8 with .cpg. Field names are cut to 10 bytes, as the format asks.
void write_shapefile(const std::filesystem::path& target, const Layer& layer);
/// UTF-8 CSV of the attributes. A text that a spreadsheet would run as a
/// formula (leading = + - @) gets an apostrophe in front.
void write_csv(const std::filesystem::path& target, const Layer& layer);
/// By the target's extension: .gpkg, .geojson/.json, .shp, .csv.
void write_layer(const std::filesystem::path& target, const Layer& layer);

} // namespace riskmap::vector
