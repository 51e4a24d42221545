// SPDX-License-Identifier: MIT
// Private: the area that layers should lie in.
#pragma once

#include "units.hpp"

namespace riskmap::census {

class Area {
  public:
    /// \throws Error{input} if the layer cannot be read, has no CRS or no polygon.
    explicit Area(const spec::Source& source);

    [[nodiscard]] const MultiPolygon& degrees() const noexcept { return m_degrees; }
    [[nodiscard]] double m2() const noexcept { return m_m2; }
    [[nodiscard]] bool holds(Point degrees) const {
        return m_outline.winding(m_plane.of(degrees)) > 0;
    }
    /// Metres outside it; 0 inside, at most `limit`.
    [[nodiscard]] double outside(Point degrees, double limit) const;

  private:
    MultiPolygon m_degrees;
    Plane m_plane;
    Outline m_outline;
    double m_m2 = 0;
};

} // namespace riskmap::census
