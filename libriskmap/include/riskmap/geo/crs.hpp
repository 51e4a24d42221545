// SPDX-License-Identifier: MIT
// Coordinate reference systems and the way from one to another.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <riskmap/geo/geometry.hpp>

namespace riskmap {

/// A coordinate reference system, or none (`empty()`). A value: cheap to copy.
/// Coordinates are always (east or longitude, north or latitude).
class Crs {
  public:
    Crs() = default;

    /// From "EPSG:4549", WKT or a PROJ string. \throws Error{input}.
    [[nodiscard]] static Crs parse(const std::string& text);
    [[nodiscard]] static Crs wgs84();

    [[nodiscard]] bool empty() const noexcept { return m_wkt.empty(); }
    [[nodiscard]] const std::string& wkt() const noexcept { return m_wkt; }
    /// "EPSG:4549", or the system's own name where it has no code.
    [[nodiscard]] std::string name() const;
    /// The system's own name, with its code: "CGCS2000 / 3-degree Gauss-Kruger CM 120E
    /// (EPSG:4549)".
    [[nodiscard]] std::string title() const;
    [[nodiscard]] bool geographic() const;
    /// Length of one coordinate unit in metres; for degrees, 0.
    [[nodiscard]] double metres_per_unit() const;

    [[nodiscard]] friend bool operator==(const Crs& a, const Crs& b) { return a.same(b); }

  private:
    [[nodiscard]] bool same(const Crs& other) const;
    std::string m_wkt;
};

/// Carries points from one system to another. Not for use by two threads at
/// once: make one per thread.
class CrsTransform {
  public:
    /// \throws Error{input} where no way between the two is known.
    CrsTransform(const Crs& from, const Crs& to);
    ~CrsTransform();
    CrsTransform(CrsTransform&&) noexcept;
    CrsTransform& operator=(CrsTransform&&) noexcept;
    CrsTransform(const CrsTransform&) = delete;
    CrsTransform& operator=(const CrsTransform&) = delete;

    [[nodiscard]] bool identity() const noexcept { return !m_transform; }
    /// In place; a point that cannot be carried over becomes (NaN, NaN).
    void apply(std::span<double> xs, std::span<double> ys) const;
    [[nodiscard]] Point apply(Point point) const;
    [[nodiscard]] std::vector<Point> apply(std::vector<Point> points) const;
    [[nodiscard]] MultiPolygon apply(MultiPolygon shape) const;

    /// The bounding box of a box carried over, its sides followed closely
    /// enough (21 points a side) for boxes of the size of a country.
    [[nodiscard]] Box apply(const Box& box) const;

  private:
    struct Free {
        void operator()(void* transform) const noexcept;
    };
    std::unique_ptr<void, Free> m_transform;
};

/// A system in which planar lengths are metres on the ground to one in a thousand over
/// `extent` (in `crs`): `crs` itself if it is, else an azimuthal one around the middle.
/// \throws Error{input} without a CRS, or where the middle cannot be carried over.
[[nodiscard]] Crs metric_crs(const Crs& crs, const Box& extent);

} // namespace riskmap
