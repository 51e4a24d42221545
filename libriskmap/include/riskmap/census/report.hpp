// SPDX-License-Identifier: MIT
// What a check found, as files that people and programs read.
#pragma once

#include <filesystem>
#include <string>

#include <riskmap/census/check.hpp>
#include <riskmap/vector/layer.hpp>

namespace riskmap::census {

/// All of it: layers, counts by rule, findings.
[[nodiscard]] std::string check_json(const CheckReport& report, Language language);
/// The findings as rows; those with a place as points in degrees (WGS 84).
[[nodiscard]] vector::Layer finding_points(const CheckReport& report, Language language);
/// Gaps and overlaps as polygons, in degrees.
[[nodiscard]] vector::Layer finding_areas(const CheckReport& report, Language language);
/// One page that opens without a network: counts, layers, a sketch of the places, findings.
[[nodiscard]] std::string check_page(const CheckReport& report, Language language);

/// findings.json, findings.csv, findings.gpkg and findings.html in a folder.
void write_check(const std::filesystem::path& folder, const CheckReport& report, Language language);

} // namespace riskmap::census
