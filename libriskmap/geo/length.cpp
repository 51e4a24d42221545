// SPDX-License-Identifier: MIT
#include <riskmap/geo/length.hpp>

#include <geodesic.h>

namespace riskmap {

struct TrueLengths::State {
    CrsTransform to_degrees;
    geod_geodesic geodesic;
};

TrueLengths::TrueLengths(const Crs& crs) : m_state{new State{CrsTransform{crs, Crs::wgs84()}, {}}} {
    geod_init(&m_state->geodesic, 6378137.0, 1 / 298.257223563);
}

TrueLengths::~TrueLengths() = default;

double TrueLengths::operator()(Point a, Point b) const {
    const Point p = m_state->to_degrees.apply(a);
    const Point q = m_state->to_degrees.apply(b);
    double length = 0;
    geod_inverse(&m_state->geodesic, p.y, p.x, q.y, q.x, &length, nullptr, nullptr);
    return length;
}

} // namespace riskmap
