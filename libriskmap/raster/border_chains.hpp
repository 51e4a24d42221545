// SPDX-License-Identifier: MIT
// Private: pieces of borders put together to whole ones.
#pragma once

#include <vector>

#include "patches.hpp"

namespace riskmap::raster {

/// Joins pieces where just two ends meet, and puts what comes out in order: each
/// leaves the corner that is first row by row; borders with nodes come first, then
/// loops, by where they begin. The same for any pieces of the same borders.
[[nodiscard]] std::vector<Border> joined(const std::vector<Border>& pieces);

} // namespace riskmap::raster
