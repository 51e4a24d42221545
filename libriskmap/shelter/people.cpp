// SPDX-License-Identifier: MIT
#include <riskmap/shelter/people.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/exact_sum.hpp>
#include <riskmap/core/memory.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/raster/point_values.hpp>

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
    const auto named = spec::FieldSource::parse(text);
    const auto& source = named.source;
    // A raster has no field: what stands behind its name is a variable or a band.
    std::error_code ignored;
    if (named.field.empty() ||
        (source.layer.empty() && std::filesystem::exists(source.file, ignored) &&
         spec::is_raster(source.file))) {
        return {spec::Source::parse(text), {}};
    }
    if (source.file.empty())
        throw Error{ErrorKind::usage, fmt::format("'{}' does not say where people are", text),
                    "write FILE:LAYER:FIELD, or FILE.tif of people per cell"};
    return {source, named.field};
}

namespace {

/// Numbers of people in whatever column somebody names.
const spec::FieldSpec& people_rules() {
    static const spec::FieldSpec rules = [] {
        spec::FieldSpec field;
        field.name = "population";
        field.kind = spec::FieldKind::number;
        field.unit = "persons";
        field.range = spec::Range{0, 2e9};
        return field;
    }();
    return rules;
}

OpenedPeople people_of(spec::Table table, const std::string& field) {
    OpenedPeople out;
    out.crs = table.layer().crs;
    const auto numbers = table.numbers_of(field, people_rules());
    for (std::size_t row = 0; row < table.size(); ++row) {
        const auto& shape = table.layer().features[row].shape;
        if (!shape.lines.empty())
            throw input_error(fmt::format("layer '{}' holds lines", table.layer().name),
                              "people are at points (villages) or in polygons (buildings)");
        if (std::isnan(numbers[row]) || numbers[row] == 0)
            continue;
        if (shape.polygons.empty() && shape.points.size() != 1)
            throw input_error(fmt::format("{} is not one point", table.where(row)),
                              "give a layer of points or polygons");
        out.people.places.push_back(shape.polygons.empty() ? shape.points[0]
                                                           : centroid(shape.polygons));
        out.people.numbers.push_back(numbers[row]);
        out.people.ids.push_back(table.name(row));
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
            throw MemoryError(
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

/// FILE:LAYER without a field looks like FILE:FIELD.
void refuse_layer_for_field(const PeopleSource& source) {
    if (!source.source.layer.empty())
        return;
    const auto names = vector::layer_names(source.source.file);
    if (names.size() > 1 && std::find(names.begin(), names.end(), source.field) != names.end())
        throw Error{ErrorKind::usage,
                    fmt::format("'{}' is a layer of '{}', and no field of people is given",
                                source.field, source.source.file.string()),
                    fmt::format("write {}:{}:FIELD", source.source.file.string(), source.field)};
}

} // namespace

OpenedPeople read_people(const PeopleSource& source, spec::Door& door, const Execution& execution) {
    OpenedPeople out;
    if (source.field.empty()) {
        const auto cells = door.amounts(source.source, "persons");
        out = people_of(*cells, source.source.file.string(), execution);
    } else {
        refuse_layer_for_field(source);
        out = people_of(door.table(source.source, "villages", spec::Shapes::wanted), source.field);
    }
    if (out.people.size() == 0)
        throw input_error(fmt::format("'{}' holds nobody", source.source.file.string()),
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
    const auto named = spec::FieldSource::parse(text);
    const auto above = parse_number(named.field);
    if (!above || named.source.empty())
        throw Error{ErrorKind::usage, fmt::format("'{}' is no rule", text),
                    "write RASTER.tif:VALUE: it applies where the raster says more"};
    return {named.source, *above};
}

void keep_movers(People& people, const Crs& crs, const std::vector<MoveRule>& rules,
                 spec::Door& door, const Execution& execution) {
    std::vector<bool> moves(people.size());
    for (const auto& rule : rules) {
        const auto hazard = door.raster(rule.source);
        const auto values = hazard.values_at(people.places, crs, {"有人的地点", "places of people"},
                                             raster::Sampling::nearest, execution);
        const double above = hazard.reader()->as_written(rule.above).second;
        ExactSum unknown;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (values[i] > above)
                moves[i] = true;
            if (std::isnan(values[i]))
                unknown.add(people.numbers[i]);
        }
        if (const double number = unknown.total(); number > 0)
            hazard.account().remark(
                {fmt::format("其中 {:.0f} 人是否转移未知，不计入", number),
                 fmt::format("{:.0f} people there are not known to move and are not counted",
                             number)});
    }
    keep(people, moves);
    if (people.size() == 0)
        throw input_error("no rule makes anybody move",
                          "lower the values, or check that the rasters meet the people");
}

} // namespace riskmap::shelter
