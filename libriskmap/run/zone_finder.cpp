// SPDX-License-Identifier: MIT
#include "zone_finder.hpp"

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
#include <riskmap/zoning/names.hpp>
#include <riskmap/zoning/prevention.hpp>
#include <riskmap/zoning/quality.hpp>
#include <riskmap/zoning/regions.hpp>

#include "layers.hpp"
#include "units.hpp"

namespace riskmap::run {

namespace {

using Rows = std::vector<std::size_t>;

class ZoneFinder {
  public:
    ZoneFinder(const Work& work, const UnitData& data, StepReport& report,
               const Execution& execution)
        : m_work{work}, m_data{data}, m_report{report}, m_execution{execution} {}

    std::vector<Zone> find() {
        for (std::size_t city = 0; city < m_work.areas.cities.size(); ++city)
            find_zones(city);
        describe_zones();
        return std::move(m_zones);
    }

  private:
    /// The attribute vector of section 11: risk, hazard shares, terrain, density.
    [[nodiscard]] zoning::RegionProblem problem_of(const Rows& rows) {
        struct Attribute {
            std::string name;
            std::vector<double> values;
            bool told; ///< what is odd of it; shares of no risk are none, and of one hazard all
        };
        std::vector<Attribute> columns{{"risk", m_data.risk, true}};
        const auto add = [&](const std::string& name, bool told = true) {
            columns.push_back({name, m_data.units.column(name), told});
        };
        for (const auto& hazard : m_work.project.hazards)
            add("share_" + hazard.id, false);
        add("height_mean");
        add("relief");
        for (const auto& exposure : m_work.project.exposures) {
            if (!summable(exposure))
                continue;
            add(exposure.id);
            for (std::size_t u = 0; u < m_data.area.size(); ++u)
                columns.back().values[u] /= m_data.area[u];
        }
        zoning::RegionProblem problem;
        problem.attributes.resize(rows.size());
        std::vector<bool> known;
        for (const auto& column : columns)
            known.push_back(add_attribute(problem, column.name, column.values, rows, column.told));
        for (const auto k : zoning::standardise(problem.attributes))
            if (known[k] && columns[k].told && rows.size() > 1)
                m_report.warnings.push_back(fmt::format(
                    "zones: {} is the same everywhere and parts no townships", columns[k].name));
        return problem;
    }

    /// Whether any unit has a value. One without sits at the mean, so that it pulls nowhere.
    bool add_attribute(zoning::RegionProblem& problem, const std::string& name,
                       const std::vector<double>& values, const Rows& rows, bool told) {
        double sum = 0;
        std::size_t count = 0;
        for (const auto r : rows)
            if (!std::isnan(values[r])) {
                sum += values[r];
                ++count;
            }
        const double mean = count > 0 ? sum / static_cast<double>(count) : 0;
        for (std::size_t i = 0; i < rows.size(); ++i)
            problem.attributes[i].push_back(std::isnan(values[rows[i]]) ? mean : values[rows[i]]);
        if (told && count > 0 && count < rows.size())
            m_report.warnings.push_back(fmt::format(
                "zones: {} of {} of {} townships is not known and is taken for the mean of the "
                "others",
                name, rows.size() - count, rows.size()));
        return count > 0;
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
        const auto values = rules.floor == "area" ? m_data.area : m_data.units.column(rules.floor);
        for (const auto r : rows)
            problem.floor_values.push_back(std::isnan(values[r]) ? 0 : values[r]);
        problem.floor = rules.floor_value;
    }

    /// Units without risk join no region: what is not known must not take its neighbours' level.
    void set_apart(std::size_t city, const Rows& unknown, const Rows& known) {
        if (unknown.empty())
            return;
        const auto sum = [](const Rows& rows, const std::vector<double>& values) {
            double all = 0;
            for (const auto r : rows)
                all += std::isnan(values[r]) ? 0 : values[r];
            return all;
        };
        const auto share = [&](const std::vector<double>& values) {
            const double without = sum(unknown, values);
            const double all = without + sum(known, values);
            return all > 0 ? without / all : 0;
        };
        const double area = share(m_data.area);
        const double people = share(m_data.people);
        m_report.warnings.push_back(fmt::format(
            "zones: {} of {} units of {} have no risk and stand apart as a zone without data: "
            "{:.1f} % of its area, {:.1f} % of its people",
            unknown.size(), unknown.size() + known.size(), m_work.areas.cities[city].name,
            100 * area, 100 * people));
        m_report.facts["no_data"].push_back({{"city", m_work.areas.cities[city].code},
                                             {"units", unknown.size()},
                                             {"area_share", area},
                                             {"people_share", people}});
        Zone zone;
        zone.city = city;
        zone.townships = unknown;
        m_zones.push_back(std::move(zone));
    }

    void find_zones(std::size_t city) {
        Rows rows;
        Rows unknown;
        for (std::size_t t = 0; t < m_work.areas.townships.size(); ++t)
            if (m_work.areas.city_of_township(t) == city)
                (std::isnan(m_data.risk[t]) ? unknown : rows).push_back(t);
        set_apart(city, unknown, rows);
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
            risk.push_back(m_data.risk[r]);
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
        double by_area = 0;
        double known_area = 0;
        std::vector<double> shares(m_data.hazard_risk.size());
        std::map<std::size_t, double> county_area;
        double height = 0;
        double relief = 0;
        const auto heights = m_data.units.column("height_mean");
        const auto reliefs = m_data.units.column("relief");
        for (const auto t : zone.townships) {
            zone.area_km2 += m_data.area[t];
            zone.people += std::isnan(m_data.people[t]) ? 0 : m_data.people[t];
            county_area[m_work.areas.townships[t].parent] += m_data.area[t];
            height += m_data.area[t] * heights[t];
            relief += m_data.area[t] * reliefs[t];
            if (std::isnan(m_data.risk[t]))
                continue;
            const double w = std::isnan(m_data.people[t]) ? 0 : m_data.people[t];
            risk += w * m_data.risk[t];
            weight += w;
            by_area += m_data.area[t] * m_data.risk[t];
            known_area += m_data.area[t];
            for (std::size_t h = 0; h < shares.size(); ++h)
                shares[h] += m_data.area[t] * m_data.weights[h] * m_data.hazard_risk[h][t];
        }
        // A zone where nobody lives has the risk of its land.
        zone.risk = weight > 0       ? risk / weight
                    : known_area > 0 ? by_area / known_area
                                     : raster::nodata;
        zone.level = std::isnan(zone.risk) || m_data.breaks.empty()
                         ? 0
                         : static_cast<int>(raster::class_of(zone.risk, m_data.breaks));
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
            [&](std::size_t a, std::size_t b) { return m_data.people[a] < m_data.people[b]; });
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

    const Work& m_work;
    const UnitData& m_data;
    StepReport& m_report;
    const Execution& m_execution;
    std::vector<Zone> m_zones;
};

} // namespace

UnitData::UnitData(const Work& work) : units{read_units(work, "townships", "units")} {
    Json::parse(read_file(work.file("unit_breaks.json"))).at("breaks").get_to(breaks);
    weights = hazard_weights(work);
    risk = units.column("risk_weighted");
    area = units.column("area_km2");
    const auto* exposure = people_of(work.project);
    people = exposure != nullptr && summable(*exposure) ? units.column(exposure->id) : area;
    for (const auto& hazard : work.project.hazards)
        hazard_risk.push_back(units.column("risk_" + hazard.id));
}

std::vector<double> UnitData::hazard_shares(std::size_t unit) const {
    std::vector<double> shares;
    for (std::size_t h = 0; h < hazard_risk.size(); ++h)
        shares.push_back(hazard_risk[h][unit] * weights[h]);
    const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
    for (auto& share : shares)
        share = sum > 0 ? share / sum : raster::nodata;
    return shares;
}

std::vector<Zone> find_zones(const Work& work, const UnitData& data, StepReport& report,
                             const Execution& execution) {
    return ZoneFinder{work, data, report, execution}.find();
}

} // namespace riskmap::run
