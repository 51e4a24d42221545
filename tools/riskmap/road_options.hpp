// SPDX-License-Identifier: MIT
// How people go: shared by `shelters`, `reach` and `isolation`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <riskmap/shelter/source.hpp>

#include "arguments.hpp"

namespace riskmap::tool {

struct RoadOptions {
    std::string roads;
    std::string by = "walk";
    std::string closed_by;
    std::vector<std::string> closed_above;
    std::string heights;
    std::string level_field;
    std::string class_field;
    std::string speed_field;
    std::string oneway_field;
    std::string barriers;
    std::string not_entered;
    std::string class_speeds;
    std::string where;
    std::string join = "crossings";
    std::filesystem::path scenario_file;
    shelter::RoadSource source;

    Option* declare(Arguments& app);
    [[nodiscard]] shelter::RoadSource read() const { return read(scenario()); }
    [[nodiscard]] shelter::RoadSource read(const shelter::Scenario& happens) const;
    [[nodiscard]] shelter::Scenario scenario() const;
};

/// "a, b": its parts without blanks; empty: none.
[[nodiscard]] std::vector<std::string> list_of(const std::string& text);

/// FILE:LAYER:FIELD. \throws Error{usage}.
[[nodiscard]] spec::FieldSource parse_units(const std::string& text);

} // namespace riskmap::tool
