// SPDX-License-Identifier: MIT
// What a project file says, whole: every key of the schema, with its default where it is left out.
#include <nlohmann/json.hpp>

#include "reader.hpp"

#include <riskmap/project/schema.hpp>

namespace riskmap::project {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const toml::node& node) {
    if (const auto* list = node.as_array()) {
        Json json = Json::array();
        for (const auto& item : *list)
            json.push_back(json_of(item));
        return json;
    }
    if (const auto* table = node.as_table()) {
        Json json = Json::object();
        for (const auto& [key, value] : *table)
            json[std::string{key.str()}] = json_of(value);
        return json;
    }
    if (const auto whole = node.value_exact<std::int64_t>())
        return *whole;
    if (const auto number = node.value_exact<double>())
        return *number;
    if (const auto flag = node.value_exact<bool>())
        return *flag;
    return node.value_or(std::string{});
}

/// The section of a path, or one below it where there is none ("areas").
const Section& section_named(const std::string& path, const Section& below) {
    for (const auto& section : schema_sections())
        if (section.path == path)
            return section;
    return below;
}

/// The keys of one section, and the sections below it.
Json section_json(const std::string& path, const toml::table* table) {
    Json json = Json::object();
    for (const auto& key : schema_keys()) {
        if (key.section != path)
            continue;
        const auto* node = table == nullptr ? nullptr : table->get(key.name);
        if (node != nullptr)
            json[std::string{key.name}] = json_of(*node);
        // What is said more of a source is there only where it is said.
        else if (!key.companion && !key.fallback.empty())
            json[std::string{key.name}] =
                json_of(*toml::parse("v = " + std::string{key.fallback}).get("v"));
    }
    const std::string prefix = path.empty() ? "" : path + ".";
    for (const auto& section : schema_sections()) {
        const std::string name{section.path};
        if (!name.starts_with(prefix) || name.size() == prefix.size())
            continue;
        const auto rest = name.substr(prefix.size());
        const auto child = rest.substr(0, rest.find('.'));
        if (json.contains(child))
            continue;
        const auto* node = table == nullptr ? nullptr : table->get(child);
        const auto& own = section_named(prefix + child, section);
        if (node == nullptr && (own.repeated || own.by_presence))
            continue;
        if (const auto* list = node == nullptr ? nullptr : node->as_array()) {
            json[child] = Json::array();
            for (const auto& entry : *list)
                json[child].push_back(section_json(prefix + child, entry.as_table()));
        } else {
            json[child] =
                section_json(prefix + child, node == nullptr ? nullptr : node->as_table());
        }
    }
    return json;
}

} // namespace

std::string CheckedFile::written() const {
    return section_json("", &m_table).dump();
}

} // namespace riskmap::project
