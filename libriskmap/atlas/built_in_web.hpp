// SPDX-License-Identifier: MIT
// Private: the files of the web atlas, by name.
#pragma once

#include <map>
#include <string>

namespace riskmap::atlas {

[[nodiscard]] const std::map<std::string, std::string>& built_in_web();

} // namespace riskmap::atlas
