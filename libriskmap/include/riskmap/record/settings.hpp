// SPDX-License-Identifier: MIT
// What a project file says, key by key, as runs remember and compare it.
#pragma once

#include <map>
#include <string>

namespace riskmap::record {

/// Values by their keys: "zoning.k", "hazard.flood.map.1.file" (an entry of a repeated section goes
/// by its id, or by its number), as the JSON they were written in.
using Settings = std::map<std::string, std::string>;

/// \param json all sections of a project, one within the other.
/// \throws Error{input}: not JSON.
[[nodiscard]] Settings settings_of(const std::string& json);

/// Which setting is not the same, with both values: "zoning.k: 0 -> 4", and how many more are not.
/// Empty: none.
[[nodiscard]] std::string difference(const Settings& before, const Settings& after);

} // namespace riskmap::record
