// SPDX-License-Identifier: MIT
#include <array>
#include <optional>

#include <fmt/format.h>

#include <riskmap/atlas/style.hpp>
#include <riskmap/core/error.hpp>
#include <riskmap/raster/cells.hpp>
#include <riskmap/risk/assess.hpp>
#include <riskmap/risk/weights.hpp>

#include "class_raster.hpp"
#include "command.hpp"

namespace riskmap::tool {

namespace {

struct Options {
    std::vector<std::string> layers;
    std::string method = "weighted-sum";
    std::string levels;
    int classes = 5;
    std::filesystem::path levels_out;
    Output output;
};

struct Weighted {
    std::vector<risk::OverlayLayer> layers;
    std::vector<std::string> names;
};

/// Rules that need more of a distribution than its ends.
bool reads_ranks(const risk::NormaliseRule& rule) {
    return rule.method == "percentile" || rule.method == "percent-rank" ||
           rule.method == "share-below";
}

risk::OverlayLayer read_layer(const std::string& text, double& weight, const Context& context) {
    constexpr std::array<std::string_view, 3> keys{"weight", "normalise", "normalize"};
    constexpr std::array<std::string_view, 1> flags{"invert"};
    spec::Pairs rest;
    const auto source = spec::Source::parse(text, {keys, flags}, rest);
    const auto file = source.label();
    risk::OverlayLayer layer;
    auto direction = risk::Direction::more_is_worse;
    std::string normalise;
    weight = 1;
    for (const auto& [key, value] : rest) {
        if (key == "weight") {
            const auto number = parse_number(value);
            if (!number)
                throw Error{ErrorKind::usage,
                            fmt::format("layer '{}': weight '{}' is not a number", file, value)};
            weight = *number;
        } else if (key == "invert") {
            direction = risk::Direction::more_is_better;
        } else {
            normalise = value;
        }
    }
    layer.source = context.door.raster(source).reader();
    if (normalise.empty() && direction == risk::Direction::more_is_better)
        normalise = "linear:0:1";
    if (!normalise.empty()) {
        const auto rule = risk::NormaliseRule::parse(normalise, direction);
        std::vector<raster::ValueBin> bins;
        if (rule.needs_distribution())
            bins = raster::count_values(*layer.source, context.execution).bins();
        layer.scale.emplace(rule, bins);
        if (const double error = raster::error_bound(bins); error > 0 && reads_ranks(rule))
            context.warn(fmt::format("'{}' has over a million distinct values: its scale is right "
                                     "to {:.3g}",
                                     file, error));
        if (layer.scale->constant())
            context.warn(fmt::format("'{}' is the same everywhere: its index is 0", file));
    }
    return layer;
}

Weighted read_layers(const Options& options, const Context& context) {
    Weighted out;
    std::vector<double> weights;
    for (const auto& text : options.layers) {
        double weight = 1;
        out.layers.push_back(read_layer(text, weight, context));
        weights.push_back(weight);
        out.names.push_back(text.substr(0, text.find(' ')));
        if (!out.layers.back().source->grid().matches(out.layers[0].source->grid()))
            throw input_error(fmt::format("'{}' and '{}' are on different grids: {} and {}",
                                          out.names[0], out.names.back(),
                                          out.layers[0].source->grid().describe(),
                                          out.layers.back().source->grid().describe()),
                              "bring them onto one with riskmap stack --like");
    }
    const auto normalised = risk::checked_weights(weights, out.names);
    for (std::size_t i = 0; i < normalised.size(); ++i)
        out.layers[i].weight = normalised[i];
    return out;
}

/// What a layer that is no index does to a combination: a sum is only on another scale.
void tell_beyond(const std::vector<std::string>& names, const std::vector<bool>& beyond,
                 const std::string& method, const Context& context) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (!beyond[i])
            continue;
        const auto what = fmt::format(
            "'{}' holds values beyond 0 to 1 and is taken as an index as it is", names[i]);
        if (method == "any" || method == "matrix")
            throw input_error(what, "say how it is brought to 0..1: normalise=linear:0:100");
        context.warn(what + "; say normalise= to bring it to 0..1");
    }
}

void composite(const Options& options, const Context& context) {
    const bool keep = !options.output.path.empty();
    if (keep)
        options.output.check();
    const bool cut = !options.levels.empty() || !options.levels_out.empty();
    if (cut && (options.levels.empty() || options.levels_out.empty()))
        throw Error{ErrorKind::usage, "--levels and --levels-out go together"};
    if (!keep && !cut)
        throw Error{ErrorKind::usage, "nothing to write",
                    "give -o FILE for the index, or --levels and --levels-out"};
    if (cut)
        check_output(options.levels_out, options.output.overwrite);
    const auto& combination = risk::combination(options.method);
    const auto rule =
        cut ? raster::BreakRule::parse(options.levels, options.classes) : raster::BreakRule{};
    const auto input = read_layers(options, context);
    const Grid grid = input.layers[0].source->grid();
    // Fixed breaks are known before the first block: levels come in the same pass.
    const bool one_pass = cut && rule.method == "fixed";
    if (!keep && !one_pass)
        throw Error{ErrorKind::usage, fmt::format("'{}' needs the index first", options.levels),
                    "give -o FILE as well, or --levels fixed:.."};
    std::optional<raster::Writer> index;
    std::optional<raster::Writer> levels;
    if (keep) {
        raster::RasterSpec spec;
        spec.description = "composite index";
        index.emplace(options.output.path, grid, spec);
    }
    auto upper = rule.fixed;
    upper.push_back(std::numeric_limits<double>::infinity());
    if (one_pass)
        levels.emplace(options.levels_out, grid, class_spec(upper, context.language));
    const auto beyond = risk::overlay(
        input.layers, combination, {keep ? &*index : nullptr, one_pass ? &*levels : nullptr, upper},
        context.execution);
    tell_beyond(input.names, beyond, options.method, context);
    if (levels)
        levels->commit();
    if (index)
        index->commit();
    if (cut && !one_pass)
        write_classes({options.output.path}, options.levels_out, rule, context);
}

} // namespace

std::function<void()> declare_composite(Arguments& app, Context& context) {
    auto options = std::make_shared<Options>();
    std::string rules;
    for (const auto& method : risk::normalise_methods())
        rules += fmt::format("\n  {}{}: {}", method.name, method.arguments, method.summary);
    app.add_option("--layer", options->layers,
                   "'FILE weight=W normalise=RULE [invert]', repeatable; weight 1 by default;\n"
                   "without normalise the raster is taken as an index as it is")
        ->required()
        ->take_all();
    app.add_option("--method", options->method, names_of(risk::combinations()))
        ->capture_default_str();
    app.add_option("--levels", options->levels,
                   "cut the result: " + names_of(raster::break_methods()) + ", fixed:B1,B2,..");
    app.add_option("--classes", options->classes, "number of levels, if not fixed")
        ->capture_default_str();
    app.add_option("--levels-out", options->levels_out, "GeoTIFF of the levels (Byte, nodata 0)");
    options->output
        .declare(app, "GeoTIFF of the composite (Float32, nodata NaN);\n"
                      "may be left out if fixed levels are written")
        ->required(false);
    app.footer(
        "\nWeights are brought to the sum 1. A cell without data in any layer has none in the\n"
        "result. All rasters must share one grid.\n\nRules of normalise:" +
        rules +
        "\n\nExample:\n  riskmap stack --like data/shaoxing/flood_depth_100yr_60m.tif \\\n"
        "      --layer data/shaoxing/rain_24h_50yr_30s.tif -o /tmp/stack\n"
        "  riskmap composite \\\n"
        "      --layer 'data/shaoxing/flood_depth_100yr_60m.tif weight=2 normalise=linear:0:3' \\\n"
        "      --layer '/tmp/stack/rain_24h_50yr_30s.tif weight=1 normalise=min-max' \\\n"
        "      -o /tmp/composite.tif --levels fixed:0.1,0.2,0.4,0.6 --levels-out /tmp/levels.tif");
    return [options, &context] { composite(*options, context); };
}

} // namespace riskmap::tool
