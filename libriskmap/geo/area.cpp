// SPDX-License-Identifier: MIT
#include <riskmap/geo/grid.hpp>

#include <array>
#include <cmath>
#include <memory>
#include <numbers>

#include <geodesic.h>
#include <proj.h>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>

#include "gdal.hpp"

namespace riskmap {

namespace {

struct FreeContext {
    void operator()(PJ_CONTEXT* context) const noexcept { proj_context_destroy(context); }
};
struct FreeProjection {
    void operator()(PJ* projection) const noexcept { proj_destroy(projection); }
};
using Context = std::unique_ptr<PJ_CONTEXT, FreeContext>;
using Projection = std::unique_ptr<PJ, FreeProjection>;

struct Ellipsoid {
    double a = 6378137.0;
    double f = 1 / 298.257222101; ///< GRS 80, that of CGCS2000
};

Ellipsoid ellipsoid_of(PJ_CONTEXT* context, PJ* crs) {
    const Projection ellipsoid{proj_get_ellipsoid(context, crs)};
    Ellipsoid out;
    double inverse = 0;
    if (ellipsoid && proj_ellipsoid_get_parameters(context, ellipsoid.get(), &out.a, nullptr,
                                                   nullptr, &inverse) != 0)
        out.f = inverse == 0 ? 0 : 1 / inverse;
    return out;
}

/// Area between the equator and a latitude per radian of longitude.
/// Source: Snyder 1987, USGS Professional Paper 1395, eq. 3-12.
double area_from_equator(const Ellipsoid& ellipsoid, double latitude) {
    const double e2 = ellipsoid.f * (2 - ellipsoid.f);
    const double e = std::sqrt(e2);
    const double s = std::sin(latitude);
    const double tail = e == 0 ? s : std::atanh(e * s) / e;
    return ellipsoid.a * ellipsoid.a * (1 - e2) / 2 * (s / (1 - e2 * s * s) + tail);
}

/// True square metres under one square unit of a projected CRS: the Jacobian of
/// the way back to degrees, by central differences over `step` (their error,
/// about (step / earth's radius)^2, is below 1e-9), times the ellipsoid's area
/// element M N cos(latitude).
double true_area_of_unit(const Ellipsoid& ellipsoid, PJ* to_degrees, Point place, double step) {
    constexpr double radian = std::numbers::pi / 180;
    const auto degrees = [&](double dx, double dy) {
        return proj_trans(to_degrees, PJ_FWD, proj_coord(place.x + dx, place.y + dy, 0, 0)).lp;
    };
    const auto east = degrees(step, 0);
    const auto west = degrees(-step, 0);
    const auto north = degrees(0, step);
    const auto south = degrees(0, -step);
    const double jacobian = ((east.lam - west.lam) * (north.phi - south.phi) -
                             (north.lam - south.lam) * (east.phi - west.phi)) *
                            radian * radian / (4 * step * step);
    const double latitude = degrees(0, 0).phi * radian;
    const double e2 = ellipsoid.f * (2 - ellipsoid.f);
    const double w2 = 1 - e2 * std::sin(latitude) * std::sin(latitude);
    return std::abs(jacobian) * ellipsoid.a * ellipsoid.a * (1 - e2) / (w2 * w2) *
           std::cos(latitude);
}

struct ProjCrs {
    Context context;
    Projection crs;
    Ellipsoid ellipsoid;
};

ProjCrs open_crs(const Crs& crs) {
    if (crs.empty())
        throw input_error("areas need a CRS", "give the layer its CRS");
    ProjCrs out;
    out.context.reset(proj_context_create());
    proj_log_level(out.context.get(), PJ_LOG_NONE);
    proj_context_set_enable_network(out.context.get(), 0);
    out.crs.reset(proj_create(out.context.get(), crs.wkt().c_str()));
    if (!out.crs && !Projection{proj_create(out.context.get(), "EPSG:4326")})
        throw gdal::no_crs_database();
    if (!out.crs)
        throw input_error(fmt::format("PROJ does not know the CRS {}", crs.name()),
                          "there is too little memory for it, or it is of a kind without areas");
    out.ellipsoid = ellipsoid_of(out.context.get(), out.crs.get());
    return out;
}

} // namespace

CellAreas::CellAreas(const Grid& grid) : m_grid{grid} {
    const ProjCrs proj = open_crs(grid.crs);
    constexpr double radian = std::numbers::pi / 180;
    if (grid.crs.geographic()) {
        m_by_row.resize(static_cast<std::size_t>(grid.rows));
        double north = area_from_equator(proj.ellipsoid, grid.top * radian);
        for (std::int64_t row = 0; row < grid.rows; ++row) {
            const double south = area_from_equator(
                proj.ellipsoid,
                (grid.top - static_cast<double>(row + 1) * grid.cell_height) * radian);
            m_by_row[static_cast<std::size_t>(row)] = (north - south) * grid.cell_width * radian;
            north = south;
        }
        return;
    }
    const Projection base{proj_crs_get_geodetic_crs(proj.context.get(), proj.crs.get())};
    const Projection way{proj_create_crs_to_crs_from_pj(proj.context.get(), proj.crs.get(),
                                                        base.get(), nullptr, nullptr)};
    const Projection east_north{
        way ? proj_normalize_for_visualization(proj.context.get(), way.get()) : nullptr};
    if (!east_north)
        throw input_error(fmt::format("PROJ cannot compute areas in {}", grid.crs.name()));
    const double planar = grid.cell_width * grid.cell_height;
    const double step = 100 / grid.crs.metres_per_unit();
    m_lattice.assign(static_cast<std::size_t>(knots * knots), planar);
    for (std::int64_t j = 0; j < knots; ++j) {
        for (std::int64_t i = 0; i < knots; ++i) {
            const Point place = grid.from_cells(
                {static_cast<double>(i) / (knots - 1) * static_cast<double>(grid.columns),
                 static_cast<double>(j) / (knots - 1) * static_cast<double>(grid.rows)});
            const double scale = true_area_of_unit(proj.ellipsoid, east_north.get(), place, step);
            if (std::isfinite(scale) && scale > 0)
                m_lattice[static_cast<std::size_t>(j * knots + i)] = planar * scale;
        }
    }
}

double CellAreas::at(std::int64_t column, std::int64_t row) const noexcept {
    double area = 0;
    this->row(column, row, std::span{&area, 1});
    return area;
}

void CellAreas::row(std::int64_t column, std::int64_t row, std::span<double> areas) const noexcept {
    if (!m_by_row.empty()) {
        std::fill(areas.begin(), areas.end(), m_by_row[static_cast<std::size_t>(row)]);
        return;
    }
    // The areal scale bends so slowly that a bilinear lattice holds it to 1e-8 on a city.
    const auto place = [](double cells, std::int64_t size, std::int64_t& knot) {
        const double at = cells / static_cast<double>(size) * (knots - 1);
        knot = std::min<std::int64_t>(static_cast<std::int64_t>(at), knots - 2);
        return at - static_cast<double>(knot);
    };
    std::int64_t j = 0;
    const double v = place(static_cast<double>(row) + 0.5, m_grid.rows, j);
    const double* upper = &m_lattice[static_cast<std::size_t>(j * knots)];
    const double* lower = upper + knots;
    for (std::size_t k = 0; k < areas.size(); ++k) {
        std::int64_t i = 0;
        const double u =
            place(static_cast<double>(column) + static_cast<double>(k) + 0.5, m_grid.columns, i);
        areas[k] = (upper[i] * (1 - u) + upper[i + 1] * u) * (1 - v) +
                   (lower[i] * (1 - u) + lower[i + 1] * u) * v;
    }
}

struct TrueAreas::State {
    ProjCrs proj;
    Projection way; ///< to degrees; null if there already
    geod_geodesic geodesic{};

    explicit State(const Crs& crs) : proj{open_crs(crs)} {
        geod_init(&geodesic, proj.ellipsoid.a, proj.ellipsoid.f);
        if (crs.geographic())
            return;
        const Projection base{proj_crs_get_geodetic_crs(proj.context.get(), proj.crs.get())};
        const Projection raw{proj_create_crs_to_crs_from_pj(proj.context.get(), proj.crs.get(),
                                                            base.get(), nullptr, nullptr)};
        way.reset(raw ? proj_normalize_for_visualization(proj.context.get(), raw.get()) : nullptr);
        if (!way)
            throw input_error(fmt::format("PROJ cannot compute areas in {}", crs.name()));
    }
    [[nodiscard]] double of_ring(const Ring& ring) const {
        geod_polygon polygon;
        geod_polygon_init(&polygon, 0);
        const bool closed = ring.size() > 1 && ring.front() == ring.back();
        for (std::size_t i = 0; i + (closed ? 1 : 0) < ring.size(); ++i) {
            PJ_COORD at = proj_coord(ring[i].x, ring[i].y, 0, 0);
            if (way)
                at = proj_trans(way.get(), PJ_FWD, at);
            geod_polygon_addpoint(&geodesic, &polygon, at.lp.phi, at.lp.lam);
        }
        double area = 0;
        double perimeter = 0;
        geod_polygon_compute(&geodesic, &polygon, 0, 1, &area, &perimeter);
        return std::abs(area);
    }
};

TrueAreas::TrueAreas(const Crs& crs) : m_state{std::make_unique<State>(crs)} {}
TrueAreas::~TrueAreas() = default;

double TrueAreas::operator()(const MultiPolygon& shape) const {
    double total = 0;
    for (const auto& polygon : shape) {
        total += m_state->of_ring(polygon.outer);
        for (const auto& hole : polygon.holes)
            total -= m_state->of_ring(hole);
    }
    return total;
}

double true_area(const MultiPolygon& shape, const Crs& crs) {
    return TrueAreas{crs}(shape);
}

} // namespace riskmap
