// SPDX-License-Identifier: MIT
// What is made from the schema: the template and the reference page, each in both languages.
#include <riskmap/project/schema.hpp>

#include <fmt/format.h>

namespace riskmap::project {

namespace {

std::string heading(const Section& section) {
    const std::string path{section.path};
    return section.repeated ? "[[" + path + "]]" : "[" + path + "]";
}

Words type_name(KeyType type) {
    switch (type) {
    case KeyType::text:
        return {"文字", "text"};
    case KeyType::number:
        return {"数", "number"};
    case KeyType::whole:
        return {"整数", "whole number"};
    case KeyType::flag:
        return {"true 或 false", "true or false"};
    case KeyType::file:
        return {"文件", "file"};
    case KeyType::numbers:
        return {"数的列表", "list of numbers"};
    case KeyType::texts:
        return {"文字的列表", "list of texts"};
    case KeyType::rows:
        return {"数的列表的列表", "list of lists of numbers"};
    case KeyType::source:
        return {"数据源", "source"};
    case KeyType::pairs:
        return {"名称对照表", "table of names"};
    case KeyType::classes:
        return {"数的列表，或文字对照表", "list of numbers, or table of words"};
    }
    return {};
}

/// What a key is, with its range and unit.
std::string doc_of(const Key& key, Language language) {
    const bool zh = language == Language::zh;
    std::string doc{key.doc(language)};
    const auto add = [&](const std::string& part) { doc += (zh ? "；" : "; ") + part; };
    if (const auto range = range_of(key, language); !range.empty())
        add(range);
    if (!key.unit.empty())
        add((zh ? "单位：" : "in ") + std::string{unit_name(key.unit, language)});
    return doc;
}

std::string comment_of(const Key& key, Language language) {
    auto comment = doc_of(key, language);
    if (key.choices != nullptr)
        comment += (language == Language::zh ? "（" : " (") + key.choices() +
                   (language == Language::zh ? "）" : ")");
    return comment;
}

/// Sections whose keys the template leaves commented out.
bool optional_in_template(std::string_view path) {
    return path == "hazard.map" || path == "prevention.override" ||
           path.starts_with("vulnerability") || path.starts_with("capacity") ||
           path.starts_with("forest") || path == "census" || path == "check";
}

constexpr std::string_view template_head_en =
    "# A riskmap project. Paths are relative to this file.\n"
    "# Lines that begin with #: defaults, or parts you may not need.\n"
    "# Reference: docs/project-file.md\n";
constexpr std::string_view template_head_zh = "# riskmap 项目文件。路径相对于本文件。\n"
                                              "# 以 # 开头的行：默认值，或可能用不到的部分。\n"
                                              "# 全部键的说明：docs/project-file.zh.md\n";

constexpr std::string_view page_head_en =
    "# The project file\n\n"
    "<!-- Made by `riskmap init --reference`; a test compares the two. -->\n\n"
    "One project is one TOML file in UTF-8. Paths are relative to it. A key that is not\n"
    "listed here is an error that names the nearest one and its line. `riskmap init`\n"
    "writes a commented file to start from; the `project.toml` files below `data/` run.\n"
    "([中文](project-file.zh.md))\n"
    "\n## Sources\n\n"
    "A key of type *source* names a layer, table or raster: a file, or a file with words\n"
    "behind it, as on the command line (`\"census.gpkg:cameras fields=挂高=mast_m\"`,\n"
    "`\"rain.nc:depth:3\"`). What the words say may stand in keys of its own as well. Of the\n"
    "key `file` these are called as below; of another one, as `fires`, they follow its name:\n"
    "`fires_layer`, `fires_fields`.\n\n";
constexpr std::string_view page_head_zh =
    "# 项目文件\n\n"
    "<!-- 由 `riskmap --lang zh init --reference` 生成，测试会比较两者。 -->\n\n"
    "一个项目是一个 UTF-8 的 TOML 文件，路径相对于它。这里没有列出的键是错误，会指出最接近的键\n"
    "和所在的行。`riskmap --lang zh init` 写出一个带注释的文件作为起点；`data/` 下的\n"
    "`project.toml` 都可以直接运行。（[English](project-file.md)）\n"
    "\n## 数据源\n\n"
    "类型为“数据源”的键指一个图层、表或栅格：写文件名，后面可以跟说明，与命令行相同\n"
    "（`\"census.gpkg:cameras fields=挂高=mast_m\"`、`\"rain.nc:depth:3\"`）。说明也可以写成\n"
    "单独的键。键 `file` 的说明键如下表；其他键（如 `fires`）的说明键前面加它的名称：\n"
    "`fires_layer`、`fires_fields`。\n\n";

std::string table_head(Language language) {
    return language == Language::zh
               ? "| 键 | 类型 | 默认 | 说明 |\n|---|---|---|---|\n"
               : "| key | type | default | what it says |\n|---|---|---|---|\n";
}

std::string table_row(const Key& key, Language language) {
    const bool zh = language == Language::zh;
    const auto fallback = key.required           ? std::string{zh ? "必需" : "required"}
                          : key.fallback.empty() ? std::string{zh ? "无" : "none"}
                                                 : fmt::format("`{}`", key.fallback);
    auto doc = doc_of(key, language);
    if (key.choices != nullptr)
        doc += (zh ? "；取值：" : "; one of: ") + key.choices();
    return fmt::format("| `{}` | {} | {} | {} |\n", key.name, type_name(key.type).in(language),
                       fallback, doc);
}

} // namespace

std::string project_template(Language language) {
    std::string out{language == Language::zh ? template_head_zh : template_head_en};
    for (const auto& section : schema_sections()) {
        const std::string off = optional_in_template(section.path) ? "# " : "";
        out += fmt::format("\n# {}\n{}{}\n", section.doc(language), off, heading(section));
        for (const auto& key : schema_keys()) {
            if (key.section != section.path || key.companion || key.older)
                continue;
            const bool shown = !key.example.empty();
            const auto value = shown                  ? key.example
                               : key.fallback.empty() ? std::string_view{"..."}
                                                      : key.fallback;
            out += fmt::format("{}{} = {}  # {}\n", shown ? off : "# ", key.name, value,
                               comment_of(key, language));
        }
    }
    return out;
}

std::string schema_reference(Language language) {
    std::string out{language == Language::zh ? page_head_zh : page_head_en};
    out += table_head(language);
    for (const auto& key : schema_keys())
        if (key.companion && key.section == "census")
            out += table_row(key, language);
    for (const auto& section : schema_sections()) {
        out += fmt::format("\n## {}\n\n{}{}\n\n{}", heading(section), section.doc(language),
                           !section.required          ? ""
                           : language == Language::zh ? "必需。"
                                                      : " Required.",
                           table_head(language));
        for (const auto& key : schema_keys())
            if (key.section == section.path && !key.companion)
                out += table_row(key, language);
    }
    return out;
}

} // namespace riskmap::project
