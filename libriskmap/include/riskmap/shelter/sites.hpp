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
#include <riskmap/vector/layer.hpp>

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
    std::vector<Words> faults = {};    ///< why it is unsuitable, if it is

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

/// Which fields say what; each empty: the first of the usual names that the layer has (id, code;
/// kind, class, type; township, group; floor_area_m2, area_m2; capacity; cost, cost_10k_yuan;
/// flood_depth_m; landslide). Without ids sites are called by their layer and number.
struct SiteFields {
    std::string id = {};
    std::string kind = {};
    std::string group = {};
    std::string capacity = {};
    std::string area = {};
    std::string cost = {};
    double area_per_person = 2; ///< where no field says the capacity
};
/// \throws Error{input}: no points, an id twice, text for a number, a negative capacity, area or
/// cost; points that do not lie in `crs`.
[[nodiscard]] std::vector<Site> sites_of(const vector::Layer& layer, const Crs& crs,
                                         const SiteFields& fields);

/// What a place must not be. A rule without data (NaN, no file) says nothing.
struct SuitabilityRules {
    double flood_above = 0.3;             ///< m
    double landslide_from = 4;            ///< level, or in the unit of the layer
    double slope_above = 15;              ///< degrees
    double least_area = 0;                ///< m2
    double plant_distance = 500;          ///< m to a chemical plant
    std::filesystem::path flood = {};     ///< raster of depths, m; else the layer's field
    std::filesystem::path landslide = {}; ///< raster; else the layer's field
    std::filesystem::path heights = {};   ///< for the slope
    std::vector<Point> plants = {};       ///< in the working CRS
};
/// Adds to each site what makes it unsuitable. `cut_off`: its only road is closed.
void judge(std::vector<Site>& sites, const Crs& crs, const SuitabilityRules& rules,
           const std::vector<bool>& cut_off, const Execution& execution);

[[nodiscard]] std::vector<Point> places_of(const std::vector<Site>& sites);

/// \throws Error{input} where a site of one list has the id of one of the other.
void require_distinct(const std::vector<Site>& existing, const std::vector<Site>& candidates);

} // namespace riskmap::shelter
