// SPDX-License-Identifier: MIT
// Step: risk zones and prevention zones, of units and of cells.
#include <cmath>

#include <riskmap/atlas/style.hpp>
#include <riskmap/geo/topology.hpp>
#include <riskmap/raster/cells.hpp>
#include <riskmap/zoning/prevention.hpp>

#include "layers.hpp"
#include "unit_prevention.hpp"
#include "units.hpp"
#include "zone_finder.hpp"

namespace riskmap::run {

namespace {

class ZoneFiles {
  public:
    ZoneFiles(const Work& work, StepReport& report, const Execution& execution)
        : m_work{work}, m_execution{execution}, m_data{work}, m_zones{find_zones(
                                                                  work, m_data, report, execution)},
          m_prevention{prevention_of_units(work, m_data, report, execution)} {}

    void write() {
        write_vectors();
        write_rasters();
    }

  private:
    [[nodiscard]] UnitTable townships() const {
        UnitTable units = m_data.units;
        const std::size_t n = units.size();
        std::vector<std::string> code(n);
        std::vector<std::string> name(n);
        std::vector<std::string> class_words(n);
        for (const auto& zone : m_zones)
            for (const auto t : zone.townships) {
                code[t] = zone.code;
                name[t] = zone.name.in(m_work.language());
            }
        for (std::size_t t = 0; t < n; ++t)
            if (const int c = m_prevention.classes[t]; c != 0)
                class_words[t] = atlas::style("prevention").at(c).words.in(m_work.language());
        units.texts("zone_code", m_work.words("区划代码", "code of the risk zone"), code);
        units.texts("zone_name", m_work.words("风险区", "risk zone"), name);
        units.wholes("prevention",
                     m_work.words("防治分区（3重点-1一般）", "prevention class (3 key)"),
                     m_prevention.classes);
        units.texts("prevention_word", m_work.words("防治分区", "prevention class"), class_words);
        units.texts("raised_by", m_work.words("提级依据", "raised by"), m_prevention.raised_by);
        units.texts("measures", m_work.words("建议措施", "recommended measures"),
                    m_prevention.measures);
        return units;
    }

    [[nodiscard]] vector::Layer zone_layer() const {
        std::vector<Area> shapes;
        for (const auto& zone : m_zones) {
            std::vector<MultiPolygon> parts;
            for (const auto t : zone.townships)
                parts.push_back(m_work.areas.townships[t].shape);
            shapes.push_back({zone.code, zone.name.in(m_work.language()), dissolved(parts), 0});
        }
        UnitTable table{"zones", m_work.areas.crs, shapes};
        std::vector<std::string> en;
        std::vector<std::string> dominant;
        std::vector<std::string> level_words;
        std::vector<int> level;
        std::vector<int> count;
        std::vector<double> risk;
        std::vector<double> area;
        std::vector<double> people;
        for (const auto& zone : m_zones) {
            en.push_back(zone.name.en);
            dominant.push_back(dominant_words(m_work, zone.dominant));
            level.push_back(zone.level);
            level_words.push_back(level_word(m_work, zone.level));
            count.push_back(static_cast<int>(zone.townships.size()));
            risk.push_back(zone.risk);
            area.push_back(zone.area_km2);
            people.push_back(zone.people);
        }
        table.texts("name_en", m_work.words("英文名", "name in English"), en);
        table.wholes("level", m_work.words("风险等级（5高-1低）", "risk level (5 high to 1 low)"),
                     level);
        table.texts("level_word", m_work.words("风险等级", "risk level"), level_words);
        table.texts("dominant", m_work.words("主导灾种", "dominant hazards"), dominant);
        table.numbers("risk_weighted",
                      m_work.words("按人口加权的综合风险", "composite risk weighted by people"),
                      risk);
        table.wholes("units", m_work.words("乡镇数", "number of units"), count);
        table.numbers("area_km2", m_work.words("面积（平方公里）", "area (km2)"), area);
        table.numbers("people", m_work.words("人口", "people"), people);
        return table.layer();
    }

    void write_vectors() {
        const auto units = townships();
        const auto zones = zone_layer();
        const auto counties = read_units(m_work, "counties", "units");
        const auto cities = read_units(m_work, "cities", "units");
        write_units(m_work, "zones", {&units.layer(), &counties, &cities, &zones});
    }

    void write_rasters() {
        std::vector<double> zone_of(m_data.units.size(), raster::nodata);
        for (std::size_t z = 0; z < m_zones.size(); ++z)
            for (const auto t : m_zones[z].townships)
                zone_of[t] = static_cast<double>(z + 1);
        const auto unit = m_work.open(m_work.unit_raster());
        const auto zones = raster::mapped(
            unit, [zone_of](double u) { return zone_of[static_cast<std::size_t>(u) - 1]; });
        raster::Writer zone_writer{m_work.file("risk_zones.tif"), m_work.grid,
                                   plain_spec(raster::CellType::uint16)};
        raster::copy(*zones, zone_writer, m_execution, "zones");
        zone_writer.commit();

        const auto matrix = zoning::PreventionMatrix::parse(m_work.project.prevention.matrix);
        const auto capacity = m_data.units.column("capacity_level");
        const auto cells = raster::computed(
            {unit, m_work.open(m_work.file("risk_level.tif"))},
            [&](const Window&, raster::Cells in, std::span<double> out) {
                for (std::size_t i = 0; i < out.size(); ++i) {
                    if (std::isnan(in[0][i]) || std::isnan(in[1][i])) {
                        out[i] = raster::nodata;
                        continue;
                    }
                    const auto t = static_cast<std::size_t>(in[0][i]) - 1;
                    out[i] = static_cast<double>(
                        matrix(static_cast<int>(in[1][i]), static_cast<int>(capacity[t])));
                }
            });
        raster::Writer writer{m_work.file("prevention.tif"), m_work.grid,
                              plain_spec(raster::CellType::byte)};
        raster::copy(*cells, writer, m_execution, "prevention");
        writer.commit();
    }

    const Work& m_work;
    const Execution& m_execution;
    UnitData m_data;
    std::vector<Zone> m_zones;
    UnitPrevention m_prevention;
};

} // namespace

Step zone_step(const WorkPtr& work) {
    const auto& project = work->project;
    Step step;
    step.id = "zones";
    step.title = "risk zones and prevention zones";
    step.needs = {work->file("units.gpkg"),
                  work->file("units_titles.json"),
                  work->file("unit_breaks.json"),
                  work->file("weights.json"),
                  work->unit_raster(),
                  work->file("risk_level.tif")};
    step.settings = work->chosen(
        {"areas", "zoning", "prevention", "hazard", "exposure", "levels", "project.language"});
    step.go_by(work->common_settings());
    if (!project.prevention.overrides.empty()) {
        for (const auto& hazard : project.hazards)
            for (std::size_t m = 0; m < hazard.maps.size(); ++m)
                step.needs.push_back(work->stack_raster(Work::map_id(hazard, m)));
        if (const auto* people = people_of(project))
            step.needs.push_back(work->stack_raster("exposure-" + people->id));
    }
    step.makes = {work->file("zones.gpkg"), work->file("zones_titles.json"),
                  work->file("risk_zones.tif"), work->file("prevention.tif")};
    step.work = [work](const Execution& execution) {
        StepReport report{work->fingerprints};
        ZoneFiles{*work, report, execution}.write();
        tell_accounts(report, work->language());
        return report;
    };
    return step;
}

} // namespace riskmap::run
