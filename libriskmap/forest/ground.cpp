// SPDX-License-Identifier: MIT
#include <riskmap/forest/ground.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/forest/coverage.hpp>
#include <riskmap/geo/grid.hpp>
#include <riskmap/raster/cells.hpp>
#include <riskmap/zonal/statistics.hpp>

namespace riskmap::forest {

namespace {

std::size_t without_value(const raster::Source& source, const ForestCells& forest,
                          const Execution& execution) {
    const auto values = forest.values(source, execution);
    return static_cast<std::size_t>(
        std::count_if(values.begin(), values.end(), [](double v) { return std::isnan(v); }));
}

bool has_holes(const raster::Source& heights, const Window& window, const Execution& execution) {
    constexpr std::int64_t rows_at_a_time = 256;
    for (std::int64_t row = 0; row < window.rows; row += rows_at_a_time) {
        execution.progress.check();
        Window part = window;
        part.row += row;
        part.rows = std::min(rows_at_a_time, window.rows - row);
        for (const double v : heights.read(part))
            if (std::isnan(v))
                return true;
    }
    return false;
}

} // namespace

std::vector<std::string> ground_remarks(const Scene& scene, const Execution& execution) {
    std::vector<std::string> remarks;
    const auto all = scene.forest.size();
    if (const auto n = without_value(scene.heights, scene.forest, execution); n > 0)
        remarks.push_back(fmt::format("{} of {} forest cells have no height and count as unseen "
                                      "({:.2f} %)",
                                      n, all,
                                      100.0 * static_cast<double>(n) / static_cast<double>(all)));
    if (scene.canopy != nullptr)
        if (const auto n = without_value(*scene.canopy, scene.forest, execution); n > 0)
            remarks.push_back(
                fmt::format("the canopy has no data on {} of {} forest cells, which are taken for "
                            "bare ({:.2f} %)",
                            n, all, 100.0 * static_cast<double>(n) / static_cast<double>(all)));
    return remarks;
}

std::string cover_remark(const OpenedForest& forest, const UnitLayer& units,
                         const Execution& execution) {
    if (forest.classes == nullptr)
        return {};
    const Grid& grid = forest.classes->grid();
    const auto known_areas =
        raster::areas_of(raster::mapped(forest.classes, [](double) { return 1.0; }));
    const std::array statistics{zonal::Statistic::parse("sum")};
    const auto zones = zonal::cover(units.shapes, grid, execution);
    const auto known = zonal::zonal_statistics(*known_areas, zones, statistics, execution);
    const TrueAreas area_of{grid.crs};
    double all = 0;
    double with = 0;
    std::size_t short_of = 0;
    for (std::size_t u = 0; u < zones.size(); ++u) {
        const double there = area_of(units.shapes[u]);
        const double found = std::isnan(known[u][0]) ? 0 : known[u][0];
        all += there;
        with += std::min(found, there);
        short_of += found < 0.99 * there ? 1 : 0;
    }
    if (short_of == 0 || !(all > 0))
        return {};
    return fmt::format(
        "what is forest is not known on {:.2f} % of the units' area ({} of {} units): "
        "no forest is counted there",
        100 * (1 - with / all), short_of, zones.size());
}

std::string SeenAcross::remark() const {
    if (!(area > 0))
        return {};
    return fmt::format("{:.2f} % of the forest ({:.2f} km2) is seen only across cells without "
                       "heights, which hide nothing: fill the holes of the height model",
                       100 * share, area * 1e-6);
}

SeenAcross seen_across(const std::vector<Camera>& cameras, const Scene& scene,
                       const visibility::Sight& sight, const Execution& execution,
                       std::span<const siting::DemandSet> seen) {
    const auto& grid = scene.heights.grid();
    const auto holes = [&](const visibility::Observer& observer) {
        return has_holes(scene.heights, visibility::within_range(grid, observer), execution);
    };
    std::vector<Camera> before_holes;
    std::vector<std::size_t> others;
    for (std::size_t c = 0; c < cameras.size(); ++c)
        if (holes(cameras[c].observer) ||
            std::any_of(cameras[c].sectors.begin(), cameras[c].sectors.end(), holes))
            before_holes.push_back(cameras[c]);
        else
            others.push_back(c);
    if (before_holes.empty())
        return {};
    std::vector<siting::DemandSet> looked_at;
    if (seen.empty()) {
        looked_at = views(cameras, scene, sight, execution);
        seen = looked_at;
    }
    Scene blocked = scene;
    blocked.holes = visibility::Holes::hide_all;
    const auto surely = views(before_holes, blocked, sight, execution);
    std::vector<const siting::DemandSet*> for_sure;
    for (const auto& view : surely)
        for_sure.push_back(&view);
    for (const auto c : others)
        for_sure.push_back(&seen[c]);
    const auto areas = scene.forest.areas();
    const auto with = coverage_of(seen, areas, {});
    const auto without = coverage_of(for_sure, areas, {});
    SeenAcross across;
    for (std::size_t cell = 0; cell < areas.size(); ++cell)
        across.area += with.times[cell] > 0 && without.times[cell] == 0 ? areas[cell] : 0;
    across.share = across.area / with.all.forest;
    return across;
}

} // namespace riskmap::forest
