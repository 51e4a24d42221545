// SPDX-License-Identifier: MIT
// Private: what a sheet of an Excel workbook (.xlsx) holds beside its values, which GDAL does not
// tell.
#pragma once

#include <filesystem>
#include <string>

#include <riskmap/vector/stream.hpp>

namespace riskmap::vector {

/// Reads the XML of a sheet once, as a stream (ECMA-376 part 1, 18.3.1: sheet data, merged cells).
/// Nothing is found where the file is not such a workbook or has no sheet of this name; that it is
/// damaged is told by who reads its values.
[[nodiscard]] SheetShape sheet_shape(const std::filesystem::path& path, const std::string& sheet);

} // namespace riskmap::vector
