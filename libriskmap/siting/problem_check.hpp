// SPDX-License-Identifier: MIT
// Private: what all models ask of a problem, and how all close an answer.
#pragma once

#include <cstdint>
#include <vector>

#include <riskmap/siting/problem.hpp>

namespace riskmap::siting {

/// \throws Error{input}: sizes that do not fit, weights, costs or capacities that are no numbers
/// or below 0; Error{infeasible}: more forced sites than sites.
void check(const Problem& problem);
/// \throws Error{input}: links without costs.
void require_costs(const Problem& problem);
/// \throws Error{input}: no number of sites, or more than there are candidates.
void require_sites(const Problem& problem);
/// \throws Error{usage} for the parts of a problem that a model does not know.
void refuse_extras(const Problem& problem, const char* model, bool capacities_known);

/// Forced candidates and the free ones chosen, rising.
[[nodiscard]] std::vector<std::size_t> chosen_sites(const Problem& problem,
                                                    const std::vector<std::uint32_t>& free_ones);
/// Chosen and existing candidates.
[[nodiscard]] std::vector<bool> open_sites(const Problem& problem,
                                           const std::vector<std::size_t>& sites);
/// The open candidate of least cost for each demand (the first of equals), or nobody.
[[nodiscard]] std::vector<std::uint32_t> nearest_servers(const Problem& problem,
                                                         const std::vector<std::size_t>& sites);
/// \throws Error{infeasible} where a demand of weight above 0 has no server.
void require_all_served(const Problem& problem, const Answer& answer);

/// Whether each demand is linked to a candidate that is not forbidden.
[[nodiscard]] std::vector<bool> reachable_demands(const Problem& problem);

/// Weight that existing sites serve alone, by the rule of `backup`; capacities are not looked at.
[[nodiscard]] double served_before(const Problem& problem);

/// Fills in the gap; a proven bound is the objective itself.
void close(Answer& answer);

} // namespace riskmap::siting
