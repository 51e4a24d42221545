// SPDX-License-Identifier: MIT
// What nobody crosses off the roads: rivers, lakes, railways (../docs/method.md section 15).
#pragma once

#include <memory>
#include <vector>

#include <riskmap/geo/geometry.hpp>

namespace riskmap::network {

/// Lines and borders of areas. Safe for many threads.
class Barriers {
  public:
    Barriers(const std::vector<LineString>& lines, const std::vector<MultiPolygon>& areas);
    ~Barriers();

    /// Whether the straight line between two places meets one, its ends included.
    [[nodiscard]] bool between(Point from, Point to) const;

  private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace riskmap::network
