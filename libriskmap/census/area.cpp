// SPDX-License-Identifier: MIT
#include "area.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/geo/grid.hpp>
#include <riskmap/geo/topology.hpp>

namespace riskmap::census {

namespace {

MultiPolygon whole(const LayerSource& source) {
    const LayerCase layer{source, nullptr,
                          vector::LayerStream{source.file, source.layer, source.encoding}};
    auto read = vector::read_layer(source.file, source.layer);
    read.crs = layer.crs;
    read = vector::transformed(std::move(read), Crs::wgs84());
    std::vector<MultiPolygon> parts;
    for (auto& feature : read.features) {
        if (feature.shape.polygons.empty())
            continue;
        if (find_flaw(feature.shape.polygons))
            feature.shape.polygons = repaired(feature.shape.polygons);
        parts.push_back(std::move(feature.shape.polygons));
    }
    if (parts.empty())
        throw input_error(fmt::format("the area '{}' holds no polygon", source.label()));
    return dissolved(parts);
}

Point middle_of(const Box& box) {
    return {(box.left + box.right) / 2, (box.bottom + box.top) / 2};
}

MultiPolygon on_plane(MultiPolygon shape, const Plane& plane) {
    for (auto& polygon : shape) {
        for (auto& p : polygon.outer)
            p = plane.of(p);
        for (auto& hole : polygon.holes)
            for (auto& p : hole)
                p = plane.of(p);
    }
    return shape;
}

} // namespace

Area::Area(const LayerSource& source)
    : m_degrees{whole(source)}, m_box{bounds(m_degrees)}, m_plane{middle_of(m_box)},
      m_outline{outline_of(std::vector<MultiPolygon>{on_plane(m_degrees, m_plane)})} {
    m_m2 = TrueAreas{Crs::wgs84()}(m_degrees);
}

double Area::outside(Point degrees, double limit) const {
    return holds(degrees) ? 0 : m_outline.distance(m_plane.of(degrees), limit);
}

} // namespace riskmap::census
