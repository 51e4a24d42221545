// SPDX-License-Identifier: MIT
// A rising curve drawn as SVG.
#pragma once

#include <span>
#include <string>

#include <riskmap/geo/geometry.hpp>

namespace riskmap::atlas {

struct CurveLabels {
    std::string title;
    std::string x; ///< what runs along the bottom
    std::string y; ///< what rises, in percent
};

/// Steps from point to point: x from 0 up, y a share 0..1 drawn in percent. `goal`, a share, is a
/// dashed line; none if it is not above 0. Texts are escaped.
[[nodiscard]] std::string curve_svg(std::span<const Point> points, double goal,
                                    const CurveLabels& labels);

} // namespace riskmap::atlas
