// SPDX-License-Identifier: MIT
// What GEOS does for us: validity, repair, union, shared borders.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <riskmap/geo/geometry.hpp>

namespace riskmap {

/// Why a shape is not valid by OGC's rules and where; nothing if it is.
struct Flaw {
    std::string reason;
    Point place;
};
[[nodiscard]] std::optional<Flaw> find_flaw(const MultiPolygon& shape);

/// `find_flaw` for many shapes, one after the other: what GEOS needs is set up once.
class FlawFinder {
  public:
    FlawFinder();
    ~FlawFinder();
    FlawFinder(FlawFinder&&) noexcept;
    [[nodiscard]] std::optional<Flaw> operator()(const MultiPolygon& shape) const;

  private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// The faces that straight stretches enclose, cut where they cross; those that enclose nothing
/// are left out. Each is one polygon with its holes.
struct Stretch {
    Point from;
    Point to;
};
[[nodiscard]] std::vector<Polygon> faces_of(std::span<const Stretch> pieces);

/// The shape made valid (GEOS "structure" method: areas kept, not lines).
[[nodiscard]] MultiPolygon repaired(const MultiPolygon& shape);

/// All shapes as one, borders between them gone.
[[nodiscard]] MultiPolygon dissolved(std::span<const MultiPolygon> shapes);

/// The shape and all that lies within a distance of it, in units of its CRS; corners are rounded by
/// 8 stretches a quarter.
[[nodiscard]] MultiPolygon widened(const MultiPolygon& shape, double distance);

/// The part that two shapes have in common, as area in squared units.
[[nodiscard]] double common_area(const MultiPolygon& a, const MultiPolygon& b);

/// A point surely inside the shape, for a label. \throws Error on an empty one.
[[nodiscard]] Point interior_point(const MultiPolygon& shape);

/// Two units whose borders share a stretch longer than a point.
struct Adjacency {
    std::size_t first;
    std::size_t second;   ///< > first
    double shared_length; ///< in CRS units
};

/// Rook contiguity: borders that run together for a length > 0. Borders that
/// do not meet exactly count as shared where they lie within `tolerance`
/// (CRS units), since census layers seldom share their vertices.
[[nodiscard]] std::vector<Adjacency> rook_adjacency(std::span<const MultiPolygon> shapes,
                                                    double tolerance);

} // namespace riskmap
