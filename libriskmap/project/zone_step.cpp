// SPDX-License-Identifier: MIT
// Step: risk zones and prevention zones, of units and of cells.
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include <riskmap/atlas/style.hpp>
#include <riskmap/core/error.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/geo/topology.hpp>
#include <riskmap/raster/breaks.hpp>
#include <riskmap/raster/cells.hpp>
#include <riskmap/zonal/statistics.hpp>
#include <riskmap/zoning/figures.hpp>
#include <riskmap/zoning/names.hpp>
#include <riskmap/zoning/prevention.hpp>
#include <riskmap/zoning/quality.hpp>
#include <riskmap/zoning/regions.hpp>

#include "layers.hpp"
#include "table.hpp"
#include "units.hpp"

namespace riskmap::project {

namespace {

using Rows = std::vector<std::size_t>;

struct Zone {
    std::size_t city = 0;
    Rows townships;
    int level = 0;
    double risk = 0;
    double area_km2 = 0;
    double people = 0;
    std::vector<std::size_t> dominant;
    Words place;
    Words landform;
    Words name;
    std::string code;
};

class Zoner {
  public:
    Zoner(const Work& work, StepReport& report, const Execution& execution)
        : m_work{work}, m_report{report}, m_execution{execution}, m_units{vector::read_layer(
                                                                      work.file("units.gpkg"),
                                                                      "townships")} {
        Json::parse(read_file(work.file("unit_breaks.json"))).at("breaks").get_to(m_breaks);
        Json::parse(read_file(work.file("weights.json"))).at("hazards").get_to(m_weights);
        m_risk = m_units.column("risk_weighted");
        m_area = m_units.column("area_km2");
        const auto* people = people_of(work.project);
        m_people = people != nullptr && summable(*people) ? m_units.column(people->id) : m_area;
        for (const auto& hazard : work.project.hazards)
            m_hazard_risk.push_back(m_units.column("risk_" + hazard.id));
    }

    void write() {
        for (std::size_t city = 0; city < m_work.areas.cities.size(); ++city)
            find_zones(city);
        describe_zones();
        add_prevention();
        write_vectors();
        write_rasters();
    }

  private:
    [[nodiscard]] std::string words(const char* zh, const char* en) const {
        return m_work.language() == Language::zh ? zh : en;
    }

    /// The attribute vector of section 11: risk, hazard shares, terrain, density.
    [[nodiscard]] zoning::RegionProblem problem_of(const Rows& rows) const {
        std::vector<std::vector<double>> columns{m_risk};
        for (const auto& hazard : m_work.project.hazards)
            columns.push_back(m_units.column("share_" + hazard.id));
        for (const auto* terrain : {"height_mean", "relief"})
            columns.push_back(m_units.column(terrain));
        for (const auto& exposure : m_work.project.exposures) {
            if (!summable(exposure))
                continue;
            auto density = m_units.column(exposure.id);
            for (std::size_t u = 0; u < density.size(); ++u)
                density[u] /= m_area[u];
            columns.push_back(std::move(density));
        }
        zoning::RegionProblem problem;
        problem.attributes.resize(rows.size());
        for (const auto& column : columns) {
            double sum = 0;
            double count = 0;
            for (const auto r : rows)
                if (!std::isnan(column[r])) {
                    sum += column[r];
                    ++count;
                }
            // A unit without data sits at the mean, so that it pulls nowhere.
            for (std::size_t i = 0; i < rows.size(); ++i)
                problem.attributes[i].push_back(
                    std::isnan(column[rows[i]]) ? (count > 0 ? sum / count : 0) : column[rows[i]]);
        }
        zoning::standardise(problem.attributes);
        return problem;
    }

    void link(zoning::RegionProblem& problem, const Rows& rows) {
        std::vector<MultiPolygon> shapes;
        std::vector<Point> centroids;
        for (const auto r : rows) {
            shapes.push_back(m_work.areas.townships[r].shape);
            centroids.push_back(centroid(shapes.back()));
        }
        for (const auto& pair : rook_adjacency(shapes, m_work.project.zoning.border_tolerance))
            problem.neighbours.emplace_back(pair.first, pair.second);
        for (const auto& [a, b] : zoning::island_links(centroids, problem.neighbours)) {
            m_report.warnings.push_back(fmt::format(
                "zones: {} touches no other unit of its part and is joined to {}",
                m_work.areas.townships[rows[a]].name, m_work.areas.townships[rows[b]].name));
            problem.neighbours.emplace_back(a, b);
        }
    }

    void set_floor(zoning::RegionProblem& problem, const Rows& rows) const {
        const auto& rules = m_work.project.zoning;
        if (rules.floor == "none")
            return;
        const auto values = rules.floor == "area" ? m_area : m_units.column(rules.floor);
        for (const auto r : rows)
            problem.floor_values.push_back(std::isnan(values[r]) ? 0 : values[r]);
        problem.floor = rules.floor_value;
    }

    void find_zones(std::size_t city) {
        Rows rows;
        for (std::size_t t = 0; t < m_work.areas.townships.size(); ++t)
            if (m_work.areas.city_of_township(t) == city)
                rows.push_back(t);
        if (rows.empty())
            return;
        auto problem = problem_of(rows);
        link(problem, rows);
        set_floor(problem, rows);
        const auto& rules = m_work.project.zoning;
        const auto regions = zoning::find_regions(problem, rules.k, rules.most,
                                                  zoning::region_method(rules.method), m_execution);
        if (!zoning::contiguous(problem, regions.region))
            throw Error{ErrorKind::internal, "a zone fell into several pieces"};
        std::vector<Zone> zones(static_cast<std::size_t>(regions.count));
        for (std::size_t i = 0; i < rows.size(); ++i)
            zones[static_cast<std::size_t>(regions.region[i])].townships.push_back(rows[i]);
        for (auto& zone : zones) {
            zone.city = city;
            m_zones.push_back(std::move(zone));
        }
        std::vector<double> risk;
        for (const auto r : rows)
            risk.push_back(m_risk[r]);
        const auto quality = zoning::geodetector(risk, regions.region);
        m_report.facts["quality"].push_back(
            {{"city", m_work.areas.cities[city].code},
             {"zones", regions.count},
             {"between_share", regions.total > 0 ? 1 - regions.within / regions.total : 0},
             {"q", quality.q},
             {"f", std::isfinite(quality.f) ? Json(quality.f) : Json()},
             {"p_value", quality.p_value},
             {"between_share_by_count", regions.between_share}});
    }

    void describe_zones() {
        for (auto& zone : m_zones)
            describe(zone);
        std::stable_sort(m_zones.begin(), m_zones.end(), [](const Zone& a, const Zone& b) {
            return a.city != b.city ? a.city < b.city : a.level > b.level;
        });
        std::map<std::pair<std::size_t, std::string>, int> names;
        for (const auto& zone : m_zones)
            ++names[{zone.city, name_of(zone).zh}];
        std::map<std::size_t, int> serial;
        for (auto& zone : m_zones) {
            if (names[{zone.city, name_of(zone).zh}] > 1)
                add_largest_township(zone);
            zone.name = name_of(zone);
            zone.code = zoning::zone_code(m_work.areas.cities[zone.city].code, zone.level,
                                          ++serial[zone.city]);
        }
    }

    void describe(Zone& zone) const {
        double risk = 0;
        double weight = 0;
        std::vector<double> shares(m_hazard_risk.size());
        std::map<std::size_t, double> county_area;
        double height = 0;
        double relief = 0;
        const auto heights = m_units.column("height_mean");
        const auto reliefs = m_units.column("relief");
        for (const auto t : zone.townships) {
            zone.area_km2 += m_area[t];
            zone.people += std::isnan(m_people[t]) ? 0 : m_people[t];
            county_area[m_work.areas.townships[t].parent] += m_area[t];
            height += m_area[t] * heights[t];
            relief += m_area[t] * reliefs[t];
            if (std::isnan(m_risk[t]))
                continue;
            const double w = std::isnan(m_people[t]) ? 0 : m_people[t];
            risk += w * m_risk[t];
            weight += w;
            for (std::size_t h = 0; h < shares.size(); ++h)
                shares[h] += m_area[t] * m_weights[h] * m_hazard_risk[h][t];
        }
        zone.risk = weight > 0 ? risk / weight : raster::nodata;
        zone.level = std::isnan(zone.risk) || m_breaks.empty()
                         ? 0
                         : static_cast<int>(raster::class_of(zone.risk, m_breaks));
        const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
        for (auto& share : shares)
            share /= sum > 0 ? sum : 1;
        zone.dominant = zoning::dominant_hazards(shares, m_work.project.zoning.least_share);
        zone.landform = zoning::landform_words(height / zone.area_km2, relief / zone.area_km2);
        const auto county = std::max_element(county_area.begin(), county_area.end(),
                                             [](auto& a, auto& b) { return a.second < b.second; });
        const auto& place = zone.townships.size() == 1
                                ? m_work.areas.townships[zone.townships[0]].name
                                : m_work.areas.counties[county->first].name;
        zone.place = {place, place};
    }

    void add_largest_township(Zone& zone) const {
        if (zone.townships.size() < 2)
            return;
        const auto largest = *std::max_element(
            zone.townships.begin(), zone.townships.end(),
            [&](std::size_t a, std::size_t b) { return m_people[a] < m_people[b]; });
        const auto& name = m_work.areas.townships[largest].name;
        zone.place.zh += name + "片";
        zone.place.en += " around " + name;
    }

    [[nodiscard]] Words name_of(const Zone& zone) const {
        std::vector<Words> hazards;
        for (const auto h : zone.dominant)
            hazards.push_back(m_work.project.hazards[h].title);
        const Words level =
            zone.level > 0 ? atlas::style("risk").at(zone.level).words : Words{"无数据", "no data"};
        return zoning::zone_name(zone.place, zone.landform, hazards, level);
    }

    void add_prevention() {
        const auto matrix = zoning::PreventionMatrix::parse(m_work.project.prevention.matrix);
        const auto level = m_units.column("level");
        const auto capacity = m_units.column("capacity_level");
        for (std::size_t t = 0; t < m_units.size(); ++t) {
            m_prevention.push_back(std::isnan(level[t])
                                       ? 0
                                       : static_cast<int>(matrix(static_cast<int>(level[t]),
                                                                 static_cast<int>(capacity[t]))));
            m_raised_by.emplace_back();
        }
        if (m_work.project.prevention.overrides.empty())
            return;
        const auto shapes = shapes_of(m_work.areas.townships);
        const auto units = zonal::cover(shapes, m_work.grid, m_execution);
        for (const auto& rule : m_work.project.prevention.overrides)
            apply_override(rule, units);
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
        const double above = (rule.level - 1) / 5.0;
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
        for (std::size_t t = 0; t < m_units.size(); ++t) {
            if (!(sums[t][0] >= rule.people) || m_prevention[t] == 0 || m_prevention[t] >= wanted)
                continue;
            m_prevention[t] = wanted;
            m_raised_by[t] =
                fmt::format("{}: {:.0f}", hazard->title.in(m_work.language()), sums[t][0]);
            ++raised;
        }
        m_report.facts["raised_by_override"].push_back(
            {{"hazard", rule.hazard}, {"level", rule.level}, {"units", raised}});
    }

    [[nodiscard]] zoning::MeasureTable measures() const {
        zoning::MeasureTable table;
        const auto& file = m_work.project.prevention.measures;
        if (file.empty())
            return table;
        const auto layer = vector::read_layer(file, {}, vector::Geometry::none);
        const auto hazard = layer.field("hazard");
        const auto prevention = layer.field("class");
        const bool en = m_work.language() == Language::en && layer.has_field("measures_en");
        const auto text = layer.field(en ? "measures_en" : "measures");
        for (const auto& row : layer.features) {
            const auto letter = vector::text_of(row.values[prevention]);
            if (letter.size() != 1)
                throw input_error(
                    fmt::format("'{}': class '{}' is not K, S or G", file.string(), letter));
            table.add(vector::text_of(row.values[hazard]),
                      zoning::parse_prevention_class(letter[0]), vector::text_of(row.values[text]));
        }
        return table;
    }

    void add_unit_columns() {
        const std::size_t n = m_units.size();
        std::vector<std::string> code(n);
        std::vector<std::string> name(n);
        std::vector<std::string> words_of_class(n);
        std::vector<std::string> measure(n);
        const auto table = measures();
        for (const auto& zone : m_zones)
            for (const auto t : zone.townships) {
                code[t] = zone.code;
                name[t] = zone.name.in(m_work.language());
            }
        for (std::size_t t = 0; t < n; ++t) {
            if (m_prevention[t] == 0)
                continue;
            words_of_class[t] =
                atlas::style("prevention").at(m_prevention[t]).words.in(m_work.language());
            std::vector<double> shares;
            for (const auto& hazard : m_hazard_risk)
                shares.push_back(hazard[t] * m_weights[shares.size()]);
            const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
            for (auto& share : shares)
                share = sum > 0 ? share / sum : raster::nodata;
            std::vector<std::string> ids;
            for (const auto h : zoning::dominant_hazards(shares, m_work.project.zoning.least_share))
                ids.push_back(m_work.project.hazards[h].id);
            measure[t] = table.measures(ids, static_cast<zoning::PreventionClass>(m_prevention[t]));
        }
        m_units.texts("zone_code", words("区划代码", "code of the risk zone"), code);
        m_units.texts("zone_name", words("风险区", "risk zone"), name);
        m_units.wholes("prevention", words("防治分区（3重点-1一般）", "prevention class (3 key)"),
                       m_prevention);
        m_units.texts("prevention_word", words("防治分区", "prevention class"), words_of_class);
        m_units.texts("raised_by", words("提级依据", "raised by"), m_raised_by);
        m_units.texts("measures", words("建议措施", "recommended measures"), measure);
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
        table.texts("name_en", words("英文名", "name in English"), en);
        table.wholes("level", words("风险等级（5高-1低）", "risk level (5 high to 1 low)"), level);
        table.texts("level_word", words("风险等级", "risk level"), level_words);
        table.texts("dominant", words("主导灾种", "dominant hazards"), dominant);
        table.numbers("risk_weighted",
                      words("按人口加权的综合风险", "composite risk weighted by people"), risk);
        table.wholes("units", words("乡镇数", "number of units"), count);
        table.numbers("area_km2", words("面积（平方公里）", "area (km2)"), area);
        table.numbers("people", words("人口", "people"), people);
        return table.layer();
    }

    void write_vectors() {
        add_unit_columns();
        const auto zones = zone_layer();
        const auto file = m_work.file("units.gpkg");
        const auto counties = vector::read_layer(file, "counties");
        const auto cities = vector::read_layer(file, "cities");
        vector::write_geopackage(
            m_work.file("zones.gpkg"),
            std::vector<vector::Product>{
                {&m_units.layer(), {}}, {&counties, {}}, {&cities, {}}, {&zones, {}}});
    }

    void write_rasters() {
        std::vector<double> zone_of(m_units.size(), raster::nodata);
        for (std::size_t z = 0; z < m_zones.size(); ++z)
            for (const auto t : m_zones[z].townships)
                zone_of[t] = static_cast<double>(z + 1);
        const auto unit = m_work.open(m_work.unit_raster());
        const auto zones = raster::mapped(
            unit, [zone_of](double u) { return zone_of[static_cast<std::size_t>(u) - 1]; });
        raster::Writer zone_writer{m_work.file("risk_zones.tif"), m_work.grid,
                                   plain_spec(raster::CellType::uint16), m_execution};
        raster::copy(*zones, zone_writer, m_execution, "zones");
        zone_writer.commit();

        const auto matrix = zoning::PreventionMatrix::parse(m_work.project.prevention.matrix);
        const auto capacity = m_units.column("capacity_level");
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
                              plain_spec(raster::CellType::byte), m_execution};
        raster::copy(*cells, writer, m_execution, "prevention");
        writer.commit();
    }

    const Work& m_work;
    StepReport& m_report;
    const Execution& m_execution;
    UnitTable m_units;
    std::vector<double> m_breaks;
    std::vector<double> m_weights;
    std::vector<double> m_risk;
    std::vector<double> m_area;
    std::vector<double> m_people;
    std::vector<std::vector<double>> m_hazard_risk; ///< [hazard][township]
    std::vector<Zone> m_zones;
    std::vector<int> m_prevention;
    std::vector<std::string> m_raised_by;
};

} // namespace

Step zone_step(const WorkPtr& work) {
    const auto& project = work->project;
    Step step;
    step.id = "zones";
    step.title = "risk zones and prevention zones";
    step.inputs = {work->file("units.gpkg"), work->file("unit_breaks.json"),
                   work->file("weights.json"), work->unit_raster(), work->file("risk_level.tif")};
    step.parameters = {{"areas", area_json(*work)},
                       {"grid", grid_json(*work)},
                       {"zoning", to_json(*work, project.zoning)},
                       {"prevention", to_json(*work, project.prevention)}};
    for (const auto& hazard : project.hazards)
        step.parameters["hazards"].push_back(to_json(*work, hazard));
    for (const auto& exposure : project.exposures)
        step.parameters["exposures"].push_back(to_json(*work, exposure));
    if (!project.prevention.measures.empty())
        step.inputs.push_back(project.prevention.measures);
    if (!project.prevention.overrides.empty())
        for (const auto& hazard : project.hazards)
            for (std::size_t m = 0; m < hazard.maps.size(); ++m)
                step.inputs.push_back(work->stack_raster(Work::map_id(hazard, m)));
    step.outputs = {work->file("zones.gpkg"), work->file("risk_zones.tif"),
                    work->file("prevention.tif")};
    step.work = [work](const Execution& execution) {
        StepReport report;
        Zoner{*work, report, execution}.write();
        return report;
    };
    return step;
}

} // namespace riskmap::project
