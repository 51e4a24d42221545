// SPDX-License-Identifier: MIT
// Private: tables of units as layers, column by column.
#pragma once

#include <string>
#include <vector>

#include <riskmap/vector/layer.hpp>

#include "areas.hpp"

namespace riskmap::run {

/// Null for 0, which is no level and no class.
[[nodiscard]] vector::Value level_value(int level);

/// A layer with the code and name of areas, and columns added one after another.
class UnitTable {
  public:
    UnitTable(std::string name, const Crs& crs, const std::vector<Area>& areas);
    explicit UnitTable(vector::Layer layer) : m_layer{std::move(layer)} {}

    void numbers(const std::string& field, const std::string& title,
                 const std::vector<double>& values);
    void wholes(const std::string& field, const std::string& title, const std::vector<int>& values);
    void texts(const std::string& field, const std::string& title,
               const std::vector<std::string>& values);

    [[nodiscard]] std::size_t size() const { return m_layer.features.size(); }
    /// Column as numbers, NaN where there is none.
    [[nodiscard]] std::vector<double> column(const std::string& field) const;
    [[nodiscard]] std::vector<std::string> text_column(const std::string& field) const;
    [[nodiscard]] const vector::Layer& layer() const { return m_layer; }
    [[nodiscard]] vector::Layer& layer() { return m_layer; }

    /// Only these rows, only these fields (all if empty), under a name.
    [[nodiscard]] vector::Layer part(const std::string& name, const std::vector<std::size_t>& rows,
                                     const std::vector<std::string>& fields = {}) const;

  private:
    vector::Layer m_layer;
};

} // namespace riskmap::run
