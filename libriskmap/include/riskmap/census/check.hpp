// SPDX-License-Identifier: MIT
// Looks for what is wrong with census layers, before a map does.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <riskmap/census/finding.hpp>
#include <riskmap/census/spec.hpp>
#include <riskmap/core/execution.hpp>
#include <riskmap/geo/grid.hpp>

namespace riskmap::census {

/// A layer to be checked or ingested.
struct LayerSource {
    std::filesystem::path file;
    std::string layer = {};    ///< of a vector file; empty: the first. Of a NetCDF file: variable
    std::string spec = {};     ///< id of its specification; empty: by its name
    std::string crs = {};      ///< if the file does not say it, or says it wrongly
    std::string encoding = {}; ///< likewise
    /// The layer's name of a field, and the specification's.
    std::vector<std::pair<std::string, std::string>> fields = {};
    std::optional<double> where_nodata = {}; ///< nodata of a raster means this
    /// Values of code lists that are right here although the specification has others.
    std::vector<std::string> choices = {};
    bool not_codes = false; ///< the units' codes are names or numbers of another kind

    /// "FILE[:LAYER] spec=NAME crs=EPSG:N encoding=GBK fields=THEIRS=OURS,...".
    /// \throws Error{usage} on an unknown word.
    [[nodiscard]] static LayerSource parse(const std::string& text);
    [[nodiscard]] std::string label() const; ///< "census.gpkg:villages"
};

/// All layers of the files, where a source names none; folders are looked through.
[[nodiscard]] std::vector<LayerSource> expanded(std::span<const LayerSource> sources);

struct CheckRules {
    std::vector<std::string> crs;         ///< allowed beside CGCS2000 and its projections
    std::vector<std::string> accept;      ///< names of rules whose findings do not count
    std::optional<LayerSource> area;      ///< polygons that everything should lie in
    std::optional<LayerSource> reference; ///< that layers should agree with in place
    std::optional<Grid> grid;             ///< that rasters of its cell size should be on
    double outside = 1000;    ///< m that features may lie outside the area or their unit
    double tolerance = 0.01;  ///< m: gaps and overlaps narrower than this are none
    double border = 1;        ///< m: narrower ones are borders that do not match
    double sliver = 20;       ///< m: narrower long ones are slivers
    double sum_share = 0.01;  ///< by which sums may differ
    double hole_share = 0.05; ///< of the area that may be nodata in a raster
    std::size_t most = 1000;  ///< findings kept of one rule and layer
};

struct CheckedLayer {
    std::string label;
    std::string spec; ///< empty: none
    std::string form; ///< "GPKG", "GTiff", ...; empty: not readable
    std::string crs;
    std::string encoding;
    std::uint64_t features = 0; ///< or cells
};

struct CheckReport {
    std::vector<CheckedLayer> layers;
    Findings findings;                 ///< in order; places in degrees
    std::vector<std::string> accepted; ///< "rule: N findings"
    MultiPolygon area;                 ///< in degrees, if one was given

    [[nodiscard]] bool clean() const; ///< neither errors nor warnings
};

/// Checks layers, alone and against each other (codes, sums, places).
/// \throws Error{usage}: no rule or specification of a name; Error{input}: the area cannot be read.
[[nodiscard]] CheckReport check(std::span<const LayerSource> sources, const CheckRules& rules,
                                std::span<const LayerSpec> specs, const Execution& execution);

} // namespace riskmap::census
