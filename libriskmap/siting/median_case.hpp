// SPDX-License-Identifier: MIT
// Private: a median problem in the shape in which it is searched.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <riskmap/siting/problem.hpp>

namespace riskmap::siting {

/// The candidates that may serve each demand, the cheapest first; costs are weight x cost.
/// What costs no less than an existing site is left out, and so are demands of no weight and
/// forbidden candidates. Demands that a choice does not reach cost `penalty`.
class MedianCase {
  public:
    struct Option {
        double cost;
        std::uint32_t candidate;
    };

    explicit MedianCase(const Problem& problem);

    [[nodiscard]] std::size_t demands() const noexcept { return m_starts.size() - 1; }
    [[nodiscard]] std::size_t candidates() const noexcept { return m_fixed.size(); }
    [[nodiscard]] std::span<const Option> options(std::size_t demand) const noexcept {
        return {m_options.data() + m_starts[demand], m_starts[demand + 1] - m_starts[demand]};
    }
    struct Served {
        double cost;
        std::uint32_t demand;
    };
    /// The same links by candidate.
    [[nodiscard]] std::span<const Served> served(std::size_t candidate) const noexcept {
        return {m_served.data() + m_served_starts[candidate],
                m_served_starts[candidate + 1] - m_served_starts[candidate]};
    }
    /// Existing or forced: open whatever is chosen.
    [[nodiscard]] bool fixed(std::size_t candidate) const noexcept { return m_fixed[candidate]; }
    [[nodiscard]] bool free(std::size_t candidate) const noexcept { return m_free[candidate]; }
    [[nodiscard]] std::size_t choices() const noexcept { return m_choices; } ///< free ones to open
    [[nodiscard]] double penalty() const noexcept { return m_penalty; }
    /// 1 where all costs are whole numbers, else 0.
    [[nodiscard]] double granule() const noexcept { return m_granule; }
    [[nodiscard]] double cost_of(const std::vector<bool>& open) const;

  private:
    std::vector<std::size_t> m_starts{0};
    std::vector<Option> m_options;
    std::vector<std::size_t> m_served_starts;
    std::vector<Served> m_served;
    std::vector<bool> m_fixed, m_free;
    std::size_t m_choices = 0;
    double m_penalty = 0;
    double m_granule = 0;
};

/// Adds to `chosen` the free candidates that save most, one after the other, until there are
/// `wanted`.
[[nodiscard]] std::vector<std::uint32_t>
filled_greedily(const MedianCase& problem, std::vector<std::uint32_t> chosen, std::size_t wanted);

} // namespace riskmap::siting
