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
    source,  ///< a layer or raster: a file, or "FILE:LAYER:BAND key=value ..."; with companions
    numbers, ///< list of numbers
    texts,   ///< list of texts
    rows,    ///< list of lists of numbers
    pairs,   ///< {ours = "theirs"}, or a list of texts "theirs=ours"
    classes, ///< list of numbers, or {word = number}
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
    bool companion = false;             ///< says more of a source; in every section alike
};

struct Section {
    std::string_view path;
    bool repeated; ///< [[section]] instead of [section]
    bool required;
    std::string_view doc;
    bool by_presence = false; ///< what it is about is left out where it is not written
};

[[nodiscard]] std::span<const Section> schema_sections();
/// All keys; each source is followed by its companions (`file`: `layer`, `crs`, `fields` ...;
/// `fires`: `fires_layer` ...).
[[nodiscard]] std::span<const Key> schema_keys();
/// The name of a companion of a source: "layer" of "file", "fires_layer" of "fires".
[[nodiscard]] std::string companion_name(std::string_view source, std::string_view companion);

/// A commented project file that a new project starts from.
[[nodiscard]] std::string project_template();
/// The reference page (Markdown).
[[nodiscard]] std::string schema_reference();

} // namespace riskmap::project
