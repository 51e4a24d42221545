// SPDX-License-Identifier: MIT
#include <riskmap/siting/models.hpp>

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>

#include "problem_check.hpp"
#include "set_cover.hpp"

namespace riskmap::siting {

namespace {

void require_reachable(const Problem& problem) {
    const auto reached = reachable_demands(problem);
    std::size_t missed = 0;
    std::size_t first = 0;
    for (std::size_t i = 0; i < reached.size(); ++i)
        if (!reached[i] && problem.weights[i] > 0 && missed++ == 0)
            first = i;
    if (missed > 0)
        throw Error{ErrorKind::infeasible,
                    fmt::format("{} demands are out of reach of every candidate, the first is "
                                "number {}",
                                missed, first + 1),
                    "raise the radius, or ask for the most within reach (mclp)"};
}

} // namespace

Answer cover_all(const Problem& problem, const Limits& limits, const Execution& execution) {
    check(problem);
    refuse_extras(problem, "lscp", false);
    require_reachable(problem);
    const Clock clock{limits.seconds};
    Problem open_ended = problem;
    open_ended.sites.reset();
    if (!problem.costs.empty())
        open_ended.budget = std::accumulate(problem.costs.begin(), problem.costs.end(), 0.0);
    const CoverCase small{open_ended, execution};
    const auto cover =
        set_cover(small, std::numeric_limits<double>::infinity(), false, clock, execution);
    Answer answer;
    std::vector<std::uint32_t> chosen;
    for (const auto k : cover.chosen)
        chosen.push_back(static_cast<std::uint32_t>(small.origin[k]));
    answer.sites = chosen_sites(problem, chosen);
    double forced = 0;
    for (std::size_t j = 0; j < problem.links.candidates(); ++j)
        if (problem.role(j) == Role::forced)
            forced += problem.costs.empty() ? 1 : problem.costs[j];
    answer.objective = forced + cover.cost;
    answer.bound = forced + cover.bound;
    answer.optimal = cover.finished;
    answer.server = nearest_servers(problem, answer.sites);
    answer.seconds = clock.seconds();
    close(answer);
    return answer;
}

} // namespace riskmap::siting
