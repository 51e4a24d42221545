// SPDX-License-Identifier: MIT
// Fields with titles for layers that are made.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <riskmap/core/text.hpp>
#include <riskmap/vector/layer.hpp>

namespace riskmap::vector {

/// Level of a share for colours: 1 below 25 %, 2 below 50 %, 3 below 70 %, 4 below 85 %, 5; null
/// for NaN.
[[nodiscard]] Value share_level(double share);

/// Fields with a title in one of two languages.
class Fields {
  public:
    explicit Fields(Language language) : m_language{language} {}
    Fields& add(const char* name, FieldType type, const char* zh, const char* en) {
        m_fields.push_back({name, type, m_language == Language::zh ? zh : en});
        return *this;
    }
    [[nodiscard]] std::vector<Field> take() { return std::move(m_fields); }

  private:
    Language m_language;
    std::vector<Field> m_fields;
};

} // namespace riskmap::vector
