// SPDX-License-Identifier: MIT
#include <riskmap/visibility/viewshed.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/parallel.hpp>
#include <riskmap/core/vectorised.hpp>

#include "horizon.hpp"
#include "line_of_sight.hpp"

namespace riskmap::visibility {

namespace {

constexpr std::int64_t most_rings = 16384; // whole positions of bins in 32 bits

void check(const Observer& observer, const Grid& grid) {
    if (!std::isfinite(observer.mast) || observer.mast < 0)
        throw input_error(fmt::format("a mast of {} m", observer.mast),
                          "give its height above ground");
    const double cell = std::min(grid.cell_width, grid.cell_height) * grid.crs.metres_per_unit();
    if (std::isnan(observer.range) || observer.range < cell)
        throw input_error(
            fmt::format("a range of {} m is shorter than a cell ({} m)", observer.range, cell),
            "ranges are in metres");
    if (std::isnan(observer.least_range) || observer.least_range < 0 ||
        observer.least_range >= observer.range)
        throw input_error(fmt::format("the range begins at {} m and ends at {} m",
                                      observer.least_range, observer.range),
                          "the end must lie beyond the beginning");
    if (std::isnan(observer.tilt_from) || std::isnan(observer.tilt_to) ||
        observer.tilt_from > observer.tilt_to)
        throw input_error(fmt::format("the tilt goes from {} to {} degrees", observer.tilt_from,
                                      observer.tilt_to),
                          "give the lower limit first: -90 is straight down");
    if (!std::isfinite(observer.azimuth_from) || !std::isfinite(observer.azimuth_to))
        throw input_error("the sector is no pair of angles", "give degrees clockwise from north");
}

Cell cell_of(const Grid& grid, const Observer& observer) {
    if (const auto cell = grid.cell_at(observer.place))
        return *cell;
    throw input_error(fmt::format("the observer at {:.10g},{:.10g} is outside the height model",
                                  observer.place.x, observer.place.y),
                      fmt::format("coordinates are those of {}", grid.crs.name()));
}

/// Limits of direction and tilt.
class Aim {
  public:
    explicit Aim(const Observer& observer) {
        constexpr double degree = std::numbers::pi / 180;
        m_width = observer.azimuth_to - observer.azimuth_from;
        m_all_round = m_width >= 360;
        m_from = observer.azimuth_from;
        m_width -= 360 * std::floor(m_width / 360);
        m_any_tilt = observer.tilt_from <= -90 && observer.tilt_to >= 90;
        m_low = observer.tilt_from <= -90 ? -std::numeric_limits<double>::infinity()
                                          : std::tan(observer.tilt_from * degree);
        m_high = observer.tilt_to >= 90 ? std::numeric_limits<double>::infinity()
                                        : std::tan(observer.tilt_to * degree);
    }
    [[nodiscard]] bool anywhere() const noexcept { return m_all_round && m_any_tilt; }
    /// A target so many metres east, north and above the eye.
    [[nodiscard]] bool includes(double east, double north, double above) const noexcept {
        if (!m_all_round) {
            double turn = std::atan2(east, north) * 180 / std::numbers::pi - m_from;
            turn -= 360 * std::floor(turn / 360);
            if (turn > m_width)
                return false;
        }
        const double slope = above / std::hypot(east, north);
        return m_any_tilt || (slope >= m_low && slope <= m_high);
    }

  private:
    double m_from;
    double m_width;
    bool m_all_round;
    bool m_any_tilt;
    double m_low;
    double m_high;
};

/// Steps of rings and of cells in a ring: columns and rows.
struct Direction {
    int k_column, k_row, j_column, j_row;
};
constexpr std::array<Direction, 8> directions{{{1, 0, 0, 1},
                                               {1, 0, 0, -1},
                                               {-1, 0, 0, 1},
                                               {-1, 0, 0, -1},
                                               {0, 1, 1, 0},
                                               {0, 1, -1, 0},
                                               {0, -1, 1, 0},
                                               {0, -1, -1, 0}}};

/// Cells from `at` to the last one of `size` in the direction of `step`.
std::int64_t room(std::int64_t at, std::int64_t size, int step) {
    return step > 0 ? size - 1 - at : at;
}

/// Heights of a ring become slopes from the eye, of the ground in place and of targets on it.
RISKMAP_VECTORISED void find_slopes(float* __restrict ground, const double* __restrict lowering,
                                    double eye, float share, float target, std::size_t n,
                                    float* __restrict targets) {
    for (std::size_t j = 0; j < n; ++j) {
        const auto above = static_cast<float>(static_cast<double>(ground[j]) - eye - lowering[j]);
        ground[j] = above * share;
        targets[j] = (above + target) * share;
    }
}

class OctantView {
  public:
    OctantView(const Terrain& terrain, const Observer& observer, const Sight& sight, const Aim& aim,
               Cell cell, const Direction& direction, Viewshed& out)
        : m_observer{observer}, m_sight{sight}, m_aim{aim}, m_direction{direction} {
        const Window& window = out.window;
        const Window& held = terrain.window();
        const Cell in_window{cell.column - window.column, cell.row - window.row};
        const bool across = direction.k_column != 0;
        m_rings = across ? room(in_window.column, window.columns, direction.k_column)
                         : room(in_window.row, window.rows, direction.k_row);
        m_most_cells = across ? room(in_window.row, window.rows, direction.j_row)
                              : room(in_window.column, window.columns, direction.j_column);
        m_octant.k_length = across ? terrain.cell_width() : terrain.cell_height();
        m_octant.j_length = across ? terrain.cell_height() : terrain.cell_width();
        m_octant.k_step = direction.k_column + direction.k_row * held.columns;
        m_octant.j_step = direction.j_column + direction.j_row * held.columns;
        m_octant.origin = terrain.surface().data() +
                          ((cell.row - held.row) * held.columns + cell.column - held.column);
        m_octant.eye = static_cast<double>(terrain.bare(cell.column, cell.row)) + observer.mast;
        m_octant.curvature = (1 - sight.refraction) / (2 * earth_radius);
        m_out = out.cells.data() + (in_window.row * window.columns + in_window.column);
        m_out_k = direction.k_column + direction.k_row * window.columns;
        m_out_j = direction.j_column + direction.j_row * window.columns;
    }

    void look() {
        const double longest = std::max(m_octant.k_length, m_octant.j_length);
        Horizon horizon{
            m_rings, static_cast<float>(std::abs(m_octant.curvature) * longest * longest * 0.26)};
        const auto n = static_cast<std::size_t>(m_rings) + 2;
        m_lowering.resize(n);
        for (std::size_t j = 0; j < n; ++j) {
            const double y = static_cast<double>(j) * m_octant.j_length;
            m_lowering[j] = m_octant.curvature * y * y;
        }
        std::vector<float> ground(n);
        std::vector<float> targets(n);
        std::vector<Verdict> verdicts(n);
        for (std::int64_t k = 1; k <= m_rings; ++k) {
            const auto last = last_within(k, m_observer.range);
            if (last < 0)
                break;
            // One cell more: lines of sight to the last one pass between the two.
            const auto cells = static_cast<std::size_t>(std::min({last + 1, k, m_most_cells})) + 1;
            read_ring(k, std::span{ground}.first(cells), targets);
            const auto within = std::span{verdicts}.first(static_cast<std::size_t>(last) + 1);
            horizon.judge(k, std::span{targets}.first(within.size()), within);
            write(k, within);
            horizon.extend(k, std::span{ground}.first(cells));
        }
    }

  private:
    /// The last cell of ring k within a distance that lies in the window; -1: none.
    [[nodiscard]] std::int64_t last_within(std::int64_t k, double distance) const {
        const auto most = std::min(k, m_most_cells);
        const auto inside = [&](std::int64_t j) { return distance_to(k, j) <= distance; };
        if (inside(most))
            return most;
        const double x = static_cast<double>(k) * m_octant.k_length;
        const double rest = distance * distance - x * x;
        auto j =
            rest < 0
                ? -1
                : std::min(most, static_cast<std::int64_t>(std::sqrt(rest) / m_octant.j_length));
        while (j >= 0 && !inside(j))
            --j;
        while (j < most && inside(j + 1))
            ++j;
        return j;
    }
    [[nodiscard]] double distance_to(std::int64_t k, std::int64_t j) const {
        const double x = static_cast<double>(k) * m_octant.k_length;
        const double y = static_cast<double>(j) * m_octant.j_length;
        return std::sqrt(x * x + y * y);
    }

    void read_ring(std::int64_t k, std::span<float> ground, std::vector<float>& targets) {
        const float* cell = m_octant.origin + k * m_octant.k_step;
        for (auto& height : ground) {
            height = *cell;
            cell += m_octant.j_step;
        }
        const double x = static_cast<double>(k) * m_octant.k_length;
        find_slopes(ground.data(), m_lowering.data(), m_octant.eye + m_octant.curvature * x * x,
                    1.0F / static_cast<float>(k), static_cast<float>(m_sight.target), ground.size(),
                    targets.data());
    }

    void write(std::int64_t k, std::span<Verdict> verdicts) const {
        const auto n = static_cast<std::int64_t>(verdicts.size());
        const auto near =
            m_observer.least_range > 0 ? std::min(n, nearest_beyond(k, m_observer.least_range)) : 0;
        std::fill_n(verdicts.begin(), near, Verdict::below);
        if (!m_aim.anywhere())
            for (auto j = near; j < n; ++j)
                if (!aimed_at(k, j))
                    verdicts[static_cast<std::size_t>(j)] = Verdict::below;
        for (auto at = std::find(verdicts.begin(), verdicts.end(), Verdict::undecided);
             at != verdicts.end(); at = std::find(at, verdicts.end(), Verdict::undecided))
            *at = is_hidden(m_octant, k, at - verdicts.begin(), m_sight.target) ? Verdict::below
                                                                                : Verdict::above;
        // The axis and the diagonal belong to two octants each; one writes them.
        const std::int64_t first = m_direction.j_column + m_direction.j_row < 0 ? 1 : 0;
        const auto end = m_direction.k_column == 0 ? std::min(k, n) : n;
        auto* out = m_out + k * m_out_k + first * m_out_j;
        for (auto j = first; j < end; ++j, out += m_out_j)
            *out = static_cast<std::uint8_t>(verdicts[static_cast<std::size_t>(j)]);
    }
    [[nodiscard]] std::int64_t nearest_beyond(std::int64_t k, double distance) const {
        std::int64_t j = 0;
        while (j <= k && distance_to(k, j) < distance)
            ++j;
        return j;
    }
    [[nodiscard]] bool aimed_at(std::int64_t k, std::int64_t j) const {
        const auto right = static_cast<double>(k * m_direction.k_column + j * m_direction.j_column);
        const auto down = static_cast<double>(k * m_direction.k_row + j * m_direction.j_row);
        const bool across = m_direction.k_column != 0;
        const double width = across ? m_octant.k_length : m_octant.j_length;
        const double height = across ? m_octant.j_length : m_octant.k_length;
        const double above = static_cast<double>(m_octant.height(k, j)) + m_sight.target -
                             m_octant.eye - m_octant.lowering(k, j);
        return m_aim.includes(right * width, -down * height, above);
    }
    const Observer& m_observer;
    const Sight& m_sight;
    const Aim& m_aim;
    Direction m_direction;
    Octant m_octant;
    std::vector<double> m_lowering; ///< by curvature across the octant, for each j
    std::int64_t m_rings;
    std::int64_t m_most_cells;
    std::uint8_t* m_out;
    std::ptrdiff_t m_out_k;
    std::ptrdiff_t m_out_j;
};

} // namespace

Window within_range(const Grid& grid, const Observer& observer) {
    require_metric(grid);
    check(observer, grid);
    const Cell cell = cell_of(grid, observer);
    const double metres = grid.crs.metres_per_unit();
    const auto reach = [&](double cell_size, std::int64_t most) {
        const double cells = std::floor(observer.range / (cell_size * metres) + 1e-9);
        return cells < static_cast<double>(most) ? static_cast<std::int64_t>(cells) : most;
    };
    const auto columns = reach(grid.cell_width, grid.columns);
    const auto rows = reach(grid.cell_height, grid.rows);
    const auto window =
        Window{cell.column - columns, cell.row - rows, 2 * columns + 1, 2 * rows + 1}.intersection(
            grid.window());
    if (std::max(window.columns, window.rows) > most_rings)
        throw input_error(
            fmt::format("{} x {} cells lie within range", window.columns, window.rows),
            fmt::format("give a range of at most {:.0f} m",
                        std::floor(most_rings / 2.0 * metres *
                                   std::min(grid.cell_width, grid.cell_height))));
    return window;
}

Viewshed viewshed(const Terrain& terrain, const Observer& observer, const Sight& sight,
                  const Execution& execution) {
    Viewshed out;
    out.window = within_range(terrain.grid(), observer);
    if (out.window.intersection(terrain.window()) != out.window)
        throw Error{ErrorKind::internal, "the terrain does not reach as far as the observer"};
    if (!std::isfinite(sight.target) || sight.target < 0)
        throw input_error(fmt::format("a target height of {} m", sight.target),
                          "give its height above ground, 0 or more");
    if (!std::isfinite(sight.refraction))
        throw input_error("the refraction is no number", "the usual one is 0.13");
    const Cell cell = cell_of(terrain.grid(), observer);
    if (terrain.bare(cell.column, cell.row) == Terrain::no_ground)
        throw input_error(
            fmt::format("the observer at {:.10g},{:.10g} stands on a cell without data",
                        observer.place.x, observer.place.y),
            "move it, or mend the height model there");
    out.cells.assign(out.window.size(), hidden);
    const Aim aim{observer};
    parallel_for(execution, directions.size(), [&](std::size_t i) {
        OctantView{terrain, observer, sight, aim, cell, directions[i], out}.look();
    });
    const auto at = static_cast<std::size_t>((cell.row - out.window.row) * out.window.columns +
                                             cell.column - out.window.column);
    out.cells[at] = observer.least_range > 0 ? hidden : seen;
    const Window& held = terrain.window();
    for (std::int64_t r = 0; r < out.window.rows; ++r) {
        const float* ground =
            terrain.surface().data() +
            ((out.window.row + r - held.row) * held.columns + out.window.column - held.column);
        auto* row = out.cells.data() + r * out.window.columns;
        for (std::int64_t c = 0; c < out.window.columns; ++c)
            row[c] = ground[c] == Terrain::no_ground ? no_data : row[c];
    }
    return out;
}

} // namespace riskmap::visibility
