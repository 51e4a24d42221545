// SPDX-License-Identifier: MIT
#include "cell_zones.hpp"

#include <cmath>
#include <map>

#include <riskmap/raster/cells.hpp>

namespace riskmap::run {

std::vector<CellZone> cell_zones(const raster::Source& classes, const SourcePtr& people,
                                 const CellZoneOptions& options, const Execution& execution) {
    const Grid& grid = classes.grid();
    const CellAreas areas{grid};
    std::map<int, CellZone> zones;
    std::vector<double> row_areas(static_cast<std::size_t>(grid.columns));
    for (std::int64_t r = 0; r < grid.rows; ++r) {
        execution.progress.check();
        const Window line{0, r, grid.columns, 1};
        const auto values = classes.read(line);
        const auto living =
            people ? people->read(line) : std::vector<double>(values.size(), raster::nodata);
        areas.row(0, r, row_areas);
        for (std::size_t c = 0; c < values.size(); ++c) {
            if (std::isnan(values[c]) || values[c] == 0)
                continue;
            const int value = static_cast<int>(values[c]);
            auto& zone = zones[value];
            zone.area_km2 += row_areas[c] * 1e-6;
            zone.people += std::isnan(living[c]) ? 0 : living[c];
        }
    }
    const double cell_km2 = areas.at(grid.columns / 2, grid.rows / 2) * 1e-6;
    raster::PolygoniseOptions polygons;
    polygons.least_cells =
        static_cast<std::int64_t>(std::min(1e15, std::ceil(options.sieve_km2 / cell_km2)));
    polygons.tolerance = options.simplify_cells;
    const auto without_zero = raster::mapped(raster::borrowed(classes), [](double value) {
        return value == 0 ? raster::nodata : value;
    });
    for (auto& shapes : raster::polygonise(*without_zero, polygons, execution))
        if (const auto zone = zones.find(shapes.value); zone != zones.end())
            zone->second.shape = std::move(shapes.shape);
    std::vector<CellZone> out;
    for (auto& [value, zone] : zones) {
        zone.value = value;
        if (!people)
            zone.people = raster::nodata;
        out.push_back(std::move(zone));
    }
    return out;
}

} // namespace riskmap::run
