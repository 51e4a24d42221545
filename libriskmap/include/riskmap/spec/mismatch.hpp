// SPDX-License-Identifier: MIT
// Whether coordinates can be those of the CRS that a file declares.
#pragma once

#include <optional>

#include <riskmap/core/text.hpp>
#include <riskmap/geo/crs.hpp>

namespace riskmap::spec {

/// Why coordinates in `box` cannot be of `crs`: degrees labelled as metres, metres labelled as
/// degrees, eastings with a zone number of a Gauss-Kruger system without one, x and y of such a
/// system swapped. None: they can.
[[nodiscard]] std::optional<Words> mismatch(const Crs& crs, const Box& box);

/// Whether coordinates in `box` are those of a place in China with x and y the other way round:
/// degrees (latitude first), or metres of a Gauss-Kruger system (northings of 1,900 to 6,000 km
/// first).
[[nodiscard]] bool swapped(const Crs& crs, const Box& box);

} // namespace riskmap::spec
