// SPDX-License-Identifier: MIT
// Private: the map series of a run, and the sheet of each for an area.
#pragma once

#include <riskmap/atlas/atlas.hpp>

#include "run_folder.hpp"

namespace riskmap::atlas {

struct SheetChoice {
    Language language = Language::zh;
    std::string palette = "standard";
};

/// A sheet that an area has.
struct SheetName {
    std::string product; ///< also the name of its file
    Words title;
};

/// "flood risk index".
[[nodiscard]] Words hazard_title(const RunLayer& hazard);

/// A row for each class of a style, its words and its colour.
[[nodiscard]] std::vector<LegendRow> legend_rows(const Style& style, Language language);

/// The sheets of an area, in the order of the atlas.
[[nodiscard]] std::vector<SheetName> sheets_of(const RunFolder& run, const RunArea& area);

/// \throws Error{input} naming the nearest product, if the area has none of that name.
[[nodiscard]] Sheet make_sheet(const RunFolder& run, const RunArea& area,
                               const std::string& product, const SheetChoice& choice);

/// Frame, borders, names and notes of an area's sheets, without a theme.
[[nodiscard]] Sheet base_sheet(const RunFolder& run, const RunArea& area, const std::string& title,
                               const SheetChoice& choice);

/// What ramps reach up to: the 98 % quantile of the cells; the greatest where that is 0, or 1
/// where all are.
[[nodiscard]] double top_of(const raster::Source& cells);

} // namespace riskmap::atlas
