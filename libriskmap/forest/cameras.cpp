// SPDX-License-Identifier: MIT
#include <riskmap/forest/cameras.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/parallel.hpp>
#include <riskmap/vector/fields.hpp>

namespace riskmap::forest {

using vector::NumberField;

std::vector<Camera> cameras_of(const vector::Layer& layer, const Crs& crs,
                               const CameraFields& fields) {
    const auto placed = vector::transformed(layer, crs);
    const auto id = vector::find_field(layer, fields.id, {"id"});
    const NumberField mast{layer, fields.mast, {"mast_m", "mast"}, fields.default_mast};
    const NumberField range{layer, fields.range, {"range_m", "range"}, fields.default_range};
    const NumberField least_range{layer, "", {"min_range_m"}, 0};
    const NumberField azimuth_from{layer, "", {"azimuth_from"}, 0};
    const NumberField azimuth_to{layer, "", {"azimuth_to"}, 360};
    const NumberField tilt_from{layer, "", {"tilt_from"}, -90};
    const NumberField tilt_to{layer, "", {"tilt_to"}, 90};
    const NumberField cost{layer, fields.cost, {"cost", "cost_10k_yuan"}, fields.default_cost};
    std::vector<Camera> cameras;
    std::set<std::string> ids;
    for (std::size_t f = 0; f < layer.features.size(); ++f) {
        Camera camera;
        camera.id = id ? vector::text_of(layer.features[f].values[*id]) : fmt::format("{}", f + 1);
        if (!ids.insert(camera.id).second)
            throw input_error(
                fmt::format("layer '{}' has two cameras called '{}'", layer.name, camera.id),
                "give each its own id, or name another field of ids");
        camera.observer = {
            vector::place_of(placed, f), mast.of(f),       least_range.of(f), range.of(f),
            azimuth_from.of(f),          azimuth_to.of(f), tilt_from.of(f),   tilt_to.of(f)};
        camera.cost = cost.of(f);
        cameras.push_back(std::move(camera));
    }
    return cameras;
}

void require_distinct(const std::vector<Camera>& one, const std::vector<Camera>& other) {
    std::set<std::string> ids;
    for (const auto& camera : one)
        ids.insert(camera.id);
    for (const auto& camera : other)
        if (ids.contains(camera.id))
            throw input_error(
                fmt::format("a camera and a candidate are both called '{}'", camera.id),
                "rename one: reports tell them apart by their id");
}

std::vector<std::string> drop_groundless(std::vector<Camera>& cameras,
                                         const raster::Source& heights) {
    std::vector<std::string> dropped;
    std::erase_if(cameras, [&](const Camera& camera) {
        const auto cell = heights.grid().cell_at(camera.observer.place);
        const bool groundless =
            !cell || std::isnan(heights.read({cell->column, cell->row, 1, 1})[0]);
        if (groundless)
            dropped.push_back(camera.id);
        return groundless;
    });
    return dropped;
}

std::string groundless_remark(const std::vector<std::string>& ids, const std::string& layer) {
    return fmt::format("{} of '{}' stand beyond the heights or where these have no data, and are "
                       "left out: {}",
                       ids.size(), layer, fmt::join(ids, ", "));
}

namespace {

siting::DemandSet seen_forest(const visibility::Viewshed& view, const ForestCells& forest) {
    siting::DemandSet seen;
    const Window& window = view.window;
    for (std::int64_t r = 0; r < window.rows; ++r) {
        const auto* cells = view.cells.data() + r * window.columns;
        forest.visit_row(window.row + r, window.column, window.column + window.columns,
                         [&](std::uint32_t number, std::int64_t column) {
                             if (cells[column - window.column] == visibility::seen)
                                 seen.add(number);
                         });
    }
    seen.close();
    return seen;
}

} // namespace

std::vector<siting::DemandSet> views(const std::vector<Camera>& cameras, const Scene& scene,
                                     const visibility::Sight& sight, const Execution& execution) {
    const Grid& grid = scene.heights.grid();
    std::vector<Window> windows;
    Box box;
    std::uint64_t most = 0;
    for (const auto& camera : cameras) {
        try {
            windows.push_back(visibility::within_range(grid, camera.observer));
        } catch (const Error& error) {
            throw Error{error.kind(), fmt::format("camera '{}': {}", camera.id, error.what()),
                        error.hint()};
        }
        const Window& window = windows.back();
        most = std::max<std::uint64_t>(most, window.size());
        box.add(Box{static_cast<double>(window.column), static_cast<double>(window.row),
                    static_cast<double>(window.column + window.columns),
                    static_cast<double>(window.row + window.rows)});
    }
    std::vector<siting::DemandSet> sets(cameras.size());
    if (cameras.empty())
        return sets;
    const Window all{static_cast<std::int64_t>(box.left), static_cast<std::int64_t>(box.bottom),
                     static_cast<std::int64_t>(box.right - box.left),
                     static_cast<std::int64_t>(box.top - box.bottom)};
    const std::uint64_t bytes_a_cell = sizeof(float) * (scene.canopy == nullptr ? 1 : 2);
    std::optional<visibility::Terrain> shared;
    if (all.size() * bytes_a_cell <= execution.memory_budget() / 2)
        shared.emplace(scene.heights, all, execution, scene.canopy);
    Execution alone = execution;
    alone.threads = 1;
    alone.progress = {};
    const auto bytes_each = most * (1 + (shared ? 0 : bytes_a_cell));
    parallel_ordered(
        execution, "viewsheds", {cameras.size(), bytes_each},
        [&](std::size_t c) {
            if (shared)
                return seen_forest(visibility::viewshed(*shared, cameras[c].observer, sight, alone),
                                   scene.forest);
            const visibility::Terrain own{scene.heights, windows[c], alone, scene.canopy};
            return seen_forest(visibility::viewshed(own, cameras[c].observer, sight, alone),
                               scene.forest);
        },
        [&](std::size_t c, siting::DemandSet set) { sets[c] = std::move(set); });
    return sets;
}

} // namespace riskmap::forest
