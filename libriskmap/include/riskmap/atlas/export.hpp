// SPDX-License-Identifier: MIT
// The products of a run, written again in other formats, all at once.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <riskmap/core/execution.hpp>

namespace riskmap::atlas {

struct ExportFormat {
    std::string_view name;
    std::string_view suffix;
    std::string_view summary;
    bool of_rasters; ///< made from .tif products, else from .gpkg products
    std::vector<std::filesystem::path> (*write)(const std::filesystem::path& product,
                                                const std::filesystem::path& stem,
                                                const Execution& execution);
};
[[nodiscard]] std::span<const ExportFormat> export_formats();

/// Formats by name, separated by commas. \throws Error{usage}: an unknown
/// name, or two that would write the same file names.
[[nodiscard]] std::vector<const ExportFormat*> parse_export_formats(const std::string& list);

enum class Overwrite { no, yes };

/// Writes every product of every area under `run` to `target`/<area>/, and
/// returns the files written. \throws Error{input}: `run` holds no products;
/// a file exists already and may not be overwritten.
std::vector<std::filesystem::path> export_run(const std::filesystem::path& run,
                                              std::span<const ExportFormat* const> formats,
                                              const std::filesystem::path& target,
                                              Overwrite overwrite, const Execution& execution);

} // namespace riskmap::atlas
