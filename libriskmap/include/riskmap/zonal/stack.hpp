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

namespace riskmap::zonal {

/// A layer on its way onto the grid.
struct StackLayer {
    std::filesystem::path file = {};
    std::string layer = {}; ///< of a vector file; empty: the first. Of a NetCDF file: variable
    std::string field = {}; ///< value field of a vector layer
    /// Of a vector layer: "mean" of the field over the cell (polygons), covered
    /// "area" (m2), "length" (m), "count" or "sum" of the field (points); "auto".
    std::string measure = "auto";
    std::optional<raster::Kind> kind = {}; ///< of a raster; none: continuous
    std::vector<double> classes = {};      ///< of a class raster: count the area of these, in m2
    std::optional<double> where_nodata = {};
    std::filesystem::path downscale_by = {}; ///< land-cover raster for dasymetric downscaling
    std::vector<Point> class_weights = {};   ///< its classes and their weights

    /// "FILE[:LAYER] kind=K field=F measure=M classes=A,B where-nodata=V name=N".
    /// \throws Error{usage} on an unknown word.
    [[nodiscard]] static StackLayer parse(const std::string& text, std::string* name = nullptr);
    [[nodiscard]] bool is_vector() const;
};

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

/// Opens a layer on the grid; cells are computed when read. Self-crossing
/// polygons are repaired with a remark.
/// \throws Error{input}: cannot be read, no CRS, no overlap with the grid, a
/// raster off by half a cell whose kind is not said (section 18.10).
[[nodiscard]] StackedLayer stacked(const StackLayer& layer, const Grid& grid, double valid_share,
                                   const Execution& execution);

/// Share of the cells of a raster layer, in the part that overlaps the grid,
/// that have no data; NaN for a vector layer. Reads that part once.
[[nodiscard]] double share_without_data(const StackLayer& layer, const Grid& grid,
                                        const Execution& execution);

} // namespace riskmap::zonal
