// SPDX-License-Identifier: MIT
// Private: what a file may make GDAL do, and what of it is refused before it is opened.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace riskmap::gdal {

/// GDAL's drivers of formats in which offices send data (../docs/architecture.md), none that
/// fetches from elsewhere, starts a program or takes a connection for a name; as GDAL takes a list.
[[nodiscard]] const char* const* allowed_drivers();

/// \throws Error{input} if the name's ending is that of a format that GDAL knows and riskmap does
/// not read. The file is not looked at.
void refuse_format(const std::filesystem::path& path);

/// Answers in the network's place in this thread, until `fetch_again_here`.
void fetch_nothing_here();
void fetch_again_here();

/// The last address that GDAL wanted to fetch in this thread since the last call; empty: none.
[[nodiscard]] std::string take_refused_address();

/// \throws Error{input}: no regular file or folder (a pipe, a device); a virtual raster or layer
/// that names anything but files of this machine, holds SQL or options, at any depth.
void refuse_harm(const std::filesystem::path& path);

/// What a virtual raster or layer names; nothing for any other file. \throws as `refuse_harm`.
[[nodiscard]] std::vector<std::filesystem::path> virtual_sources(const std::filesystem::path& path);

} // namespace riskmap::gdal
