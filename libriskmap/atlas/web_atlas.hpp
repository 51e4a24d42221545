// SPDX-License-Identifier: MIT
// Private: the web atlas, a folder that any browser opens from the disk.
#pragma once

#include <filesystem>

#include <riskmap/core/execution.hpp>

#include "series.hpp"

namespace riskmap::atlas {

/// Writes index.html, its script and style, MapLibre GL JS with its licence, and data.js with
/// everything of the run. Nothing in it asks the network; texts of the data are written as JSON
/// and shown as text, never as HTML.
/// \throws Error{input} if riskmap was built without MapLibre.
void write_web(const RunFolder& run, const std::filesystem::path& folder, const SheetChoice& choice,
               const Execution& execution);

} // namespace riskmap::atlas
