// SPDX-License-Identifier: MIT
// Private: all rules over one raster, in one pass over its cells.
#pragma once

#include "area.hpp"

namespace riskmap::census {

/// Rasters of the same CRS and cell size should share their cells with the first of them.
using Grids = std::vector<std::pair<std::string, Grid>>; ///< label and grid

CheckedLayer check_raster(const spec::Source& source, const spec::LayerSpec* spec, const Area* area,
                          const CheckRules& rules, Grids& grids, Findings& findings,
                          const Execution& execution);

} // namespace riskmap::census
