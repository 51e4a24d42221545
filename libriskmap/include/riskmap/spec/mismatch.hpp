// SPDX-License-Identifier: MIT
// Whether coordinates can be those of the CRS that a file declares.
#pragma once

#include <optional>

#include <riskmap/core/text.hpp>
#include <riskmap/geo/crs.hpp>

namespace riskmap::spec {

/// Why coordinates in `box` cannot be of `crs`: degrees labelled as metres, metres labelled as
/// degrees, eastings with a zone number of a Gauss-Kruger system without one. None: they can.
[[nodiscard]] std::optional<Words> mismatch(const Crs& crs, const Box& box);

} // namespace riskmap::spec
