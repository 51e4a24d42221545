// SPDX-License-Identifier: MIT
// The other ways to regions: REDCAP's hierarchies, AZP's moves, max-p's growth.
#include <riskmap/zoning/regions.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>

#include "tree.hpp"

namespace riskmap::zoning {

namespace {

enum class Linkage { average, complete };

/// Joins touching clusters, the most alike first, and keeps for each join the
/// shortest link between the two: a spanning tree.
std::vector<Link> linkage_tree(const RegionProblem& problem, Linkage linkage,
                               const Execution& execution) {
    const std::size_t n = problem.attributes.size();
    std::vector<std::vector<double>> apart(n, std::vector<double>(n));
    std::vector<std::vector<bool>> touch(n, std::vector<bool>(n));
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j)
            apart[i][j] = squared_distance(problem, i, j);
    for (const auto& [a, b] : problem.neighbours)
        touch[a][b] = touch[b][a] = true;
    std::vector<double> size(n, 1);
    std::vector<std::size_t> cluster(n);
    for (std::size_t i = 0; i < n; ++i)
        cluster[i] = i;
    std::vector<Link> tree;
    for (;;) {
        execution.progress.check();
        double least = std::numeric_limits<double>::infinity();
        Link pair;
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = i + 1; j < n; ++j)
                if (touch[i][j] && apart[i][j] < least) {
                    least = apart[i][j];
                    pair = {i, j};
                }
        if (!std::isfinite(least))
            return tree;
        const auto [into, gone] = pair;
        double shortest = std::numeric_limits<double>::infinity();
        Link link;
        for (const auto& [a, b] : problem.neighbours) {
            const bool joins = (cluster[a] == into && cluster[b] == gone) ||
                               (cluster[a] == gone && cluster[b] == into);
            const double d = squared_distance(problem, a, b);
            if (joins && d < shortest) {
                shortest = d;
                link = {std::min(a, b), std::max(a, b)};
            }
        }
        tree.push_back(link);
        for (std::size_t other = 0; other < n; ++other) {
            const double joined =
                linkage == Linkage::complete
                    ? std::max(apart[into][other], apart[gone][other])
                    : (size[into] * apart[into][other] + size[gone] * apart[gone][other]) /
                          (size[into] + size[gone]);
            apart[into][other] = apart[other][into] = joined;
            if (touch[gone][other] && other != into)
                touch[into][other] = touch[other][into] = true;
            touch[gone][other] = touch[other][gone] = false;
        }
        size[into] += size[gone];
        for (auto& c : cluster)
            if (c == gone)
                c = into;
    }
}

/// Whether a region stays in one piece when it loses a unit.
bool holds_without(const std::vector<std::vector<std::size_t>>& touching,
                   const std::vector<int>& region, std::size_t unit) {
    std::vector<std::size_t> open;
    std::size_t members = 0;
    for (std::size_t i = 0; i < region.size(); ++i)
        if (i != unit && region[i] == region[unit]) {
            ++members;
            if (open.empty())
                open.push_back(i);
        }
    if (members == 0)
        return false;
    std::set<std::size_t> seen{open.begin(), open.end()};
    while (!open.empty()) {
        const auto here = open.back();
        open.pop_back();
        for (const auto next : touching[here])
            if (next != unit && region[next] == region[unit] && seen.insert(next).second)
                open.push_back(next);
    }
    return seen.size() == members;
}

std::vector<std::vector<std::size_t>> touching_units(const RegionProblem& problem) {
    std::vector<std::vector<std::size_t>> touching(problem.attributes.size());
    for (const auto& [a, b] : problem.neighbours) {
        touching[a].push_back(b);
        touching[b].push_back(a);
    }
    for (auto& others : touching)
        std::sort(others.begin(), others.end());
    return touching;
}

/// Moves units to neighbouring regions, each time the best move of all, until none helps.
std::vector<int> bettered(const RegionProblem& problem, std::vector<int> region,
                          const Execution& execution) {
    const auto touching = touching_units(problem);
    std::map<int, Tally> tallies;
    for (std::size_t u = 0; u < region.size(); ++u) {
        auto& tally = tallies[region[u]];
        tally.sums.resize(problem.attributes[u].size());
        tally.add(tally_of(problem, u));
    }
    for (;;) {
        execution.progress.check();
        double best_gain = 1e-9;
        std::size_t best_unit = region.size();
        int best_region = 0;
        for (std::size_t u = 0; u < region.size(); ++u) {
            const auto own = tally_of(problem, u);
            Tally left = tallies[region[u]];
            left.add(own, -1);
            if (left.floor < problem.floor)
                continue;
            const double loss = tallies[region[u]].deviation() - left.deviation();
            for (const auto other : touching[u]) {
                if (region[other] == region[u])
                    continue;
                Tally grown = tallies[region[other]];
                const double before = grown.deviation();
                grown.add(own);
                const double gain = loss - (grown.deviation() - before);
                if (gain > best_gain && holds_without(touching, region, u)) {
                    best_gain = gain;
                    best_unit = u;
                    best_region = region[other];
                }
            }
        }
        if (best_unit == region.size())
            return region;
        const auto own = tally_of(problem, best_unit);
        tallies[region[best_unit]].add(own, -1);
        tallies[best_region].add(own);
        region[best_unit] = best_region;
    }
}

} // namespace

Regions redcap_average(const RegionProblem& problem, int k, const Execution& execution) {
    return cut_forest(problem, linkage_tree(problem, Linkage::average, execution), k, execution);
}

Regions redcap_complete(const RegionProblem& problem, int k, const Execution& execution) {
    return cut_forest(problem, linkage_tree(problem, Linkage::complete, execution), k, execution);
}

Regions azp(const RegionProblem& problem, int k, const Execution& execution) {
    auto start = skater(problem, k, execution);
    auto better = described(problem, bettered(problem, start.region, execution));
    better.between_share = std::move(start.between_share);
    return better;
}

Regions max_p(const RegionProblem& problem, int k, const Execution& execution) {
    if (problem.floor_values.empty())
        throw Error{ErrorKind::usage, "max-p needs a floor on people or area",
                    "give --floor FIELD:MIN"};
    const auto touching = touching_units(problem);
    const std::size_t n = problem.attributes.size();
    std::vector<int> region(n, -1);
    std::vector<Tally> tallies;
    // Seeds in rising order of what they hold: small units are the hardest to place.
    std::vector<std::size_t> seeds(n);
    for (std::size_t i = 0; i < n; ++i)
        seeds[i] = i;
    std::stable_sort(seeds.begin(), seeds.end(), [&](std::size_t a, std::size_t b) {
        return problem.floor_values[a] < problem.floor_values[b];
    });
    const auto nearest_free = [&](const std::vector<std::size_t>& members) {
        double least = std::numeric_limits<double>::infinity();
        std::size_t best = n;
        for (const auto m : members)
            for (const auto next : touching[m])
                if (const double d = squared_distance(problem, members[0], next);
                    region[next] < 0 && d < least) {
                    least = d;
                    best = next;
                }
        return best;
    };
    for (const auto seed : seeds) {
        if (region[seed] >= 0 || static_cast<int>(tallies.size()) == k)
            continue;
        const int id = static_cast<int>(tallies.size());
        std::vector<std::size_t> members{seed};
        Tally tally = tally_of(problem, seed);
        region[seed] = id;
        while (tally.floor < problem.floor) {
            const auto next = nearest_free(members);
            if (next == n)
                break;
            region[next] = id;
            members.push_back(next);
            tally.add(tally_of(problem, next));
        }
        if (tally.floor >= problem.floor)
            tallies.push_back(std::move(tally));
        else
            for (const auto m : members)
                region[m] = -1;
    }
    if (tallies.empty())
        throw Error{ErrorKind::infeasible,
                    fmt::format("no region can hold the floor of {:g}", problem.floor),
                    "lower the floor"};
    // Units left over join the neighbouring region that suffers least.
    for (bool grew = true; grew;) {
        grew = false;
        for (std::size_t u = 0; u < n; ++u) {
            if (region[u] >= 0)
                continue;
            double least = std::numeric_limits<double>::infinity();
            for (const auto next : touching[u]) {
                if (region[next] < 0)
                    continue;
                Tally grown = tallies[static_cast<std::size_t>(region[next])];
                const double before = grown.deviation();
                grown.add(tally_of(problem, u));
                if (grown.deviation() - before < least) {
                    least = grown.deviation() - before;
                    region[u] = region[next];
                }
            }
            if (region[u] >= 0) {
                tallies[static_cast<std::size_t>(region[u])].add(tally_of(problem, u));
                grew = true;
            }
        }
    }
    if (std::find(region.begin(), region.end(), -1) != region.end())
        throw Error{ErrorKind::infeasible, "some islands are too small for the floor",
                    "join the islands to their nearest neighbours, or lower the floor"};
    return described(problem, bettered(problem, std::move(region), execution));
}

} // namespace riskmap::zoning
