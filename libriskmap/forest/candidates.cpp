// SPDX-License-Identifier: MIT
#include <riskmap/forest/candidates.hpp>

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>

#include <boost/geometry.hpp>
#include <boost/geometry/index/rtree.hpp>
#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/parallel.hpp>

namespace riskmap::forest {

namespace {

namespace bg = boost::geometry;
using BoostPoint = bg::model::d2::point_xy<double>;
using Segment = bg::model::segment<BoostPoint>;

/// Distances to the nearest road, in units of the CRS.
class Roads {
  public:
    explicit Roads(std::span<const LineString> roads) {
        std::vector<Segment> segments;
        for (const auto& road : roads)
            for (std::size_t i = 0; i + 1 < road.size(); ++i)
                segments.emplace_back(BoostPoint{road[i].x, road[i].y},
                                      BoostPoint{road[i + 1].x, road[i + 1].y});
        m_tree = Tree{segments};
    }
    [[nodiscard]] double distance(Point place) const {
        const BoostPoint point{place.x, place.y};
        for (auto nearest = m_tree.qbegin(bg::index::nearest(point, 1)); nearest != m_tree.qend();
             ++nearest)
            return bg::distance(*nearest, point);
        return std::numeric_limits<double>::infinity();
    }

  private:
    using Tree = bg::index::rtree<Segment, bg::index::rstar<16>>;
    Tree m_tree;
};

/// The greatest of the values from `reach` before to `reach` behind each, in one pass.
void widen(std::span<const float> in, std::size_t step, std::size_t n, std::size_t reach,
           std::span<float> out) {
    std::deque<std::size_t> falling; // places of values that may yet be the greatest
    for (std::size_t i = 0; i < n + reach; ++i) {
        if (i < n) {
            while (!falling.empty() && in[falling.back() * step] <= in[i * step])
                falling.pop_back();
            falling.push_back(i);
        }
        if (i >= reach) {
            if (falling.front() + 2 * reach < i)
                falling.pop_front();
            out[(i - reach) * step] = in[falling.front() * step];
        }
    }
}

struct Find {
    std::uint32_t seen = 0; ///< of the sample
    bool hilltop = false;
    std::size_t cell = 0; ///< of the terrain's window
};

class Finder {
  public:
    Finder(const Scene& scene, const FinderOptions& options, const visibility::Sight& sight,
           const Execution& execution)
        : m_scene{scene}, m_options{options}, m_sight{sight}, m_execution{execution},
          m_terrain{scene.heights, reach_of_forest(), execution, scene.canopy},
          m_seen(m_terrain.window().size()) {}

    std::vector<Camera> find(std::span<const std::uint16_t> times) {
        look_back(sample(times));
        std::vector<Find> finds;
        const auto tops = hilltops();
        for (std::size_t cell = 0; cell < m_seen.size(); ++cell)
            if ((m_seen[cell] > 0 || tops[cell]) &&
                m_terrain.surface()[cell] != visibility::Terrain::no_ground)
                finds.push_back({m_seen[cell], tops[cell], cell});
        std::stable_sort(finds.begin(), finds.end(), [](const Find& a, const Find& b) {
            return a.seen > b.seen || (a.seen == b.seen && a.hilltop && !b.hilltop);
        });
        return spread(finds);
    }

  private:
    [[nodiscard]] Window reach_of_forest() const {
        const Grid& grid = m_scene.forest.grid();
        const double metres = grid.crs.metres_per_unit();
        const auto columns =
            static_cast<std::int64_t>(m_options.range / (grid.cell_width * metres)) + 1;
        const auto rows =
            static_cast<std::int64_t>(m_options.range / (grid.cell_height * metres)) + 1;
        Window window = m_scene.forest.bounds();
        window.column -= columns;
        window.row -= rows;
        window.columns += 2 * columns;
        window.rows += 2 * rows;
        return window.intersection(grid.window());
    }

    /// Every n-th unseen forest cell.
    [[nodiscard]] std::vector<Cell> sample(std::span<const std::uint16_t> times) const {
        const auto unseen =
            static_cast<std::size_t>(std::count(times.begin(), times.end(), std::uint16_t{0}));
        const std::size_t every = std::max<std::size_t>(1, unseen / m_options.samples);
        std::vector<Cell> places;
        std::size_t count = 0;
        m_scene.forest.visit([&](std::uint32_t number, std::int64_t column, std::int64_t row) {
            if (times[number] == 0 && count++ % every == every / 2)
                places.push_back({column, row});
        });
        return places;
    }

    /// From each sampled cell at its target height, what the heads of masts are seen.
    void look_back(const std::vector<Cell>& places) {
        const Grid& grid = m_scene.forest.grid();
        Execution alone = m_execution;
        alone.threads = 1;
        alone.progress = {};
        visibility::Sight back = m_sight;
        back.target = m_options.mast;
        parallel_ordered(
            m_execution, "candidates", {places.size(), 0},
            [&](std::size_t p) {
                visibility::Observer observer;
                observer.place = grid.centre(places[p].column, places[p].row);
                observer.mast = m_sight.target;
                observer.range = m_options.range;
                const auto cell = held_cell(places[p]);
                return m_terrain.surface()[cell] == visibility::Terrain::no_ground
                           ? visibility::Viewshed{}
                           : visibility::viewshed(m_terrain, observer, back, alone);
            },
            [&](std::size_t, const visibility::Viewshed& view) {
                for (std::int64_t r = 0; r < view.window.rows; ++r) {
                    auto* count =
                        m_seen.data() + held_cell({view.window.column, view.window.row + r});
                    const auto* cell = view.cells.data() + r * view.window.columns;
                    for (std::int64_t c = 0; c < view.window.columns; ++c)
                        count[c] += cell[c] == visibility::seen ? 1U : 0U;
                }
            });
    }
    [[nodiscard]] std::size_t held_cell(Cell place) const {
        const Window& held = m_terrain.window();
        return static_cast<std::size_t>((place.row - held.row) * held.columns + place.column -
                                        held.column);
    }

    /// The highest cells within `spacing`, in a square round each.
    [[nodiscard]] std::vector<bool> hilltops() const {
        const Window& held = m_terrain.window();
        const auto columns = static_cast<std::size_t>(held.columns);
        const auto rows = static_cast<std::size_t>(held.rows);
        const auto heights = m_terrain.surface();
        const auto reach = [&](double cell) {
            return std::max<std::size_t>(1, static_cast<std::size_t>(m_options.spacing / cell));
        };
        std::vector<float> along(heights.size());
        std::vector<float> highest(heights.size());
        parallel_for(m_execution, rows, [&](std::size_t r) {
            widen(heights.subspan(r * columns), 1, columns, reach(m_terrain.cell_width()),
                  std::span{along}.subspan(r * columns));
        });
        parallel_for(m_execution, columns, [&](std::size_t c) {
            widen(std::span{along}.subspan(c), columns, rows, reach(m_terrain.cell_height()),
                  std::span{highest}.subspan(c));
        });
        std::vector<bool> tops(heights.size());
        for (std::size_t i = 0; i < tops.size(); ++i)
            tops[i] = heights[i] == highest[i] && heights[i] != visibility::Terrain::no_ground;
        return tops;
    }

    /// The first of the finds, none near to one before or far from a road.
    [[nodiscard]] std::vector<Camera> spread(const std::vector<Find>& finds) const {
        const Grid& grid = m_scene.forest.grid();
        const Window& held = m_terrain.window();
        const Roads roads{m_options.roads};
        const double metres = grid.crs.metres_per_unit();
        std::vector<Camera> cameras;
        std::map<std::pair<std::int64_t, std::int64_t>, std::vector<Point>> taken; // by square
        for (const auto& find : finds) {
            if (cameras.size() >= m_options.most)
                break;
            const auto column = held.column + static_cast<std::int64_t>(find.cell) % held.columns;
            const auto row = held.row + static_cast<std::int64_t>(find.cell) / held.columns;
            const Point place = grid.centre(column, row);
            const Point at{static_cast<double>(column) * m_terrain.cell_width(),
                           static_cast<double>(row) * m_terrain.cell_height()};
            const auto i = static_cast<std::int64_t>(at.x / m_options.spacing);
            const auto j = static_cast<std::int64_t>(at.y / m_options.spacing);
            bool near = false;
            for (auto a = i - 1; a <= i + 1; ++a)
                for (auto b = j - 1; b <= j + 1; ++b)
                    if (const auto square = taken.find({a, b}); square != taken.end())
                        for (const auto& other : square->second)
                            near = near ||
                                   std::hypot(other.x - at.x, other.y - at.y) < m_options.spacing;
            if (near || (m_options.area != nullptr && !m_options.area->holds(place)) ||
                (m_options.road_distance > 0 &&
                 roads.distance(place) * metres > m_options.road_distance))
                continue;
            taken[{i, j}].push_back(at);
            Camera camera;
            camera.id = fmt::format("{}{:04}", m_options.prefix, cameras.size() + 1);
            camera.observer.place = place;
            camera.observer.mast = m_options.mast;
            camera.observer.range = m_options.range;
            camera.cost = m_options.cost;
            camera.remark = find.hilltop ? "hilltop" : "looks into unseen forest";
            cameras.push_back(std::move(camera));
        }
        return cameras;
    }

    const Scene& m_scene;
    const FinderOptions& m_options;
    const visibility::Sight& m_sight;
    const Execution& m_execution;
    visibility::Terrain m_terrain;
    std::vector<std::uint32_t> m_seen; ///< by cell: how many of the sample it sees
};

} // namespace

std::vector<LineString> roads_of(spec::Table& table, const Crs& crs) {
    std::vector<LineString> roads;
    const auto layer = vector::transformed(std::move(table.layer()), crs);
    for (const auto& feature : layer.features)
        for (const auto& line : feature.shape.lines)
            roads.push_back(line);
    if (roads.empty())
        throw input_error(fmt::format("layer '{}' holds no lines", layer.name),
                          "give the layer of roads");
    return roads;
}

std::vector<Camera> find_candidates(const Scene& scene, std::span<const std::uint16_t> times,
                                    const FinderOptions& options, const visibility::Sight& sight,
                                    const Execution& execution) {
    if (!(options.spacing > 0))
        throw input_error(fmt::format("a spacing of {} m", options.spacing), "give metres above 0");
    return Finder{scene, options, sight, execution}.find(times);
}

} // namespace riskmap::forest
