// SPDX-License-Identifier: MIT
// Private: the files of data/spec/, embedded at build time.
#pragma once

#include <map>
#include <string>

namespace riskmap::spec {

/// TOML text by name of the family ("roads").
const std::map<std::string, std::string>& built_in_spec_texts();

} // namespace riskmap::spec
