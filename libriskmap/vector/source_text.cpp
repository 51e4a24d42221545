// SPDX-License-Identifier: MIT
#include "source_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>

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

std::string found_encoding(const fs::path& path, const std::string& layer) {
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
    for (; !bytes.empty(); bytes = read())
        score.add(bytes);
    return score.plain() ? "" : score.utf8() ? "UTF-8" : "GB18030";
}

} // namespace riskmap::vector
