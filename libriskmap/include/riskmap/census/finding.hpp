// SPDX-License-Identifier: MIT
// What is wrong with census layers: the rules, and what they found (../docs/method.md
// section 17; docs/when-check-complains.md).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <riskmap/core/text.hpp>
#include <riskmap/geo/geometry.hpp>

namespace riskmap::census {

enum class Severity {
    error,   ///< results would be wrong, or the layer cannot be used
    warning, ///< results may be wrong
    note,    ///< good to know
};
[[nodiscard]] const char* name_of(Severity severity);
[[nodiscard]] const Words& words_of(Severity severity);

/// The rules, in the order in which they are told.
enum class RuleId {
    file_unreadable,
    layer_empty,
    layer_unknown,
    layer_twice,
    encoding_unsaid,
    encoding_wrong,
    text_broken,
    text_cut,
    row_cut,
    text_unsafe,
    text_blanks,
    crs_missing,
    crs_assumed,
    crs_not_allowed,
    crs_mismatch,
    axes_swapped,
    degrees_sexagesimal,
    extent_outside,
    feature_outside,
    shift_gcj02,
    shift_bd09,
    shift_other,
    header_row,
    rows_left_out,
    number_shared,
    formula_empty,
    field_missing,
    field_rival,
    value_missing,
    value_type,
    value_written,
    value_sentinel,
    value_range,
    value_unit,
    unit_foreign,
    value_choice,
    value_long,
    value_twice,
    code_format,
    code_padding,
    code_by_name,
    parent_missing,
    row_elsewhere,
    parent_childless,
    parent_place,
    sum_differs,
    geometry_missing,
    geometry_type,
    geometry_collapsed,
    geometry_invalid,
    geometry_twice,
    feature_twice,
    vertex_not_finite,
    vertex_twice,
    ring_order,
    coverage_gap,
    coverage_overlap,
    coverage_sliver,
    coverage_border,
    coverage_area,
    roads_unjoined,
    raster_grid,
    raster_misaligned,
    raster_extent,
    raster_nodata,
    raster_empty,
    raster_holes,
    raster_constant,
    raster_range,
    raster_unit,
    raster_density,
    raster_classes,
};

struct Rule {
    RuleId id;
    const char* name; ///< "coverage-gap": in reports and on the command line
    Severity severity;
    bool mendable; ///< by `riskmap check --fix`
    Words title;   ///< what is wrong
    Words reason;  ///< why it matters
    Words mend;    ///< what to do
};
[[nodiscard]] std::span<const Rule> rules();
[[nodiscard]] const Rule& rule(RuleId id);

struct Finding {
    RuleId rule;
    std::string layer = {};               ///< "census.gpkg:villages"
    std::optional<std::int64_t> fid = {}; ///< the file's number of the feature
    std::string field = {};
    std::string value = {};          ///< as it stands in the layer
    Words detail = {};               ///< the particulars; may be empty
    std::optional<Point> place = {}; ///< in the layer's CRS; in a report in degrees
    MultiPolygon shape = {};         ///< of a gap or overlap, likewise
};

/// Findings of a check, at most `most` kept for each rule and layer, all counted.
class Findings {
  public:
    explicit Findings(std::size_t most = 1000) : m_most{most} {}

    void add(Finding finding);
    /// Counts `n` more that are not kept.
    void count_more(RuleId rule, const std::string& layer, std::uint64_t n);
    /// Takes out the findings of some rules, by name.
    void forget(const std::vector<std::string>& names);
    [[nodiscard]] const std::vector<Finding>& kept() const noexcept { return m_kept; }
    [[nodiscard]] std::vector<Finding>& kept() noexcept { return m_kept; }
    [[nodiscard]] std::uint64_t count(RuleId rule) const;
    [[nodiscard]] std::uint64_t count(Severity severity) const;
    [[nodiscard]] std::uint64_t count(RuleId rule, const std::string& layer) const;
    /// By rule, then in the order of the layers and features.
    void sort(std::span<const std::string> layers);

  private:
    std::size_t m_most;
    std::map<std::pair<RuleId, std::string>, std::uint64_t> m_counts;
    std::vector<Finding> m_kept;
};

/// docs/when-check-complains.md.
[[nodiscard]] std::string rule_page(Language language);

} // namespace riskmap::census
