// SPDX-License-Identifier: MIT
// A vector layer or table that is open and understood: which column is which field, where the
// names of its columns stand, which columns are coordinates, in which CRS.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <riskmap/geo/crs.hpp>
#include <riskmap/spec/source.hpp>
#include <riskmap/spec/spec.hpp>
#include <riskmap/vector/stream.hpp>

namespace riskmap::spec {

class LayerReader {
  public:
    /// `layer_spec` may be null: only general things are known then. `layer_source` must outlive
    /// this. \throws Error{input} as `vector::LayerStream`, and for pairs of fields that do not
    /// fit.
    LayerReader(const Source& layer_source, const LayerSpec* layer_spec);

    const Source& source;
    std::string label;
    const LayerSpec* spec;
    vector::LayerStream stream;
    Crs crs;                           ///< of the file, or as the source says; empty: none
    bool crs_assumed = false;          ///< a table of degrees that does not say it
    std::vector<vector::Field> fields; ///< as they are called, wherever their names stand
    FieldMap map;
    /// By field of the specification: the factor from the unit in the source or in the head.
    std::vector<double> factors;
    /// Of a table: the row in which the names of its columns stand, if not in the first.
    std::optional<std::size_t> header_row;
    /// Columns of a table with coordinates.
    std::optional<std::size_t> x_field, y_field;

    /// The layer's field that is this one of the specification.
    [[nodiscard]] std::optional<std::size_t> field_of(const std::string& name) const;
    /// A number of a feature in the unit of the specification; NaN: not known.
    [[nodiscard]] double number(const std::string& name, const vector::Feature& feature) const;
    /// Whether features are to have a shape.
    [[nodiscard]] bool has_shapes() const;
    /// A table whose values are all as people wrote them: CSV, XLSX.
    [[nodiscard]] bool is_written() const;
    /// The features of a batch, points made of coordinates where the layer is a table.
    [[nodiscard]] std::vector<vector::SourceFeature>
    features_of(const vector::LayerStream::Batch& batch) const;
    /// The row of a feature as people count them: in a spreadsheet its own, else from 1.
    [[nodiscard]] std::int64_t row_of(std::int64_t fid) const;

  private:
    [[nodiscard]] double factor_of(std::size_t field) const;
    void refuse_unknown_units() const;
    void find_header();
    void find_coordinates();
    std::optional<std::int64_t> m_header_fid; ///< features up to it are none
};

} // namespace riskmap::spec
