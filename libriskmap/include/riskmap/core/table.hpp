// SPDX-License-Identifier: MIT
// Tables of names: a family of methods is a list of rows with a `name`; what
// people write is looked up here, and the lists they read are made here.
#pragma once

#include <string>
#include <vector>

namespace riskmap {

/// \throws Error{usage}: "unknown WHAT 'NAME'; did you mean ...?", or the list
/// of `known` names where none is near.
[[noreturn]] void throw_unknown_name(const std::string& what, const std::string& name,
                                     const std::vector<std::string>& known);

/// The names of a table, separated by ", ".
template <class Table>
[[nodiscard]] std::string names_of(const Table& table) {
    std::string names;
    for (const auto& row : table) {
        if (!names.empty())
            names += ", ";
        names += row.name;
    }
    return names;
}

/// The row of a name; `what` is the word for a member of the family.
template <class Table>
[[nodiscard]] const auto& row_named(const Table& table, const std::string& name,
                                    const std::string& what) {
    std::vector<std::string> known;
    for (const auto& row : table) {
        if (row.name == name)
            return row;
        known.emplace_back(row.name);
    }
    throw_unknown_name(what, name, known);
}

} // namespace riskmap
