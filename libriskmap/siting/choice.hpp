// SPDX-License-Identifier: MIT
// Private: a choice of sites for a reduced covering problem, and what changing it brings.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "reduced.hpp"

namespace riskmap::siting {

class Choice {
  public:
    explicit Choice(const Reduced& problem)
        : m_problem{&problem}, m_times(problem.weights.size()),
          m_chosen(problem.candidates.size()) {}

    [[nodiscard]] bool has(std::size_t j) const { return m_chosen[j]; }
    [[nodiscard]] double covered() const noexcept { return m_covered; }
    [[nodiscard]] double cost() const noexcept { return m_cost; }
    [[nodiscard]] std::vector<std::size_t> sites() const;
    /// By how many sites demand i is covered.
    [[nodiscard]] std::uint32_t times(std::size_t i) const { return m_times[i]; }

    /// Weight that site j adds, or that goes without it.
    [[nodiscard]] double gain(std::size_t j) const { return weight_covered(j, 0); }
    [[nodiscard]] double loss(std::size_t j) const { return weight_covered(j, 1); }

    void add(std::size_t j);
    void remove(std::size_t j);

  private:
    [[nodiscard]] double weight_covered(std::size_t j, std::uint32_t times) const;

    const Reduced* m_problem;
    std::vector<std::uint32_t> m_times;
    std::vector<bool> m_chosen;
    double m_covered = 0;
    double m_cost = 0;
};

/// When a choice is complete.
struct Allowance {
    double budget = std::numeric_limits<double>::infinity(); ///< greatest cost
    double weight = std::numeric_limits<double>::infinity(); ///< enough
};

/// The best of all choices: the cheapest that reaches `weight`, or, where that is unlimited, the
/// one that covers most within `budget`. For a few candidates only.
[[nodiscard]] Choice best_of_all(const Reduced& problem, const Allowance& allowance);
inline constexpr std::size_t few_candidates = 12;

/// Adds the site with most weight for its cost, again and again.
void add_greedily(Choice& choice, const Reduced& problem, const Allowance& allowance);

/// Whether so much is covered, but for rounding.
[[nodiscard]] inline bool reaches(double covered, double weight) {
    return covered >= weight * (1 - 1e-12);
}

/// Takes out sites that a goal of weight does not need, the dearest first.
void drop_idle(Choice& choice, const Reduced& problem, double weight);

/// Swaps a site for another one as long as that covers more within the budget.
void exchange(Choice& choice, const Reduced& problem, double budget, const Execution& execution);

/// Takes out a few sites that lie together, fills up again and exchanges; keeps what is
/// better. As many times as the size of the problem allows, the places drawn with a
/// fixed seed.
void shake(Choice& choice, const Reduced& problem, double budget, const Execution& execution);

} // namespace riskmap::siting
