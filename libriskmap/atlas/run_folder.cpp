// SPDX-License-Identifier: MIT
#include "run_folder.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/raster/source.hpp>

namespace riskmap::atlas {

namespace fs = std::filesystem;

std::vector<double> numbers_of(const vector::Layer& layer, const std::string& field) {
    std::vector<double> column(layer.features.size(), raster::nodata);
    if (!layer.has_field(field))
        return column;
    const auto at = layer.field(field);
    for (std::size_t i = 0; i < column.size(); ++i)
        column[i] = vector::number_of(layer.features[i].values[at]).value_or(raster::nodata);
    return column;
}

std::vector<std::string> texts_of(const vector::Layer& layer, const std::string& field) {
    std::vector<std::string> column(layer.features.size());
    if (!layer.has_field(field))
        return column;
    const auto at = layer.field(field);
    for (std::size_t i = 0; i < column.size(); ++i)
        column[i] = vector::text_of(layer.features[i].values[at]);
    return column;
}

std::map<int, ClassSum> sums_by_class(const vector::Layer& layer, const std::string& field,
                                      const std::vector<std::string>& amounts, const Style& style) {
    std::map<int, ClassSum> sums;
    for (const auto& c : style.classes)
        sums[c.value].amounts.resize(amounts.size());
    const auto values = numbers_of(layer, field);
    std::vector<std::vector<double>> columns;
    for (const auto& amount : amounts)
        columns.push_back(numbers_of(layer, amount));
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::isnan(values[i]))
            continue;
        auto& sum = sums[static_cast<int>(values[i])];
        sum.amounts.resize(amounts.size());
        sum.count += 1;
        for (std::size_t a = 0; a < amounts.size(); ++a)
            sum.amounts[a] += std::isnan(columns[a][i]) ? 0 : columns[a][i];
    }
    return sums;
}

std::map<std::string, std::string> names_by_code(const vector::Layer& layer) {
    const auto code = texts_of(layer, "code");
    const auto name = texts_of(layer, "name");
    std::map<std::string, std::string> names;
    for (std::size_t i = 0; i < code.size(); ++i)
        names.emplace(code[i], name[i]);
    return names;
}

std::string named(const std::string& code, const std::map<std::string, std::string>& names) {
    const auto found = names.find(code);
    return found == names.end() ? code : found->second;
}

RunFolder::RunFolder(const fs::path& folder)
    : m_path{fs::absolute(folder).lexically_normal()}, m_record(record::read(m_path)),
      m_parameters(Json::parse(m_record.parameters)), m_steps(Json::object()) {
    for (const auto& [id, facts] : m_record.steps)
        m_steps[id] = Json::parse(facts);
    for (const auto& exposure : m_record.exposures)
        if (m_people.empty() && exposure.people) {
            m_people = exposure.id;
            m_people_title = exposure.title;
        }
}

std::vector<const RunArea*> RunFolder::cities() const {
    std::vector<const RunArea*> found;
    for (const auto& area : m_record.areas)
        if (!area.county)
            found.push_back(&area);
    return found;
}

const RunArea& RunFolder::area(const std::string& name) const {
    std::vector<std::string> known;
    for (const auto& area : m_record.areas) {
        if (name.empty() && !area.county)
            return area;
        if (area.folder == name || area.code == name || area.name == name)
            return area;
        known.push_back(area.code);
        known.push_back(area.name);
    }
    const auto nearest = nearest_name(name, known);
    throw input_error(fmt::format("the run has no area '{}'", name),
                      nearest ? fmt::format("did you mean '{}'?", *nearest)
                              : fmt::format("known: {}", fmt::join(known, ", ")));
}

std::string RunFolder::modelled_layers() const {
    return m_record.project.modelled_layers;
}

std::string RunFolder::setting(const std::string& key) const {
    const auto found = m_parameters.find("atlas");
    return found == m_parameters.end() ? std::string{} : found->value(key, std::string{});
}

bool RunFolder::has(const RunArea& area, const std::string& name) const {
    return fs::is_regular_file(product(area, name));
}

std::optional<fs::path> RunFolder::city_product(const std::string& name) const {
    // Beside the products of the only city, or in folders of their own.
    std::vector<std::string> folders{"forest", "shelters"};
    if (const auto all = cities(); all.size() == 1)
        folders = {all[0]->folder};
    for (const auto& folder : folders)
        if (const auto file = m_path / folder / name; fs::is_regular_file(file))
            return file;
    return std::nullopt;
}

const vector::Layer& RunFolder::layer(const fs::path& file, const std::string& name) const {
    const std::lock_guard lock{m_mutex};
    auto& kept = m_layers[file.string() + ":" + name];
    if (kept == nullptr) {
        const auto names =
            fs::is_regular_file(file) ? vector::layer_names(file) : std::vector<std::string>{};
        const bool there = std::find(names.begin(), names.end(), name) != names.end();
        kept = std::make_unique<const vector::Layer>(there ? vector::read_layer(file, name)
                                                           : vector::Layer{});
    }
    return *kept;
}

const RunUnits& RunFolder::units(const RunArea& area) const {
    {
        const std::lock_guard lock{m_mutex};
        if (const auto found = m_units.find(area.folder); found != m_units.end())
            return *found->second;
    }
    const auto file = product(area, "units.gpkg");
    auto read =
        std::make_unique<const RunUnits>(RunUnits{layer(file, "units"), layer(file, "counties"),
                                                  layer(file, area.county ? "county" : "city")});
    if (read->own.features.empty() || read->townships.features.empty())
        throw input_error(fmt::format("'{}' is missing or empty", file.string()),
                          "the atlas needs the format gpkg in output.formats; run again");
    const std::lock_guard lock{m_mutex};
    return *m_units.emplace(area.folder, std::move(read)).first->second;
}

const vector::Layer& RunFolder::neighbours() const {
    return layer(background("neighbours"), "neighbours");
}

fs::path RunFolder::heights() const {
    auto file = background("heights");
    return fs::is_regular_file(file) ? file : fs::path{};
}

fs::path RunFolder::background(const std::string& name) const {
    const auto found = m_record.background.find(name);
    if (found == m_record.background.end())
        return {};
    auto file = (m_path / found->second).lexically_normal();
    const auto within = file.lexically_relative(m_path);
    if (within.empty() || *within.begin() == "..")
        throw record::damaged(record::file_of(m_path),
                              fmt::format("'{}' leaves the folder", found->second));
    return file;
}

} // namespace riskmap::atlas
