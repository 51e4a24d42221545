// SPDX-License-Identifier: MIT
#include <map>
#include <optional>

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
    std::string units;
    std::string layer;
    std::string id;
    std::vector<std::string> attributes;
    int k = 0;
    int most = 20;
    std::string method = "skater";
    std::string floor;
    double tolerance = 0;
    bool join_islands = false;
    std::uint64_t seed = 1;
    Output output;
};

/// A column of numbers, all known: a unit without one would be put somewhere by a guess.
std::vector<double> numbers_of(spec::Table& table, const std::string& field) {
    static const spec::FieldSpec rules = [] {
        spec::FieldSpec number;
        number.name = "attribute";
        number.kind = spec::FieldKind::number;
        return number;
    }();
    auto numbers = table.numbers_of(field, rules);
    for (std::size_t u = 0; u < numbers.size(); ++u)
        if (std::isnan(numbers[u]))
            throw input_error(fmt::format("{} has no number in field '{}'", table.where(u), field),
                              "fill the cell, or leave the unit out with where=");
    return numbers;
}

zoning::RegionProblem problem_of(const Options& options, spec::Table& table,
                                 const Context& context) {
    const auto& layer = table.layer();
    zoning::RegionProblem problem;
    problem.seed = options.seed;
    problem.attributes.resize(layer.features.size());
    for (const auto& name : options.attributes) {
        const auto numbers = numbers_of(table, name);
        for (std::size_t u = 0; u < numbers.size(); ++u)
            problem.attributes[u].push_back(numbers[u]);
    }
    const auto constant = zoning::standardise(problem.attributes);
    if (constant.size() == options.attributes.size() && table.size() > 1)
        throw input_error("all attributes are the same everywhere: nothing parts the units",
                          "name others with --attributes");
    for (const auto k : constant)
        context.warn(
            fmt::format("{} is the same everywhere and parts no units", options.attributes[k]));
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
        problem.floor_values = numbers_of(table, options.floor.substr(0, colon));
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

/// Names by which an answer can speak of units: where several bear one, they are counted.
std::vector<std::string> distinct_names(spec::Table& table, const std::string& field) {
    auto names = table.texts_of(field);
    std::map<std::string, int> seen;
    for (auto& name : names)
        if (const int times = ++seen[name]; times > 1)
            name = fmt::format("{} ({})", name, times);
    return names;
}

nlohmann::ordered_json answer_of(const Options& options, spec::Table& table,
                                 const zoning::Regions& regions) {
    nlohmann::ordered_json json{
        {"method", options.method},
        {"k", regions.count},
        {"within", regions.within},
        {"total", regions.total},
        {"between_share", regions.total > 0 ? 1 - regions.within / regions.total : 0}};
    for (const auto& name : options.attributes) {
        const auto quality = zoning::geodetector(numbers_of(table, name), regions.region);
        json["geodetector"][name] = {{"q", quality.q}, {"p_value", quality.p_value}};
    }
    const auto ids = distinct_names(table, options.id);
    for (std::size_t u = 0; u < regions.region.size(); ++u)
        json["zones"][ids[u]] = regions.region[u] + 1;
    return json;
}

/// The width of gaps between units that should touch, if closing them leaves fewer pieces.
std::optional<double> helpful_tolerance(const vector::Layer& layer,
                                        const zoning::RegionProblem& problem, double tolerance) {
    std::vector<MultiPolygon> shapes;
    std::vector<Point> centroids;
    for (const auto& feature : layer.features) {
        shapes.push_back(feature.shape.polygons);
        centroids.push_back(centroid(shapes.back()));
    }
    const auto pieces = [&](const std::vector<std::pair<std::size_t, std::size_t>>& links) {
        return zoning::island_links(centroids, links).size();
    };
    const auto now = pieces(problem.neighbours);
    const double metre = layer.crs.geographic() ? 1e-5 : 1 / layer.crs.metres_per_unit();
    for (const double width : {0.1, 1.0, 5.0, 10.0, 50.0}) {
        if (width * metre <= tolerance)
            continue;
        std::vector<std::pair<std::size_t, std::size_t>> links;
        for (const auto& pair : rook_adjacency(shapes, width * metre))
            links.emplace_back(pair.first, pair.second);
        if (pieces(links) < now)
            return width * metre;
    }
    return std::nullopt;
}

zoning::Regions find_regions(const Options& options, const zoning::RegionProblem& problem,
                             const vector::Layer& layer, const zoning::RegionMethod& method,
                             const Context& context) {
    try {
        return zoning::find_regions(problem, options.k, options.most, method, context.execution);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::infeasible)
            throw;
        if (const auto width = helpful_tolerance(layer, problem, options.tolerance))
            throw Error{error.kind(), error.what(),
                        fmt::format("there are gaps between units of less than {:g}: say "
                                    "--tolerance {:g}",
                                    *width, *width)};
        throw;
    }
}

void zones(const Options& options, const Context& context) {
    options.output.check();
    const auto& method = zoning::region_method(options.method);
    auto source = spec::Source::parse(options.units);
    if (!options.layer.empty())
        source.layer = options.layer;
    const auto crs = spec::LayerReader{source, nullptr}.crs;
    auto table = read_polygons(source, crs, context);
    tell_shared_names(table.texts_of(options.id), context);
    const auto problem = problem_of(options, table, context);
    const auto regions = find_regions(options, problem, table.layer(), method, context);
    if (options.k > 0 && regions.count != options.k)
        context.warn(fmt::format(
            "{} zones instead of {}: no more were found that keep the floor{}", regions.count,
            options.k,
            regions.most > 0 ? fmt::format(", and no more than {} can", regions.most) : ""));
    if (!zoning::contiguous(problem, regions.region))
        throw Error{ErrorKind::internal, "a zone fell into several pieces"};
    const auto answer = answer_of(options, table, regions);
    auto layer = std::move(table.layer());
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
    context.report({}, answer.dump());
    if (!context.json && !context.quiet)
        fmt::print("{} zones, {:.1f} % of the variance between them\n", regions.count,
                   100 * answer["between_share"].get<double>());
}

} // namespace

std::function<void()> declare_zones(Arguments& app, Context& context) {
    auto options = std::make_shared<Options>();
    app.add_option("UNITS", options->units, "polygons with attributes")->required();
    app.add_option("--layer", options->layer, "layer of the file (default: the first)");
    app.add_option("--id", options->id, "field that names the units")->required();
    app.add_option("--attributes", options->attributes,
                   "number fields, separated by commas; standardised (sample form)")
        ->required()
        ->delimiter(',');
    app.add_option("-k,--k", options->k, "number of zones; 0: chosen by the knee of the curve")
        ->not_negative()
        ->capture_default_str();
    app.add_option("--most", options->most, "most zones to choose from, with --k 0")
        ->capture_default_str();
    app.add_option("--method", options->method, names_of(zoning::region_methods()))
        ->capture_default_str();
    app.add_option("--floor", options->floor, "FIELD:MIN, what every zone must hold at least");
    app.add_option("--tolerance", options->tolerance,
                   "borders nearer than this count as shared, in units of the CRS")
        ->not_negative()
        ->capture_default_str();
    app.add_option("--seed", options->seed, "of the random starts of azp and max-p")
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
