// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <riskmap/census/ingest.hpp>
#include <riskmap/census/shift.hpp>
#include <riskmap/raster/source.hpp>

#include "tools/program.hpp"

namespace riskmap::census {
namespace {

const std::filesystem::path corpus =
    std::filesystem::path{RISKMAP_SOURCE_DIR} / "tests/data/broken";

std::vector<std::string> column(const vector::Layer& layer, const std::string& field) {
    std::vector<std::string> out;
    for (const auto& feature : layer.features)
        out.push_back(vector::text_of(feature.values[layer.field(field)]));
    return out;
}

TEST(Ingest, GbkNamesComeOutRight) {
    const test::Folder folder;
    const auto out = folder / "city";
    const auto answer = test::program(
        "ingest 'townships_gbk/townships_gbk.shp spec=townships' -o " + out.string(), corpus);
    ASSERT_EQ(answer.status, 0) << answer.error;
    const std::vector<std::string> names{"上林街道", "下林镇", "南山街道", "北山镇"};
    const auto layer = vector::read_layer(out / "census.gpkg", "townships");
    EXPECT_EQ(column(layer, "name"), names);
    EXPECT_EQ(layer.crs.name(), "EPSG:4549");
    vector::write_layer(folder / "t.geojson", layer);
    const auto json = nlohmann::json::parse(test::read_text(folder / "t.geojson"));
    for (std::size_t i = 0; i < names.size(); ++i)
        EXPECT_EQ(json["features"][i]["properties"]["name"], names[i]);
    const auto found = nlohmann::json::parse(test::read_text(out / "findings.json"));
    EXPECT_EQ(found["rules"].items().begin().key(), "encoding-unsaid");
    const auto provenance = nlohmann::json::parse(test::read_text(out / "ingest.json"));
    EXPECT_EQ(provenance["layers"][0]["spec"], "townships");
    EXPECT_EQ(provenance["layers"][0]["sha256"].get<std::string>().size(), 64U);
}

TEST(Ingest, TakesTheShiftOffToWithinAMetre) {
    const test::Folder folder;
    const std::string layers = "ingest villages_gcj02.geojson townships.geojson ";
    const auto refused = test::program(layers + "-o " + (folder / "no").string(), corpus);
    EXPECT_EQ(refused.status, 1);
    EXPECT_NE(refused.error.find("nothing is ingested"), std::string::npos) << refused.error;
    EXPECT_FALSE(std::filesystem::exists(folder / "no/census.gpkg"));
    const auto answer = test::program(layers + "--unshift -o " + (folder / "yes").string(), corpus);
    ASSERT_EQ(answer.status, 0) << answer.error;
    const auto mended = vector::transformed(
        vector::read_layer(folder / "yes/census.gpkg", "villages"), Crs::wgs84());
    const auto truth = vector::read_layer(corpus / "villages.geojson");
    ASSERT_EQ(mended.features.size(), truth.features.size());
    for (std::size_t i = 0; i < truth.features.size(); ++i) {
        const auto a = mended.features[i].shape.points[0];
        const auto b = truth.features[i].shape.points[0];
        EXPECT_LT(std::hypot((a.x - b.x) * 96500, (a.y - b.y) * 111320), 1);
    }
    const auto provenance = test::read_text(folder / "yes/ingest.json");
    EXPECT_NE(provenance.find("public approximation"), std::string::npos);
}

TEST(Ingest, RenamesConvertsAndPlaces) {
    const test::Folder folder;
    std::filesystem::create_directory(folder / "raw");
    test::write_text(folder / "raw/村.csv", "村代码,东经,北纬,总人口（人）,村名\n"
                                            "330101001200,120°30′36″,29.81,１．２万,=1+1\n"
                                            "330101001201,120.6,29.85,\"1,300\",-\n");
    test::write_text(folder / "raw/losses.csv",
                     "年份,县代码,灾种,直接经济损失\n2020,330101,台风,1.5亿元\n");
    const auto answer = test::program(
        "ingest 'raw/村.csv crs=EPSG:4490' raw/losses.csv --force -o city", folder.path());
    ASSERT_EQ(answer.status, 0) << answer.error;
    const auto villages = vector::read_layer(folder / "city/census.gpkg", "villages");
    EXPECT_EQ(villages.fields[0].name, "code");
    EXPECT_EQ(column(villages, "population"), (std::vector<std::string>{"12000", "1300"}));
    EXPECT_EQ(villages.fields[villages.field("population")].type, vector::FieldType::integer);
    EXPECT_EQ(column(villages, "name"), (std::vector<std::string>{"=1+1", "-"}));
    const auto degrees = vector::transformed(villages, Crs::wgs84());
    EXPECT_NEAR(degrees.features[0].shape.points[0].x, 120.51, 1e-9);
    const auto losses =
        vector::read_layer(folder / "city/census.gpkg", "losses", vector::Geometry::none);
    EXPECT_EQ(column(losses, "hazard"), std::vector<std::string>{"typhoon"});
    EXPECT_EQ(column(losses, "loss_10k_yuan"), std::vector<std::string>{"15000"});
    // A spreadsheet must not run what a field holds.
    EXPECT_NE(test::read_text(folder / "city/findings.csv").find(",'=1+1,"), std::string::npos);
}

TEST(Ingest, ACityThatCameInPiecesRuns) {
    const test::Folder folder;
    const auto out = (folder / "city").string();
    const auto answer = test::program(
        "ingest counties.geojson 乡镇界.geojson roads.geojson flood_depth.tif wind_kmh.tif "
        "--cell-size 500 --accept raster-unit -o " +
            out,
        corpus);
    ASSERT_EQ(answer.status, 0) << answer.error;
    const auto run = test::program("run " + out + "/project.toml --json");
    ASSERT_EQ(run.status, 0) << run.error;
    EXPECT_EQ(nlohmann::json::parse(run.out)["areas"].size(), 3U);
    const raster::Reader flood{folder / "city/flood_depth.tif"};
    const raster::Reader wind{folder / "city/wind_kmh.tif"};
    EXPECT_TRUE(flood.grid().matches(wind.grid()));
}

TEST(Ingest, LevelsInWordsBecomeAHazardWithClasses) {
    const test::Folder folder;
    const auto in = folder / "in";
    std::filesystem::create_directories(in);
    for (const char* name : {"counties.geojson", "townships.geojson"})
        std::filesystem::copy_file(corpus / name, in / name);
    std::string zones;
    for (const auto& [word, left, right] :
         {std::tuple{"高易发区", 120.5, 120.6}, std::tuple{"中易发", 120.6, 120.7},
          std::tuple{"低", 120.7, 120.8}, std::tuple{"不易发区", 120.8, 120.9}})
        zones +=
            fmt::format(R"({0}{{"type":"Feature","properties":{{"易发程度":"{1}"}},"geometry":)"
                        R"({{"type":"Polygon","coordinates":[[[{2},29.8],[{3},29.8],[{3},30.0],)"
                        R"([{2},30.0],[{2},29.8]]]}}}})",
                        zones.empty() ? "" : ",", word, left, right);
    test::write_text(in / "地质灾害易发性分区.geojson",
                     "{\"type\":\"FeatureCollection\",\"features\":[" + zones + "]}");
    const auto out = folder / "city";
    const auto answer =
        test::program("ingest " + in.string() + " --lang zh --cell-size 500 -o " + out.string());
    ASSERT_EQ(answer.status, 0) << answer.error;
    EXPECT_NE(answer.error.find("3 个图层"), std::string::npos) << answer.error;
    EXPECT_NE(answer.error.find("下一步：riskmap run"), std::string::npos) << answer.error;
    EXPECT_EQ(answer.error.find(" to EPSG"), std::string::npos) << answer.error;
    const auto layer = vector::read_layer(out / "census.gpkg", "landslide_zones");
    EXPECT_EQ(column(layer, "level"), (std::vector<std::string>{"high", "middle", "low", "none"}));
    const auto run = test::program("run " + (out / "project.toml").string());
    ASSERT_EQ(run.status, 0) << run.error;
    const raster::Reader index{out / "out/.work/stack/hazard-landslide.tif"};
    const auto& grid = index.grid();
    const auto cells = index.Source::read(Window{0, 0, grid.columns, grid.rows});
    const CrsTransform to_grid{Crs::wgs84(), grid.crs};
    for (const auto& [x, value] : {std::pair{120.55, 0.75}, std::pair{120.65, 0.5},
                                   std::pair{120.75, 0.25}, std::pair{120.85, 0.0}}) {
        const auto at = grid.cell_at(to_grid.apply(Point{x, 29.9}));
        ASSERT_TRUE(at.has_value());
        EXPECT_NEAR(cells[static_cast<std::size_t>(at->row * grid.columns + at->column)], value,
                    1e-6)
            << x;
    }
}

TEST(Ingest, RefusalsSayWhatToDo) {
    const test::Folder folder;
    const auto refused = [&](const std::string& words, int status, const std::string& part) {
        const auto answer =
            test::program("ingest " + words + " -o " + (folder / "x").string(), corpus);
        EXPECT_EQ(answer.status, status) << words << answer.error;
        EXPECT_NE(answer.error.find(part), std::string::npos) << answer.error;
        EXPECT_EQ(std::count(answer.error.begin(), answer.error.end(), '\n'), 1) << answer.error;
        EXPECT_FALSE(std::filesystem::exists(folder / "x/census.gpkg"));
    };
    refused("flood_depth.tif counties.geojson --overwrite", 2, "give --cell-size");
    refused("flood_depth.tif --cell-size 100 --overwrite", 2, "give --crs");
    refused("townships.geojson --crs EPSG:1 --overwrite", 1, "EPSG:1");
    refused("townships.geojson --accept gaps --overwrite", 2, "unknown rule 'gaps'");
    refused("'townships.geojson spec=township' --overwrite", 2, "did you mean");
    refused("'townships.geojson spce=towns' --overwrite", 2, "unknown word 'spce'");
    refused("", 2, "nothing to check");
    refused("buildings_bowtie.geojson geojson --overwrite", 1, "nothing is ingested");
}

} // namespace
} // namespace riskmap::census
