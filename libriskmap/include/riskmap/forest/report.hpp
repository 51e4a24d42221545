// SPDX-License-Identifier: MIT
// Coverage and plans as tables, layers and JSON.
#pragma once

#include <string>
#include <vector>

#include <riskmap/core/text.hpp>
#include <riskmap/forest/plan.hpp>
#include <riskmap/vector/layer.hpp>

namespace riskmap::forest {

enum class SiteKind { camera, water_point };

/// What coverage was asked for and found out; `heights` holds one entry for each target height.
struct CoverageStudy {
    std::vector<Camera> cameras;
    std::vector<UnitLayer> layers;
    std::vector<Coverage> heights;
    std::vector<std::string> remarks;
};

/// Keys as in docs/cameras.md: totals of the first height, `cameras`, `units`, and all heights
/// under `targets`. Areas in m2.
[[nodiscard]] std::string coverage_json(const CoverageStudy& study);

/// A plan in its surroundings.
struct PlanStudy {
    SiteKind kind = SiteKind::camera;
    std::vector<Camera> existing;
    std::vector<Camera> candidates;
    std::vector<UnitLayer> layers;
    SitePlan plan;
    std::vector<std::string> remarks;
};
/// Those that are there and those that the plan adds.
[[nodiscard]] std::vector<Camera> cameras_after(const PlanStudy& study);
/// The keys of `coverage_json` for the state with the new sites, and `before`, `sites`, `curve`,
/// `bound`, `bound_of`, `gap`, `cost`, `reachable_share`. Of water points the list `cameras` is
/// called `points`; "seen" is "in reach" then.
[[nodiscard]] std::string plan_json(const PlanStudy& study);

// Layers for GeoPackage and CSV; fields have titles in a language.

/// Points with what each camera sees or water point serves, called `cameras` or `points`; those
/// without a place are left out. `crs` is that of the heights. Areas are in km2.
[[nodiscard]] vector::Layer camera_layer(SiteKind kind, const std::vector<Camera>& cameras,
                                         std::span<const CameraShare> shares, const Crs& crs,
                                         Language language);
/// The new sites by rank.
[[nodiscard]] vector::Layer site_layer(const PlanStudy& study, const Crs& crs, Language language);
/// Units with forest and shares; with `before`, those before as well. `level`: 1 below 25 % ..
/// 5 from 85 % on, for colours.
[[nodiscard]] vector::Layer coverage_layer(const UnitLayer& units,
                                           const std::vector<SeenForest>& now,
                                           const std::vector<SeenForest>* before, const Crs& crs,
                                           Language language);
/// Patches of forest that no camera sees, the largest first, of at least `least_m2`.
[[nodiscard]] vector::Layer blind_layer(const ForestCells& forest, const Coverage& coverage,
                                        double least_m2, Language language,
                                        const Execution& execution);
/// sites, id, cost, gain_m2, seen_m2, share.
[[nodiscard]] vector::Layer curve_table(const PlanStudy& study);

} // namespace riskmap::forest
