// SPDX-License-Identifier: MIT
#include <riskmap/zoning/regions.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/table.hpp>

#include "tree.hpp"

namespace riskmap::zoning {

namespace {

constexpr std::array<RegionMethod, 5> methods{{
    {"skater", "least spanning tree, cut where the sum of squares falls most (default)", &skater},
    {"redcap-average", "REDCAP, full order, average linkage", &redcap_average},
    {"redcap-complete", "REDCAP, full order, complete linkage", &redcap_complete},
    {"azp", "units moved at the borders, from SKATER's answer and random starts", &azp},
    {"max-p", "as many regions as the floor allows; k is a wish", &max_p},
}};

} // namespace

std::span<const RegionMethod> region_methods() {
    return methods;
}

const RegionMethod& region_method(const std::string& name) {
    return row_named(methods, name, "method of regions");
}

Regions skater(const RegionProblem& problem, int k, const Execution& execution) {
    return cut_forest(problem, spanning_forest(problem), k, execution);
}

int knee(std::span<const double> between_share) {
    const auto n = between_share.size();
    if (n < 3)
        return static_cast<int>(n);
    std::size_t first = 0;
    while (first + 1 < n && std::isnan(between_share[first]))
        ++first;
    const double rise = between_share[n - 1] - between_share[first];
    std::size_t best = first;
    double most = -1;
    for (std::size_t i = first; i < n; ++i) {
        const double t = static_cast<double>(i - first) / static_cast<double>(n - 1 - first);
        const double above = between_share[i] - (between_share[first] + t * rise);
        if (above > most + 1e-12) {
            most = above;
            best = i;
        }
    }
    return static_cast<int>(best) + 1;
}

Regions find_regions(const RegionProblem& problem, int k, int most, const RegionMethod& method,
                     const Execution& execution) {
    const int units = static_cast<int>(problem.attributes.size());
    if (units == 0)
        throw input_error("there are no units to make regions of");
    if (k > units)
        throw Error{ErrorKind::infeasible,
                    fmt::format("{} units cannot make {} regions", units, k)};
    if (k > 0 || method.solve == &max_p)
        return method.solve(problem, k, execution);
    Regions longest;
    for (int limit = std::min(most, units); limit >= 1; --limit) {
        // The floor or islands may not allow as many: come down to what they do.
        try {
            longest = skater(problem, limit, execution);
            break;
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::infeasible || limit == 1)
                throw;
        }
    }
    return method.solve(problem, knee(longest.between_share), execution);
}

std::vector<std::size_t> standardise(std::vector<std::vector<double>>& attributes) {
    std::vector<std::size_t> constant_ones;
    if (attributes.empty())
        return constant_ones;
    const auto n = static_cast<double>(attributes.size());
    for (std::size_t k = 0; k < attributes[0].size(); ++k) {
        double mean = 0;
        for (const auto& unit : attributes)
            mean += unit[k] / n;
        double squares = 0;
        for (const auto& unit : attributes)
            squares += (unit[k] - mean) * (unit[k] - mean);
        const double deviation = n > 1 ? std::sqrt(squares / (n - 1)) : 0;
        const bool constant = deviation <= 1e-12 * std::abs(mean);
        for (auto& unit : attributes)
            unit[k] = constant ? 0 : (unit[k] - mean) / deviation;
        if (constant)
            constant_ones.push_back(k);
    }
    return constant_ones;
}

bool contiguous(const RegionProblem& problem, std::span<const int> region) {
    std::vector<Link> inside;
    for (const auto& link : problem.neighbours)
        if (region[link.first] == region[link.second])
            inside.push_back(link);
    const auto piece = components(region.size(), inside);
    for (std::size_t i = 0; i < region.size(); ++i)
        for (std::size_t j = i + 1; j < region.size(); ++j)
            if (region[i] == region[j] && piece[i] != piece[j])
                return false;
    return true;
}

std::vector<Link> island_links(std::span<const Point> centroids, std::span<const Link> neighbours) {
    std::vector<Link> all{neighbours.begin(), neighbours.end()};
    std::vector<Link> added;
    for (;;) {
        const auto piece = components(centroids.size(), all);
        double least = std::numeric_limits<double>::infinity();
        Link link;
        // The pieces grow from that of the first unit, always by the nearest unit.
        for (std::size_t i = 0; i < centroids.size(); ++i)
            for (std::size_t j = 0; j < centroids.size(); ++j) {
                if (piece[i] != 0 || piece[j] == 0)
                    continue;
                const double apart =
                    std::hypot(centroids[i].x - centroids[j].x, centroids[i].y - centroids[j].y);
                if (apart < least) {
                    least = apart;
                    link = {std::min(i, j), std::max(i, j)};
                }
            }
        if (!std::isfinite(least))
            return added;
        all.push_back(link);
        added.push_back(link);
    }
}

} // namespace riskmap::zoning
