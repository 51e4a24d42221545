// SPDX-License-Identifier: MIT
#include <riskmap/zonal/rasterise.hpp>

#include <cmath>
#include <map>

#include <riskmap/core/parallel.hpp>
#include <riskmap/geo/length.hpp>

namespace riskmap::zonal {

namespace {

using raster::nodata;
using raster::Source;

std::size_t place(const Window& window, std::int64_t column, std::int64_t row) {
    return static_cast<std::size_t>((row - window.row) * window.columns + column - window.column);
}

class PolygonMeans final : public Source {
  public:
    PolygonMeans(std::vector<Coverage> polygons, std::vector<double> values, const Grid& grid,
                 double valid_share)
        : m_polygons{std::move(polygons)}, m_values{std::move(values)}, m_grid{grid},
          m_valid_share{valid_share} {}
    [[nodiscard]] const Grid& grid() const override { return m_grid; }
    using Source::read;
    void read(const Window& window, std::span<double> out) const override {
        std::vector<double> covered(out.size());
        std::fill(out.begin(), out.end(), 0.0);
        for (std::size_t p = 0; p < m_polygons.size(); ++p) {
            if (std::isnan(m_values[p]))
                continue;
            m_polygons[p].visit(window, [&](std::int64_t row, std::int64_t column,
                                            std::int64_t columns, double share) {
                for (auto i = place(window, column, row),
                          end = i + static_cast<std::size_t>(columns);
                     i < end; ++i) {
                    out[i] += share * m_values[p];
                    covered[i] += share;
                }
            });
        }
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = covered[i] > 0 && covered[i] >= m_valid_share * (1 - 1e-9)
                         ? out[i] / covered[i]
                         : nodata;
    }

  private:
    std::vector<Coverage> m_polygons;
    std::vector<double> m_values;
    Grid m_grid;
    double m_valid_share;
};

class PolygonAreas final : public Source {
  public:
    PolygonAreas(std::vector<Coverage> polygons, const Grid& grid)
        : m_polygons{std::move(polygons)}, m_grid{grid}, m_areas{grid} {}
    [[nodiscard]] const Grid& grid() const override { return m_grid; }
    using Source::read;
    void read(const Window& window, std::span<double> out) const override {
        std::fill(out.begin(), out.end(), 0.0);
        std::vector<double> areas;
        for (const auto& polygon : m_polygons)
            polygon.visit(window, [&](std::int64_t row, std::int64_t column, std::int64_t columns,
                                      double share) {
                areas.resize(static_cast<std::size_t>(columns));
                m_areas.row(column, row, areas);
                auto i = place(window, column, row);
                for (const double area : areas)
                    out[i++] += share * area;
            });
    }

  private:
    std::vector<Coverage> m_polygons;
    Grid m_grid;
    CellAreas m_areas;
};

class UnitCells final : public Source {
  public:
    UnitCells(std::vector<Coverage> polygons, const Grid& grid, double valid_share)
        : m_polygons{std::move(polygons)}, m_grid{grid}, m_valid_share{valid_share} {}
    [[nodiscard]] const Grid& grid() const override { return m_grid; }
    using Source::read;
    void read(const Window& window, std::span<double> out) const override {
        std::fill(out.begin(), out.end(), nodata);
        std::vector<double> most(out.size());
        std::vector<double> covered(out.size());
        for (std::size_t p = 0; p < m_polygons.size(); ++p)
            m_polygons[p].visit(window, [&](std::int64_t row, std::int64_t column,
                                            std::int64_t columns, double share) {
                for (auto i = place(window, column, row),
                          end = i + static_cast<std::size_t>(columns);
                     i < end; ++i) {
                    covered[i] += share;
                    if (share > most[i]) {
                        most[i] = share;
                        out[i] = static_cast<double>(p + 1);
                    }
                }
            });
        for (std::size_t i = 0; i < out.size(); ++i)
            if (covered[i] < m_valid_share * (1 - 1e-9))
                out[i] = nodata;
    }

  private:
    std::vector<Coverage> m_polygons;
    Grid m_grid;
    double m_valid_share;
};

/// Few cells of a large grid have a value; the rest is 0.
class SparseSums final : public Source {
  public:
    explicit SparseSums(const Grid& grid) : m_grid{grid} {}
    void add(std::int64_t column, std::int64_t row, double value) { m_rows[row][column] += value; }
    [[nodiscard]] const Grid& grid() const override { return m_grid; }
    using Source::read;
    void read(const Window& window, std::span<double> out) const override {
        std::fill(out.begin(), out.end(), 0.0);
        for (auto row = m_rows.lower_bound(window.row);
             row != m_rows.end() && row->first < window.row + window.rows; ++row)
            for (auto cell = row->second.lower_bound(window.column);
                 cell != row->second.end() && cell->first < window.column + window.columns; ++cell)
                out[place(window, cell->first, row->first)] = cell->second;
    }

  private:
    Grid m_grid;
    std::map<std::int64_t, std::map<std::int64_t, double>> m_rows;
};

bool within(const Grid& grid, Point cells) {
    return cells.x >= 0 && cells.y >= 0 && cells.x < static_cast<double>(grid.columns) &&
           cells.y < static_cast<double>(grid.rows);
}

/// Where a segment (in cells) crosses lines of the grid, as shares of its length.
std::vector<double> crossings(Point a, Point b, const Grid& grid) {
    std::vector<double> at{0, 1};
    const auto add = [&](double from, double to, std::int64_t most) {
        const double low = std::max(std::min(from, to), -1.0);
        const double high = std::min(std::max(from, to), static_cast<double>(most) + 1);
        for (auto line = static_cast<std::int64_t>(std::floor(low)) + 1;
             static_cast<double>(line) < high; ++line)
            at.push_back((static_cast<double>(line) - from) / (to - from));
    };
    add(a.x, b.x, grid.columns);
    add(a.y, b.y, grid.rows);
    std::sort(at.begin(), at.end());
    return at;
}

} // namespace

std::shared_ptr<const Source> polygon_means(std::vector<Coverage> polygons,
                                            std::vector<double> values, const Grid& grid,
                                            double valid_share) {
    return std::make_shared<PolygonMeans>(std::move(polygons), std::move(values), grid,
                                          valid_share);
}

std::shared_ptr<const Source> polygon_areas(std::vector<Coverage> polygons, const Grid& grid) {
    return std::make_shared<PolygonAreas>(std::move(polygons), grid);
}

std::shared_ptr<const Source> unit_cells(std::vector<Coverage> polygons, const Grid& grid,
                                         double valid_share) {
    return std::make_shared<UnitCells>(std::move(polygons), grid, valid_share);
}

std::shared_ptr<const Source> point_sums(std::span<const Point> points,
                                         std::span<const double> values, const Grid& grid) {
    auto sums = std::make_shared<SparseSums>(grid);
    for (std::size_t i = 0; i < points.size(); ++i) {
        const Point cells = grid.to_cells(points[i]);
        if (within(grid, cells))
            sums->add(static_cast<std::int64_t>(cells.x), static_cast<std::int64_t>(cells.y),
                      std::isfinite(values[i]) ? values[i] : nodata);
    }
    return sums;
}

std::shared_ptr<const Source> line_lengths(std::span<const LineString> lines, const Grid& grid) {
    auto sums = std::make_shared<SparseSums>(grid);
    const TrueLengths length{grid.crs};
    for (const auto& line : lines)
        for (std::size_t k = 0; k + 1 < line.size(); ++k) {
            const Point a = grid.to_cells(line[k]);
            const Point b = grid.to_cells(line[k + 1]);
            if (!std::isfinite(a.x + a.y + b.x + b.y))
                continue;
            const auto at = crossings(a, b, grid);
            const auto point = [&](double t) {
                return Point{a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
            };
            for (std::size_t i = 0; i + 1 < at.size(); ++i) {
                const Point middle = point((at[i] + at[i + 1]) / 2);
                if (at[i] < at[i + 1] && within(grid, middle))
                    sums->add(
                        static_cast<std::int64_t>(middle.x), static_cast<std::int64_t>(middle.y),
                        length(grid.from_cells(point(at[i])), grid.from_cells(point(at[i + 1]))));
            }
        }
    return sums;
}

std::shared_ptr<const Source> downscaled(std::span<const Coverage> units,
                                         std::span<const double> totals,
                                         const std::shared_ptr<const Source>& weights,
                                         const Execution& execution) {
    const Grid grid = weights->grid();
    const Window whole = grid.window();
    std::vector<double> cells(whole.size(), nodata);
    const auto weight = weights->read(whole);
    const auto each_cell = [&](const Coverage& unit, auto&& use) {
        unit.visit(whole, [&](std::int64_t row, std::int64_t column, std::int64_t columns,
                              double share) {
            for (auto i = place(whole, column, row), end = i + static_cast<std::size_t>(columns);
                 i < end; ++i)
                use(i, share);
        });
    };
    for (std::size_t u = 0; u < units.size(); ++u) {
        execution.progress.check();
        if (std::isnan(totals[u]))
            continue;
        double sum = 0;
        double area = 0;
        each_cell(units[u], [&](std::size_t i, double share) {
            area += share;
            if (weight[i] > 0)
                sum += share * weight[i];
        });
        const bool even = sum <= 0;
        each_cell(units[u], [&](std::size_t i, double share) {
            const double part =
                even ? share / area : share * (weight[i] > 0 ? weight[i] : 0.0) / sum;
            cells[i] = (std::isnan(cells[i]) ? 0 : cells[i]) + totals[u] * part;
        });
    }
    return std::make_shared<raster::InMemory>(grid, std::move(cells));
}

} // namespace riskmap::zonal
