// SPDX-License-Identifier: MIT
// Private: sums of squares of sets of units, and trees cut into regions.
#pragma once

#include <vector>

#include <riskmap/zoning/regions.hpp>

namespace riskmap::zoning {

using Link = std::pair<std::size_t, std::size_t>;

/// What is needed of a set of units to know its sum of squared deviations.
struct Tally {
    double count = 0;
    double floor = 0;
    std::vector<double> sums;
    double squares = 0;

    void add(const Tally& other, double sign = 1);
    [[nodiscard]] double deviation() const;
};
[[nodiscard]] Tally tally_of(const RegionProblem& problem, std::size_t unit);
[[nodiscard]] double squared_distance(const RegionProblem& problem, std::size_t a, std::size_t b);

/// Cuts a forest over the units into k regions, best cut first.
[[nodiscard]] Regions cut_forest(const RegionProblem& problem, std::vector<Link> forest, int k,
                                 const Execution& execution);

/// Sums of squares and numbering for a partition.
[[nodiscard]] Regions described(const RegionProblem& problem, std::vector<int> region);

/// Least spanning forest by Kruskal; ties by the units' order.
[[nodiscard]] std::vector<Link> spanning_forest(const RegionProblem& problem);

/// Root of each unit's component under `links`: the least unit of it.
[[nodiscard]] std::vector<std::size_t> components(std::size_t units, std::span<const Link> links);

} // namespace riskmap::zoning
