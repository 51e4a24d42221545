// SPDX-License-Identifier: MIT
// Where places come to the roads (../docs/method.md section 15).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/network/barriers.hpp>
#include <riskmap/network/graph.hpp>

namespace riskmap::network {

/// Where a place comes to a road.
struct Access {
    std::uint32_t edge = 0;
    double along = 0;  ///< share of the edge from its first node; 0 and 1 are the nodes
    double offset = 0; ///< m straight to the road
};

/// Where a place comes to each part of the network that is near enough, the nearest first. Empty:
/// no road is near.
using Doors = std::vector<Access>;

struct AccessRules {
    double most = 1000;    ///< m straight to a road at most
    double least_part = 0; ///< m; parts of the network with less road are not come to
    std::shared_ptr<const Barriers> barriers = {}; ///< not crossed on the way to a road
};

/// Finds the doors of places in a graph, which must outlive it. Safe for many threads.
class AccessIndex {
  public:
    AccessIndex(const Graph& graph, AccessRules rules);
    ~AccessIndex();

    /// On each part the nearest edge (not the nearest node); of edges that are as near the one of
    /// the lowest number. Of parts besides the largest the eight that are nearest.
    [[nodiscard]] Doors doors(Point place) const;
    [[nodiscard]] std::vector<Doors> doors(std::span<const Point> places,
                                           const Execution& execution) const;
    /// The same for a few places that lie together, such as neighbouring cells: the roads around
    /// are looked up once for all.
    [[nodiscard]] std::vector<Doors> doors_together(std::span<const Point> places) const;

    [[nodiscard]] const AccessRules& rules() const noexcept { return m_rules; }

  private:
    struct State;
    AccessRules m_rules;
    std::unique_ptr<State> m_state;
};

} // namespace riskmap::network
