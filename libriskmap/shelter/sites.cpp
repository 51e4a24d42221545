// SPDX-License-Identifier: MIT
#include <riskmap/shelter/sites.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <set>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/raster/point_values.hpp>
#include <riskmap/vector/fields.hpp>

namespace riskmap::shelter {

std::span<const Stay> stays() {
    static const std::array<Stay, 4> table{{
        {"emergency", {"紧急避险", "emergency"}, 0.5},
        {"short", {"短期安置", "short stay"}, 2.0},
        {"medium", {"中期安置", "medium stay"}, 3.0},
        {"long", {"长期安置", "long stay"}, 4.5},
    }};
    return table;
}

namespace {

/// A number that is not known or at least 0.
double amount_of(const vector::NumberField& field, const vector::Layer& layer, std::size_t f) {
    const double number = field.of(f);
    if (number < 0)
        throw input_error(fmt::format("layer '{}', feature {}: {} is {}", layer.name, f + 1,
                                      field.name(), number),
                          "give a number of at least 0");
    return number;
}

} // namespace

std::vector<Site> sites_of(const vector::Layer& layer, const Crs& crs, const SiteFields& fields) {
    const auto placed = vector::transformed(layer, crs);
    const auto id = vector::find_field(layer, fields.id, {"id", "code"});
    const auto kind = vector::find_field(layer, fields.kind, {"kind", "class", "type"});
    const auto group = vector::find_field(layer, fields.group, {"township", "group"});
    const vector::NumberField capacity{layer, fields.capacity, {"capacity"}, raster::nodata};
    const vector::NumberField area{
        layer, fields.area, {"floor_area_m2", "area_m2"}, raster::nodata};
    const vector::NumberField cost{layer, fields.cost, {"cost", "cost_10k_yuan"}, raster::nodata};
    const vector::NumberField flood{layer, "", {"flood_depth_m"}, raster::nodata};
    const vector::NumberField landslide{layer, "", {"landslide"}, raster::nodata};
    std::vector<Site> sites;
    std::set<std::string> ids;
    for (std::size_t f = 0; f < placed.features.size(); ++f) {
        const auto& values = layer.features[f].values;
        Site site;
        site.id = id ? vector::text_of(values[*id]) : fmt::format("{}-{}", layer.name, f + 1);
        if (!ids.insert(site.id).second)
            throw input_error(
                fmt::format("layer '{}' has two sites called '{}'", layer.name, site.id),
                "give each its own id, or name another field of ids");
        site.place = vector::place_of(placed, f);
        site.kind = kind ? vector::text_of(values[*kind]) : "";
        site.group = group ? vector::text_of(values[*group]) : "";
        site.area = amount_of(area, layer, f);
        site.capacity = amount_of(capacity, layer, f);
        if (std::isnan(site.capacity))
            site.capacity = std::floor(site.area / fields.area_per_person);
        site.cost = amount_of(cost, layer, f);
        site.flood = flood.of(f);
        site.landslide = landslide.of(f);
        sites.push_back(std::move(site));
    }
    return sites;
}

namespace {

std::vector<double> values_of(const std::filesystem::path& file, const std::vector<Site>& sites,
                              const Crs& crs, const Execution& execution) {
    const raster::Reader reader{file};
    return raster::values_at(reader, CrsTransform{crs, reader.grid().crs}.apply(places_of(sites)),
                             raster::Sampling::nearest, execution);
}

/// Degrees, from heights a cell's width to the four sides.
std::vector<double> slopes_of(const std::filesystem::path& file, const std::vector<Site>& sites,
                              const Crs& crs, const Execution& execution) {
    const raster::Reader heights{file};
    const Grid& grid = heights.grid();
    if (!(grid.crs.metres_per_unit() > 0))
        throw input_error(
            fmt::format("heights '{}' are in degrees: slopes cannot be taken", file.string()),
            "bring them to a metric CRS with riskmap stack");
    const double scale = grid.crs.metres_per_unit();
    const auto places = CrsTransform{crs, grid.crs}.apply(places_of(sites));
    std::vector<Point> around;
    for (const auto& p : places)
        for (const auto& [dx, dy] : {std::pair{-1, 0}, {1, 0}, {0, -1}, {0, 1}})
            around.push_back({p.x + dx * grid.cell_width, p.y + dy * grid.cell_height});
    const auto values = raster::values_at(heights, around, raster::Sampling::bilinear, execution);
    std::vector<double> slopes;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const double east = (values[4 * i + 1] - values[4 * i]) / (2 * grid.cell_width * scale);
        const double north =
            (values[4 * i + 3] - values[4 * i + 2]) / (2 * grid.cell_height * scale);
        slopes.push_back(std::atan(std::hypot(east, north)) * 180 / std::numbers::pi);
    }
    return slopes;
}

} // namespace

void judge(std::vector<Site>& sites, const Crs& crs, const SuitabilityRules& rules,
           const std::vector<bool>& cut_off, const Execution& execution) {
    std::vector<double> slopes;
    if (!rules.heights.empty())
        slopes = slopes_of(rules.heights, sites, crs, execution);
    const auto take = [&](const std::filesystem::path& file, double Site::*field) {
        if (file.empty())
            return;
        const auto values = values_of(file, sites, crs, execution);
        for (std::size_t i = 0; i < sites.size(); ++i)
            sites[i].*field = values[i];
    };
    take(rules.flood, &Site::flood);
    take(rules.landslide, &Site::landslide);
    for (std::size_t i = 0; i < sites.size(); ++i) {
        auto& site = sites[i];
        const auto fault = [&](const std::string& zh, const std::string& en) {
            site.faults.push_back({zh, en});
        };
        if (site.flood > rules.flood_above)
            fault(fmt::format("淹没水深{:.2g}米", site.flood),
                  fmt::format("floods {:.2g} m deep", site.flood));
        if (site.landslide >= rules.landslide_from)
            fault(fmt::format("地质灾害等级{:.2g}", site.landslide),
                  fmt::format("landslide level {:.2g}", site.landslide));
        if (!slopes.empty() && slopes[i] > rules.slope_above)
            fault(fmt::format("坡度{:.0f}度", slopes[i]),
                  fmt::format("slope of {:.0f} degrees", slopes[i]));
        if (site.area < rules.least_area)
            fault(fmt::format("面积仅{:.0f}平方米", site.area),
                  fmt::format("only {:.0f} m2 of floor", site.area));
        for (const auto& plant : rules.plants)
            if (const double d = std::hypot(plant.x - site.place.x, plant.y - site.place.y);
                d < rules.plant_distance) {
                fault(fmt::format("距化工企业{:.0f}米", d),
                      fmt::format("{:.0f} m from a chemical plant", d));
                break;
            }
        if (i < cut_off.size() && cut_off[i])
            fault("唯一通道中断", "its only road is cut");
    }
}

std::vector<Point> places_of(const std::vector<Site>& sites) {
    std::vector<Point> places;
    for (const auto& site : sites)
        places.push_back(site.place);
    return places;
}

void require_distinct(const std::vector<Site>& existing, const std::vector<Site>& candidates) {
    std::set<std::string> ids;
    for (const auto& site : existing)
        ids.insert(site.id);
    for (const auto& site : candidates)
        if (ids.contains(site.id))
            throw input_error(
                fmt::format("a shelter and a candidate are both called '{}'", site.id),
                "rename one: reports tell them apart by their id");
}

} // namespace riskmap::shelter
