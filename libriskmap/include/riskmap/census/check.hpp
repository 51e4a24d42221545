// SPDX-License-Identifier: MIT
// Looks for what is wrong with census layers, before a map does.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <riskmap/census/delivery.hpp>
#include <riskmap/census/finding.hpp>
#include <riskmap/core/execution.hpp>
#include <riskmap/geo/grid.hpp>
#include <riskmap/spec/source.hpp>
#include <riskmap/spec/spec.hpp>

namespace riskmap::census {

struct CheckRules {
    std::vector<std::string> crs;          ///< allowed beside CGCS2000 and its projections
    std::vector<std::string> accept;       ///< names of rules whose findings do not count
    std::optional<spec::Source> area;      ///< polygons that everything should lie in
    std::optional<spec::Source> reference; ///< that layers should agree with in place
    std::optional<Grid> grid;              ///< that rasters of its cell size should be on
    double outside = 1000;         ///< m that features may lie outside the area or their unit
    double tolerance = 0.01;       ///< m: gaps and overlaps narrower than this are none
    double border = 1;             ///< m: narrower ones are borders that do not match
    double sliver = 20;            ///< m: narrower long ones are slivers
    double sum_share = 0.01;       ///< by which sums may differ
    double hole_share = 0.05;      ///< of the area that may be nodata in a raster
    std::size_t most = 1000;       ///< findings kept of one rule and layer
    std::vector<LeftOut> left_out; ///< of the delivery: told in the report
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
    std::vector<LeftOut> left_out;     ///< files that are not used, and why

    [[nodiscard]] bool clean() const; ///< neither errors nor warnings
};

/// Checks layers, alone and against each other (codes, sums, places).
/// \throws Error{usage}: no rule or specification of a name; Error{input}: the area cannot be read.
[[nodiscard]] CheckReport check(std::span<const spec::Source> sources, const CheckRules& rules,
                                std::span<const spec::LayerSpec> specs, const Execution& execution);

} // namespace riskmap::census
