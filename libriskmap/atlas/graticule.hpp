// SPDX-License-Identifier: MIT
// Private: meridians and parallels across a map, and where they meet its edges.
#pragma once

#include <string>
#include <vector>

#include <riskmap/geo/crs.hpp>

namespace riskmap::atlas {

struct GraticuleLine {
    std::string label; ///< "120°30′E"
    bool meridian = true;
    LineString line; ///< in the map's CRS
};

/// Meridians and parallels at a round step, about four to the longer side; none where the map
/// cannot be carried over to degrees.
[[nodiscard]] std::vector<GraticuleLine> graticule(const Crs& crs, const Box& extent);

/// The direction of true north at a place, radians clockwise from the map's y axis.
[[nodiscard]] double north_at(const Crs& crs, Point place);

/// "120°30′E", with seconds where there are any.
[[nodiscard]] std::string degree_text(double degrees, char positive, char negative);

} // namespace riskmap::atlas
