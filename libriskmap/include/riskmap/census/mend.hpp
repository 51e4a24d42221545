// SPDX-License-Identifier: MIT
// Mends what is safe to mend in a layer, and says each change.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <riskmap/census/check.hpp>
#include <riskmap/vector/layer.hpp>

namespace riskmap::census {

struct Change {
    RuleId rule; ///< whose finding is mended
    std::string layer;
    std::optional<std::int64_t> fid; ///< none: the whole layer
    std::string field;
    std::string before;
    std::string after;
};

struct Mended {
    vector::Layer layer;
    std::vector<std::int64_t> fids; ///< of the features that are left
    std::vector<Change> changes;
    const spec::LayerSpec* spec = nullptr;
    std::vector<std::optional<std::size_t>> fields; ///< of the layer, by field of the spec
    std::string encoding;                           ///< of the text as it came
};

/// What becomes of the heads of columns: a unit in one that is kept goes on saying what its
/// values are in; where fields are renamed, values are brought to the unit of the specification.
enum class Heads { kept, renamed };

/// A vector layer or table in memory with, where they were found: text in UTF-8 without blanks
/// around it; numbers, dates and codes written plainly, those that stand for nothing null;
/// doubled vertices and features taken out, polygons made valid, borders nearer than
/// `rules.border` made one. What cannot be read stays as it is. `spec` may be null.
/// \throws Error{input} if the layer cannot be read.
[[nodiscard]] Mended mended(const spec::Source& source, const spec::LayerSpec* spec,
                            const CheckRules& rules, Heads heads = Heads::kept);

/// The changes as a table.
[[nodiscard]] vector::Layer change_table(const std::vector<Change>& changes);

/// Mends all vector layers and tables of `sources` into `folder`/NAME.gpkg, one for each file, in
/// the subfolders they came in, and writes changes.csv. Rasters are left alone; a layer that cannot
/// be read is a row of changes.csv, and the others are mended all the same. \throws Error{input} if
/// that would replace one of the sources.
std::vector<Change> mend_into(const std::filesystem::path& folder,
                              std::span<const spec::Source> sources,
                              std::span<const spec::LayerSpec> specs, const CheckRules& rules);

/// The specification of a layer as `check` finds it; null: none. `is_raster` is set.
[[nodiscard]] const spec::LayerSpec*
spec_of(const spec::Source& source, std::span<const spec::LayerSpec> specs, bool& is_raster);

} // namespace riskmap::census
