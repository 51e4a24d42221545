// SPDX-License-Identifier: MIT
#include "reader.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <riskmap/core/file.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/project/schema.hpp>

namespace riskmap::project {

namespace {

namespace fs = std::filesystem;

std::string place(const fs::path& file, const toml::node& node) {
    return fmt::format("{}:{}", file.string(), node.source().begin.line);
}

const Key* find_key(const std::string& section, std::string_view name) {
    for (const auto& key : schema_keys())
        if (key.section == section && key.name == name)
            return &key;
    return nullptr;
}

const Section* find_section(const std::string& path) {
    for (const auto& section : schema_sections())
        if (section.path == path)
            return &section;
    return nullptr;
}

/// Names that may stand in a section: its keys and the sections below it.
std::vector<std::string> names_in(const std::string& path) {
    std::vector<std::string> names;
    for (const auto& key : schema_keys())
        if (key.section == path)
            names.emplace_back(key.name);
    const std::string prefix = path.empty() ? "" : path + ".";
    for (const auto& section : schema_sections()) {
        if (!section.path.starts_with(prefix))
            continue;
        const auto rest = section.path.substr(prefix.size());
        const std::string name{rest.substr(0, rest.find('.'))};
        if (std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(name);
    }
    return names;
}

bool list_of(const toml::node& node, bool (*fits)(const toml::node&)) {
    const auto* list = node.as_array();
    return list != nullptr &&
           std::all_of(list->begin(), list->end(), [&](const toml::node& n) { return fits(n); });
}
bool is_number(const toml::node& node) {
    return node.is_number();
}
bool is_text(const toml::node& node) {
    return node.is_string();
}
bool is_row(const toml::node& node) {
    return list_of(node, &is_number);
}

bool fits(const toml::node& node, KeyType type) {
    switch (type) {
    case KeyType::text:
    case KeyType::file:
        return node.is_string();
    case KeyType::number:
        return node.is_number();
    case KeyType::whole:
        return node.is_integer();
    case KeyType::flag:
        return node.is_boolean();
    case KeyType::numbers:
        return list_of(node, &is_number);
    case KeyType::texts:
        return list_of(node, &is_text);
    case KeyType::rows:
        return list_of(node, &is_row);
    }
    return false;
}

const char* wanted(KeyType type) {
    switch (type) {
    case KeyType::text:
    case KeyType::file:
        return "a text in quotes";
    case KeyType::number:
        return "a number";
    case KeyType::whole:
        return "a whole number";
    case KeyType::flag:
        return "true or false";
    case KeyType::numbers:
        return "a list of numbers";
    case KeyType::texts:
        return "a list of texts";
    case KeyType::rows:
        return "a list of lists of numbers";
    }
    return "";
}

bool finite(const toml::node& node) {
    if (const auto* list = node.as_array())
        return std::all_of(list->begin(), list->end(),
                           [](const toml::node& n) { return finite(n); });
    const auto number = node.value<double>();
    return !node.is_floating_point() || (number && std::isfinite(*number));
}

void check_choice(const fs::path& file, const Key& key, const toml::node& node) {
    if (key.choices == nullptr || key.type != KeyType::text)
        return;
    const auto value = node.value_or(std::string{});
    std::vector<std::string> names;
    for (const auto& part : split(key.choices(), ',')) {
        const std::string_view name = trim(part);
        // "linear:LO:HI", "a .csv file": such choices are checked where they are used.
        if (name.find_first_of(":[ ") != std::string_view::npos)
            return;
        names.emplace_back(name);
    }
    if ("\"" + value + "\"" == key.fallback ||
        std::find(names.begin(), names.end(), value) != names.end())
        return;
    const auto near = nearest_name(value, names);
    throw input_error(
        fmt::format("{}: {}.{} cannot be '{}'", place(file, node), key.section, key.name, value),
        near ? fmt::format("did you mean '{}'?", *near)
             : fmt::format("one of: {}", fmt::join(names, ", ")));
}

void check_key(const fs::path& file, const Key& key, const toml::node& node) {
    if (!fits(node, key.type))
        throw input_error(fmt::format("{}: {}.{} must be {}", place(file, node), key.section,
                                      key.name, wanted(key.type)),
                          key.fallback.empty() ? std::string{}
                                               : fmt::format("the default is {}", key.fallback));
    if (!finite(node))
        throw input_error(fmt::format("{}: {}.{} must be a finite number", place(file, node),
                                      key.section, key.name));
    check_choice(file, key, node);
}

void check_table(const fs::path& file, const std::string& path, const toml::table& table);

void check_section(const fs::path& file, const std::string& path, const toml::node& node) {
    const auto* section = find_section(path);
    if (section != nullptr && section->repeated) {
        const auto* list = node.as_array();
        if (list == nullptr || !list_of(node, [](const toml::node& n) { return n.is_table(); }))
            throw input_error(
                fmt::format("{}: write [[{}]] with two brackets", place(file, node), path),
                "it may stand several times");
        for (const auto& entry : *list)
            check_table(file, path, *entry.as_table());
        return;
    }
    if (!node.is_table())
        throw input_error(fmt::format("{}: write [{}] with one bracket", place(file, node), path),
                          "it stands once");
    check_table(file, path, *node.as_table());
}

void check_table(const fs::path& file, const std::string& path, const toml::table& table) {
    const auto names = names_in(path);
    for (const auto& [name, node] : table) {
        const std::string word{name.str()};
        const std::string inner = path.empty() ? word : path + "." + word;
        if (const auto* key = find_key(path, word)) {
            check_key(file, *key, node);
        } else if (std::find(names.begin(), names.end(), word) != names.end()) {
            check_section(file, inner, node);
        } else {
            const auto near = nearest_name(word, names);
            throw input_error(fmt::format("{}: unknown key '{}'{}", place(file, node), word,
                                          path.empty() ? "" : fmt::format(" in [{}]", path)),
                              near ? fmt::format("did you mean '{}'?", *near)
                                   : fmt::format("known here: {}", fmt::join(names, ", ")));
        }
    }
    for (const auto& key : schema_keys())
        if (key.section == path && key.required && !table.contains(key.name))
            throw input_error(
                fmt::format("{}: [{}] lacks the key '{}'", place(file, table), path, key.name),
                std::string{key.doc});
}

const toml::node* descend(const toml::table& table, const std::string& path) {
    const toml::node* node = &table;
    for (const auto& part : split(path, '.')) {
        const auto* inner = node->as_table();
        node = inner == nullptr ? nullptr : inner->get(part);
        if (node == nullptr)
            return nullptr;
    }
    return node;
}

} // namespace

CheckedFile::CheckedFile(const fs::path& file) : m_file{file} {
    const auto text = read_file(file);
    if (!is_utf8(text))
        throw input_error(fmt::format("'{}' is not UTF-8", file.string()),
                          "save it as UTF-8 (iconv -f GB18030 -t UTF-8 OLD > NEW)");
    try {
        m_table = toml::parse(text, file.string());
    } catch (const toml::parse_error& error) {
        throw input_error(
            fmt::format("{}:{}: {}", file.string(), error.source().begin.line, error.description()),
            "see https://toml.io for the notation");
    }
    check_table(m_file, "", m_table);
    m_outside = m_table["check"]["allow_outside"].value_or(false);
    for (const auto& section : schema_sections())
        if (section.required && descend(m_table, std::string{section.path}) == nullptr)
            throw input_error(fmt::format("'{}' lacks the section {}{}{}", file.string(),
                                          section.repeated ? "[[" : "[", section.path,
                                          section.repeated ? "]]" : "]"),
                              std::string{section.doc});
}

SectionReader CheckedFile::section(const std::string& path) const {
    const auto* node = descend(m_table, path);
    return {m_file, path, node == nullptr ? nullptr : node->as_table(), m_outside};
}

std::vector<SectionReader> CheckedFile::repeated(const std::string& path) const {
    return SectionReader{m_file, "", &m_table, m_outside}.repeated(path.c_str());
}

std::vector<SectionReader> SectionReader::repeated(const char* name) const {
    std::vector<SectionReader> out;
    const auto* list = m_table == nullptr ? nullptr : m_table->get_as<toml::array>(name);
    if (list != nullptr)
        for (const auto& entry : *list)
            out.emplace_back(m_file, m_path.empty() ? name : m_path + "." + name, entry.as_table(),
                             m_outside);
    return out;
}

const toml::node* SectionReader::node(const char* key) const {
    if (m_table != nullptr)
        if (const auto* found = m_table->get(key))
            return found;
    return nullptr;
}

template <class T>
std::optional<T> SectionReader::value(const char* key) const {
    if (const auto* found = node(key))
        return found->value<T>();
    const auto* entry = find_key(m_path, key);
    if (entry == nullptr)
        throw Error{ErrorKind::internal, fmt::format("no key {}.{} in the schema", m_path, key)};
    if (entry->fallback.empty())
        return std::nullopt;
    return toml::parse("v = " + std::string{entry->fallback}).get("v")->value<T>();
}

std::string SectionReader::text(const char* key) const {
    return value<std::string>(key).value_or("");
}
std::optional<double> SectionReader::maybe_number(const char* key) const {
    return value<double>(key);
}
double SectionReader::number(const char* key) const {
    return value<double>(key).value_or(0);
}
double SectionReader::positive(const char* key) const {
    const double value = number(key);
    if (!(value > 0))
        throw error(fmt::format("{} = {:g} must be above 0", key, value), "", key);
    return value;
}

int SectionReader::whole(const char* key) const {
    return value<int>(key).value_or(0);
}
bool SectionReader::flag(const char* key) const {
    return value<bool>(key).value_or(false);
}

fs::path SectionReader::file(const char* key) const {
    const auto name = text(key);
    if (name.empty())
        return {};
    const auto path = fs::absolute(m_file).parent_path() / fs::path{name};
    std::error_code ignored;
    if (!fs::exists(path, ignored))
        throw error(fmt::format("{}.{}: no such file '{}'", m_path, key, name),
                    fmt::format("it is looked for as '{}'", path.lexically_normal().string()), key);
    const auto folder = fs::weakly_canonical(fs::absolute(m_file).parent_path(), ignored);
    const auto inside = fs::weakly_canonical(path, ignored).lexically_relative(folder);
    if (!m_outside && (inside.empty() || *inside.begin() == ".."))
        throw error(fmt::format("{}.{}: '{}' leaves the project's folder", m_path, key, name),
                    "put the file into it, or say allow_outside = true in [check]", key);
    return path.lexically_normal();
}

std::vector<double> SectionReader::numbers(const char* key) const {
    std::vector<double> out;
    const auto* found = node(key);
    const auto* entry = find_key(m_path, key);
    const auto fallback = toml::parse("v = " + std::string{entry->fallback});
    for (const auto& item : *(found != nullptr ? found : fallback.get("v"))->as_array())
        out.push_back(item.value_or(0.0));
    return out;
}

std::vector<std::string> SectionReader::texts(const char* key) const {
    std::vector<std::string> out;
    const auto* found = node(key);
    const auto* entry = find_key(m_path, key);
    const auto fallback = toml::parse("v = " + std::string{entry->fallback});
    for (const auto& item : *(found != nullptr ? found : fallback.get("v"))->as_array())
        out.push_back(item.value_or(std::string{}));
    return out;
}

std::vector<std::vector<double>> SectionReader::rows(const char* key) const {
    std::vector<std::vector<double>> out;
    if (const auto* found = node(key))
        for (const auto& row : *found->as_array()) {
            auto& numbers = out.emplace_back();
            for (const auto& item : *row.as_array())
                numbers.push_back(item.value_or(0.0));
        }
    return out;
}

Error SectionReader::error(const std::string& what, const std::string& hint,
                           const char* key) const {
    const toml::node* at = key == nullptr ? nullptr : node(key);
    if (at == nullptr)
        at = m_table;
    return input_error(at == nullptr ? fmt::format("{}: {}", m_file.string(), what)
                                     : fmt::format("{}: {}", place(m_file, *at), what),
                       hint);
}

} // namespace riskmap::project
