// SPDX-License-Identifier: MIT
// Coverage of the forest and plans of cameras as files that QGIS shows in colours.
#pragma once

#include <filesystem>
#include <map>

#include <riskmap/forest/report.hpp>
#include <riskmap/forest/townships.hpp>
#include <riskmap/raster/writer.hpp>

namespace riskmap::atlas {

struct MapOptions {
    Language language = Language::zh;
    std::map<std::string, std::string> metadata = {}; ///< goes into rasters
    double least_blind_m2 = 50000;                    ///< smaller blind patches are left out
};

/// How many cameras see each forest cell: UInt16, nodata 65535 where no forest is.
void write_times_seen(const std::filesystem::path& target, const forest::ForestCells& forest,
                      const forest::Coverage& coverage, const MapOptions& options,
                      const Execution& execution);
/// 1 where a camera sees the forest, 0 where none does: Byte, nodata 255.
void write_seen(const std::filesystem::path& target, const forest::ForestCells& forest,
                const forest::Coverage& coverage, const MapOptions& options,
                const Execution& execution);

/// GeoPackage with `cameras`, each unit layer, and `blind_forest`.
void write_coverage(const std::filesystem::path& target, const forest::CoverageStudy& study,
                    const forest::ForestCells& forest, const MapOptions& options,
                    const Execution& execution);

/// What `write_plan` writes: PLAN.gpkg, PLAN_count.tif, PLAN_curve.csv, PLAN_curve.svg.
[[nodiscard]] std::vector<std::filesystem::path> plan_files(const std::filesystem::path& target);

/// GeoPackage with `sites`, `cameras` or `points` (existing ones), each unit layer before and
/// after, and `blind_forest` (after); how many sites see or serve each forest cell; the curve
/// as table and as picture.
void write_plan(const std::filesystem::path& target, const forest::PlanStudy& study,
                const forest::ForestCells& forest, const MapOptions& options,
                const Execution& execution);

/// Townships by rank, in colours of their levels where the format keeps a style.
void write_townships(const std::filesystem::path& target, const forest::TownshipStudy& study,
                     const forest::UnitLayer& units, const Crs& crs, Language language);

} // namespace riskmap::atlas
