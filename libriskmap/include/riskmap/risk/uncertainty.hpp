// SPDX-License-Identifier: MIT
// How sure levels and ranks are, if weights, breakpoints and layers are not quite right
// (../docs/method.md section 13).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/raster/breaks.hpp>
#include <riskmap/raster/source.hpp>
#include <riskmap/raster/writer.hpp>
#include <riskmap/risk/combine.hpp>
#include <riskmap/risk/normalise.hpp>
#include <riskmap/risk/sobol.hpp>

namespace riskmap::risk {

/// A layer as measured, and how it becomes an index.
struct UncertainLayer {
    std::string name;
    std::shared_ptr<const raster::Source> values;
    Scale scale;
    double weight = 1;
    double error = 0.1; ///< relative standard error of the whole layer
};

struct UncertainModel {
    std::vector<UncertainLayer> hazards;
    std::vector<UncertainLayer> exposures;
    std::shared_ptr<const raster::Source> vulnerability; ///< may be null: 1 everywhere
    const RiskForm* form = &risk_forms()[0];
    const Combination* over_hazards = &combinations()[0];
    std::shared_ptr<const raster::Source> units; ///< 1 and on; nodata outside
    /// Weighs unit means; may be null. A unit without people is weighed by its cells.
    std::shared_ptr<const raster::Source> people;
    std::shared_ptr<const raster::Source> levels; ///< 1..5 as published
    std::size_t unit_count = 0;
    /// Levels 1..5 of the units as published, 0: no data; empty: those of the means without error.
    std::vector<int> unit_levels;
    /// Above 0: a unit has the highest level that this share of its cells reaches, else that of
    /// its mean.
    double unit_share = 0;
    raster::BreakRule cell_breaks;
    raster::BreakRule unit_breaks;
};

/// How far things may be off.
struct UncertaintyRules {
    std::size_t draws = 1000;
    std::uint64_t seed = 1;
    double concentration = 100; ///< of the Dirichlet distribution around the weights: a weight of
                                ///< 0.25 gets a standard deviation of 0.043
    double breakpoints = 0.1;   ///< each end of a scale moves by up to this share of its range;
                                ///< a lower end at 0 stays there: none is none. Below 0.5
};

/// What is written for each cell; null: not wanted. Cells without risk are nodata.
struct UncertaintyWriters {
    raster::Writer* probability = nullptr; ///< 0..1, that the published level is right
    raster::Writer* likely = nullptr;      ///< the level of most draws (ties: the lower)
    raster::Writer* mean = nullptr;        ///< of the risk
    raster::Writer* spread = nullptr;      ///< standard deviation of the risk
};

struct UnitCertainty {
    int level = 0;        ///< as published, else without any error; 0: no data
    int likely = 0;       ///< the level of most draws
    double certainty = 0; ///< share of draws with `level`
    double mean = 0;
    double spread = 0;
    double rank = 0;      ///< 1 the highest risk, without any error
    double rank_low = 0;  ///< 5 % quantile over draws
    double rank_high = 0; ///< 95 % quantile
};

struct FactorShare {
    std::string name; ///< of the layer; "hazard weights", "exposure weights", "breakpoints"
    SobolIndex index;
};

struct Uncertainty {
    std::vector<UnitCertainty> units;
    std::vector<FactorShare> factors; ///< of the spread of the units' means
    double mean_certainty = 0;        ///< over cells
};

/// Draws weights, scales and errors of layers, recomputes risk, breaks, levels and ranks for
/// each draw, and tells how often they are those without error. Breaks of a draw come from an
/// even sample of cells (about 100,000), everything else from all of them; rasters are read once,
/// block by block, and the answer does not depend on the number of threads.
/// Writers are not committed. \throws Error{usage}: no draws, breakpoints of 0.5 or more.
[[nodiscard]] Uncertainty study_uncertainty(const UncertainModel& model,
                                            const UncertaintyRules& rules,
                                            const UncertaintyWriters& writers,
                                            const Execution& execution);

} // namespace riskmap::risk
