// SPDX-License-Identifier: MIT
// Private: archives looked at before they are unfolded.
#pragma once

#include <filesystem>
#include <string>

namespace riskmap::gdal {

/// "FOLDER/x.zip" of "/vsizip/FOLDER/x.zip/inside/y.shp"; empty for any other name.
[[nodiscard]] std::filesystem::path archive_of(const std::string& name);

/// \throws Error{input} for a ZIP file (also an XLSX) that says it unfolds to more than 2 GiB,
/// or to more than 64 MiB and 200 times its size. Other files pass.
void refuse_bomb(const std::filesystem::path& path);

} // namespace riskmap::gdal
