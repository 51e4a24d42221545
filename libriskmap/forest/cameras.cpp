// SPDX-License-Identifier: MIT
#include <riskmap/forest/cameras.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/parallel.hpp>

namespace riskmap::forest {

namespace {

/// Ids of a table; numbers from 1 behind a prefix where it has none.
std::vector<std::string> ids_of(spec::Table& table, const std::string& prefix) {
    auto ids = table.texts("id");
    for (std::size_t row = 0; row < ids.size(); ++row)
        if (ids[row].empty())
            ids[row] = fmt::format("{}{}", prefix, row + 1);
    return ids;
}

/// Turns 0..0 and empty azimuths into 0..360, and says how many.
void open_azimuths(spec::Table& table, std::vector<double>& from, std::vector<double>& to) {
    std::size_t zero = 0;
    std::size_t empty = 0;
    std::size_t half = 0;
    for (std::size_t row = 0; row < from.size(); ++row) {
        if (std::isnan(from[row]) && std::isnan(to[row])) {
            ++empty;
            from[row] = 0;
            to[row] = 360;
        } else if (std::isnan(from[row]) || std::isnan(to[row])) {
            ++half;
            from[row] = std::isnan(from[row]) ? 0 : from[row];
            to[row] = std::isnan(to[row]) ? 360 : to[row];
        } else if (std::remainder(to[row] - from[row], 360) == 0 && to[row] - from[row] != 360) {
            ++zero;
            from[row] = 0;
            to[row] = 360;
        }
    }
    if (half > 0)
        table.account().remark(
            {fmt::format("{} 个扇区只有一端方位角，另一端取正北", half),
             fmt::format("{} sectors say one azimuth only, the other is taken for north", half)});
    if (zero > 0)
        table.account().remark(
            {fmt::format("{} 个方位角起止相同（如 0 至 0），按全向取", zero),
             fmt::format("{} whose azimuths begin where they end look all round", zero)});
    const bool said = table.has("azimuth_from") || table.has("azimuth_to");
    if (empty > 0 && said)
        table.account().remark({fmt::format("{} 个没有方位角，按全向取", empty),
                                fmt::format("{} without azimuths look all round", empty)});
}

/// Sectors said by their middle and width, where their ends are not said.
void take_middles(spec::Table& table, std::vector<double>& from, std::vector<double>& to) {
    const auto middle = table.numbers("azimuth");
    const auto width = table.numbers("field_of_view");
    std::size_t without_width = 0;
    for (std::size_t row = 0; row < from.size(); ++row) {
        if (!std::isnan(from[row]) || !std::isnan(to[row]) || std::isnan(middle[row]))
            continue;
        if (std::isnan(width[row])) {
            ++without_width;
        } else if (width[row] > 0 && width[row] < 360) {
            from[row] = middle[row] - width[row] / 2;
            to[row] = middle[row] + width[row] / 2;
        }
    }
    if (without_width > 0)
        table.account().remark(
            {fmt::format("{} 个有方位角而没有视场角，按全向取", without_width),
             fmt::format("{} with an azimuth and no field of view look all round", without_width)});
}

/// Lower limits of the tilt, from those said as a depression where they are not said.
std::vector<double> lower_tilts(spec::Table& table) {
    auto tilt = table.numbers("tilt_from");
    const auto depression = table.numbers("depression");
    if (!table.has("tilt_from"))
        for (std::size_t row = 0; row < tilt.size(); ++row)
            tilt[row] = std::isnan(depression[row]) ? tilt[row] : -depression[row];
    return tilt;
}

/// Rows of one id: sectors of one camera if they stand at one place.
void add_camera(Camera camera, std::map<std::string, std::size_t>& known, const spec::Table& table,
                std::size_t row, std::vector<Camera>& cameras) {
    const auto [at, fresh] = known.try_emplace(camera.id, cameras.size());
    if (fresh) {
        cameras.push_back(std::move(camera));
        return;
    }
    auto& first = cameras[at->second];
    const auto& p = first.observer.place;
    const auto& q = camera.observer.place;
    constexpr double one_pole = 1; // m
    if (std::hypot(p.x - q.x, p.y - q.y) > one_pole)
        throw input_error(fmt::format("{}: two cameras are called '{}' and stand at two places",
                                      table.where(row), camera.id),
                          "give each its own id, or name another column with fields=THEIRS=id");
    first.sectors.push_back(camera.observer);
}

} // namespace

std::vector<Camera> cameras_of(spec::Table& table, const Crs& crs, const CameraDefaults& defaults,
                               const std::string& prefix) {
    const auto places = table.places(crs);
    const auto ids = ids_of(table, prefix);
    const auto mast = table.numbers("mast_m", defaults.mast);
    const auto range = table.numbers("range_m", defaults.range);
    const auto least_range = table.numbers("min_range_m");
    auto azimuth_from = table.numbers("azimuth_from");
    auto azimuth_to = table.numbers("azimuth_to");
    take_middles(table, azimuth_from, azimuth_to);
    open_azimuths(table, azimuth_from, azimuth_to);
    const auto tilt_from = lower_tilts(table);
    const auto tilt_to = table.numbers("tilt_to");
    const auto cost = table.numbers("cost_10k_yuan", defaults.cost);
    std::vector<Camera> cameras;
    std::map<std::string, std::size_t> known;
    for (std::size_t row = 0; row < table.size(); ++row) {
        Camera camera;
        camera.id = ids[row];
        camera.observer = {places[row],       mast[row],       least_range[row], range[row],
                           azimuth_from[row], azimuth_to[row], tilt_from[row],   tilt_to[row]};
        camera.cost = cost[row];
        add_camera(std::move(camera), known, table, row, cameras);
    }
    const auto sectors = table.size() - cameras.size();
    if (sectors > 0)
        table.account().remark(
            {fmt::format("{} 行同编号同位置，作为同一摄像头的多个扇区", sectors),
             fmt::format("{} rows are further sectors of a camera of the same id and place",
                         sectors)});
    return cameras;
}

std::vector<Camera> water_points_of(spec::Table& table, const Crs& crs, double cost) {
    const auto places = table.places(crs);
    const auto ids = ids_of(table, "");
    const auto costs = table.numbers("cost_10k_yuan", cost);
    std::set<std::string> known;
    std::vector<Camera> points;
    for (std::size_t row = 0; row < table.size(); ++row) {
        if (!known.insert(ids[row]).second)
            throw input_error(
                fmt::format("{}: two points are called '{}'", table.where(row), ids[row]),
                "give each its own id, or name another column with fields=THEIRS=id");
        Camera point;
        point.id = ids[row];
        point.observer.place = places[row];
        point.cost = costs[row];
        points.push_back(std::move(point));
    }
    return points;
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

/// One sector of a camera.
struct View {
    std::size_t camera;
    visibility::Observer observer;
    Window window;
};

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
    std::vector<View> looks;
    Box box;
    std::uint64_t most = 0;
    for (std::size_t c = 0; c < cameras.size(); ++c) {
        const auto& camera = cameras[c];
        try {
            looks.push_back({c, camera.observer, visibility::within_range(grid, camera.observer)});
            for (const auto& sector : camera.sectors)
                looks.push_back({c, sector, visibility::within_range(grid, sector)});
        } catch (const Error& error) {
            throw Error{error.kind(), fmt::format("camera '{}': {}", camera.id, error.what()),
                        error.hint()};
        }
    }
    for (const auto& look : looks) {
        const Window& window = look.window;
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
        shared.emplace(scene.heights, all, execution, scene.canopy, scene.holes);
    Execution alone = execution;
    alone.threads = 1;
    alone.progress = {};
    const auto bytes_each = most * (1 + (shared ? 0 : bytes_a_cell));
    parallel_ordered(
        execution, "viewsheds", {looks.size(), bytes_each},
        [&](std::size_t i) {
            const auto& look = looks[i];
            if (shared)
                return seen_forest(visibility::viewshed(*shared, look.observer, sight, alone),
                                   scene.forest);
            const visibility::Terrain own{scene.heights, look.window, alone, scene.canopy,
                                          scene.holes};
            return seen_forest(visibility::viewshed(own, look.observer, sight, alone),
                               scene.forest);
        },
        [&](std::size_t i, siting::DemandSet set) {
            auto& seen = sets[looks[i].camera];
            seen = seen.empty() ? std::move(set) : siting::united(seen, set);
        });
    return sets;
}

} // namespace riskmap::forest
