// SPDX-License-Identifier: MIT
#include "sight.hpp"

#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/raster/align.hpp>

namespace riskmap::tool {

void SightOptions::declare(Arguments& app) {
    app.add_option(
           "--refraction", refraction,
           "k of refraction: the ground is lowered by (1-k) d^2 / 2R (method.md gives 0.13)")
        ->capture_default_str();
    app.add_option("--method", method, "exact or fast: two names of one method, which is both")
        ->one_of({"exact", "fast"})
        ->capture_default_str();
    app.add_option("--canopy", canopy,
                   "raster of tree heights, m: raises the ground everywhere but at the mast");
    app.add_option("--height-factor", height_factor,
                   "the heights are multiplied by it: 0.3048 brings feet to metres")
        ->between(1e-6, 1e6)
        ->capture_default_str();
}

visibility::Sight SightOptions::sight() const {
    return {target, refraction};
}

std::shared_ptr<const raster::Reader> open_dem(const std::string& text, const SightOptions& options,
                                               const Context& context) {
    auto source = spec::Source::parse(text);
    source.factor *= options.height_factor;
    const auto dem = context.door.raster(source, "m");
    visibility::require_metric(dem.grid());
    if (std::abs(dem.grid().crs.metres_per_unit() - 1) > 0.1 && dem.reader()->unit().empty() &&
        source.factor == 1 && source.unit.empty())
        context.warn(fmt::format("the CRS of '{}' is not in metres; its heights are taken as "
                                 "metres: if they are feet, say --height-factor 0.3048",
                                 source.file.string()));
    return dem.reader();
}

std::shared_ptr<const raster::Source> open_canopy(const SightOptions& options, const Grid& grid,
                                                  const Context& context) {
    if (options.canopy.empty())
        return nullptr;
    const auto source = spec::Source::parse(options.canopy);
    const auto opened = context.door.raster(source, "m");
    if (!opened.grid().matches(grid))
        context.warn(fmt::format("'{}' lies on another grid and was aligned (bilinear)",
                                 source.file.string()));
    return raster::aligned(opened.reader(), grid, {raster::Kind::continuous, 0.5});
}

} // namespace riskmap::tool
