// SPDX-License-Identifier: MIT
// Private: a layer that is being checked, and what its rules share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <riskmap/census/check.hpp>
#include <riskmap/census/spec.hpp>
#include <riskmap/geo/crs.hpp>
#include <riskmap/vector/stream.hpp>

namespace riskmap::census {

/// Lengths in metres along the axes of one unit of a CRS, at a place.
struct UnitLength {
    double x = 1;
    double y = 1;
};
[[nodiscard]] UnitLength unit_length(const Crs& crs, Point middle);

/// Whether a CRS is CGCS2000, one of its projections, or one of those named.
[[nodiscard]] bool is_allowed(const Crs& crs, const std::vector<std::string>& names);

/// A vector layer or table that is open.
struct LayerCase {
    LayerCase(const LayerSource& layer_source, const LayerSpec* layer_spec,
              vector::LayerStream open);

    const LayerSource& source;
    std::string label;
    const LayerSpec* spec; ///< none: only general rules
    vector::LayerStream stream;
    Crs crs;                           ///< of the file, or as the source says; empty: none
    bool crs_assumed = false;          ///< a table of degrees that does not say it
    std::vector<vector::Field> fields; ///< as they are called, wherever their names stand
    FieldMap map;
    /// Of a table: the row in which the names of its columns stand, if not in the first.
    std::optional<std::size_t> header_row;
    /// Columns of a table with coordinates.
    std::optional<std::size_t> x_field, y_field;

    /// The layer's field that is this one of the specification.
    [[nodiscard]] std::optional<std::size_t> field_of(const std::string& name) const;
    /// Whether features are to have a shape.
    [[nodiscard]] bool has_shapes() const;
    /// A table whose values are all as people wrote them: CSV, XLSX.
    [[nodiscard]] bool is_written() const;
    /// What is wrong with what the file says of its encoding.
    [[nodiscard]] std::optional<RuleId> encoding_fault() const;
    /// The features of a batch, points made of coordinates where the layer is a table.
    [[nodiscard]] std::vector<vector::SourceFeature>
    features_of(const vector::LayerStream::Batch& batch) const;
    /// The code of the unit that a feature belongs to; empty: none or not well formed.
    [[nodiscard]] std::string parent_code(const vector::Feature& feature,
                                          const LayerSpec& parent) const;
    /// Its own code, of the field `code` if the specification has one.
    [[nodiscard]] std::string own_code(const vector::Feature& feature) const;

  private:
    void find_header();
    void find_coordinates();
    std::optional<std::int64_t> m_header_fid; ///< features up to it are none
};

/// A point on the feature for reports and for the unit it lies in: the point, the middle
/// vertex of a line, a point inside a polygon.
[[nodiscard]] std::optional<Point> place_on(const vector::Shape& shape);

} // namespace riskmap::census
