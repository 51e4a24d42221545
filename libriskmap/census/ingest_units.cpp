// SPDX-License-Identifier: MIT
#include "ingest_units.hpp"

#include <map>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "ingest_rasters.hpp"

namespace riskmap::census {

namespace {

std::size_t index_of(const Layers& layers, const Ingest& ingest, std::string_view spec) {
    for (std::size_t i = 0; i < layers.size(); ++i)
        if (ingest.layers[i].spec == spec)
            return i;
    return layers.size();
}

} // namespace

void describe(IngestedLayer& entry, const vector::Layer& layer, const std::vector<Words>& did) {
    entry.features = layer.features.size();
    entry.fields.clear();
    for (const auto& field : layer.fields)
        entry.fields.push_back(field.name);
    if (layer.has_field("pga_g")) {
        std::vector<double> values;
        for (const auto& feature : layer.features)
            if (const auto number =
                    parse_number(vector::text_of(feature.values[layer.field("pga_g")])))
                values.push_back(*number);
        entry.values = middle_98(std::move(values));
    }
    for (const auto& words : did) {
        entry.did.zh += (entry.did.zh.empty() ? "" : "；") + words.zh;
        entry.did.en += (entry.did.en.empty() ? "" : "; ") + words.en;
    }
}

void fill_parents(Layers& layers, Ingest& ingest) {
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const auto& entry = ingest.layers[i];
        if (entry.sources.size() < 2 || entry.spec != "townships" ||
            !layers[i].has_field("county") || !layers[i].has_field("code"))
            continue;
        const auto county = layers[i].field("county");
        const auto code = layers[i].field("code");
        std::size_t filled = 0;
        constexpr std::size_t digits = 9;
        for (auto& unit : layers[i].features) {
            const auto own = vector::text_of(unit.values[code]);
            if (!vector::text_of(unit.values[county]).empty() || own.size() != digits)
                continue;
            unit.values[county] = own.substr(0, 6);
            ++filled;
        }
        if (filled > 0)
            describe(
                ingest.layers[i], layers[i],
                {{fmt::format("{} 个单位的县按代码前六位补上", filled),
                  fmt::format("county of {} units by the first digits of their codes", filled)}});
    }
}

void join_totals(Layers& layers, Ingest& ingest) {
    const auto units = index_of(layers, ingest, "townships");
    for (const auto& [spec, field] :
         {std::pair{"population_table", "population"}, std::pair{"gdp_table", "gdp"}}) {
        const auto table = index_of(layers, ingest, spec);
        if (units == layers.size() || table == layers.size() || !layers[table].has_field(field) ||
            !layers[table].has_field("code") || !layers[units].has_field("code") ||
            layers[units].has_field(field))
            continue;
        std::map<std::string, vector::Value> totals;
        const auto code = layers[table].field("code");
        const auto value = layers[table].field(field);
        for (const auto& row : layers[table].features)
            totals[vector::text_of(row.values[code])] = row.values[value];
        auto& layer = layers[units];
        layer.fields.push_back(layers[table].fields[value]);
        std::size_t found = 0;
        for (auto& unit : layer.features) {
            const auto row = totals.find(vector::text_of(unit.values[layer.field("code")]));
            found += row == totals.end() ? 0 : 1;
            unit.values.push_back(row == totals.end() ? vector::Value{} : row->second);
        }
        describe(ingest.layers[units], layer,
                 {{fmt::format("{} 个单位中 {} 个的 {} 按代码取自 {}", layer.features.size(), found,
                               field, ingest.layers[table].sources.front()),
                   fmt::format("{} of {} of {} units from {} by code", field, found,
                               layer.features.size(), ingest.layers[table].sources.front())}});
        ingest.layers[table].joined_into = ingest.layers[units].name;
    }
}

void find_city(const Layers& layers, Ingest& ingest) {
    const auto counties = index_of(layers, ingest, "counties");
    if (counties == layers.size() || !layers[counties].has_field("code"))
        return;
    std::set<std::string> cities;
    for (const auto& county : layers[counties].features)
        cities.insert(vector::text_of(county.values[layers[counties].field("code")]).substr(0, 4));
    if (cities.size() == 1 && cities.begin()->size() == 4)
        ingest.city_code = *cities.begin() + "00";
    const auto city = index_of(layers, ingest, "cities");
    if (city < layers.size() && layers[city].features.size() == 1 && layers[city].has_field("name"))
        ingest.city_name =
            vector::text_of(layers[city].features.front().values[layers[city].field("name")]);
}

} // namespace riskmap::census
