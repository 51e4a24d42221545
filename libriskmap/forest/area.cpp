// SPDX-License-Identifier: MIT
#include <riskmap/forest/area.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <riskmap/geo/topology.hpp>
#include <riskmap/raster/cells.hpp>
#include <riskmap/zonal/rasterise.hpp>
#include <riskmap/zonal/statistics.hpp>

namespace riskmap::forest {

Area::Area(std::vector<MultiPolygon> shapes, double margin) {
    const auto whole = dissolved(shapes);
    m_shapes = {margin > 0 ? widened(whole, margin) : whole};
    for (const auto& shape : m_shapes)
        m_boxes.push_back(bounds(shape));
}

bool Area::holds(Point place) const {
    for (std::size_t s = 0; s < m_shapes.size(); ++s)
        if (m_boxes[s].holds(place) && contains(m_shapes[s], place))
            return true;
    return false;
}

std::shared_ptr<const raster::Source>
Area::forest(const std::shared_ptr<const raster::Source>& share, const Execution& execution) const {
    constexpr double half = 0.5;
    return raster::masked(share, zonal::unit_cells(zonal::cover(m_shapes, share->grid(), execution),
                                                   share->grid(), half));
}

std::string Area::keep_within(std::vector<Camera>& sites, const std::string& layer) const {
    const auto before = sites.size();
    std::erase_if(sites, [&](const Camera& site) { return !holds(site.observer.place); });
    if (sites.size() == before)
        return {};
    return fmt::format(
        "{} of {} of '{}' lie outside the area and are left out (margin allows more)",
        before - sites.size(), before, layer);
}

} // namespace riskmap::forest
