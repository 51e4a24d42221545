// SPDX-License-Identifier: MIT
// Private: what maps of cameras and of shelters share.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <riskmap/atlas/style.hpp>
#include <riskmap/vector/layer.hpp>

namespace riskmap::atlas {

[[nodiscard]] inline std::string words(Language language, const char* zh, const char* en) {
    return language == Language::zh ? zh : en;
}

/// PLAN.gpkg and what stands beside it: PLAN with each of the suffixes.
[[nodiscard]] std::vector<std::filesystem::path>
beside(const std::filesystem::path& target, std::initializer_list<const char*> suffixes);

/// Layers on their way into one GeoPackage.
class Package {
  public:
    /// A layer without features is left out.
    void add(vector::Layer layer, const std::string& symbology) {
        if (layer.features.empty())
            return;
        const auto name = layer.name;
        const auto text = qml(symbology + field_aliases(layer.fields));
        m_layers.push_back(std::move(layer));
        m_styles.push_back({name, text});
    }
    void write(const std::filesystem::path& target) const {
        std::vector<vector::Product> products;
        for (std::size_t i = 0; i < m_layers.size(); ++i)
            products.push_back({&m_layers[i], m_styles[i]});
        vector::write_geopackage(target, products);
    }

  private:
    std::vector<vector::Layer> m_layers;
    std::vector<vector::LayerStyle> m_styles;
};

} // namespace riskmap::atlas
