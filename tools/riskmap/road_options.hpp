// SPDX-License-Identifier: MIT
// How people go: shared by `shelters`, `reach` and `isolation`.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <riskmap/shelter/source.hpp>

namespace riskmap::tool {

struct RoadOptions {
    std::string roads;
    std::string by = "walk";
    std::string closed_by;
    std::vector<std::string> closed_above;
    shelter::RoadSource source;

    CLI::Option* declare(CLI::App& app);
    [[nodiscard]] shelter::RoadSource read() const;
};

/// FILE:LAYER:FIELD. \throws Error{usage}.
[[nodiscard]] shelter::SceneSource::UnitName parse_units(const std::string& text);

/// A layer of points in a CRS; `what` is the option.
[[nodiscard]] std::vector<Point> read_places(const std::string& text, const Crs& crs);

} // namespace riskmap::tool
