// SPDX-License-Identifier: MIT
#include "source_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <memory>
#include <optional>

#include <cpl_vsi.h>
#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/text.hpp>

namespace riskmap::vector {

namespace {

namespace fs = std::filesystem;

struct CloseFile {
    void operator()(VSILFILE* file) const noexcept { VSIFCloseL(file); }
};
using File = std::unique_ptr<VSILFILE, CloseFile>;

std::string small_extension(const fs::path& path) {
    return small_letters(path.extension().string());
}

/// The file that holds the text of a layer; empty where its format fixes the encoding.
fs::path text_file(const fs::path& path, const std::string& layer) {
    const auto extension = small_extension(path);
    if (extension == ".csv" || extension == ".txt" || extension == ".tsv" || extension == ".json" ||
        extension == ".geojson" || extension == ".dbf")
        return path;
    VSIStatBufL status;
    for (const char* suffix : {".dbf", ".DBF"}) {
        auto beside = extension == ".shp" ? fs::path{path}.replace_extension(suffix)
                                          : path / (layer + suffix);
        if (VSIStatL(beside.string().c_str(), &status) == 0)
            return beside;
    }
    return {};
}

/// Counts characters beyond ASCII that are UTF-8, and bytes that are not.
class Utf8Score {
  public:
    void add(std::string_view bytes) {
        for (const char c : bytes)
            add(static_cast<unsigned char>(c));
    }
    /// Fields of fixed width cut a character in two: then ASCII follows its first bytes. Other
    /// bad bytes do not decide while they are few.
    [[nodiscard]] bool utf8() const {
        return m_bad == 0 ? m_good >= m_cut : m_good > 4 * (m_bad + m_cut);
    }
    [[nodiscard]] bool plain() const { return m_bad == 0 && m_good == 0 && m_cut == 0; }

  private:
    void add(unsigned char byte) {
        if (m_left > 0 && (byte & 0xC0U) == 0x80U) {
            if (--m_left == 0)
                ++m_good;
            return;
        }
        if (m_left > 0)
            ++(byte < 0x80 ? m_cut : m_bad);
        m_left = byte < 0x80 ? 0 : byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC2 ? 1 : 0;
        m_bad += byte >= 0x80 && m_left == 0 ? 1 : 0;
    }
    std::uint64_t m_good = 0;
    std::uint64_t m_bad = 0;
    std::uint64_t m_cut = 0;
    int m_left = 0;
};

/// Counts the columns of the rows of a CSV.
class RowWidths {
  public:
    void add(std::string_view bytes) {
        if (m_separator == '\0')
            m_separator = separator_of(bytes);
        std::size_t at = 0;
        for (; at < bytes.size() && m_in_head; ++at) {
            if (m_head.size() < most_head)
                m_head += bytes[at];
            m_row_end = m_at + at + 1;
            take(bytes[at]);
        }
        // Names and titles are behind: from here on it is counted only.
        for (; at < bytes.size(); ++at)
            take(bytes[at]);
        m_at += bytes.size();
        m_at_end = bytes.ends_with('\n');
    }

    void tell(SourceText& text) {
        m_row_end = m_at;
        if (!m_at_end)
            end_row();
        auto& cut = text.cut;
        std::uint64_t most = 0;
        for (const auto& [columns, rows] : m_rows)
            if (rows > most) {
                most = rows;
                cut.of = columns;
            }
        for (const auto& [columns, narrow] : m_narrower)
            if (columns < cut.of && narrow.rows > 0) {
                if (cut.rows == 0 || narrow.first < cut.first) {
                    cut.first = narrow.first;
                    cut.columns = columns;
                }
                cut.rows += narrow.rows;
            }
        text.blank_rows = std::move(m_blank_rows);
        if (m_head.size() < most_head)
            text.head = cells_of(m_head, m_separator);
        if (cut.of > 1 && m_titles > 0) {
            text.titles = m_titles;
            text.titles_end = m_titles_end;
            std::erase_if(text.blank_rows, [&](auto row) { return row <= m_titles; });
        }
    }

  private:
    void take(char c) {
        if (c == '"')
            m_quoted = !m_quoted;
        else if (!m_quoted && c == '\n')
            end_row();
        else if (!m_quoted && c == m_separator)
            ++m_columns;
        else
            m_blank = m_blank && (c == '\r' || c == ' ');
    }

    struct Narrow {
        std::uint64_t rows = 0;
        std::uint64_t first = 0;
    };

    /// As GDAL takes it; a bar may be half of a Chinese character. A title above the names of the
    /// columns has none.
    static char separator_of(std::string_view head) {
        for (std::size_t at = 0; at < head.size();) {
            const auto line = head.substr(at, head.find('\n', at) - at);
            char best = '\0';
            std::ptrdiff_t most = 0;
            for (const char c : {',', ';', '\t'})
                if (const auto n = std::count(line.begin(), line.end(), c); n > most) {
                    best = c;
                    most = n;
                }
            if (best != '\0')
                return best;
            at += line.size() + 1;
        }
        return ',';
    }

    void end_row() {
        ++m_row;
        const bool nothing = m_blank && m_columns == 1;
        constexpr std::uint64_t most_titles = 10;
        if (m_columns == 1 && m_titles + 1 == m_row && m_titles < most_titles) {
            m_titles = m_row;
            m_titles_end = m_row_end;
            m_head.clear();
        } else {
            m_in_head = false;
        }
        if (nothing)
            m_blank_rows.push_back(m_row);
        if (!nothing) {
            ++m_rows[m_columns];
            // What is narrow above the widest row so far is a title.
            if (m_columns < m_widest) {
                auto& narrow = m_narrower[m_columns];
                if (narrow.rows++ == 0)
                    narrow.first = m_row;
            }
            m_widest = std::max(m_widest, m_columns);
        }
        m_columns = 1;
        m_blank = true;
    }

    /// The cells of a row, by the rules of RFC 4180.
    static std::vector<std::string> cells_of(std::string_view row, char separator) {
        if (row.starts_with("\xEF\xBB\xBF"))
            row.remove_prefix(3);
        while (row.ends_with('\n') || row.ends_with('\r'))
            row.remove_suffix(1);
        std::vector<std::string> cells(1);
        bool quoted = false;
        for (std::size_t i = 0; i < row.size(); ++i)
            if (row[i] == '"' && quoted && i + 1 < row.size() && row[i + 1] == '"')
                cells.back() += row[i++];
            else if (row[i] == '"')
                quoted = !quoted;
            else if (row[i] == separator && !quoted)
                cells.emplace_back();
            else
                cells.back() += row[i];
        return cells;
    }

    static constexpr std::size_t most_head = 1 << 16;
    std::string m_head;
    bool m_in_head = true;
    char m_separator = '\0';
    bool m_quoted = false;
    bool m_blank = true;
    bool m_at_end = true;
    std::uint64_t m_at = 0;
    std::uint64_t m_row_end = 0;
    std::uint64_t m_row = 0;
    std::uint64_t m_columns = 1;
    std::uint64_t m_widest = 0;
    std::uint64_t m_titles = 0;
    std::uint64_t m_titles_end = 0;
    std::vector<std::uint64_t> m_blank_rows;
    std::map<std::uint64_t, std::uint64_t> m_rows; ///< by columns
    std::map<std::uint64_t, Narrow> m_narrower;
};

} // namespace

std::string usual_encoding(std::string name) {
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return std::toupper(c); });
    for (const char* chinese : {"GBK", "GB2312", "GB18030", "CP936", "936", "EUC-CN"})
        if (name == chinese)
            return "GB18030";
    if (name == "UTF8" || name == "UTF-8" || name == "65001" || name == "CP65001")
        return "UTF-8";
    if (name == "ISO-8859-1" || name == "ISO8859-1" || name == "88591")
        return {}; // what Shapefile writers put where they know nothing
    return name;
}

bool is_text_table(const fs::path& path) {
    const auto ending = small_extension(path);
    return ending == ".csv" || ending == ".tsv" || ending == ".txt";
}

SourceText source_text(const fs::path& path, const std::string& layer) {
    const auto name = text_file(path, layer);
    if (name.empty())
        return {};
    const File file{VSIFOpenL(name.string().c_str(), "rb")};
    if (!file)
        return {};
    std::array<char, 1 << 16> buffer{};
    const auto read = [&] {
        return std::string_view{buffer.data(),
                                VSIFReadL(buffer.data(), 1, buffer.size(), file.get())};
    };
    auto bytes = read();
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))
        throw input_error(fmt::format("'{}' is UTF-16", name.string()),
                          "save it as CSV UTF-8: in Excel 'CSV UTF-8 (Comma delimited)'");
    if (small_extension(name) == ".dbf" && bytes.size() > 32) {
        // The records only: the header holds numbers as bytes.
        const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
        const std::size_t header = at(8) + 256U * at(9);
        VSIFSeekL(file.get(), header, SEEK_SET);
        bytes = read();
    }
    Utf8Score score;
    std::optional<RowWidths> widths;
    if (is_text_table(name))
        widths.emplace();
    for (; !bytes.empty(); bytes = read()) {
        score.add(bytes);
        if (widths)
            widths->add(bytes);
    }
    SourceText text;
    text.encoding = score.plain() ? "" : score.utf8() ? "UTF-8" : "GB18030";
    if (widths)
        widths->tell(text);
    return text;
}

} // namespace riskmap::vector
