// SPDX-License-Identifier: MIT
#include <riskmap/forest/townships.hpp>

#include <cmath>

#include <fmt/format.h>

#include <riskmap/atlas/camera_maps.hpp>
#include <riskmap/core/error.hpp>
#include <riskmap/forest/ground.hpp>
#include <riskmap/raster/align.hpp>
#include <riskmap/raster/breaks.hpp>

#include "forest_scene.hpp"

namespace riskmap::tool {

namespace {

struct Options {
    std::string forest;
    std::string units;
    std::string danger;
    std::string people;
    std::string seen;
    std::string fires;
    std::string burnt_field;
    std::string date_field;
    std::string weights;
    double edge = 1000;
    double years = 0;
    std::filesystem::path report;
    Output output;
};

Grid grid_of(const spec::Source& forest, const Options& options) {
    spec::Door unheard; // what it has to say is told where the values are read
    if (!forest.classes.empty())
        return unheard.raster(forest).grid();
    if (options.danger.empty())
        throw Error{ErrorKind::usage, "the forest is given as polygons, and there is no grid",
                    "give --danger, whose grid is taken, or a land-cover raster"};
    return unheard.raster(spec::Source::parse(options.danger)).grid();
}

std::shared_ptr<const raster::Source> on_grid(const std::string& text, const Grid& grid,
                                              raster::Kind kind, const Context& context) {
    if (text.empty())
        return nullptr;
    const auto opened = context.door.raster(spec::Source::parse(text));
    return raster::aligned(opened.reader(), grid, {kind, 0.5});
}

/// From a raster of counts, or of 1 and 0, on any grid.
std::vector<std::uint16_t> times_seen(const Options& options, const forest::ForestCells& cells,
                                      const Context& context) {
    if (options.seen.empty())
        return {};
    const auto source = on_grid(options.seen, cells.grid(), raster::Kind::classes, context);
    std::vector<std::uint16_t> times;
    std::size_t unknown = 0;
    for (const double value : cells.values(*source, context.execution)) {
        times.push_back(std::isnan(value) ? 0 : static_cast<std::uint16_t>(value));
        unknown += std::isnan(value) ? 1 : 0;
    }
    if (unknown == times.size())
        throw input_error(fmt::format("'{}' has no data on the forest", options.seen),
                          "check that it covers it, and its CRS");
    if (unknown > 0)
        context.warn(fmt::format("'{}' has no data on {} of {} forest cells: they count as unseen",
                                 options.seen, unknown, times.size()));
    return times;
}

void print(const forest::TownshipStudy& study, const Context& context) {
    int rank = 0;
    for (const auto& town : study.townships)
        if (town.key)
            context.say(fmt::format(
                "{:>3}  {:<14} index {:.3f}  level {}  forest {:.1f} km2, {:g} fires{}", ++rank,
                town.name, town.index, town.level, town.forest_m2 * 1e-6, town.fires,
                std::isnan(town.damage_permille)
                    ? ""
                    : fmt::format(", {:.2f} permille a year", town.damage_permille)));
    if (std::isnan(study.all.damage_permille)) {
        context.say("damage rate: not known, no fires are given");
        return;
    }
    context.say(fmt::format("damage rate of all forest: {:.3f} permille a year over {:g} years; "
                            "worst year {}: {:.3f} (limit {:g})",
                            study.all.damage_permille, study.years, study.all.worst_year,
                            study.all.worst_damage_permille, forest::damage_limit_permille));
}

void townships(const Options& options, const Context& context) {
    options.output.check();
    if (!options.report.empty())
        check_output(options.report, options.output.overwrite);
    const auto source = forest::parse_forest(options.forest);
    const auto grid = grid_of(source, options);
    const auto opened = forest::open_forest(source, grid, context.door, context.execution);
    for (const auto& remark : opened.remarks)
        context.warn(remark);
    const forest::ForestCells cells{*opened.share, context.execution};
    const auto units = read_units({options.units}, cells, context);
    if (const auto gaps = forest::cover_remark(opened, units[0], context.execution); !gaps.empty())
        context.warn(gaps);
    const auto danger = on_grid(options.danger, grid, raster::Kind::continuous, context);
    const auto people =
        options.people.empty()
            ? nullptr
            : raster::aligned(context.door.amounts(spec::Source::parse(options.people), "persons"),
                              grid, {raster::Kind::counts, 0.5});
    forest::TownshipInputs inputs{cells, units[0], danger.get(), people.get()};
    if (!options.fires.empty()) {
        auto fires = spec::Source::parse(options.fires);
        if (!options.burnt_field.empty())
            fires.fields.emplace_back(options.burnt_field, "burnt_ha");
        if (!options.date_field.empty())
            fires.fields.emplace_back(options.date_field, "date");
        auto table = context.door.table(fires, "forest_fires", spec::Shapes::points);
        inputs.fires = forest::fires_of(table, grid.crs);
    }
    inputs.times_seen = times_seen(options, cells, context);
    inputs.edge = options.edge;
    inputs.years = options.years;
    if (!options.weights.empty())
        inputs.weights = forest::TownshipWeights::parse(options.weights);
    const auto study = forest::rank_townships(inputs, context.execution);
    if (!study.left_out.empty())
        context.warn(
            fmt::format("not given, and so not in the index: {}", fmt::join(study.left_out, ", ")));
    for (const auto& remark : study.remarks)
        context.warn(remark);
    if (study.levels < 5)
        context.warn(
            raster::too_few_values("the index", static_cast<std::size_t>(study.levels), 5));
    atlas::write_townships(options.output.path, study, units[0], grid.crs, context.language);
    context.report(options.report, forest::township_json(study));
    print(study, context);
}

} // namespace

std::function<void()> declare_townships(Arguments& app, Context& context) {
    auto options = std::make_shared<Options>();
    app.add_option("--forest", options->forest,
                   "LANDCOVER.tif:CLASS,CLASS.. (its grid is used), or FILE:LAYER of polygons")
        ->required();
    app.add_option("--units", options->units,
                   "FILE:LAYER:FIELD: townships and the field that names them")
        ->required();
    app.add_option("--danger", options->danger, "raster of fire danger");
    app.add_option("--people", options->people, "raster of persons in each cell");
    app.add_option("--edge", options->edge, "people at most so far from forest count, m")
        ->between(0.0, 1e6)
        ->capture_default_str();
    app.add_option("--fires", options->fires, "FILE[:LAYER] of past fires: points");
    app.add_option("--burnt-field", options->burnt_field,
                   "burnt area, ha (default: by data/spec: burnt_ha, 受害森林面积 ...)");
    app.add_option("--date-field", options->date_field,
                   "date (default: by data/spec: date, 起火日期 ...)");
    app.add_option("--years", options->years,
                   "length of the record of fires (default: from its first to its last year)")
        ->between(0.01, 10000.0);
    app.add_option("--seen", options->seen,
                   "raster of how many cameras see a cell, as coverage writes it");
    app.add_option("--weights", options->weights,
                   "of the ingredients forest, danger, fires, burnt, people, unseen, as\n"
                   "forest=2,danger=1; those not named count 0 (default: all the same)");
    app.add_option("--report", options->report, "JSON of all figures");
    options->output.declare(app, ".gpkg, .geojson, .shp or .csv of the townships by rank");
    app.footer(
        "\nEach ingredient is brought to 0..1 over the townships with forest; the index is their\n"
        "weighted mean, cut into five levels by natural breaks. Townships of level 4 and 5 are\n"
        "key ones. The damage rate is burnt forest by forest, in permille a year, beside the\n"
        "limit of 0.8.\n"
        "\nExample:\n  riskmap townships --forest data/shaoxing/landcover_60m.tif:30 \\\n"
        "      --units data/shaoxing/census.gpkg:townships:name \\\n"
        "      --danger data/shaoxing/forest_fire_danger_120m.tif \\\n"
        "      --people data/shaoxing/population_120m.tif \\\n"
        "      --fires data/shaoxing/census.gpkg:forest_fires \\\n"
        "      -o /tmp/key_townships.gpkg --report /tmp/key_townships.json");
    return [options, &context] { townships(*options, context); };
}

} // namespace riskmap::tool
