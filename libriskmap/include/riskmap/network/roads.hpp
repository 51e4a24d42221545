// SPDX-License-Identifier: MIT
// Roads as they come from a layer of lines (../docs/method.md section 15).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/raster/source.hpp>
#include <riskmap/spec/table.hpp>
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

struct RoadRules {
    /// Columns of yes and no, or "FIELD>NUMBER": closed where any says so. Where one is not known
    /// the road counts as open, which the account tells.
    std::vector<std::string> closed_by = {};
    bool drives = false; ///< the direction matters: a word for it that is not known is an error
};

/// The lines of a table by the specification `roads`, carried over into `crs`, a metric one.
/// \throws Error{input}: no lines, a value that cannot be read or is impossible.
[[nodiscard]] std::vector<Road> roads_of(spec::Table& table, const Crs& crs,
                                         const RoadRules& rules = {});

} // namespace riskmap::network
