// SPDX-License-Identifier: MIT
// A project file to start from, for layers that were ingested.
#pragma once

#include <optional>
#include <string>

#include <riskmap/census/ingest.hpp>

namespace riskmap::project {

/// TOML text, to lie beside census.gpkg: areas, hazards, exposures, indicators and losses that
/// are there, with the usual rules. Nothing if counties, townships, hazards or exposures are
/// missing, or there is no grid: a run needs them.
[[nodiscard]] std::optional<std::string> project_for(const census::Ingest& ingest,
                                                     const std::string& id);

} // namespace riskmap::project
