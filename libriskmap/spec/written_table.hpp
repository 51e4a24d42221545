// SPDX-License-Identifier: MIT
// Private: a table as people make it for people: titles above, heads of two or three rows, merged
// cells, totals and notes below. What is head and what is a row of data is decided here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <riskmap/spec/layer_reader.hpp>
#include <riskmap/spec/spec.hpp>
#include <riskmap/vector/stream.hpp>

namespace riskmap::spec {

/// A row of texts with its number, as a spreadsheet counts.
struct WrittenRow {
    std::int64_t number = 0;
    std::int64_t fid = 0; ///< 0: GDAL took it for the names of the fields
    std::vector<std::string> cells;
};

/// The names of columns, and in which rows they stand.
struct WrittenHead {
    std::vector<std::string> names;
    std::int64_t first_row = 0;
    std::int64_t last_row = 0;
    std::int64_t last_fid = 0; ///< 0: as in `WrittenRow`
};

/// Among the first rows of a table those, up to three, that name most fields of a specification;
/// names of several rows joined: "人口/男". Merged cells are filled by `merged`; where nothing is
/// known of them, a name goes on to the right over what stands below. Nothing: no rows name two
/// fields.
[[nodiscard]] std::optional<WrittenHead> head_of(const std::vector<WrittenRow>& rows,
                                                 const std::vector<vector::MergedCells>& merged,
                                                 const LayerSpec& spec);

/// A head on one line: "常住人口\n（人）" is "常住人口（人）"; a blank one is "列3".
[[nodiscard]] std::string tidy_head(const std::string& head, std::size_t column);

/// What a row is, by what stands in it. `code`, `name`: the columns of the unit's code and name.
[[nodiscard]] RowKind kind_of_row(const std::vector<vector::Value>& values,
                                  std::optional<std::size_t> code, std::optional<std::size_t> name);

} // namespace riskmap::spec
