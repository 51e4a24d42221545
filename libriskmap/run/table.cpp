// SPDX-License-Identifier: MIT
#include "table.hpp"

#include <riskmap/raster/source.hpp>

namespace riskmap::run {

vector::Value level_value(int level) {
    if (level == 0)
        return std::monostate{};
    return std::int64_t{level};
}

UnitTable::UnitTable(std::string name, const Crs& crs, const std::vector<Area>& areas) {
    m_layer.name = std::move(name);
    m_layer.crs = crs;
    m_layer.fields = {{"code", vector::FieldType::text}, {"name", vector::FieldType::text}};
    for (const auto& area : areas)
        m_layer.features.push_back({{area.code, area.name}, {{}, {}, area.shape}});
}

void UnitTable::numbers(const std::string& field, const std::string& title,
                        const std::vector<double>& values) {
    m_layer.fields.push_back({field, vector::FieldType::real, title});
    for (std::size_t i = 0; i < size(); ++i)
        m_layer.features[i].values.push_back(vector::value_of(values[i]));
}

void UnitTable::wholes(const std::string& field, const std::string& title,
                       const std::vector<int>& values) {
    m_layer.fields.push_back({field, vector::FieldType::integer, title});
    for (std::size_t i = 0; i < size(); ++i)
        m_layer.features[i].values.push_back(level_value(values[i]));
}

void UnitTable::texts(const std::string& field, const std::string& title,
                      const std::vector<std::string>& values) {
    m_layer.fields.push_back({field, vector::FieldType::text, title});
    for (std::size_t i = 0; i < size(); ++i)
        m_layer.features[i].values.emplace_back(values[i]);
}

std::vector<double> UnitTable::column(const std::string& field) const {
    const auto at = m_layer.field(field);
    std::vector<double> out;
    for (const auto& feature : m_layer.features)
        out.push_back(vector::number_of(feature.values[at]).value_or(raster::nodata));
    return out;
}

std::vector<std::string> UnitTable::text_column(const std::string& field) const {
    const auto at = m_layer.field(field);
    std::vector<std::string> out;
    for (const auto& feature : m_layer.features)
        out.push_back(vector::text_of(feature.values[at]));
    return out;
}

vector::Layer UnitTable::part(const std::string& name, const std::vector<std::size_t>& rows,
                              const std::vector<std::string>& fields) const {
    vector::Layer out;
    out.name = name;
    out.crs = m_layer.crs;
    std::vector<std::size_t> columns;
    for (std::size_t f = 0; f < m_layer.fields.size(); ++f)
        if (fields.empty())
            columns.push_back(f);
    for (const auto& field : fields)
        columns.push_back(m_layer.field(field));
    for (const auto f : columns)
        out.fields.push_back(m_layer.fields[f]);
    for (const auto row : rows) {
        auto& feature = out.features.emplace_back();
        for (const auto f : columns)
            feature.values.push_back(m_layer.features[row].values[f]);
        feature.shape = m_layer.features[row].shape;
    }
    return out;
}

} // namespace riskmap::run
