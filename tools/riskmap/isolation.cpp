// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <riskmap/atlas/shelter_maps.hpp>
#include <riskmap/core/error.hpp>

#include "command.hpp"
#include "road_options.hpp"

namespace riskmap::tool {

namespace {

struct Options {
    std::string settlements;
    std::vector<std::string> goals;
    std::vector<std::string> units;
    RoadOptions roads;
    std::filesystem::path report;
    Output output;
};

std::pair<std::string, spec::Source> goal_of(const std::string& text) {
    const auto at = text.find('=');
    if (at == std::string::npos || at == 0)
        throw Error{ErrorKind::usage, fmt::format("'{}' has no name", text),
                    "write NAME=FILE:LAYER, as hospital=city.gpkg:hospitals"};
    return {text.substr(0, at), spec::Source::parse(text.substr(at + 1))};
}

void isolation(const Options& options, const Context& context) {
    const auto source = options.roads.read();
    if (source.closed_by.empty() && source.closed_above.empty())
        throw Error{ErrorKind::usage, "say which roads close",
                    "give --closed-by FIELDS, --closed-above RASTER.tif:VALUE or both"};
    if (options.output.path.extension() != ".gpkg")
        throw Error{ErrorKind::usage,
                    fmt::format("'{}' is no GeoPackage", options.output.path.string()),
                    "isolation is written as .gpkg"};
    options.output.check();
    if (!options.report.empty())
        check_output(options.report, options.output.overwrite);
    shelter::IsolationSource names{shelter::PeopleSource::parse(options.settlements), source, {}};
    for (const auto& text : options.goals)
        names.goals.push_back(goal_of(text));
    const auto study = shelter::study_isolation(names, context.door, context.execution);
    std::vector<shelter::Units> units;
    for (const auto& text : options.units) {
        const auto areas = context.door.areas(parse_units(text));
        units.push_back(shelter::Units::of(areas.layer, areas.field, study.crs));
        units.back().of_people = units.back().locate(study.settlements.places);
    }
    for (const auto& remark : study.remarks)
        context.warn(remark);
    atlas::write_isolation(options.output.path, study, context.language);
    context.report(options.report, shelter::isolation_json(study, units));
    const auto& found = study.isolation;
    const auto all = shelter::count_cut_off(study.settlements, found, nullptr)[0];
    context.say(fmt::format("{:.1f} of {:.1f} km of roads are closed", found.closed_length / 1000,
                            found.length / 1000));
    for (std::size_t g = 0; g < found.goals.size(); ++g)
        context.say(fmt::format("cut off from {}: {:.0f} of {:.0f} people", found.goals[g],
                                all.from[g], all.people));
    context.say(fmt::format("cut off from any: {} of {} settlements, {:.0f} people",
                            all.settlements_cut_off, all.settlements, all.cut_off));
}

} // namespace

std::function<void()> declare_isolation(Arguments& app, Context& context) {
    auto options = std::make_shared<Options>();
    app.add_option("--settlements", options->settlements, "FILE:LAYER:FIELD of people")->required();
    app.add_option("--to", options->goals,
                   "NAME=FILE[:LAYER] of shelters, hospitals or county seats; may be repeated")
        ->required();
    options->roads.declare(app)->required();
    app.add_option("--units", options->units,
                   "FILE:LAYER:FIELD, townships or counties to report on; may be repeated");
    options->output.declare(app, "GeoPackage of settlements and closed roads");
    app.add_option("--report", options->report, "JSON");
    app.footer(
        "\nA settlement is cut off from a kind of place if it reaches one with all roads\n"
        "open, and none once those that flood or slide are closed.\n"
        "\nExample:\n"
        "  riskmap isolation --settlements data/shaoxing/census.gpkg:villages:population \\\n"
        "      --to shelter=data/shaoxing/census.gpkg:shelters_existing \\\n"
        "      --to seat=data/shaoxing/county_seats.geojson \\\n"
        "      --roads data/shaoxing/census.gpkg:roads --closed-by floods,slides \\\n"
        "      --units data/shaoxing/census.gpkg:townships:name -o /tmp/isolation.gpkg");
    return [options, &context] { isolation(*options, context); };
}

} // namespace riskmap::tool
