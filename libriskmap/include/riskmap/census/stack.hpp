// SPDX-License-Identifier: MIT
// Brings any layer, raster or vector, onto one grid (../docs/method.md section 2).
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/raster/align.hpp>
#include <riskmap/spec/door.hpp>

namespace riskmap::census {

/// What a vector layer with a field is on the grid for, which decides the measure "auto".
enum class Role {
    intensity, ///< of a hazard, height: polygons by the mean over the cell
    amount,    ///< of what is exposed: polygons by their total, spread over their area
};

/// A layer on its way onto the grid.
struct StackLayer : spec::Source {
    std::string field = {}; ///< value field of a vector layer
    /// Of a vector layer: "mean" of the field over the cell (polygons), covered "area" (m2),
    /// "length" (m), "count" of points, "sum" of the field (points; of polygons spread over their
    /// area); "auto": points are summed, polygons by `role`, without a field counts, lengths,
    /// areas.
    std::string measure = "auto";
    Role role = Role::intensity;
    std::string wanted = {}; ///< unit in which a raster's values are wanted; empty: as they are
    spec::Source downscale_by = {};        ///< land-cover raster for dasymetric downscaling
    std::vector<Point> class_weights = {}; ///< its classes and their weights

    /// As `spec::Source::parse`, with field=F measure=M name=N. \throws Error{usage}.
    [[nodiscard]] static StackLayer parse(const std::string& text, std::string* name = nullptr);
    [[nodiscard]] bool is_vector() const;
};

/// The measure of a vector layer: itself unless "auto". Looks at the layer's first shapes.
/// The one place where that is decided. \throws Error{input}: the layer cannot be read.
[[nodiscard]] std::string measure_of(const StackLayer& layer);

/// One line of the table that `stack` prints before it starts.
struct StackPlan {
    std::string file;
    std::string crs;
    std::string cells; ///< "60 x 60", "103 polygons"
    double offset_columns = 0;
    double offset_rows = 0;
    double overlap = 0; ///< share of the grid's extent that the layer covers
    std::string rule;
    std::vector<std::string> remarks = {};
};

struct StackedLayer {
    std::shared_ptr<const raster::Source> cells;
    raster::Kind kind = raster::Kind::continuous; ///< counts: cells may be summed
    StackPlan plan;
};

/// Opens a layer on the grid by the door; cells are computed when read. Self-crossing polygons
/// are repaired with a remark. A raster with colours and no kind is taken for classes; counts
/// whose unit is per km2 are multiplied by the area of each cell.
/// \throws Error{input}: cannot be read, no CRS, no overlap with the grid, a
/// raster off by half a cell whose kind is not said (section 18.10).
[[nodiscard]] StackedLayer stacked(const StackLayer& layer, const Grid& grid, double valid_share,
                                   spec::Door& door, const Execution& execution);

/// Share of the cells of a raster layer, in the part that overlaps the grid,
/// that have no data; NaN for a vector layer. Reads that part once.
[[nodiscard]] double share_without_data(const StackLayer& layer, const Grid& grid,
                                        const Execution& execution);

} // namespace riskmap::census
