// SPDX-License-Identifier: MIT
#include <riskmap/shelter/sites.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <set>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/geo/topology.hpp>
#include <riskmap/raster/point_values.hpp>

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

const std::vector<SiteClass>& usual_classes() {
    static const std::vector<SiteClass> classes{
        {"紧急", 0.5, 0}, {"emergency", 0.5, 0}, {"短期", 2, 0},   {"short", 2, 0},
        {"中期", 3, 0},   {"medium", 3, 0},      {"长期", 4.5, 0}, {"long", 4.5, 0}};
    return classes;
}

namespace {

const SiteClass* class_of(const Site& site, const std::string& said,
                          std::span<const SiteClass> classes) {
    for (const auto* text : {&said, &site.kind})
        for (const auto& one : classes)
            if (small_letters(*text).find(small_letters(one.word)) != std::string::npos)
                return &one;
    return nullptr;
}

} // namespace

std::size_t pool(std::vector<Site>& sites) {
    std::vector<Site> kept;
    for (auto& site : sites) {
        const auto same = std::find_if(kept.begin(), kept.end(), [&](const Site& other) {
            return std::hypot(other.place.x - site.place.x, other.place.y - site.place.y) <= 1;
        });
        if (same == kept.end()) {
            kept.push_back(std::move(site));
            continue;
        }
        same->id += "+" + site.id;
        if (same->kind != site.kind && !site.kind.empty())
            same->kind += (same->kind.empty() ? "" : "+") + site.kind;
        same->area += site.area; // NaN stays NaN
        same->capacity += site.capacity;
        same->cost += site.cost;
        same->limit = std::max(same->limit, site.limit);
        // The worse of both, where one is known.
        same->flood = std::fmax(same->flood, site.flood);
        same->landslide = std::fmax(same->landslide, site.landslide);
    }
    const auto pooled = sites.size() - kept.size();
    sites = std::move(kept);
    return pooled;
}

std::vector<Site> sites_of(spec::Table& table, const Crs& crs, double area_per_person,
                           const std::string& prefix, std::span<const SiteClass> classes) {
    const auto places = table.places(crs);
    const auto ids = table.texts("id");
    const auto kinds = table.texts("kind");
    const auto groups = table.texts("township");
    const auto capacities = table.numbers("capacity");
    const auto areas = table.numbers("floor_area_m2");
    const auto costs = table.numbers("cost_10k_yuan");
    const auto floods = table.numbers("flood_depth_m");
    const auto landslides = table.numbers("landslide");
    std::vector<Site> sites;
    std::set<std::string> known;
    const auto ranks = table.texts("class");
    std::size_t by_area = 0;
    std::size_t by_class = 0;
    for (std::size_t row = 0; row < table.size(); ++row) {
        Site site;
        site.id = ids[row].empty() ? fmt::format("{}-{}", prefix, row + 1) : ids[row];
        if (!known.insert(site.id).second)
            throw input_error(
                fmt::format("{}: two sites are called '{}'", table.where(row), site.id),
                "give each its own id, or name another column with fields=THEIRS=id");
        site.place = places[row];
        site.kind = kinds[row];
        site.group = groups[row];
        site.area = areas[row];
        site.capacity = capacities[row];
        const auto* own = class_of(site, ranks[row], classes);
        site.limit = own == nullptr ? 0 : own->limit;
        if (std::isnan(site.capacity) && !std::isnan(site.area)) {
            site.capacity = std::floor(site.area / (own == nullptr ? area_per_person : own->area));
            ++by_area;
            by_class += own == nullptr ? 0 : 1;
        }
        site.cost = costs[row];
        site.flood = floods[row];
        site.landslide = landslides[row];
        sites.push_back(std::move(site));
    }
    if (by_area > 0)
        table.account().remark(
            {fmt::format("{} 处容量按面积推算：{} 处按其类别的人均面积，其余按 {:g} 平方米",
                         by_area, by_class, area_per_person),
             fmt::format("{} capacities are reckoned from the floor area: {} by their class, the "
                         "others at {:g} m2 a person",
                         by_area, by_class, area_per_person)});
    return sites;
}

namespace {

const Words sites_word{"场所", "sites"};

/// To the nearest plant or border of one, m; 0 inside.
double to_plants(Point place, const SuitabilityRules& rules) {
    double least = std::numeric_limits<double>::infinity();
    for (const auto& plant : rules.plants)
        least = std::min(least, std::hypot(plant.x - place.x, plant.y - place.y));
    for (const auto& line : rules.plant_lines)
        for (std::size_t i = 1; i < line.size(); ++i)
            least = std::min(least, foot_on(line[i - 1], line[i], place).distance);
    for (const auto& area : rules.plant_areas) {
        if (contains(area, place))
            return 0;
        for_each_ring(area, [&](const Ring& ring, bool) {
            for (std::size_t i = 0; i < ring.size(); ++i)
                least = std::min(
                    least, foot_on(ring[i], ring[i + 1 < ring.size() ? i + 1 : 0], place).distance);
        });
    }
    return least;
}

/// Degrees, from heights a cell's width to the four sides.
std::vector<double> slopes_of(const spec::Raster& heights, const std::vector<Site>& sites,
                              const Crs& crs, const Execution& execution) {
    const Grid& grid = heights.grid();
    if (!(grid.crs.metres_per_unit() > 0))
        throw input_error(
            fmt::format("heights '{}' are in degrees: slopes cannot be taken", heights.label()),
            "bring them to a metric CRS with riskmap stack");
    const double scale = grid.crs.metres_per_unit();
    const auto places = CrsTransform{crs, grid.crs}.apply(places_of(sites));
    std::vector<Point> around;
    for (const auto& p : places)
        for (const auto& [dx, dy] : {std::pair{-1, 0}, {1, 0}, {0, -1}, {0, 1}})
            around.push_back({p.x + dx * grid.cell_width, p.y + dy * grid.cell_height});
    const auto values =
        heights.values_at(around, grid.crs, {"场所周边的点", "points around the sites"},
                          raster::Sampling::bilinear, execution);
    std::vector<double> slopes;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const double east = (values[4 * i + 1] - values[4 * i]) / (2 * grid.cell_width * scale);
        const double north =
            (values[4 * i + 3] - values[4 * i + 2]) / (2 * grid.cell_height * scale);
        slopes.push_back(std::atan(std::hypot(east, north)) * 180 / std::numbers::pi);
    }
    return slopes;
}

/// Values of a raster over those of a field; a field that knows is not overwritten by a raster
/// that does not. Whether the rule was asked at all; its bound becomes the one the raster can say.
bool overlay(const spec::Source& source, const char* unit, std::vector<Site>& sites,
             double Site::*field, bool from, double& bound, const Crs& crs, spec::Door& door,
             const Execution& execution) {
    if (source.empty() || sites.empty())
        return false;
    const auto overlaid = door.raster(source, unit);
    const auto values =
        overlaid.values_at(places_of(sites), crs, sites_word, raster::Sampling::nearest, execution);
    const auto written = overlaid.reader()->as_written(bound);
    bound = from ? written.first : written.second;
    for (std::size_t i = 0; i < sites.size(); ++i)
        if (!std::isnan(values[i]))
            sites[i].*field = values[i];
    return true;
}

} // namespace

void judge(std::vector<Site>& sites, const Crs& crs, const SuitabilityRules& rules,
           const std::vector<bool>& cut_off, spec::Door& door, const Execution& execution) {
    std::vector<double> slopes;
    if (!rules.heights.empty() && !sites.empty())
        slopes = slopes_of(door.raster(rules.heights, "m"), sites, crs, execution);
    double flood_above = rules.flood_above;
    double landslide_from = rules.landslide_from;
    const bool asks_flood =
        overlay(rules.flood, "m", sites, &Site::flood, false, flood_above, crs, door, execution);
    const bool asks_landslide = overlay(rules.landslide, "", sites, &Site::landslide, true,
                                        landslide_from, crs, door, execution);
    for (std::size_t i = 0; i < sites.size(); ++i) {
        auto& site = sites[i];
        const auto fault = [&](const std::string& zh, const std::string& en) {
            site.faults.push_back({zh, en});
        };
        if (site.flood > flood_above)
            fault(fmt::format("淹没水深{:.2g}米", site.flood),
                  fmt::format("floods {:.2g} m deep", site.flood));
        else if (asks_flood && std::isnan(site.flood))
            fault("淹没水深未知", "flood depth not known");
        if (site.landslide >= landslide_from)
            fault(fmt::format("地质灾害等级{:.2g}", site.landslide),
                  fmt::format("landslide level {:.2g}", site.landslide));
        else if (asks_landslide && std::isnan(site.landslide))
            fault("地质灾害等级未知", "landslide level not known");
        if (!slopes.empty() && slopes[i] > rules.slope_above)
            fault(fmt::format("坡度{:.0f}度", slopes[i]),
                  fmt::format("slope of {:.0f} degrees", slopes[i]));
        else if (!slopes.empty() && std::isnan(slopes[i]))
            fault("坡度未知", "slope not known");
        if (site.area < rules.least_area)
            fault(fmt::format("面积仅{:.0f}平方米", site.area),
                  fmt::format("only {:.0f} m2 of floor", site.area));
        else if (rules.least_area > 0 && std::isnan(site.area))
            fault("面积未知", "floor area not known");
        if (const double d = to_plants(site.place, rules); d < rules.plant_distance)
            fault(d > 0 ? fmt::format("距化工企业{:.0f}米", d) : "在化工企业内",
                  d > 0 ? fmt::format("{:.0f} m from a chemical plant", d)
                        : "inside a chemical plant");
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
