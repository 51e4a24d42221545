// SPDX-License-Identifier: MIT
// What an office delivers: files and folders with subfolders, walked to the last file. Each file is
// a layer, a piece of one, or left out with the reason.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <riskmap/core/text.hpp>
#include <riskmap/spec/source.hpp>

namespace riskmap::census {

/// A file, or a sheet of a workbook, that is not used.
struct LeftOut {
    std::string file; ///< from the folder that was given
    Words why;        ///< and the way to use it
};

struct Delivery {
    std::vector<spec::Source> sources; ///< one for each layer, table or raster
    std::vector<LeftOut> left_out;
};

/// All layers of files (where a source names none) and folders, subfolders, geodatabases, ESRI
/// grids and zipped layers among them, by their names. What is given twice counts once, as it was
/// given by itself. Hidden files, locks of open documents and pieces of layers (.dbf, .prj ...) are
/// not told.
[[nodiscard]] Delivery delivery_of(std::span<const spec::Source> given);

} // namespace riskmap::census
