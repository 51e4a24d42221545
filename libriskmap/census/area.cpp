// SPDX-License-Identifier: MIT
#include "area.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/geo/grid.hpp>
#include <riskmap/geo/topology.hpp>

#include "feature_rules.hpp"

namespace riskmap::census {

namespace {

MultiPolygon whole(const spec::Source& source) {
    LayerCase layer{source, nullptr};
    if (layer.crs.empty())
        throw input_error(fmt::format("the area '{}' has no CRS", source.label()),
                          "add its .prj file, or say crs=EPSG:4490");
    const CrsTransform to_degrees{layer.crs, Crs::wgs84()};
    std::vector<MultiPolygon> parts;
    while (const auto batch = layer.stream.next())
        for (auto& feature : layer.features_of(*batch)) {
            auto& polygons = feature.feature.shape.polygons;
            if (polygons.empty() || !finite(feature.feature.shape))
                continue;
            if (find_flaw(polygons))
                polygons = repaired(polygons);
            parts.push_back(to_degrees.apply(std::move(polygons)));
        }
    if (parts.empty())
        throw input_error(fmt::format("the area '{}' holds no polygon", source.label()));
    return dissolved(parts);
}

MultiPolygon on_plane(MultiPolygon shape, const Plane& plane) {
    for_each_ring(shape, [&](Ring& ring, bool) {
        for (auto& p : ring)
            p = plane.of(p);
    });
    return shape;
}

} // namespace

Area::Area(const spec::Source& source)
    : m_degrees{whole(source)}, m_plane{bounds(m_degrees).middle()},
      m_outline{outline_of(std::vector<MultiPolygon>{on_plane(m_degrees, m_plane)})} {
    m_m2 = TrueAreas{Crs::wgs84()}(m_degrees);
}

double Area::outside(Point degrees, double limit) const {
    return holds(degrees) ? 0 : m_outline.distance(m_plane.of(degrees), limit);
}

} // namespace riskmap::census
