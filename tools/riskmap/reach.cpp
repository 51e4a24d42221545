// SPDX-License-Identifier: MIT
#include <optional>

#include <fmt/format.h>

#include <riskmap/atlas/shelter_maps.hpp>
#include <riskmap/core/error.hpp>

#include "command.hpp"
#include "road_options.hpp"

namespace riskmap::tool {

namespace {

struct Options {
    std::string sites;
    std::string bands;
    std::string demand;
    std::string like;
    double cell_size = 100;
    std::filesystem::path areas;
    RoadOptions roads;
    Output output;
};

/// The cells of a raster, or squares around the sites as far as anybody can come.
Grid grid_of(const Options& options, const Crs& crs, std::span<const Point> sites, double metres,
             const Context& context) {
    if (!options.like.empty())
        return context.door.raster(spec::Source::parse(options.like)).grid();
    if (!(options.cell_size > 0))
        throw Error{ErrorKind::usage, "the cell size is not above 0", "give metres"};
    Box box = bounds(sites);
    box.left -= metres;
    box.bottom -= metres;
    box.right += metres;
    box.top += metres;
    return Grid::covering(crs, box, options.cell_size);
}

/// Metres that somebody can come within a limit at most.
double furthest(const shelter::RoadSource& source, const shelter::Limit& limit) {
    if (!limit.minutes)
        return limit.amount;
    constexpr double fastest_kmh = 120;
    const bool drives = source.mode == network::Mode::drive && !source.roads.empty();
    const double kmh = drives                                 ? fastest_kmh
                       : source.mode == network::Mode::tobler ? 6.0
                                                              : source.walk_kmh;
    return limit.amount * kmh / 3.6;
}

void reach(const Options& options, const Context& context) {
    const auto bands = shelter::parse_bands(options.bands);
    const auto source = options.roads.read();
    options.output.check();
    auto sidecar = options.output.path;
    sidecar.replace_extension(".qml");
    check_output(sidecar, options.output.overwrite);
    if (!options.areas.empty())
        check_output(options.areas, options.output.overwrite);
    const auto table = context.door.table(spec::Source::parse(options.sites), spec::any_layer(),
                                          spec::Shapes::points);
    Box box;
    for (const auto& feature : table.layer().features)
        box.add(vector::bounds(feature.shape));
    if (box.empty())
        throw input_error(fmt::format("'{}' holds no points", options.sites));
    const Crs crs = metric_crs(table.layer().crs, box);
    const auto sites = table.places(crs);
    std::vector<std::string> remarks;
    const auto distances =
        shelter::open_ways(source, bands.back(), crs, remarks, context.door, context.execution).now;
    for (const auto& remark : remarks)
        context.warn(remark);
    const std::shared_ptr<const shelter::SiteFinder> finder =
        distances->finder(sites, context.execution);
    const auto grid = grid_of(options, crs, sites, furthest(source, bands.back()), context);
    const auto ways = shelter::reach_source(grid, crs, finder, bands.back());
    atlas::write_reach(options.output.path, *ways, bands.back(), context.language, {},
                       context.execution);
    std::vector<double> people;
    if (!options.demand.empty()) {
        auto opened = shelter::read_people(shelter::PeopleSource::parse(options.demand),
                                           context.door, context.execution);
        shelter::carry(opened.people, opened.crs, crs);
        people = shelter::people_by_band(opened.people, *finder, bands, context.execution);
        for (std::size_t b = 0; b < bands.size(); ++b)
            context.say(fmt::format("to {}: {:.0f} people", bands[b].text(), people[b]));
    }
    if (options.areas.empty())
        return;
    const auto classes =
        shelter::band_source(std::make_shared<const raster::Reader>(options.output.path), bands);
    atlas::write_reach_areas(
        options.areas,
        shelter::area_layer(*classes, bands, people, context.language, context.execution),
        context.language);
}

} // namespace

std::function<void()> declare_reach(Arguments& app, Context& context) {
    auto options = std::make_shared<Options>();
    app.add_option("SITES", options->sites, "FILE[:LAYER] of shelters, hospitals or seats")
        ->required();
    app.add_option("--bands", options->bands, "rising limits: 500m,1000m,1500m or 10min,20min")
        ->required();
    options->roads.declare(app);
    app.add_option("--demand", options->demand,
                   "people, FILE:LAYER:FIELD or FILE.tif: counted by band");
    app.add_option("--like", options->like, "raster whose cells are taken");
    app.add_option("--cell-size", options->cell_size, "without --like: m")->capture_default_str();
    app.add_option("--areas", options->areas, "service areas by band as .gpkg, .geojson, .shp");
    options->output.declare(app, "GeoTIFF: metres or minutes to the nearest site, nodata beyond\n"
                                 "the last band; with a QGIS style beside it");
    app.footer(
        "\nA cell counts from its centre: to the nearest road, along the roads, to the site.\n"
        "\nExample:\n"
        "  riskmap reach data/shaoxing/census.gpkg:shelters_existing \\\n"
        "      --roads data/shaoxing/census.gpkg:roads --bands 500m,1000m,1500m \\\n"
        "      --demand data/shaoxing/census.gpkg:villages:population \\\n"
        "      --cell-size 120 --areas /tmp/reach_areas.gpkg -o /tmp/reach.tif");
    return [options, &context] { reach(*options, context); };
}

} // namespace riskmap::tool
