// SPDX-License-Identifier: MIT
// Location problems on abstract demands and candidates, and their answers
// (../docs/method.md section 15).
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace riskmap::siting {

/// What may become of a candidate.
enum class Role : std::uint8_t {
    free,      ///< chosen or not
    existing,  ///< serves already: neither counted nor paid
    forced,    ///< chosen: counted and paid
    forbidden, ///< not chosen
};

/// Which demands each candidate can serve, and at what cost: compressed rows, one for each
/// candidate, demands rising.
class Links {
  public:
    /// The next candidate's; `demands` rising. Either all candidates have costs or none has:
    /// covering needs none. \throws Error{input}: not so.
    void add(std::span<const std::uint32_t> demands, std::span<const double> costs = {});
    [[nodiscard]] bool has_costs() const noexcept { return !m_costs.empty(); }

    [[nodiscard]] std::size_t candidates() const noexcept { return m_starts.size() - 1; }
    [[nodiscard]] std::size_t size() const noexcept { return m_demands.size(); }
    [[nodiscard]] std::span<const std::uint32_t> demands(std::size_t candidate) const noexcept {
        return {m_demands.data() + m_starts[candidate],
                m_starts[candidate + 1] - m_starts[candidate]};
    }
    /// Empty without costs.
    [[nodiscard]] std::span<const double> costs(std::size_t candidate) const noexcept {
        if (m_costs.empty())
            return {};
        return {m_costs.data() + m_starts[candidate],
                m_starts[candidate + 1] - m_starts[candidate]};
    }

  private:
    std::vector<std::size_t> m_starts{0};
    std::vector<std::uint32_t> m_demands;
    std::vector<double> m_costs;
};

/// How many candidates of a group are chosen, forced ones counted, existing ones not.
struct Quota {
    std::string name;
    std::vector<std::uint32_t> candidates;
    std::size_t least = 0;
    std::size_t most = std::numeric_limits<std::size_t>::max();
};

/// How much weight of a group of demands is served, by existing sites as well.
struct Minimum {
    std::string name;
    std::vector<std::uint32_t> demands;
    double least = 0;
};

struct Problem {
    std::vector<double> weights; ///< of each demand, >= 0
    Links links;
    std::vector<Role> roles;          ///< of each candidate; empty: all free
    std::vector<double> capacities;   ///< weight that each candidate can serve; empty: no limit
    std::vector<double> costs;        ///< of each candidate, >= 0; empty: not known
    std::optional<std::size_t> sites; ///< how many are chosen (covering: at most)
    std::optional<double> budget;     ///< what they may cost together
    std::vector<Quota> quotas;
    std::vector<Minimum> minimums;
    /// Backup covering: share of a demand's weight that counts only once a second site covers
    /// it, in [0, 0.5] (Hogan and ReVelle 1986).
    double backup = 0;
    /// cpmp: a demand's cost counts once and not by its weight, as OR-Library's instances have it.
    bool costs_once = false;

    [[nodiscard]] Role role(std::size_t candidate) const {
        return roles.empty() ? Role::free : roles[candidate];
    }
};

struct Limits {
    double seconds = std::numeric_limits<double>::infinity(); ///< then the best found so far
    std::uint64_t seed = 1;
};

/// Demand that nobody serves.
inline constexpr std::uint32_t nobody = ~std::uint32_t{0};

/// Weight of a demand that a candidate serves.
struct Share {
    std::uint32_t demand = 0;
    std::uint32_t candidate = 0;
    double weight = 0;
};

struct Answer {
    bool optimal = false; ///< proven: nothing is better (to 1e-9 of the objective)
    /// What the model counts; of covering (mclp) what comes on top of `before`.
    double objective = 0;
    double before = 0;              ///< of covering: what existing sites serve alone
    double bound = 0;               ///< no choice does better
    double gap = 0;                 ///< |bound - objective| / |objective|
    std::vector<std::size_t> sites; ///< chosen candidates, rising; forced ones among them
    /// The candidate (chosen or existing) that serves each demand, or `nobody`. Where capacities
    /// let several share a demand, the one that serves most of it.
    std::vector<std::uint32_t> server;
    std::vector<Share> shares; ///< who serves how much of whom; only where demands may be shared
    double seconds = 0;
};

} // namespace riskmap::siting
