// SPDX-License-Identifier: MIT
// The shifts of Chinese internet maps (GCJ-02, BD-09), by their public approximations, and whether
// a layer has one. The true transformation is secret; the approximation is good to about a metre of
// it, its inverse to well below a millimetre of the approximation.
#pragma once

#include <functional>
#include <vector>

#include <riskmap/geo/geometry.hpp>

namespace riskmap::census {

/// Longitude and latitude in degrees; outside China (72.004..137.8347, 0.8293..55.8271)
/// nothing is shifted.
[[nodiscard]] Point gcj02_of(Point true_place);
[[nodiscard]] Point true_place_of(Point gcj02);

/// The shift of Baidu's maps (BD-09), which is put on top of GCJ-02: by its public formula.
[[nodiscard]] Point bd09_of(Point true_place);
[[nodiscard]] Point true_place_of_bd09(Point bd09);

/// How well places agree with a reference: mean distance in metres once each place is moved.
using Misfit = std::function<double(const std::function<Point(Point)>& move)>;

struct ShiftStudy {
    double before = 0;       ///< misfit as the layer is, m
    double without = 0;      ///< with the GCJ-02 shift taken off, m
    double without_bd09 = 0; ///< with the BD-09 shift taken off, m
    double after = 0;        ///< with the best constant shift taken off, m
    double east = 0;         ///< that shift of the layer, m
    double north = 0;

    [[nodiscard]] bool gcj02() const;
    [[nodiscard]] bool bd09() const;
    /// A constant shift other than those of GCJ-02 and BD-09 explains the misfit.
    [[nodiscard]] bool shifted() const;
};
/// `places` in degrees; `misfit` is asked about moves of them.
[[nodiscard]] ShiftStudy study_shift(Point middle, const Misfit& misfit);

} // namespace riskmap::census
