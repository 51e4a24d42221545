// SPDX-License-Identifier: MIT
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <riskmap/atlas/style.hpp>
#include <riskmap/core/error.hpp>
#include <riskmap/raster/cells.hpp>

#include "class_raster.hpp"
#include "command.hpp"

namespace riskmap::tool {

raster::RasterSpec class_spec(std::span<const double> upper, Language language) {
    raster::RasterSpec spec;
    spec.type = raster::CellType::byte;
    spec.layout = raster::Layout::cloud_optimized;
    spec.description = "classes";
    if (upper.size() == 5) {
        spec.classes = atlas::class_entries(atlas::style("risk"), language);
        return spec;
    }
    for (std::size_t i = 0; i < upper.size(); ++i) {
        const auto colour = atlas::ramp_colour(
            atlas::style("surface"),
            upper.size() == 1 ? 0 : static_cast<double>(i) / static_cast<double>(upper.size() - 1));
        spec.classes.push_back({static_cast<int>(i + 1), fmt::format("<= {:.6g}", upper[i]),
                                colour.red, colour.green, colour.blue});
    }
    return spec;
}

std::vector<double> written_bounds(const raster::Reader& reader, std::vector<double> upper) {
    for (auto& bound : upper)
        bound = reader.as_written(bound).second;
    return upper;
}

raster::Breaks write_classes(const spec::Source& input, const std::filesystem::path& output,
                             const raster::BreakRule& rule, const Context& context,
                             Language language) {
    const auto& execution = context.execution;
    const auto reader = context.door.raster(input).reader();
    const std::shared_ptr<const raster::Source> source = reader;
    auto breaks = raster::find_breaks(raster::count_values(*source, execution).bins(), rule);
    if (breaks.upper.empty())
        throw input_error(fmt::format("'{}' has no cell with data", input.label()),
                          "check its nodata value");
    if (static_cast<int>(breaks.upper.size()) < rule.classes && rule.method != "fixed")
        context.warn(raster::too_few_values(fmt::format("'{}'", input.label()), breaks.upper.size(),
                                            static_cast<std::size_t>(rule.classes), "classes"));
    const auto bounds =
        rule.method == "fixed" ? written_bounds(*reader, breaks.upper) : breaks.upper;
    raster::Writer writer{output, source->grid(), class_spec(breaks.upper, language)};
    const std::array<std::shared_ptr<const raster::Source>, 1> inputs{source};
    const std::array<raster::Writer*, 1> outputs{&writer};
    raster::transform(
        inputs, outputs,
        [&](const Window&, std::span<std::vector<double>> in, std::span<std::vector<double>> out) {
            std::swap(out[0], in[0]);
            raster::classify(out[0], bounds);
        },
        execution, "classes");
    writer.commit();
    return breaks;
}

std::function<void()> declare_classify(Arguments& app, Context& context) {
    struct Options {
        std::string input;
        std::string method = "natural-breaks";
        int classes = 5;
        bool zeros_apart = false;
        Output output;
    };
    auto options = std::make_shared<Options>();
    app.add_option("RASTER", options->input, "raster to cut")->required();
    app.add_option("--method", options->method,
                   names_of(raster::break_methods()) + ", fixed:B1,B2,..")
        ->capture_default_str();
    app.add_option("--classes", options->classes, "number of classes")->capture_default_str();
    app.add_flag("--zeros-apart", options->zeros_apart,
                 "values up to 0 are class 1, the others share the rest");
    options->output.declare(app, "GeoTIFF of the classes (Byte, 1..classes, nodata 0)");
    app.footer(
        "\nBreaks are the upper bounds of the classes: a class is (a, b], the lowest also holds\n"
        "its minimum. Natural breaks are the exact optimum (Fisher 1958).\n"
        "\nExamples:\n  riskmap classify data/shaoxing/flood_depth_100yr_60m.tif -o /tmp/depth.tif "
        "--zeros-apart\n"
        "  riskmap classify data/shaoxing/wind_50yr_003d.tif -o /tmp/wind.tif --method quantile "
        "--classes 4 --json");
    return [options, &context] {
        options->output.check();
        auto rule = raster::BreakRule::parse(options->method, options->classes);
        rule.zeros_apart = options->zeros_apart;
        const auto breaks = write_classes(spec::Source::parse(options->input), options->output.path,
                                          rule, context, context.language);
        context.report({}, nlohmann::json{{"breaks", breaks.upper}}.dump());
        if (!context.json && !context.quiet)
            fmt::print("breaks: {}\n", fmt::join(breaks.upper, ", "));
        if (breaks.error_bound > 0)
            context.warn(fmt::format("over a million distinct values: breaks are right to {:.3g}",
                                     breaks.error_bound));
    };
}

} // namespace riskmap::tool
