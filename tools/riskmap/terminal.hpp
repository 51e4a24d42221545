// SPDX-License-Identifier: MIT
// The terminal: a progress line, and Ctrl-C.
#pragma once

#include <riskmap/core/execution.hpp>

namespace riskmap::tool {

/// Progress that stops on Ctrl-C (a second one kills) and, on a terminal and
/// if wanted, draws one line on standard error, at most ten times a second.
[[nodiscard]] Progress terminal_progress(bool draw);
/// Takes the progress line away, so that other text can be written.
void clear_progress();
[[nodiscard]] bool on_terminal();

} // namespace riskmap::tool
