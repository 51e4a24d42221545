// SPDX-License-Identifier: MIT
// Private: the part of a project file that speaks of shelters.
#pragma once

#include <riskmap/project/project.hpp>

#include "reader.hpp"

namespace riskmap::project {

/// Fills in `project.shelters`; absent sections take the schema's defaults.
void read_shelters(const CheckedFile& file, Project& project);

} // namespace riskmap::project
