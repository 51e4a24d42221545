// SPDX-License-Identifier: MIT
// A project file to start from, for layers that were ingested.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <riskmap/census/ingest.hpp>

namespace riskmap::project {

/// TOML text, to lie beside census.gpkg: areas, hazards (several return periods as maps of one),
/// exposures, indicators, losses, forest and shelters that are there. A scale is written only where
/// the values from the 1st to the 99th percentile lie within its ends. What is not used stands at
/// the end with the reason; comments are in `language`. Nothing if counties, townships, hazards or
/// exposures are missing, or there is no grid: a run needs them; `missing` says which.
[[nodiscard]] std::optional<std::string> project_for(const census::Ingest& ingest,
                                                     const std::string& id, Language language,
                                                     std::vector<std::string>* missing = nullptr);

} // namespace riskmap::project
