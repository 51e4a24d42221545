// SPDX-License-Identifier: MIT
#include <algorithm>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/raster/source.hpp>
#include <riskmap/zonal/statistics.hpp>

#include "command.hpp"

namespace riskmap::tool {

namespace {

struct Options {
    std::string raster;
    std::string vector;
    std::string layer;
    std::string id;
    std::string stats = "count,mean";
    std::string weights;
    std::vector<std::string> also;
    Output output;
};

/// The names of columns begin with the raster's, if there are several.
std::vector<std::string> prefixes_of(const Options& options) {
    if (options.also.empty())
        return {""};
    const auto prefix = [](const std::string& text) {
        const auto source = spec::Source::parse(text);
        return source.file.stem().string() +
               (source.layer.empty() ? "_" : "_" + source.layer + "_");
    };
    std::vector<std::string> prefixes{prefix(options.raster)};
    for (const auto& file : options.also) {
        prefixes.push_back(prefix(file));
        if (std::count(prefixes.begin(), prefixes.end(), prefixes.back()) > 1)
            throw Error{ErrorKind::usage, fmt::format("two rasters are called '{}'", file),
                        "their columns would have the same names: rename one"};
    }
    return prefixes;
}

void zonal(const Options& options, const Context& context) {
    options.output.check();
    const auto statistics = riskmap::zonal::parse_statistics(options.stats);
    const auto opened = context.door.raster(spec::Source::parse(options.raster));
    const auto& values = *opened.reader();
    std::shared_ptr<const raster::Reader> weights;
    if (!options.weights.empty())
        weights = context.door.raster(spec::Source::parse(options.weights)).reader();
    auto polygons = spec::Source::parse(options.vector);
    if (!options.layer.empty())
        polygons.layer = options.layer;
    auto table_of_polygons = read_polygons(polygons, values.grid().crs, context);
    auto& layer = table_of_polygons.layer();
    const auto id = table_of_polygons.column(options.id);
    tell_shared_names(table_of_polygons.texts_of(options.id), context);
    std::vector<MultiPolygon> shapes;
    for (const auto& feature : layer.features)
        shapes.push_back(feature.shape.polygons);
    Box box;
    for (const auto& shape : shapes)
        box.add(bounds(shape));
    if (values.grid().touching(box).empty())
        throw input_error(
            fmt::format("no polygon of '{}' lies on '{}'", options.vector, options.raster),
            "check the CRS of both");
    std::vector<std::shared_ptr<const raster::Reader>> others;
    std::vector<const raster::Source*> rasters{&values};
    for (const auto& text : options.also) {
        others.push_back(context.door.raster(spec::Source::parse(text)).reader());
        rasters.push_back(others.back().get());
    }
    const auto table = riskmap::zonal::zonal_table(
        rasters, riskmap::zonal::cover(shapes, values.grid(), context.execution), statistics,
        context.execution, weights.get());
    if (table.value_error > 0)
        context.warn(fmt::format("a zone has more distinct values than memory is for: quantiles "
                                 "are right to {:.3g}, majority, minority and variety are left "
                                 "empty there",
                                 table.value_error));
    vector::Layer out;
    out.name = "zonal";
    out.crs = layer.crs;
    out.fields = {layer.fields[id]};
    const auto prefixes = prefixes_of(options);
    for (const auto& prefix : prefixes)
        for (const auto& statistic : statistics)
            out.fields.push_back({prefix + statistic.field_name(), vector::FieldType::real});
    for (std::size_t z = 0; z < table.rows.size(); ++z) {
        auto& feature = out.features.emplace_back();
        feature.values = {layer.features[z].values[id]};
        for (const double answer : table.rows[z])
            feature.values.push_back(vector::value_of(answer));
        feature.shape = std::move(layer.features[z].shape);
    }
    vector::write_layer(options.output.path, out);
}

} // namespace

std::function<void()> declare_zonal(Arguments& app, Context& context) {
    auto options = std::make_shared<Options>();
    std::string list;
    for (const auto& statistic : riskmap::zonal::statistic_names())
        list += fmt::format("\n  {:<14} {}", statistic.name, statistic.summary);
    app.add_option("RASTER", options->raster, "values")->required();
    app.add_option("VECTOR", options->vector, "polygons, in any CRS")->required();
    app.add_option("--layer", options->layer, "layer of the vector file (default: the first)");
    app.add_option("--id", options->id, "field that names the polygons")->required();
    app.add_option("--stats", options->stats, "statistics, separated by commas")
        ->capture_default_str();
    app.add_option("--also", options->also,
                   "another raster on the same grid, repeatable; columns are then called\n"
                   "RASTER_STATISTIC, and the polygons are covered once for all")
        ->take_all();
    app.add_option("--weights", options->weights, "raster of weights, on the same grid");
    options->output.declare(app, ".csv, .gpkg, .geojson or .shp");
    app.footer(
        "\nEvery cell counts with the exact share of it that the polygon covers. Cells without\n"
        "data are passed over; a polygon without data has count 0 and no other figure.\n"
        "\nStatistics:" +
        list +
        "\n\nExample:\n  riskmap zonal data/shaoxing/population_120m.tif data/shaoxing/census.gpkg "
        "\\\n"
        "      --layer townships --id code --stats sum,mean,quantile:0.9 -o /tmp/people.csv");
    return [options, &context] { zonal(*options, context); };
}

} // namespace riskmap::tool
