// SPDX-License-Identifier: MIT
#include <riskmap/shelter/source.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/vector/fields.hpp>

namespace riskmap::shelter {

LayerName LayerName::parse(const std::string& text) {
    const auto [file, layer] = split_layer_name(text);
    return {file, layer};
}

namespace {

vector::Layer read(const LayerName& name) {
    return vector::read_layer(name.file, name.layer);
}

void tell(const network::GraphReport& report, double snap, std::vector<std::string>& remarks) {
    if (report.snapped > 0)
        remarks.push_back(fmt::format("{} ends of roads within {:g} m of another road were joined "
                                      "to it",
                                      report.snapped, snap));
    if (report.no_length > 0)
        remarks.push_back(
            fmt::format("{} roads or pieces without length were left out", report.no_length));
    if (report.duplicates > 0)
        remarks.push_back(fmt::format("{} pieces of road that were there twice were left out",
                                      report.duplicates));
    if (report.components > 1)
        remarks.push_back(fmt::format(
            "the roads fall into {} parts that are not joined; the largest has {:.1f} % of them",
            report.components, 100 * report.largest_share));
}

} // namespace

Roads open_roads(const RoadSource& source, const Limit& limit, const Crs& crs,
                 std::vector<std::string>& remarks, const Execution& execution) {
    if (!(source.snap >= 0) || !(source.access >= 0))
        throw Error{ErrorKind::usage, "a distance is below 0", "give metres"};
    auto graph = std::make_shared<network::Graph>(
        network::roads_of(read(source.roads), crs, source.fields), source.snap);
    tell(graph->report(), source.snap, remarks);
    for (const auto& rule : source.closed_above) {
        const raster::Reader hazard{rule.file};
        const auto closed = graph->close_above(hazard, crs, rule.above, execution);
        remarks.push_back(fmt::format("{} pieces of road are closed where '{}' says more than {:g}",
                                      closed, rule.file.filename().string(), rule.above));
    }
    network::Travel travel;
    travel.mode = limit.minutes ? source.mode : network::Mode::distance;
    if (limit.minutes && source.mode == network::Mode::distance)
        travel.mode = network::Mode::walk;
    travel.walk_kmh = source.walk_kmh;
    travel.drive_kmh = source.drive_kmh;
    std::unique_ptr<raster::Reader> heights;
    if (travel.mode == network::Mode::tobler && !source.heights.empty()) {
        heights = std::make_unique<raster::Reader>(source.heights);
        travel.heights = heights.get();
    }
    auto costs = network::costs_of(*graph, crs, travel, execution);
    return {std::move(graph), std::move(costs)};
}

std::shared_ptr<const Distances> open_distances(const RoadSource& source, const Limit& limit,
                                                const Crs& crs, std::vector<std::string>& remarks,
                                                const Execution& execution) {
    if (source.roads.empty()) {
        remarks.push_back(
            fmt::format("no roads are given: ways are straight lines times {:g}", source.factor));
        return straight(source.factor, limit, source.walk_kmh);
    }
    auto [graph, costs] = open_roads(source, limit, crs, remarks, execution);
    return along_roads(std::move(graph), std::move(costs), source.access);
}

namespace {

std::vector<Site> read_sites(const LayerName& name, const Crs& crs, const SiteFields& fields) {
    if (name.empty())
        return {};
    return sites_of(read(name), crs, fields);
}

/// Chemical plants are points or areas.
std::vector<Point> plants_of(const vector::Layer& layer, const Crs& crs) {
    const auto placed = vector::transformed(layer, crs);
    std::vector<Point> places;
    for (std::size_t f = 0; f < placed.features.size(); ++f)
        places.push_back(placed.features[f].shape.polygons.empty()
                             ? vector::place_of(placed, f)
                             : centroid(placed.features[f].shape.polygons));
    return places;
}

void judge_candidates(Scene& scene, const SceneSource& source, const Execution& execution) {
    auto rules = source.suitability;
    if (!source.plants.empty())
        rules.plants = plants_of(read(source.plants), scene.crs);
    double most_landslide = 0;
    for (const auto& site : scene.candidates)
        if (!std::isnan(site.landslide))
            most_landslide = std::max(most_landslide, site.landslide);
    judge(scene.candidates, scene.crs, rules,
          scene.distances->cut_off(places_of(scene.candidates), execution), execution);
    if (rules.landslide.empty() && most_landslide > 0 && most_landslide <= 1 &&
        rules.landslide_from > 1)
        scene.remarks.push_back(fmt::format(
            "the candidates' landslide values go up to {:.2g} only: if they are shares and not "
            "levels, give the limit as a share",
            most_landslide));
    const auto unsuitable = std::count_if(scene.candidates.begin(), scene.candidates.end(),
                                          [](const Site& site) { return !site.suitable(); });
    if (unsuitable > 0)
        scene.remarks.push_back(fmt::format("{} of {} candidates are unsuitable and left out",
                                            unsuitable, scene.candidates.size()));
}

} // namespace

Scene open_scene(const SceneSource& source, const Execution& execution) {
    std::vector<std::pair<vector::Layer, std::string>> units;
    for (const auto& unit : source.units)
        units.emplace_back(read(unit.layer), unit.field);
    return open_scene(source, units, execution);
}

Scene open_scene(const SceneSource& source,
                 const std::vector<std::pair<vector::Layer, std::string>>& units,
                 const Execution& execution) {
    Scene scene;
    scene.limit = source.limit;
    auto opened = read_people(source.people, execution);
    if (!source.movers.empty())
        keep_movers(opened.people, opened.crs, source.movers, execution);
    scene.crs = metric_crs(opened.crs, bounds(opened.people.places));
    if (const auto lost = carry(opened.people, opened.crs, scene.crs); lost > 0)
        scene.remarks.push_back(
            fmt::format("{} places of people do not lie in {}", lost, scene.crs.name()));
    scene.people = std::move(opened.people);
    scene.existing = read_sites(source.existing, scene.crs, source.fields);
    scene.candidates = read_sites(source.candidates, scene.crs, source.fields);
    require_distinct(scene.existing, scene.candidates);
    scene.distances =
        open_distances(source.roads, source.limit, scene.crs, scene.remarks, execution);
    if (!source.any_site && !scene.candidates.empty())
        judge_candidates(scene, source, execution);
    for (const auto& [layer, field] : units)
        scene.units.push_back(Units::of(layer, field, scene.crs));
    look_around(scene, execution);
    std::vector<Point> places;
    for (std::size_t s = 0; s < scene.sites(); ++s)
        places.push_back(scene.site(s).place);
    std::size_t roadless = 0;
    for (const double access : scene.distances->access(places, execution))
        roadless += std::isnan(access) ? 1 : 0;
    if (roadless > 0)
        scene.remarks.push_back(fmt::format("{} shelters and candidates have no road within {:g} m",
                                            roadless, source.roads.access));
    return scene;
}

} // namespace riskmap::shelter
