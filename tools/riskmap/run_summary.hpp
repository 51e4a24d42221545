// SPDX-License-Identifier: MIT
// What run and risk tell of a run.
#pragma once

#include <riskmap/project/run.hpp>

#include "command.hpp"

namespace riskmap::tool {

/// A line for each step that is done, on a terminal.
[[nodiscard]] project::StepListener step_listener(const Context& context);
void print_summary(const project::RunSummary& summary, const Context& context);

} // namespace riskmap::tool
