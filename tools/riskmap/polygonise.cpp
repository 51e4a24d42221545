// SPDX-License-Identifier: MIT
#include <algorithm>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/parallel.hpp>
#include <riskmap/geo/grid.hpp>
#include <riskmap/raster/polygonise.hpp>

#include "command.hpp"

namespace riskmap::tool {

namespace {

struct Options {
    std::string raster;
    std::int64_t sieve = 1;
    double simplify = 0;
    bool patches = false;
    Output output;
};

std::string class_name(const std::vector<std::string>& names, std::int32_t value) {
    return value >= 0 && static_cast<std::size_t>(value) < names.size()
               ? names[static_cast<std::size_t>(value)]
               : "";
}

/// Fills the last field; each of the threads' parts has a projection of its own.
void measure_areas(vector::Layer& layer, const Execution& execution) {
    auto& features = layer.features;
    const std::size_t parts = std::min<std::size_t>(features.size(), execution.thread_count());
    parallel_for(execution, parts, [&](std::size_t part) {
        const TrueAreas area_of{layer.crs};
        for (std::size_t i = part; i < features.size(); i += parts)
            features[i].values.back() = area_of(features[i].shape.polygons);
    });
}

void polygonise(const Options& options, const Context& context) {
    options.output.check();
    const auto opened = context.door.raster(spec::Source::parse(options.raster));
    const auto& classes = *opened.reader();
    raster::PolygoniseOptions how;
    how.least_cells = options.sieve;
    how.tolerance = options.simplify;
    vector::Layer layer;
    layer.name = options.output.path.stem().string();
    layer.crs = classes.grid().crs;
    layer.fields = {{"class", vector::FieldType::integer},
                    {"name", vector::FieldType::text},
                    {"area_m2", vector::FieldType::real}};
    for (auto& polygons : raster::polygonise(classes, how, context.execution)) {
        std::vector<MultiPolygon> shapes;
        if (options.patches)
            for (auto& patch : polygons.shape)
                shapes.push_back({std::move(patch)});
        else
            shapes.push_back(std::move(polygons.shape));
        for (auto& shape : shapes) {
            auto& feature = layer.features.emplace_back();
            feature.values = {std::int64_t{polygons.value},
                              class_name(classes.categories(), polygons.value), 0.0};
            feature.shape.polygons = std::move(shape);
        }
    }
    measure_areas(layer, context.execution);
    if (layer.features.empty())
        throw input_error(fmt::format("'{}' has no cell with data", options.raster),
                          "check its nodata value");
    vector::write_layer(options.output.path, layer);
}

} // namespace

std::function<void()> declare_polygonise(Arguments& app, Context& context) {
    auto options = std::make_shared<Options>();
    app.add_option("RASTER", options->raster, "classes: whole numbers")->required();
    app.add_option("--sieve", options->sieve, "patches of fewer cells join their largest neighbour")
        ->between(std::int64_t{1}, std::int64_t{1} << 50U)
        ->capture_default_str();
    app.add_option("--simplify", options->simplify,
                   "simplify borders by up to this many cells; they stay shared")
        ->between(0.0, 1e6)
        ->capture_default_str();
    app.add_flag("--patches", options->patches,
                 "one feature for each patch instead of one for each class");
    options->output.declare(app, ".gpkg, .geojson or .shp");
    app.footer(
        "\nBorders run along the cells and are drawn once for both sides, also when\n"
        "simplified: no gaps, no overlaps. Cells are joined by their edges, not their\n"
        "corners. Areas are true ones, in m2. Memory grows with the borders, not the cells.\n"
        "\nExample:\n  riskmap classify data/shaoxing/flood_depth_100yr_60m.tif -o "
        "/tmp/depth.tif --zeros-apart\n"
        "  riskmap polygonise /tmp/depth.tif --sieve 10 --simplify 1.5 -o /tmp/depth.gpkg");
    return [options, &context] { polygonise(*options, context); };
}

} // namespace riskmap::tool
