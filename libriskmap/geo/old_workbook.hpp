// SPDX-License-Identifier: MIT
// Private: the records of an .xls ([MS-XLS] 2.1), the stream "Workbook" of a compound file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace riskmap::gdal {

/// The stream whole; empty: no such workbook.
[[nodiscard]] std::vector<std::uint8_t> workbook_stream(const std::filesystem::path& path);

/// Numbers of two and four bytes, the least first; 0 past the end.
struct RecordBytes {
    std::span<const std::uint8_t> all;
    [[nodiscard]] std::uint32_t two(std::size_t at) const {
        return at + 2 <= all.size() ? all[at] | static_cast<std::uint32_t>(all[at + 1]) << 8U : 0;
    }
    [[nodiscard]] std::uint32_t four(std::size_t at) const { return two(at) | two(at + 2) << 16U; }
};

struct WorkbookRecord {
    std::uint32_t type;
    RecordBytes data;
    std::size_t next; ///< where the next one begins

    static constexpr std::uint32_t bound_sheet = 0x85;
    static constexpr std::uint32_t merge_cells = 0xE5;
    static constexpr std::uint32_t start_of_part = 0x809;
    static constexpr std::uint32_t end_of_part = 0x0A;
};
/// Nothing where the bytes end first.
[[nodiscard]] std::optional<WorkbookRecord> record_at(RecordBytes stream, std::size_t at);

/// GDAL's reader (FreeXL) trusts the lengths that records state: those that are not sound would
/// have it read elsewhere. \throws Error{input}.
void require_sound_workbook(const std::filesystem::path& path);

} // namespace riskmap::gdal
