// SPDX-License-Identifier: MIT
// Private: the horizon of one octant while the ground is passed ring by ring.
//
// Coordinates: the observer is at (0, 0), a cell of the octant at (k, j), 0 <= j <= k, in
// cells. Ring k is the grid line x = k. A direction is t = j / k in [0, 1]; the slope of a
// point is its height above the eye divided by its x. Along every grid line, across or
// along the octant, the slope of linearly interpolated ground is linear in t: central
// projection onto the plane x = 1 keeps straight lines straight. The horizon is the
// greatest slope so far at each t.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace riskmap::visibility {

/// How a target stands against the horizon.
enum class Verdict : std::uint8_t { below = 0, above = 1, undecided = 2 };

/// Bounds of the horizon: in each of a power of two of bins of t one straight line above it
/// and one below. Kept in single precision; `judge` allows for all rounding.
class Horizon {
  public:
    /// `most_rings` bounds the rings that will come. `bend`: the most by which a straight
    /// line between two neighbouring cells can miss ground that curvature has lowered, in
    /// metres.
    Horizon(std::int64_t most_rings, float bend);

    /// How targets 0, 1, .. of ring k with these slopes stand against all rings before.
    void judge(std::int64_t k, std::span<const float> slopes, std::span<Verdict> verdicts) const;
    /// Takes in ring k with the slopes of its cells, and the grid lines from ring k - 1 to it.
    /// Cells without data have slopes below `nothing`.
    void extend(std::int64_t k, std::span<const float> slopes);

    static constexpr float nothing = -1e20F;

  private:
    void refine(std::int64_t k);

    std::int64_t m_bins = 1;
    int m_log_bins = 0;
    float m_bend;
    float m_steepest = 0; ///< greatest absolute slope so far
    std::vector<float> m_slopes;
    std::vector<float> m_previous;
    // By bin, at its left and right end.
    std::vector<float> m_upper_left;
    std::vector<float> m_upper_right;
    std::vector<float> m_lower_left;
    std::vector<float> m_lower_right;
    // By bin border: slope of the crossing with ring k and with a line between the rings,
    // slope of the cell before the border, how far behind that cell the border is.
    std::vector<float> m_across;
    std::vector<float> m_along;
    std::vector<float> m_node;
    std::vector<float> m_behind;
};

} // namespace riskmap::visibility
