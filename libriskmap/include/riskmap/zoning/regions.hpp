// SPDX-License-Identifier: MIT
// Contiguous regions of alike units (../docs/method.md section 11).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/geo/geometry.hpp>

namespace riskmap::zoning {

/// Units, what is known of them, and which of them touch.
struct RegionProblem {
    std::vector<std::vector<double>> attributes; ///< [unit][attribute], standardised
    std::vector<std::pair<std::size_t, std::size_t>> neighbours;
    std::vector<double> floor_values = {}; ///< people or area of each unit; empty: no floor
    double floor = 0;                      ///< every region holds at least this much
    std::uint64_t seed = 1;                ///< of the random starts of azp and max-p
};

struct Regions {
    std::vector<int> region; ///< of each unit, 0..count-1, numbered by first unit
    int count = 0;
    double within = 0; ///< sum of squared deviations from the regions' means
    double total = 0;  ///< the same from the common mean
    /// Share of the total that lies between regions, for 1, 2, ... regions as
    /// far as they were tried.
    std::vector<double> between_share = {};
    /// max-p: no more regions than this can hold the floor; 0: not known.
    int most = 0;
};

/// A method of the table `region_methods`; `k` = number of regions.
struct RegionMethod {
    std::string_view name;
    std::string_view summary;
    Regions (*solve)(const RegionProblem& problem, int k, const Execution& execution);
};
[[nodiscard]] std::span<const RegionMethod> region_methods();
/// \throws Error{usage} naming the nearest known method.
[[nodiscard]] const RegionMethod& region_method(const std::string& name);

/// SKATER: a minimum spanning tree over neighbours (squared distance of the
/// attributes), cut k-1 times where the sum of squares falls most and the
/// floor holds on both sides. Source: Assuncao et al. 2006.
/// \throws Error{infeasible}: fewer regions fit than asked, islands > k.
[[nodiscard]] Regions skater(const RegionProblem& problem, int k, const Execution& execution);

/// REDCAP, full order, average or complete linkage: regions grow by joining
/// the two that are most alike over all pairs, among those that touch; the
/// tree so found is cut as in SKATER. Source: Guo 2008.
[[nodiscard]] Regions redcap_average(const RegionProblem& problem, int k,
                                     const Execution& execution);
[[nodiscard]] Regions redcap_complete(const RegionProblem& problem, int k,
                                      const Execution& execution);

/// AZP: from SKATER's answer and from several random ones, units at a border move to the neighbour
/// region while that lowers the sum of squares and nothing falls apart; the best of all.
/// Source: Openshaw 1977.
[[nodiscard]] Regions azp(const RegionProblem& problem, int k, const Execution& execution);

/// max-p: as many regions as can be found to hold the floor, of many random growths (Wei, Rey &
/// Knaap 2020), the best of them bettered as in AZP. `k` is a wish: with fewer wanted, regions are
/// joined; with more, as many as there are. Source: Duque, Anselin & Rey 2012.
[[nodiscard]] Regions max_p(const RegionProblem& problem, int k, const Execution& execution);

/// The number of regions at the knee of the between/total curve: the point
/// furthest above the line from its first to its last point.
[[nodiscard]] int knee(std::span<const double> between_share);

/// Solves for k regions, or for 0 chooses k <= `most` by the knee.
[[nodiscard]] Regions find_regions(const RegionProblem& problem, int k, int most,
                                   const RegionMethod& method, const Execution& execution);

/// Columns to mean 0 and sample standard deviation 1; constant columns, which are given back,
/// to 0.
std::vector<std::size_t> standardise(std::vector<std::vector<double>>& attributes);

/// Whether every region is one connected piece.
[[nodiscard]] bool contiguous(const RegionProblem& problem, std::span<const int> region);

/// Links from each island to the nearest unit elsewhere (by centroid), so that
/// all units hang together; empty if they do already.
[[nodiscard]] std::vector<std::pair<std::size_t, std::size_t>>
island_links(std::span<const Point> centroids,
             std::span<const std::pair<std::size_t, std::size_t>> neighbours);

} // namespace riskmap::zoning
