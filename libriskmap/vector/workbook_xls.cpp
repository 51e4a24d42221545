// SPDX-License-Identifier: MIT
// Merged cells of an .xls: records of the stream "Workbook" in a compound file ([MS-XLS] 2.1).
#include "workbook.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <gsf/gsf-infile-msole.h>
#include <gsf/gsf-infile.h>
#include <gsf/gsf-input-stdio.h>

#include <riskmap/core/text.hpp>

namespace riskmap::vector {

namespace {

struct Unref {
    void operator()(void* object) const { g_object_unref(object); }
};
template <class Type>
using Object = std::unique_ptr<Type, Unref>;

/// The stream of records whole; empty: no such workbook.
std::vector<std::uint8_t> records_in(const std::filesystem::path& path) {
    constexpr gsf_off_t most = 1 << 28;
    const Object<GsfInput> file{gsf_input_stdio_new(path.c_str(), nullptr)};
    if (!file)
        return {};
    const Object<GsfInfile> folder{gsf_infile_msole_new(file.get(), nullptr)};
    if (!folder)
        return {};
    const Object<GsfInput> stream{gsf_infile_child_by_name(folder.get(), "Workbook")};
    if (!stream || gsf_input_size(stream.get()) > most)
        return {};
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(gsf_input_size(stream.get())));
    if (bytes.empty() || gsf_input_read(stream.get(), bytes.size(), bytes.data()) == nullptr)
        return {};
    return bytes;
}

/// Numbers of two and four bytes, the least first; 0 past the end.
struct Bytes {
    std::span<const std::uint8_t> all;
    [[nodiscard]] std::uint32_t two(std::size_t at) const {
        return at + 2 <= all.size() ? all[at] | static_cast<std::uint32_t>(all[at + 1]) << 8U : 0;
    }
    [[nodiscard]] std::uint32_t four(std::size_t at) const { return two(at) | two(at + 2) << 16U; }
};

struct Record {
    std::uint32_t type;
    Bytes data;
    std::size_t next;
};

std::optional<Record> record_at(Bytes bytes, std::size_t at) {
    const auto size = bytes.two(at + 2);
    if (at + 4 + size > bytes.all.size())
        return std::nullopt;
    return Record{bytes.two(at), {bytes.all.subspan(at + 4, size)}, at + 4 + size};
}

/// [MS-XLS] 2.5.240: Latin letters in one byte each, others as UTF-16.
std::string name_in(Bytes sheet) {
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

constexpr std::uint32_t bound_sheet = 0x85;
constexpr std::uint32_t merge_cells = 0xE5;
constexpr std::uint32_t start_of_part = 0x809;
constexpr std::uint32_t end_of_part = 0x0A;

} // namespace

SheetShape shape_of_xls(const std::filesystem::path& path, const std::string& sheet) {
    const auto stream = records_in(path);
    const Bytes bytes{stream};
    std::optional<std::size_t> start;
    for (auto record = record_at(bytes, 0); record && record->type != end_of_part && !start;
         record = record_at(bytes, record->next))
        if (record->type == bound_sheet && name_in(record->data) == sheet)
            start = record->data.four(0);
    SheetShape shape;
    if (!start)
        return shape;
    // Charts within the sheet are parts of their own.
    std::size_t depth = 0;
    for (auto record = record_at(bytes, *start); record; record = record_at(bytes, record->next)) {
        if (record->type == start_of_part)
            ++depth;
        else if (record->type == end_of_part && --depth == 0)
            break;
        else if (depth == 0)
            break; // no part starts here
        else if (record->type == merge_cells)
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
