// SPDX-License-Identifier: MIT
#include "raster_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <gdal.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/parallel.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/raster/source.hpp>
#include <riskmap/spec/door.hpp>
#include <riskmap/spec/mismatch.hpp>
#include <riskmap/zonal/coverage.hpp>

#include "../geo/gdal.hpp"
#include "feature_rules.hpp"

namespace riskmap::census {

namespace {

/// What the cells of a raster come to; parts are added up.
struct CellFacts {
    double least = std::numeric_limits<double>::infinity();
    double most = -std::numeric_limits<double>::infinity();
    double sum = 0; ///< of cells that are not zero
    std::uint64_t counted = 0;
    std::uint64_t valid = 0;
    std::uint64_t beyond = 0; ///< out of the range of the specification
    std::uint64_t fractions = 0;
    std::uint64_t shares = 0; ///< between 0 and 1, both left out
    std::uint64_t sentinels = 0;
    double sentinel = 0;
    double inside = 0; ///< cells of the area
    double holes = 0;  ///< of those without data
    std::optional<Point> first_beyond;

    void add(const CellFacts& other) {
        least = std::min(least, other.least);
        most = std::max(most, other.most);
        sum += other.sum;
        counted += other.counted;
        valid += other.valid;
        beyond += other.beyond;
        fractions += other.fractions;
        shares += other.shares;
        if (other.sentinels > 0)
            sentinel = other.sentinel;
        sentinels += other.sentinels;
        inside += other.inside;
        holes += other.holes;
        if (!first_beyond)
            first_beyond = other.first_beyond;
    }
};

/// Numbers that offices write into cells without data.
bool is_cell_sentinel(double value) {
    for (const double sentinel : {-9999.0, -999.0, -99.0, -99999.0, -32768.0, 32767.0, 65535.0,
                                  9999.0, 99999.0, -2147483648.0, 2147483647.0})
        if (value == sentinel)
            return true;
    return std::abs(value) > 1e30;
}

/// Whether a name says that cells hold so many for an area, and not so many.
bool names_density(const std::string& label) {
    const auto text = small_letters(label);
    return text.find("密度") != std::string::npos || text.find("density") != std::string::npos ||
           text.find("per_km") != std::string::npos || text.find("perkm") != std::string::npos ||
           text.find("per_sq") != std::string::npos || text.find("per_ha") != std::string::npos;
}

class RasterCheck {
  public:
    RasterCheck(const spec::Source& source, const spec::LayerSpec* spec, const Area* area,
                const CheckRules& rules, Findings& findings)
        : m_source{source}, m_spec{spec}, m_area{area}, m_rules{rules},
          m_findings{findings}, m_label{source.label()} {}

    CheckedLayer run(Grids& grids, const Execution& execution) {
        CheckedLayer out{m_label, m_spec == nullptr ? "" : m_spec->id, {}, {}, {}, 0};
        if (!check_placement(out))
            return out;
        spec::Door door; // what is wrong is told as findings
        const auto opened = door.raster(m_source, m_spec == nullptr ? "" : m_spec->unit);
        const auto& reader = *opened.reader();
        const auto& grid = reader.grid();
        out.crs = grid.crs.name();
        out.features =
            static_cast<std::uint64_t>(grid.columns) * static_cast<std::uint64_t>(grid.rows);
        if (m_spec == nullptr)
            add(RuleId::layer_unknown);
        else if (m_spec->kind == raster::Kind::counts && m_source.unit.empty() &&
                 reader.unit().empty() && names_density(m_label))
            add(RuleId::raster_density, {},
                {fmt::format("规范“{}”为每个像元的{}", m_spec->title.zh, m_spec->unit),
                 fmt::format("'{}' wants {} in each cell", m_spec->id, m_spec->unit)});
        if (!is_allowed(grid.crs, m_rules.crs))
            add(RuleId::crs_not_allowed, grid.crs.name());
        check_alignment(grid, grids);
        check_cells(reader, execution);
        return out;
    }

  private:
    void add(RuleId rule, std::string value = {}, Words detail = {},
             std::optional<Point> place = {}) {
        Finding finding{rule};
        finding.layer = m_label;
        finding.value = std::move(value);
        finding.detail = std::move(detail);
        finding.place = place;
        m_findings.add(std::move(finding));
    }

    /// Whether the file says where its cells lie.
    bool check_placement(CheckedLayer& out) {
        const auto dataset =
            gdal::open(raster::with_variable(m_source.file, m_source.layer), GDAL_OF_RASTER);
        const gdal::Messages unheard; // what is damaged is told when it is read
        out.form = GDALGetDriverShortName(GDALGetDatasetDriver(dataset.get()));
        if (GDALGetRasterCount(dataset.get()) == 0)
            return true; // the reader says what to do
        std::array<double, 6> t{};
        if (GDALGetGeoTransform(dataset.get(), t.data()) != CE_None) {
            add(RuleId::raster_grid, {}, {"没有定位信息", "nothing says where it lies"});
            return false;
        }
        if (t[2] != 0 || t[4] != 0 || t[1] <= 0 || t[5] == 0) {
            add(RuleId::raster_grid, {}, {"旋转或镜像", "rotated or mirrored"});
            return false;
        }
        const char* projection = GDALGetProjectionRef(dataset.get());
        if ((projection == nullptr || *projection == '\0') && m_source.crs.empty()) {
            add(RuleId::crs_missing);
            return false;
        }
        const auto crs = Crs::parse(m_source.crs.empty() ? projection : m_source.crs);
        const double right = t[0] + t[1] * GDALGetRasterXSize(dataset.get());
        const double other = t[3] + t[5] * GDALGetRasterYSize(dataset.get());
        const Box extent{t[0], std::min(t[3], other), right, std::max(t[3], other)};
        if (const auto why = spec::mismatch(crs, extent)) {
            add(RuleId::crs_mismatch,
                fmt::format("{:.6g} {:.6g} {:.6g} {:.6g}", extent.left, extent.bottom, extent.right,
                            extent.top),
                *why);
            return false;
        }
        return true;
    }

    void check_alignment(const Grid& grid, Grids& grids) {
        if (grid.crs.geographic() ? grid.cell_width > 1 : grid.cell_width < 1e-3)
            add(RuleId::raster_grid, fmt::format("{:g}", grid.cell_width),
                {"像元大小与坐标系的单位不符", "the cell size does not fit the unit of the CRS"});
        if (m_rules.grid)
            grids.emplace(grids.begin(), "grid", *m_rules.grid);
        for (const auto& [label, other] : grids) {
            if (std::abs(other.cell_width - grid.cell_width) > 1e-6 * grid.cell_width ||
                std::abs(other.cell_height - grid.cell_height) > 1e-6 * grid.cell_height ||
                !(other.crs == grid.crs))
                continue;
            const auto off = [](double cells) { return std::abs(cells - std::round(cells)); };
            const double columns = off((grid.left - other.left) / grid.cell_width);
            const double rows = off((grid.top - other.top) / grid.cell_height);
            if (std::max(columns, rows) > 0.01)
                add(RuleId::raster_misaligned, fmt::format("{:.2f}, {:.2f}", columns, rows),
                    {fmt::format("与 '{}' 错开 {:.2f} 列、{:.2f} 行", label, columns, rows),
                     fmt::format("off '{}' by {:.2f} columns and {:.2f} rows", label, columns,
                                 rows)});
            break;
        }
        if (m_rules.grid)
            grids.erase(grids.begin());
        grids.emplace_back(m_label, grid);
    }

    [[nodiscard]] CellFacts facts_of(std::span<const double> values, const Window& window,
                                     const Grid& grid, const zonal::Coverage* area) const {
        CellFacts facts;
        const auto& range = m_spec == nullptr ? std::optional<spec::Range>{} : m_spec->range;
        const bool classes = m_spec != nullptr && m_spec->kind == raster::Kind::classes;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const double v = values[i];
            if (std::isnan(v))
                continue;
            ++facts.valid;
            if (!(range && range->holds(v)) && is_cell_sentinel(v)) {
                ++facts.sentinels;
                facts.sentinel = v;
                continue;
            }
            facts.least = std::min(facts.least, v);
            facts.most = std::max(facts.most, v);
            facts.sum += v;
            facts.counted += v != 0 ? 1 : 0;
            facts.shares += v > 0 && v < 1 ? 1 : 0;
            facts.fractions += classes && v != std::round(v) ? 1 : 0;
            if (range && !range->holds(v)) {
                ++facts.beyond;
                if (!facts.first_beyond)
                    facts.first_beyond =
                        grid.centre(window.column + static_cast<std::int64_t>(i) % window.columns,
                                    window.row + static_cast<std::int64_t>(i) / window.columns);
            }
        }
        if (area != nullptr)
            area->visit(window, [&](std::int64_t row, std::int64_t column, std::int64_t columns,
                                    double share) {
                const auto at = static_cast<std::size_t>((row - window.row) * window.columns +
                                                         column - window.column);
                for (std::int64_t c = 0; c < columns; ++c) {
                    facts.inside += share;
                    facts.holes += std::isnan(values[at + static_cast<std::size_t>(c)]) ? share : 0;
                }
            });
        return facts;
    }

    void check_cells(const raster::Reader& reader, const Execution& execution) {
        const auto& grid = reader.grid();
        std::optional<zonal::Coverage> area;
        if (m_area != nullptr) {
            const CrsTransform to_grid{Crs::wgs84(), grid.crs};
            area.emplace(to_grid.apply(m_area->degrees()), grid);
        }
        const auto blocks = raster::reading_blocks(reader);
        CellFacts facts;
        parallel_ordered(
            execution, m_label, {blocks.size(), raster::most_cells(blocks) * sizeof(double)},
            [&](std::size_t i) {
                return facts_of(reader.Source::read(blocks[i]), blocks[i], grid,
                                area ? &*area : nullptr);
            },
            [&](std::size_t, CellFacts&& part) { facts.add(part); });
        const CrsTransform to_degrees{grid.crs, Crs::wgs84()};
        tell_values(facts, to_degrees);
        if (m_area != nullptr)
            tell_area(facts, grid);
    }

    void tell_values(const CellFacts& facts, const CrsTransform& to_degrees) {
        if (facts.valid == 0) {
            add(RuleId::raster_empty);
            return;
        }
        if (facts.sentinels > 0)
            add(RuleId::raster_nodata, fmt::format("{:g}", facts.sentinel),
                {fmt::format("{} 个像元", facts.sentinels),
                 fmt::format("{} cells", facts.sentinels)});
        if (facts.beyond > 0)
            add(RuleId::raster_range, fmt::format("{:g} .. {:g}", facts.least, facts.most),
                {fmt::format("{} 个像元超出 {:g} 至 {:g}", facts.beyond, m_spec->range->least,
                             m_spec->range->most),
                 fmt::format("{} cells beyond {:g} to {:g}", facts.beyond, m_spec->range->least,
                             m_spec->range->most)},
                to_degrees.apply(*facts.first_beyond));
        if (facts.fractions > 0)
            add(RuleId::raster_classes, {},
                {fmt::format("{} 个像元", facts.fractions),
                 fmt::format("{} cells", facts.fractions)});
        if (facts.least == facts.most && facts.valid > 1)
            add(RuleId::raster_constant, fmt::format("{:g}", facts.least));
        if (m_spec != nullptr && m_spec->range && m_spec->range->most == 100 && facts.shares > 0 &&
            facts.least >= 0 && facts.most <= 1)
            add(RuleId::raster_unit, fmt::format("{:.4g} .. {:.4g}", facts.least, facts.most),
                {"全部在 0 至 1 之间，应为 0 至 100",
                 "all within 0 to 1, where 0 to 100 is meant"});
        if (m_spec != nullptr && m_spec->usual && facts.counted > 0 && facts.beyond == 0) {
            const double mean = facts.sum / static_cast<double>(facts.counted);
            if (!m_spec->usual->holds(mean))
                add(RuleId::raster_unit, fmt::format("{:.4g}", mean),
                    {fmt::format("均值 {:.4g}，常见 {:g} 至 {:g} {}", mean, m_spec->usual->least,
                                 m_spec->usual->most, m_spec->unit),
                     fmt::format("the mean is {:.4g}; usual are {:g} to {:g} {}", mean,
                                 m_spec->usual->least, m_spec->usual->most, m_spec->unit)});
        }
    }

    void tell_area(const CellFacts& facts, const Grid& grid) {
        if (facts.inside == 0) {
            add(RuleId::extent_outside);
            return;
        }
        const CellAreas areas{grid};
        const double cell = areas.at(grid.columns / 2, grid.rows / 2);
        const double covered = facts.inside * cell / m_area->m2();
        if (covered < 0.99)
            add(RuleId::raster_extent, fmt::format("{:.1f} %", 100 * covered));
        const double holes = facts.holes / facts.inside;
        if (holes >= 1)
            add(RuleId::raster_empty);
        else if (holes > m_rules.hole_share && !m_source.where_nodata)
            add(RuleId::raster_holes, fmt::format("{:.1f} %", 100 * holes));
    }

    const spec::Source& m_source;
    const spec::LayerSpec* m_spec;
    const Area* m_area;
    const CheckRules& m_rules;
    Findings& m_findings;
    std::string m_label;
};

} // namespace

CheckedLayer check_raster(const spec::Source& source, const spec::LayerSpec* spec, const Area* area,
                          const CheckRules& rules, Grids& grids, Findings& findings,
                          const Execution& execution) {
    return RasterCheck{source, spec, area, rules, findings}.run(grids, execution);
}

} // namespace riskmap::census
