// SPDX-License-Identifier: MIT
#include <riskmap/shelter/source.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/network/roads.hpp>

namespace riskmap::shelter {

namespace {

void tell(const network::GraphReport& report, double snap, std::vector<std::string>& remarks) {
    if (report.snapped > 0)
        remarks.push_back(fmt::format("{} ends of roads within {:g} m of another road were joined "
                                      "to it",
                                      report.snapped, snap));
    if (report.crossings > 0)
        remarks.push_back(fmt::format("{} crossings of lines without a vertex in common became "
                                      "junctions (--join vertices: only where they share one)",
                                      report.crossings));
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

void close_above(network::Graph& graph, const MoveRule& rule, const Crs& crs,
                 std::vector<std::string>& remarks, spec::Door& door, const Execution& execution) {
    const auto hazard = door.raster(rule.source);
    const auto where_nodata = rule.source.where_nodata;
    const auto found =
        graph.close_above(*hazard.reader(), crs, hazard.reader()->as_written(rule.above).second,
                          where_nodata, execution);
    remarks.push_back(
        fmt::format("{} pieces of road, {:.1f} km, are closed where '{}' says more than {:g}",
                    found.closed, found.length / 1000, hazard.label(), rule.above));
    if (!found.covered && found.asked > 0)
        throw input_error(fmt::format("'{}' covers none of the roads", hazard.label()),
                          "check that it is of the same place, and its CRS");
    if (found.unknown > 0)
        hazard.account().remark(
            {fmt::format(
                 "{}/{} 段道路上没有数据，按通行计（若无数据表示某值，用 where-nodata=0 说明）",
                 found.unknown, found.asked),
             fmt::format("no data along {} of {} pieces of road, which count as open (if it means "
                         "a value, say where-nodata=0)",
                         found.unknown, found.asked)});
}

} // namespace

SiteClass site_class(const std::string& text) {
    const auto equals = text.find('=');
    const auto colon = text.find(':', equals == std::string::npos ? 0 : equals);
    const auto area = equals == std::string::npos
                          ? std::nullopt
                          : parse_number(trim(text.substr(equals + 1, colon - equals - 1)));
    if (equals == 0 || !area || !(*area > 0))
        throw Error{ErrorKind::usage, fmt::format("'{}' is no class of shelters", text),
                    "write WORD=AREA or WORD=AREA:LIMIT, as 紧急=0.5:500m (m2 a person)"};
    SiteClass out{std::string{trim(text.substr(0, equals))}, *area, 0};
    if (colon != std::string::npos)
        out.limit = Limit::parse(text.substr(colon + 1)).amount;
    return out;
}

std::pair<std::string, double> class_speed(const std::string& text) {
    const auto at = text.rfind('=');
    const auto kmh = at == std::string::npos
                         ? std::nullopt
                         : parse_number(trim(std::string_view{text}.substr(at + 1)));
    if (at == 0 || !kmh || !(*kmh > 0))
        throw Error{ErrorKind::usage, fmt::format("'{}' is no speed of a class", text),
                    "write CLASS=KMH, as primary=50"};
    return {std::string{trim(std::string_view{text}.substr(0, at))}, *kmh};
}

void RoadSource::check(const Limit& limit) const {
    if (!(snap >= 0) || !(access >= 0) || !(least_part >= 0))
        throw Error{ErrorKind::usage, "a distance is below 0", "give metres"};
    if (roads.empty() && mode == network::Mode::drive)
        throw Error{ErrorKind::usage, "there are no roads to drive on",
                    "give --roads FILE:LAYER, or leave out --by drive"};
    if (!limit.minutes && (mode == network::Mode::tobler))
        throw Error{ErrorKind::usage, "Tobler's function gives times, and the limit is a distance",
                    "give the limit in minutes, or leave out --by tobler"};
}

namespace {

network::Travel travel_of(const RoadSource& source, const Limit& limit) {
    network::Travel travel;
    travel.driven = source.mode == network::Mode::drive;
    travel.mode = limit.minutes ? source.mode : network::Mode::distance;
    if (limit.minutes && source.mode == network::Mode::distance)
        travel.mode = network::Mode::walk;
    travel.walk_kmh = source.walk_kmh;
    travel.drive_kmh = source.drive_kmh;
    return travel;
}

/// What a layer of any kind holds, in the working CRS.
struct Things {
    std::vector<Point> points;
    std::vector<LineString> lines;
    std::vector<MultiPolygon> areas;
};
Things things_of(const spec::Source& source, const Crs& crs, spec::Door& door) {
    auto table = door.table(source, spec::any_layer(), spec::Shapes::wanted);
    const auto placed = vector::transformed(std::move(table.layer()), crs);
    Things out;
    for (const auto& feature : placed.features) {
        const auto& shape = feature.shape;
        out.points.insert(out.points.end(), shape.points.begin(), shape.points.end());
        out.lines.insert(out.lines.end(), shape.lines.begin(), shape.lines.end());
        if (!shape.polygons.empty())
            out.areas.push_back(shape.polygons);
    }
    return out;
}

std::shared_ptr<const network::Barriers> open_barriers(const spec::Source& source, const Crs& crs,
                                                       spec::Door& door) {
    if (source.empty())
        return nullptr;
    const auto things = things_of(source, crs, door);
    if (things.lines.empty() && things.areas.empty())
        throw input_error(fmt::format("'{}' holds no lines or areas", source.label()),
                          "barriers are rivers, lakes, railways: lines or polygons");
    return std::make_shared<const network::Barriers>(things.lines, things.areas);
}

} // namespace

Ways open_ways(const RoadSource& source, const Limit& limit, const Crs& crs,
               std::vector<std::string>& remarks, spec::Door& door, const Execution& execution) {
    source.check(limit);
    if (source.roads.empty()) {
        remarks.push_back(
            fmt::format("no roads are given: ways are straight lines times {:g}", source.factor));
        const std::shared_ptr<const Distances> ways =
            straight(source.factor, limit, source.walk_kmh);
        return {ways, ways, nullptr};
    }
    auto travel = travel_of(source, limit);
    auto table = door.table(source.roads, "roads", spec::Shapes::wanted);
    auto graph = std::make_shared<network::Graph>(
        network::roads_of(
            table, crs, {source.closed_by, travel.driven, source.not_entered, source.class_speeds}),
        source.snap, source.join);
    tell(graph->report(), source.snap, remarks);
    for (const auto& rule : source.closed_above)
        close_above(*graph, rule, crs, remarks, door, execution);
    std::shared_ptr<const raster::Reader> heights;
    if (travel.mode == network::Mode::tobler && !source.heights.empty()) {
        heights = door.raster(source.heights, "m").reader();
        travel.heights = heights.get();
    }
    const auto costs_of = [&](bool calm) {
        travel.closed_too = calm;
        return network::costs_of(*graph, crs, travel, execution);
    };
    auto costs = costs_of(false);
    if (costs.no_height > 0 && costs.with_height == 0)
        throw input_error(fmt::format("'{}' covers none of the roads", source.heights.label()),
                          "check that it is of the same place, and its CRS");
    if (costs.no_height > 0)
        remarks.push_back(fmt::format("{:.1f} km of road have no heights in '{}': they are walked "
                                      "as if level",
                                      costs.no_height / 1000, source.heights.label()));
    network::AccessRules access{source.access, source.least_part,
                                open_barriers(source.barriers, crs, door)};
    RoadNetwork roads{graph, std::make_shared<network::AccessIndex>(*graph, std::move(access)),
                      std::move(costs), true, source.factor};
    Ways ways;
    ways.graph = graph;
    const auto edges = graph->edges();
    const bool closes = std::any_of(edges.begin(), edges.end(),
                                    [](const network::Edge& edge) { return edge.closed; });
    if (closes) {
        auto calm = roads;
        calm.costs = costs_of(true);
        calm.heeds_closed = false;
        ways.calm = along_roads(std::move(calm));
    }
    ways.now = along_roads(std::move(roads));
    if (!closes)
        ways.calm = ways.now;
    return ways;
}

namespace {

std::vector<Site> read_sites(const spec::Source& source, const char* kind, const Crs& crs,
                             const SceneSource& scene, const std::string& taken, spec::Door& door) {
    if (source.empty())
        return {};
    auto table = door.table(source, kind, spec::Shapes::points);
    auto prefix = table.layer().name;
    if (prefix == taken)
        prefix = "candidate";
    return sites_of(table, crs, scene.area_per_person, prefix, scene.classes);
}

/// Layers that cannot belong together: coordinates swapped, or of another city.
void refuse_far_apart(const People& people, const std::vector<Site>& sites, const char* what) {
    constexpr double farthest = 100'000; // m
    if (people.size() == 0 || sites.empty())
        return;
    const auto a = bounds(std::span<const Point>{people.places});
    const auto places = places_of(sites);
    const auto b = bounds(std::span<const Point>{places});
    const double dx = std::max({0.0, a.left - b.right, b.left - a.right});
    const double dy = std::max({0.0, a.bottom - b.top, b.bottom - a.top});
    if (const double apart = std::hypot(dx, dy); apart > farthest)
        throw input_error(
            fmt::format("the people and the {} lie {:.0f} km apart", what, apart / 1000),
            "check the CRS of both (crs=), and whether X and Y are swapped");
}

/// Those that exist and those that may come, by the same rules.
void judge_sites(Scene& scene, const SceneSource& source, spec::Door& door,
                 const Execution& execution) {
    auto rules = source.suitability;
    if (!source.plants.empty()) {
        auto plants = things_of(source.plants, scene.crs, door);
        rules.plants = std::move(plants.points);
        rules.plant_lines = std::move(plants.lines); // pipelines
        rules.plant_areas = std::move(plants.areas);
    }
    double most_landslide = 0;
    for (const auto* sites : {&scene.existing, &scene.candidates})
        for (const auto& site : *sites)
            if (!std::isnan(site.landslide))
                most_landslide = std::max(most_landslide, site.landslide);
    for (auto* sites : {&scene.existing, &scene.candidates})
        if (!sites->empty())
            judge(*sites, scene.crs, rules, scene.distances->cut_off(places_of(*sites), execution),
                  door, execution);
    if (rules.landslide.empty() && most_landslide > 0 && most_landslide <= 1 &&
        rules.landslide_from > 1)
        scene.remarks.push_back(fmt::format(
            "landslide values of the sites go up to {:.2g} only: if they are shares and not "
            "levels, give the limit as a share",
            most_landslide));
    const auto unsuitable = [](const std::vector<Site>& sites) {
        return std::count_if(sites.begin(), sites.end(),
                             [](const Site& site) { return !site.suitable(); });
    };
    if (const auto n = unsuitable(scene.existing); n > 0)
        scene.remarks.push_back(fmt::format(
            "{} of {} shelters that exist are unsuitable and serve nobody (their reasons stand "
            "beside them; --any-site takes them all)",
            n, scene.existing.size()));
    if (const auto n = unsuitable(scene.candidates); n > 0)
        scene.remarks.push_back(fmt::format("{} of {} candidates are unsuitable and left out", n,
                                            scene.candidates.size()));
}

/// What stands before the number in ids that were made.
std::string prefix_of(const std::vector<Site>& sites) {
    if (sites.empty() || !sites[0].id.ends_with("-1"))
        return {};
    return sites[0].id.substr(0, sites[0].id.size() - 2);
}

} // namespace

Scene open_scene(const SceneSource& source, spec::Door& door, const Execution& execution) {
    std::vector<spec::Door::Areas> units;
    for (const auto& unit : source.units)
        units.push_back(door.areas(unit));
    return open_scene(source, units, door, execution);
}

Scene open_scene(const SceneSource& source, const std::vector<spec::Door::Areas>& units,
                 spec::Door& door, const Execution& execution) {
    Scene scene;
    scene.title = source.title;
    scene.limit = source.limit;
    auto opened = read_people(source.people, door, execution);
    if (!source.movers.empty()) {
        scene.residents = opened.people;
        keep_movers(opened.people, opened.crs, source.movers, door, execution);
    }
    scene.crs = metric_crs(opened.crs, bounds(opened.people.places));
    if (const auto lost = carry(opened.people, opened.crs, scene.crs); lost > 0)
        scene.remarks.push_back(
            fmt::format("{} places of people do not lie in {}", lost, scene.crs.name()));
    scene.people = std::move(opened.people);
    carry(scene.residents, opened.crs, scene.crs);
    scene.existing = read_sites(source.existing, "shelters", scene.crs, source, "", door);
    if (const auto pooled = pool(scene.existing); pooled > 0)
        scene.remarks.push_back(
            fmt::format("{} shelters lie within a metre of another one and are counted as one with "
                        "it: their places add up",
                        pooled));
    scene.candidates = read_sites(source.candidates, "shelter_candidates", scene.crs, source,
                                  source.existing.empty() ? "" : prefix_of(scene.existing), door);
    require_distinct(scene.existing, scene.candidates);
    refuse_far_apart(scene.people, scene.existing, "shelters");
    refuse_far_apart(scene.people, scene.candidates, "candidates");
    const auto ways =
        open_ways(source.roads, source.limit, scene.crs, scene.remarks, door, execution);
    scene.distances = ways.now;
    scene.calm_distances = ways.calm;
    if (!source.any_site)
        judge_sites(scene, source, door, execution);
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
