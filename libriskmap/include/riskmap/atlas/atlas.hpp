// SPDX-License-Identifier: MIT
// The atlas of a run: its sheets, a web atlas and a report, made from the folder that
// riskmap run wrote, and from nothing else.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <riskmap/atlas/sheet.hpp>

namespace riskmap::atlas {

struct AtlasOptions {
    PageOptions page;
    std::vector<std::string> formats{"pdf", "png"}; ///< of sheets
    std::string palette = "standard";
    std::optional<Language> language = {}; ///< none: that of the project
    std::vector<std::string> areas = {};   ///< whose sheets, by code or name; none: of all
    bool sheets = true;
    bool web = true;
    bool report = true;
};

/// \throws Error{usage}: unknown format, paper or palette, senseless dpi; Error{input}: no fonts.
void check_options(const AtlasOptions& options);

/// One sheet of an atlas, as its index lists it.
struct SheetRecord {
    std::string area;
    std::string product;
    std::string title;
    std::string file; ///< within the folder of sheets, without extension
    SheetPlan plan;
};

struct AtlasSummary {
    std::vector<SheetRecord> sheets;
    std::vector<std::filesystem::path> files; ///< that a reader opens first
};

/// Writes everything into `target`: sheets/<area>/<product>.pdf with sheets/index.html and
/// index.pdf, web/index.html, report.html and report.pdf. Sheets are drawn side by side; bytes
/// do not depend on the number of threads.
/// \throws Error{input}: no run, products missing, no fonts; Error{usage}: unknown format,
/// paper or palette.
AtlasSummary write_atlas(const std::filesystem::path& run, const std::filesystem::path& target,
                         const AtlasOptions& options, const Execution& execution);

/// The files of the web atlas below the folder of an atlas.
[[nodiscard]] std::vector<std::filesystem::path> web_files(const std::filesystem::path& target);

/// What decides which sheets an area has.
struct SheetOwner {
    bool county = false;
    bool only_city = true; ///< the run has one city
    std::vector<std::string> hazards;
};
/// The maps of an area, by the products that it has: `has(file)` tells of each.
[[nodiscard]] std::vector<std::string>
sheet_products(const SheetOwner& owner, const std::function<bool(const std::string& file)>& has);

/// The names of the maps of an area, by its code or name; of the first city if empty.
[[nodiscard]] std::vector<std::string> map_names(const std::filesystem::path& run,
                                                 const std::string& area);

/// One sheet of a run. \throws Error{input} naming the nearest area or map.
SheetPlan write_map(const std::filesystem::path& run, const std::string& area,
                    const std::string& product, const std::vector<std::filesystem::path>& targets,
                    const AtlasOptions& options, const Execution& execution);

} // namespace riskmap::atlas
