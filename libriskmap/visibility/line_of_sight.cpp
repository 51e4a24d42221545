// SPDX-License-Identifier: MIT
#include "line_of_sight.hpp"

namespace riskmap::visibility {

namespace {

/// The crossings with the `n - 1` grid lines between, each `across` steps further along its
/// line after every `n` of them. Multiplied out, so that whole heights are compared without
/// rounding: ground / i against target / n, both above the eye.
bool crosses_ground(const float* origin, std::ptrdiff_t line_step, std::ptrdiff_t cell_step,
                    std::int64_t n, std::int64_t across, double eye, double target,
                    double lowering) {
    for (std::int64_t i = 1; i < n; ++i) {
        const std::int64_t position = i * across;
        const std::int64_t cell = position / n;
        const std::int64_t rest = position - cell * n;
        const float* ground = origin + i * line_step + cell * cell_step;
        const double near = static_cast<double>(ground[0]) - eye;
        const double between = rest == 0 ? near * static_cast<double>(n)
                                         : near * static_cast<double>(n - rest) +
                                               (static_cast<double>(ground[cell_step]) - eye) *
                                                   static_cast<double>(rest);
        // The target is lowered by d^2 and the ground by (d i / n)^2: what is left is the bulge.
        const double bulge = lowering * (1 - static_cast<double>(i) / static_cast<double>(n));
        if (between > static_cast<double>(i) * (target - bulge))
            return true;
    }
    return false;
}

} // namespace

bool is_hidden(const Octant& octant, std::int64_t k, std::int64_t j, double target) {
    const double height = static_cast<double>(octant.height(k, j)) + target - octant.eye;
    const double lowering = octant.lowering(k, j);
    return crosses_ground(octant.origin, octant.k_step, octant.j_step, k, j, octant.eye, height,
                          lowering) ||
           crosses_ground(octant.origin, octant.j_step, octant.k_step, j, k, octant.eye, height,
                          lowering);
}

} // namespace riskmap::visibility
