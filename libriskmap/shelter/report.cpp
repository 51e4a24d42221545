// SPDX-License-Identifier: MIT
#include <riskmap/shelter/report.hpp>

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace riskmap::shelter {

namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
    return std::isfinite(value) ? Json(value) : Json();
}

Json json_of(const Service& service) {
    return {{"people", service.people},          {"served", service.served},
            {"share", number(service.share())},  {"twice", service.twice},
            {"shelters", service.shelters},      {"capacity", service.capacity},
            {"mean_cost", number(service.mean)}, {"worst_cost", number(service.worst)}};
}

Json out_of_reach(const Evaluation& evaluation) {
    const auto people = [&](Reach reach) {
        return evaluation.people_by_reach[static_cast<std::size_t>(reach)];
    };
    Json json;
    json["people"] = evaluation.all.people - evaluation.all.served;
    json["too_far"] = people(Reach::too_far);
    json["no_road"] = people(Reach::no_road);
    json["no_way"] = people(Reach::no_way);
    json["door_closed"] = people(Reach::door_closed);
    json["cut_off"] = people(Reach::cut_off);
    json["no_place"] = people(Reach::no_place);
    return json;
}

/// Full (more people than room) and hardly used (less than a quarter of the room).
Json use_json(const Scene& scene, const Evaluation& evaluation) {
    auto over = Json::array();
    auto under = Json::array();
    for (std::size_t k = 0; k < evaluation.open.size(); ++k) {
        const auto& site = scene.site(evaluation.open[k]);
        const double use = evaluation.sites[k].use(site);
        if (use > 1)
            over.push_back(site.id);
        else if (use < 0.25)
            under.push_back(site.id);
    }
    return {{"over_used", std::move(over)}, {"under_used", std::move(under)}};
}

/// Sites that do not serve, and why.
Json faults_json(const std::vector<Site>& sites) {
    auto out = Json::array();
    for (const auto& site : sites)
        if (!site.suitable()) {
            Json reasons = Json::array();
            for (const auto& fault : site.faults)
                reasons.push_back({{"zh", fault.zh}, {"en", fault.en}});
            out.push_back({{"id", site.id}, {"reasons", std::move(reasons)}});
        }
    return out;
}

Json shelters_json(const Scene& scene, const Evaluation& evaluation) {
    auto out = Json::array();
    for (std::size_t k = 0; k < evaluation.open.size(); ++k) {
        const auto& site = scene.site(evaluation.open[k]);
        const auto& service = evaluation.sites[k];
        out.push_back({{"id", site.id},
                       {"people", service.people},
                       {"people_within", service.within},
                       {"capacity", number(site.capacity)},
                       {"use", number(service.use(site))},
                       {"mean_cost", number(service.mean)},
                       {"worst_cost", number(service.worst)}});
    }
    return out;
}

void put(Json& json, const Scene& scene, const Evaluation& evaluation) {
    json.update(json_of(evaluation.all));
    json["capacities"] = evaluation.capacities; // served: who has a place; else who is near enough
    json["out_of_reach"] = out_of_reach(evaluation);
    json["units"] = Json::array();
    for (std::size_t l = 0; l < scene.units.size(); ++l)
        for (std::size_t u = 0; u < scene.units[l].names.size(); ++u) {
            Json unit{{"layer", scene.units[l].name}, {"unit", scene.units[l].names[u]}};
            unit.update(json_of(evaluation.units[l][u]));
            json["units"].push_back(std::move(unit));
        }
}

void put_frame(Json& json, const Scene& scene) {
    if (!scene.title.empty())
        json["scenario"] = scene.title;
    json["limit"] = scene.limit.amount;
    json["cost_unit"] = scene.limit.minutes ? "s" : "m";
}

} // namespace

std::string evaluation_json(const Scene& scene, const Evaluation& evaluation, const Service& calm) {
    Json json;
    put_frame(json, scene);
    put(json, scene, evaluation);
    json["calm"] = json_of(calm);
    json["unsuitable"] = faults_json(scene.existing);
    json["shelter_list"] = shelters_json(scene, evaluation);
    json.update(use_json(scene, evaluation));
    json["remarks"] = scene.remarks;
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string plan_json(const Scene& scene, const Plan& plan) {
    Json json;
    put_frame(json, scene);
    json["model"] = plan.rules.model;
    json["status"] = plan.answer.optimal ? "optimal" : "feasible";
    json["objective"] = plan.answer.objective;
    json["bound"] = plan.answer.bound;
    json["gap"] = plan.answer.gap;
    json["before"] = Json::object();
    put(json["before"], scene, plan.before);
    json["after"] = Json::object();
    put(json["after"], scene, plan.after);
    if (!plan.shortfall.empty())
        json["shortfall"] = plan.shortfall;
    json["newly_served"] = plan.after.all.served - plan.before.all.served;
    json["reachable"] = plan.reachable;
    json["cost"] = plan.sites.empty() ? Json(0) : number(plan.sites.back().cost);
    json["sites"] = Json::array();
    for (std::size_t r = 0; r < plan.sites.size(); ++r) {
        const auto& planned = plan.sites[r];
        const auto& site = scene.candidates[planned.candidate];
        json["sites"].push_back(
            {{"rank", r + 1},
             {"id", site.id},
             {"kind", site.kind},
             {"group", site.group},
             {"gain", planned.gain},
             {"people", planned.service.people},
             {"people_within", planned.service.within},
             {"mean_cost", number(planned.service.mean)},
             {"worst_cost", number(planned.service.worst)},
             {"capacity", number(site.capacity)},
             {"use", number(planned.service.use(site))},
             {"cost", number(site.cost)},
             {"reason", {{"zh", planned.reason.zh}, {"en", planned.reason.en}}}});
    }
    json["curve"] = Json::array();
    json["curve"].push_back({{"sites", 0}, {"served", plan.before.all.served}, {"cost", 0}});
    for (std::size_t r = 0; r < plan.sites.size(); ++r)
        json["curve"].push_back({{"sites", r + 1},
                                 {"served", plan.sites[r].so_far},
                                 {"cost", number(plan.sites[r].cost)}});
    json["excluded"] = faults_json(scene.candidates);
    json["unsuitable"] = faults_json(scene.existing);
    json["calm"] = json_of(plan.calm);
    json.update(use_json(scene, plan.after));
    json["candidates"] = scene.candidates.size();
    json["remarks"] = scene.remarks;
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace riskmap::shelter
