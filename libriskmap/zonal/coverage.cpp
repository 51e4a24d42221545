// SPDX-License-Identifier: MIT
#include <riskmap/zonal/coverage.hpp>

#include <cmath>

namespace riskmap::zonal {

namespace {

constexpr double snap_distance = 1e-10; // in cells; rounding of large coordinates is below it
constexpr double nothing = 1e-12;       // a share below this is rounding

double snapped(double value) {
    const double whole = std::round(value);
    return std::abs(value - whole) < snap_distance ? whole : value;
}

/// What an edge leaves in a cell: its height there, and the area to its right.
struct Mark {
    std::int64_t column;
    double height;
    double area;
};

/// Collects the marks of edges in the rows of a window. Edges left of the
/// window mark its first column; edges right of it leave no mark, so that what
/// they close runs on to the window's last column.
class Marks {
  public:
    explicit Marks(const Window& window)
        : m_window{window}, m_rows(static_cast<std::size_t>(window.rows)) {}

    [[nodiscard]] std::vector<Mark>& row(std::int64_t index) {
        return m_rows[static_cast<std::size_t>(index)];
    }

    /// An edge in cells; `sign` turns rings the right way round.
    void add_edge(Point a, Point b, double sign) {
        if (a.y == b.y)
            return;
        if (a.y > b.y) {
            std::swap(a, b);
            sign = -sign;
        }
        const auto top = static_cast<double>(m_window.row);
        const auto bottom = static_cast<double>(m_window.row + m_window.rows);
        const double first = std::max(a.y, top);
        const double last = std::min(b.y, bottom);
        const double slope = (b.x - a.x) / (b.y - a.y);
        const auto x_at = [&](double y) { return y == b.y ? b.x : a.x + (y - a.y) * slope; };
        for (double y = first; y < last;) {
            const double row = std::floor(y);
            const double next = std::min(row + 1, last);
            add_piece(static_cast<std::int64_t>(row) - m_window.row, {x_at(y), y},
                      {x_at(next), next}, sign);
            y = next;
        }
    }

  private:
    /// A piece of an edge within one row.
    void add_piece(std::int64_t row, Point a, Point b, double sign) {
        const auto left = static_cast<double>(m_window.column);
        const auto right = static_cast<double>(m_window.column + m_window.columns);
        double from = a.y;
        double x = a.x;
        const double slope = (b.y - a.y) / (b.x - a.x); // used only where b.x != a.x
        const bool eastward = b.x > a.x;
        while (from < b.y || x != b.x) {
            double to = b.y;
            double end = b.x;
            if (a.x != b.x) {
                const double edge = next_edge(x, eastward, left, right);
                if (eastward ? edge < b.x : edge > b.x) {
                    end = edge;
                    to = std::clamp(a.y + (edge - a.x) * slope, from, b.y);
                }
            }
            mark(row, (x + end) / 2, to - from, sign, left, right);
            if (end == b.x)
                break;
            from = to;
            x = end;
        }
    }
    /// The next column edge to be crossed from x; beyond the window all is one.
    static double next_edge(double x, bool eastward, double left, double right) {
        if (eastward)
            return x < left     ? left
                   : x >= right ? std::numeric_limits<double>::infinity()
                                : std::floor(x) + 1;
        return x > right   ? right
               : x <= left ? -std::numeric_limits<double>::infinity()
                           : std::ceil(x) - 1;
    }
    void mark(std::int64_t row, double x, double height, double sign, double left, double right) {
        if (x >= right || height == 0)
            return;
        const double at = std::max(x, left);
        const double column = std::floor(at);
        m_rows[static_cast<std::size_t>(row)].push_back(
            {static_cast<std::int64_t>(column), sign * height, sign * height * (column + 1 - at)});
    }

    Window m_window;
    std::vector<std::vector<Mark>> m_rows;
};

double clean_share(double share) {
    if (share > 1 - nothing)
        return 1;
    return share < nothing ? 0 : share;
}

void sweep_row(std::vector<Mark>& marks, std::int64_t end, std::vector<Run>& runs) {
    std::stable_sort(marks.begin(), marks.end(),
                     [](const Mark& a, const Mark& b) { return a.column < b.column; });
    double height = 0; // of all edges to the left
    std::int64_t column = marks.empty() ? end : marks.front().column;
    const auto emit = [&](std::int64_t first, std::int64_t last, double share) {
        share = clean_share(share);
        if (first < last && share > 0)
            runs.push_back({first, last - first, share});
    };
    for (std::size_t i = 0; i < marks.size();) {
        const std::int64_t here = marks[i].column;
        emit(column, here, height);
        double area = 0;
        double rise = 0;
        for (; i < marks.size() && marks[i].column == here; ++i) {
            area += marks[i].area;
            rise += marks[i].height;
        }
        emit(here, here + 1, height + area);
        height += rise;
        column = here + 1;
    }
    emit(column, end, height);
}

} // namespace

Coverage::Coverage(const MultiPolygon& shape, const Grid& grid, const Window& window) {
    const Window touched = grid.touching(riskmap::bounds(shape)).intersection(window);
    if (touched.empty())
        return;
    Marks marks{touched};
    const auto add_ring = [&](const Ring& ring, bool outer) {
        if (ring.size() < 3)
            return;
        // Rows run down, so a ring that is counter-clockwise on the map has its
        // inside to the right of its downward edges.
        const double sign = (signed_area(ring) > 0) == outer ? 1 : -1;
        Point before = grid.to_cells(ring.back());
        before = {snapped(before.x), snapped(before.y)};
        for (const auto& vertex : ring) {
            Point here = grid.to_cells(vertex);
            here = {snapped(here.x), snapped(here.y)};
            marks.add_edge(before, here, sign);
            before = here;
        }
    };
    for (const auto& polygon : shape) {
        add_ring(polygon.outer, true);
        for (const auto& hole : polygon.holes)
            add_ring(hole, false);
    }
    m_bounds = touched;
    m_starts.reserve(static_cast<std::size_t>(touched.rows) + 1);
    for (std::int64_t r = 0; r < touched.rows; ++r) {
        m_starts.push_back(m_runs.size());
        sweep_row(marks.row(r), touched.column + touched.columns, m_runs);
    }
    m_starts.push_back(m_runs.size());
}

std::span<const Run> Coverage::row(std::int64_t row) const noexcept {
    if (row < m_bounds.row || row >= m_bounds.row + m_bounds.rows)
        return {};
    const auto r = static_cast<std::size_t>(row - m_bounds.row);
    return {m_runs.data() + m_starts[r], m_runs.data() + m_starts[r + 1]};
}

} // namespace riskmap::zonal
