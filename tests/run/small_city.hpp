// SPDX-License-Identifier: MIT
// A made-up city of two counties and six townships, for tests of whole runs.
#pragma once

#include <cmath>

#include "support.hpp"

namespace riskmap::test {

/// Files of a project in a folder; the project file is written by `write`.
class SmallCity {
  public:
    static constexpr int columns = 60;
    static constexpr int rows = 40;

    SmallCity() {
        const Grid g = grid(columns, rows, 100);
        write_areas(g);
        std::vector<double> depth;
        std::vector<double> wind;
        std::vector<double> people;
        for (int r = 0; r < rows; ++r)
            for (int c = 0; c < columns; ++c) {
                depth.push_back(std::max(0.0, 3 - std::hypot(c - 15, r - 20) / 5));
                wind.push_back(20 + 15.0 * r / rows);
                people.push_back((c * 7 + r * 13) % 11 == 0 ? 0 : (c * 31 + r * 17) % 50);
            }
        write_raster(m_folder / "depth.tif", raster::InMemory{g, depth});
        write_raster(m_folder / "wind.tif", raster::InMemory{g, wind});
        write_raster(m_folder / "people.tif", raster::InMemory{g, people});
        write_text(m_folder / "table.csv", "code,weak,doctors\n11,0.1,5\n12,0.3,4\n13,0.2,3\n"
                                           "21,0.5,2\n22,0.4,6\n23,0.6,1\n");
        write_text(m_folder / "losses.csv", "hazard,loss\nflood,30\nwind,10\n");
        write();
    }

    /// The project file, with one text replaced by another.
    void write(const std::string& from = {}, const std::string& to = {}) const {
        write_text(file(), replaced(project_text, from, to));
    }

    [[nodiscard]] std::filesystem::path file() const { return m_folder / "project.toml"; }
    [[nodiscard]] std::filesystem::path out() const { return m_folder / "out"; }
    [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
        return m_folder / name;
    }

    /// Layers as read and written again by `change`.
    template <class Change>
    void change_townships(Change change) const {
        auto layer = vector::read_layer(m_folder / "areas.gpkg", "townships");
        auto counties = vector::read_layer(m_folder / "areas.gpkg", "counties");
        change(layer);
        vector::write_geopackage(m_folder / "areas.gpkg",
                                 std::vector<vector::Product>{{&counties, {}}, {&layer, {}}});
    }

  private:
    void write_areas(const Grid& g) const {
        vector::Layer counties;
        counties.name = "counties";
        counties.crs = g.crs;
        counties.fields = {{"code", vector::FieldType::text}, {"name", vector::FieldType::text}};
        counties.features = {
            {{std::string{"1"}, std::string{"西县"}}, {{}, {}, rectangle(g, 0, 0, 30, 40)}},
            {{std::string{"2"}, std::string{"东县"}}, {{}, {}, rectangle(g, 30, 0, 60, 40)}}};
        vector::Layer townships;
        townships.name = "townships";
        townships.crs = g.crs;
        townships.fields = {{"code", vector::FieldType::text},
                            {"name", vector::FieldType::text},
                            {"county", vector::FieldType::text}};
        const double edges[] = {0, 13.4, 26.8, 40};
        for (int county = 1; county <= 2; ++county)
            for (int k = 0; k < 3; ++k)
                townships.features.push_back(
                    {{std::to_string(county) + std::to_string(k + 1),
                      "乡" + std::to_string(county * 10 + k + 1), std::to_string(county)},
                     {{},
                      {},
                      rectangle(g, (county - 1) * 30.0, edges[k], county * 30.0, edges[k + 1])}});
        vector::write_geopackage(m_folder / "areas.gpkg",
                                 std::vector<vector::Product>{{&counties, {}}, {&townships, {}}});
    }

    static constexpr const char* project_text = R"([project]
id = "small"
[areas.city]
code = "9"
name = "小城"
[areas.counties]
file = "areas.gpkg"
layer = "counties"
[areas.townships]
file = "areas.gpkg"
layer = "townships"
parent_field = "county"
[grid]
crs = "EPSG:4549"
cell_size = 100
[[hazard]]
id = "flood"
title = "洪水"
title_en = "flood"
file = "depth.tif"
normalise = "linear:0:3"
return_period = 100
curve = "flood-depth-residential-asia"
modelled = true
[[hazard]]
id = "wind"
title = "大风"
title_en = "wind"
file = "wind.tif"
normalise = "linear:17:40"
[[exposure]]
id = "people"
title = "人口"
title_en = "people"
file = "people.tif"
kind = "counts"
people = true
normalise = "min-max"
[vulnerability]
file = "table.csv"
range = [0.5, 1]
[[vulnerability.indicator]]
field = "weak"
[capacity]
file = "table.csv"
[[capacity.indicator]]
field = "doctors"
[weights]
hazards = "loss-share"
losses = "losses.csv"
[zoning]
k = 3
sieve_km2 = 0.05
[atlas]
make = false
[check]
before_run = false
)";
    Folder m_folder;
};

} // namespace riskmap::test
