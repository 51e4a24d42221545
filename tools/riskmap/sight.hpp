// SPDX-License-Identifier: MIT
// What the commands that look over a height model share.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <riskmap/raster/source.hpp>
#include <riskmap/visibility/viewshed.hpp>

#include "command.hpp"

namespace riskmap::tool {

/// How lines of sight are drawn, the same for all observers.
struct SightOptions {
    double target = 0;
    double refraction = 1.0 / 7;
    std::string method = "exact";
    double height_factor = 1;
    std::string canopy;

    /// All but the target height.
    void declare(Arguments& app);
    [[nodiscard]] visibility::Sight sight() const;
};

/// Heights in metres; warns where they look like feet.
[[nodiscard]] std::shared_ptr<const raster::Reader>
open_dem(const std::string& dem, const SightOptions& options, const Context& context);
/// Aligned to the height model; null if there is none.
[[nodiscard]] std::shared_ptr<const raster::Source>
open_canopy(const SightOptions& options, const Grid& grid, const Context& context);

} // namespace riskmap::tool
