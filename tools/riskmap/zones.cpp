// SPDX-License-Identifier: MIT
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <riskmap/core/error.hpp>
#include <riskmap/geo/topology.hpp>
#include <riskmap/zoning/quality.hpp>
#include <riskmap/zoning/regions.hpp>

#include "command.hpp"

namespace riskmap::tool {

namespace {

struct Options {
    std::filesystem::path units;
    std::string layer;
    std::string id;
    std::vector<std::string> attributes;
    int k = 0;
    int most = 20;
    std::string method = "skater";
    std::string floor;
    double tolerance = 0;
    bool join_islands = false;
    Output output;
};

double number_at(const vector::Layer& layer, std::size_t row, std::size_t field) {
    const auto number = vector::number_of(layer.features[row].values[field]);
    if (!number)
        throw input_error(fmt::format("unit {} has no number in field '{}': '{}'", row + 1,
                                      layer.fields[field].name,
                                      vector::text_of(layer.features[row].values[field])),
                          "fill the cell, or leave the unit out");
    return *number;
}

zoning::RegionProblem problem_of(const Options& options, const vector::Layer& layer) {
    zoning::RegionProblem problem;
    problem.attributes.resize(layer.features.size());
    for (const auto& name : options.attributes) {
        const auto field = layer.field(name);
        for (std::size_t u = 0; u < layer.features.size(); ++u)
            problem.attributes[u].push_back(number_at(layer, u, field));
    }
    zoning::standardise(problem.attributes);
    if (!options.floor.empty()) {
        const auto colon = options.floor.rfind(':');
        const auto least = colon == std::string::npos
                               ? std::nullopt
                               : parse_number(std::string_view{options.floor}.substr(colon + 1));
        if (!least)
            throw Error{ErrorKind::usage,
                        fmt::format("--floor '{}' is not FIELD:MIN", options.floor),
                        "for example population:50000"};
        problem.floor = *least;
        const auto field = layer.field(options.floor.substr(0, colon));
        for (std::size_t u = 0; u < layer.features.size(); ++u)
            problem.floor_values.push_back(number_at(layer, u, field));
    }
    std::vector<MultiPolygon> shapes;
    std::vector<Point> centroids;
    for (const auto& feature : layer.features) {
        shapes.push_back(feature.shape.polygons);
        centroids.push_back(centroid(shapes.back()));
    }
    for (const auto& pair : rook_adjacency(shapes, options.tolerance))
        problem.neighbours.emplace_back(pair.first, pair.second);
    if (options.join_islands)
        for (const auto& link : zoning::island_links(centroids, problem.neighbours))
            problem.neighbours.push_back(link);
    return problem;
}

vector::Layer dissolved_zones(const vector::Layer& units, const std::vector<int>& region,
                              int count) {
    vector::Layer zones;
    zones.name = "zones";
    zones.crs = units.crs;
    zones.fields = {{"zone", vector::FieldType::integer}, {"units", vector::FieldType::integer}};
    for (int z = 0; z < count; ++z) {
        std::vector<MultiPolygon> parts;
        for (std::size_t u = 0; u < region.size(); ++u)
            if (region[u] == z)
                parts.push_back(units.features[u].shape.polygons);
        zones.features.push_back({{std::int64_t{z + 1}, static_cast<std::int64_t>(parts.size())},
                                  {{}, {}, dissolved(parts)}});
    }
    return zones;
}

nlohmann::ordered_json answer_of(const Options& options, const vector::Layer& layer,
                                 const zoning::Regions& regions) {
    nlohmann::ordered_json json{
        {"method", options.method},
        {"k", regions.count},
        {"within", regions.within},
        {"total", regions.total},
        {"between_share", regions.total > 0 ? 1 - regions.within / regions.total : 0}};
    for (const auto& name : options.attributes) {
        std::vector<double> values;
        const auto field = layer.field(name);
        for (std::size_t u = 0; u < layer.features.size(); ++u)
            values.push_back(number_at(layer, u, field));
        const auto quality = zoning::geodetector(values, regions.region);
        json["geodetector"][name] = {{"q", quality.q}, {"p_value", quality.p_value}};
    }
    const auto id = layer.field(options.id);
    for (std::size_t u = 0; u < regions.region.size(); ++u)
        json["zones"][vector::text_of(layer.features[u].values[id])] = regions.region[u] + 1;
    return json;
}

void zones(const Options& options, const Context& context) {
    options.output.check();
    const auto& method = zoning::region_method(options.method);
    const auto crs = vector::read_layer(options.units, options.layer).crs;
    auto layer = read_polygons(options.units, options.layer, crs, context);
    (void)layer.field(options.id);
    const auto problem = problem_of(options, layer);
    const auto regions =
        zoning::find_regions(problem, options.k, options.most, method, context.execution);
    if (!zoning::contiguous(problem, regions.region))
        throw Error{ErrorKind::internal, "a zone fell into several pieces"};
    const auto answer = answer_of(options, layer, regions);
    layer.fields.push_back({"zone", vector::FieldType::integer});
    for (std::size_t u = 0; u < regions.region.size(); ++u)
        layer.features[u].values.emplace_back(std::int64_t{regions.region[u] + 1});
    layer.name = "units";
    const auto merged = dissolved_zones(layer, regions.region, regions.count);
    if (options.output.path.extension() == ".gpkg")
        vector::write_geopackage(options.output.path,
                                 std::vector<vector::Product>{{&layer, {}}, {&merged, {}}});
    else
        vector::write_layer(options.output.path, layer);
    if (context.json)
        fmt::print("{}\n", answer.dump());
    else if (!context.quiet)
        fmt::print("{} zones, {:.1f} % of the variance between them\n", regions.count,
                   100 * answer["between_share"].get<double>());
}

} // namespace

std::function<void()> declare_zones(CLI::App& app, Context& context) {
    auto options = std::make_shared<Options>();
    app.add_option("UNITS", options->units, "polygons with attributes")->required();
    app.add_option("--layer", options->layer, "layer of the file (default: the first)");
    app.add_option("--id", options->id, "field that names the units")->required();
    app.add_option("--attributes", options->attributes,
                   "number fields, separated by commas; standardised (sample form)")
        ->required()
        ->delimiter(',');
    app.add_option("--k", options->k, "number of zones; 0: chosen by the knee of the curve")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    app.add_option("--most", options->most, "most zones to choose from, with --k 0")
        ->capture_default_str();
    app.add_option("--method", options->method, names_of(zoning::region_methods()))
        ->capture_default_str();
    app.add_option("--floor", options->floor, "FIELD:MIN, what every zone must hold at least");
    app.add_option("--tolerance", options->tolerance,
                   "borders nearer than this count as shared, in units of the CRS")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    app.add_flag("--join-islands", options->join_islands,
                 "join units that touch no other to the nearest one");
    options->output.declare(app, ".gpkg with the layers units and zones, or units alone in "
                                 ".geojson, .shp, .csv");
    app.footer(
        "\nUnits are neighbours if their borders run together (rook). Every zone is one piece.\n"
        "\nExample:\n  riskmap run data/shaoxing/project.toml\n"
        "  riskmap zones data/shaoxing/out/330600/units.gpkg --layer units --id code \\\n"
        "      --attributes risk_weighted,height_mean --k 6 --tolerance 1 -o /tmp/zones.gpkg");
    return [options, &context] { zones(*options, context); };
}

} // namespace riskmap::tool
