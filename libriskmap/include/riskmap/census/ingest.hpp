// SPDX-License-Identifier: MIT
// From the layers of many offices to one clean GeoPackage and rasters of one grid.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <riskmap/census/check.hpp>
#include <riskmap/census/mend.hpp>

namespace riskmap::census {

struct IngestRules {
    CheckRules check;
    std::string crs;          ///< of what is written; empty: that of `like`, else the 3-degree
                              ///< Gauss-Kruger zone of CGCS2000 around the middle
    double cell_size = 0;     ///< of rasters, in its units; 0: none may be among the layers
    std::optional<Grid> like; ///< the grid itself, instead of both
    bool unshift = false; ///< take the GCJ-02 or BD-09 shift off layers that `check` finds it in
    bool force = false;   ///< write in spite of errors that cannot be mended
};

/// A layer as it was written.
struct IngestedLayer {
    std::vector<std::string> sources; ///< "raw.shp", with the layer's name where it holds several;
                                      ///< several files of one kind are one layer
    std::string spec;                 ///< empty: none
    std::string name;                 ///< table of census.gpkg, or file of a raster
    bool raster = false;
    std::optional<double> period; ///< of a raster: years of its return period, by its name
    std::uint64_t features = 0;
    std::vector<std::string> fields; ///< as they are called now
    /// Of a hazard's values their 1st and 99th percentile, of a sample; none: not numbers.
    std::optional<std::pair<double, double>> values;
    std::string joined_into; ///< of a table by township: the layer that has its totals now
    Words did;               ///< what was done to it
};

struct Ingest {
    CheckReport report;
    bool written = false; ///< false: there are errors that cannot be mended
    std::vector<IngestedLayer> layers;
    std::vector<Change> changes;
    std::string crs;
    double cell_size = 0;
    std::string city_code; ///< of the city that all counties belong to; empty: not known
    std::string city_name;
};

/// Checks, mends (`mended`), renames and converts by specification, transforms, and writes
/// census.gpkg, one NAME.tif for each raster, ingest.json, changes.csv and the findings into
/// `folder`. Fields that no specification names are kept. Tables without coordinates stay
/// tables; those that should be points go to a point inside the unit of their code. Several files
/// of one specification become one layer, each feature with the file it came from; rasters of one
/// specification and return period become one map. Rasters have no data outside the units.
/// \throws Error{input}: a layer cannot be read; files of one kind that contradict each other;
/// Error{usage}: rasters without a cell size. Then nothing is written.
[[nodiscard]] Ingest ingest(const std::filesystem::path& folder,
                            std::span<const spec::Source> sources, const IngestRules& rules,
                            std::span<const spec::LayerSpec> specs, Language language,
                            const Execution& execution);

} // namespace riskmap::census
