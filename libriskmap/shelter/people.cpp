// SPDX-License-Identifier: MIT
#include <riskmap/shelter/people.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/exact_sum.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/raster/point_values.hpp>
#include <riskmap/vector/fields.hpp>

namespace riskmap::shelter {

double People::total() const {
    ExactSum sum;
    for (const double number : numbers)
        sum.add(number);
    return sum.total();
}

std::string People::id(std::size_t i) const {
    return ids.empty() ? fmt::format("{}", i + 1) : ids[i];
}

PeopleSource PeopleSource::parse(const std::string& text) {
    const auto last = text.rfind(':');
    if (last == std::string::npos)
        return {text, {}, {}};
    const auto [file, layer] = split_layer_name(text.substr(0, last));
    const auto field = text.substr(last + 1);
    if (file.empty() || field.empty())
        throw Error{ErrorKind::usage, fmt::format("'{}' does not say where people are", text),
                    "write FILE:LAYER:FIELD, or FILE.tif of people per cell"};
    return {file, layer, field};
}

namespace {

OpenedPeople people_of(const vector::Layer& layer, const std::string& field) {
    OpenedPeople out;
    out.crs = layer.crs;
    const vector::NumberField number{layer, field, {}, 0};
    const auto id = vector::find_field(layer, "", {"id", "code", "name"});
    for (std::size_t f = 0; f < layer.features.size(); ++f) {
        const auto& feature = layer.features[f];
        const double people = number.of(f);
        if (people < 0)
            throw input_error(
                fmt::format("layer '{}', feature {}: {} is {}", layer.name, f + 1, field, people),
                "numbers of people are at least 0");
        if (!feature.shape.lines.empty())
            throw input_error(fmt::format("layer '{}' holds lines", layer.name),
                              "people are at points (villages) or in polygons (buildings)");
        if (feature.shape.empty() || people == 0)
            continue;
        out.people.places.push_back(feature.shape.polygons.empty()
                                        ? vector::place_of(layer, f)
                                        : centroid(feature.shape.polygons));
        out.people.numbers.push_back(people);
        out.people.ids.push_back(id ? vector::text_of(feature.values[*id])
                                    : fmt::format("{}", f + 1));
    }
    return out;
}

OpenedPeople people_of(const raster::Source& cells, const std::string& name,
                       const Execution& execution) {
    OpenedPeople out;
    const Grid& grid = cells.grid();
    out.crs = grid.crs;
    // Each is held with its access to the roads, its way and a few sites that reach it.
    constexpr std::uint64_t bytes_each = 500;
    for (const auto& window : blocks_of(grid.window())) {
        execution.progress.check();
        if (out.people.size() * bytes_each > execution.memory_budget())
            throw input_error(
                fmt::format("'{}' has more populated cells than fit into {} MB of memory", name,
                            execution.memory_budget() >> 20U),
                "give --memory more, or larger cells (riskmap stack keeps the sum)");
        const auto values = cells.read(window);
        for (std::int64_t r = 0; r < window.rows; ++r)
            for (std::int64_t c = 0; c < window.columns; ++c) {
                const double people = values[static_cast<std::size_t>(r * window.columns + c)];
                if (people < 0)
                    throw input_error(
                        fmt::format("'{}' says {} people in the cell at column {}, row {}", name,
                                    people, window.column + c, window.row + r),
                        "numbers of people are at least 0; is that the nodata value?");
                if (!(people > 0))
                    continue;
                out.people.places.push_back(grid.centre(window.column + c, window.row + r));
                out.people.numbers.push_back(people);
            }
    }
    return out;
}

vector::Layer layer_of(const PeopleSource& source) {
    auto layer = vector::read_layer(source.file, source.layer);
    if (!source.layer.empty() || layer.has_field(source.field))
        return layer;
    const auto names = vector::layer_names(source.file);
    if (std::find(names.begin(), names.end(), source.field) != names.end())
        throw Error{ErrorKind::usage,
                    fmt::format("'{}' is a layer of '{}', and no field of people is given",
                                source.field, source.file.string()),
                    fmt::format("write {}:{}:FIELD", source.file.string(), source.field)};
    return layer;
}

} // namespace

OpenedPeople read_people(const PeopleSource& source, const Execution& execution) {
    OpenedPeople out;
    if (source.field.empty())
        out = people_of(raster::Reader{source.file}, source.file.string(), execution);
    else
        out = people_of(layer_of(source), source.field);
    if (out.people.size() == 0)
        throw input_error(fmt::format("'{}' holds nobody", source.file.string()),
                          "check the layer, the field and its numbers");
    return out;
}

namespace {

void keep(People& people, const std::vector<bool>& wanted) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < people.size(); ++i) {
        if (!wanted[i])
            continue;
        people.places[kept] = people.places[i];
        people.numbers[kept] = people.numbers[i];
        if (!people.ids.empty() && kept != i)
            people.ids[kept] = std::move(people.ids[i]);
        ++kept;
    }
    people.places.resize(kept);
    people.numbers.resize(kept);
    if (!people.ids.empty())
        people.ids.resize(kept);
}

} // namespace

std::size_t carry(People& people, const Crs& from, const Crs& to) {
    people.places = CrsTransform{from, to}.apply(std::move(people.places));
    std::vector<bool> wanted;
    for (const auto& place : people.places)
        wanted.push_back(std::isfinite(place.x) && std::isfinite(place.y));
    const auto before = people.size();
    keep(people, wanted);
    return before - people.size();
}

MoveRule MoveRule::parse(const std::string& text) {
    const auto at = text.rfind(':');
    const auto above = at == std::string::npos ? std::nullopt : parse_number(text.substr(at + 1));
    if (!above)
        throw Error{ErrorKind::usage, fmt::format("'{}' is no rule", text),
                    "write RASTER.tif:VALUE: it applies where the raster says more"};
    return {text.substr(0, at), *above};
}

void keep_movers(People& people, const Crs& crs, const std::vector<MoveRule>& rules,
                 const Execution& execution) {
    std::vector<bool> moves(people.size());
    for (const auto& rule : rules) {
        const raster::Reader hazard{rule.file};
        const auto places = CrsTransform{crs, hazard.grid().crs}.apply(people.places);
        const auto values = raster::values_at(hazard, places, raster::Sampling::nearest, execution);
        for (std::size_t i = 0; i < values.size(); ++i)
            if (values[i] > rule.above)
                moves[i] = true;
    }
    keep(people, moves);
    if (people.size() == 0)
        throw input_error("no rule makes anybody move",
                          "lower the values, or check that the rasters meet the people");
}

} // namespace riskmap::shelter
