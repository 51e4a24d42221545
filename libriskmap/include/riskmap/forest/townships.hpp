// SPDX-License-Identifier: MIT
// Key forest-fire townships and the damage that fires did (../docs/method.md section 14).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <riskmap/core/text.hpp>
#include <riskmap/forest/coverage.hpp>
#include <riskmap/spec/table.hpp>

namespace riskmap::forest {

struct Fire {
    Point place = {};
    double burnt_ha = 0;
    int year = 0; ///< 0: not known
};

/// Fires of a table of points by the specification `forest_fires`. Fires without a date or an
/// area are counted, which the account tells. \throws Error{input}: a date or area that cannot
/// be read.
[[nodiscard]] std::vector<Fire> fires_of(spec::Table& table, const Crs& crs);

/// An ingredient of the index: how much it counts.
struct TownshipWeights {
    double forest = 1;
    double danger = 1;
    double fires = 1;
    double burnt = 1;
    double people = 1;
    double unseen = 1;

    /// "forest=2,danger=1,..": those not named count 0. \throws Error{usage}.
    [[nodiscard]] static TownshipWeights parse(const std::string& text);
};

/// All on the grid of the forest; what is null or empty is left out of the index.
struct TownshipInputs {
    const ForestCells& forest;
    const UnitLayer& townships;
    const raster::Source* danger = nullptr;
    const raster::Source* people = nullptr; ///< persons in each cell
    std::vector<Fire> fires = {};
    std::vector<std::uint16_t> times_seen = {}; ///< by forest cell
    double edge = 1000;                         ///< people at most so far from forest count, m
    double years = 0; ///< of the record of fires; 0: from first to last year
    TownshipWeights weights = {};
};

struct Township {
    std::string name;
    double forest_m2 = 0;
    double danger = 0; ///< mean over the forest
    double fires = 0;
    double burnt_ha = 0;
    double edge_people = 0;
    double unseen_m2 = 0;
    /// Mean of the ingredients, each brought to 0..1 from its least to its greatest value
    /// over the townships with forest, by their weights. NaN without forest.
    double index = 0;
    int level = 0;                    ///< 5 high .. 1 low by natural breaks; 0 without forest
    bool key = false;                 ///< level 4 or 5
    double damage_permille = 0;       ///< burnt forest / forest, a year
    double worst_damage_permille = 0; ///< in the worst year
    int worst_year = 0;
};

struct TownshipStudy {
    std::vector<Township> townships;      ///< by falling index
    Township all;                         ///< sums over townships
    std::map<int, double> damage_by_year; ///< permille of all forest
    double years = 0;
    int levels = 0;                    ///< fewer than 5 where few indices differ
    std::vector<std::string> remarks;  ///< what is not known of some
    std::vector<std::string> left_out; ///< ingredients that were not given
};

/// The greatest damage rate that the standard allows, permille a year.
inline constexpr double damage_limit_permille = 0.8;

/// Fires beyond all townships are left out of their figures and of the sums.
[[nodiscard]] TownshipStudy rank_townships(const TownshipInputs& inputs,
                                           const Execution& execution);

/// Polygons with all figures, by rank.
[[nodiscard]] vector::Layer township_layer(const TownshipStudy& study, const UnitLayer& units,
                                           const Crs& crs, Language language);
[[nodiscard]] std::string township_json(const TownshipStudy& study);

} // namespace riskmap::forest
