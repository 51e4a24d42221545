// SPDX-License-Identifier: MIT
// Private: the report of a run, and the index of its sheets.
#pragma once

#include <riskmap/atlas/atlas.hpp>

#include "document.hpp"
#include "series.hpp"

namespace riskmap::atlas {

/// What was computed from what, by which methods and parameters, with tables, maps, findings,
/// uncertainty and provenance: everything from run.json and the products.
[[nodiscard]] Document report_of(const RunFolder& run, const SheetChoice& choice);

/// The table of all sheets.
[[nodiscard]] Document index_of(const RunFolder& run, const std::vector<SheetRecord>& sheets,
                                const std::vector<std::string>& formats, Language language);

} // namespace riskmap::atlas
