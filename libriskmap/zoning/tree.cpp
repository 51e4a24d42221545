// SPDX-License-Identifier: MIT
#include "tree.hpp"

#include <algorithm>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>

namespace riskmap::zoning {

namespace {

std::size_t root_of(std::vector<std::size_t>& parent, std::size_t i) {
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

/// The best cut of one tree: gain < 0 if none keeps the floor.
struct Cut {
    double gain = -1;
    Link link;
};

class Forest {
  public:
    Forest(const RegionProblem& problem, const std::vector<Link>& links)
        : m_problem{problem}, m_links(problem.attributes.size()) {
        for (const auto& [a, b] : links) {
            m_links[a].push_back(b);
            m_links[b].push_back(a);
        }
        for (auto& others : m_links)
            std::sort(others.begin(), others.end());
    }

    void remove(const Link& link) {
        std::erase(m_links[link.first], link.second);
        std::erase(m_links[link.second], link.first);
    }

    /// Units of the tree that holds `root`, parents before children.
    [[nodiscard]] std::vector<Link> order_from(std::size_t root) const {
        std::vector<Link> order{{root, root}}; // unit, parent
        for (std::size_t i = 0; i < order.size(); ++i)
            for (const auto next : m_links[order[i].first])
                if (next != order[i].second)
                    order.emplace_back(next, order[i].first);
        return order;
    }

    [[nodiscard]] Cut best_cut(std::size_t root) const {
        const auto order = order_from(root);
        std::map<std::size_t, Tally> below;
        for (const auto& [unit, parent] : order)
            below[unit] = tally_of(m_problem, unit);
        for (auto it = order.rbegin(); it + 1 != order.rend(); ++it)
            below[it->second].add(below[it->first]);
        const Tally& whole = below[root];
        const double deviation = whole.deviation();
        Cut best;
        for (std::size_t i = 1; i < order.size(); ++i) {
            const auto& [unit, parent] = order[i];
            const Tally& part = below[unit];
            Tally rest = whole;
            rest.add(part, -1);
            if (part.floor < m_problem.floor || rest.floor < m_problem.floor)
                continue;
            const double gain = std::max(0.0, deviation - part.deviation() - rest.deviation());
            if (gain > best.gain * (1 + 1e-12))
                best = {gain, {parent, unit}};
        }
        return best;
    }

  private:
    const RegionProblem& m_problem;
    std::vector<std::vector<std::size_t>> m_links;
};

} // namespace

void Tally::add(const Tally& other, double sign) {
    count += sign * other.count;
    floor += sign * other.floor;
    squares += sign * other.squares;
    for (std::size_t k = 0; k < sums.size(); ++k)
        sums[k] += sign * other.sums[k];
}

double Tally::deviation() const {
    if (count == 0)
        return 0;
    double of_mean = 0;
    for (const double s : sums)
        of_mean += s * s / count;
    return std::max(0.0, squares - of_mean);
}

Tally tally_of(const RegionProblem& problem, std::size_t unit) {
    Tally tally;
    tally.count = 1;
    tally.floor = problem.floor_values.empty() ? 0 : problem.floor_values[unit];
    tally.sums = problem.attributes[unit];
    for (const double x : tally.sums)
        tally.squares += x * x;
    return tally;
}

double squared_distance(const RegionProblem& problem, std::size_t a, std::size_t b) {
    double sum = 0;
    for (std::size_t k = 0; k < problem.attributes[a].size(); ++k) {
        const double d = problem.attributes[a][k] - problem.attributes[b][k];
        sum += d * d;
    }
    return sum;
}

std::vector<std::size_t> components(std::size_t units, std::span<const Link> links) {
    std::vector<std::size_t> parent(units);
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    for (const auto& [a, b] : links) {
        const auto ra = root_of(parent, a);
        const auto rb = root_of(parent, b);
        parent[std::max(ra, rb)] = std::min(ra, rb);
    }
    for (std::size_t i = 0; i < units; ++i)
        parent[i] = root_of(parent, i);
    return parent;
}

std::vector<Link> spanning_forest(const RegionProblem& problem) {
    struct Candidate {
        double cost;
        Link link;
    };
    std::vector<Candidate> candidates;
    for (const auto& [a, b] : problem.neighbours)
        candidates.push_back({squared_distance(problem, a, b), {std::min(a, b), std::max(a, b)}});
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
        return a.cost != b.cost ? a.cost < b.cost : a.link < b.link;
    });
    std::vector<std::size_t> parent(problem.attributes.size());
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    std::vector<Link> forest;
    for (const auto& candidate : candidates) {
        const auto a = root_of(parent, candidate.link.first);
        const auto b = root_of(parent, candidate.link.second);
        if (a == b)
            continue;
        parent[std::max(a, b)] = std::min(a, b);
        forest.push_back(candidate.link);
    }
    return forest;
}

Regions described(const RegionProblem& problem, std::vector<int> region) {
    Regions out;
    std::map<int, int> number;
    for (auto& r : region)
        r = number.try_emplace(r, static_cast<int>(number.size())).first->second;
    out.count = static_cast<int>(number.size());
    std::vector<Tally> tallies(number.size());
    Tally all;
    for (std::size_t u = 0; u < region.size(); ++u) {
        const auto own = tally_of(problem, u);
        auto& tally = tallies[static_cast<std::size_t>(region[u])];
        tally.sums.resize(own.sums.size());
        all.sums.resize(own.sums.size());
        tally.add(own);
        all.add(own);
    }
    for (const auto& tally : tallies)
        out.within += tally.deviation();
    out.total = all.deviation();
    out.region = std::move(region);
    return out;
}

Regions cut_forest(const RegionProblem& problem, std::vector<Link> forest, int k,
                   const Execution& execution) {
    const std::size_t n = problem.attributes.size();
    Forest trees{problem, forest};
    std::map<std::size_t, Cut> best; // by the least unit of each tree
    for (const auto root : components(n, forest))
        if (!best.contains(root))
            best[root] = trees.best_cut(root);
    if (static_cast<int>(best.size()) > k)
        throw Error{ErrorKind::infeasible,
                    fmt::format("{} regions are too few: the units form {} separate pieces", k,
                                best.size()),
                    "ask for more regions, or join the islands to their nearest neighbours"};
    for (const auto& [root, cut] : best) {
        double held = 0;
        for (const auto& [unit, parent] : trees.order_from(root))
            held += tally_of(problem, unit).floor;
        if (held < problem.floor)
            throw Error{
                ErrorKind::infeasible,
                fmt::format("a separate piece of the map holds {:g}, less than the floor {:g}",
                            held, problem.floor),
                "lower the floor, or join the islands to their nearest neighbours"};
    }
    std::vector<double> shares;
    for (;;) {
        auto region = components(n, forest);
        auto found = described(problem, {region.begin(), region.end()});
        shares.resize(best.size());
        shares.back() = found.total > 0 ? 1 - found.within / found.total : 0;
        found.between_share = shares;
        if (static_cast<int>(best.size()) == k)
            return found;
        execution.progress.check();
        const auto chosen = std::max_element(best.begin(), best.end(), [](auto& a, auto& b) {
            return a.second.gain < b.second.gain;
        });
        if (chosen->second.gain < 0) {
            if (problem.floor_values.empty())
                throw Error{ErrorKind::infeasible,
                            fmt::format("{} units cannot make {} regions", n, k)};
            throw Error{ErrorKind::infeasible,
                        fmt::format("this method found {} regions that keep the floor of {:g}, and "
                                    "{} were asked for",
                                    best.size(), problem.floor, k),
                        "max-p may find more; else lower the floor or ask for fewer regions"};
        }
        const Link cut = chosen->second.link;
        const auto first_root = chosen->first;
        trees.remove(cut);
        std::erase_if(forest, [&](const Link& link) {
            return link == cut || link == Link{cut.second, cut.first};
        });
        best.erase(first_root);
        for (const auto end : {cut.first, cut.second}) {
            std::size_t root = end;
            for (const auto& [unit, parent] : trees.order_from(end))
                root = std::min(root, unit);
            best[root] = trees.best_cut(root);
        }
    }
}

} // namespace riskmap::zoning
