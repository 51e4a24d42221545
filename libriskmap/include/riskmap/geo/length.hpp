// SPDX-License-Identifier: MIT
// True lengths on the earth, whatever the CRS.
#pragma once

#include <memory>

#include <riskmap/geo/crs.hpp>

namespace riskmap {

/// Lengths of straight pieces in metres along the geodesic (WGS 84). One per
/// thread. Source: Karney 2013 (PROJ's geodesic library).
class TrueLengths {
  public:
    explicit TrueLengths(const Crs& crs);
    ~TrueLengths();
    [[nodiscard]] double operator()(Point a, Point b) const;

  private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace riskmap
