// SPDX-License-Identifier: MIT
// A layer read feature by feature, so that memory does not grow with it. Text is decoded
// as one encoding for the whole layer, found from its bytes where the file does not say it.
#pragma once

#include <memory>

#include <riskmap/vector/layer.hpp>

namespace riskmap::vector {

/// The kind of a geometry as the file has it.
enum class ShapeType { none, point, line, polygon, other };

/// A feature as it was read: rings open or closed, in their own direction.
struct SourceFeature {
    std::int64_t fid = 0; ///< the file's own number of the feature
    Feature feature;
    ShapeType type = ShapeType::none;
};

/// Rows of a text table with fewer columns than most of them have, below the widest: titles above
/// the names of the columns are none. What such a row lacks reads as not known.
struct CutRows {
    std::uint64_t rows = 0;
    std::uint64_t first = 0;   ///< the first of them, counted from 1
    std::uint64_t columns = 0; ///< that it has
    std::uint64_t of = 0;      ///< that most rows have
};

/// Cells of a sheet that are one: rows from 1 as Excel counts them, columns from 0, both ends
/// within.
struct MergedCells {
    std::int64_t first_row = 0;
    std::int64_t last_row = 0;
    std::size_t first_column = 0;
    std::size_t last_column = 0;
};

/// What a sheet holds beside its values.
struct SheetShape {
    std::vector<MergedCells> merged;
    /// Rows of cells with a formula that the program which wrote the file never reckoned.
    std::vector<std::int64_t> formulas_without_value;
};

/// Reads a layer from its start to its end, as often as wanted.
class LayerStream {
  public:
    /// The first (or only) layer if `layer` is empty. `encoding`: of the text, where it is
    /// known better; empty: UTF-8 or GB18030 as its bytes are, whatever the file declares. \throws
    /// Error{input}: no such file or layer, a format that is not known, more than `most_fields`
    /// fields, an archive that unfolds to more than it should.
    explicit LayerStream(const std::filesystem::path& path, const std::string& layer = {},
                         const std::string& encoding = {});
    ~LayerStream();
    LayerStream(LayerStream&&) noexcept;

    static constexpr std::size_t most_fields = 1999; ///< GDAL cuts wider tables at 2000

    [[nodiscard]] const std::string& name() const;
    [[nodiscard]] std::size_t layers() const;        ///< that the file holds, styles apart
    [[nodiscard]] const std::string& format() const; ///< "ESRI Shapefile", "GPKG", "CSV", ...
    [[nodiscard]] const Crs& crs() const;            ///< empty if the file has none
    [[nodiscard]] bool has_geometry() const;
    [[nodiscard]] const std::vector<Field>& fields() const;
    [[nodiscard]] const std::string& encoding() const;          ///< of its text
    [[nodiscard]] const std::string& declared_encoding() const; ///< by the file; empty: not said
    /// Texts so far, names of fields among them, that ended inside a character because their
    /// field had room for no more; the piece at the end is left out.
    [[nodiscard]] std::uint64_t cut_texts() const;
    [[nodiscard]] const CutRows& cut_rows() const; ///< of a CSV
    /// Of a text table: the lines above the names of its columns.
    [[nodiscard]] std::vector<std::string> titles() const;
    [[nodiscard]] const SheetShape& sheet() const; ///< of an .xlsx; of others nothing is known
    /// The row of a feature as a spreadsheet shows it, for text tables too: titles above the names
    /// of the columns and blank lines count. Of other layers the file's own number.
    [[nodiscard]] std::int64_t row_of(std::int64_t fid) const;
    /// The row in which the names of the columns stand that `fields` tells, likewise.
    [[nodiscard]] std::int64_t names_row() const;
    /// Number of features if the file tells it at once and all are wanted.
    [[nodiscard]] std::optional<std::uint64_t> count() const;

    /// Features that were read but not yet turned into values.
    class Batch {
      public:
        Batch();
        ~Batch();
        Batch(Batch&&) noexcept;
        Batch& operator=(Batch&&) noexcept;
        [[nodiscard]] std::size_t size() const;

      private:
        friend class LayerStream;
        struct State;
        std::unique_ptr<State> m_state;
    };
    /// The next features: at most `most`, fewer (or none) where they are large or few are wanted;
    /// nothing at the end.
    /// \throws Error{input}: the file is damaged.
    [[nodiscard]] std::optional<Batch> next(std::size_t most = 1024);
    /// Only features for which an expression of OGR holds ("class" = 'A' AND pop > 0), whatever the
    /// format: texts are alike whatever their case, and it cannot ask the database for more. From
    /// the first again. \throws Error{input}: the expression is not understood.
    void keep_only(const std::string& expression);
    /// From the first feature again.
    void rewind();

    /// The features of a batch as values. May be called from any thread.
    [[nodiscard]] std::vector<SourceFeature> values_of(const Batch& batch) const;

  private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace riskmap::vector
