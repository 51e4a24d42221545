// SPDX-License-Identifier: MIT
// Brings a raster onto another grid (../docs/method.md section 2).
#pragma once

#include <memory>
#include <string>

#include <riskmap/raster/source.hpp>

namespace riskmap::raster {

/// What the cells of a raster mean, and so how they may be re-gridded.
enum class Kind {
    continuous, ///< bilinear; where source cells are smaller, area-weighted mean
    classes,    ///< nearest; where source cells are smaller, the class with most area (ties: least)
    counts,     ///< split by area and summed: the total is kept
};

[[nodiscard]] Kind parse_kind(const std::string& name); ///< "continuous", "classes", "counts"
[[nodiscard]] const char* name_of(Kind kind);

struct AlignOptions {
    Kind kind = Kind::continuous;
    /// A cell is valid if at least this share of its area was. Counts that
    /// fall into a cell are kept even where less of it was covered.
    double valid_share = 0.5;
};

/// `source` seen on `target`. Cells partly beyond the source count as invalid
/// there. \throws Error{input} if no way between the two CRS is known.
[[nodiscard]] std::unique_ptr<Source> aligned(std::shared_ptr<const Source> source,
                                              const Grid& target, const AlignOptions& options);

/// What `aligned` will do, in a few words, for the table that `stack` prints.
struct AlignmentPlan {
    std::string rule;          ///< "as is", "bilinear", "area mean", ...
    double offset_columns = 0; ///< origin offset in target cells, in [0, 1)
    double offset_rows = 0;
    double source_cells = 0; ///< source cells per target cell along a side
    double overlap = 0;      ///< share of the target's extent that the source covers
};
[[nodiscard]] AlignmentPlan plan_alignment(const Grid& source, const Grid& target, Kind kind);

} // namespace riskmap::raster
