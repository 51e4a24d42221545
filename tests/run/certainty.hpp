// SPDX-License-Identifier: MIT
#pragma once

namespace riskmap::test {

/// The class of certainty of a level that has this share of the draws.
inline int certainty_class(double share) {
    const double p = share + 1e-6; // it is written as float32
    return p >= 0.9 ? 5 : p >= 0.75 ? 4 : p >= 0.6 ? 3 : p >= 0.4 ? 2 : 1;
}

} // namespace riskmap::test
