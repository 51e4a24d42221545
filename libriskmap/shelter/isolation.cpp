// SPDX-License-Identifier: MIT
#include <riskmap/shelter/isolation.hpp>

#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <riskmap/core/error.hpp>
#include <riskmap/vector/fields.hpp>

namespace riskmap::shelter {

namespace {

using vector::FieldType;

bool is_closed(const network::Costs& costs, std::size_t edge) {
    return std::isinf(costs.forward[edge]) && std::isinf(costs.backward[edge]);
}

} // namespace

bool Way::cut_off() const noexcept {
    return std::isfinite(before) && std::isinf(after);
}

Isolation isolate(const network::Graph& graph, const network::Costs& open,
                  const network::Costs& closed, const People& settlements,
                  const std::vector<Goal>& goals, double access, const Execution& execution) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    Isolation out;
    const network::AccessIndex index{graph};
    const auto from = index.find(settlements.places, access, execution);
    out.ways.assign(settlements.size(), {});
    out.cut_off.assign(settlements.size(), false);
    for (const auto& goal : goals) {
        out.goals.push_back(goal.name);
        const auto sites = index.find(goal.places, access, execution);
        const network::NearestSite before{graph, open, sites, infinity, network::Way::to_sites};
        const network::NearestSite after{graph, closed, sites, infinity, network::Way::to_sites};
        for (std::size_t i = 0; i < settlements.size(); ++i) {
            Way way{infinity, infinity};
            if (from[i])
                way = {before.from(*from[i]).cost, after.from(*from[i]).cost};
            out.ways[i].push_back(way);
            if (way.cut_off())
                out.cut_off[i] = true;
        }
    }
    for (std::size_t e = 0; e < graph.edges().size(); ++e) {
        out.length += graph.edges()[e].length;
        if (is_closed(closed, e)) {
            ++out.closed_roads;
            out.closed_length += graph.edges()[e].length;
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
        goals.push_back(
            {name, door.table(layer, spec::any_layer(), spec::Shapes::points).places(study.crs)});
        if (goals.back().places.empty())
            throw input_error(fmt::format("'{}' holds no points", layer.file.string()));
    }
    const Limit metres{1, false};
    auto [graph, closed] =
        open_roads(source.roads, metres, study.crs, study.remarks, door, execution);
    network::Travel all_open;
    all_open.closed_too = true;
    study.isolation = isolate(*graph, network::costs_of(*graph, study.crs, all_open, execution),
                              closed, study.settlements, goals, source.roads.access, execution);
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
    study.graph = std::move(graph);
    study.closed = std::move(closed);
    return study;
}

std::vector<CutOff> count_cut_off(const People& settlements, const Isolation& isolation,
                                  const Units* units) {
    CutOff nothing;
    nothing.from.resize(isolation.goals.size());
    std::vector<CutOff> counts(1 + (units == nullptr ? 0 : units->names.size()), nothing);
    const auto add = [&](CutOff& count, std::size_t i) {
        const double people = settlements.numbers[i];
        count.people += people;
        ++count.settlements;
        if (isolation.cut_off[i]) {
            count.cut_off += people;
            ++count.settlements_cut_off;
        }
        for (std::size_t g = 0; g < isolation.goals.size(); ++g)
            count.from[g] += isolation.ways[i][g].cut_off() ? people : 0;
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
                  {"settlements_cut_off", count.settlements_cut_off}};
        for (std::size_t g = 0; g < isolation.goals.size(); ++g)
            json["people_cut_off_from"][isolation.goals[g]] = count.from[g];
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
        if (!isolation.cut_off[i])
            continue;
        Json from = Json::array();
        for (std::size_t g = 0; g < isolation.goals.size(); ++g)
            if (isolation.ways[i][g].cut_off())
                from.push_back(isolation.goals[g]);
        json["cut_off"].push_back({{"id", settlements.id(i)},
                                   {"people", settlements.numbers[i]},
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
        .add("level", FieldType::integer, "孤立（5是-1否）", "cut off (5 yes, 1 no)")
        .add("cut_off", FieldType::text, "失去通达", "cut off from");
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
        for (std::size_t g = 0; g < isolation.goals.size(); ++g)
            if (isolation.ways[i][g].cut_off())
                from += (from.empty() ? "" : zh ? "、" : ", ") + isolation.goals[g];
        feature.values = {settlements.id(i), settlements.numbers[i],
                          std::int64_t{isolation.cut_off[i] ? 5 : 1}, from};
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
    for (std::size_t e = 0; e < graph.edges().size(); ++e) {
        if (!is_closed(study.closed, e))
            continue;
        const auto& edge = graph.edges()[e];
        const auto line = graph.line(edge);
        auto& feature = layer.features.emplace_back();
        feature.values = {graph.road(edge).kind, edge.length};
        feature.shape.lines = {LineString{line.begin(), line.end()}};
    }
    return layer;
}

} // namespace riskmap::shelter
