// SPDX-License-Identifier: MIT
// Private: borders of neighbours that lie close to each other made one.
#pragma once

#include <vector>

#include "layer_case.hpp"

namespace riskmap::census {

/// Where borders of two shapes do not match but lie within `tolerance` (metres), vertices move
/// to those of the shape that comes first, and each side gets the vertices of the other. A
/// shape that would become invalid stays as it is. Returns the shapes that changed, rising.
std::vector<std::size_t> snap_borders(std::vector<MultiPolygon>& shapes, double tolerance,
                                      UnitLength unit);

} // namespace riskmap::census
