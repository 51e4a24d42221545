// SPDX-License-Identifier: MIT
#include "reader.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include <riskmap/core/file.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/geo/content.hpp>
#include <riskmap/geo/crs.hpp>
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
bool is_table_of(const toml::node& node, bool (*fits)(const toml::node&)) {
    const auto* table = node.as_table();
    return table != nullptr && std::all_of(table->begin(), table->end(),
                                           [&](const auto& entry) { return fits(entry.second); });
}
/// "1/3", which no decimal number is.
std::optional<double> fraction(std::string_view text) {
    const auto bar = text.find('/');
    if (bar == std::string_view::npos)
        return std::nullopt;
    const auto above = parse_number(trim(text.substr(0, bar)));
    const auto below = parse_number(trim(text.substr(bar + 1)));
    return above && below && *below != 0 ? std::optional{*above / *below} : std::nullopt;
}
bool is_entry(const toml::node& node) {
    return is_number(node) || (node.is_string() && fraction(node.value_or(std::string{})));
}
bool is_row(const toml::node& node) {
    return list_of(node, &is_entry);
}

bool fits(const toml::node& node, KeyType type) {
    switch (type) {
    case KeyType::text:
    case KeyType::file:
    case KeyType::source:
        return node.is_string();
    case KeyType::pairs:
        return list_of(node, &is_text) || is_table_of(node, &is_text);
    case KeyType::classes:
        return list_of(node, &is_number) || is_table_of(node, &is_number);
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
    case KeyType::source:
        return "a text in quotes";
    case KeyType::pairs:
        return "a table {ours = \"theirs\"}, or a list of texts \"theirs=ours\"";
    case KeyType::classes:
        return "a list of numbers, or a table {word = number}";
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
        return "a list of lists of numbers or fractions such as \"1/3\"";
    }
    return "";
}

bool finite(const toml::node& node) {
    if (const auto* list = node.as_array())
        return std::all_of(list->begin(), list->end(),
                           [](const toml::node& n) { return finite(n); });
    if (const auto* table = node.as_table())
        return std::all_of(table->begin(), table->end(),
                           [](const auto& entry) { return finite(entry.second); });
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

/// Of a number, or of each of a list.
bool in_range(const Key& key, const toml::node& node) {
    if (const auto* list = node.as_array())
        return std::all_of(list->begin(), list->end(),
                           [&](const toml::node& n) { return in_range(key, n); });
    const auto number = node.value<double>();
    return !number ||
           ((key.above ? *number > key.least : *number >= key.least) && *number <= key.most);
}

void check_rule(const fs::path& file, const Key& key, const toml::node& node) {
    if (key.rule == nullptr)
        return;
    try {
        key.rule(node.value_or(std::string{}));
    } catch (const Error& error) {
        throw input_error(
            fmt::format("{}: {}.{}: {}", place(file, node), key.section, key.name, error.what()),
            error.hint());
    }
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
    if (!in_range(key, node))
        throw input_error(
            fmt::format("{}: {}.{} is out of range", place(file, node), key.section, key.name),
            fmt::format("give {}", range_of(key, Language::en)));
    check_choice(file, key, node);
    check_rule(file, key, node);
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
                std::string{key.en});
}

/// Keys of a thousand parts ("a.a.a ..."), which take the parser down.
bool is_too_deep(std::string_view text) {
    constexpr int deepest = 500;
    int dots = 0;
    for (const char c : text) {
        if (std::string_view{"=,{}[]#\n"}.find(c) != std::string_view::npos)
            dots = 0;
        else if (c == '.' && ++dots > deepest)
            return true;
    }
    return false;
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

CheckedFile::CheckedFile(const fs::path& file, const Instead& instead) : m_file{file} {
    const auto text = read_file(file);
    if (!is_utf8(text))
        throw input_error(fmt::format("'{}' is not UTF-8", file.string()),
                          "save it as UTF-8 (iconv -f GB18030 -t UTF-8 OLD > NEW)");
    if (is_too_deep(text))
        throw input_error(fmt::format("'{}' is nested too deeply", file.string()),
                          "its sections are one or two deep: [areas.city]");
    try {
        m_table = toml::parse(text, file.string());
    } catch (const toml::parse_error& error) {
        throw input_error(
            fmt::format("{}:{}: {}", file.string(), error.source().begin.line, error.description()),
            "see https://toml.io for the notation");
    }
    for (const auto& [key, number] : instead) {
        const auto dot = key.rfind('.');
        auto* section = m_table[key.substr(0, dot)].as_table();
        if (section == nullptr)
            section = m_table.insert_or_assign(key.substr(0, dot), toml::table{})
                          .first->second.as_table();
        section->insert_or_assign(key.substr(dot + 1), number);
    }
    check_table(m_file, "", m_table);
    m_outside = m_table["check"]["allow_outside"].value_or(false);
    for (const auto& section : schema_sections())
        if (section.required && descend(m_table, std::string{section.path}) == nullptr)
            throw input_error(fmt::format("'{}' lacks the section {}{}{}", file.string(),
                                          section.repeated ? "[[" : "[", section.path,
                                          section.repeated ? "]]" : "]"),
                              std::string{section.en});
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
std::int64_t SectionReader::long_whole(const char* key) const {
    return value<std::int64_t>(key).value_or(0);
}
int SectionReader::whole(const char* key) const {
    const auto number = long_whole(key);
    using Limits = std::numeric_limits<int>;
    if (number < Limits::min() || number > Limits::max())
        throw error(fmt::format("{} = {} is beyond what it can be", key, number),
                    fmt::format("at most {}", Limits::max()), key);
    return static_cast<int>(number);
}
bool SectionReader::flag(const char* key) const {
    return value<bool>(key).value_or(false);
}

fs::path SectionReader::inside(const fs::path& name, const char* key) const {
    const auto path = fs::absolute(m_file).parent_path() / name;
    std::error_code ignored;
    if (!fs::exists(path, ignored))
        throw error(fmt::format("{}.{}: no such file '{}'", m_path, key, name.string()),
                    fmt::format("it is looked for as '{}'", path.lexically_normal().string()), key);
    const auto folder = fs::weakly_canonical(fs::absolute(m_file).parent_path(), ignored);
    const auto leaves = [&](const fs::path& piece) {
        const auto place = fs::weakly_canonical(piece, ignored).lexically_relative(folder);
        return place.empty() || *place.begin() == "..";
    };
    constexpr const char* hint = "put the file into it, or say allow_outside = true in [check]";
    if (!m_outside && leaves(path))
        throw error(
            fmt::format("{}.{}: '{}' leaves the project's folder", m_path, key, name.string()),
            hint, key);
    // What a layer pulls in obeys the same rule: sources of virtual files, sidecars by a link.
    for (const auto& piece : pieces_of(path.lexically_normal()))
        if (!m_outside && leaves(piece))
            throw error(fmt::format("{}.{}: '{}' reads '{}', which leaves the project's folder",
                                    m_path, key, name.string(), piece.string()),
                        hint, key);
    return path.lexically_normal();
}

fs::path SectionReader::file(const char* key) const {
    const auto name = text(key);
    return name.empty() ? fs::path{} : inside(name, key);
}

spec::Source SectionReader::source_of(const std::string& text, const char* key) const {
    spec::Source source;
    std::error_code ignored;
    // A file's own name may hold blanks and colons.
    if (fs::exists(fs::absolute(m_file).parent_path() / text, ignored)) {
        source.file = text;
    } else {
        try {
            source = spec::Source::parse(text);
        } catch (const Error& failure) {
            throw error(failure.what(), failure.hint(), key);
        }
    }
    source.file = inside(source.file, key);
    return source;
}

spec::Source SectionReader::source(const char* key) const {
    const auto name = text(key);
    if (name.empty())
        return {};
    auto source = source_of(name, key);
    const auto companion = [&](const char* word) { return companion_name(key, word); };
    const auto take = [&](std::string& into, const char* word) {
        if (auto said = text(companion(word).c_str()); !said.empty())
            into = std::move(said);
    };
    take(source.layer, "layer");
    take(source.crs, "crs");
    take(source.encoding, "encoding");
    take(source.where, "where");
    take(source.unit, "band_unit");
    if (const int band = whole(companion("band").c_str()); band != 0)
        source.band = band;
    if (const auto nodata = maybe_number(companion("nodata").c_str()))
        source.nodata = nodata;
    if (const auto nodata = maybe_number(companion("where_nodata").c_str()))
        source.where_nodata = nodata;
    source.factor *= number(companion("band_factor").c_str());
    for (auto& pair : pairs(companion("fields"), PairOrder::theirs_first))
        source.fields.push_back(std::move(pair));
    for (auto& pair : pairs(companion("units"), PairOrder::ours_first))
        source.units.push_back(std::move(pair));
    if (!source.crs.empty())
        try {
            (void)Crs::parse(source.crs);
        } catch (const Error& failure) {
            throw error(failure.what(), failure.hint(), companion("crs").c_str());
        }
    return source;
}

spec::Pairs SectionReader::pairs(const std::string& key, PairOrder order) const {
    const bool ours_first = order == PairOrder::ours_first;
    spec::Pairs out;
    const auto* found = node(key.c_str());
    if (found == nullptr)
        return out;
    if (const auto* table = found->as_table()) {
        for (const auto& [key_of_table, value] : *table) {
            std::pair<std::string, std::string> pair{key_of_table.str(),
                                                     value.value_or(std::string{})};
            if (!ours_first)
                std::swap(pair.first, pair.second);
            out.push_back(std::move(pair));
        }
        return out;
    }
    for (const auto& item : *found->as_array()) {
        const auto pair = item.value_or(std::string{});
        try {
            for (auto& entry : spec::parse_pairs(pair, key))
                out.push_back(std::move(entry));
        } catch (const Error&) {
            throw error(fmt::format("{}: '{}' is no pair", key, pair),
                        ours_first ? "write \"field=unit\"" : "write \"theirs=ours\"", key.c_str());
        }
    }
    return out;
}

void SectionReader::classes(const char* key, spec::Source& source) const {
    const auto* found = node(key);
    if (found == nullptr)
        return;
    if (const auto* table = found->as_table())
        for (const auto& [word, value] : *table)
            source.class_values[std::string{word.str()}] = value.value_or(0.0);
    else
        source.classes = numbers(key);
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
                numbers.push_back(item.is_string() ? fraction(item.value_or(std::string{})).value()
                                                   : item.value_or(0.0));
        }
    return out;
}

void SectionReader::refuse_others(const char* key, const std::vector<std::string>& known) const {
    std::string_view one{key};
    if (one.ends_with('s'))
        one.remove_suffix(1); // of formats a format
    for (const auto& text : texts(key))
        if (std::find(known.begin(), known.end(), text) == known.end())
            throw error(fmt::format("unknown {} '{}'", one, text),
                        fmt::format("known: {}", fmt::join(known, ", ")), key);
}

void name_column(spec::Source& source, const std::string& theirs, const char* ours) {
    if (!theirs.empty())
        source.fields.emplace_back(theirs, ours);
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
