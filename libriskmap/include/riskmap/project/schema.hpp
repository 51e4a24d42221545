// SPDX-License-Identifier: MIT
// What a project file may say: its sections and keys, as the tables of the sections
// (libriskmap/project/sections) give them. Checking, run.json, `riskmap init` and the reference
// pages all come from them.
#pragma once

#include <limits>
#include <span>
#include <string>
#include <string_view>

#include <riskmap/core/text.hpp>

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
    std::string_view name;
    KeyType type;
    std::string_view fallback = {}; ///< as TOML; empty: none
    std::string_view zh;            ///< what it is
    std::string_view en;
    std::string_view unit = {};    ///< of numbers, "m", "km/h"; as `unit_name` takes it
    std::string_view example = {}; ///< as TOML, for the template
    bool required = false;
    std::string (*choices)() = nullptr; ///< names it may take, separated by ", "
    double least = -std::numeric_limits<double>::infinity(); ///< of a number, or of those of a list
    double most = std::numeric_limits<double>::infinity();
    bool above = false;                         ///< `least` itself is not allowed
    void (*rule)(const std::string&) = nullptr; ///< \throws Error if a text is not understood
    bool companion = false;                     ///< says more of a source; in every section alike
    bool older = false;                         ///< another key says the same now
    std::string_view section = {};              ///< "areas.city", "hazard"

    [[nodiscard]] std::string_view doc(Language language) const {
        return language == Language::zh ? zh : en;
    }
};

struct Section {
    std::string_view path;
    bool repeated = false; ///< [[section]] instead of [section]
    bool required = false;
    std::string_view zh; ///< what it is about
    std::string_view en;
    bool by_presence = false; ///< what it is about is left out where it is not written

    [[nodiscard]] std::string_view doc(Language language) const {
        return language == Language::zh ? zh : en;
    }
};

[[nodiscard]] std::span<const Section> schema_sections();
/// All keys; each source is followed by its companions (`file`: `layer`, `crs`, `fields` ...;
/// `fires`: `fires_layer` ...).
[[nodiscard]] std::span<const Key> schema_keys();
/// The name of a companion of a source: "layer" of "file", "fires_layer" of "fires".
[[nodiscard]] std::string companion_name(std::string_view source, std::string_view companion);
/// "years" -> "年"; symbols stay.
[[nodiscard]] std::string_view unit_name(std::string_view unit, Language language);
/// "0 or more", "above 0, at most 1"; empty: any number.
[[nodiscard]] std::string range_of(const Key& key, Language language);

/// A commented project file that a new project starts from.
[[nodiscard]] std::string project_template(Language language);
/// The reference page (Markdown).
[[nodiscard]] std::string schema_reference(Language language);

} // namespace riskmap::project
