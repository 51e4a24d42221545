// SPDX-License-Identifier: MIT
// Private: gaps and overlaps of polygons that should fill an area. Borders that two polygons
// share vertex by vertex cancel out; what is left over is crossed with itself by GEOS, and the
// winding number of each face tells how many polygons cover it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <riskmap/census/check.hpp>

#include "layer_case.hpp"
#include "outline.hpp"

namespace riskmap::census {

/// One piece of border of one polygon, by a fingerprint of its two ends.
struct BorderPiece {
    std::uint64_t print;
    std::uint32_t owner; ///< number of the feature in its layer
    std::int32_t way;    ///< 1 from the lesser end to the greater, else -1
};
/// Those of a polygon, the inside to their left.
void append_borders(const MultiPolygon& shape, std::uint32_t owner,
                    std::vector<BorderPiece>& pieces);
[[nodiscard]] std::uint64_t border_print(const Edge& edge);

/// Gathers borders in any amount; at most `most_bytes` at a time, so that there may be
/// more than one round over the layer.
class BorderLedger {
  public:
    explicit BorderLedger(std::uint64_t most_bytes);

    /// Keeps the pieces of this round; call it in the order of the features.
    void add(const std::vector<BorderPiece>& pieces);
    /// Finds what does not cancel out; true if another round over all features is needed.
    [[nodiscard]] bool close_round(const Execution& execution);
    /// After the last round: fingerprints of pieces that do not cancel out and the features
    /// that they are of, both rising.
    [[nodiscard]] const std::vector<std::uint64_t>& left() const noexcept { return m_left; }
    [[nodiscard]] const std::vector<std::uint32_t>& owners() const noexcept { return m_owners; }

  private:
    static constexpr std::size_t bins = 256;
    std::vector<std::vector<BorderPiece>> m_bins;
    std::uint64_t m_most;
    std::uint64_t m_count = 0;
    std::uint32_t m_first = 0; ///< bin of this round
    std::uint32_t m_end = bins;
    std::vector<std::uint64_t> m_left;
    std::vector<std::uint32_t> m_owners;
};

/// A gap or an overlap, in the layer's CRS.
struct CoverageFault {
    RuleId rule;
    Polygon face;
    Point inside;
    int cover;    ///< how many polygons cover it: 0, or 2 and more
    double area;  ///< m2
    double width; ///< m
    std::vector<std::pair<std::int64_t, std::string>> features = {}; ///< that cover it: fid, name

    [[nodiscard]] Finding finding() const;
};

/// Those that the suspects' borders enclose, in the order of their places.
[[nodiscard]] std::vector<CoverageFault> coverage_faults(const std::vector<MultiPolygon>& suspects,
                                                         const std::vector<std::uint64_t>& left,
                                                         const Crs& crs, const CheckRules& rules);

} // namespace riskmap::census
