// SPDX-License-Identifier: MIT
#include <riskmap/shelter/plan.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/exact_sum.hpp>
#include <riskmap/core/table.hpp>

namespace riskmap::shelter {

std::vector<GroupQuota> read_quotas(const spec::Source& source, spec::Door& door) {
    auto table = door.table(source, "quotas", spec::Shapes::none);
    if (!table.has("least") && !table.has("most") && !table.has("least_share"))
        throw input_error(fmt::format("'{}' has none of the columns least, most, least_share "
                                      "(最少, 最多, 最低比例)",
                                      source.file.string()),
                          "give at least one of them");
    const auto groups = table.texts("group");
    const auto least = table.numbers("least");
    const auto most = table.numbers("most");
    const auto share = table.numbers("least_share");
    const auto whole = [&](double number, std::size_t row) -> std::optional<std::size_t> {
        if (std::isnan(number))
            return std::nullopt;
        if (number != std::floor(number))
            throw input_error(
                fmt::format("{}: {:g} is no number of sites", table.where(row), number),
                "give a whole number of at least 0");
        return static_cast<std::size_t>(number);
    };
    std::set<std::string> seen;
    std::vector<GroupQuota> quotas;
    for (std::size_t row = 0; row < table.size(); ++row) {
        GroupQuota quota{groups[row], whole(least[row], row), whole(most[row], row), {}};
        if (!std::isnan(share[row]))
            quota.least_share = share[row];
        if (!seen.insert(quota.group).second)
            throw input_error(
                fmt::format("{}: the group '{}' stands twice", table.where(row), quota.group),
                "keep one of the rows");
        if (quota.least && quota.most && *quota.least > *quota.most)
            throw input_error(fmt::format("{}: group '{}' is to have at least {} and at most {}",
                                          table.where(row), quota.group, *quota.least, *quota.most),
                              "correct the row");
        quotas.push_back(std::move(quota));
    }
    return quotas;
}

namespace {

/// A scene and its rules as a location problem; sites are numbered as in the scene.
class ProblemMaker {
  public:
    ProblemMaker(const Scene& scene, const PlanRules& rules) : m_scene{scene}, m_rules{rules} {
        m_problem.weights = scene.people.numbers;
        m_problem.links = links_of(scene.reached);
        m_problem.sites = rules.sites;
        m_problem.budget = rules.budget;
        m_problem.backup = rules.backup;
        take_roles();
        take_numbers();
        take_quotas();
    }
    [[nodiscard]] siting::Problem take() { return std::move(m_problem); }

  private:
    void take_roles() {
        std::map<std::string, std::size_t> number;
        for (std::size_t s = 0; s < m_scene.sites(); ++s) {
            const bool exists = s < m_scene.existing.size();
            m_problem.roles.push_back(!m_scene.site(s).suitable() ? siting::Role::forbidden
                                      : exists                    ? siting::Role::existing
                                                                  : siting::Role::free);
            if (!exists)
                number.emplace(m_scene.site(s).id, s);
        }
        const auto find = [&](const std::string& id) {
            const auto found = number.find(id);
            if (found == number.end()) {
                std::vector<std::string> known;
                for (const auto& [name, s] : number)
                    known.push_back(name);
                const auto near = nearest_name(id, known);
                throw input_error(fmt::format("there is no candidate '{}'", id),
                                  near ? fmt::format("did you mean '{}'?", *near) : "");
            }
            return found->second;
        };
        for (const auto& id : m_rules.forbidden)
            m_problem.roles[find(id)] = siting::Role::forbidden;
        for (const auto& id : m_rules.forced) {
            const auto s = find(id);
            if (m_problem.roles[s] == siting::Role::forbidden)
                throw input_error(fmt::format("'{}' is to be chosen and must not be: {}", id,
                                              m_scene.site(s).suitable()
                                                  ? "it is forbidden"
                                                  : m_scene.site(s).faults[0].en),
                                  "take it from one of the lists");
            m_problem.roles[s] = siting::Role::forced;
        }
    }

    void take_numbers() {
        const auto fill = [&](std::vector<double>& numbers, double Site::*field, const char* what,
                              const char* hint) {
            for (std::size_t s = 0; s < m_scene.sites(); ++s) {
                const auto& site = m_scene.site(s);
                const bool matters = m_problem.roles[s] != siting::Role::forbidden;
                const bool exists = s < m_scene.existing.size();
                const double number = site.*field;
                if (std::isnan(number) && matters && !(exists && field == &Site::cost))
                    throw input_error(fmt::format("the {} of '{}' is not known", what, site.id),
                                      hint);
                numbers.push_back(std::isnan(number) ? 0 : number);
            }
        };
        if (m_rules.budget)
            fill(m_problem.costs, &Site::cost, "cost",
                 "fill in the field, name another one, or leave out the budget");
        if (m_rules.capacities)
            fill(m_problem.capacities, &Site::capacity, "capacity",
                 "fill in the field of capacities or of floor areas, or plan without capacities");
    }

    void take_quotas() {
        std::map<std::string, std::vector<std::uint32_t>> sites;
        for (std::uint32_t s = 0; s < m_scene.sites(); ++s) {
            auto& group = sites[m_scene.site(s).group];
            if (s >= m_scene.existing.size())
                group.push_back(s);
        }
        for (const auto& quota : m_rules.quotas) {
            const auto found = sites.find(quota.group);
            if (found == sites.end() && !find_unit(quota.group))
                throw unknown_group(quota.group, sites);
            if (quota.least || quota.most) {
                siting::Quota out{quota.group, {}, quota.least.value_or(0)};
                if (found != sites.end())
                    out.candidates = found->second;
                add_by_place(quota.group, out.candidates);
                if (quota.most)
                    out.most = *quota.most;
                m_problem.quotas.push_back(std::move(out));
            }
            if (quota.least_share)
                m_problem.minimums.push_back(minimum(quota));
        }
    }
    /// Candidates that say no group belong to the unit in which they lie; where none says the
    /// group, all do.
    void add_by_place(const std::string& group, std::vector<std::uint32_t>& members) const {
        const auto unit = find_unit(group);
        if (!unit)
            return;
        const bool said = !members.empty();
        for (std::uint32_t c = 0; c < m_scene.candidates.size(); ++c) {
            const auto s = static_cast<std::uint32_t>(m_scene.existing.size()) + c;
            const bool here = unit->first->of_candidates[c] == unit->second;
            if (here && (!said || m_scene.candidates[c].group.empty()) &&
                std::find(members.begin(), members.end(), s) == members.end())
                members.push_back(s);
        }
        std::sort(members.begin(), members.end());
    }
    /// A unit is called by its code, its name, or both with a blank between.
    /// \throws Error{input} where two units of one layer are called so.
    [[nodiscard]] std::optional<std::pair<const Units*, std::uint32_t>>
    find_unit(const std::string& group) const {
        for (const auto& units : m_scene.units) {
            std::optional<std::uint32_t> found;
            for (std::uint32_t u = 0; u < units.names.size(); ++u) {
                const auto& name = units.names[u];
                if (name != group && !name.starts_with(group + " ") && !name.ends_with(" " + group))
                    continue;
                if (found)
                    throw input_error(
                        fmt::format("the quota for '{}' could be for two units of '{}': {}, {}",
                                    group, units.name, units.names[*found], name),
                        "say which by its code, with --units FILE:LAYER:CODE");
                found = u;
            }
            if (found)
                return std::pair{&units, *found};
        }
        return std::nullopt;
    }
    siting::Minimum minimum(const GroupQuota& quota) const {
        const auto unit = find_unit(quota.group);
        if (!unit)
            throw input_error(
                fmt::format("no unit is called '{}', so its people are not known", quota.group),
                "give units whose names are the groups, with --units FILE:LAYER:FIELD");
        siting::Minimum out{quota.group, {}, 0};
        ExactSum people;
        for (std::uint32_t i = 0; i < m_scene.people.size(); ++i)
            if (unit->first->of_people[i] == unit->second) {
                out.demands.push_back(i);
                people.add(m_scene.people.numbers[i]);
            }
        out.least = *quota.least_share * people.total();
        return out;
    }
    static Error unknown_group(const std::string& group,
                               const std::map<std::string, std::vector<std::uint32_t>>& sites) {
        std::vector<std::string> known;
        for (const auto& [name, list] : sites)
            known.push_back(name);
        const auto near = nearest_name(group, known);
        return input_error(
            fmt::format("no shelter, candidate or unit is of the group '{}' of the quotas", group),
            near ? fmt::format("did you mean '{}'?", *near)
                 : "groups are values of the candidates' field township or group");
    }

    const Scene& m_scene;
    const PlanRules& m_rules;
    siting::Problem m_problem;
};

std::string people_text(double people) {
    return fmt::format("{:.0f}", people);
}

Words reason_of(const Scene& scene, const PlannedSite& site) {
    const bool time = scene.limit.minutes;
    const auto zh_cost = [&](double cost) {
        return time ? fmt::format("{:.3g}分钟", cost / 60) : fmt::format("{:.0f}米", cost);
    };
    if (site.gain > 0) {
        Words reason{
            fmt::format("使{}人进入{}范围", people_text(site.gain), zh_cost(scene.limit.amount)),
            fmt::format("brings {} people within {} of a shelter", people_text(site.gain),
                        scene.limit.text())};
        if (!std::isnan(site.before)) {
            reason.zh += fmt::format("，此前最近避难场所平均{}", zh_cost(site.before));
            reason.en += fmt::format("; before, the nearest was {} away on average",
                                     cost_text(site.before, time));
        } else {
            reason.zh += "，此前无路可达任何避难场所";
            reason.en += "; before, no shelter could be reached";
        }
        return reason;
    }
    if (site.service.people > 0)
        return {
            fmt::format("成为{}人最近的避难场所，分担周边场所", people_text(site.service.people)),
            fmt::format("becomes the nearest shelter of {} people and relieves its neighbours",
                        people_text(site.service.people))};
    return {"满足配额或指定要求", "is there for a quota or because it was asked for"};
}

/// The order in which each adds most people; what each brings.
std::vector<PlannedSite> ranked(const Scene& scene, const Plan& plan) {
    std::vector<bool> served(scene.people.size());
    for (std::size_t i = 0; i < served.size(); ++i)
        served[i] = plan.before.server[i] != none;
    std::vector<std::size_t> left = plan.answer.sites;
    std::vector<PlannedSite> out;
    double so_far = plan.before.all.served;
    double cost = 0;
    while (!left.empty()) {
        auto best = left.begin();
        double most = -1;
        for (auto s = left.begin(); s != left.end(); ++s) {
            double gain = 0;
            for (const auto& reached : scene.reached[*s])
                gain += served[reached.demand] ? 0 : scene.people.numbers[reached.demand];
            if (gain > most) {
                most = gain;
                best = s;
            }
        }
        PlannedSite site;
        site.candidate = *best - scene.existing.size();
        site.gain = most;
        so_far += most;
        site.so_far = so_far;
        cost += scene.site(*best).cost;
        site.cost = cost;
        double ways = 0;
        double people = 0;
        for (const auto& reached : scene.reached[*best]) {
            if (served[reached.demand])
                continue;
            served[reached.demand] = true;
            const double before = plan.before.nearest[reached.demand].cost;
            if (std::isinf(before))
                continue;
            ways += scene.people.numbers[reached.demand] * before;
            people += scene.people.numbers[reached.demand];
        }
        site.before = people > 0 ? ways / people : raster::nodata;
        const auto place = std::find(plan.after.open.begin(), plan.after.open.end(), *best);
        site.service = plan.after.sites[static_cast<std::size_t>(place - plan.after.open.begin())];
        site.reason = reason_of(scene, site);
        out.push_back(std::move(site));
        left.erase(best);
    }
    return out;
}

/// With capacities what a site adds is who has a place with it and had none before: sites in the
/// order of those they hold, each counted on top of the ones before it.
void rank_by_places(const Scene& scene, Plan& plan, const Execution& execution) {
    std::stable_sort(plan.sites.begin(), plan.sites.end(),
                     [](const PlannedSite& a, const PlannedSite& b) {
                         return a.service.people > b.service.people;
                     });
    auto open = existing_sites(scene);
    double before = plan.before.all.served;
    double cost = 0;
    for (auto& site : plan.sites) {
        open.push_back(scene.existing.size() + site.candidate);
        site.so_far = people_with_a_place(scene, open, execution);
        site.gain = site.so_far - before;
        before = site.so_far;
        cost += scene.candidates[site.candidate].cost;
        site.cost = cost;
        site.reason = {fmt::format("安置{}人，其中{}人此前没有位置",
                                   people_text(site.service.people), people_text(site.gain)),
                       fmt::format("holds {} people, {} of whom had no place before",
                                   people_text(site.service.people), people_text(site.gain))};
    }
}

std::string shortfall_of(const Scene& scene, const Plan& plan, std::size_t free) {
    const auto asked = fmt::format("{} of {} new shelters are in the plan: ", plan.sites.size(),
                                   *plan.rules.sites);
    if (plan.sites.size() == free)
        return asked + fmt::format("no more than {} of {} candidates are suitable and allowed",
                                   free, scene.candidates.size());
    if (!plan.rules.capacities && plan.after.all.served >= plan.reachable)
        return asked + "a further one would bring nobody within reach";
    if (plan.rules.budget)
        return asked + "the budget leaves no more";
    return asked + (plan.rules.quotas.empty() ? "a further one would serve nobody more"
                                              : "quotas leave no more");
}

} // namespace

siting::Links links_of(const std::vector<std::vector<network::Reached>>& reached) {
    siting::Links links;
    std::vector<std::uint32_t> demands;
    std::vector<double> costs;
    for (const auto& of_site : reached) {
        demands.clear();
        costs.clear();
        for (const auto& one : of_site) {
            demands.push_back(one.demand);
            costs.push_back(one.cost);
        }
        links.add(demands, costs);
    }
    return links;
}

Plan plan_shelters(const Scene& scene, const PlanRules& rules, const Execution& execution) {
    const auto& model = row_named(siting::models(), rules.model, "model");
    Plan plan;
    plan.rules = rules;
    // That model is about capacities.
    plan.rules.capacities = rules.capacities || model.solve == &siting::capacitated_median;
    auto problem = ProblemMaker{scene, plan.rules}.take();
    const auto free = static_cast<std::size_t>(
        std::count_if(problem.roles.begin(), problem.roles.end(), [](siting::Role role) {
            return role == siting::Role::free || role == siting::Role::forced;
        }));
    // Covering takes at most so many; the other models need just as many.
    if (model.solve == &siting::cover_most && problem.sites && *problem.sites > free)
        problem.sites = free;
    plan.answer = model.solve(problem, rules.limits, execution);
    if (const auto fault = siting::fault_of(model, problem, plan.answer); !fault.empty())
        throw Error{ErrorKind::internal, "the plan does not hold: " + fault};
    plan.calm = calm_service(scene, execution);
    const auto existing = existing_sites(scene);
    const bool capacities = plan.rules.capacities;
    plan.before = evaluate(scene, existing, execution, capacities);
    auto open = existing;
    open.insert(open.end(), plan.answer.sites.begin(), plan.answer.sites.end());
    plan.after = evaluate(scene, std::move(open), execution, capacities);
    plan.sites = ranked(scene, plan);
    if (capacities)
        rank_by_places(scene, plan, execution);
    std::vector<bool> reachable(scene.people.size());
    for (std::size_t s = 0; s < scene.sites(); ++s)
        if (problem.roles[s] != siting::Role::forbidden)
            for (const auto& reached : scene.reached[s])
                reachable[reached.demand] = true;
    ExactSum sum;
    for (std::size_t i = 0; i < reachable.size(); ++i)
        if (reachable[i])
            sum.add(scene.people.numbers[i]);
    plan.reachable = sum.total();
    if (rules.sites && plan.sites.size() < *rules.sites)
        plan.shortfall = shortfall_of(scene, plan, free);
    return plan;
}

} // namespace riskmap::shelter
