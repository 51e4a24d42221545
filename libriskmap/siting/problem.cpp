// SPDX-License-Identifier: MIT
#include <riskmap/siting/problem.hpp>

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/exact_sum.hpp>

#include "problem_check.hpp"

namespace riskmap::siting {

void Links::add(std::span<const std::uint32_t> demands, std::span<const double> costs) {
    if (!costs.empty() && costs.size() != demands.size())
        throw input_error(fmt::format("{} costs for {} demands", costs.size(), demands.size()));
    const bool first = m_demands.empty();
    if (!demands.empty() && !first && costs.empty() != m_costs.empty())
        throw input_error("either all candidates have costs of service or none has");
    if (std::adjacent_find(demands.begin(), demands.end(), std::greater_equal<>{}) != demands.end())
        throw input_error("the demands of a candidate are not in rising order");
    m_demands.insert(m_demands.end(), demands.begin(), demands.end());
    m_costs.insert(m_costs.end(), costs.begin(), costs.end());
    m_starts.push_back(m_demands.size());
}

namespace {

void require(const std::vector<double>& numbers, const char* what, bool may_be_unlimited) {
    for (std::size_t i = 0; i < numbers.size(); ++i)
        if (!(numbers[i] >= 0) || (!may_be_unlimited && std::isinf(numbers[i])))
            throw input_error(fmt::format("the {} of number {} is {}", what, i + 1, numbers[i]),
                              "give a number of at least 0");
}

std::size_t count_of(const Problem& problem, Role role) {
    std::size_t n = 0;
    for (std::size_t j = 0; j < problem.links.candidates(); ++j)
        n += problem.role(j) == role ? 1 : 0;
    return n;
}

} // namespace

void check(const Problem& problem) {
    const auto fits = [&](const auto& numbers) {
        return numbers.empty() || numbers.size() == problem.links.candidates();
    };
    if (!fits(problem.roles) || !fits(problem.capacities) || !fits(problem.costs))
        throw input_error(
            "a location problem needs a role, a capacity and a cost of each candidate");
    require(problem.weights, "weight", false);
    require(problem.capacities, "capacity", true);
    require(problem.costs, "cost", false);
    if (!(problem.backup >= 0 && problem.backup <= 0.5))
        throw input_error(fmt::format("a backup share of {:g}", problem.backup),
                          "give what the second site counts, from 0 to 0.5");
    if (problem.budget && !(*problem.budget >= 0))
        throw input_error(fmt::format("a budget of {:g}", *problem.budget),
                          "give an amount of at least 0");
    if (problem.budget && problem.costs.empty())
        throw input_error("a budget needs the costs of the candidates");
    for (std::size_t j = 0; j < problem.links.candidates(); ++j) {
        for (const auto demand : problem.links.demands(j))
            if (demand >= problem.weights.size())
                throw input_error("a candidate is linked to a demand that does not exist");
        for (const double cost : problem.links.costs(j))
            if (!(cost >= 0) || std::isinf(cost))
                throw input_error(fmt::format("a cost of service is {}", cost),
                                  "distances and times are at least 0");
    }
    for (const auto& quota : problem.quotas)
        for (const auto candidate : quota.candidates)
            if (candidate >= problem.links.candidates())
                throw input_error(fmt::format("quota '{}' names candidate {} of {}", quota.name,
                                              candidate, problem.links.candidates()));
    for (const auto& minimum : problem.minimums)
        for (const auto demand : minimum.demands)
            if (demand >= problem.weights.size())
                throw input_error(fmt::format("minimum '{}' names demand {} of {}", minimum.name,
                                              demand, problem.weights.size()));
    const auto forced = count_of(problem, Role::forced);
    if (problem.sites && forced > *problem.sites)
        throw Error{ErrorKind::infeasible,
                    fmt::format("{} sites are forced, and only {} are to be chosen", forced,
                                *problem.sites),
                    fmt::format("ask for {} sites, or force fewer", forced)};
}

void require_costs(const Problem& problem) {
    if (problem.links.size() > 0 && !problem.links.has_costs())
        throw input_error("the model goes by costs of service, and the links have none",
                          "give a distance or time with each link");
}

void require_sites(const Problem& problem) {
    if (!problem.sites)
        throw input_error("the number of sites is not given");
    const auto most = count_of(problem, Role::free) + count_of(problem, Role::forced);
    if (*problem.sites > most)
        throw input_error(fmt::format("{} sites are asked for, and there are {} candidates",
                                      *problem.sites, most),
                          fmt::format("ask for {} sites at most, or add candidates", most));
    if (*problem.sites == 0 && count_of(problem, Role::existing) == 0)
        throw input_error("no site is to be chosen, and none exists");
}

void refuse_extras(const Problem& problem, const char* model, bool capacities_known) {
    const auto refuse = [&](bool given, const char* what) {
        if (given)
            throw Error{ErrorKind::usage, fmt::format("the model {} knows no {}", model, what),
                        "use mclp"};
    };
    refuse(!problem.quotas.empty(), "quotas");
    refuse(!problem.minimums.empty(), "minimums");
    refuse(problem.backup > 0, "backup");
    refuse(problem.budget.has_value(), "budget");
    refuse(!capacities_known && !problem.capacities.empty(), "capacities");
}

std::vector<std::size_t> chosen_sites(const Problem& problem,
                                      const std::vector<std::uint32_t>& free_ones) {
    std::vector<std::size_t> sites{free_ones.begin(), free_ones.end()};
    for (std::size_t j = 0; j < problem.links.candidates(); ++j)
        if (problem.role(j) == Role::forced)
            sites.push_back(j);
    std::sort(sites.begin(), sites.end());
    return sites;
}

std::vector<bool> open_sites(const Problem& problem, const std::vector<std::size_t>& sites) {
    std::vector<bool> open(problem.links.candidates());
    for (std::size_t j = 0; j < open.size(); ++j)
        open[j] = problem.role(j) == Role::existing;
    for (const auto j : sites)
        open[j] = true;
    return open;
}

std::vector<std::uint32_t> nearest_servers(const Problem& problem,
                                           const std::vector<std::size_t>& sites) {
    const auto open = open_sites(problem, sites);
    std::vector<std::uint32_t> server(problem.weights.size(), nobody);
    std::vector<double> least(problem.weights.size());
    for (std::size_t j = 0; j < open.size(); ++j) {
        if (!open[j])
            continue;
        const auto demands = problem.links.demands(j);
        const auto costs = problem.links.costs(j);
        for (std::size_t k = 0; k < demands.size(); ++k) {
            const auto i = demands[k];
            const double cost = costs.empty() ? 0 : costs[k];
            if (server[i] == nobody || cost < least[i]) {
                server[i] = static_cast<std::uint32_t>(j);
                least[i] = cost;
            }
        }
    }
    return server;
}

void require_all_served(const Problem& problem, const Answer& answer) {
    std::size_t missed = 0;
    for (std::size_t i = 0; i < answer.server.size(); ++i)
        missed += problem.weights[i] > 0 && answer.server[i] == nobody ? 1 : 0;
    if (missed > 0)
        throw Error{
            ErrorKind::infeasible,
            fmt::format("{} demands are out of reach of every choice of sites that was found",
                        missed),
            "raise the radius or the number of sites"};
}

std::vector<bool> reachable_demands(const Problem& problem) {
    std::vector<bool> reachable(problem.weights.size());
    for (std::size_t j = 0; j < problem.links.candidates(); ++j)
        if (problem.role(j) != Role::forbidden)
            for (const auto i : problem.links.demands(j))
                reachable[i] = true;
    return reachable;
}

double served_before(const Problem& problem) {
    std::vector<int> times(problem.weights.size());
    for (std::size_t j = 0; j < problem.links.candidates(); ++j)
        if (problem.role(j) == Role::existing)
            for (const auto i : problem.links.demands(j))
                ++times[i];
    ExactSum sum;
    for (std::size_t i = 0; i < times.size(); ++i)
        if (times[i] > 0)
            sum.add(problem.weights[i] * (times[i] > 1 ? 1 : 1 - problem.backup));
    return sum.total();
}

void close(Answer& answer) {
    if (answer.optimal)
        answer.bound = answer.objective;
    const double difference = std::abs(answer.bound - answer.objective);
    answer.gap = difference == 0 ? 0 : difference / std::max(std::abs(answer.objective), 1e-300);
}

} // namespace riskmap::siting
