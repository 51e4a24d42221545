// SPDX-License-Identifier: MIT
#include <riskmap/shelter/isolation.hpp>

#include <algorithm>
#include <cmath>
#include <span>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <riskmap/core/error.hpp>
#include <riskmap/vector/fields.hpp>

namespace riskmap::shelter {

using vector::FieldType;

bool Way::cut_off() const noexcept {
    return std::isfinite(before) && std::isinf(after);
}

bool Way::never() const noexcept {
    return std::isinf(before);
}

Isolation isolate(const Ways& ways, const People& settlements, const std::vector<Goal>& goals,
                  const Execution& execution) {
    Isolation out;
    out.ways.assign(settlements.size(), {});
    out.connection.assign(settlements.size(), Connection::reached);
    out.door_closed = ways.now->cut_off(settlements.places, execution);
    for (const auto& goal : goals) {
        out.goals.push_back(goal.name);
        const auto before =
            ways.calm->finder(goal.places, execution)->from(settlements.places, execution);
        const auto after =
            ways.now->finder(goal.places, execution)->from(settlements.places, execution);
        for (std::size_t i = 0; i < settlements.size(); ++i) {
            const Way way{before[i].cost, after[i].cost};
            out.ways[i].push_back(way);
            if (way.cut_off())
                out.connection[i] = Connection::cut_off;
            else if (way.never() && out.connection[i] == Connection::reached)
                out.connection[i] = Connection::never;
        }
        auto& shut = out.goals_on_closed_roads.emplace_back();
        const auto at = ways.now->cut_off(goal.places, execution);
        for (std::size_t g = 0; g < at.size(); ++g)
            if (at[g])
                shut.push_back(g);
    }
    for (const auto& edge : ways.graph->edges()) {
        out.length += edge.length;
        if (edge.closed) {
            ++out.closed_roads;
            out.closed_length += edge.length;
        }
    }
    return out;
}

IsolationStudy study_isolation(const IsolationSource& source, spec::Door& door,
                               const Execution& execution) {
    IsolationStudy study;
    auto opened = read_people(source.settlements, door, execution);
    study.crs = metric_crs(opened.crs, bounds(opened.people.places));
    carry(opened.people, opened.crs, study.crs);
    study.settlements = std::move(opened.people);
    std::vector<Goal> goals;
    for (const auto& [name, layer] : source.goals) {
        auto table = door.table(layer, spec::any_layer(), spec::Shapes::points);
        goals.push_back({name, table.places(study.crs), {}});
        for (std::size_t row = 0; row < table.size(); ++row)
            goals.back().ids.push_back(table.name(row));
        if (goals.back().places.empty())
            throw input_error(fmt::format("'{}' holds no points", layer.file.string()));
    }
    const Limit metres{1, false};
    const auto ways = open_ways(source.roads, metres, study.crs, study.remarks, door, execution);
    study.isolation = isolate(ways, study.settlements, goals, execution);
    for (std::size_t g = 0; g < study.isolation.goals.size(); ++g) {
        double people = 0;
        std::size_t without = 0;
        for (std::size_t i = 0; i < study.settlements.size(); ++i)
            if (std::isinf(study.isolation.ways[i][g].before)) {
                ++without;
                people += study.settlements.numbers[i];
            }
        if (without > 0)
            study.remarks.push_back(
                fmt::format("{} settlements ({:.10g} people) reach no {} with all roads open, and "
                            "are not counted as cut off",
                            without, people, study.isolation.goals[g]));
    }
    for (std::size_t g = 0; g < goals.size(); ++g) {
        std::vector<std::string> names;
        for (const auto place : study.isolation.goals_on_closed_roads[g])
            names.push_back(goals[g].ids[place]);
        if (!names.empty())
            study.remarks.push_back(fmt::format(
                "{} of {} places '{}' lie on roads that are closed, and nobody comes there: {}",
                names.size(), goals[g].places.size(), goals[g].name,
                fmt::join(std::span{names}.first(std::min<std::size_t>(names.size(), 10)), ", ")));
    }
    study.graph = ways.graph;
    return study;
}

std::vector<CutOff> count_cut_off(const People& settlements, const Isolation& isolation,
                                  const Units* units) {
    CutOff nothing;
    nothing.from.resize(isolation.goals.size());
    nothing.never_from.resize(isolation.goals.size());
    std::vector<CutOff> counts(1 + (units == nullptr ? 0 : units->names.size()), nothing);
    const auto add = [&](CutOff& count, std::size_t i) {
        const double people = settlements.numbers[i];
        count.people += people;
        ++count.settlements;
        if (isolation.connection[i] == Connection::cut_off) {
            count.cut_off += people;
            ++count.settlements_cut_off;
            count.door_closed += isolation.door_closed[i] ? people : 0;
        } else if (isolation.connection[i] == Connection::never) {
            count.never += people;
            ++count.settlements_never;
        }
        for (std::size_t g = 0; g < isolation.goals.size(); ++g) {
            count.from[g] += isolation.ways[i][g].cut_off() ? people : 0;
            count.never_from[g] += isolation.ways[i][g].never() ? people : 0;
        }
    };
    for (std::size_t i = 0; i < settlements.size(); ++i) {
        add(counts[0], i);
        if (units != nullptr && units->of_people[i] != none)
            add(counts[1 + units->of_people[i]], i);
    }
    return counts;
}

std::string isolation_json(const IsolationStudy& study, const std::vector<Units>& units) {
    const auto& settlements = study.settlements;
    const auto& isolation = study.isolation;
    using Json = nlohmann::ordered_json;
    const auto json_of = [&](const CutOff& count) {
        Json json{{"people", count.people},
                  {"settlements", count.settlements},
                  {"people_cut_off", count.cut_off},
                  {"settlements_cut_off", count.settlements_cut_off},
                  {"people_door_closed", count.door_closed},
                  {"people_never_reached", count.never},
                  {"settlements_never_reached", count.settlements_never}};
        for (std::size_t g = 0; g < isolation.goals.size(); ++g) {
            json["people_cut_off_from"][isolation.goals[g]] = count.from[g];
            json["people_never_reached_from"][isolation.goals[g]] = count.never_from[g];
        }
        return json;
    };
    Json json = json_of(count_cut_off(settlements, isolation, nullptr)[0]);
    json["roads"] = {{"closed_pieces", isolation.closed_roads},
                     {"closed_m", isolation.closed_length},
                     {"all_m", isolation.length}};
    json["units"] = Json::array();
    for (const auto& layer : units) {
        const auto counts = count_cut_off(settlements, isolation, &layer);
        for (std::size_t u = 0; u < layer.names.size(); ++u) {
            Json unit{{"layer", layer.name}, {"unit", layer.names[u]}};
            unit.update(json_of(counts[u + 1]));
            json["units"].push_back(std::move(unit));
        }
    }
    json["cut_off"] = Json::array();
    for (std::size_t i = 0; i < settlements.size(); ++i) {
        if (isolation.connection[i] != Connection::cut_off)
            continue;
        Json from = Json::array();
        for (std::size_t g = 0; g < isolation.goals.size(); ++g)
            if (isolation.ways[i][g].cut_off())
                from.push_back(isolation.goals[g]);
        json["cut_off"].push_back({{"id", settlements.id(i)},
                                   {"people", settlements.numbers[i]},
                                   {"door_closed", static_cast<bool>(isolation.door_closed[i])},
                                   {"from", std::move(from)}});
    }
    json["remarks"] = study.remarks;
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

vector::Layer settlement_layer(const IsolationStudy& study, Language language) {
    const auto& settlements = study.settlements;
    const auto& isolation = study.isolation;
    vector::Layer layer{"settlements", study.crs, {}, {}};
    vector::Fields fields{language};
    fields.add("id", FieldType::text, "编号", "id")
        .add("people", FieldType::real, "人口", "people")
        .add("state", FieldType::integer, "状况（0通达，1孤立，2平时即不通）",
             "state (0 reached, 1 cut off, 2 never reached)")
        .add("cut_off", FieldType::text, "失去通达", "cut off from")
        .add("never", FieldType::text, "平时即不通", "never reached")
        .add("door", FieldType::integer, "门前道路中断（1是0否）",
             "the road at the door is closed (1 yes, 0 no)");
    layer.fields = fields.take();
    const bool zh = language == Language::zh;
    for (const auto& goal : isolation.goals) {
        layer.fields.push_back({goal + "_m", FieldType::real,
                                zh ? "平时至" + goal + "（米）" : "way to " + goal + " (m)"});
        layer.fields.push_back(
            {goal + "_cut_m", FieldType::real,
             zh ? "断路后至" + goal + "（米）" : "way to " + goal + " with roads closed (m)"});
    }
    const auto finite = [](double cost) {
        return std::isfinite(cost) ? vector::Value{cost} : vector::Value{};
    };
    for (std::size_t i = 0; i < settlements.size(); ++i) {
        auto& feature = layer.features.emplace_back();
        std::string from;
        std::string never;
        for (std::size_t g = 0; g < isolation.goals.size(); ++g) {
            const auto& way = isolation.ways[i][g];
            auto& list = way.cut_off() ? from : never;
            if (way.cut_off() || way.never())
                list += (list.empty() ? "" : zh ? "、" : ", ") + isolation.goals[g];
        }
        feature.values = {settlements.id(i),
                          settlements.numbers[i],
                          static_cast<std::int64_t>(isolation.connection[i]),
                          from,
                          never,
                          std::int64_t{isolation.door_closed[i] ? 1 : 0}};
        for (const auto& way : isolation.ways[i]) {
            feature.values.push_back(finite(way.before));
            feature.values.push_back(finite(way.after));
        }
        feature.shape.points = {settlements.places[i]};
    }
    return layer;
}

vector::Layer closed_road_layer(const IsolationStudy& study, Language language) {
    const auto& graph = *study.graph;
    vector::Layer layer{"closed_roads", study.crs, {}, {}};
    layer.fields = vector::Fields{language}
                       .add("kind", FieldType::text, "类别", "class")
                       .add("length_m", FieldType::real, "长度（米）", "length (m)")
                       .take();
    for (const auto& edge : graph.edges()) {
        if (!edge.closed)
            continue;
        const auto line = graph.line(edge);
        auto& feature = layer.features.emplace_back();
        feature.values = {graph.road(edge).kind, edge.length};
        feature.shape.lines = {LineString{line.begin(), line.end()}};
    }
    return layer;
}

} // namespace riskmap::shelter
