// SPDX-License-Identifier: MIT
// Shelters that exist and places for new ones: capacity, and what makes a place unsuitable
// (../docs/method.md section 15).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/geo/crs.hpp>
#include <riskmap/raster/source.hpp>
#include <riskmap/spec/door.hpp>

namespace riskmap::shelter {

struct Site {
    std::string id;
    Point place;                       ///< in the working CRS
    std::string kind;                  ///< school, gymnasium ...
    std::string group;                 ///< township, for quotas
    double area = raster::nodata;      ///< usable floor area, m2
    double capacity = raster::nodata;  ///< people; NaN: not known
    double cost = raster::nodata;      ///< in the unit of the layer; NaN: not known
    double flood = raster::nodata;     ///< depth, m
    double landslide = raster::nodata; ///< in the unit of the layer
    double limit = 0;                  ///< by its class, m or s; 0: as far as to all
    std::vector<Words> faults = {};    ///< why it is unsuitable, or not known to be suitable

    [[nodiscard]] bool suitable() const noexcept { return faults.empty(); }
};

/// Area per person by how long people stay. Source: method section 15, after GB 51143-2015.
struct Stay {
    std::string_view name;
    Words title;
    double area; ///< m2 per person
};
/// emergency, short, medium, long.
[[nodiscard]] std::span<const Stay> stays();

/// A class of shelters, by a word in the kind or the class that a layer gives: 紧急, 固定 ...
struct SiteClass {
    std::string word;
    double area = 2;  ///< m2 per person
    double limit = 0; ///< how far people come, m or s; 0: as far as to all
};
/// Those of `stays`, without limits of their own: 紧急, 短期, 中期, 长期.
[[nodiscard]] const std::vector<SiteClass>& usual_classes();

/// The sites of a table of points by the specification `shelters`. Without ids they are called by
/// `prefix` and their number. Where no capacity is said, it is what the floor area holds by the
/// class of the site, of a site of no class at `area_per_person`, m2; unknown stays unknown.
/// \throws Error{input}: an id twice, a value that cannot be read or is impossible.
[[nodiscard]] std::vector<Site> sites_of(spec::Table& table, const Crs& crs, double area_per_person,
                                         const std::string& prefix,
                                         std::span<const SiteClass> classes = usual_classes());

/// Sites within a metre of each other are one, which holds what all do (unknown if that of one is);
/// ids are joined by "+". How many were is returned.
std::size_t pool(std::vector<Site>& sites);

/// What a place must not be. A rule without data anywhere (no raster, no field) says nothing. Where
/// a raster is given and has no data at a site, and its field says nothing either, the rule is
/// unknown there, and the site is not taken for suitable.
struct SuitabilityRules {
    double flood_above = 0.3;       ///< m
    double landslide_from = 4;      ///< level, or in the unit of the layer
    double slope_above = 15;        ///< degrees
    double least_area = 0;          ///< m2
    double plant_distance = 500;    ///< m to a chemical plant, from its border if it is an area
    spec::Source flood = {};        ///< raster of depths, m; else the layer's field
    spec::Source landslide = {};    ///< raster; else the layer's field
    spec::Source heights = {};      ///< for the slope
    std::vector<Point> plants = {}; ///< in the working CRS
    std::vector<LineString> plant_lines = {};
    std::vector<MultiPolygon> plant_areas = {};
};
/// Adds to each site what makes it unsuitable. `cut_off`: its only road is closed.
void judge(std::vector<Site>& sites, const Crs& crs, const SuitabilityRules& rules,
           const std::vector<bool>& cut_off, spec::Door& door, const Execution& execution);

[[nodiscard]] std::vector<Point> places_of(const std::vector<Site>& sites);

/// \throws Error{input} where a site of one list has the id of one of the other.
void require_distinct(const std::vector<Site>& existing, const std::vector<Site>& candidates);

} // namespace riskmap::shelter
