// SPDX-License-Identifier: MIT
#include <riskmap/siting/models.hpp>

#include <algorithm>

#include <riskmap/core/error.hpp>

#include "median_case.hpp"
#include "problem_check.hpp"
#include "set_cover.hpp"

namespace riskmap::siting {

namespace {

/// The links of at most a cost.
Problem within(const Problem& problem, double radius) {
    Problem out;
    out.weights.assign(problem.weights.size(), 0);
    for (std::size_t i = 0; i < out.weights.size(); ++i)
        out.weights[i] = problem.weights[i] > 0 ? 1 : 0;
    out.roles = problem.roles;
    for (std::size_t j = 0; j < problem.links.candidates(); ++j) {
        std::vector<std::uint32_t> near;
        const auto demands = problem.links.demands(j);
        const auto costs = problem.links.costs(j);
        for (std::size_t e = 0; e < demands.size(); ++e)
            if (costs[e] <= radius)
                near.push_back(demands[e]);
        out.links.add(near);
    }
    return out;
}

bool reaches_all(const Problem& problem) {
    const auto reachable = reachable_demands(problem);
    for (std::size_t i = 0; i < reachable.size(); ++i)
        if (!reachable[i] && problem.weights[i] > 0)
            return false;
    return true;
}

class CenterSearch {
  public:
    CenterSearch(const Problem& problem, const Clock& clock, const Execution& execution)
        : m_problem{problem}, m_clock{clock}, m_execution{execution} {
        for (std::size_t j = 0; j < problem.links.candidates(); ++j)
            m_forced += problem.role(j) == Role::forced ? 1 : 0;
    }

    enum class Verdict { reached, out_of_reach, unknown };
    /// Whether so many sites can be within a radius of all; if so they are kept.
    Verdict look(double radius) {
        const auto near = within(m_problem, radius);
        if (!reaches_all(near))
            return Verdict::out_of_reach;
        const CoverCase small{near, m_execution};
        const auto choices = static_cast<double>(*m_problem.sites - m_forced);
        const auto cover = set_cover(small, choices + 1, true, m_clock, m_execution);
        if (cover.found) {
            m_chosen.clear();
            for (const auto k : cover.chosen)
                m_chosen.push_back(static_cast<std::uint32_t>(small.origin[k]));
            return Verdict::reached;
        }
        return cover.finished || cover.bound > choices + 0.5 ? Verdict::out_of_reach
                                                             : Verdict::unknown;
    }
    [[nodiscard]] const std::vector<std::uint32_t>& chosen() const noexcept { return m_chosen; }

  private:
    const Problem& m_problem;
    const Clock& m_clock;
    const Execution& m_execution;
    std::size_t m_forced = 0;
    std::vector<std::uint32_t> m_chosen;
};

} // namespace

Answer center(const Problem& problem, const Limits& limits, const Execution& execution) {
    check(problem);
    require_costs(problem);
    require_sites(problem);
    refuse_extras(problem, "p-center", false);
    const Clock clock{limits.seconds};
    std::vector<double> radii;
    for (std::size_t j = 0; j < problem.links.candidates(); ++j) {
        const auto costs = problem.links.costs(j);
        radii.insert(radii.end(), costs.begin(), costs.end());
    }
    std::sort(radii.begin(), radii.end());
    radii.erase(std::unique(radii.begin(), radii.end()), radii.end());
    CenterSearch search{problem, clock, execution};
    using Verdict = CenterSearch::Verdict;
    // The answer is radii[high]; radii below `low` are proven too short, those between not all.
    std::size_t low = 0;
    std::size_t high = radii.size() - 1;
    if (radii.empty() || search.look(radii[high]) != Verdict::reached)
        throw Error{ErrorKind::infeasible,
                    "no choice of so many sites that serves every demand was found",
                    "raise the number of sites or the radius"};
    std::size_t proven = 0;
    while (low < high) {
        const auto middle = low + (high - low) / 2;
        switch (search.look(radii[middle])) {
        case Verdict::reached:
            high = middle;
            break;
        case Verdict::out_of_reach:
            proven = middle + 1;
            [[fallthrough]];
        case Verdict::unknown:
            low = middle + 1;
        }
    }
    Answer answer;
    // A choice may have sites to spare: they go where they save most way.
    const MedianCase near{problem};
    answer.sites = chosen_sites(problem, filled_greedily(near, search.chosen(), near.choices()));
    answer.objective = radii[high];
    answer.bound = radii[std::min(proven, high)];
    answer.optimal = proven >= high;
    answer.server = nearest_servers(problem, answer.sites);
    answer.seconds = clock.seconds();
    close(answer);
    return answer;
}

} // namespace riskmap::siting
