// SPDX-License-Identifier: MIT
// How well zones explain a quantity: the Geodetector (../docs/method.md section 11.3).
#pragma once

#include <span>

namespace riskmap::zoning {

struct Stratification {
    double q = 0;       ///< 1 - sum N_z s_z^2 / (N s^2), in 0..1
    double f = 0;       ///< F statistic
    double p_value = 1; ///< that a q this large comes by chance (non-central F)
};

/// q of `values` by `zone` (any integers as names); population variances.
/// Values that are NaN are left out. With fewer than 2 zones, no unit more
/// than zones, or constant values: q 0 and p 1 where nothing can be said.
/// Source: Wang et al. 2010; Wang, Zhang & Fu 2016.
[[nodiscard]] Stratification geodetector(std::span<const double> values, std::span<const int> zone);

} // namespace riskmap::zoning
