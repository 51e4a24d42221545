// SPDX-License-Identifier: MIT
// Private: a covering problem made small without changing its answers.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/siting/problem.hpp>

namespace riskmap::siting {

/// Many lists of numbers in one.
class Lists {
  public:
    void add(std::span<const std::uint32_t> list);
    [[nodiscard]] std::size_t size() const noexcept { return m_starts.size() - 1; }
    [[nodiscard]] std::size_t entries() const noexcept { return m_items.size(); }
    [[nodiscard]] std::span<const std::uint32_t> operator[](std::size_t i) const noexcept {
        return {m_items.data() + m_starts[i], m_starts[i + 1] - m_starts[i]};
    }
    /// For each number below `numbers` the lists that hold it, rising.
    [[nodiscard]] Lists inverted(std::size_t numbers) const;

  private:
    std::vector<std::size_t> m_starts{0};
    std::vector<std::uint32_t> m_items;
};

/// What a choice goes by. Something for nothing comes first, nothing for nothing last.
[[nodiscard]] inline double worth_for_cost(double worth, double cost) {
    if (cost > 0)
        return worth / cost;
    return worth > 0 ? std::numeric_limits<double>::infinity() : 0;
}

/// Demands that the same candidates may serve, that fixed sites (existing or forced) treat
/// alike and that count for the same minimums are one *group*. What fixed sites serve anyhow,
/// demands that nobody may serve, and candidates that another one can always stand for are
/// left out; with capacities fixed sites stay, as candidates that are open.
struct CoverCase {
    CoverCase(const Problem& problem, const Execution& execution);

    struct Rule { ///< how many free candidates of a list are chosen
        std::string name;
        std::vector<std::uint32_t> candidates;
        std::size_t least = 0;
        std::size_t most = 0;
    };
    struct Floor { ///< weight to be served of some groups
        std::string name;
        std::vector<std::uint32_t> groups;
        double least = 0;
    };

    // by group
    std::vector<double> weights;
    std::vector<double> first;  ///< value per weight of being served once
    std::vector<double> second; ///< and of being served again
    Lists served_by;
    // by candidate
    Lists serves;
    std::vector<std::size_t> origin; ///< number in the problem
    std::vector<bool> fixed;         ///< open anyhow; only with capacities
    std::vector<double> capacities;  ///< empty: no limit
    std::vector<double> costs;       ///< 1 each without a budget

    std::vector<std::uint32_t> group_of;              ///< by demand; nobody: left out
    std::vector<Rule> rules;                          ///< the number of sites is one of them
    std::vector<std::vector<std::uint32_t>> rules_of; ///< by candidate: the rules it counts for
    std::vector<Floor> floors;
    std::optional<std::size_t> sites; ///< free ones
    std::optional<double> budget;
    double constant = 0; ///< served anyhow
    double granule = 0;  ///< objectives are multiples of it, if above 0

    [[nodiscard]] std::size_t groups() const noexcept { return weights.size(); }
    [[nodiscard]] std::size_t candidates() const noexcept { return origin.size(); }
    /// No rule but the number of sites or the budget.
    [[nodiscard]] bool plain() const noexcept {
        return rules.size() == (sites ? 1 : 0) && floors.empty();
    }

  private:
    void merge(const Problem& problem, const Execution& execution);
    void take_rules(const Problem& problem);
    void drop_dominated();
    void merge_groups();
};

} // namespace riskmap::siting
