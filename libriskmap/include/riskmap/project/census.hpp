// SPDX-License-Identifier: MIT
// The layers of a project as `check` and `ingest` see them.
#pragma once

#include <vector>

#include <riskmap/census/check.hpp>
#include <riskmap/project/project.hpp>

namespace riskmap::project {

struct Census {
    std::vector<spec::Source> sources;
    census::CheckRules rules;
};

/// All layers that a project names, each with the specification of its part in it.
[[nodiscard]] Census census_of(const Project& project);

} // namespace riskmap::project
