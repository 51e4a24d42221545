// SPDX-License-Identifier: MIT
// Merged cells of an .xls.
#include "workbook.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <glib.h>

#include "../geo/old_workbook.hpp"

namespace riskmap::vector {

namespace {

using Record = gdal::WorkbookRecord;

/// [MS-XLS] 2.5.240: Latin letters in one byte each, others as UTF-16.
std::string name_in(gdal::RecordBytes sheet) {
    constexpr std::size_t head = 8;
    const std::size_t letters = sheet.two(6) & 0xFFU;
    const bool wide = (sheet.two(6) >> 8U & 1U) != 0;
    std::vector<std::uint16_t> units;
    for (std::size_t i = 0; i < letters && head + i * (wide ? 2 : 1) < sheet.all.size(); ++i)
        units.push_back(
            static_cast<std::uint16_t>(wide ? sheet.two(head + 2 * i) : sheet.all[head + i]));
    const std::unique_ptr<char, decltype(&g_free)> text{
        g_utf16_to_utf8(units.data(), static_cast<glong>(units.size()), nullptr, nullptr, nullptr),
        &g_free};
    return text ? text.get() : "";
}

} // namespace

SheetShape shape_of_xls(const std::filesystem::path& path, const std::string& sheet) {
    const auto stream = gdal::workbook_stream(path);
    const gdal::RecordBytes bytes{stream};
    std::optional<std::size_t> start;
    for (auto record = gdal::record_at(bytes, 0);
         record && record->type != Record::end_of_part && !start;
         record = gdal::record_at(bytes, record->next))
        if (record->type == Record::bound_sheet && name_in(record->data) == sheet)
            start = record->data.four(0);
    SheetShape shape;
    if (!start)
        return shape;
    // Charts within the sheet are parts of their own.
    std::size_t depth = 0;
    for (auto record = gdal::record_at(bytes, *start); record;
         record = gdal::record_at(bytes, record->next)) {
        depth += record->type == Record::start_of_part ? 1 : 0;
        if (depth == 0)
            break; // no part starts here
        if (record->type == Record::end_of_part && --depth == 0)
            break;
        if (record->type != Record::merge_cells)
            continue;
        for (std::size_t i = 0; i < record->data.two(0); ++i) {
            const auto at = 2 + 8 * i;
            if (at + 8 > record->data.all.size())
                break;
            shape.merged.push_back({record->data.two(at) + 1, record->data.two(at + 2) + 1,
                                    record->data.two(at + 4), record->data.two(at + 6)});
        }
    }
    return shape;
}

} // namespace riskmap::vector
