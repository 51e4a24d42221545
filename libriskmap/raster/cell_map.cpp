// SPDX-License-Identifier: MIT
#include "cell_map.hpp"

#include <cmath>

namespace riskmap::raster {

/// A transform of this map's own for one thread at a time.
struct CellMap::Lease {
    explicit Lease(const CellMap& map) : owner{map} {
        {
            const std::lock_guard lock{owner.m_mutex};
            if (!owner.m_transforms.empty()) {
                transform = std::move(owner.m_transforms.back());
                owner.m_transforms.pop_back();
            }
        }
        if (!transform)
            transform = std::make_unique<CrsTransform>(owner.m_from.crs, owner.m_to.crs);
    }
    ~Lease() {
        const std::lock_guard lock{owner.m_mutex};
        owner.m_transforms.push_back(std::move(transform));
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    const CellMap& owner;
    std::unique_ptr<CrsTransform> transform;
};

CellMap::CellMap(const Grid& from, const Grid& to) : m_from{from}, m_to{to} {
    if (!(from.crs == to.crs))
        m_transforms.push_back(std::make_unique<CrsTransform>(from.crs, to.crs));
    m_affine = m_transforms.empty();
}

void CellMap::lattice(std::int64_t column, std::int64_t row, std::int64_t columns,
                      std::int64_t rows, double shift, std::vector<Point>& out) const {
    out.resize(static_cast<std::size_t>(columns * rows));
    if (m_affine) {
        for (std::int64_t r = 0; r < rows; ++r)
            for (std::int64_t c = 0; c < columns; ++c)
                out[static_cast<std::size_t>(r * columns + c)] =
                    m_to.to_cells(m_from.from_cells({static_cast<double>(column + c) + shift,
                                                     static_cast<double>(row + r) + shift}));
        return;
    }
    for (std::int64_t step = 16; step >= 1; step /= 2)
        if (try_lattice(column, row, columns, rows, shift, step, out))
            return;
}

Point CellMap::exact(Point cells) const {
    Point place = m_from.from_cells(cells);
    if (!m_affine) {
        const Lease lease{*this};
        place = lease.transform->apply(place);
    }
    return m_to.to_cells(place);
}

Box CellMap::extent(const Window& window) const {
    Box box = m_from.extent_of(window);
    if (!m_affine) {
        const Lease lease{*this};
        box = lease.transform->apply(box);
    }
    return box;
}

void CellMap::transform(std::vector<Point>& places) const {
    std::vector<double> xs(places.size());
    std::vector<double> ys(places.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
        const Point p = m_from.from_cells(places[i]);
        xs[i] = p.x;
        ys[i] = p.y;
    }
    {
        const Lease lease{*this};
        lease.transform->apply(xs, ys);
    }
    for (std::size_t i = 0; i < places.size(); ++i)
        places[i] = m_to.to_cells({xs[i], ys[i]});
}

bool CellMap::try_lattice(std::int64_t column, std::int64_t row, std::int64_t columns,
                          std::int64_t rows, double shift, std::int64_t step,
                          std::vector<Point>& out) const {
    // Knots stand at multiples of the step of the whole grid, so that blocks of
    // any size see the same positions.
    const std::int64_t c0 = column / step * step;
    const std::int64_t r0 = row / step * step;
    const std::int64_t nc = (column + columns - c0 + step - 1) / step + 1;
    const std::int64_t nr = (row + rows - r0 + step - 1) / step + 1;
    std::vector<Point> knots;
    for (std::int64_t j = 0; j < nr; ++j)
        for (std::int64_t i = 0; i < nc; ++i)
            knots.push_back({static_cast<double>(c0 + i * step) + shift,
                             static_cast<double>(r0 + j * step) + shift});
    transform(knots);
    const auto knot = [&](std::int64_t i, std::int64_t j) {
        return knots[static_cast<std::size_t>(j * nc + i)];
    };
    if (step > 1 && !smooth(c0, r0, nc, nr, shift, step, knots))
        return false;
    for (std::int64_t r = 0; r < rows; ++r) {
        const std::int64_t j = (row + r - r0) / step;
        const double v = static_cast<double>((row + r - r0) % step) / static_cast<double>(step);
        for (std::int64_t c = 0; c < columns; ++c) {
            const std::int64_t i = (column + c - c0) / step;
            const double u =
                static_cast<double>((column + c - c0) % step) / static_cast<double>(step);
            const Point a = knot(i, j);
            const Point b = knot(i + 1, j);
            const Point d = knot(i, j + 1);
            const Point e = knot(i + 1, j + 1);
            out[static_cast<std::size_t>(r * columns + c)] = {
                (a.x * (1 - u) + b.x * u) * (1 - v) + (d.x * (1 - u) + e.x * u) * v,
                (a.y * (1 - u) + b.y * u) * (1 - v) + (d.y * (1 - u) + e.y * u) * v};
        }
    }
    return true;
}

bool CellMap::smooth(std::int64_t c0, std::int64_t r0, std::int64_t nc, std::int64_t nr,
                     double shift, std::int64_t step, const std::vector<Point>& knots) const {
    std::vector<Point> middles;
    for (std::int64_t j = 0; j + 1 < nr; ++j)
        for (std::int64_t i = 0; i + 1 < nc; ++i)
            middles.push_back(
                {static_cast<double>(c0 + i * step) + static_cast<double>(step) / 2 + shift,
                 static_cast<double>(r0 + j * step) + static_cast<double>(step) / 2 + shift});
    transform(middles);
    std::size_t k = 0;
    for (std::int64_t j = 0; j + 1 < nr; ++j) {
        for (std::int64_t i = 0; i + 1 < nc; ++i, ++k) {
            const auto at = [&](std::int64_t di, std::int64_t dj) {
                return knots[static_cast<std::size_t>((j + dj) * nc + i + di)];
            };
            const double x = (at(0, 0).x + at(1, 0).x + at(0, 1).x + at(1, 1).x) / 4;
            const double y = (at(0, 0).y + at(1, 0).y + at(0, 1).y + at(1, 1).y) / 4;
            constexpr double close = 1e-3;
            if (!(std::abs(x - middles[k].x) < close && std::abs(y - middles[k].y) < close))
                return false;
        }
    }
    return true;
}

} // namespace riskmap::raster
