// SPDX-License-Identifier: MIT
#include "unit_prevention.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/raster/breaks.hpp>
#include <riskmap/raster/cells.hpp>
#include <riskmap/zonal/statistics.hpp>
#include <riskmap/zoning/prevention.hpp>

#include "layers.hpp"

namespace riskmap::run {

namespace {

class Prevention {
  public:
    Prevention(const Work& work, const UnitData& data, StepReport& report,
               const Execution& execution)
        : m_work{work}, m_data{data}, m_report{report}, m_execution{execution} {}

    UnitPrevention find() {
        by_matrix();
        const auto& overrides = m_work.project.prevention.overrides;
        if (!overrides.empty()) {
            const auto shapes = shapes_of(m_work.areas.townships);
            const auto units = zonal::cover(shapes, m_work.grid, m_execution);
            for (const auto& rule : overrides)
                apply_override(rule, units);
        }
        add_measures();
        return std::move(m_found);
    }

  private:
    void by_matrix() {
        const auto matrix = zoning::PreventionMatrix::parse(m_work.project.prevention.matrix);
        const auto level = m_data.units.column("level");
        const auto capacity = m_data.units.column("capacity_level");
        for (std::size_t t = 0; t < level.size(); ++t)
            m_found.classes.push_back(
                std::isnan(level[t]) ? 0
                                     : static_cast<int>(matrix(static_cast<int>(level[t]),
                                                               static_cast<int>(capacity[t]))));
        m_found.raised_by.resize(level.size());
        m_found.measures.resize(level.size());
    }

    /// People where the hazard's index reaches a level of five equal classes.
    void apply_override(const OverrideRule& rule, const std::vector<zonal::Coverage>& units) {
        const auto& hazards = m_work.project.hazards;
        const auto hazard = std::find_if(hazards.begin(), hazards.end(),
                                         [&](const Hazard& h) { return h.id == rule.hazard; });
        const auto* people = people_of(m_work.project);
        if (people == nullptr) {
            m_report.warnings.push_back(
                "prevention.override is not used: no exposure has people = true");
            return;
        }
        Json scales;
        std::vector<std::string> known;
        const auto index = hazard_index(m_work, *hazard, scales, known, m_execution);
        const double above = raster::in_single_precision((rule.level - 1) / 5.0);
        const auto there =
            raster::computed({index, exposure_cells(m_work, *people)},
                             [above](const Window&, raster::Cells in, std::span<double> out) {
                                 for (std::size_t i = 0; i < out.size(); ++i)
                                     out[i] = std::isnan(in[0][i]) ? raster::nodata
                                              : in[0][i] > above   ? in[1][i]
                                                                   : 0;
                             });
        const auto sums =
            zonal::zonal_statistics(*there, units, zonal::parse_statistics("sum"), m_execution);
        const int wanted = static_cast<int>(zoning::parse_prevention_class(rule.prevention));
        int raised = 0;
        for (std::size_t t = 0; t < m_data.units.size(); ++t) {
            if (!(sums[t][0] >= rule.people) || m_found.classes[t] == 0 ||
                m_found.classes[t] >= wanted)
                continue;
            m_found.classes[t] = wanted;
            m_found.raised_by[t] =
                fmt::format("{}: {:.0f}", hazard->title.in(m_work.language()), sums[t][0]);
            ++raised;
        }
        m_report.facts["raised_by_override"].push_back(
            {{"hazard", rule.hazard}, {"level", rule.level}, {"units", raised}});
    }

    [[nodiscard]] zoning::MeasureTable measures() const {
        zoning::MeasureTable table;
        const auto& source = m_work.project.prevention.measures;
        if (source.empty())
            return table;
        auto rows = m_report.door.table(source, "measures", spec::Shapes::none);
        const auto hazards = rows.texts("hazard");
        const auto classes = rows.words("class");
        const bool en = m_work.language() == Language::en && rows.has("measures_en");
        const auto texts = rows.texts(en ? "measures_en" : "measures");
        for (std::size_t row = 0; row < rows.size(); ++row)
            table.add(hazards[row], zoning::parse_prevention_class(classes[row][0]), texts[row]);
        return table;
    }

    void add_measures() {
        const auto table = measures();
        for (std::size_t t = 0; t < m_found.classes.size(); ++t) {
            if (m_found.classes[t] == 0)
                continue;
            std::vector<std::string> ids;
            for (const auto h : zoning::dominant_hazards(m_data.hazard_shares(t),
                                                         m_work.project.zoning.least_share))
                ids.push_back(m_work.project.hazards[h].id);
            m_found.measures[t] =
                table.measures(ids, static_cast<zoning::PreventionClass>(m_found.classes[t]));
        }
    }

    const Work& m_work;
    const UnitData& m_data;
    StepReport& m_report;
    const Execution& m_execution;
    UnitPrevention m_found;
};

} // namespace

UnitPrevention prevention_of_units(const Work& work, const UnitData& data, StepReport& report,
                                   const Execution& execution) {
    return Prevention{work, data, report, execution}.find();
}

} // namespace riskmap::run
