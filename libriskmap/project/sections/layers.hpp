// SPDX-License-Identifier: MIT
// Private: what the sections of hazards, exposures and indicators have in common.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "../table.hpp"

namespace riskmap::project {

/// Names of the rows of a table of methods, with their arguments: "min-max, linear:LO:HI".
template <class Rows>
std::string names_in(const Rows& rows) {
    std::string names;
    for (const auto& row : rows) {
        if (!names.empty())
            names += ", ";
        names += row.name;
        if constexpr (requires { row.arguments; })
            names += row.arguments;
        if constexpr (requires { row.parameters; })
            names += row.parameters;
    }
    return names;
}

std::string kinds();
std::string break_methods();
void check_breaks(const std::string& text);

Key title_key(std::string_view example);
Key english_title_key(std::string_view example);
/// `en`: what the index is made from.
Key normalise_key(std::string_view fallback, std::string_view zh, std::string_view en,
                  std::string_view example = {});
Key direction_key(std::string_view zh, std::string_view en);
Key weight_key(std::string_view zh, std::string_view en);
Key error_key();
Key modelled_key();
Key measure_key();
Key field_key();
Key kind_key(std::string_view zh, std::string_view en, std::string_view example = {});

/// Title in both languages; the id where there is no English one.
[[nodiscard]] Words read_title(const SectionReader& section, const std::string& id);
/// An id becomes part of file and field names: small letters, digits and _ only.
void check_id(const SectionReader& section, const std::string& id, std::set<std::string>& seen);
[[nodiscard]] census::StackLayer read_stack_layer(const SectionReader& section, census::Role role);

} // namespace riskmap::project
