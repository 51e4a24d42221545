// SPDX-License-Identifier: MIT
// Private: whether roads of a layer join, so that ways along them can be found.
#pragma once

#include <optional>
#include <vector>

#include <riskmap/geo/geometry.hpp>

namespace riskmap::census {

/// How lines join, as the network joins them (../docs/method.md section 15).
struct RoadJoins {
    std::size_t near_misses = 0; ///< ends 1 to 10 m from another road, which they do not reach
    std::size_t parts = 0;       ///< of the network, that no road connects
    double largest_share = 1;    ///< of all length, in the largest part
};

/// `lines` in metres. None: no line has a length.
[[nodiscard]] std::optional<RoadJoins> joins_of(const std::vector<LineString>& lines);

} // namespace riskmap::census
