// SPDX-License-Identifier: MIT
// Private: the stacked layers of a project as the model takes them.
#pragma once

#include <vector>

#include <riskmap/risk/normalise.hpp>

#include "work.hpp"

namespace riskmap::run {

/// Intensity of a hazard: its map, or the expected annual value of its maps.
[[nodiscard]] SourcePtr intensity(const Work& work, const Hazard& hazard);
/// Exposure as stacked (counts, areas, lengths or a surface).
[[nodiscard]] SourcePtr exposure_cells(const Work& work, const Exposure& exposure);
/// What the index of an exposure is made from: the density of counts.
[[nodiscard]] SourcePtr exposure_density(const Work& work, const Exposure& exposure);
/// Whether an exposure is summed over units, or only averaged.
[[nodiscard]] bool summable(const Exposure& exposure);
/// The exposure that weighs the means of units: the first with people = true;
/// nullptr if there is none.
[[nodiscard]] const Exposure* people_of(const Project& project);

/// The scale of a hazard or exposure, fitted to its values over the area of the project.
[[nodiscard]] risk::Scale hazard_scale(const Work& work, const Hazard& hazard,
                                       const raster::Source& values, const Execution& execution);
[[nodiscard]] risk::Scale exposure_scale(const Work& work, const Exposure& exposure,
                                         const raster::Source& values, const Execution& execution);

/// Weights of sum 1, in the order of the project: those of exposures as given, those of hazards
/// as the risk step found them.
[[nodiscard]] std::vector<double> exposure_weights(const Project& project);
[[nodiscard]] std::vector<double> hazard_weights(const Work& work);

/// Vulnerability of each cell: that of its township; nodata outside the area.
[[nodiscard]] SourcePtr vulnerability_cells(const Work& work, StepReport& report);

/// The index of a hazard, 0..1, scaled over the area of the project.
[[nodiscard]] SourcePtr hazard_index(const Work& work, const Hazard& hazard, Json& facts,
                                     std::vector<std::string>& warnings,
                                     const Execution& execution);
[[nodiscard]] SourcePtr exposure_index(const Work& work, const Exposure& exposure, Json& facts,
                                       std::vector<std::string>& warnings,
                                       const Execution& execution);

/// Expected annual loss of an exposure by a hazard; null where either has no
/// curve, no return period, or cannot be summed. Source: docs/method.md section 6.
[[nodiscard]] SourcePtr annual_loss(const Work& work, const Hazard& hazard,
                                    const Exposure& exposure, spec::Door& door);

} // namespace riskmap::run
