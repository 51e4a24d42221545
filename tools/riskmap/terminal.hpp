// SPDX-License-Identifier: MIT
// The terminal: streams that may be closed or full, a progress line, and Ctrl-C.
#pragma once

#include <string>

#include <riskmap/core/execution.hpp>

namespace riskmap::tool {

/// Makes sure that standard input, output and error are open, to nowhere if need be.
void open_streams();
/// Words for people on standard error, if anybody hears.
void tell(const std::string& text);
/// Whether all that was printed on standard output has arrived.
[[nodiscard]] bool output_is_whole();

/// Progress that stops on Ctrl-C, SIGTERM and SIGHUP (a second one kills) and, on a terminal and
/// if wanted, draws one line on standard error, at most ten times a second.
[[nodiscard]] Progress terminal_progress(bool draw);
/// Takes the progress line away, so that other text can be written.
void clear_progress();
[[nodiscard]] bool on_terminal();

} // namespace riskmap::tool
