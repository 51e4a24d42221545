// SPDX-License-Identifier: MIT
#pragma once

namespace riskmap::tool {

/// What ends GLib's work (no memory, no thread) is one line and status 1, and not a trap.
void hear_glib();

} // namespace riskmap::tool
