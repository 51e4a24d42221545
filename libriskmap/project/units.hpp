// SPDX-License-Identifier: MIT
// Private: words for units in the language of the project.
#pragma once

#include <string>
#include <vector>

#include "work.hpp"

namespace riskmap::project {

/// "" for level 0.
[[nodiscard]] std::string level_word(const Work& work, int level);
/// Titles of hazards (places in the project), joined by "-".
[[nodiscard]] std::string dominant_words(const Work& work, const std::vector<std::size_t>& hazards);

} // namespace riskmap::project
