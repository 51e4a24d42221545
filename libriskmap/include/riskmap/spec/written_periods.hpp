// SPDX-License-Identifier: MIT
// Return periods as offices write them into the names of files.
#pragma once

#include <optional>
#include <string_view>

namespace riskmap::spec {

/// Years of a return period in a name: "20年一遇", "百年一遇", "50a", "100yr", "T20", "p=1%",
/// "1pct". A year of the calendar ("2020年") is none. Nothing: none, or two that differ.
[[nodiscard]] std::optional<double> period_in(std::string_view name);

} // namespace riskmap::spec
