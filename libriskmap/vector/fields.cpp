// SPDX-License-Identifier: MIT
#include <riskmap/vector/fields.hpp>

#include <cmath>

namespace riskmap::vector {

Value share_level(double share) {
    if (std::isnan(share))
        return {};
    std::int64_t level = 1;
    for (const double upper : {0.25, 0.5, 0.7, 0.85})
        level += share >= upper ? 1 : 0;
    return level;
}

} // namespace riskmap::vector
