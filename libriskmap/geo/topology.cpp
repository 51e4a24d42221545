// SPDX-License-Identifier: MIT
#include <riskmap/geo/topology.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include <geos_c.h>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>

namespace riskmap {

namespace {

/// One GEOS context with its last message; each call makes its own, so that
/// threads never share one.
class Geos {
  public:
    Geos() : m_handle{GEOS_init_r()} {
        GEOSContext_setErrorMessageHandler_r(m_handle, keep, &m_message);
        GEOSContext_setNoticeMessageHandler_r(m_handle, keep, nullptr);
    }
    ~Geos() { GEOS_finish_r(m_handle); }
    Geos(const Geos&) = delete;
    Geos& operator=(const Geos&) = delete;

    [[nodiscard]] GEOSContextHandle_t handle() const noexcept { return m_handle; }
    [[noreturn]] void fail(const char* what) const {
        throw input_error(
            fmt::format("{}: {}", what, m_message.empty() ? "GEOS failed" : m_message),
            "repair the layer, for example with 'Fix geometries' in QGIS");
    }

  private:
    static void keep(const char* message, void* to) {
        if (to != nullptr)
            *static_cast<std::string*>(to) = message;
    }
    GEOSContextHandle_t m_handle;
    std::string m_message;
};

struct FreeShape {
    GEOSContextHandle_t handle;
    void operator()(GEOSGeometry* shape) const noexcept { GEOSGeom_destroy_r(handle, shape); }
};
using Shape = std::unique_ptr<GEOSGeometry, FreeShape>;

Shape own(const Geos& geos, GEOSGeometry* shape, const char* what) {
    if (shape == nullptr)
        geos.fail(what);
    return Shape{shape, FreeShape{geos.handle()}};
}

GEOSGeometry* ring_to_geos(const Geos& geos, const Ring& ring) {
    auto points = ring;
    if (!points.empty() && !(points.front() == points.back()))
        points.push_back(points.front());
    while (!points.empty() && points.size() < 4)
        points.push_back(points.front());
    std::vector<double> buffer;
    for (const auto point : points) {
        if (!std::isfinite(point.x) || !std::isfinite(point.y))
            throw input_error("a polygon has a vertex that is not a number");
        buffer.push_back(point.x);
        buffer.push_back(point.y);
    }
    auto* sequence = GEOSCoordSeq_copyFromBuffer_r(geos.handle(), buffer.data(),
                                                   static_cast<unsigned>(points.size()), 0, 0);
    if (sequence == nullptr)
        geos.fail("polygon ring");
    return GEOSGeom_createLinearRing_r(geos.handle(), sequence);
}

Shape to_geos(const Geos& geos, const MultiPolygon& shape) {
    std::vector<GEOSGeometry*> parts;
    for (const auto& polygon : shape) {
        std::vector<GEOSGeometry*> holes;
        for (const auto& hole : polygon.holes)
            holes.push_back(ring_to_geos(geos, hole));
        parts.push_back(GEOSGeom_createPolygon_r(geos.handle(), ring_to_geos(geos, polygon.outer),
                                                 holes.data(),
                                                 static_cast<unsigned>(holes.size())));
    }
    return own(geos,
               GEOSGeom_createCollection_r(geos.handle(), GEOS_MULTIPOLYGON, parts.data(),
                                           static_cast<unsigned>(parts.size())),
               "polygon");
}

Ring ring_from_geos(const Geos& geos, const GEOSGeometry* ring) {
    const auto* sequence = GEOSGeom_getCoordSeq_r(geos.handle(), ring);
    unsigned size = 0;
    GEOSCoordSeq_getSize_r(geos.handle(), sequence, &size);
    Ring out(size);
    for (unsigned i = 0; i < size; ++i)
        GEOSCoordSeq_getXY_r(geos.handle(), sequence, i, &out[i].x, &out[i].y);
    return out;
}

void append_polygons(const Geos& geos, const GEOSGeometry* shape, MultiPolygon& out) {
    const auto handle = geos.handle();
    const int type = GEOSGeomTypeId_r(handle, shape);
    if (type == GEOS_POLYGON) {
        if (GEOSisEmpty_r(handle, shape) != 0)
            return;
        Polygon polygon;
        polygon.outer = ring_from_geos(geos, GEOSGetExteriorRing_r(handle, shape));
        for (int i = 0; i < GEOSGetNumInteriorRings_r(handle, shape); ++i)
            polygon.holes.push_back(ring_from_geos(geos, GEOSGetInteriorRingN_r(handle, shape, i)));
        out.push_back(std::move(polygon));
    } else if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
        for (int i = 0; i < GEOSGetNumGeometries_r(handle, shape); ++i)
            append_polygons(geos, GEOSGetGeometryN_r(handle, shape, i), out);
    }
}

MultiPolygon from_geos(const Geos& geos, const Shape& shape) {
    MultiPolygon out;
    append_polygons(geos, shape.get(), out);
    return out;
}

} // namespace

struct FlawFinder::State {
    Geos geos;
};
FlawFinder::FlawFinder() : m_state{std::make_unique<State>()} {}
FlawFinder::~FlawFinder() = default;
FlawFinder::FlawFinder(FlawFinder&&) noexcept = default;

std::optional<Flaw> FlawFinder::operator()(const MultiPolygon& shape) const {
    const auto& geos = m_state->geos;
    const auto geometry = to_geos(geos, shape);
    if (GEOSisValid_r(geos.handle(), geometry.get()) == 1)
        return std::nullopt;
    char* reason = nullptr;
    GEOSGeometry* place = nullptr;
    const char valid = GEOSisValidDetail_r(geos.handle(), geometry.get(), 0, &reason, &place);
    const Shape place_owner{place, FreeShape{geos.handle()}};
    std::optional<Flaw> flaw;
    if (valid != 1) {
        flaw.emplace();
        flaw->reason = reason == nullptr ? "not valid" : reason;
        if (place != nullptr) {
            GEOSGeomGetX_r(geos.handle(), place, &flaw->place.x);
            GEOSGeomGetY_r(geos.handle(), place, &flaw->place.y);
        }
    }
    GEOSFree_r(geos.handle(), reason);
    return flaw;
}

std::optional<Flaw> find_flaw(const MultiPolygon& shape) {
    return FlawFinder{}(shape);
}

std::vector<Polygon> faces_of(std::span<const Stretch> pieces) {
    const Geos geos;
    const auto handle = geos.handle();
    std::vector<GEOSGeometry*> lines;
    for (const auto& piece : pieces) {
        const std::array<double, 4> ends{piece.from.x, piece.from.y, piece.to.x, piece.to.y};
        lines.push_back(GEOSGeom_createLineString_r(
            handle, GEOSCoordSeq_copyFromBuffer_r(handle, ends.data(), 2, 0, 0)));
    }
    const auto all = own(geos,
                         GEOSGeom_createCollection_r(handle, GEOS_MULTILINESTRING, lines.data(),
                                                     static_cast<unsigned>(lines.size())),
                         "borders");
    const auto noded = own(geos, GEOSUnaryUnion_r(handle, all.get()), "cannot cross borders");
    const GEOSGeometry* parts = noded.get();
    const auto faces = own(geos, GEOSPolygonize_r(handle, &parts, 1), "cannot close borders");
    MultiPolygon out;
    append_polygons(geos, faces.get(), out);
    return out;
}

MultiPolygon repaired(const MultiPolygon& shape) {
    const Geos geos;
    const auto geometry = to_geos(geos, shape);
    auto* parameters = GEOSMakeValidParams_create_r(geos.handle());
    GEOSMakeValidParams_setMethod_r(geos.handle(), parameters, GEOS_MAKE_VALID_STRUCTURE);
    auto* valid = GEOSMakeValidWithParams_r(geos.handle(), geometry.get(), parameters);
    GEOSMakeValidParams_destroy_r(geos.handle(), parameters);
    return from_geos(geos, own(geos, valid, "cannot repair a polygon"));
}

MultiPolygon widened(const MultiPolygon& shape, double distance) {
    constexpr int stretches = 8;
    const Geos geos;
    const auto geometry = to_geos(geos, shape);
    return from_geos(geos,
                     own(geos, GEOSBuffer_r(geos.handle(), geometry.get(), distance, stretches),
                         "cannot widen a polygon"));
}

MultiPolygon dissolved(std::span<const MultiPolygon> shapes) {
    const Geos geos;
    std::vector<GEOSGeometry*> parts;
    for (const auto& shape : shapes)
        parts.push_back(to_geos(geos, shape).release());
    const auto all =
        own(geos,
            GEOSGeom_createCollection_r(geos.handle(), GEOS_GEOMETRYCOLLECTION, parts.data(),
                                        static_cast<unsigned>(parts.size())),
            "polygons");
    return from_geos(geos,
                     own(geos, GEOSUnaryUnion_r(geos.handle(), all.get()), "cannot join polygons"));
}

double common_area(const MultiPolygon& a, const MultiPolygon& b) {
    const Geos geos;
    const auto left = to_geos(geos, a);
    const auto right = to_geos(geos, b);
    const auto both = own(geos, GEOSIntersection_r(geos.handle(), left.get(), right.get()),
                          "cannot intersect polygons");
    double area = 0;
    GEOSArea_r(geos.handle(), both.get(), &area);
    return area;
}

Point interior_point(const MultiPolygon& shape) {
    const Geos geos;
    const auto geometry = to_geos(geos, shape);
    const auto point =
        own(geos, GEOSPointOnSurface_r(geos.handle(), geometry.get()), "label point");
    if (GEOSisEmpty_r(geos.handle(), point.get()) != 0)
        throw input_error("an empty polygon has no inside");
    Point out;
    GEOSGeomGetX_r(geos.handle(), point.get(), &out.x);
    GEOSGeomGetY_r(geos.handle(), point.get(), &out.y);
    return out;
}

std::vector<Adjacency> rook_adjacency(std::span<const MultiPolygon> shapes, double tolerance) {
    const Geos geos;
    const auto handle = geos.handle();
    std::vector<Shape> borders;
    std::vector<Box> boxes;
    for (const auto& shape : shapes) {
        borders.push_back(own(geos, GEOSBoundary_r(handle, to_geos(geos, shape).get()), "border"));
        Box box = bounds(shape);
        box = {box.left - tolerance, box.bottom - tolerance, box.right + tolerance,
               box.top + tolerance};
        boxes.push_back(box);
    }
    std::vector<Adjacency> found;
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        Shape band{nullptr, FreeShape{handle}};
        for (std::size_t j = i + 1; j < shapes.size(); ++j) {
            if (!boxes[i].meets(boxes[j]))
                continue;
            if (!band)
                band =
                    tolerance > 0
                        ? own(geos, GEOSBuffer_r(handle, borders[i].get(), tolerance, 4), "border")
                        : own(geos, GEOSGeom_clone_r(handle, borders[i].get()), "border");
            const auto shared = own(geos, GEOSIntersection_r(handle, band.get(), borders[j].get()),
                                    "shared border");
            double length = 0;
            GEOSLength_r(handle, shared.get(), &length);
            // Two borders that only cross in a point still share about 2 x tolerance of band each.
            if (length > 8 * tolerance && length > 0)
                found.push_back({i, j, length});
        }
    }
    return found;
}

} // namespace riskmap
