// SPDX-License-Identifier: MIT
// Private: a covering case as a mixed integer program.
#pragma once

#include <optional>
#include <vector>

#include "cover_bound.hpp"
#include "mip.hpp"

namespace riskmap::siting {

class CoverMip {
  public:
    /// Candidates whose fate is known are left out. Nothing where more than `most_entries`
    /// entries would be needed.
    static std::optional<CoverMip> of(const CoverCase& problem,
                                      const std::vector<CoverBound::Fate>& fates,
                                      std::size_t most_entries);

    [[nodiscard]] std::size_t entries() const noexcept { return m_mip.entries(); }

    struct Outcome {
        std::vector<std::uint32_t> chosen; ///< free ones; meaningful if `found`
        bool found = false;
        bool finished = false;
        double bound = 0; ///< no choice left open by the fates is worth more, or more than `value`
    };
    /// Seeks choices that are worth more than `value`.
    [[nodiscard]] Outcome solve(double value, const Clock& clock, const Execution& execution) const;

    /// How far quotas, number of sites, minimums and budget must give way for any choice to keep
    /// them: in sites, weight and cost, by rule, floor and, last, budget.
    struct Relaxation {
        std::vector<double> least, most, floors;
        double budget = 0;
    };
    [[nodiscard]] static Relaxation
    smallest_relaxation(const CoverCase& problem, const Clock& clock, const Execution& execution);

  private:
    struct Slack {
        std::vector<int> least, most, floors;
        int budget = -1;
    };
    CoverMip(const CoverCase& problem, const std::vector<CoverBound::Fate>& fates)
        : m_problem{&problem}, m_fates{fates}, m_columns(problem.candidates(), -1) {}
    bool build(std::size_t most_entries, bool elastic);
    void add_rules(bool elastic);
    bool add_groups(std::size_t most_entries);
    bool add_limited_groups(std::size_t most_entries);
    void add_floors(bool elastic);
    [[nodiscard]] bool open(std::size_t k) const { return m_fates[k] == CoverBound::Fate::open; }

    const CoverCase* m_problem;
    std::vector<CoverBound::Fate> m_fates;
    Mip m_mip;
    std::vector<int> m_columns;                                ///< by candidate
    std::vector<std::vector<std::pair<int, double>>> m_served; ///< by group: weight, for floors
    std::vector<double> m_served_anyhow;
    Slack m_slack;
    double m_constant = 0;
    bool m_valued = true; ///< columns have their worth as cost
};

} // namespace riskmap::siting
