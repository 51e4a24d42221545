// SPDX-License-Identifier: MIT
#include <riskmap/siting/models.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace riskmap::siting {

std::span<const Model> models() {
    static const std::array<Model, 5> table{{
        {"mclp", "most weight within reach of a number of sites (or a budget)", true, &cover_most},
        {"lscp", "fewest sites within reach of all", false, &cover_all},
        {"p-median", "least sum of weight x distance to the nearest site", false, &median},
        {"p-center", "least greatest distance to the nearest site", false, &center},
        {"cpmp", "p-median with capacities, each demand served by one site", false,
         &capacitated_median},
    }};
    return table;
}

namespace {

/// Looks up how a demand is linked to a candidate.
class LinkIndex {
  public:
    explicit LinkIndex(const Problem& problem) : m_links{problem.links} {}
    [[nodiscard]] bool has(std::uint32_t candidate, std::uint32_t demand) const {
        const auto list = m_links.demands(candidate);
        return std::binary_search(list.begin(), list.end(), demand);
    }
    [[nodiscard]] double cost(std::uint32_t candidate, std::uint32_t demand) const {
        const auto list = m_links.demands(candidate);
        const auto at = std::lower_bound(list.begin(), list.end(), demand);
        return m_links.has_costs()
                   ? m_links.costs(candidate)[static_cast<std::size_t>(at - list.begin())]
                   : 0;
    }

  private:
    const Links& m_links;
};

std::string fault_of_sites(const Model& model, const Problem& problem, const Answer& answer) {
    std::vector<bool> chosen(problem.links.candidates());
    double cost = 0;
    for (const auto j : answer.sites) {
        if (j >= chosen.size() || chosen[j])
            return fmt::format("site {} does not exist or is chosen twice", j);
        if (problem.role(j) == Role::forbidden || problem.role(j) == Role::existing)
            return fmt::format("site {} may not be chosen", j);
        chosen[j] = true;
        cost += problem.costs.empty() ? 0 : problem.costs[j];
    }
    for (std::size_t j = 0; j < chosen.size(); ++j)
        if (problem.role(j) == Role::forced && !chosen[j])
            return fmt::format("site {} is forced and not chosen", j);
    const bool any_number = model.solve == &cover_all;
    const bool at_most = model.solve == &cover_most;
    if (problem.sites && !any_number &&
        (at_most ? answer.sites.size() > *problem.sites : answer.sites.size() != *problem.sites))
        return fmt::format("{} sites instead of {}", answer.sites.size(), *problem.sites);
    if (problem.budget && cost > *problem.budget * (1 + 1e-9))
        return fmt::format("a cost of {} beyond the budget", cost);
    for (const auto& quota : problem.quotas) {
        const auto n =
            static_cast<std::size_t>(std::count_if(quota.candidates.begin(), quota.candidates.end(),
                                                   [&](std::uint32_t j) { return chosen[j]; }));
        if (n < quota.least || n > quota.most)
            return fmt::format("{} sites in '{}'", n, quota.name);
    }
    return {};
}

/// What each demand's weight is served of, counted from the answer alone.
std::vector<double> served_weights(const Problem& problem, const Answer& answer) {
    std::vector<double> served(problem.weights.size());
    if (answer.shares.empty()) {
        for (std::size_t i = 0; i < served.size(); ++i)
            served[i] = answer.server[i] == nobody ? 0 : problem.weights[i];
        return served;
    }
    for (const auto& share : answer.shares)
        served[share.demand] += share.weight;
    return served;
}

std::string fault_of_service(const Problem& problem, const Answer& answer) {
    const LinkIndex links{problem};
    std::vector<bool> open(problem.links.candidates());
    for (std::size_t j = 0; j < open.size(); ++j)
        open[j] = problem.role(j) == Role::existing;
    for (const auto j : answer.sites)
        open[j] = true;
    std::vector<double> loads(open.size());
    const auto fault = [&](std::uint32_t demand, std::uint32_t site) {
        return site >= open.size() || !open[site] || !links.has(site, demand);
    };
    for (std::uint32_t i = 0; i < answer.server.size(); ++i) {
        if (answer.server[i] == nobody)
            continue;
        if (fault(i, answer.server[i]))
            return fmt::format("demand {} is served by a site that is closed or out of reach", i);
        if (answer.shares.empty())
            loads[answer.server[i]] += problem.weights[i];
    }
    for (const auto& share : answer.shares) {
        if (fault(share.demand, share.candidate))
            return fmt::format("demand {} is shared with a site that is closed or out of reach",
                               share.demand);
        loads[share.candidate] += share.weight;
    }
    const auto served = served_weights(problem, answer);
    for (std::size_t i = 0; i < served.size(); ++i)
        if (served[i] > problem.weights[i] * (1 + 1e-6) + 1e-9)
            return fmt::format("demand {} is served more than once", i);
    for (std::size_t j = 0; j < problem.capacities.size(); ++j)
        if (loads[j] > problem.capacities[j] * (1 + 1e-6) + 1e-6)
            return fmt::format("site {} serves {} and has room for {}", j, loads[j],
                               problem.capacities[j]);
    for (const auto& minimum : problem.minimums) {
        double sum = 0;
        for (const auto i : minimum.demands)
            sum += served[i];
        if (sum < minimum.least * (1 - 1e-6) - 1e-6)
            return fmt::format("only {} of '{}' are served", sum, minimum.name);
    }
    return {};
}

double recounted(const Model& model, const Problem& problem, const Answer& answer) {
    const LinkIndex links{problem};
    if (model.solve == &cover_all) {
        if (problem.costs.empty())
            return static_cast<double>(answer.sites.size());
        double sum = 0;
        for (const auto j : answer.sites)
            sum += problem.costs[j];
        return sum;
    }
    if (model.solve == &cover_most) {
        if (problem.backup == 0) {
            const auto served = served_weights(problem, answer);
            return std::accumulate(served.begin(), served.end(), 0.0);
        }
        std::vector<int> times(problem.weights.size());
        const auto count = [&](std::size_t j) {
            for (const auto i : problem.links.demands(j))
                ++times[i];
        };
        for (const auto j : answer.sites)
            count(j);
        for (std::size_t j = 0; j < problem.links.candidates(); ++j)
            if (problem.role(j) == Role::existing)
                count(j);
        double sum = 0;
        for (std::size_t i = 0; i < times.size(); ++i)
            sum += problem.weights[i] * (times[i] == 0   ? 0
                                         : times[i] == 1 ? 1 - problem.backup
                                                         : 1);
        return sum;
    }
    double sum = 0;
    double greatest = 0;
    for (std::uint32_t i = 0; i < answer.server.size(); ++i) {
        if (!(problem.weights[i] > 0))
            continue;
        if (answer.server[i] == nobody)
            return std::numeric_limits<double>::quiet_NaN();
        const double cost = links.cost(answer.server[i], i);
        greatest = std::max(greatest, cost);
        sum += (problem.costs_once && model.solve != &median ? 1.0 : problem.weights[i]) * cost;
    }
    return model.solve == &center ? greatest : sum;
}

} // namespace

std::string fault_of(const Model& model, const Problem& problem, const Answer& answer) {
    if (auto fault = fault_of_sites(model, problem, answer); !fault.empty())
        return fault;
    if (auto fault = fault_of_service(problem, answer); !fault.empty())
        return fault;
    const double objective = recounted(model, problem, answer);
    // A center may serve all from nearer than it had to promise.
    const bool counted = model.solve == &center
                             ? objective <= answer.objective * (1 + 1e-9)
                             : std::abs(objective - answer.before - answer.objective) <=
                                   1e-6 * std::max(1.0, std::abs(objective));
    if (!counted)
        return fmt::format("the objective is {} and not {}", objective, answer.objective);
    const double tiny = 1e-6 * std::max(1.0, std::abs(answer.objective));
    if (model.most ? answer.bound < answer.objective - tiny
                   : answer.bound > answer.objective + tiny)
        return "the bound lies on the wrong side";
    return {};
}

} // namespace riskmap::siting
