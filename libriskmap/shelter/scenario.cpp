// SPDX-License-Identifier: MIT
#include <riskmap/shelter/scenario.hpp>

#include <riskmap/shelter/source.hpp>

namespace riskmap::shelter {

void Scenario::apply(SceneSource& scene) const {
    scene.title = title;
    scene.suitability.flood = flood;
    scene.suitability.flood_above = flood_above;
    scene.suitability.landslide = landslide;
    scene.suitability.landslide_from = landslide_from;
    scene.suitability.heights = heights;
    scene.suitability.slope_above = slope_above;
    scene.roads.closed_by = closed_by;
    scene.roads.closed_above = closed_above;
    scene.movers = movers;
}

} // namespace riskmap::shelter
