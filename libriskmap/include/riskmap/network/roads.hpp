// SPDX-License-Identifier: MIT
// Roads as they come from a layer of lines (../docs/method.md section 15).
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
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

using ClassSpeeds = std::map<std::string, double>; ///< km/h by class

/// Values by which a road is not entered: of its class or route as they are, of other fields as
/// "access=no". One for walkers, one for drivers; `foot` and `motor_vehicle` go before `access`, as
/// OpenStreetMap says. Source: method section 15.
[[nodiscard]] std::span<const std::string_view> not_walked();
[[nodiscard]] std::span<const std::string_view> not_driven();

struct RoadRules {
    /// Columns of yes and no, or "FIELD>NUMBER": closed where any says so. Where one is not known
    /// the road counts as open, which the account tells.
    std::vector<std::string> closed_by = {};
    bool drives = false; ///< the direction matters: a word for it that is not known is an error
    std::vector<std::string> not_entered = {}; ///< empty: `not_walked` or `not_driven`
    ClassSpeeds class_speeds = {};
};

/// The lines of a table by the specification `roads`, carried over into `crs`, a metric one.
/// What is not entered is left out, which the account tells; there may be none left.
/// \throws Error{input}: no lines, a value that cannot be read or is impossible.
[[nodiscard]] std::vector<Road> roads_of(spec::Table& table, const Crs& crs,
                                         const RoadRules& rules = {});

} // namespace riskmap::network
