// SPDX-License-Identifier: MIT
#include "join.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>

#include "prints.hpp"

namespace riskmap::census {

namespace {

using vector::FieldType;

void add_source_field(vector::Layer& layer, const std::string& file) {
    if (layer.has_field(source_field))
        return;
    layer.fields.push_back({source_field, FieldType::text, "来源文件 source file"});
    for (auto& feature : layer.features)
        feature.values.emplace_back(file);
}

FieldType common(FieldType a, FieldType b) {
    if (a == b)
        return a;
    return a == FieldType::text || b == FieldType::text ? FieldType::text : FieldType::real;
}

vector::Value as(const vector::Value& value, FieldType type) {
    if (std::holds_alternative<std::monostate>(value))
        return value;
    if (type == FieldType::text)
        return vector::text_of(value);
    if (const auto* whole = std::get_if<std::int64_t>(&value); type == FieldType::real && whole)
        return static_cast<double>(*whole);
    return value;
}

/// The fields of both, and where those of `more` are among them.
std::vector<std::size_t> reconcile(vector::Layer& into, const vector::Layer& more) {
    std::vector<std::size_t> place;
    for (const auto& field : more.fields) {
        const auto same = std::find_if(into.fields.begin(), into.fields.end(),
                                       [&](const auto& own) { return own.name == field.name; });
        place.push_back(static_cast<std::size_t>(same - into.fields.begin()));
        if (same == into.fields.end())
            into.fields.push_back(field);
        else
            same->type = common(same->type, field.type);
    }
    for (auto& feature : into.features) {
        feature.values.resize(into.fields.size());
        for (std::size_t f = 0; f < into.fields.size(); ++f)
            feature.values[f] = as(feature.values[f], into.fields[f].type);
    }
    return place;
}

/// What makes two features one: place and values, without the file they came from.
std::pair<Print, Print> print_of(const vector::Feature& feature, std::size_t source) {
    auto values = feature.values;
    values[source] = {};
    return {census::print_of(feature.shape), census::print_of(values)};
}

} // namespace

std::size_t join(vector::Layer& into, const std::string& into_file, vector::Layer more,
                 const std::string& more_file, const std::string& unique_code) {
    if (into.crs.empty() != more.crs.empty())
        throw input_error(
            fmt::format("'{}' and '{}' are layers of one kind, but only one of them has "
                        "places",
                        into_file, more_file),
            "give one of them, or say what the other is: spec=NAME after its name");
    add_source_field(into, into_file);
    add_source_field(more, more_file);
    const auto place = reconcile(into, more);
    const auto source = into.field(source_field);
    std::set<std::pair<Print, Print>> seen;
    std::map<std::string, std::size_t> by_code;
    const bool coded = !unique_code.empty() && into.has_field(unique_code);
    const auto code = coded ? into.field(unique_code) : 0;
    for (std::size_t i = 0; i < into.features.size(); ++i) {
        seen.insert(print_of(into.features[i], source));
        if (coded)
            by_code.emplace(vector::text_of(into.features[i].values[code]), i);
    }
    std::set<Print> places;
    if (!coded)
        for (const auto& feature : into.features)
            if (!feature.shape.empty())
                places.insert(census::print_of(feature.shape));
    std::size_t twice = 0;
    std::size_t same_place = 0;
    for (auto& feature : more.features) {
        vector::Feature added{{}, std::move(feature.shape)};
        added.values.resize(into.fields.size());
        for (std::size_t f = 0; f < place.size(); ++f)
            added.values[place[f]] = as(feature.values[f], into.fields[place[f]].type);
        if (seen.contains(print_of(added, source))) {
            ++twice;
            continue;
        }
        if (coded)
            if (const auto text = vector::text_of(added.values[code]);
                by_code.contains(text) && !text.empty())
                throw input_error(
                    fmt::format("{} {} stands in '{}' and in '{}' with other values", unique_code,
                                text, vector::text_of(into.features[by_code[text]].values[source]),
                                more_file),
                    "they are two states of one layer, as of two years: give the one that counts");
        same_place += places.contains(census::print_of(added.shape)) ? 1 : 0;
        into.features.push_back(std::move(added));
    }
    // Two villages may share a point; a layer that lies upon another is an older one of it.
    if (same_place * 5 > more.features.size())
        throw input_error(fmt::format("'{}' has {} features at the very places of those in '{}', "
                                      "with other values",
                                      more_file, same_place, into_file),
                          "they are two states of one layer, as of two years: give the one that "
                          "counts");
    return twice;
}

} // namespace riskmap::census
