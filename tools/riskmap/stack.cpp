// SPDX-License-Identifier: MIT
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <riskmap/census/stack.hpp>
#include <riskmap/core/error.hpp>
#include <riskmap/raster/cells.hpp>

#include "command.hpp"

namespace riskmap::tool {

namespace {

struct Options {
    std::vector<std::string> layers;
    std::string like;
    std::string crs;
    double cell_size = 0;
    std::vector<double> bbox;
    double valid_share = 0.5;
    Output output;
};

Grid grid_of(const Options& options, const Context& context) {
    if (!options.like.empty())
        return context.door.raster(spec::Source::parse(options.like)).grid();
    if (options.crs.empty() || options.cell_size <= 0 || options.bbox.size() != 4)
        throw Error{ErrorKind::usage, "the grid is not given",
                    "give --like RASTER, or --crs, --cell-size and --bbox"};
    return Grid::covering(Crs::parse(options.crs),
                          {options.bbox[0], options.bbox[1], options.bbox[2], options.bbox[3]},
                          options.cell_size);
}

void print_plans(const std::vector<census::StackedLayer>& layers,
                 const std::vector<double>& without_data, const Context& context) {
    if (context.quiet)
        return;
    if (context.json) {
        auto json = nlohmann::ordered_json::array();
        for (std::size_t i = 0; i < layers.size(); ++i) {
            const auto& layer = layers[i];
            const double share = without_data[i];
            json.push_back(
                {{"file", layer.plan.file},
                 {"crs", layer.plan.crs},
                 {"cells", layer.plan.cells},
                 {"offset", {layer.plan.offset_columns, layer.plan.offset_rows}},
                 {"overlap", layer.plan.overlap},
                 {"share_without_data",
                  std::isnan(share) ? nlohmann::ordered_json{} : nlohmann::ordered_json(share)},
                 {"rule", layer.plan.rule},
                 {"remarks", layer.plan.remarks}});
        }
        context.report({}, nlohmann::ordered_json{{"layers", json}}.dump());
        return;
    }
    fmt::print("{:<34} {:<12} {:<22} {:<15} {:>8} {:>10}  {}\n", "layer", "CRS", "cells",
               "offset (cells)", "overlap", "no data", "rule");
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const auto& plan = layers[i].plan;
        fmt::print("{:<34} {:<12} {:<22} {:<15} {:>6.1f} % {:>10}  {}\n", plan.file, plan.crs,
                   plan.cells, fmt::format("{:.3f}, {:.3f}", plan.offset_columns, plan.offset_rows),
                   100 * plan.overlap,
                   std::isnan(without_data[i]) ? "-"
                                               : fmt::format("{:.1f} %", 100 * without_data[i]),
                   plan.rule);
        for (const auto& remark : plan.remarks)
            fmt::print("    {}\n", remark);
    }
    std::fflush(stdout);
}

void stack(const Options& options, const Context& context) {
    const Grid grid = grid_of(options, context);
    std::vector<census::StackedLayer> layers;
    std::vector<double> without_data;
    std::vector<std::filesystem::path> targets;
    for (const auto& text : options.layers) {
        std::string name;
        const auto layer = census::StackLayer::parse(text, &name);
        targets.push_back(options.output.path / (safe_file_name(name) + ".tif"));
        if (std::count(targets.begin(), targets.end(), targets.back()) > 1)
            throw Error{ErrorKind::usage, fmt::format("two layers would be called '{}'", name),
                        "give one of them name=..."};
        check_output(targets.back(), options.output.overwrite);
        layers.push_back(
            census::stacked(layer, grid, options.valid_share, context.door, context.execution));
        without_data.push_back(census::share_without_data(layer, grid, context.execution));
    }
    print_plans(layers, without_data, context);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        raster::RasterSpec spec;
        spec.type = layers[i].kind == raster::Kind::counts ? raster::CellType::float64
                                                           : raster::CellType::float32;
        spec.metadata = {{"source", layers[i].plan.file}, {"rule", layers[i].plan.rule}};
        raster::Writer writer{targets[i], grid, spec};
        raster::copy(*layers[i].cells, writer, context.execution, targets[i].stem().string());
        writer.commit();
    }
}

} // namespace

std::function<void()> declare_stack(Arguments& app, Context& context) {
    auto options = std::make_shared<Options>();
    app.add_option("--layer", options->layers,
                   "'FILE[:LAYER] kind=continuous|classes|counts field=F classes=A,B\n"
                   "measure=mean|area|length|count|sum where-nodata=V name=N', repeatable")
        ->required()
        ->take_all();
    app.add_option("--like", options->like, "take the grid of this raster");
    app.add_option("--crs", options->crs, "CRS of the grid, for example EPSG:4549");
    app.add_option("--cell-size,--tr", options->cell_size, "in units of the CRS");
    app.add_option("--bbox,--te", options->bbox, "left,bottom,right,top in the CRS")
        ->delimiter(',')
        ->expected(4);
    app.add_option("--valid-share", options->valid_share,
                   "a cell is valid if this share of its area was, 0..1")
        ->between(0.0, 1.0)
        ->capture_default_str();
    options->output.declare(app, "folder for the aligned rasters, one <name>.tif each");
    app.footer("\nContinuous layers are interpolated, or averaged by area where their cells are\n"
               "smaller; counts are split by area, their total kept; classes take the nearest or\n"
               "the largest. Lengths are in m, areas in m2. Nodata stays nodata.\n"
               "\nExample:\n  riskmap stack --like data/shaoxing/flood_depth_100yr_60m.tif \\\n"
               "      --layer 'data/shaoxing/population_120m.tif kind=counts' \\\n"
               "      --layer 'data/shaoxing/rain_24h_50yr_30s.tif' \\\n"
               "      --layer 'data/shaoxing/census.gpkg:roads measure=length' -o /tmp/stack");
    return [options, &context] { stack(*options, context); };
}

} // namespace riskmap::tool
