// SPDX-License-Identifier: MIT
// Places for new cameras, found in the terrain.
#pragma once

#include <span>
#include <vector>

#include <riskmap/forest/area.hpp>
#include <riskmap/forest/cameras.hpp>

namespace riskmap::forest {

struct FinderOptions {
    std::size_t most = 500; ///< candidates
    double spacing = 500;   ///< m between two; also the reach within which a hilltop is highest
    double mast = 20;
    double range = 5000;
    double cost = raster::nodata;
    std::size_t samples = 600;          ///< unseen forest cells that are looked from
    std::vector<LineString> roads = {}; ///< in the CRS of the heights
    double road_distance = 0;           ///< greatest distance to a road, m; 0: any
    const Area* area = nullptr;         ///< places lie in it; none: anywhere
    std::string prefix = "F";           ///< of the ids
};

/// The lines of a layer. \throws Error{input} if it has none.
[[nodiscard]] std::vector<LineString> roads_of(spec::Table& table, const Crs& crs);

/// Hilltops (the highest cell within `spacing`, in a square) and the cells that are seen from most
/// of an even sample of the unseen forest: sight is mutual. Those that see most of the sample come
/// first; none lies nearer than `spacing` to one before. Ids count from PREFIX0001.
/// `times`: by forest cell, by how many cameras it is seen already. \throws Error{input}: a
/// spacing that is not above 0.
[[nodiscard]] std::vector<Camera> find_candidates(const Scene& scene,
                                                  std::span<const std::uint16_t> times,
                                                  const FinderOptions& options,
                                                  const visibility::Sight& sight,
                                                  const Execution& execution);

} // namespace riskmap::forest
