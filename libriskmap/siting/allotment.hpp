// SPDX-License-Identifier: MIT
// Private: demands given whole to open candidates with room.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include <riskmap/siting/problem.hpp>

namespace riskmap::siting {

inline constexpr double unknown_cost = std::numeric_limits<double>::infinity();

/// Costs as a table: demands of weight above 0 x candidates that are not forbidden.
struct CapacityTable {
    explicit CapacityTable(const Problem& problem);

    std::vector<std::uint32_t> demands; ///< numbers in the problem
    std::vector<double> weights;
    std::vector<std::size_t> origin;
    std::vector<bool> fixed;
    std::vector<double> capacities;
    std::vector<std::vector<double>> costs; ///< by candidate and demand
    std::size_t choices = 0;
    bool whole = true;

    [[nodiscard]] std::size_t candidates() const noexcept { return origin.size(); }
};

/// Candidates that are open, and who serves each demand.
struct Allotment {
    std::vector<std::uint32_t> chosen; ///< free ones
    std::vector<std::uint32_t> server;
    double cost = unknown_cost;
};

/// Each demand to the cheapest open candidate with room, the ones that would lose most by
/// waiting first; then single moves and swaps as long as they help. Infinite cost: not all found
/// room.
[[nodiscard]] Allotment allot(const CapacityTable& table, const std::vector<std::uint32_t>& chosen);

} // namespace riskmap::siting
