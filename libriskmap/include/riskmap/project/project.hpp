// SPDX-License-Identifier: MIT
// A project: what goes in, how it is computed, what comes out. Read from one
// TOML file (docs/project-file.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <riskmap/census/stack.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/geo/geometry.hpp>
#include <riskmap/risk/weights.hpp>
#include <riskmap/shelter/plan.hpp>
#include <riskmap/shelter/source.hpp>
#include <riskmap/spec/source.hpp>

namespace riskmap::project {

/// A layer of areas; no file: none. Code and name by their specification.
struct AreaLayer : spec::Source {
    std::string parent_field; ///< with the code of the area above; empty: by the largest overlap
};

struct HazardMap {
    census::StackLayer source;
    double return_period = 0; ///< years; 0: not known
};

struct Hazard {
    std::string id;
    Words title;
    std::vector<HazardMap> maps; ///< by rising return period
    std::string normalise;
    std::string direction;
    std::string curve; ///< empty: no losses
    double weight = 1;
    std::optional<double> error; ///< relative; none: that of all
    bool modelled = false;
};

struct Exposure {
    std::string id;
    Words title;
    std::string unit;
    census::StackLayer source;
    std::string normalise;
    double weight = 1;
    std::optional<double> error;
    bool people = false;
    bool modelled = false;
};

struct Indicator {
    std::string field;
    std::string direction;
    std::string normalise;
    double weight = 1;
};

/// A table of townships by their codes; no file: none.
struct IndicatorTable : spec::Source {
    std::string weights;
    std::vector<std::vector<double>> ahp;
    bool force = false;
    std::vector<double> range{0, 1};
    std::string breaks = "natural-breaks";
    bool modelled = false;
    std::vector<Indicator> indicators;
};

struct WeightRules {
    std::string hazards;
    std::string combine_with;
    std::vector<std::vector<double>> ahp;
    bool force = false;
    double least = 0;
    spec::Source losses;
};

struct LevelRules {
    std::string method;
    bool zeros_apart = true;
    bool own_in_counties = false;
    std::string units;
};

struct ZoningRules {
    std::string method;
    int k = 0;
    int most = 20;
    std::string floor;
    double floor_value = 0;
    spec::Source height;
    double border_tolerance = 1;
    double least_share = 0.25;
    double sieve_km2 = 1;
    double simplify_cells = 1;
};

struct OverrideRule {
    std::string hazard;
    int level = 5;
    double people = 1;
    char prevention = 'K';
};

struct PreventionRules {
    std::vector<std::string> matrix;
    spec::Source measures;
    std::vector<OverrideRule> overrides;
};

/// A layer or raster; no file: none.
using LayerRef = spec::Source;

/// The forest itself; no file: no products of cameras, townships and water.
struct ForestRules : spec::Source {
    spec::Source height;
    spec::Source canopy;
    std::vector<double> targets;
    double refraction = 0;

    LayerRef cameras;
    double mast = 0;
    double range = 0;

    LayerRef candidates; ///< no file: found
    LayerRef roads;
    double spacing = 0;
    double road_distance = 0;

    double goal = 0;
    double budget = 0; ///< above 0: instead of the goal

    LayerRef fires;
    spec::Source danger;
    std::string weights;
    double edge = 0;
    double years = 0;

    LayerRef water_points;
    std::vector<double> shores;
    double water_distance = 0;
    double water_lift = 0;
    double water_spacing = 0;

    double margin = 0; ///< m around the area that count as well
    int most_candidates = 0;
    int sites = 0; ///< new cameras; above 0: instead of the goal
    int water_sites = 0;
    bool cheapest = false;
    bool water = false; ///< whether there is a section of it
    bool modelled = false;
};

struct ShelterRules {
    bool present = false;
    shelter::SceneSource scene; ///< without units: those are the areas
    shelter::PlanRules plan;    ///< without quotas: those are in a file
    spec::Source quotas;
    std::vector<shelter::Limit> bands; ///< of reach; none: no map of it
    /// What settlements can be cut off from; none: no map of that.
    std::vector<std::pair<std::string, spec::Source>> goals;
    bool modelled = false;
};

/// A layer told of for `check` and `ingest` alone, or more about another one.
using CensusLayer = spec::Source;

struct CheckSettings {
    bool before_run = true;
    std::string stop; ///< "error", "warning", "never"
    std::vector<std::string> accept;
    std::vector<std::string> crs;
    bool codes = true;
    double outside = 0;
    double snap = 0;
    double holes = 0;
};

/// How far weights, breakpoints and layers may be off; no draws: not studied.
struct UncertaintySettings {
    int draws = 0;
    std::int64_t seed = 1;
    double concentration = 0;
    double breakpoints = 0;
    double error = 0; ///< of layers that do not say their own
};

/// What stands on maps, and which of them are made.
struct AtlasRules {
    bool make = true;
    bool sheets = true;
    bool web = true;
    bool report = true;
    std::vector<std::string> formats; ///< of sheets: "pdf", "png", "svg"
    std::string paper;
    double dpi = 0;
    std::string source;
    std::string date;
    std::string maker;
    std::string secrecy;
    std::string height_datum;
    LayerRef neighbours;
    std::string neighbours_name_field;
};

struct OutputRules {
    std::filesystem::path folder;     ///< absolute
    std::vector<std::string> formats; ///< of "tif", "gpkg", "geojson", "csv"
    std::string palette = "standard"; ///< of atlas::palettes

    [[nodiscard]] bool has(const std::string& format) const;
};

struct Project {
    std::filesystem::path file;
    std::string written; ///< all keys of the schema with their values, as JSON
    std::string id;
    Words title;
    Language language = Language::zh;
    std::string notes;

    std::string city_code;
    Words city_name;
    AreaLayer cities; ///< no file: one city made of all counties
    AreaLayer counties;
    AreaLayer townships;

    std::string crs;
    double cell_size = 0;
    std::optional<Box> extent;
    double valid_share = 0.5;

    std::vector<Hazard> hazards;
    std::vector<Exposure> exposures;
    IndicatorTable vulnerability;
    IndicatorTable capacity;
    WeightRules weights;
    std::string form;
    std::string combination;
    std::string annual;
    LevelRules levels;
    ZoningRules zoning;
    PreventionRules prevention;
    ForestRules forest;
    shelter::Scenario scenario;
    ShelterRules shelters;
    std::vector<CensusLayer> census;
    CheckSettings check;
    UncertaintySettings uncertainty;
    AtlasRules atlas;
    OutputRules output;
};

/// Whole numbers that go before what the file says, by their keys ("uncertainty.draws").
using Instead = std::vector<std::pair<std::string, std::int64_t>>;

/// Reads and checks a project file; files it names are not opened, but must exist.
/// \throws Error{input} with file and line: not UTF-8, not TOML, unknown key
/// (with the nearest known), wrong type, missing key, value out of range.
[[nodiscard]] Project read_project(const std::filesystem::path& file, const Instead& instead = {});

} // namespace riskmap::project
