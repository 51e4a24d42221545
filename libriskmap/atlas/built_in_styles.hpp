// SPDX-License-Identifier: MIT
// Private: the files of styles/, embedded at build time.
#pragma once

#include <map>
#include <string>

namespace riskmap::atlas {

/// TOML text by name ("risk").
const std::map<std::string, std::string>& built_in_styles();

} // namespace riskmap::atlas
