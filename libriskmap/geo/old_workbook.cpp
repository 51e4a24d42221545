// SPDX-License-Identifier: MIT
#include "old_workbook.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <memory>

#include <fmt/format.h>
#include <gsf/gsf-infile-msole.h>
#include <gsf/gsf-infile.h>
#include <gsf/gsf-input-memory.h>

#include <riskmap/core/error.hpp>

namespace riskmap::gdal {

namespace {

struct Unref {
    void operator()(void* object) const { g_object_unref(object); }
};
template <class Type>
using Object = std::unique_ptr<Type, Unref>;

constexpr std::uint32_t most_bytes = 8224; ///< of a record ([MS-XLS] 2.1.4)
constexpr std::uint32_t shared_strings = 0xFC;
constexpr std::uint32_t more_of_it = 0x3C;

/// Bytes of a text whose head ([MS-XLS] 2.5.294) starts at `at` and counts its letters in
/// `count_bytes`; nothing where they are more than there are.
std::optional<std::size_t> text_end(RecordBytes data, std::size_t at, std::size_t count_bytes) {
    if (at + count_bytes + 1 > data.all.size())
        return std::nullopt;
    const std::size_t letters = count_bytes == 1 ? data.all[at] : data.two(at);
    const auto flags = data.all[at + count_bytes];
    std::size_t end = at + count_bytes + 1;
    std::size_t behind = 0;
    if ((flags & 0x08U) != 0) { // runs of formats
        behind += std::size_t{4} * data.two(end);
        end += 2;
    }
    if ((flags & 0x04U) != 0) { // how it is spoken
        behind += data.four(end);
        end += 4;
    }
    end += letters * ((flags & 1U) != 0 ? 2 : 1) + behind;
    return end <= data.all.size() ? std::optional{end} : std::nullopt;
}

/// The shared texts of a workbook, which may go on in further records, cut between letters.
class SharedTexts {
  public:
    SharedTexts(RecordBytes stream, const WorkbookRecord& first) : m_stream{stream}, m_now{first} {}

    bool sound() {
        const auto texts = m_now.data.four(4);
        m_at = 8;
        for (std::uint32_t i = 0; i < texts; ++i)
            if (!text())
                return false;
        return true;
    }

  private:
    [[nodiscard]] std::size_t left() const { return m_now.data.all.size() - m_at; }
    bool go_on() {
        const auto next = record_at(m_stream, m_now.next);
        if (!next || next->type != more_of_it)
            return false;
        m_now = *next;
        m_at = 0;
        return true;
    }
    bool skip(std::size_t bytes) {
        while (bytes > left()) {
            bytes -= left();
            if (!go_on())
                return false;
        }
        m_at += bytes;
        return true;
    }
    bool text() {
        if (left() == 0 && !go_on())
            return false;
        if (left() < 3)
            return false;
        std::size_t letters = m_now.data.two(m_at);
        auto flags = m_now.data.all[m_at + 2];
        m_at += 3;
        const std::size_t heads = ((flags & 8U) != 0 ? 2 : 0) + ((flags & 4U) != 0 ? 4 : 0);
        if (left() < heads)
            return false;
        std::size_t behind = 0;
        if ((flags & 8U) != 0) {
            behind += std::size_t{4} * m_now.data.two(m_at);
            m_at += 2;
        }
        if ((flags & 4U) != 0) {
            behind += m_now.data.four(m_at);
            m_at += 4;
        }
        while (letters > 0) {
            const std::size_t wide = (flags & 1U) != 0 ? 2 : 1;
            const auto here = std::min(letters, left() / wide);
            m_at += here * wide;
            letters -= here;
            if (letters == 0)
                break;
            // What goes on says anew how wide letters are.
            if (left() > 0 || !go_on() || left() == 0)
                return false;
            flags = m_now.data.all[m_at++];
        }
        return skip(behind);
    }

    RecordBytes m_stream;
    WorkbookRecord m_now;
    std::size_t m_at = 0;
};

/// The folder of a compound file ([MS-CFB] 2.6): FreeXL trusts the lengths of its names.
class Folder {
  public:
    explicit Folder(std::vector<std::uint8_t> file) : m_file{std::move(file)}, m_bytes{m_file} {}

    bool sound() {
        const auto shift = m_bytes.two(30);
        if (shift < 7 || shift > 16)
            return false;
        m_sector = std::size_t{1} << shift;
        read_table();
        std::size_t seen = 0;
        for (auto sector = m_bytes.four(48); sector < m_table.size(); sector = m_table[sector]) {
            if (++seen > m_table.size())
                return false; // in a circle
            for (std::size_t at = start_of(sector); at < start_of(sector) + m_sector; at += 128) {
                constexpr std::uint32_t longest = 64;
                if (m_bytes.two(at + 64) > longest)
                    return false;
            }
        }
        return seen > 0;
    }

  private:
    [[nodiscard]] std::size_t start_of(std::size_t sector) const { return (sector + 1) * m_sector; }

    /// Which sector follows each, by the sectors that the header and those after it name.
    void read_table() {
        const auto per_sector = m_sector / 4;
        const auto sectors = m_file.size() / m_sector;
        const auto add = [&](std::uint32_t sector) {
            if (sector >= sectors || m_table.size() >= sectors + per_sector)
                return;
            for (std::size_t i = 0; i < per_sector; ++i)
                m_table.push_back(m_bytes.four(start_of(sector) + 4 * i));
        };
        constexpr std::size_t in_header = 109;
        for (std::size_t i = 0; i < in_header; ++i)
            add(m_bytes.four(76 + 4 * i));
        std::size_t seen = 0;
        for (auto more = m_bytes.four(68); more < sectors && seen < sectors; ++seen) {
            for (std::size_t i = 0; i + 1 < per_sector; ++i)
                add(m_bytes.four(start_of(more) + 4 * i));
            more = m_bytes.four(start_of(more) + 4 * (per_sector - 1));
        }
    }

    std::vector<std::uint8_t> m_file;
    RecordBytes m_bytes;
    std::size_t m_sector = 512;
    std::vector<std::uint32_t> m_table;
};

std::vector<std::uint8_t> bytes_of(const std::filesystem::path& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

std::vector<std::uint8_t> stream_in(const std::vector<std::uint8_t>& bytes_of_file) {
    constexpr gsf_off_t most = 1 << 28;
    if (bytes_of_file.empty())
        return {};
    const Object<GsfInput> file{gsf_input_memory_new(
        bytes_of_file.data(), static_cast<gsf_off_t>(bytes_of_file.size()), FALSE)};
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

bool is_sound(RecordBytes stream, const WorkbookRecord& record) {
    constexpr std::uint32_t format = 0x41E;
    constexpr std::uint32_t label = 0x204;
    constexpr std::uint32_t text_of_formula = 0x207;
    if (record.data.all.size() > most_bytes)
        return false;
    switch (record.type) {
    case WorkbookRecord::bound_sheet:
        return text_end(record.data, 6, 1).has_value() && record.data.four(0) < stream.all.size();
    case shared_strings:
        return SharedTexts{stream, record}.sound();
    case format:
        return text_end(record.data, 2, 2).has_value();
    case label:
        return text_end(record.data, 6, 2).has_value();
    case text_of_formula:
        return text_end(record.data, 0, 2).has_value();
    default:
        return true;
    }
}

} // namespace

std::vector<std::uint8_t> workbook_stream(const std::filesystem::path& path) {
    return stream_in(bytes_of(path));
}

std::optional<WorkbookRecord> record_at(RecordBytes stream, std::size_t at) {
    const auto size = stream.two(at + 2);
    if (at + 4 + size > stream.all.size())
        return std::nullopt;
    return WorkbookRecord{stream.two(at), {stream.all.subspan(at + 4, size)}, at + 4 + size};
}

void require_sound_workbook(const std::filesystem::path& path) {
    auto file = bytes_of(path);
    const auto bytes = stream_in(file);
    const RecordBytes stream{bytes};
    const auto refuse = [&](const std::string& why) {
        throw input_error(fmt::format("'{}' {}", path.string(), why),
                          "open it in Excel or WPS and save it as .xlsx");
    };
    if (bytes.empty() || !Folder{std::move(file)}.sound())
        refuse("is no workbook of Excel 97 or later, or is damaged");
    constexpr std::uint32_t excel_97 = 0x600;
    const auto first = record_at(stream, 0);
    if (!first || first->type != WorkbookRecord::start_of_part || first->data.two(0) != excel_97)
        refuse("is no workbook of Excel 97 or later");
    std::size_t at = 0;
    std::size_t end = 0; // of the last part
    while (at + 4 <= bytes.size()) {
        const auto record = record_at(stream, at);
        if (!record || !is_sound(stream, *record))
            break;
        at = record->next;
        if (record->type == WorkbookRecord::end_of_part) {
            end = at;
            const auto next = record_at(stream, at);
            if (!next || next->type != WorkbookRecord::start_of_part)
                break; // what fills the last sector
        }
    }
    if (end == 0 || end != at)
        refuse(fmt::format("is damaged at byte {} of its records", at));
    // A sheet that begins elsewhere than with its part would be read from the middle of another.
    for (auto record = record_at(stream, 0); record && record->type != WorkbookRecord::end_of_part;
         record = record_at(stream, record->next)) {
        if (record->type != WorkbookRecord::bound_sheet)
            continue;
        const auto start = record_at(stream, record->data.four(0));
        if (!start || start->type != WorkbookRecord::start_of_part || record->data.four(0) >= end)
            refuse("is damaged: it says that a sheet begins where none does");
    }
}

} // namespace riskmap::gdal
