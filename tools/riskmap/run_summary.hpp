// SPDX-License-Identifier: MIT
// What run and risk tell of a run.
#pragma once

#include <riskmap/run/run.hpp>

#include "command.hpp"

namespace riskmap::tool {

/// A line for each step that is done, on a terminal.
[[nodiscard]] run::StepListener step_listener(const Context& context);
void print_summary(const run::RunSummary& summary, const Context& context);

} // namespace riskmap::tool
