// SPDX-License-Identifier: MIT
// Private: what tables and reports share: fields with a title in one of two languages, numbers.
#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

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

using Json = nlohmann::ordered_json;

/// Null for NaN.
inline Json number(double value) {
    return std::isfinite(value) ? Json(value) : Json();
}

} // namespace riskmap::forest
