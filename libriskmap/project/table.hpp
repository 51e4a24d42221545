// SPDX-License-Identifier: MIT
// Private: one section of the project file as a table: its keys, and what each of them fills.
// Reader, run.json, template and reference page all come from it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include <riskmap/project/schema.hpp>

#include "reader.hpp"

namespace riskmap::project {

/// A member of a section's settings; none: the section's reader takes the key itself.
template <class T>
using Member =
    std::variant<std::monostate, std::string T::*, double T::*, int T::*, std::int64_t T::*,
                 bool T::*, std::optional<double> T::*, spec::Source T::*, std::vector<double> T::*,
                 std::vector<std::string> T::*, std::vector<std::vector<double>> T::*>;

template <class T>
struct Row {
    // g++ 12 takes no default member here.
    Row(const Key& its_key, Member<T> filled = std::monostate{}) : key{its_key}, member{filled} {}
    Key key;
    Member<T> member;
};

template <class T>
struct Table {
    Section section;
    std::vector<Row<T>> rows;
};

/// Fills what the keys of a section stand for.
template <class T>
void fill(const SectionReader& section, const Table<T>& table, T& settings) {
    for (const auto& row : table.rows)
        std::visit(
            [&](auto member) {
                if constexpr (!std::is_same_v<decltype(member), std::monostate>)
                    section.take(row.key.name.data(), settings.*member);
            },
            row.member);
}

/// All sections and keys, in the order in which they are told.
struct Schema {
    std::vector<Section> sections;
    std::vector<Key> keys;

    template <class T>
    void add(const Table<T>& table) {
        sections.push_back(table.section);
        for (const auto& row : table.rows) {
            keys.push_back(row.key);
            keys.back().section = table.section.path;
            if (row.key.type == KeyType::source)
                add_companions(keys.back());
        }
    }

  private:
    void add_companions(const Key& source);
};

} // namespace riskmap::project
