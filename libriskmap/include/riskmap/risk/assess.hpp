// SPDX-License-Identifier: MIT
// Risk of every cell: single hazards and the composite, in one pass.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/raster/breaks.hpp>
#include <riskmap/raster/source.hpp>
#include <riskmap/raster/writer.hpp>
#include <riskmap/risk/combine.hpp>
#include <riskmap/risk/normalise.hpp>

namespace riskmap::risk {

/// An index raster (0..1, nodata NaN) and its weight (weights sum to 1).
struct IndexLayer {
    std::shared_ptr<const raster::Source> index;
    double weight = 1;
};

struct RiskModel {
    std::vector<IndexLayer> hazards;
    std::vector<IndexLayer> exposures;
    std::shared_ptr<const raster::Source> vulnerability; ///< may be null: 1 everywhere
    const RiskForm* form = &risk_forms()[0];
    const Combination* over_hazards = &combinations()[0];
};

/// For each cell and exposure e: R_he of every hazard, combined over hazards;
/// then summed over exposures with their weights. The risk of one hazard is
/// the weighted sum of its R_he. Nodata in any factor gives nodata.
/// All rasters and writers share one grid; `single_hazards` has one writer per
/// hazard. Writers are not committed. Source: ../docs/method.md sections 6 and 8.
void assess(const RiskModel& model, raster::Writer& composite,
            std::span<raster::Writer* const> single_hazards, const Execution& execution);

/// A plain overlay of rasters: normalise, weigh, combine, and cut into levels
/// if breaks are given; one read of each input, one write of each output.
struct OverlayLayer { // NaN where any layer has none
    std::shared_ptr<const raster::Source> source;
    std::optional<Scale> scale; ///< none: the raster is an index as it is
    double weight = 1;
};
/// What is written of an overlay: the index, its levels, or both.
struct OverlayOutputs {
    raster::Writer* index = nullptr;
    raster::Writer* levels = nullptr;
    std::span<const double> upper = {}; ///< bounds of the levels, see raster::classify
};
/// Says of each layer whether it is taken as it is and holds values that no index has, beyond
/// 0..1.
std::vector<bool> overlay(std::span<const OverlayLayer> layers, const Combination& combination,
                          const OverlayOutputs& outputs, const Execution& execution);

} // namespace riskmap::risk
