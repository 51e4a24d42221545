// SPDX-License-Identifier: MIT
// Private: GDAL's start, its handles owned, its messages caught.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <cpl_string.h>
#include <gdal.h>

#include <riskmap/core/error.hpp>

namespace riskmap::gdal {

/// Registers GDAL's drivers once, where the process has none; all else of the process stays.
void start();

/// The error of a PROJ that knows no CRS at all, as where there is no memory for its database.
[[nodiscard]] Error no_crs_database();

/// Closes; what GDAL has to say of it is heard by `Messages`, or by nobody.
struct CloseDataset {
    void operator()(GDALDatasetH dataset) const noexcept;
};
using Dataset = std::unique_ptr<void, CloseDataset>;

struct FreeList {
    void operator()(char** list) const noexcept { CSLDestroy(list); }
};
using List = std::unique_ptr<char*, FreeList>;
/// A list of texts as GDAL takes it: options, category names.
[[nodiscard]] List list_of(const std::vector<std::string>& items);

/// Catches this thread's GDAL messages for as long as it lives. While one lives, GDAL fetches
/// nothing in this thread, runs no Python, and dates what it writes as 2000 (same input, same
/// bytes).
class Messages {
  public:
    Messages();
    ~Messages();
    Messages(const Messages&) = delete;
    Messages& operator=(const Messages&) = delete;
    /// The first error since the start, on one line: those after it follow from it.
    [[nodiscard]] const std::string& text() const noexcept { return m_text; }

  private:
    std::string m_text;
};

/// What `open` asks of a name before anything of the file is read. \throws as `open`: no such file,
/// a name that leaves the machine, an archive within another or that unfolds to too much, a pipe.
void require_harmless(const std::filesystem::path& path);

/// Opens a file or folder of this machine, or a variable of a NetCDF file ("x.nc:depth"). \throws
/// Error{input}: missing, not readable, not of a known format, or a name that leaves the machine
/// (/vsicurl/).
[[nodiscard]] Dataset open(const std::filesystem::path& path, unsigned flags,
                           const char* const* options = nullptr);
/// Opens a table of text (.csv, .tsv, .txt) as GDAL's CSV, from the byte `begin` on. \throws as
/// `open`.
[[nodiscard]] Dataset open_text_table(const std::filesystem::path& path, std::uint64_t begin,
                                      const char* const* options = nullptr);

} // namespace riskmap::gdal
