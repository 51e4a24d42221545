// SPDX-License-Identifier: MIT
// Roads as they come from a layer of lines (../docs/method.md section 15).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/raster/source.hpp>
#include <riskmap/vector/layer.hpp>

namespace riskmap::network {

enum class Direction : std::int8_t { backward = -1, both = 0, forward = 1 };

struct Road {
    LineString line; ///< in a metric CRS
    std::string kind;
    double speed = 0; ///< km/h for driving; 0: not known
    Direction direction = Direction::both;
    int level = 0; ///< above 0 a bridge, below 0 a tunnel: crosses other levels without a junction
    bool closed = false;
};

/// Which fields say what; each empty: the first of the usual names that the layer has (class,
/// highway, kind, type; speed_kmh, speed, maxspeed; oneway; layer, level, bridge, tunnel).
struct RoadFields {
    std::string kind = {};
    std::string speed = {};
    std::string oneway = {}; ///< yes/1/true/F/FT forward, -1/T/TF backward, anything else both
    std::string level = {};
    std::vector<std::string> closed_by = {}; ///< closed where any of these is not 0, no or empty
};

/// The lines of a layer carried over into `crs`, a metric one.
/// \throws Error{input}: no lines, a field that is not there, a speed that is no number.
[[nodiscard]] std::vector<Road> roads_of(const vector::Layer& layer, const Crs& crs,
                                         const RoadFields& fields = {});

} // namespace riskmap::network
