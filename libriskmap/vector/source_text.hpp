// SPDX-License-Identifier: MIT
// Private: in which encoding a file's text is.
#pragma once

#include <filesystem>
#include <string>

namespace riskmap::vector {

/// The usual name of an encoding: "GB18030" for GBK, CP936 and the like, "UTF-8" for 65001;
/// empty for those that files declare without meaning it (ISO-8859-1).
[[nodiscard]] std::string usual_encoding(std::string name);

/// UTF-8, or GB18030 where the bytes of the text part of a file are not; empty where they are
/// all ASCII. Only formats whose text is as it was written (Shapefile's table, CSV, GeoJSON)
/// are looked at; for others empty.
/// \throws Error{input}: UTF-16.
[[nodiscard]] std::string found_encoding(const std::filesystem::path& path,
                                         const std::string& layer);

} // namespace riskmap::vector
