// SPDX-License-Identifier: MIT
// Two runs side by side: which levels rose or fell, where, and which inputs or parameters differ.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <riskmap/atlas/atlas.hpp>

namespace riskmap::atlas {

/// Something that differs between the two.
struct Difference {
    std::string what;   ///< "input", "parameter", "program"
    std::string name;   ///< file, or path within the parameters: "hazards.flood.weight"
    std::string before; ///< empty: was not there
    std::string after;
};

struct UnitChange {
    std::string code;
    std::string name;
    std::string county;
    int before = 0; ///< level; 0: no data
    int after = 0;
    double risk_before = 0;
    double risk_after = 0;
    int change = 0; ///< class of the style "change", 3 the same; 0: no data in one of them
};

struct Comparison {
    std::vector<UnitChange> units; ///< that both runs have, by code
    std::vector<std::string> only_before;
    std::vector<std::string> only_after;
    double area_up = 0; ///< true km2 of cells
    double area_down = 0;
    double area_same = 0;
    std::vector<Difference> differences;
    std::vector<std::filesystem::path> files; ///< that a reader opens first

    [[nodiscard]] std::size_t units_up() const;
    [[nodiscard]] std::size_t units_down() const;
};

/// Class of "change" of a level that was and one that is; 0 if either is 0.
[[nodiscard]] int change_class(int before, int after) noexcept;

/// Writes into `target`: change.gpkg, .csv and a raster of changes for each city, sheets of both,
/// compare.html and .pdf with the tables, and the web atlas of the later run with the changes.
/// Rasters of other grids are brought onto that of the later run (class with most area).
/// \throws Error{input}: not two runs, nothing in common.
Comparison compare_runs(const std::filesystem::path& before, const std::filesystem::path& after,
                        const std::filesystem::path& target, const AtlasOptions& options,
                        const Execution& execution);

} // namespace riskmap::atlas
