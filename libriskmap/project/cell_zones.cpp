// SPDX-License-Identifier: MIT
#include "cell_zones.hpp"

#include <cmath>
#include <map>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>

namespace riskmap::project {

std::vector<CellZone> cell_zones(const raster::Source& classes, const SourcePtr& people,
                                 const CellZoneOptions& options, const Execution& execution) {
    const Grid& grid = classes.grid();
    // Classes, labels and the search for patches: about 24 bytes a cell at once.
    const double needed = 24.0 * static_cast<double>(grid.window().size());
    if (needed > static_cast<double>(execution.memory_budget()))
        throw input_error(fmt::format("polygons of {} x {} cells need {:.0f} MB of memory",
                                      grid.columns, grid.rows, needed / 1e6),
                          "give more with --memory, or use a coarser grid");
    const CellAreas areas{grid};
    raster::ClassGrid cells{grid, std::vector<std::int32_t>(grid.window().size())};
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
            cells.values[static_cast<std::size_t>(r * grid.columns) + c] = value;
            auto& zone = zones[value];
            zone.area_km2 += row_areas[c] * 1e-6;
            zone.people += std::isnan(living[c]) ? 0 : living[c];
        }
    }
    const double cell_km2 = areas.at(grid.columns / 2, grid.rows / 2) * 1e-6;
    raster::sieve(cells, static_cast<int>(std::min(1e9, std::ceil(options.sieve_km2 / cell_km2))));
    for (auto& polygons : raster::polygonise(cells, options.simplify_cells))
        zones[polygons.value].shape = std::move(polygons.shape);
    std::vector<CellZone> out;
    for (auto& [value, zone] : zones) {
        zone.value = value;
        if (!people)
            zone.people = raster::nodata;
        out.push_back(std::move(zone));
    }
    return out;
}

} // namespace riskmap::project
