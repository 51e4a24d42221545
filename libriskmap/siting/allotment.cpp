// SPDX-License-Identifier: MIT
#include "allotment.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace riskmap::siting {

CapacityTable::CapacityTable(const Problem& problem) {
    std::vector<std::uint32_t> row(problem.weights.size(), nobody);
    for (std::uint32_t i = 0; i < row.size(); ++i)
        if (problem.weights[i] > 0) {
            row[i] = static_cast<std::uint32_t>(demands.size());
            demands.push_back(i);
            weights.push_back(problem.weights[i]);
        }
    for (std::size_t j = 0; j < problem.links.candidates(); ++j) {
        if (problem.role(j) == Role::forbidden)
            continue;
        origin.push_back(j);
        fixed.push_back(problem.role(j) != Role::free);
        capacities.push_back(problem.capacities[j]);
        auto& column = costs.emplace_back(demands.size(), unknown_cost);
        const auto links = problem.links.demands(j);
        for (std::size_t e = 0; e < links.size(); ++e)
            if (row[links[e]] != nobody) {
                const double cost = problem.links.costs(j)[e] *
                                    (problem.costs_once ? 1 : problem.weights[links[e]]);
                column[row[links[e]]] = cost;
                whole = whole && cost == std::floor(cost);
            }
    }
    std::size_t forced = 0;
    for (std::size_t j = 0; j < problem.links.candidates(); ++j)
        forced += problem.role(j) == Role::forced ? 1 : 0;
    choices = *problem.sites - forced;
}

namespace {

/// Single moves and swaps of two demands.
void settle(const CapacityTable& table, Allotment& out, const std::vector<std::uint32_t>& open,
            std::vector<double>& room) {
    const auto cost = [&](std::uint32_t i, std::uint32_t k) { return table.costs[k][i]; };
    const auto n = static_cast<std::uint32_t>(table.demands.size());
    for (bool better = true; better;) {
        better = false;
        for (std::uint32_t i = 0; i < n; ++i)
            for (const auto k : open)
                if (cost(i, k) < cost(i, out.server[i]) - 1e-9 && room[k] >= table.weights[i]) {
                    room[out.server[i]] += table.weights[i];
                    room[k] -= table.weights[i];
                    out.server[i] = k;
                    better = true;
                }
        for (std::uint32_t a = 0; a < n; ++a)
            for (std::uint32_t b = a + 1; b < n; ++b) {
                const auto of_a = out.server[a];
                const auto of_b = out.server[b];
                const double shift = table.weights[a] - table.weights[b];
                if (of_a != of_b && room[of_b] >= shift && room[of_a] >= -shift &&
                    cost(a, of_b) + cost(b, of_a) < cost(a, of_a) + cost(b, of_b) - 1e-9) {
                    std::swap(out.server[a], out.server[b]);
                    room[of_a] += shift;
                    room[of_b] -= shift;
                    better = true;
                }
            }
    }
    out.cost = 0;
    for (std::uint32_t i = 0; i < n; ++i)
        out.cost += cost(i, out.server[i]);
}

} // namespace

Allotment allot(const CapacityTable& table, const std::vector<std::uint32_t>& chosen) {
    std::vector<std::uint32_t> open = chosen;
    for (std::uint32_t k = 0; k < table.candidates(); ++k)
        if (table.fixed[k])
            open.push_back(k);
    Allotment out{chosen, std::vector<std::uint32_t>(table.demands.size(), nobody), 0};
    std::vector<double> room = table.capacities;
    std::vector<bool> done(table.demands.size());
    for (std::size_t n = 0; n < done.size(); ++n) {
        double most = -1;
        std::uint32_t demand = nobody, site = nobody;
        for (std::uint32_t i = 0; i < done.size(); ++i) {
            if (done[i])
                continue;
            double first = unknown_cost, second = unknown_cost;
            std::uint32_t best = nobody;
            for (const auto k : open) {
                const double cost = table.costs[k][i];
                if (room[k] < table.weights[i] || cost >= second)
                    continue;
                if (cost < first) {
                    second = first;
                    first = cost;
                    best = k;
                } else {
                    second = cost;
                }
            }
            if (best == nobody)
                return {};
            const double regret = std::isinf(second) ? 1e300 : second - first;
            if (regret > most) {
                most = regret;
                demand = i;
                site = best;
            }
        }
        done[demand] = true;
        out.server[demand] = site;
        room[site] -= table.weights[demand];
    }
    settle(table, out, open, room);
    return out;
}

} // namespace riskmap::siting
