// SPDX-License-Identifier: MIT
// The location models: each takes a problem and gives a checked answer with a proven bound
// (../docs/method.md section 15).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <riskmap/core/execution.hpp>
#include <riskmap/siting/problem.hpp>

namespace riskmap::siting {

/// Most weight within reach (links) of at most `sites` sites, or of a `budget`, or both. With
/// capacities a demand may be shared among sites and none serves more than it can. Quotas,
/// minimums and backup as the problem says. What existing sites serve alone is told apart. Source:
/// Church and ReVelle 1974; Pirkul and Schilling 1991 (capacities).
[[nodiscard]] Answer cover_most(const Problem& problem, const Limits& limits = {},
                                const Execution& execution = {});

/// The fewest sites (with costs: the cheapest) within reach of every demand of weight above 0.
/// The objective counts existing sites 0. Source: Toregas et al. 1971.
/// \throws Error{infeasible}: demands that nobody reaches.
[[nodiscard]] Answer cover_all(const Problem& problem, const Limits& limits = {},
                               const Execution& execution = {});

/// `sites` sites with the least sum of weight x cost to the nearest. Pairs without a link
/// cannot serve. Source: Hakimi 1964; search after Resende and Werneck 2007, bound after
/// Cornuejols, Fisher and Nemhauser 1977.
[[nodiscard]] Answer median(const Problem& problem, const Limits& limits = {},
                            const Execution& execution = {});

/// `sites` sites with the least greatest cost to the nearest, over demands of weight above 0.
/// Source: Minieka 1970 (by set covering).
[[nodiscard]] Answer center(const Problem& problem, const Limits& limits = {},
                            const Execution& execution = {});

/// As `median`, but each demand is served whole by one site and none serves more weight than
/// its capacity; the sum is of costs, not of weight x cost, as in OR-Library.
[[nodiscard]] Answer capacitated_median(const Problem& problem, const Limits& limits = {},
                                        const Execution& execution = {});

struct Model {
    std::string_view name; ///< as on the command line
    std::string_view title;
    bool most = false; ///< more is better
    Answer (*solve)(const Problem&, const Limits&, const Execution&);
};
[[nodiscard]] std::span<const Model> models();

/// Independent of how an answer was found: counts the objective again, and looks at roles,
/// numbers, budget, quotas, minimums, reach and capacities. Empty, or what is wrong.
[[nodiscard]] std::string fault_of(const Model& model, const Problem& problem,
                                   const Answer& answer);

} // namespace riskmap::siting
