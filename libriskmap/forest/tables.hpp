// SPDX-License-Identifier: MIT
// Private: what tables and reports share.
#pragma once

#include <cmath>

#include <nlohmann/json.hpp>

#include <riskmap/vector/fields.hpp>

namespace riskmap::forest {

using vector::Fields;

inline constexpr double km2_per_m2 = 1e-6;

using Json = nlohmann::ordered_json;

/// Null for NaN.
inline Json number(double value) {
    return std::isfinite(value) ? Json(value) : Json();
}

} // namespace riskmap::forest
