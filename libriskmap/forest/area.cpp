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
    for (auto& shape : shapes)
        if (find_flaw(shape))
            shape = repaired(shape);
    m_shape = dissolved(shapes);
    if (margin > 0)
        m_shape = widened(m_shape, margin);
    m_box = bounds(m_shape);
}

bool Area::holds(Point place) const {
    return m_box.holds(place) && contains(m_shape, place);
}

std::shared_ptr<const raster::Source>
Area::forest(const std::shared_ptr<const raster::Source>& share, const Execution& execution) const {
    constexpr double half = 0.5;
    const auto& grid = share->grid();
    return raster::masked(
        share,
        zonal::unit_cells(zonal::cover(std::span{&m_shape, 1}, grid, execution), grid, half));
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
