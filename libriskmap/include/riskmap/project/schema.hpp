// SPDX-License-Identifier: MIT
// The one table of what a project file may say. Checking, `riskmap init` and
// docs/project-file.md all come from it.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace riskmap::project {

enum class KeyType {
    text,
    number,
    whole,
    flag,
    file,    ///< path relative to the project file
    numbers, ///< list of numbers
    texts,   ///< list of texts
    rows,    ///< list of lists of numbers
};

struct Key {
    std::string_view section; ///< "areas.city", "hazard"
    std::string_view name;
    KeyType type;
    std::string_view fallback;     ///< as TOML; empty: none
    std::string_view doc;          ///< what it is, with its unit
    std::string_view example = {}; ///< as TOML, for the template
    bool required = false;
    std::string (*choices)() = nullptr; ///< names it may take, separated by ", "
};

struct Section {
    std::string_view path;
    bool repeated; ///< [[section]] instead of [section]
    bool required;
    std::string_view doc;
};

[[nodiscard]] std::span<const Section> schema_sections();
[[nodiscard]] std::span<const Key> schema_keys();

/// A commented project file that a new project starts from.
[[nodiscard]] std::string project_template();
/// The reference page (Markdown).
[[nodiscard]] std::string schema_reference();

} // namespace riskmap::project
