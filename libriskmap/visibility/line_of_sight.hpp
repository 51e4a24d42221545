// SPDX-License-Identifier: MIT
// Private: one line of sight walked over all the grid lines it crosses.
#pragma once

#include <cstddef>
#include <cstdint>

namespace riskmap::visibility {

/// An octant seen from the observer's cell: heights at `eye[k * k_step + j * j_step]`.
struct Octant {
    const float* origin = nullptr; ///< the observer's cell
    std::ptrdiff_t k_step = 0;
    std::ptrdiff_t j_step = 0;
    double k_length = 1; ///< metres from ring to ring
    double j_length = 1;
    double eye = 0;       ///< height of the eye
    double curvature = 0; ///< (1-k) / (2R): lowering of the ground per square metre of distance

    [[nodiscard]] float height(std::int64_t k, std::int64_t j) const noexcept {
        return origin[k * k_step + j * j_step];
    }
    [[nodiscard]] double lowering(std::int64_t k, std::int64_t j) const noexcept {
        const double x = static_cast<double>(k) * k_length;
        const double y = static_cast<double>(j) * j_length;
        return curvature * (x * x + y * y);
    }
};

/// Whether ground between hides a target `target` metres above cell (k, j), k >= 1,
/// 0 <= j <= k. Ground that only touches the line does not.
[[nodiscard]] bool is_hidden(const Octant& octant, std::int64_t k, std::int64_t j, double target);

} // namespace riskmap::visibility
