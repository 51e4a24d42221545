// SPDX-License-Identifier: MIT
// Reading points with attributes, and fields with titles for layers that are made.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <riskmap/core/text.hpp>
#include <riskmap/vector/layer.hpp>

namespace riskmap::vector {

/// A field of numbers with a fallback where it or a value is missing.
class NumberField {
  public:
    /// The field `asked` for, or else the first of the `usual` ones that the layer has, in small or
    /// capital letters. The layer must outlive this. \throws Error{input} if `asked` is not there.
    NumberField(const Layer& layer, const std::string& asked,
                std::initializer_list<const char*> usual, double fallback);

    [[nodiscard]] const std::string& name() const { return m_layer.fields[*m_field].name; }
    /// \throws Error{input} naming layer, feature and field of a text that is no number.
    [[nodiscard]] double of(std::size_t feature) const;

  private:
    const Layer& m_layer;
    std::optional<std::size_t> m_field;
    double m_fallback;
};

/// The field `asked` for, or else the first of the `usual` ones that the layer has, in small or
/// capital letters. \throws Error{input} if `asked` is not there.
[[nodiscard]] std::optional<std::size_t> find_field(const Layer& layer, const std::string& asked,
                                                    std::initializer_list<const char*> usual);

/// \throws Error{input} where a feature is not exactly one point.
[[nodiscard]] Point place_of(const Layer& layer, std::size_t feature);

/// The points of a layer, carried over. \throws Error{input} as `place_of`.
[[nodiscard]] std::vector<Point> places_of(const Layer& layer, const Crs& crs);

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
