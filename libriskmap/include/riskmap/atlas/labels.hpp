// SPDX-License-Identifier: MIT
// Where names go on a map, so that none lies on another.
#pragma once

#include <span>
#include <vector>

#include <riskmap/geo/geometry.hpp>

namespace riskmap::atlas {

/// A name that wants a place: on a map whose y runs down, in any unit.
struct LabelWish {
    Point anchor;
    double width = 0;
    double height = 0;
    int rank = 0;     ///< the lower, the sooner it is placed
    double clear = 0; ///< distance kept from the anchor where the name stands beside it, as with
                      ///< points; 0: the name may lie right on the anchor, as with areas
};

/// The boxes of the names, one per wish; an empty box where there was no room. Names lie inside
/// `frame`, and neither on one another nor on `taken`. In the order of ranks, then of the wishes,
/// each name takes the first of its places that is free: on the anchor and around it for areas,
/// in the eight directions for points.
[[nodiscard]] std::vector<Box> place_labels(std::span<const LabelWish> wishes, const Box& frame,
                                            std::span<const Box> taken = {});

} // namespace riskmap::atlas
