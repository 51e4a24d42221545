// SPDX-License-Identifier: MIT
#include "units.hpp"

#include <map>

#include <riskmap/atlas/style.hpp>
#include <riskmap/core/file.hpp>

namespace riskmap::run {

namespace {

std::filesystem::path titles_file(const Work& work, const char* stage) {
    return work.file(std::string{stage} + "_titles.json");
}

} // namespace

vector::Layer read_units(const Work& work, const std::string& name, const char* stage) {
    auto layer = vector::read_layer(work.file(std::string{stage} + ".gpkg"), name);
    const auto titles = Json::parse(read_file(titles_file(work, stage)));
    for (auto& field : layer.fields)
        field.title = titles.value(field.name, std::string{});
    return layer;
}

void write_units(const Work& work, const char* stage,
                 const std::vector<const vector::Layer*>& layers) {
    std::vector<vector::Product> products;
    std::map<std::string, std::string> titles;
    for (const auto* layer : layers) {
        products.push_back({layer, {}});
        for (const auto& field : layer->fields)
            titles.emplace(field.name, field.title);
    }
    vector::write_geopackage(work.file(std::string{stage} + ".gpkg"), products);
    write_file(titles_file(work, stage), Json(titles).dump());
}

std::string level_word(const Work& work, int level) {
    return level == 0 ? std::string{} : atlas::style("risk").at(level).words.in(work.language());
}

std::string dominant_words(const Work& work, const std::vector<std::size_t>& hazards) {
    std::string text;
    for (const auto h : hazards)
        text += (text.empty() ? "" : "-") + work.project.hazards[h].title.in(work.language());
    return text;
}

} // namespace riskmap::run
