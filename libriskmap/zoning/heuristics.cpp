// SPDX-License-Identifier: MIT
// The other ways to regions: REDCAP's hierarchies, AZP's moves, max-p's growth.
#include <riskmap/zoning/regions.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <random>
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

namespace {

/// Regions grown from random units by random neighbours, each step from the region that holds
/// least, until all units belong to one. Empty: islands without a seed.
std::vector<int> grown(const RegionProblem& problem,
                       const std::vector<std::vector<std::size_t>>& touching, int k,
                       std::mt19937_64& random) {
    const std::size_t n = touching.size();
    std::vector<int> region(n, -1);
    std::vector<std::vector<std::size_t>> edge(static_cast<std::size_t>(k));
    for (int r = 0; r < k; ++r) {
        std::size_t seed = random() % n;
        while (region[seed] >= 0)
            seed = (seed + 1) % n;
        region[seed] = r;
        edge[static_cast<std::size_t>(r)] = {seed};
    }
    for (std::size_t left = n - static_cast<std::size_t>(k); left > 0;) {
        const auto r = random() % edge.size();
        auto& units = edge[r];
        bool grew = false;
        while (!units.empty() && !grew) {
            const auto at = random() % units.size();
            std::vector<std::size_t> free;
            for (const auto next : touching[units[at]])
                if (region[next] < 0)
                    free.push_back(next);
            if (free.empty()) {
                units[at] = units.back();
                units.pop_back();
                continue;
            }
            const auto next = free[random() % free.size()];
            region[next] = static_cast<int>(r);
            units.push_back(next);
            grew = true;
            --left;
        }
        if (!grew && std::all_of(edge.begin(), edge.end(),
                                 [](const auto& units_left) { return units_left.empty(); }))
            return {};
    }
    if (problem.floor_values.empty())
        return region;
    std::vector<double> held(static_cast<std::size_t>(k));
    for (std::size_t u = 0; u < n; ++u)
        held[static_cast<std::size_t>(region[u])] += problem.floor_values[u];
    const bool keeps =
        std::all_of(held.begin(), held.end(), [&](double h) { return h >= problem.floor; });
    return keeps ? region : std::vector<int>{};
}

double within(const RegionProblem& problem, const std::vector<int>& region) {
    return described(problem, region).within;
}

/// One partition in which every region holds the floor, as random growth gives it: each region
/// from a free unit with few free neighbours, by neighbours until it holds enough; what is left
/// joins a neighbour. Empty if islands stay over.
std::vector<int> partitioned(const RegionProblem& problem,
                             const std::vector<std::vector<std::size_t>>& touching,
                             std::mt19937_64& random) {
    const std::size_t n = touching.size();
    std::vector<int> region(n, -1);
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::shuffle(order.begin(), order.end(), random);
    const auto free_neighbours = [&](std::size_t u) {
        return std::count_if(touching[u].begin(), touching[u].end(),
                             [&](std::size_t v) { return region[v] < 0; });
    };
    int count = 0;
    std::vector<bool> hopeless(n, false);
    for (;;) {
        // Corners first: what a region leaves behind is lost to others.
        std::size_t seed = n;
        std::ptrdiff_t fewest = 0;
        for (const auto u : order)
            if (region[u] < 0 && !hopeless[u])
                if (const auto free = free_neighbours(u); seed == n || free < fewest) {
                    seed = u;
                    fewest = free;
                }
        if (seed == n)
            break;
        std::vector<std::size_t> members{seed};
        double held = problem.floor_values[seed];
        region[seed] = count;
        while (held < problem.floor) {
            std::size_t best = n;
            double least = std::numeric_limits<double>::infinity();
            for (const auto m : members)
                for (const auto next : touching[m]) {
                    if (region[next] >= 0)
                        continue;
                    // Few free neighbours of its own, little beyond the floor, a bit of chance.
                    const double over =
                        std::max(0.0, held + problem.floor_values[next] - problem.floor) /
                        (problem.floor + 1e-300);
                    const double cost = static_cast<double>(free_neighbours(next)) + over +
                                        2 * std::uniform_real_distribution<>{}(random);
                    if (cost < least) {
                        least = cost;
                        best = next;
                    }
                }
            if (best == n)
                break;
            region[best] = count;
            members.push_back(best);
            held += problem.floor_values[best];
        }
        if (held >= problem.floor) {
            ++count;
        } else {
            for (const auto m : members) {
                region[m] = -1;
                hopeless[m] = true;
            }
        }
    }
    if (count == 0)
        return {};
    for (bool grew = true; grew;) {
        grew = false;
        for (const auto u : order)
            if (region[u] < 0)
                for (const auto next : touching[u])
                    if (region[next] >= 0) {
                        region[u] = region[next];
                        grew = true;
                        break;
                    }
    }
    return std::find(region.begin(), region.end(), -1) == region.end() ? region
                                                                       : std::vector<int>{};
}

int count_of(const std::vector<int>& region) {
    return region.empty() ? 0 : 1 + *std::max_element(region.begin(), region.end());
}

/// Joins the two touching regions that are most alike until `k` are left.
std::vector<int> joined(const RegionProblem& problem, std::vector<int> region, int k) {
    region = described(problem, region).region;
    for (int count = count_of(region); count > k; --count) {
        std::map<int, Tally> tallies;
        for (std::size_t u = 0; u < region.size(); ++u) {
            auto& tally = tallies[region[u]];
            tally.sums.resize(problem.attributes[u].size());
            tally.add(tally_of(problem, u));
        }
        double least = std::numeric_limits<double>::infinity();
        std::pair<int, int> pair{-1, -1};
        for (const auto& [a, b] : problem.neighbours) {
            if (region[a] == region[b])
                continue;
            Tally both = tallies[region[a]];
            const double before = both.deviation() + tallies[region[b]].deviation();
            both.add(tallies[region[b]]);
            if (both.deviation() - before < least) {
                least = both.deviation() - before;
                pair = std::minmax(region[a], region[b]);
            }
        }
        if (pair.first < 0)
            break;
        for (auto& r : region)
            r = r == pair.second ? pair.first : r;
    }
    return described(problem, region).region;
}

} // namespace

Regions azp(const RegionProblem& problem, int k, const Execution& execution) {
    auto start = skater(problem, k, execution);
    auto best = bettered(problem, start.region, execution);
    double least = within(problem, best);
    const auto touching = touching_units(problem);
    std::mt19937_64 random{problem.seed};
    constexpr int starts = 12;
    for (int s = 0; s < starts; ++s) {
        auto region = grown(problem, touching, k, random);
        if (region.empty())
            continue;
        region = bettered(problem, std::move(region), execution);
        if (const double now = within(problem, region); now < least - 1e-9) {
            least = now;
            best = std::move(region);
        }
    }
    auto better = described(problem, std::move(best));
    better.between_share = std::move(start.between_share);
    return better;
}

Regions max_p(const RegionProblem& problem, int k, const Execution& execution) {
    if (problem.floor_values.empty())
        throw Error{ErrorKind::usage, "max-p needs a floor on people or area",
                    "give --floor FIELD:MIN"};
    const auto touching = touching_units(problem);
    const std::size_t n = touching.size();
    const double total =
        std::accumulate(problem.floor_values.begin(), problem.floor_values.end(), 0.0);
    const int most = problem.floor > 0
                         ? static_cast<int>(std::min(static_cast<double>(n),
                                                     std::floor(total / problem.floor + 1e-9)))
                         : static_cast<int>(n);
    std::mt19937_64 random{problem.seed};
    // As many tries as take a few seconds, whatever the size.
    const int tries = static_cast<int>(std::clamp(2e7 / static_cast<double>(n * n), 40.0, 4000.0));
    std::vector<std::vector<int>> found;
    int count = 0;
    for (int t = 0; t < tries; ++t) {
        if (t % 16 == 0)
            execution.progress.check();
        auto region = partitioned(problem, touching, random);
        const int own = count_of(region);
        if (own > count) {
            count = own;
            found.clear();
        }
        constexpr std::size_t kept = 12;
        if (own == count && count > 0 && found.size() < kept)
            found.push_back(std::move(region));
        if (count == most && found.size() == kept)
            break;
    }
    if (found.empty())
        throw Error{ErrorKind::infeasible,
                    total < problem.floor
                        ? fmt::format("no region can hold the floor of {:g}", problem.floor)
                        : "some islands are too small for the floor",
                    "lower the floor, or join the islands to their nearest neighbours"};
    std::vector<int> best;
    double least = std::numeric_limits<double>::infinity();
    for (auto& region : found) {
        if (k > 0 && k < count)
            region = joined(problem, std::move(region), k);
        region = bettered(problem, std::move(region), execution);
        if (const double now = within(problem, region); now < least) {
            least = now;
            best = std::move(region);
        }
    }
    auto out = described(problem, std::move(best));
    out.most = most;
    return out;
}

} // namespace riskmap::zoning
