// SPDX-License-Identifier: MIT
// Step: the figures of townships, counties and cities.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/atlas/style.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/raster/breaks.hpp>
#include <riskmap/zonal/statistics.hpp>
#include <riskmap/zoning/figures.hpp>
#include <riskmap/zoning/prevention.hpp>

#include "layers.hpp"
#include "table.hpp"
#include "units.hpp"

namespace riskmap::run {

namespace {

/// Sums in the tables are in km2 and km, not m2 and m.
struct TableUnit {
    double factor = 1;
    std::string name;
};

TableUnit table_unit(const Exposure& exposure) {
    const auto& source = exposure.source;
    TableUnit unit{1, exposure.unit};
    const bool area = !source.classes.empty() || source.measure == "area";
    if (area || source.measure == "length") {
        unit.factor = area ? 1e-6 : 1e-3;
        unit.name = area ? "km2" : "km";
    }
    return unit;
}

struct SummedColumn {
    std::string field;
    std::string title;
    double factor = 1;
};

/// What is known of the townships from tables: NaN and 0 where there is none.
struct FromTables {
    std::vector<double> vulnerability;
    std::vector<double> capacity;
    std::vector<double> capacity_breaks;
};

class Figures {
  public:
    Figures(const Work& work, StepReport& report, const Execution& execution)
        : m_work{work}, m_report{report}, m_execution{execution} {
        open_layers();
        read_tables();
    }

    void write() {
        const auto& areas = m_work.areas;
        const auto townships = figures_of(areas.townships);
        find_breaks(townships);
        auto lowest = table("townships", areas.townships, townships);
        std::vector<std::string> county;
        for (const auto& township : areas.townships)
            county.push_back(areas.counties[township.parent].code);
        lowest.texts("county", m_work.words("县级代码", "code of the county"), county);
        add_tables(lowest, m_tables.vulnerability, m_tables.capacity);
        auto middle = table("counties", areas.counties, figures_of(areas.counties));
        add_means(middle, areas.counties.size(),
                  [&](std::size_t t) { return areas.townships[t].parent; });
        auto highest = table("cities", areas.cities, figures_of(areas.cities));
        add_means(highest, areas.cities.size(),
                  [&](std::size_t t) { return areas.city_of_township(t); });
        write_units(m_work, "units", {&lowest.layer(), &middle.layer(), &highest.layer()});
        m_report.facts["unit_breaks"] = m_breaks;
        m_report.facts["capacity_breaks"] = m_tables.capacity_breaks;
        write_file(m_work.file("unit_breaks.json"), Json{{"breaks", m_breaks}}.dump());
    }

  private:
    void open_layers() {
        const auto& project = m_work.project;
        m_layers.composite = m_work.open(m_work.file("composite.tif"));
        m_layers.levels = m_work.open(m_work.file("risk_level.tif"));
        for (const auto& hazard : project.hazards)
            m_layers.hazards.push_back(m_work.open(m_work.risk_raster(hazard.id)));
        m_layers.hazard_weights = hazard_weights(m_work);
        if (const auto* people = people_of(project))
            m_layers.people = exposure_cells(m_work, *people);
        if (!project.zoning.height.empty())
            m_layers.height = m_work.open(m_work.stack_raster("height"));
        for (const auto& exposure : project.exposures) {
            if (!summable(exposure))
                continue;
            const auto unit = table_unit(exposure);
            add_sum(
                exposure.id,
                fmt::format("{} ({})", m_work.title(exposure.title, exposure.modelled), unit.name),
                unit.factor, exposure_cells(m_work, exposure));
        }
        tell_missing_losses();
        for (const auto& hazard : project.hazards)
            for (const auto& exposure : project.exposures)
                if (auto loss = annual_loss(m_work, hazard, exposure, m_report.door)) {
                    const auto unit = table_unit(exposure);
                    add_sum(fmt::format("ael_{}_{}", hazard.id, exposure.id),
                            fmt::format("{}: {} - {} ({})",
                                        m_work.words("年均期望损失", "annual expected loss"),
                                        m_work.title(hazard.title, hazard.modelled),
                                        m_work.title(exposure.title, exposure.modelled), unit.name),
                            unit.factor, std::move(loss));
                }
    }

    /// A curve that no loss comes from was given for one.
    void tell_missing_losses() {
        std::string unsummed;
        for (const auto& exposure : m_work.project.exposures)
            if (!summable(exposure))
                unsummed += (unsummed.empty() ? "" : ", ") + exposure.id;
        for (const auto& hazard : m_work.project.hazards) {
            if (hazard.curve.empty())
                continue;
            if (hazard.maps[0].return_period == 0)
                m_report.warnings.push_back(fmt::format(
                    "{}: a curve without a return period gives no annual loss; say return_period",
                    hazard.id));
            else if (!unsummed.empty())
                m_report.warnings.push_back(
                    fmt::format("{}: no annual loss of {}, which is not known to be a count; say "
                                "kind = \"counts\" if it is",
                                hazard.id, unsummed));
        }
    }

    void add_sum(const std::string& field, const std::string& title, double factor,
                 SourcePtr source) {
        m_sums.push_back({field, title, factor});
        m_layers.summed.push_back({field, std::move(source)});
    }

    void read_tables() {
        const auto& project = m_work.project;
        const std::size_t n = m_work.areas.townships.size();
        m_tables.vulnerability.assign(n, raster::nodata);
        m_tables.capacity.assign(n, raster::nodata);
        if (!project.vulnerability.file.empty())
            m_tables.vulnerability =
                unit_index(m_work, project.vulnerability, "vulnerability", m_report).values;
        if (project.capacity.file.empty()) {
            m_report.warnings.push_back(
                "there is no table of capacity: every unit counts as capacity level 3");
            return;
        }
        const auto index = unit_index(m_work, project.capacity, "capacity", m_report);
        m_tables.capacity = index.values;
        m_report.facts["capacity_weights"] = index.weights;
        raster::ValueCounts counts;
        counts.add(index.values);
        m_tables.capacity_breaks =
            raster::find_breaks(counts.bins(), raster::BreakRule::parse(project.capacity.breaks, 5))
                .upper;
        tell_fewer(m_tables.capacity_breaks, "the capacity of townships");
    }

    void tell_fewer(const std::vector<double>& breaks, const char* what) {
        if (breaks.size() < 5)
            m_report.warnings.push_back(raster::too_few_values(what, breaks.size(), 5));
    }

    std::vector<zoning::UnitFigures> figures_of(const std::vector<Area>& areas) {
        const auto shapes = shapes_of(areas);
        return zoning::unit_figures(m_layers, zonal::cover(shapes, m_work.grid, m_execution),
                                    m_execution);
    }

    void find_breaks(const std::vector<zoning::UnitFigures>& townships) {
        raster::ValueCounts counts;
        for (const auto& unit : townships)
            counts.add(std::span{&unit.risk_weighted, 1});
        const auto method = m_work.project.levels.method;
        // Fixed breaks are made for cells; units then use them too.
        m_breaks = raster::find_breaks(counts.bins(), raster::BreakRule::parse(method, 5)).upper;
        tell_fewer(m_breaks, "the risk of townships");
    }

    UnitTable table(const char* name, const std::vector<Area>& areas,
                    const std::vector<zoning::UnitFigures>& figures) {
        UnitTable out{name, m_work.areas.crs, areas};
        const auto column = [&](auto value) {
            std::vector<double> values;
            for (const auto& unit : figures)
                values.push_back(value(unit));
            return values;
        };
        const TrueAreas area_of{m_work.areas.crs};
        std::vector<double> areas_km2;
        for (const auto& area : areas)
            areas_km2.push_back(area_of(area.shape) * 1e-6);
        out.numbers("area_km2", m_work.words("面积（平方公里）", "area (km2)"), areas_km2);
        out.numbers("risk_mean", m_work.words("综合风险均值", "mean composite risk"),
                    column([](auto& u) { return u.risk_mean; }));
        out.numbers("risk_weighted",
                    m_work.words("按人口加权的综合风险", "composite risk weighted by people"),
                    column([](auto& u) { return u.risk_weighted; }));
        out.numbers("risk_max", m_work.words("综合风险最大值", "greatest composite risk"),
                    column([](auto& u) { return u.risk_max; }));
        add_levels(out, figures);
        for (std::size_t k = 0; k < 5; ++k) {
            const auto& word = atlas::style("risk").at(static_cast<int>(k) + 1).words;
            out.numbers(fmt::format("area_share_{}", k + 1),
                        m_work.words("面积占比：", "share of area: ") + word.in(m_work.language()),
                        column([k](auto& u) { return u.area_share[k]; }));
            out.numbers(fmt::format("people_share_{}", k + 1),
                        m_work.words("人口占比：", "share of people: ") +
                            word.in(m_work.language()),
                        column([k](auto& u) { return u.people_share[k]; }));
        }
        add_hazards(out, figures);
        for (std::size_t s = 0; s < m_sums.size(); ++s)
            out.numbers(m_sums[s].field, m_sums[s].title,
                        column([&, s](auto& u) { return u.sums[s] * m_sums[s].factor; }));
        out.numbers("height_mean", m_work.words("平均高程（米）", "mean height (m)"),
                    column([](auto& u) { return u.height_mean; }));
        out.numbers("relief", m_work.words("起伏度（米，5%-95%）", "relief (m, 5 % to 95 %)"),
                    column([](auto& u) { return u.relief; }));
        return out;
    }

    void add_levels(UnitTable& out, const std::vector<zoning::UnitFigures>& figures) {
        const auto rule = zoning::UnitLevelRule::parse(m_work.project.levels.units);
        std::vector<int> levels;
        std::vector<std::string> level_words;
        for (const auto& unit : figures) {
            levels.push_back(zoning::unit_level(unit, m_breaks, rule));
            level_words.push_back(level_word(m_work, levels.back()));
        }
        out.wholes("level", m_work.words("风险等级（5高-1低）", "risk level (5 high to 1 low)"),
                   levels);
        out.texts("level_word", m_work.words("风险等级", "risk level"), level_words);
    }

    void add_hazards(UnitTable& out, const std::vector<zoning::UnitFigures>& figures) {
        const auto& hazards = m_work.project.hazards;
        for (std::size_t h = 0; h < hazards.size(); ++h) {
            std::vector<double> risk;
            std::vector<double> share;
            for (const auto& unit : figures) {
                risk.push_back(unit.hazard_risk[h]);
                share.push_back(unit.hazard_share[h]);
            }
            const auto title = m_work.title(hazards[h].title, hazards[h].modelled);
            out.numbers("risk_" + hazards[h].id, title + m_work.words("风险均值", ": mean risk"),
                        risk);
            out.numbers("share_" + hazards[h].id,
                        title + m_work.words("风险占比", ": share of the risk"), share);
        }
        std::vector<std::string> dominant;
        for (const auto& unit : figures)
            dominant.push_back(dominant_words(
                m_work,
                zoning::dominant_hazards(unit.hazard_share, m_work.project.zoning.least_share)));
        out.texts("dominant", m_work.words("主导灾种", "dominant hazards"), dominant);
    }

    void add_tables(UnitTable& out, const std::vector<double>& vulnerability,
                    const std::vector<double>& capacity) const {
        std::vector<int> level;
        for (const double c : capacity)
            level.push_back(std::isnan(c)
                                ? 3
                                : static_cast<int>(raster::class_of(c, m_tables.capacity_breaks)));
        out.numbers("vulnerability", m_work.words("脆弱性指数", "vulnerability index"),
                    vulnerability);
        out.numbers("capacity", m_work.words("减灾能力指数", "capacity index"), capacity);
        out.wholes("capacity_level",
                   m_work.words("减灾能力等级（5强-1弱）", "capacity level (5 strong)"), level);
    }

    /// Indices of counties and cities: means of their townships, by area.
    template <class Parent>
    void add_means(UnitTable& out, std::size_t n, Parent parent) const {
        std::vector<double> vulnerability(n);
        std::vector<double> capacity(n);
        std::vector<double> weight(n);
        const auto& townships = m_work.areas.townships;
        for (std::size_t t = 0; t < townships.size(); ++t) {
            const double area = planar_area(townships[t].shape);
            const std::size_t p = parent(t);
            vulnerability[p] += area * m_tables.vulnerability[t];
            capacity[p] += area * m_tables.capacity[t];
            weight[p] += area;
        }
        for (std::size_t p = 0; p < n; ++p) {
            vulnerability[p] = weight[p] > 0 ? vulnerability[p] / weight[p] : raster::nodata;
            capacity[p] = weight[p] > 0 ? capacity[p] / weight[p] : raster::nodata;
        }
        add_tables(out, vulnerability, capacity);
    }

    const Work& m_work;
    StepReport& m_report;
    const Execution& m_execution;
    zoning::FigureLayers m_layers;
    std::vector<SummedColumn> m_sums;
    FromTables m_tables;
    std::vector<double> m_breaks;
};

} // namespace

Step figure_step(const WorkPtr& work) {
    const auto& project = work->project;
    Step step;
    step.id = "figures";
    step.title = "figures of townships, counties and city";
    step.needs = {work->file("composite.tif"), work->file("risk_level.tif"),
                  work->file("weights.json"), work->file("breaks.json"), work->unit_raster()};
    step.settings = work->chosen({"areas", "levels", "risk", "zoning.least_share", "vulnerability",
                                  "capacity", "hazard", "exposure", "project.language"});
    step.go_by(work->common_settings());
    for (const auto& hazard : project.hazards) {
        step.needs.push_back(work->risk_raster(hazard.id));
        for (std::size_t m = 0; m < hazard.maps.size(); ++m)
            step.needs.push_back(work->stack_raster(Work::map_id(hazard, m)));
    }
    for (const auto& exposure : project.exposures) {
        step.needs.push_back(work->stack_raster("exposure-" + exposure.id));
    }
    if (!project.zoning.height.empty())
        step.needs.push_back(work->stack_raster("height"));
    step.makes = {work->file("units.gpkg"), work->file("units_titles.json"),
                  work->file("unit_breaks.json")};
    step.work = [work](const Execution& execution) {
        StepReport report{work->fingerprints};
        Figures{*work, report, execution}.write();
        tell_accounts(report, work->language());
        return report;
    };
    return step;
}

} // namespace riskmap::run
