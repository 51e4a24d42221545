// SPDX-License-Identifier: MIT
// Private: what a sheet of a workbook (.xlsx, .ods, .xls) holds beside its values, which GDAL does
// not tell.
#pragma once

#include <filesystem>
#include <string>

#include <riskmap/vector/stream.hpp>

namespace riskmap::vector {

/// Reads the XML of a sheet once, as a stream (ECMA-376 part 1, 18.3.1: sheet data, merged cells;
/// OpenDocument 1.3), or its records ([MS-XLS] 2.4.168: MergeCells). Of .xls the merged cells
/// alone. Nothing is found where the file is not such a workbook or has no sheet of this name; that
/// it is damaged is told by who reads its values.
[[nodiscard]] SheetShape sheet_shape(const std::filesystem::path& path, const std::string& sheet);

[[nodiscard]] SheetShape shape_of_xls(const std::filesystem::path& path, const std::string& sheet);

} // namespace riskmap::vector
