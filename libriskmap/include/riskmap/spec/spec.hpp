// SPDX-License-Identifier: MIT
// What the layers of a census hold: fields with type, unit and range, codes, relations.
// Read from TOML, one file for each family (data/spec/); `check`, `ingest` and docs/layers.md
// all go by it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <riskmap/core/text.hpp>
#include <riskmap/raster/align.hpp>
#include <riskmap/vector/layer.hpp>

namespace riskmap::spec {

enum class FieldKind {
    text,
    number,
    whole, ///< whole number
    date,  ///< day, month or year
    code,  ///< of an administrative unit
    flag,  ///< yes or no
};

/// From least to most, both included.
struct Range {
    double least;
    double most;
    [[nodiscard]] bool holds(double value) const noexcept {
        return least <= value && value <= most;
    }
};

/// One of the values that a field may take, its Chinese word, and all words that stand for it,
/// half-width and in small letters.
struct Choice {
    std::string value;
    std::string zh;
    std::vector<std::string> words = {};
};

struct FieldSpec {
    std::string name;
    Words title;
    FieldKind kind = FieldKind::text;
    std::string unit;
    bool required = false;
    bool unique = false;
    std::optional<Range> range; ///< of a date: of its year
    std::optional<Range> usual; ///< of the middle value of all features, for the wrong unit
    std::vector<int> digits;    ///< of a code: how many it may have
    std::vector<Choice> choices;
    bool open = false; ///< other words than those of `choices` are allowed
    /// What a missing value means: empty, that it is not known; "option", what the command or
    /// project says; else the value itself ("0", "no").
    std::string missing;
    std::vector<std::string> names; ///< what offices call it

    /// The value of a code list for a text: itself, or one whose word it is; null: none.
    [[nodiscard]] const Choice* choice(const std::string& text) const;
};

/// Values of this layer that add up to those of a layer above, by parent code.
struct SumSpec {
    std::string field;
    std::string to; ///< id of the layer above, with a field of the same name
};

struct LayerSpec {
    std::string id;
    Words family;
    Words title;
    std::vector<std::string> names; ///< by which a layer is recognised
    bool raster = false;
    bool points = false; ///< of a vector layer: what it may hold; all false: a table
    bool lines = false;
    bool polygons = false;
    bool coverage = false;    ///< polygons without gaps and overlaps
    bool told_unused = false; ///< columns that no field is called are told: one may hide a hazard
    std::string parent;       ///< id of the layer of units that this one belongs to
    std::string parent_field; ///< with the parent's code; without it the code's first digits tell
    std::vector<FieldSpec> fields;
    std::vector<SumSpec> sums;
    raster::Kind kind = raster::Kind::continuous; ///< of a raster, with unit and ranges
    std::string unit;
    std::optional<Range> range;
    std::optional<Range> usual;

    [[nodiscard]] const FieldSpec* field(const std::string& name) const noexcept;
    [[nodiscard]] std::string shape_name() const; ///< "point or polygon", "raster", "table"
};

/// \throws Error{input} with `where` and line: not TOML, a key that is not known, no id.
[[nodiscard]] std::vector<LayerSpec> parse_specs(const std::string& text, const std::string& where);
/// Those of data/spec/.
[[nodiscard]] const std::vector<LayerSpec>& built_in_specs();
/// \throws Error{usage} naming the nearest.
[[nodiscard]] const LayerSpec& spec_named(std::span<const LayerSpec> specs, const std::string& id);

/// Whether a layer is to be recognised among rasters, layers with a geometry or tables.
enum class Form { raster, shapes, table };
/// The specification whose id or other name the layer's name is or holds as a word, the
/// longest; `file` (without folder and extension) is looked at after it. None: not recognised.
[[nodiscard]] const LayerSpec* recognised(std::span<const LayerSpec> specs,
                                          const std::string& layer, const std::string& file,
                                          Form form);

/// Which field of a layer is which of a specification.
struct FieldMap {
    std::vector<std::optional<std::size_t>> of; ///< field of the layer, by field of the spec
    /// Two fields that could be one of the spec just as well: its index, and the one not taken.
    std::vector<std::pair<std::size_t, std::size_t>> rivals;
    /// Fields by a less likely name of one that was found: likewise.
    std::vector<std::pair<std::size_t, std::size_t>> others;
    std::vector<bool> named; ///< by field of the spec: a pair says which it is, or that it is none

    /// Those that have to be told: all rivals, and others that hold amounts or days.
    [[nodiscard]] std::vector<std::pair<std::size_t, std::size_t>>
    told_rivals(const LayerSpec& spec) const;
};
/// By pairs of (layer's name, spec's name), the spec's own names, the other names in Chinese
/// or pinyin, and for Shapefiles (`cut`) names cut to ten bytes. "#3" in a pair is the third
/// field of the layer, "-" no field.
/// \throws Error{input} if a pair names a field that is not there, or that is there twice.
[[nodiscard]] FieldMap map_fields(const LayerSpec& spec, std::span<const vector::Field> fields,
                                  std::span<const std::pair<std::string, std::string>> pairs,
                                  bool cut);

/// Whether a head is one of a field's names.
[[nodiscard]] bool is_called(const FieldSpec& field, const std::string& head);

/// The name of a field that a Shapefile has cut ("行政区划代" of "行政区划代码"), whole; another as
/// it is.
[[nodiscard]] std::string whole_name(const FieldSpec& field, const std::string& name);

/// A name as it is compared: small letters, half-width, without blanks, '_', '-' and what
/// stands in brackets.
[[nodiscard]] std::string comparable(std::string_view name);

/// What stands in the brackets of a head: "（万人）" gives "万人"; empty: nothing.
[[nodiscard]] std::string bracketed(std::string_view head);
/// A head without its unit, and the unit: of "人口（万人）" the head is whole, of "人口_万人" it is
/// "人口"; none: the unit is empty.
[[nodiscard]] std::pair<std::string, std::string> head_and_unit(std::string_view head);

/// docs/layers.md.
[[nodiscard]] std::string spec_page(std::span<const LayerSpec> specs);

} // namespace riskmap::spec
