// SPDX-License-Identifier: MIT
#include "sight.hpp"

#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/raster/align.hpp>

namespace riskmap::tool {

void SightOptions::declare(CLI::App& app) {
    app.add_option(
           "--refraction", refraction,
           "k of refraction: the ground is lowered by (1-k) d^2 / 2R (method.md gives 0.13)")
        ->capture_default_str();
    app.add_option("--method", method, "exact or fast: two names of one method, which is both")
        ->check(CLI::IsMember({"exact", "fast"}))
        ->capture_default_str();
    app.add_option("--canopy", canopy,
                   "raster of tree heights, m: raises the ground everywhere but at the mast");
}

visibility::Sight SightOptions::sight() const {
    return {target, refraction};
}

std::shared_ptr<const raster::Reader> open_dem(const std::filesystem::path& file,
                                               const Context& context) {
    auto dem = std::make_shared<const raster::Reader>(file);
    visibility::require_metric(dem->grid());
    if (const auto unit = dem->unit(); unit.starts_with("f") || unit.starts_with("us"))
        context.warn(fmt::format("the heights of '{}' are in '{}', and are taken as metres; "
                                 "bring them to metres first",
                                 file.string(), unit));
    else if (std::abs(dem->grid().crs.metres_per_unit() - 1) > 0.1 && unit.empty())
        context.warn(fmt::format("the CRS of '{}' is not in metres; its heights are taken as "
                                 "metres: check that they are not feet",
                                 file.string()));
    return dem;
}

std::shared_ptr<const raster::Source> open_canopy(const SightOptions& options, const Grid& grid,
                                                  const Context& context) {
    if (options.canopy.empty())
        return nullptr;
    auto canopy = std::make_shared<const raster::Reader>(options.canopy);
    if (!canopy->grid().matches(grid))
        context.warn(fmt::format("'{}' lies on another grid and was aligned (bilinear)",
                                 options.canopy.string()));
    return raster::aligned(canopy, grid, {raster::Kind::continuous, 0.5});
}

} // namespace riskmap::tool
