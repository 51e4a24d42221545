// SPDX-License-Identifier: MIT
#include <riskmap/core/text.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <memory>
#include <numeric>
#include <tuple>

#include <fmt/format.h>
#include <iconv.h>

#include <riskmap/core/error.hpp>

namespace riskmap {

namespace {

constexpr std::string_view blanks = " \t\r\n\v\f";

std::string with_bad_bytes_replaced(std::string_view bytes) {
    std::string out;
    for (const char c : bytes) {
        if (static_cast<unsigned char>(c) < 0x80)
            out += c;
        else
            out += "\xEF\xBF\xBD";
    }
    return out;
}

std::optional<std::string> decode(std::string_view bytes, const char* encoding) {
    struct Close {
        void operator()(void* handle) const noexcept { iconv_close(handle); }
    };
    const iconv_t opened = iconv_open("UTF-8", encoding);
    if (reinterpret_cast<std::intptr_t>(opened) == -1)
        return std::nullopt;
    const std::unique_ptr<void, Close> converter{opened};
    std::string source{bytes};
    std::string out(bytes.size() * 4 + 4, '\0');
    char* in = source.data();
    char* to = out.data();
    std::size_t in_left = source.size();
    std::size_t out_left = out.size();
    if (iconv(converter.get(), &in, &in_left, &to, &out_left) == static_cast<std::size_t>(-1))
        return std::nullopt;
    out.resize(out.size() - out_left);
    return out;
}

/// Changes, insertions, deletions and swaps of neighbours that make b of a.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min(
                {last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1), last[j] + 1, row[j - 1] + 1});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

} // namespace

bool is_utf8(std::string_view bytes) noexcept {
    std::size_t i = 0;
    while (i < bytes.size()) {
        const auto lead = static_cast<unsigned char>(bytes[i]);
        std::size_t more = 0;
        unsigned least = 0;
        unsigned code = lead;
        if (lead >= 0xF0 && lead < 0xF5) {
            more = 3;
            least = 0x10000;
            code = lead & 0x07U;
        } else if (lead >= 0xE0 && lead < 0xF0) {
            more = 2;
            least = 0x800;
            code = lead & 0x0FU;
        } else if (lead >= 0xC2 && lead < 0xE0) {
            more = 1;
            least = 0x80;
            code = lead & 0x1FU;
        } else if (lead >= 0x80) {
            return false;
        }
        if (i + more >= bytes.size())
            return false;
        for (std::size_t k = 1; k <= more; ++k) {
            const auto next = static_cast<unsigned char>(bytes[i + k]);
            if ((next & 0xC0U) != 0x80U)
                return false;
            code = (code << 6U) | (next & 0x3FU);
        }
        if (code < least || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
            return false;
        i += more + 1;
    }
    return true;
}

std::string to_utf8(std::string_view bytes) {
    if (is_utf8(bytes))
        return std::string{bytes};
    if (auto text = decode(bytes, "GB18030"))
        return *std::move(text);
    return with_bad_bytes_replaced(bytes);
}

bool is_encoding(const std::string& name) {
    return decode("", name.c_str()).has_value();
}

std::string decoded(std::string_view bytes, const std::string& encoding) {
    if (encoding == "UTF-8")
        return is_utf8(bytes) ? std::string{bytes} : with_bad_bytes_replaced(bytes);
    if (auto text = decode(bytes, encoding.c_str()))
        return *std::move(text);
    if (!is_encoding(encoding))
        throw input_error(fmt::format("no encoding is called '{}'", encoding),
                          "UTF-8 and GB18030 (also for GBK) are usual");
    return with_bad_bytes_replaced(bytes);
}

std::string_view whole_characters(std::string_view bytes, const std::string& encoding) noexcept {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    std::size_t i = 0;
    while (i < bytes.size()) {
        std::size_t length = 1;
        if (encoding == "UTF-8")
            length = at(i) >= 0xF0 ? 4 : at(i) >= 0xE0 ? 3 : at(i) >= 0xC2 ? 2 : 1;
        else if (encoding == "GB18030" && at(i) > 0x80 && at(i) < 0xFF)
            length = i + 1 < bytes.size() && at(i + 1) >= '0' && at(i + 1) <= '9' ? 4 : 2;
        if (i + length > bytes.size())
            return bytes.substr(0, i);
        i += length;
    }
    return bytes;
}

std::string half_width(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto at = [&](std::size_t k) {
            return i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0U;
        };
        // U+FF01..U+FF5E are ASCII 0x21..0x7E; U+3000 is the blank.
        if (at(0) == 0xEF && (at(1) == 0xBC || at(1) == 0xBD)) {
            const unsigned code = 0xF000U | ((at(1) & 0x3FU) << 6U) | (at(2) & 0x3FU);
            if (code >= 0xFF01 && code <= 0xFF5E) {
                out += static_cast<char>(code - 0xFF01 + 0x21);
                i += 2;
                continue;
            }
        }
        if (at(0) == 0xE3 && at(1) == 0x80 && at(2) == 0x80) {
            out += ' ';
            i += 2;
            continue;
        }
        out += text[i];
    }
    return out;
}

std::string small_letters(std::string_view text) {
    std::string out{text};
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::string_view trim(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<double> parse_number(std::string_view text) {
    text = trim(text);
    if (text.starts_with('+'))
        text.remove_prefix(1);
    double value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (;;) {
        const auto at = text.find(separator);
        parts.emplace_back(text.substr(0, at));
        if (at == std::string_view::npos)
            return parts;
        text.remove_prefix(at + 1);
    }
}

std::pair<std::string, std::string> split_layer_name(std::string_view text) {
    const auto slash = text.find_last_of('/');
    const auto colon = text.find(':', slash == std::string_view::npos ? 0 : slash);
    if (colon == std::string_view::npos)
        return {std::string{text}, {}};
    return {std::string{text.substr(0, colon)}, std::string{text.substr(colon + 1)}};
}

LayerText parse_layer_text(std::string_view text, std::span<const std::string_view> flags) {
    LayerText out;
    std::string file;
    for (const auto& word : split(trim(text), ' ')) {
        const auto equals = word.find('=');
        const bool flag = std::find(flags.begin(), flags.end(), word) != flags.end();
        if (equals == std::string::npos && !flag && out.words.empty())
            file += (file.empty() ? "" : " ") + word;
        else if (!word.empty())
            out.words.emplace_back(word.substr(0, equals),
                                   equals == std::string::npos ? "" : word.substr(equals + 1));
    }
    std::tie(out.file, out.layer) = split_layer_name(trim(file));
    return out;
}

std::optional<std::string> nearest_name(std::string_view word,
                                        std::span<const std::string> candidates) {
    std::optional<std::string> best;
    std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (const auto& candidate : candidates) {
        const auto distance = edit_distance(word, candidate);
        if (distance < best_distance) {
            best_distance = distance;
            best = candidate;
        }
    }
    return best;
}

std::string safe_file_name(std::string_view text) {
    std::string name;
    for (const char c : to_utf8(trim(text))) {
        const bool special =
            std::string_view{"/\\:*?\"<>|'`$&;%"}.find(c) != std::string_view::npos;
        name += (static_cast<unsigned char>(c) < 0x21 || c == 0x7F || special) ? '-' : c;
    }
    while (name.starts_with('.') || name.starts_with('-'))
        name.erase(0, 1);
    constexpr std::size_t longest = 120; // ext4 and NTFS allow 255 bytes, with room for extensions
    if (name.size() > longest) {
        std::size_t cut = longest;
        while (cut > 0 && (static_cast<unsigned char>(name[cut]) & 0xC0U) == 0x80U)
            --cut;
        name.resize(cut);
    }
    return name.empty() ? "unnamed" : name;
}

std::string escape_xml(std::string_view text) {
    std::string out;
    for (const char c : to_utf8(text)) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            if (static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n')
                out += c;
        }
    }
    return out;
}

std::string number_text(double value) {
    std::array<char, 32> buffer{};
    const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    return {buffer.data(), result.ptr};
}

} // namespace riskmap
