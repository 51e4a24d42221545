// SPDX-License-Identifier: MIT
#include <riskmap/record/settings.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <riskmap/core/error.hpp>

namespace riskmap::record {

namespace {

using Json = nlohmann::ordered_json;

std::string id_of(const Json& entry) {
    const auto id = entry.find("id");
    return id == entry.end() || !id->is_string() ? std::string{} : id->get<std::string>();
}

void flatten(const std::string& name, const Json& json, Settings& out) {
    if (json.is_object()) {
        for (const auto& [key, value] : json.items())
            flatten(name.empty() ? key : name + "." + key, value, out);
        return;
    }
    if (!json.is_array() || json.empty() || !json[0].is_object()) {
        out[name] = json.dump();
        return;
    }
    std::string order; // counts: weights and matrices go by it
    for (std::size_t i = 0; i < json.size(); ++i) {
        const auto id = id_of(json[i]);
        flatten(name + "." + (id.empty() ? std::to_string(i + 1) : id), json[i], out);
        if (!id.empty())
            order += (order.empty() ? "" : ", ") + id;
    }
    if (!order.empty())
        out[name] = order;
}

std::string shown(const Settings& settings, const std::string& key) {
    constexpr std::size_t most = 60;
    const auto found = settings.find(key);
    if (found == settings.end())
        return "(none)";
    const auto& value = found->second;
    if (value.size() <= most)
        return value;
    auto end = most - 3;
    while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0U) == 0x80U)
        --end; // not within a character
    return value.substr(0, end) + "...";
}

} // namespace

Settings settings_of(const std::string& json) {
    const auto parsed = Json::parse(json, nullptr, false);
    if (parsed.is_discarded())
        throw input_error("the settings of a run are not JSON");
    Settings out;
    flatten("", parsed, out);
    return out;
}

std::string difference(const Settings& before, const Settings& after) {
    std::string first;
    std::size_t count = 0;
    const auto told = [&](const std::string& key) {
        if (count++ == 0)
            first = fmt::format("{}: {} -> {}", key, shown(before, key), shown(after, key));
    };
    for (const auto& [key, value] : before)
        if (const auto found = after.find(key); found == after.end() || found->second != value)
            told(key);
    for (const auto& [key, value] : after)
        if (!before.contains(key))
            told(key);
    return count < 2 ? first : fmt::format("{} (and {} more)", first, count - 1);
}

} // namespace riskmap::record
