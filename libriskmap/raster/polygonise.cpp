// SPDX-License-Identifier: MIT
#include <riskmap/raster/polygonise.hpp>

#include <map>

#include "arcs.hpp"
#include "patches.hpp"

namespace riskmap::raster {

namespace {

std::vector<Arc> arcs_of(std::vector<Border> borders) {
    std::vector<Arc> arcs;
    arcs.reserve(borders.size());
    for (auto& border : borders) {
        auto& arc = arcs.emplace_back();
        arc.left = border.left;
        arc.right = border.right;
        arc.points.reserve(border.corners.size());
        for (const auto corner : border.corners)
            arc.points.push_back({static_cast<double>(corner.x), static_cast<double>(corner.y)});
        border.corners = {};
    }
    return arcs;
}

} // namespace

std::vector<ClassPolygons> polygonise(const Source& classes, const PolygoniseOptions& options,
                                      const Execution& execution) {
    const Grid& grid = classes.grid();
    auto patches = map_patches(classes, options.block, execution);
    if (options.least_cells > 1)
        sieve(patches, options.least_cells);
    const auto arcs = arcs_of(std::move(patches.borders));
    const Box frame{0, 0, static_cast<double>(grid.columns), static_cast<double>(grid.rows)};
    auto shapes = assemble_rings(arcs, simplified(arcs, options.tolerance, frame, execution),
                                 patches.patches.size(), execution);
    const auto place = [&](Ring& ring) {
        for (auto& point : ring)
            point = grid.from_cells(point);
    };
    std::map<std::int32_t, MultiPolygon> by_class;
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        place(shapes[i].outer);
        for (auto& hole : shapes[i].holes)
            place(hole);
        by_class[patches.patches[i].value].push_back(std::move(shapes[i]));
    }
    std::vector<ClassPolygons> out;
    for (auto& [value, shape] : by_class)
        out.push_back({value, std::move(shape)});
    return out;
}

} // namespace riskmap::raster
