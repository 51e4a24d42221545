// SPDX-License-Identifier: MIT
#include <riskmap/raster/point_values.hpp>

#include <algorithm>
#include <cmath>

#include <riskmap/core/parallel.hpp>

namespace riskmap::raster {

namespace {

constexpr std::int64_t block = 256;

struct Visit {
    std::int64_t block;
    std::size_t point;
};

/// Part of a raster with a rim of one cell.
class Part {
  public:
    Part(const Source& source, const Window& window) : m_window{window}, m_cells(window.size()) {
        source.read(window, m_cells);
    }
    [[nodiscard]] double at(std::int64_t column, std::int64_t row) const {
        return m_cells[static_cast<std::size_t>((row - m_window.row) * m_window.columns + column -
                                                m_window.column)];
    }

  private:
    Window m_window;
    std::vector<double> m_cells;
};

/// std::lerp may swallow a NaN.
double mixed(double a, double b, double share) {
    return a + share * (b - a);
}

double between(const Part& part, Point cells, double own) {
    const double x = cells.x - 0.5;
    const double y = cells.y - 0.5;
    const auto column = static_cast<std::int64_t>(std::floor(x));
    const auto row = static_cast<std::int64_t>(std::floor(y));
    const double u = x - std::floor(x);
    const double v = y - std::floor(y);
    const double upper = mixed(part.at(column, row), part.at(column + 1, row), u);
    const double lower = mixed(part.at(column, row + 1), part.at(column + 1, row + 1), u);
    const double value = mixed(upper, lower, v);
    return std::isnan(value) ? own : value;
}

} // namespace

std::vector<double> values_at(const Source& source, std::span<const Point> points,
                              Sampling sampling, const Execution& execution) {
    const Grid& grid = source.grid();
    const std::int64_t across = (grid.columns + block - 1) / block;
    std::vector<double> values(points.size(), nodata);
    std::vector<Visit> visits;
    for (std::size_t i = 0; i < points.size(); ++i)
        if (const auto cell = grid.cell_at(points[i]))
            visits.push_back({cell->row / block * across + cell->column / block, i});
    std::stable_sort(visits.begin(), visits.end(),
                     [](const Visit& a, const Visit& b) { return a.block < b.block; });
    std::vector<std::size_t> starts;
    for (std::size_t v = 0; v < visits.size(); ++v)
        if (v == 0 || visits[v].block != visits[v - 1].block)
            starts.push_back(v);
    starts.push_back(visits.size());
    parallel_for(execution, starts.size() - 1, [&](std::size_t s) {
        execution.progress.check();
        const auto number = visits[starts[s]].block;
        const Part part{
            source,
            {number % across * block - 1, number / across * block - 1, block + 2, block + 2}};
        for (auto v = starts[s]; v < starts[s + 1]; ++v) {
            const auto& point = points[visits[v].point];
            const auto cell = grid.cell_at(point);
            const double own = part.at(cell->column, cell->row);
            values[visits[v].point] =
                sampling == Sampling::nearest ? own : between(part, grid.to_cells(point), own);
        }
    });
    return values;
}

} // namespace riskmap::raster
