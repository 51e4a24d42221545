// SPDX-License-Identifier: MIT
// Private: coordinates in which one digit was written wrong.
#pragma once

#include <functional>
#include <optional>

#include <riskmap/core/text.hpp>
#include <riskmap/geo/geometry.hpp>

namespace riskmap::census {

/// The place that was meant, in words, if just one digit of one coordinate can be put right so that
/// `holds` says yes. Digits of 1 km and above are looked at (of degrees to the second decimal);
/// where those of several places would do, nobody knows which it was.
[[nodiscard]] std::optional<Words> one_digit_wrong(Point place, bool degrees,
                                                   const std::function<bool(Point)>& holds);

} // namespace riskmap::census
