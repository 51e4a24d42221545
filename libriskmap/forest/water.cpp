// SPDX-License-Identifier: MIT
#include <riskmap/forest/water.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/parallel.hpp>

namespace riskmap::forest {

namespace {

/// Heights and the cells of a disc round a water point.
class Reach {
  public:
    Reach(const Scene& scene, const WaterReach& reach, const Execution& execution)
        : m_scene{scene}, m_reach{reach}, m_terrain{scene.heights, scene.heights.grid().window(),
                                                    execution} {
        if (!(reach.distance > 0) || !std::isfinite(reach.distance) || std::isnan(reach.lift))
            throw input_error(
                fmt::format("water is brought {} m far and {} m up", reach.distance, reach.lift),
                "give lengths in metres");
        const auto rows =
            static_cast<std::int64_t>(std::floor(reach.distance / m_terrain.cell_height()));
        for (std::int64_t r = -rows; r <= rows; ++r) {
            const double y = static_cast<double>(r) * m_terrain.cell_height();
            m_half_widths.push_back(static_cast<std::int64_t>(std::floor(
                std::sqrt(reach.distance * reach.distance - y * y) / m_terrain.cell_width())));
        }
    }

    /// Calls visit(number) for the forest cells that water at a cell serves.
    template <class Visit>
    void visit(Cell water, Visit&& visit) const {
        const Grid& grid = m_terrain.grid();
        const double ground = height(water.column, water.row);
        if (ground <= nothing)
            return;
        const auto rows = static_cast<std::int64_t>(m_half_widths.size()) / 2;
        for (std::int64_t r = -rows; r <= rows; ++r) {
            const auto row = water.row + r;
            if (row < 0 || row >= grid.rows)
                continue;
            const auto half = m_half_widths[static_cast<std::size_t>(r + rows)];
            m_scene.forest.visit_row(row, std::max<std::int64_t>(0, water.column - half),
                                     std::min(grid.columns, water.column + half + 1),
                                     [&](std::uint32_t number, std::int64_t column) {
                                         const double above = height(column, row) - ground;
                                         if (above > nothing && above <= m_reach.lift)
                                             visit(number);
                                     });
        }
    }
    [[nodiscard]] double height(std::int64_t column, std::int64_t row) const {
        return m_terrain
            .surface()[static_cast<std::size_t>(row * m_terrain.grid().columns + column)];
    }

    static constexpr double nothing = -1e20;

  private:
    const Scene& m_scene;
    const WaterReach& m_reach;
    visibility::Terrain m_terrain;
    std::vector<std::int64_t> m_half_widths; ///< of the disc, by row
};

} // namespace

std::vector<siting::DemandSet> served(const std::vector<Camera>& points, const Scene& scene,
                                      const WaterReach& reach, const Execution& execution) {
    const Reach around{scene, reach, execution};
    std::vector<siting::DemandSet> sets(points.size());
    parallel_for(execution, points.size(), [&](std::size_t p) {
        if (const auto cell = scene.forest.grid().cell_at(points[p].observer.place))
            around.visit(*cell, [&](std::uint32_t number) { sets[p].add(number); });
        sets[p].close();
    });
    return sets;
}

siting::DemandSet served_by_shores(const raster::Source& water, const Scene& scene,
                                   const WaterReach& reach, const Execution& execution) {
    const Grid& grid = scene.forest.grid();
    if (!water.grid().matches(grid))
        throw Error{ErrorKind::internal, "water and forest lie on different grids"};
    const Reach around{scene, reach, execution};
    std::vector<std::uint8_t> reached(scene.forest.size());
    // Three rows at a time: those above and below tell where the shore is.
    std::vector<std::vector<double>> rows(3);
    const auto read = [&](std::int64_t row) {
        return water.read({0, row, grid.columns, 1}); // nodata beyond the grid
    };
    const auto wet = [](double value) { return !std::isnan(value) && value != 0; };
    rows[1] = read(-1);
    rows[2] = read(0);
    for (std::int64_t r = 0; r < grid.rows; ++r) {
        execution.progress.check();
        std::rotate(rows.begin(), rows.begin() + 1, rows.end());
        rows[2] = read(r + 1);
        for (std::int64_t c = 0; c < grid.columns; ++c) {
            if (!wet(rows[1][static_cast<std::size_t>(c)]))
                continue;
            bool shore = false;
            for (const auto& row : rows)
                for (auto n = std::max<std::int64_t>(0, c - 1);
                     n <= std::min(grid.columns - 1, c + 1); ++n)
                    shore = shore || !wet(row[static_cast<std::size_t>(n)]);
            if (shore)
                around.visit({c, r}, [&](std::uint32_t number) { reached[number] = 1; });
        }
    }
    siting::DemandSet set;
    for (std::uint32_t number = 0; number < reached.size(); ++number)
        if (reached[number] != 0)
            set.add(number);
    set.close();
    return set;
}

std::vector<Camera> lattice(const Scene& scene, double spacing) {
    const Grid& grid = scene.forest.grid();
    if (!(spacing > 0))
        throw input_error(fmt::format("a spacing of {} m", spacing), "give metres above 0");
    const double metres = grid.crs.metres_per_unit();
    const Box box = grid.extent_of(scene.forest.bounds());
    std::vector<Camera> points;
    const double step = spacing / metres;
    const auto along = static_cast<std::int64_t>(std::ceil((box.right - box.left) / step - 0.5));
    const auto down = static_cast<std::int64_t>(std::ceil((box.top - box.bottom) / step - 0.5));
    for (std::int64_t j = 0; j < down; ++j)
        for (std::int64_t i = 0; i < along; ++i) {
            const auto cell = grid.cell_at({box.left + (static_cast<double>(i) + 0.5) * step,
                                            box.top - (static_cast<double>(j) + 0.5) * step});
            if (!cell || std::isnan(scene.heights.read({cell->column, cell->row, 1, 1})[0]))
                continue;
            auto& point = points.emplace_back();
            point.id = fmt::format("W{:04}", points.size());
            point.observer.place = grid.centre(cell->column, cell->row);
        }
    return points;
}

Camera shores() {
    Camera all;
    all.id = "shores";
    all.placed = false;
    return all;
}

SitePlan plan_water(const Scene& scene, const std::vector<Camera>& existing,
                    const raster::Source* water, const std::vector<Camera>& candidates,
                    std::span<const UnitLayer> units, const PlanAim& aim, const WaterReach& reach,
                    const Execution& execution) {
    require_distinct(existing, candidates);
    auto there = served(existing, scene, reach, execution);
    for (std::size_t e = 0; e < existing.size(); ++e)
        if (!existing[e].placed)
            there[e] = served_by_shores(*water, scene, reach, execution);
    return plan_sites(scene.forest.areas(), there, candidates,
                      served(candidates, scene, reach, execution), units, aim, execution);
}

} // namespace riskmap::forest
