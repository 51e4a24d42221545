// SPDX-License-Identifier: MIT
// Statistics of a raster over polygons, each cell with its exact share.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/raster/source.hpp>
#include <riskmap/zonal/coverage.hpp>

namespace riskmap::zonal {

/// One column of the answer. Weights are cell shares; cells without data are
/// passed over. A zone without data has count 0 and NaN for everything else.
struct Statistic {
    std::string name;    ///< as written: "mean", "quantile:0.9"
    double argument = 0; ///< of quantile

    /// \throws Error{usage} naming the nearest known statistic.
    [[nodiscard]] static Statistic parse(const std::string& text);
    /// Fit for a field name: "quantile_0.9" becomes "q90".
    [[nodiscard]] std::string field_name() const;
};

struct StatisticName {
    std::string_view name;
    std::string_view summary;
};
[[nodiscard]] std::span<const StatisticName> statistic_names();
/// A comma-separated list.
[[nodiscard]] std::vector<Statistic> parse_statistics(const std::string& list);

[[nodiscard]] std::vector<Coverage> cover(std::span<const MultiPolygon> zones, const Grid& grid,
                                          const Execution& execution);

/// Statistics of some rasters over zones.
struct ZonalTable {
    /// rows[zone][raster x statistics + statistic]
    std::vector<std::vector<double>> rows;
    /// How far a quantile, majority or minority may be off: 0 unless a zone has more
    /// distinct values than memory is for (see zonal_table).
    double value_error = 0;
};

/// Each raster is read once, block by block, for all zones and statistics; blocks
/// run in parallel and their sums are exact, so the answer does not depend on
/// blocks or threads. All rasters share one grid; `weights`, on the same grid,
/// serves weighted_mean and weighted_sum (a cell without weight is passed over by
/// those two). Quantiles interpolate between values as type 7 does, shares as
/// weights. Of a zone up to 2^20 distinct values are told apart, fewer where half the
/// memory budget has no room for as many of each; beyond, they are binned by their
/// leading bits.
[[nodiscard]] ZonalTable zonal_table(std::span<const raster::Source* const> rasters,
                                     std::span<const Coverage> zones,
                                     std::span<const Statistic> statistics,
                                     const Execution& execution,
                                     const raster::Source* weights = nullptr);

/// The rows of one raster: answer[zone][statistic].
[[nodiscard]] std::vector<std::vector<double>>
zonal_statistics(const raster::Source& values, std::span<const Coverage> zones,
                 std::span<const Statistic> statistics, const Execution& execution,
                 const raster::Source* weights = nullptr);

} // namespace riskmap::zonal
