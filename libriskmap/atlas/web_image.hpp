// SPDX-License-Identifier: MIT
// Private: rasters as pictures for web maps.
#pragma once

#include <string>

#include <riskmap/atlas/sheet.hpp>

#include "canvas.hpp"

namespace riskmap::atlas {

struct WebImage {
    std::string png; ///< bytes; a palette with transparency
    Box degrees;     ///< west, south, east, north
};

/// A raster in Web Mercator, where it lies exactly when stretched between its corners there; at
/// most `longest` pixels a side. Classes: the one with most area; surfaces: the mean, in 254
/// steps of the ramp. Empty where the raster has no cell with data.
[[nodiscard]] WebImage web_image(const CellFill& fill, int longest, const Execution& execution);

[[nodiscard]] std::string base64(const std::string& bytes);

} // namespace riskmap::atlas
