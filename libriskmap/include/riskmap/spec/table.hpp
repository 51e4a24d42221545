// SPDX-License-Identifier: MIT
// A layer read whole through its specification: columns by the specification's names, in its
// units, with an account of every value (what was read, defaulted, unknown, dropped).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <riskmap/spec/account.hpp>
#include <riskmap/spec/layer_reader.hpp>
#include <riskmap/spec/written.hpp>
#include <riskmap/vector/layer.hpp>

namespace riskmap::spec {

/// What the features of a layer must be to be used.
enum class Shapes {
    none,     ///< a table: geometry is not looked at
    wanted,   ///< any; those without, at (0, 0) or far from all others are left out and told
    points,   ///< one point each; the others as for `wanted`
    required, ///< any; one without is an error (units that maps are made of)
};

class Table {
  public:
    /// Reads all of it. \throws Error{input}: no CRS where shapes are wanted, a feature that is
    /// no point where points are; two columns that fit a required field equally well.
    Table(const Source& source, const LayerSpec& spec, Shapes shapes,
          std::shared_ptr<Account> account);

    /// The features that were kept, with the heads of the file.
    [[nodiscard]] const vector::Layer& layer() const noexcept { return m_layer; }
    [[nodiscard]] vector::Layer& layer() noexcept { return m_layer; }
    [[nodiscard]] std::size_t size() const noexcept { return m_layer.features.size(); }
    [[nodiscard]] const LayerSpec& spec() const noexcept { return *m_spec; }
    [[nodiscard]] Account& account() const noexcept { return *m_account; }
    /// "layer 'x' of 'x.gpkg', row 5 (A)".
    [[nodiscard]] std::string where(std::size_t row) const;
    /// The code, id or name of a row, or its number.
    [[nodiscard]] std::string name(std::size_t row) const;

    /// Whether a column stands for a field of the specification.
    [[nodiscard]] bool has(const std::string& field) const;

    // One value a row. What a missing value means is said by the specification; a field with
    // `missing = "option"` takes the fallback. \throws Error{input} naming the row of a value that
    // cannot be read or is impossible, or that is missing where it is required.

    /// In the unit of the specification; NaN: not known.
    [[nodiscard]] std::vector<double> numbers(const std::string& field,
                                              std::optional<double> fallback = {});
    [[nodiscard]] std::vector<std::optional<bool>> flags(const std::string& field);
    /// Text as it stands, without blanks around it; empty: none.
    [[nodiscard]] std::vector<std::string> texts(const std::string& field);
    /// Values of a code list; empty: not known. Words that an open list does not have stand as
    /// they are. `unread`, if given, gets the rows of other words instead of an error.
    [[nodiscard]] std::vector<std::string> words(const std::string& field,
                                                 std::vector<std::size_t>* unread = nullptr);
    /// Year 0: not known.
    [[nodiscard]] std::vector<Date> dates(const std::string& field);
    /// Codes of units with their zeros; empty: none.
    [[nodiscard]] std::vector<std::string> codes(const std::string& field);

    /// Codes where they read as such, else what stands there: places that count their units in
    /// their own way.
    [[nodiscard]] std::vector<std::string> unit_codes(const std::string& field);
    [[nodiscard]] std::vector<std::string> unit_codes_of(const std::string& name);

    /// The column that somebody names: by its head, else as a field of the specification.
    /// \throws Error{input} naming the nearest, or that two are called so.
    [[nodiscard]] std::size_t column(const std::string& name) const;
    /// The same columns read by rules given here instead of the specification's.
    [[nodiscard]] std::vector<double> numbers_of(const std::string& name, const FieldSpec& rules);
    [[nodiscard]] std::vector<std::optional<bool>> flags_of(const std::string& name);
    [[nodiscard]] std::vector<std::string> texts_of(const std::string& name);

    /// The places of a table of points.
    [[nodiscard]] std::vector<Point> places(const Crs& crs) const;
    /// Whether a column is a head of a code that is text: nothing of a unit.
    [[nodiscard]] bool codes_are_free() const noexcept { return m_source.not_codes; }

  private:
    class Column;
    void read(LayerReader& reader, Shapes shapes);
    struct Misplaced {
        std::size_t row;
        Words reason;
    };
    [[nodiscard]] static std::vector<Misplaced> misplaced(const vector::Layer& layer);
    void take_out(const std::vector<Misplaced>& rows);
    void require_points() const;
    void doubt(const FieldSpec& rules, std::vector<double> values);
    [[nodiscard]] std::vector<std::optional<bool>> read_flags(const FieldSpec& rules,
                                                              std::optional<std::size_t> column);
    [[nodiscard]] std::vector<std::string> read_texts(const FieldSpec& rules,
                                                      std::optional<std::size_t> column);
    [[nodiscard]] std::optional<std::size_t> find(const std::string& field) const;
    [[nodiscard]] const FieldSpec& rules_of(const std::string& field) const;
    [[nodiscard]] double factor_of(const std::string& field) const;
    [[nodiscard]] FieldAccount& account_of(const std::string& field,
                                           std::optional<std::size_t> column);

    Source m_source;
    const LayerSpec* m_spec;
    vector::Layer m_layer;
    FieldMap m_map;
    std::vector<double> m_factors;
    std::vector<std::int64_t> m_rows; ///< of the file, by feature
    std::shared_ptr<Account> m_account;
    std::vector<std::unique_ptr<FieldSpec>> m_named; ///< rules of columns that somebody named
};

} // namespace riskmap::spec
