// SPDX-License-Identifier: MIT
// What is made from the schema table: the template and the reference page.
#include <riskmap/project/schema.hpp>

#include <fmt/format.h>

namespace riskmap::project {

namespace {

std::string heading(const Section& section) {
    const std::string path{section.path};
    return section.repeated ? "[[" + path + "]]" : "[" + path + "]";
}

std::string_view type_name(KeyType type) {
    switch (type) {
    case KeyType::text:
        return "text";
    case KeyType::number:
        return "number";
    case KeyType::whole:
        return "whole number";
    case KeyType::flag:
        return "true or false";
    case KeyType::file:
        return "file";
    case KeyType::numbers:
        return "list of numbers";
    case KeyType::texts:
        return "list of texts";
    case KeyType::rows:
        return "list of lists of numbers";
    case KeyType::source:
        return "source";
    case KeyType::pairs:
        return "table of names";
    case KeyType::classes:
        return "list of numbers, or table of words";
    }
    return "";
}

std::string comment_of(const Key& key) {
    std::string comment{key.doc};
    if (key.choices != nullptr)
        comment += " (" + key.choices() + ")";
    return comment;
}

/// Sections whose keys the template leaves commented out.
bool optional_in_template(std::string_view path) {
    return path == "hazard.map" || path == "prevention.override" ||
           path.starts_with("vulnerability") || path.starts_with("capacity") ||
           path.starts_with("forest") || path == "census" || path == "check";
}

} // namespace

std::string project_template() {
    std::string out = "# A riskmap project. Paths are relative to this file.\n"
                      "# Lines that begin with #: defaults, or parts you may not need.\n"
                      "# Reference: docs/project-file.md\n";
    for (const auto& section : schema_sections()) {
        const std::string off = optional_in_template(section.path) ? "# " : "";
        out += "\n# " + std::string{section.doc} + "\n" + off + heading(section) + "\n";
        for (const auto& key : schema_keys()) {
            if (key.section != section.path || key.companion)
                continue;
            const bool shown = !key.example.empty();
            const std::string value{shown                  ? key.example
                                    : key.fallback.empty() ? std::string_view{"..."}
                                                           : key.fallback};
            out += (shown ? off : "# ") + std::string{key.name} + " = " + value;
            out += "  # " + comment_of(key) + "\n";
        }
    }
    return out;
}

std::string schema_reference() {
    std::string out =
        "# The project file\n\n"
        "<!-- Made by `riskmap init --reference`; a test compares the two. -->\n\n"
        "One project is one TOML file in UTF-8. Paths are relative to it. A key that is not\n"
        "listed here is an error that names the nearest one and its line. `riskmap init`\n"
        "writes a commented file to start from; the `project.toml` files below `data/` run.\n";
    out +=
        "\n## Sources\n\n"
        "A key of type *source* names a layer, table or raster: a file, or a file with words\n"
        "behind it, as on the command line (`\"census.gpkg:cameras fields=挂高=mast_m\"`,\n"
        "`\"rain.nc:depth:3\"`). What the words say may stand in keys of its own as well. Of the\n"
        "key `file` these are called as below; of another one, as `fires`, they follow its name:\n"
        "`fires_layer`, `fires_fields`.\n\n"
        "| key | type | default | what it says |\n|---|---|---|---|\n";
    for (const auto& key : schema_keys())
        if (key.companion && key.section == "census")
            out += fmt::format("| `{}` | {} | {} | {} |\n", key.name, type_name(key.type),
                               key.fallback.empty() ? "none" : fmt::format("`{}`", key.fallback),
                               key.doc);
    for (const auto& section : schema_sections()) {
        out += "\n## " + heading(section) + "\n\n" + std::string{section.doc} +
               (section.required ? " Required." : "") + "\n\n";
        out += "| key | type | default | what it says |\n|---|---|---|---|\n";
        for (const auto& key : schema_keys()) {
            if (key.section != section.path || key.companion)
                continue;
            const auto fallback = key.required           ? std::string{"required"}
                                  : key.fallback.empty() ? std::string{"none"}
                                                         : "`" + std::string{key.fallback} + "`";
            std::string doc{key.doc};
            if (key.choices != nullptr)
                doc += "; one of: " + key.choices();
            out += "| `" + std::string{key.name} + "` | " + std::string{type_name(key.type)} +
                   " | " + fallback + " | " + doc + " |\n";
        }
    }
    return out;
}

} // namespace riskmap::project
