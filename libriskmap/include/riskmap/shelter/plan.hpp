// SPDX-License-Identifier: MIT
// Where the next shelters go, how good that is, and why each is there
// (../docs/method.md section 15).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <riskmap/shelter/evaluation.hpp>
#include <riskmap/siting/models.hpp>

namespace riskmap::shelter {

/// What quotas say of one group of sites, and of the people of the group.
struct GroupQuota {
    std::string group;
    std::optional<std::size_t> least;  ///< new sites
    std::optional<std::size_t> most;   ///< new sites
    std::optional<double> least_share; ///< of the group's people to be served, 0..1
};
/// A table by the specification `quotas`; least, most and least_share may be missing or empty.
/// \throws Error{input}: no such columns, a group twice, numbers that are none.
[[nodiscard]] std::vector<GroupQuota> read_quotas(const spec::Source& source, spec::Door& door);

struct PlanRules {
    std::string model = "mclp"; ///< of siting::models()
    std::optional<std::size_t> sites;
    std::optional<double> budget;
    std::vector<GroupQuota> quotas;
    bool capacities = false;            ///< no shelter takes more people than it has room for
    double backup = 0;                  ///< share of people that count only with a second shelter
    std::vector<std::string> forced;    ///< ids of candidates
    std::vector<std::string> forbidden; ///< ids of candidates
    siting::Limits limits;
};

/// One new site, in the order in which each adds most to those before.
struct PlannedSite {
    std::size_t candidate = 0;
    double gain = 0;     ///< people within the limit who had no shelter there before
    double so_far = 0;   ///< people within the limit of a shelter with this one
    double cost = 0;     ///< of the new sites so far; NaN where one is not known
    SiteService service; ///< once all are built
    double before = 0;   ///< mean cost of its new people to the nearest shelter before; NaN: none
    Words reason;
};

struct Plan {
    PlanRules rules;
    siting::Answer answer;
    Service calm; ///< before, on a calm day
    Evaluation before;
    Evaluation after;
    std::vector<PlannedSite> sites;
    std::string shortfall; ///< why there are fewer sites than asked for; empty: there are as many
    double reachable = 0;  ///< people within the limit of any suitable site
};

/// Who reaches whom as links of a location problem.
[[nodiscard]] siting::Links links_of(const std::vector<std::vector<network::Reached>>& reached);

/// Solves, checks the answer by other means, and evaluates it.
/// \throws Error{input}: unknown groups or ids, costs or capacities that are not known but needed;
/// Error{infeasible} with the smallest change that makes the quotas possible.
[[nodiscard]] Plan plan_shelters(const Scene& scene, const PlanRules& rules,
                                 const Execution& execution);

} // namespace riskmap::shelter
