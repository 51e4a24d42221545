// SPDX-License-Identifier: MIT
// Private: straight walks to places, off the roads or where there are none.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include <riskmap/network/travel.hpp>

namespace riskmap::shelter {

/// Straight walks to some places that lie near. Safe for many threads.
class Walks {
  public:
    /// `shut`: places to which nobody comes; empty: none.
    Walks(network::AccessRules rules, double cost_per_metre, std::span<const Point> places,
          const std::vector<bool>& shut);
    ~Walks();
    Walks(Walks&&) noexcept;

    /// All places that a walk of at most `limit` comes to, rising.
    [[nodiscard]] std::vector<network::Reached> within(Point from, double limit) const;
    /// Takes the nearest place for `hit` if a walk there costs less; of several that are as near
    /// the first one.
    void improve(Point from, network::NearestSite::Hit& hit) const;

  private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace riskmap::shelter
