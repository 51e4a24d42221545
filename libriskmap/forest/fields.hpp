// SPDX-License-Identifier: MIT
// Private: fields of layers with a title in one of two languages.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <riskmap/core/text.hpp>
#include <riskmap/vector/layer.hpp>

namespace riskmap::forest {

class Fields {
  public:
    explicit Fields(Language language) : m_language{language} {}
    Fields& add(const char* name, vector::FieldType type, const char* zh, const char* en) {
        m_fields.push_back({name, type, m_language == Language::zh ? zh : en});
        return *this;
    }
    [[nodiscard]] std::vector<vector::Field> take() { return std::move(m_fields); }

  private:
    Language m_language;
    std::vector<vector::Field> m_fields;
};

inline constexpr double km2_per_m2 = 1e-6;

} // namespace riskmap::forest
