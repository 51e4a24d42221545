// SPDX-License-Identifier: MIT
#include <riskmap/geo/crs.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <type_traits>

#include <cpl_conv.h>
#include <fmt/format.h>
#include <ogr_spatialref.h>
#include <ogr_srs_api.h>

#include <riskmap/core/error.hpp>
#include <riskmap/geo/length.hpp>

#include "gdal.hpp"

namespace riskmap {

namespace {

struct FreeReference {
    void operator()(OGRSpatialReferenceH reference) const noexcept {
        OSRDestroySpatialReference(reference);
    }
};
using Reference = std::unique_ptr<std::remove_pointer_t<OGRSpatialReferenceH>, FreeReference>;

Reference reference_of(const std::string& text) {
    gdal::start();
    if (text.find("://") != std::string::npos || text.starts_with("/vsi"))
        throw input_error(
            fmt::format("not a coordinate reference system: '{}'", text.substr(0, 60)),
            "an address is not fetched; write it as EPSG:4549");
    Reference reference{OSRNewSpatialReference(nullptr)};
    const gdal::Messages messages;
    const auto within = gdal::list_of({"ALLOW_NETWORK_ACCESS=NO", "ALLOW_FILE_ACCESS=NO"});
    if (OGRSpatialReference::FromHandle(reference.get())
            ->SetFromUserInput(text.c_str(), within.get()) != OGRERR_NONE) {
        if (OSRImportFromEPSG(reference.get(), 4326) != OGRERR_NONE)
            throw gdal::no_crs_database();
        throw input_error(
            fmt::format("not a coordinate reference system: '{}'", text.substr(0, 60)),
            "write it as EPSG:4549 (CGCS2000, 3-degree zone at 120 E)");
    }
    OSRSetAxisMappingStrategy(reference.get(), OAMS_TRADITIONAL_GIS_ORDER);
    return reference;
}

std::string wkt_of(OGRSpatialReferenceH reference) {
    char* text = nullptr;
    OSRExportToWkt(reference, &text);
    std::string wkt = text == nullptr ? "" : text;
    CPLFree(text);
    return wkt;
}

} // namespace

Crs Crs::parse(const std::string& text) {
    Crs crs;
    crs.m_wkt = wkt_of(reference_of(text).get());
    return crs;
}

Crs Crs::wgs84() {
    static const Crs crs = parse("EPSG:4326");
    return crs;
}

std::string Crs::name() const {
    if (empty())
        return "no CRS";
    const auto reference = reference_of(m_wkt);
    const char* authority = OSRGetAuthorityName(reference.get(), nullptr);
    const char* code = OSRGetAuthorityCode(reference.get(), nullptr);
    if (authority != nullptr && code != nullptr)
        return fmt::format("{}:{}", authority, code);
    const char* name = OSRGetName(reference.get());
    return name == nullptr ? "unnamed" : name;
}

std::string Crs::title() const {
    if (empty())
        return name();
    const auto reference = reference_of(m_wkt);
    const char* own = OSRGetName(reference.get());
    const auto code = name();
    return own == nullptr || code == own ? code : fmt::format("{} ({})", own, code);
}

bool Crs::geographic() const {
    return !empty() && OSRIsGeographic(reference_of(m_wkt).get()) != 0;
}

double Crs::metres_per_unit() const {
    if (empty() || geographic())
        return 0;
    return OSRGetLinearUnits(reference_of(m_wkt).get(), nullptr);
}

bool Crs::same(const Crs& other) const {
    if (m_wkt == other.m_wkt)
        return true;
    if (empty() || other.empty())
        return false;
    return OSRIsSame(reference_of(m_wkt).get(), reference_of(other.m_wkt).get()) != 0;
}

void CrsTransform::Free::operator()(void* transform) const noexcept {
    OCTDestroyCoordinateTransformation(static_cast<OGRCoordinateTransformationH>(transform));
}

CrsTransform::CrsTransform(const Crs& from, const Crs& to) {
    if (from.empty() || to.empty())
        throw input_error(
            "cannot transform coordinates without a CRS on both sides",
            "give the layer its CRS, for example with gdal_edit.py -a_srs or ogr2ogr -a_srs");
    if (from == to)
        return;
    const gdal::Messages messages;
    m_transform.reset(OCTNewCoordinateTransformation(reference_of(from.wkt()).get(),
                                                     reference_of(to.wkt()).get()));
    if (!m_transform)
        throw input_error(
            fmt::format("no way from {} to {}: {}", from.name(), to.name(), messages.text()),
            "there is too little memory for it, or they are not of one planet");
}

CrsTransform::~CrsTransform() = default;
CrsTransform::CrsTransform(CrsTransform&&) noexcept = default;
CrsTransform& CrsTransform::operator=(CrsTransform&&) noexcept = default;

void CrsTransform::apply(std::span<double> xs, std::span<double> ys) const {
    if (identity())
        return;
    const gdal::Messages messages;
    std::vector<int> done(xs.size());
    OCTTransformEx(static_cast<OGRCoordinateTransformationH>(m_transform.get()),
                   static_cast<int>(xs.size()), xs.data(), ys.data(), nullptr, done.data());
    for (std::size_t i = 0; i < xs.size(); ++i) {
        if (done[i] == 0 || !std::isfinite(xs[i]) || !std::isfinite(ys[i]))
            xs[i] = ys[i] = std::numeric_limits<double>::quiet_NaN();
    }
}

Point CrsTransform::apply(Point point) const {
    apply(std::span{&point.x, 1}, std::span{&point.y, 1});
    return point;
}

std::vector<Point> CrsTransform::apply(std::vector<Point> points) const {
    if (identity())
        return points;
    std::vector<double> xs(points.size());
    std::vector<double> ys(points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        xs[i] = points[i].x;
        ys[i] = points[i].y;
    }
    apply(xs, ys);
    for (std::size_t i = 0; i < points.size(); ++i)
        points[i] = {xs[i], ys[i]};
    return points;
}

MultiPolygon CrsTransform::apply(MultiPolygon shape) const {
    for (auto& polygon : shape) {
        polygon.outer = apply(std::move(polygon.outer));
        for (auto& hole : polygon.holes)
            hole = apply(std::move(hole));
    }
    return shape;
}

Box CrsTransform::apply(const Box& box) const {
    if (identity() || box.empty())
        return box;
    constexpr int steps = 20;
    Box out;
    for (int i = 0; i <= steps; ++i) {
        const double t = static_cast<double>(i) / steps;
        const double x = box.left + t * (box.right - box.left);
        const double y = box.bottom + t * (box.top - box.bottom);
        for (const Point p :
             {Point{x, box.bottom}, Point{x, box.top}, Point{box.left, y}, Point{box.right, y}}) {
            const Point q = apply(p);
            if (std::isfinite(q.x))
                out.add(q);
        }
    }
    return out;
}

namespace {

/// Whether a short way across each corner and the middle has its true length, both ways.
bool true_to_scale(const Crs& crs, const Box& extent) {
    if (crs.metres_per_unit() != 1)
        return false;
    constexpr double span = 500;
    constexpr double tolerance = 1e-3;
    const TrueLengths length{crs};
    for (const double u : {0.0, 0.5, 1.0})
        for (const double v : {0.0, 0.5, 1.0}) {
            const Point p{std::lerp(extent.left, extent.right, u),
                          std::lerp(extent.bottom, extent.top, v)};
            const double east = length(p, {p.x + span, p.y}) / span;
            const double north = length(p, {p.x, p.y + span}) / span;
            if (!(std::abs(east - 1) < tolerance && std::abs(north - 1) < tolerance))
                return false;
        }
    return true;
}

} // namespace

Crs metric_crs(const Crs& crs, const Box& extent) {
    if (crs.empty())
        throw input_error("the layer has no CRS", "give it one, for example with ogr2ogr -a_srs");
    if (extent.empty() || true_to_scale(crs, extent))
        return crs;
    const Point middle = CrsTransform{crs, Crs::wgs84()}.apply(extent.middle());
    if (!std::isfinite(middle.x) || !std::isfinite(middle.y))
        throw input_error(fmt::format("coordinates around {:g}, {:g} do not lie in {}", extent.left,
                                      extent.bottom, crs.name()),
                          "check the CRS of the layer");
    return Crs::parse(fmt::format("+proj=aeqd +lat_0={:.6f} +lon_0={:.6f} +datum=WGS84 +units=m",
                                  middle.y, middle.x));
}

} // namespace riskmap
