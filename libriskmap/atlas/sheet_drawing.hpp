// SPDX-License-Identifier: MIT
// Private: a sheet drawn on a canvas.
#pragma once

#include <functional>

#include "canvas.hpp"
#include "sheet_layout.hpp"

namespace riskmap::atlas {

/// Draws the sheet on each of some canvases, made when its page is known; names are placed and
/// pictures made once.
SheetPlan draw_sheet(const Sheet& sheet, const PageOptions& options, std::size_t canvases,
                     const std::function<void(std::size_t, Size page,
                                              const std::function<void(Canvas&)>& draw)>& each,
                     const Execution& execution);

/// The bytes of the sheet as PNG.
[[nodiscard]] std::string png_of(const Sheet& sheet, const PageOptions& options,
                                 const Execution& execution);

} // namespace riskmap::atlas
