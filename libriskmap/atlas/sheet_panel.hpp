// SPDX-License-Identifier: MIT
// Private: legends and notes beside a map.
#pragma once

#include "sheet_layout.hpp"

namespace riskmap::atlas {

/// Draws legends and notes into the panel, in columns; letters shrink until all has room, and
/// what has none even then is told in the last line.
void draw_panel(Canvas& canvas, const TextRuler& ruler, const Sheet& sheet,
                const SheetLayout& layout);

} // namespace riskmap::atlas
