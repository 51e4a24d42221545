// SPDX-License-Identifier: MIT
// Private: several files of one kind, as where each county sends its own, made one layer.
#pragma once

#include <string>

#include <riskmap/vector/layer.hpp>

namespace riskmap::census {

/// The field that says from which file a feature of a joined layer came.
inline constexpr const char* source_field = "source_file";

/// Puts the features of `more` behind those of `into`: fields by their names, those that one of
/// both lacks without value, where one is text all are. `source_field` says where each came from.
/// Features that stand in both files with the same values and place are kept once; gives their
/// number. \throws Error{input}: a code (`unique_code`: the field, empty: none) stands in both with
/// other values, as where two years of one table were sent; one is a table and the other has
/// places.
std::size_t join(vector::Layer& into, const std::string& into_file, vector::Layer more,
                 const std::string& more_file, const std::string& unique_code);

} // namespace riskmap::census
