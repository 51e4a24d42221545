// SPDX-License-Identifier: MIT
// Shelters, their reach and isolation as files that QGIS shows in colours.
#pragma once

#include <filesystem>
#include <map>
#include <span>

#include <riskmap/raster/writer.hpp>
#include <riskmap/shelter/isolation.hpp>
#include <riskmap/shelter/plan.hpp>
#include <riskmap/shelter/reach_map.hpp>

namespace riskmap::atlas {

/// GeoPackage with `existing`, each unit layer, and `people` (villages, buildings) or, of cells,
/// `out_of_reach`.
void write_evaluation(const std::filesystem::path& target, const shelter::Scene& scene,
                      const shelter::Evaluation& evaluation, Language language);

/// What `write_shelter_plan` writes: PLAN.gpkg, PLAN_curve.csv, PLAN_curve.svg.
[[nodiscard]] std::vector<std::filesystem::path>
shelter_plan_files(const std::filesystem::path& target);

/// GeoPackage with `sites`, `existing`, `excluded`, each unit layer before and after, and
/// `out_of_reach` (after); the curve of people served as table and as picture.
void write_shelter_plan(const std::filesystem::path& target, const shelter::Scene& scene,
                        const shelter::Plan& plan, Language language);

/// The way to the nearest site by cell, with a QGIS style beside it (`.qml`).
void write_reach(const std::filesystem::path& target, const raster::Source& reach,
                 const shelter::Limit& limit, Language language,
                 const std::map<std::string, std::string>& metadata, const Execution& execution);
/// Service areas in the colours of their bands.
void write_reach_areas(const std::filesystem::path& target, const vector::Layer& areas,
                       Language language);

/// GeoPackage with `settlements` and `closed_roads`.
void write_isolation(const std::filesystem::path& target, const shelter::IsolationStudy& study,
                     Language language);

} // namespace riskmap::atlas
