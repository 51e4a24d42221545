// SPDX-License-Identifier: MIT
// Private: the web atlas, a folder that any browser opens from the disk.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <riskmap/core/execution.hpp>

#include "series.hpp"

namespace riskmap::atlas {

/// How townships and cells differ from another run, for the web atlas of the later one.
struct WebChange {
    std::map<std::string, std::pair<int, int>> units; ///< code: level before, class of change
    std::vector<std::filesystem::path> cells;         ///< rasters of classes of "change"
};

/// Writes index.html, its script and style, MapLibre GL JS with its licence, and data.js with
/// everything of the run. Nothing in it asks the network; texts of the data are written as JSON
/// and shown as text, never as HTML.
/// \throws Error{input} if riskmap was built without MapLibre.
void write_web(const RunFolder& run, const std::filesystem::path& folder, const SheetChoice& choice,
               const Execution& execution, const WebChange* change = nullptr);

} // namespace riskmap::atlas
