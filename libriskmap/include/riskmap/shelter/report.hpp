// SPDX-License-Identifier: MIT
// Evaluation and plan as JSON, layers and tables.
#pragma once

#include <string>

#include <riskmap/core/text.hpp>
#include <riskmap/shelter/plan.hpp>
#include <riskmap/vector/layer.hpp>

namespace riskmap::shelter {

/// Keys as in docs/shelters.md. Costs in metres or seconds, as `cost_unit` says.
[[nodiscard]] std::string evaluation_json(const Scene& scene, const Evaluation& evaluation,
                                          const Service& calm);
[[nodiscard]] std::string plan_json(const Scene& scene, const Plan& plan);

// Layers; fields have titles in a language, costs are in metres or minutes.

/// New sites by rank, called `sites`.
[[nodiscard]] vector::Layer site_layer(const Scene& scene, const Plan& plan, Language language);
/// Shelters that exist with what they serve, called `existing`. `level`: how full, 1 below 25 %,
/// 2 below 75 %, 3 to 100 %, 4 to 200 %, 5 beyond.
[[nodiscard]] vector::Layer existing_layer(const Scene& scene, const Evaluation& evaluation,
                                           Language language);
/// Candidates that may not be chosen and why, called `excluded`.
[[nodiscard]] vector::Layer excluded_layer(const Scene& scene, Language language);
/// Villages and buildings with their way to the nearest shelter, or those out of reach only.
[[nodiscard]] vector::Layer people_layer(const Scene& scene, const Evaluation& evaluation,
                                         bool out_of_reach_only, Language language);
/// Who goes where, called `placements`: the nearest site, or with capacities one with room.
[[nodiscard]] vector::Layer placement_layer(const Scene& scene, const Evaluation& evaluation,
                                            Language language);
/// Units with people served; with `before`, those before as well. `level` of the share served: 1
/// below 25 % .. 5 from 85 % on.
[[nodiscard]] vector::Layer unit_layer(const Scene& scene, std::size_t layer, const Evaluation& now,
                                       const Evaluation* before, Language language);
/// sites, id, cost, gain, served, share.
[[nodiscard]] vector::Layer curve_table(const Scene& scene, const Plan& plan);

} // namespace riskmap::shelter
