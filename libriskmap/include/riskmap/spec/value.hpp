// SPDX-License-Identifier: MIT
// One value as its field's specification reads it: the only reader of numbers, words, dates, codes
// and of yes and no, for `check`, `ingest` and every command.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <riskmap/spec/spec.hpp>
#include <riskmap/spec/written.hpp>
#include <riskmap/vector/layer.hpp>

namespace riskmap::spec {

/// How a value was read.
enum class Read {
    plain,
    converted,    ///< not written plainly, or in another unit
    nothing,      ///< blank, or a word for it
    sentinel,     ///< a number that offices write for "no data", outside the range
    unreadable,   ///< text for a number, a word that is neither yes nor no ...
    out_of_range, ///< read, and impossible
};

template <class T>
struct ReadValue {
    Read how = Read::nothing;
    T value = {}; ///< where `how` is plain, converted or out_of_range
};

/// A number in the field's unit; `factor` brings numbers without a unit of their own to it.
[[nodiscard]] ReadValue<double> number_in(const FieldSpec& field, const vector::Value& value,
                                          double factor = 1);
[[nodiscard]] ReadValue<Date> date_in(const FieldSpec& field, const vector::Value& value);
[[nodiscard]] ReadValue<bool> flag_in(const vector::Value& value);
/// The value of a code list; of an open one also another text, as it is.
[[nodiscard]] ReadValue<std::string> word_in(const FieldSpec& field, const vector::Value& value);
/// A code with its digits; `any`: whatever stands there.
[[nodiscard]] ReadValue<std::string> code_in(const FieldSpec& field, const vector::Value& value,
                                             bool any);

/// A number that offices write for "no data".
[[nodiscard]] bool stands_for_nothing(double value);

/// The factor from a unit that people write ("万人", "km", "%") to one of a specification
/// ("persons", "m", "share"); none: it is no such unit.
[[nodiscard]] std::optional<double> unit_factor(std::string_view written, std::string_view wanted);
/// The same for the unit in the brackets of a head; 1 where there is none.
[[nodiscard]] double head_factor(std::string_view head, std::string_view wanted);
/// A unit of another kind in the brackets of a head: "户" where persons are wanted; empty: none.
[[nodiscard]] std::string foreign_unit(std::string_view head, std::string_view wanted);

} // namespace riskmap::spec
