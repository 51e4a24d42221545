// SPDX-License-Identifier: MIT
// What one observer sees (../docs/method.md section 14).
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/visibility/terrain.hpp>

namespace riskmap::visibility {

/// Lengths in metres, angles in degrees. The observer stands at the centre of the cell
/// in which its place lies.
struct Observer {
    Point place = {}; ///< in the CRS of the heights
    double mast = 0;  ///< above the ground, >= 0
    double least_range = 0;
    double range = std::numeric_limits<double>::infinity(); ///< both ends belong to it
    /// Clockwise from the north of the grid, from..to; 0..360 is all round.
    double azimuth_from = 0;
    double azimuth_to = 360;
    /// Of the line of sight above the horizontal, from..to.
    double tilt_from = -90;
    double tilt_to = 90;
};

struct Sight {
    double target = 0;           ///< height of targets above the ground, >= 0
    double refraction = 1.0 / 7; ///< k; the ground is lowered by (1-k) d^2 / (2R)
};

inline constexpr double earth_radius = 6371000; ///< metres

inline constexpr std::uint8_t hidden = 0;
inline constexpr std::uint8_t seen = 1;
inline constexpr std::uint8_t no_data = 255;

struct Viewshed {
    Window window;                   ///< the cells within range, of the grid of the heights
    std::vector<std::uint8_t> cells; ///< of the window, row by row: hidden, seen, no_data
};

/// The cells within range of an observer, and those between. \throws Error{input}: the
/// observer is beyond the grid; a range shorter than a cell, or longer than 16,384 cells;
/// a negative mast; limits in the wrong order.
[[nodiscard]] Window within_range(const Grid& grid, const Observer& observer);

/// A target is hidden if a point of the straight line to it lies below the ground between,
/// which is interpolated linearly along the grid lines crossed. Cells without data hide
/// nothing and are never seen; ground between a cell with and one without data hides nothing.
/// `terrain` must hold `within_range`. The octants round the observer are worked on in
/// parallel. \throws Error{input}: as `within_range`; the observer stands on a cell without
/// data.
/// Method: the growing horizon of Haverkort, Toma and Zhuang (2009), kept as one straight upper
/// and one lower bound in each of many bins of direction; the few targets that lie between
/// the two are walked, crossing by crossing. Exact, and linear in the cells within range.
[[nodiscard]] Viewshed viewshed(const Terrain& terrain, const Observer& observer,
                                const Sight& sight, const Execution& execution = {});

} // namespace riskmap::visibility
