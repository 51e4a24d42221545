// SPDX-License-Identifier: MIT
// A vector layer or table that is open and understood: which column is which field, where the
// names of its columns stand, which columns are coordinates, in which CRS.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <riskmap/geo/crs.hpp>
#include <riskmap/spec/source.hpp>
#include <riskmap/spec/spec.hpp>
#include <riskmap/vector/stream.hpp>

namespace riskmap::spec {

/// What a row of a written table is: only data are read.
enum class RowKind {
    data,
    empty,
    total, ///< 合计, 小计: what other rows add up to
    note,  ///< 注：, 填表人, a heading over rows, numbers of columns
};

/// The rows of a written table that are no data, by their numbers.
struct RowsLeftOut {
    std::set<std::int64_t> empty;
    std::set<std::int64_t> totals;
    std::set<std::int64_t> notes;
    /// Rows of amounts that one merged cell gives for several: not known for each of them.
    std::set<std::int64_t> shared;

    /// Rows of data in which a formula was never reckoned, by cell.
    std::vector<std::int64_t> formulas;

    /// "3 empty rows, 1 of totals (row 9)"; empty: none.
    [[nodiscard]] Words words() const;
};

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
    /// Of a table: the first and last row of the names of its columns, if not the first alone.
    std::optional<std::size_t> header_row;
    std::size_t header_end = 1;
    /// "万元", "人": what the rows above the names say of units.
    std::vector<std::string> title_units;
    /// Columns of a table with coordinates.
    std::optional<std::size_t> x_field, y_field;

    /// Which of two columns is the population is not to be guessed. \throws Error{input}: two that
    /// could both be a field that has to be there, unless the source names one.
    void refuse_rivals() const;
    /// The layer's field that is this one of the specification.
    [[nodiscard]] std::optional<std::size_t> field_of(const std::string& name) const;
    /// Whether the source says the unit of a field of the specification.
    [[nodiscard]] bool unit_is_said(std::size_t field) const;
    /// A number of a feature in the unit of the specification; NaN: not known.
    [[nodiscard]] double number(const std::string& name, const vector::Feature& feature) const;
    /// Whether features are to have a shape.
    [[nodiscard]] bool has_shapes() const;
    /// A table whose values are all as people wrote them: CSV, XLSX, XLS, ODS.
    [[nodiscard]] bool is_written() const;
    /// The features of a batch, points made of coordinates where the layer is a table. Rows of a
    /// written table that are no data are left out, merged cells filled; a feature's number is its
    /// row as a spreadsheet shows it. From any thread.
    [[nodiscard]] std::vector<vector::SourceFeature>
    features_of(const vector::LayerStream::Batch& batch) const;
    /// Rows left out so far.
    [[nodiscard]] RowsLeftOut left_out() const;

  private:
    [[nodiscard]] double factor_of(std::size_t field) const;
    void refuse_unknown_units() const;
    void find_header();
    void find_coordinates();
    void take_coordinate_pairs();
    void find_title_units(const std::vector<std::string>& cells);
    [[nodiscard]] bool is_of_level_above(const vector::Value& code) const;
    void find_merged();
    void fill_merged(std::vector<vector::SourceFeature>& features) const;
    void take_out_rows(std::vector<vector::SourceFeature>& features) const;

    struct Merged {
        vector::MergedCells cells;
        vector::Value value;
        bool amount = false; ///< of a column of numbers
    };
    struct LeftOut {
        std::mutex mutex;
        RowsLeftOut rows;
    };
    std::optional<std::int64_t> m_header_fid; ///< features up to it are none
    Pairs m_pairs;                            ///< of fields, those for coordinates taken out
    std::vector<Merged> m_merged;
    std::unique_ptr<LeftOut> m_left_out = std::make_unique<LeftOut>();
};

} // namespace riskmap::spec
