// SPDX-License-Identifier: MIT
// Private: all rules over one layer, in one pass over its features; borders that are more than
// memory allows take further ones.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <riskmap/census/shift.hpp>
#include <riskmap/core/exact_sum.hpp>

#include "coverage.hpp"
#include "feature_rules.hpp"
#include "layer_check.hpp"
#include "prints.hpp"
#include "unit_names.hpp"

namespace riskmap::census {

/// Keeps every step-th of many.
struct Stride {
    std::uint64_t step = 1;
    std::uint64_t seen = 0;
};

/// Keeps every step-th of many values, ever fewer, in their order: less than 2 x `most`.
template <class Item>
void thin_out(std::vector<Item>& kept, Stride& stride, Item item, std::size_t most) {
    if (stride.seen++ % stride.step != 0)
        return;
    kept.push_back(std::move(item));
    if (kept.size() < 2 * most)
        return;
    std::size_t n = 0;
    for (std::size_t i = 0; i < kept.size(); i += 2)
        kept[n++] = std::move(kept[i]);
    kept.resize(n);
    stride.step *= 2;
}

/// A feature as the rules about duplicates see it.
struct Twin {
    Print shape;
    Print values;
    std::int64_t fid;
    Point place;
};

/// The value of a field that must be unique.
struct UniqueValue {
    std::string text;
    std::int64_t fid;
};

/// What a batch of features comes to.
struct Harvest {
    std::vector<Finding> findings;
    std::vector<Finding> outside;
    std::vector<std::vector<UniqueValue>> uniques; ///< by field of the specification
    std::vector<std::vector<double>> numbers;      ///< likewise, of those with a usual range
    std::vector<Twin> twins;
    std::vector<BorderPiece> borders;
    std::vector<std::pair<std::string, std::vector<double>>> parts; ///< parent code, values summed
    std::vector<std::pair<std::string, Point>> members; ///< parent code, place in degrees
    std::vector<Edge> edges;                            ///< of a coverage, in degrees
    Box box;
    std::uint64_t features = 0;
    std::uint64_t swapped = 0; ///< would lie in the area with their coordinates swapped
    bool says_bd09 = false;    ///< a column does
    bool says_gcj02 = false;
    std::vector<std::int64_t>
        turned;                    ///< rows of degrees whose coordinates are no degrees but as y, x
    std::uint64_t sexagesimal = 0; ///< points whose decimals read as minutes and seconds
    double area_m2 = 0;
    std::vector<LineString> roads; ///< in the CRS of the layer, to see whether they join
    std::vector<Point> samples;    ///< vertices in degrees, to be held against a reference
};

constexpr std::size_t most_road_points = 5'000'000; ///< of more it is not asked whether they join

class LayerCheck {
  public:
    LayerCheck(LayerCase& layer, const Surroundings& around, Findings& findings)
        : m_layer{layer}, m_around{around}, m_findings{findings}, m_to_degrees{layer.crs.empty()
                                                                                   ? Crs::wgs84()
                                                                                   : layer.crs},
          m_degrees{!layer.crs.empty() && layer.crs.geographic()},
          m_ledger{around.execution.memory_budget() / 2} {}

    CheckedLayer run();

  private:
    /// Counts a finding, its place carried to degrees.
    void add(Finding finding);
    /// Findings of features, in the order of these.
    void add_by_feature(std::vector<Finding> found);
    [[nodiscard]] const spec::LayerSpec* spec() const { return m_layer.spec; }

    void look_at_system(const std::vector<vector::SourceFeature>& features, Harvest& out) const;
    void check_structure();
    void check_encoding();
    void find_names();
    void tell_sheet();
    void read_features();
    [[nodiscard]] Harvest harvest(const vector::LayerStream::Batch& batch,
                                  std::uint32_t first) const;
    void look_at(const vector::SourceFeature& source, std::uint32_t number, const FlawFinder& flaws,
                 Harvest& out) const;
    void look_at_values(const vector::SourceFeature& source, Harvest& out) const;
    /// The unit above that a feature belongs to; no unit: none, or none of that code.
    struct Membership {
        std::string code = {};
        const Unit* unit = nullptr;
    };
    [[nodiscard]] Membership membership_of(const vector::SourceFeature& source, Harvest& out) const;
    [[nodiscard]] bool is_road_layer() const { return spec() != nullptr && spec()->id == "roads"; }
    /// The place that was meant by a point outside its unit, or outside the area.
    [[nodiscard]] std::optional<Words> digit_meant(Point here, const Unit* unit,
                                                   const CrsTransform& to_degrees) const;
    void look_at_place(const vector::SourceFeature& source, const Membership& membership,
                       const CrsTransform& to_degrees, Harvest& out) const;
    void take(Harvest&& harvest);
    void check_extent();
    void check_uniques();
    void check_units_of_values();
    void check_twins();
    bool stands_twice();
    bool lies_twice();
    void join_siblings();
    void check_sums();
    void check_children();
    void check_shift();
    void check_joins();
    [[nodiscard]] std::optional<ShiftStudy> shift_study(Point middle) const;
    void check_coverage();
    /// The polygons with borders that do not cancel out.
    [[nodiscard]] std::vector<MultiPolygon> suspects();
    void name_covers(std::vector<CoverageFault>& faults);

    LayerCase& m_layer;
    /// Where the table names its units in place of codes.
    std::optional<NameColumns> m_names;
    std::optional<UnitNames> m_unit_names;
    const Surroundings& m_around;
    Findings& m_findings;
    ToDegrees m_to_degrees;
    bool m_degrees; ///< the layer's CRS counts them; asking PROJ takes long
    BorderLedger m_ledger;
    bool m_covers = false;
    bool m_first_round = true;

    std::vector<std::vector<UniqueValue>> m_uniques;
    std::vector<std::vector<double>> m_numbers;
    std::vector<Stride> m_strides;
    std::vector<Twin> m_twins;
    std::map<std::string, std::vector<ExactSum>> m_sums;
    std::set<std::string> m_parents;
    std::vector<std::pair<std::string, Point>> m_members;
    Stride m_member_stride;
    std::vector<Edge> m_edges;
    std::vector<LineString> m_roads;
    std::size_t m_road_points = 0;
    std::vector<Point> m_samples;
    Stride m_sample_stride;
    std::vector<Finding> m_outside;
    std::uint64_t m_outside_count = 0;
    Box m_box;
    std::uint64_t m_features = 0;
    std::uint64_t m_swapped = 0;
    std::uint64_t m_sexagesimal = 0;
    std::vector<std::int64_t> m_turned;
    bool m_says_bd09 = false;
    bool m_says_gcj02 = false;
    double m_area_m2 = 0;
};

} // namespace riskmap::census
