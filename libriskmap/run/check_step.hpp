// SPDX-License-Identifier: MIT
// Private: the step before all others.
#pragma once

#include <riskmap/project/project.hpp>

#include "step.hpp"

namespace riskmap::run {

using project::Project;

/// Checks all layers of a project and writes the findings to `out`/check/.
/// Its work throws Error{input} where the project says that findings stop the run.
[[nodiscard]] Step check_step(const Project& project, const std::filesystem::path& out,
                              const FingerprintsPtr& fingerprints);

} // namespace riskmap::run
