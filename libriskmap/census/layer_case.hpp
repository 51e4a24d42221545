// SPDX-License-Identifier: MIT
// Private: a layer that is being checked, and what its rules share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <riskmap/census/check.hpp>
#include <riskmap/geo/crs.hpp>
#include <riskmap/geo/length.hpp>
#include <riskmap/spec/layer_reader.hpp>
#include <riskmap/spec/spec.hpp>
#include <riskmap/vector/stream.hpp>

namespace riskmap::census {

/// Lengths in metres along the axes of one unit of a CRS, at a place.
struct UnitLength {
    double x = 1;
    double y = 1;
};

/// The lengths at places of one CRS: of degrees by latitude, of metres by the scale of the
/// projection where that is off by more than 1 in 100 (Web Mercator: 15 % at 30 N).
class UnitLengths {
  public:
    explicit UnitLengths(const Crs& crs);
    [[nodiscard]] UnitLength at(Point place) const;

  private:
    bool m_degrees;
    double m_metres;
    std::optional<TrueLengths> m_true; ///< of a projection
};

/// Whether a CRS is CGCS2000, one of its projections, or one of those named.
[[nodiscard]] bool is_allowed(const Crs& crs, const std::vector<std::string>& names);

/// A vector layer or table that is being checked.
struct LayerCase : spec::LayerReader {
    LayerCase(const spec::Source& layer_source, const spec::LayerSpec* layer_spec);

    /// What is wrong with what the file says of its encoding.
    [[nodiscard]] std::optional<RuleId> encoding_fault() const;
    /// The code of the unit that a feature belongs to; empty: none or not well formed.
    [[nodiscard]] std::string parent_code(const vector::Feature& feature,
                                          const spec::LayerSpec& parent) const;
    /// Its own code, of the field `code` if the specification has one.
    [[nodiscard]] std::string own_code(const vector::Feature& feature) const;
};

/// A point on the feature for reports and for the unit it lies in: the point, the middle
/// vertex of a line, a point inside a polygon.
[[nodiscard]] std::optional<Point> place_on(const vector::Shape& shape);

} // namespace riskmap::census
