// SPDX-License-Identifier: MIT
// A made-up project to be reckoned by hand: two cities, each with a county called 新区, each of
// three townships; every section of a project file; names that no document may take for markup.
#pragma once

#include "support.hpp"

namespace riskmap::test {

/// What each township is made of; its cells are all alike.
struct Town {
    const char* code;
    const char* name;
    int first_row; ///< of 40, to the next one's
    int rows;
    double flood;   ///< hazard index
    double people;  ///< a cell
    double weak;    ///< vulnerability: rising
    double income;  ///< vulnerability: falling
    double doctors; ///< capacity: rising
    double far_km;  ///< capacity: falling
    int woods;      ///< cells of forest, from its first on
};

class TwinCities {
  public:
    static constexpr int columns = 60;
    static constexpr int rows = 40;
    static constexpr double storm = 0.3;

    /// Codes of the first city begin with 7, those of the second with 8. In 713 lives nobody, of
    /// 813 no flood is known.
    static constexpr std::array<Town, 6> towns{{
        {"711", "</script><script>alert(1)</script>", 0, 10, 0.2, 10, 10, 6, 2, 1, 30},
        {"712", "=cmd|' /C calc'!A0", 10, 10, 0.9, 20, 20, 5, 9, 4, 60},
        {"713", "山 & \"水\" <乡>", 20, 20, 0.5, 0, 30, 4, 1, 6, 400},
        {"811", "-2+3", 0, 10, 0.05, 40, 40, 3, 6, 2, 0},
        {"812", "@SUM(A1)", 10, 10, 0.6, 30, 50, 2, 4, 3, 90},
        {"813", "+无'资料'乡", 20, 20, none, 5, 60, 1, 3, 5, 150},
    }};

    TwinCities() {
        m_grid = test::grid(columns, rows, 100);
        write_areas();
        write_rasters();
        write_tables();
        write_points();
        test::write_text(file(), project_text);
    }

    [[nodiscard]] std::filesystem::path file() const { return m_folder / "project.toml"; }
    [[nodiscard]] std::filesystem::path out() const { return m_folder / "out"; }
    [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
        return m_folder / name;
    }
    [[nodiscard]] const Grid& grid() const { return m_grid; }

    /// The township of a cell: its place in `towns`.
    static std::size_t town_of(std::int64_t column, std::int64_t row) {
        return (column < columns / 2 ? 0U : 3U) + (row < 10 ? 0U : row < 20 ? 1U : 2U);
    }
    static double cells(const Town& town) { return town.rows * columns / 2; }

    /// In the project file.
    void replace(const std::string& from, const std::string& to) const {
        test::replace_in(file(), from, to);
    }

    static constexpr const char* project_text = R"([project]
id = "twins"
title = "</title><script>alert(2)</script>"
[areas.city]
file = "areas.gpkg"
layer = "cities"
[areas.counties]
file = "areas.gpkg"
layer = "counties"
parent_field = "city"
[areas.townships]
file = "areas.gpkg"
layer = "townships"
parent_field = "county"
[grid]
crs = "EPSG:4549"
cell_size = 100
[[hazard]]
id = "flood"
title = "洪<水> & \"涝\""
title_en = "flood"
file = "flood.tif"
normalise = "linear:0:1"
return_period = 100
curve = "curve.csv"
weight = 3
[[hazard]]
id = "storm"
title = "大风"
title_en = "storm"
normalise = "linear:0:1"
weight = 1
[[hazard.map]]
file = "storm.tif"
return_period = 10
[[hazard.map]]
file = "storm.tif"
return_period = 100
[[exposure]]
id = "people"
title = "人口"
title_en = "people"
unit = "人"
file = "people.tif"
kind = "counts"
people = true
normalise = "linear:0:5000"
weight = 1
[[exposure]]
id = "woods"
title = "林地"
title_en = "woods"
file = "landcover.tif"
classes = [30]
normalise = "linear:0:1e6"
weight = 0
[[exposure]]
id = "ways"
title = "道路"
title_en = "roads"
file = "points.gpkg"
layer = "roads"
measure = "length"
normalise = "linear:0:1e6"
weight = 0
[vulnerability]
file = "table.csv"
range = [0.5, 1]
[[vulnerability.indicator]]
field = "weak"
[[vulnerability.indicator]]
field = "income"
direction = "falling"
[capacity]
file = "table.csv"
[[capacity.indicator]]
field = "doctors"
[[capacity.indicator]]
field = "far_km"
direction = "falling"
[weights]
losses = "losses.csv"
[risk]
form = "product"
[levels]
method = "natural-breaks"
[uncertainty]
draws = 0
[zoning]
k = 2
sieve_km2 = 0
height = "dem.tif"
[prevention]
measures = "measures.csv"
[[prevention.override]]
hazard = "flood"
level = 4
people = 5999
[forest]
file = "landcover.tif"
classes = [30]
height = "dem.tif"
[forest.cameras]
file = "points.gpkg"
layer = "cameras"
[forest.candidates]
file = "points.gpkg"
layer = "masts"
[forest.plan]
goal = 0.5
[forest.townships]
fires = "points.gpkg"
fires_layer = "fires"
weights = "forest=1"
[forest.water]
file = "points.gpkg"
layer = "water"
sites = 2
[shelter]
people = "points.gpkg"
people_layer = "villages"
people_field = "population"
limit = "1300m"
[shelter.existing]
file = "points.gpkg"
layer = "shelters"
[shelter.candidates]
file = "points.gpkg"
layer = "places"
[shelter.suitability]
any = true
[shelter.roads]
file = "points.gpkg"
layer = "roads"
by = "distance"
[shelter.plan]
sites = 1
[shelter.reach]
bands = "1000m,5000m"
[scenario]
closed_by = ["floods"]

[shelter.isolation]
seats = "points.gpkg"
seats_layer = "seats"
[atlas]
make = false
[output]
palette = "standard"
[check]
before_run = false
)";

  private:
    void write_areas() const {
        const auto layer = [&](const char* name) {
            vector::Layer one;
            one.name = name;
            one.crs = m_grid.crs;
            one.fields = {{"code", vector::FieldType::text}, {"name", vector::FieldType::text}};
            return one;
        };
        auto cities = layer("cities");
        auto counties = layer("counties");
        auto townships = layer("townships");
        counties.fields.push_back({"city", vector::FieldType::text});
        townships.fields.push_back({"county", vector::FieldType::text});
        for (int side = 0; side < 2; ++side) {
            const auto half = rectangle(m_grid, side * 30.0, 0, side * 30.0 + 30, rows);
            const std::string city{side == 0 ? "7" : "8"};
            cities.features.push_back(
                {{city, std::string{side == 0 ? "甲<市>" : "乙市"}}, {{}, {}, half}});
            counties.features.push_back({{city + "1", std::string{"新区"}, city}, {{}, {}, half}});
        }
        for (std::size_t t = 0; t < towns.size(); ++t) {
            const double left = t < 3 ? 0 : 30;
            const auto& town = towns[t];
            townships.features.push_back(
                {{std::string{town.code}, std::string{town.name},
                  std::string{town.code}.substr(0, 2)},
                 {{},
                  {},
                  rectangle(m_grid, left, town.first_row, left + 30, town.first_row + town.rows)}});
        }
        vector::write_geopackage(
            m_folder / "areas.gpkg",
            std::vector<vector::Product>{{&cities, {}}, {&counties, {}}, {&townships, {}}});
    }

    void write_rasters() const {
        std::vector<double> flood, people, landcover, dem;
        for (int r = 0; r < rows; ++r)
            for (int c = 0; c < columns; ++c) {
                const auto& town = towns[town_of(c, r)];
                flood.push_back(town.flood);
                people.push_back(town.people);
                const int place = (r - town.first_row) * 30 + c % 30;
                landcover.push_back(place < town.woods ? 30 : 50);
                dem.push_back(100 + (town.rows == 20 ? 0 : 200) + r % 2);
            }
        const auto write = [&](const char* name, const std::vector<double>& values) {
            write_raster(m_folder / name, raster::InMemory{m_grid, values});
        };
        write("flood.tif", flood);
        // The same at each return period: a tenth of it is what a year brings.
        write("storm.tif", std::vector<double>(flood.size(), storm / 0.1));
        write("people.tif", people);
        write("landcover.tif", landcover);
        write("dem.tif", dem);
    }

    void write_tables() const {
        std::string table = "code,weak,income,doctors,far_km\n";
        for (const auto& town : towns)
            table += std::string{town.code} + "," + std::to_string(town.weak) + "," +
                     std::to_string(town.income) + "," + std::to_string(town.doctors) + "," +
                     std::to_string(town.far_km) + "\n";
        test::write_text(m_folder / "table.csv", table);
        test::write_text(m_folder / "curve.csv", "intensity,damage\n0,0\n1,0.5\n");
        test::write_text(m_folder / "losses.csv", "hazard,loss\nflood,30\nstorm,10\n");
        test::write_text(m_folder / "measures.csv",
                         "hazard,class,measures\nflood,K,<u>堤防</u>\nstorm,K,加固\n");
    }

    void write_points() const {
        using vector::FieldType;
        const auto layer = [&](const char* name, std::vector<vector::Field> fields) {
            return vector::Layer{name, m_grid.crs, std::move(fields), {}};
        };
        const auto add = [&](vector::Layer& to, std::vector<vector::Value> values, double c,
                             double r) {
            to.features.push_back({std::move(values), {{m_grid.from_cells({c, r})}, {}, {}}});
        };
        auto cameras = layer("cameras", {{"id", FieldType::text}, {"range_m", FieldType::real}});
        add(cameras, {std::string{"C<1>"}, 700.0}, 5.5, 5.5);
        auto masts = layer("masts", {{"id", FieldType::text}, {"range_m", FieldType::real}});
        add(masts, {std::string{"=M1"}, 2000.0}, 10.5, 27.5);
        add(masts, {std::string{"M2"}, 1200.0}, 45.5, 22.5);
        auto fires = layer("fires", {{"date", FieldType::text}, {"burnt_ha", FieldType::real}});
        add(fires, {std::string{"2019-03-04"}, 4.0}, 10.5, 25.5);
        add(fires, {std::string{"2020-05-06"}, 2.0}, 12.5, 26.5);
        auto water = layer("water", {{"id", FieldType::text}});
        add(water, {std::string{"W1"}}, 3.5, 21.5);
        auto villages = layer("villages", {{"code", FieldType::text},
                                           {"name", FieldType::text},
                                           {"population", FieldType::real}});
        const double places[][3] = {{5, 5, 100}, {25, 5, 200}, {35, 5, 400}, {55, 5, 800}};
        for (int v = 0; v < 4; ++v)
            add(villages,
                {"V" + std::to_string(v), "<i>村" + std::to_string(v) + "</i>", places[v][2]},
                places[v][0], places[v][1]);
        auto shelters = layer("shelters", {{"id", FieldType::text}});
        add(shelters, {std::string{"S<1>"}}, 5, 5);
        auto sites = layer("places", {{"id", FieldType::text}});
        add(sites, {std::string{"@P1"}}, 25, 5);
        add(sites, {std::string{"P2"}}, 50, 5);
        auto seats = layer("seats", {{"name", FieldType::text}});
        add(seats, {std::string{"seat"}}, 5, 5);
        auto roads = layer("roads", {{"name", FieldType::text}, {"floods", FieldType::integer}});
        const auto road = [&](const char* name, int floods, double from, double to) {
            roads.features.push_back(
                {{std::string{name}, std::int64_t{floods}},
                 {{}, {{m_grid.from_cells({from, 5}), m_grid.from_cells({to, 5})}}, {}}});
        };
        road("west", 0, 0, 30);
        road("bridge", 1, 30, 40);
        road("east", 0, 40, 60);
        vector::write_geopackage(m_folder / "points.gpkg",
                                 std::vector<vector::Product>{{&cameras, {}},
                                                              {&masts, {}},
                                                              {&fires, {}},
                                                              {&water, {}},
                                                              {&villages, {}},
                                                              {&shelters, {}},
                                                              {&sites, {}},
                                                              {&seats, {}},
                                                              {&roads, {}}});
    }

    Grid m_grid;
    Folder m_folder;
};

} // namespace riskmap::test
