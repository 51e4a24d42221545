// SPDX-License-Identifier: MIT
// Private: small mixed integer programs, solved by CBC.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <riskmap/core/execution.hpp>

#include "clock.hpp"

namespace riskmap::siting {

/// Minimise a sum over columns between bounds, under rows between bounds.
class Mip {
  public:
    static constexpr double infinity = std::numeric_limits<double>::infinity();

    /// The number of the column.
    int add_column(double cost, double lower, double upper, bool whole);
    /// A column 0 or 1.
    int add_switch(double cost) { return add_column(cost, 0, 1, true); }
    void add_row(double lower, double upper, std::span<const std::pair<int, double>> entries);
    [[nodiscard]] std::size_t entries() const noexcept { return m_entries.size(); }

    struct Task {
        double cutoff = infinity; ///< only answers below it are wanted
        double granule = 0;       ///< objectives of answers are multiples of it, if above 0
    };
    struct Outcome {
        std::vector<double> values; ///< of the best answer below the cutoff; empty: none found
        double objective = infinity;
        double bound = -infinity; ///< no answer is below it (or below the cutoff, if that is less)
        bool finished = false;    ///< the search is complete
    };
    /// Without a clock it gives up after a number of simplex iterations that falls with the
    /// size: an answer comes within a minute or so, and always the same one. \throws
    /// Error{interrupted}.
    [[nodiscard]] Outcome solve(const Task& task, const Clock& clock,
                                const Execution& execution) const;

  private:
    struct Entry {
        int row;
        int column;
        double value;
    };
    std::vector<double> m_costs, m_lower, m_upper;
    std::vector<bool> m_whole;
    std::vector<double> m_row_lower, m_row_upper;
    std::vector<Entry> m_entries;
};

} // namespace riskmap::siting
