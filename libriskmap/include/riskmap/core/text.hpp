// SPDX-License-Identifier: MIT
// Text as it arrives: encodings, numbers, names that were nearly right.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace riskmap {

enum class Language { zh, en };

/// A word in both languages.
struct Words {
    std::string zh;
    std::string en;

    /// The word in a language, or in the other one if it has none there.
    [[nodiscard]] const std::string& in(Language language) const noexcept {
        const std::string& wanted = language == Language::zh ? zh : en;
        return !wanted.empty() ? wanted : (language == Language::zh ? en : zh);
    }
};

[[nodiscard]] bool is_utf8(std::string_view bytes) noexcept;

/// The text as UTF-8: unchanged if it already is, else decoded as GB18030
/// (which contains GBK and GB2312), else each bad byte becomes U+FFFD.
[[nodiscard]] std::string to_utf8(std::string_view bytes);

/// The text decoded from a named encoding ("GB18030", "UTF-8", ...), bad bytes replaced.
/// \throws Error{input} if the encoding is not known.
[[nodiscard]] std::string decoded(std::string_view bytes, const std::string& encoding);

/// The bytes without the piece of a character at their end, where a field was too short for all
/// of it. Of UTF-8 and GB18030; others as they are.
[[nodiscard]] std::string_view whole_characters(std::string_view bytes,
                                                const std::string& encoding) noexcept;

/// Whether an encoding of that name is known here.
[[nodiscard]] bool is_encoding(const std::string& name);

/// Full-width letters, digits, signs and blanks of UTF-8 text as their ASCII ones.
[[nodiscard]] std::string half_width(std::string_view text);

/// A whole-string finite decimal number in the C locale, blanks around it
/// allowed; nothing for anything else, so that "12 m" is never read as 12.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

/// ASCII capitals as small letters, all other bytes as they are.
[[nodiscard]] std::string small_letters(std::string_view text);

[[nodiscard]] std::string_view trim(std::string_view text) noexcept;
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);

/// "FILE[:LAYER] key=value flag ...": a layer as written on the command line.
/// The file's name may hold blanks; it ends before the first word with '='
/// or the first of `flags`.
struct LayerText {
    std::string file;
    std::string layer;
    std::vector<std::pair<std::string, std::string>> words; ///< a flag has no value
};
[[nodiscard]] LayerText parse_layer_text(std::string_view text,
                                         std::span<const std::string_view> flags = {});
/// FILE[:LAYER] into its two parts.
[[nodiscard]] std::pair<std::string, std::string> split_layer_name(std::string_view text);

/// The candidate with the smallest edit distance to `word`, if it is near
/// enough to be a slip of the fingers (at most a third of the letters).
[[nodiscard]] std::optional<std::string> nearest_name(std::string_view word,
                                                      std::span<const std::string> candidates);

/// A name that is safe as one path component on every system: control
/// characters, separators, quotes and wildcards become '-', "." and ".." vanish.
[[nodiscard]] std::string safe_file_name(std::string_view text);

/// Text with the five characters special to XML and HTML escaped and control
/// characters that XML 1.0 forbids left out.
[[nodiscard]] std::string escape_xml(std::string_view text);

/// The shortest text that reads back as exactly this number ("nan" for NaN).
[[nodiscard]] std::string number_text(double value);

} // namespace riskmap
