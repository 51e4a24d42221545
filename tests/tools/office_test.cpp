// SPDX-License-Identifier: MIT
// Habits of offices, each with the answer reckoned by hand: what is not understood is said, what
// is not known is neither low nor safe.
#include <nlohmann/json.hpp>

#include <riskmap/vector/layer.hpp>

#include "program.hpp"

namespace riskmap::test {
namespace {

using Json = nlohmann::json;
using vector::FieldType;

const Grid& ground() {
    static const Grid g = [] {
        Grid grid = test::grid(100, 100, 100);
        return grid;
    }();
    return g;
}

Point at(double x, double y) {
    return {ground().left + x, ground().top - 10000 + y};
}

void raster_of(const std::filesystem::path& file, const std::function<double(int, int)>& value) {
    std::vector<double> values;
    for (int r = 0; r < 100; ++r)
        for (int c = 0; c < 100; ++c)
            values.push_back(value(c, r));
    write_raster(file, raster::InMemory{ground(), values});
}

/// The same raster without a nodata tag, and with a unit.
void untagged(const Folder& folder, const std::string& name, const std::string& source,
              const std::string& unit = "") {
    const auto& g = ground();
    write_text(folder / name,
               "<VRTDataset rasterXSize=\"100\" rasterYSize=\"100\"><SRS>EPSG:4549</SRS>"
               "<GeoTransform>" +
                   std::to_string(g.left) + ", 100, 0, " + std::to_string(g.top) +
                   ", 0, -100</GeoTransform><VRTRasterBand dataType=\"Float32\" band=\"1\">" +
                   (unit.empty() ? "" : "<UnitType>" + unit + "</UnitType>") +
                   "<SimpleSource><SourceFilename relativeToVRT=\"1\">" + source +
                   "</SourceFilename><SourceBand>1</SourceBand></SimpleSource></VRTRasterBand>"
                   "</VRTDataset>");
}

using Row = std::pair<Point, std::vector<vector::Value>>;
void points(const std::filesystem::path& file, const std::vector<vector::Field>& fields,
            const std::vector<Row>& rows) {
    vector::Layer layer{"l", Crs::parse("EPSG:4549"), fields, {}};
    for (const auto& [place, values] : rows)
        layer.features.push_back({values, {{place}, {}, {}}});
    vector::write_layer(file, layer);
}

bool holds(const Answer& answer, const std::string& part) {
    return (answer.out + answer.error).find(part) != std::string::npos;
}

std::string all(const Answer& answer) {
    return answer.out + answer.error;
}

struct City {
    City() {
        points(folder / "v.gpkg", {{"id", FieldType::text}, {"population", FieldType::integer}},
               {{at(1000, 5000), {std::string{"a"}, std::int64_t{100}}},
                {at(9000, 5000), {std::string{"b"}, std::int64_t{800}}}});
        points(folder / "s.gpkg", {{"id", FieldType::text}},
               {{at(1500, 5000), {std::string{"s"}}}});
    }
    Answer run(const std::string& arguments) const { return program(arguments, folder.path()); }
    Folder folder;
};

TEST(Office, NumbersForNoDataThatNothingDeclaresAreTold) {
    const City city;
    raster_of(city.folder / "d.tif", [](int c, int) { return c < 60 ? 0 : -9999; });
    untagged(city.folder, "d.vrt", "d.tif");
    points(city.folder / "c.gpkg", {{"id", FieldType::text}},
           {{at(9100, 5000), {std::string{"c"}}}});
    const std::string plan = "shelters plan --demand v.gpkg:l:population --candidates c.gpkg "
                             "--limit 1000m --sites 1 --overwrite -o o.gpkg --flood ";
    const auto silent = city.run(plan + "d.vrt");
    EXPECT_TRUE(holds(silent, "holds -9999 and declares no nodata value")) << all(silent);
    const auto said = city.run(plan + "'d.vrt nodata=-9999'");
    EXPECT_NE(said.status, 0) << all(said); // the candidate's depth is not known
}

TEST(Office, UnitsOfRastersAreObeyed) {
    const City city;
    raster_of(city.folder / "p.tif", [](int, int) { return 1000; });
    untagged(city.folder, "dense.vrt", "p.tif", "persons/km2");
    const auto people = [&](const std::string& source) {
        const auto answer =
            city.run("shelters evaluate --existing s.gpkg --limit 1000m --overwrite "
                     "-o o.gpkg --report o.json --demand '" +
                     source + "'");
        EXPECT_EQ(answer.status, 0) << all(answer);
        return Json::parse(read_text(city.folder / "o.json"))["people"].get<double>();
    };
    EXPECT_NEAR(people("dense.vrt"), 100'000, 100);
    EXPECT_NEAR(people("p.tif unit=persons/km2"), 100'000, 100);
    EXPECT_NEAR(people("p.tif"), 10'000'000, 1);
    EXPECT_NEAR(people("p.tif unit=百人"), 1'000'000'000, 1);
    EXPECT_EQ(city.run("shelters evaluate --existing s.gpkg --limit 1000m --overwrite -o o.gpkg "
                       "--demand 'p.tif unit=nonsense'")
                  .status,
              1);
}

TEST(Office, UnitsOfNoFieldAreRefused) {
    const City city;
    const auto answer = city.run("shelters evaluate --demand v.gpkg:l:population --existing "
                                 "'s.gpkg units=capazity=万人' --limit 1000m -o o.gpkg");
    EXPECT_EQ(answer.status, 1);
    EXPECT_TRUE(holds(answer, "did you mean 'capacity'?")) << all(answer);
}

TEST(Office, HeadsThatEndInAUnit) {
    const City city;
    for (const char* head : {"人口_万人", "人口万人", "人口（单位：万人）"}) {
        points(city.folder / "w.gpkg", {{head, FieldType::real}},
               {{at(1000, 5000), {0.01}}, {at(9000, 5000), {0.08}}});
        const auto answer =
            city.run("shelters evaluate --existing s.gpkg --limit 1000m --overwrite "
                     "-o o.gpkg --demand 'w.gpkg:l:" +
                     std::string{head} + "'");
        EXPECT_TRUE(holds(answer, "100 of 900 people")) << head << all(answer);
    }
}

TEST(Office, ColumnsThatAreNotUnderstoodAreNamed) {
    const City city;
    points(city.folder / "c.gpkg", {{"编号", FieldType::text}, {"适宜性", FieldType::text}},
           {{at(9100, 5000), {std::string{"c"}, std::string{"不适宜"}}}});
    const auto answer = city.run("shelters plan --demand v.gpkg:l:population --candidates c.gpkg "
                                 "--limit 1000m --sites 1 -o o.gpkg");
    EXPECT_TRUE(holds(answer, "columns not understood: 适宜性")) << all(answer);
    points(city.folder / "d.gpkg", {{"编号", FieldType::text}, {"淹没水深", FieldType::real}},
           {{at(9100, 5000), {std::string{"c"}, 1.8}}});
    EXPECT_NE(city.run("shelters plan --demand v.gpkg:l:population --candidates d.gpkg --limit "
                       "1000m --sites 1 -o p.gpkg")
                  .status,
              0);
}

TEST(Office, LayersThatCannotBelongTogetherAreRefused) {
    const City city;
    const auto a = at(1000, 5000);
    write_text(city.folder / "sw.csv",
               "村名,X,Y,人口\n甲," + std::to_string(a.y) + "," + std::to_string(a.x) + ",100\n");
    const auto answer = city.run("shelters evaluate --demand 'sw.csv:sw:人口 crs=EPSG:4549' "
                                 "--existing s.gpkg --limit 1000m -o o.gpkg");
    EXPECT_EQ(answer.status, 1);
    EXPECT_TRUE(holds(answer, "x and y are swapped")) << all(answer);
    EXPECT_TRUE(holds(answer, "swap the two columns")) << all(answer);
}

TEST(Office, SectorsBySightAndDepression) {
    const City city;
    raster_of(city.folder / "dem.tif", [](int, int) { return 100; });
    raster_of(city.folder / "fo.tif", [](int, int) { return 30; });
    const auto seen = [&](const std::vector<vector::Field>& fields,
                          const std::vector<vector::Value>& values) {
        points(city.folder / "k.gpkg", fields, {{at(5050, 5050), values}});
        return all(city.run("coverage dem.tif --forest fo.tif:30 --cameras k.gpkg --overwrite -o "
                            "o.tif"));
    };
    const vector::Field mast{"mast_m", FieldType::real};
    const vector::Field range{"range_m", FieldType::real};
    // 1,257 of 10,000 cells lie within 2 km; a quarter of the circle, its borders included.
    EXPECT_NE(seen({mast, range}, {20.0, 2000.0}).find("12.57 %"), std::string::npos);
    EXPECT_NE(seen({mast, range, {"方位角", FieldType::real}, {"视场角", FieldType::real}},
                   {20.0, 2000.0, 45.0, 90.0})
                  .find("3.35 %"),
              std::string::npos);
    EXPECT_NE(seen({mast, range, {"俯角", FieldType::real}}, {20.0, 2000.0, 30.0}).find("12.57 %"),
              std::string::npos);
    EXPECT_NE(
        seen({mast, range, {"azimuth_from", FieldType::real}, {"azimuth_to", FieldType::real}},
             {20.0, 2000.0, 360.0, 0.0})
            .find("look all round"),
        std::string::npos);
    EXPECT_NE(seen({mast, range, {"azimuth_from", FieldType::real}}, {20.0, 2000.0, 90.0})
                  .find("one azimuth only"),
              std::string::npos);
}

TEST(Office, BridgesAreYesNoOrAKind) {
    const City city;
    const auto roads = [&](const std::string& word) {
        vector::Layer layer{"l", Crs::parse("EPSG:4549"), {{"桥梁", FieldType::text}}, {}};
        layer.features.push_back({{word}, {{}, {{at(50, 5000), at(9950, 5000)}}, {}}});
        vector::write_layer(city.folder / "r.gpkg", layer);
        return city.run("shelters evaluate --demand v.gpkg:l:population --existing s.gpkg --roads "
                        "r.gpkg --limit 20000m --overwrite -o o.gpkg");
    };
    for (const char* word : {"否", "是", "高架", "viaduct"})
        EXPECT_EQ(roads(word).status, 0) << word << all(roads(word));
    for (const char* word : {"非桥", "涵洞", "待定"}) {
        EXPECT_EQ(roads(word).status, 1) << word;
        EXPECT_TRUE(holds(roads(word), "row 1: bridge is ")) << all(roads(word));
    }
}

TEST(Office, TownshipsAreNotLowForWhatIsNotKnown) {
    const City city;
    raster_of(city.folder / "fo.tif", [](int, int) { return 30; });
    raster_of(city.folder / "dg.tif", [](int c, int) { return c < 50 ? 0.4 : none; });
    vector::Layer towns{"l", Crs::parse("EPSG:4549"), {{"name", FieldType::text}}, {}};
    const auto town = [&](const char* name, double from, double to) {
        const Ring ring{at(from, 0), at(to, 0), at(to, 10000), at(from, 10000), at(from, 0)};
        towns.features.push_back({{std::string{name}}, {{}, {}, {{ring, {}}}}});
    };
    town("东镇", 5000, 10000);
    town("西镇", 0, 5000);
    vector::write_layer(city.folder / "u.gpkg", towns);
    points(city.folder / "f.gpkg", {{"date", FieldType::text}, {"burnt_ha", FieldType::real}},
           {{at(20000, 5000), {std::string{"2015-03-01"}, 50.0}},
            {at(2000, 5000), {std::string{"2018-03-01"}, 2.0}},
            {at(6000, 5000), {std::string{"2020-03-01"}, 3.0}}});
    const auto answer =
        city.run("townships --forest fo.tif:30 --units u.gpkg:l:name --danger dg.tif "
                 "--fires f.gpkg --report t.json -o t.gpkg");
    ASSERT_EQ(answer.status, 0) << all(answer);
    EXPECT_TRUE(holds(answer, "danger of 1 townships is not known")) << all(answer);
    EXPECT_TRUE(holds(answer, "1 of 3 fires lie in no township")) << all(answer);
    const auto json = Json::parse(read_text(city.folder / "t.json"));
    EXPECT_EQ(json["years"], 6); // 2015 to 2020, the fire elsewhere among them
    EXPECT_NEAR(json["damage_permille"].get<double>(), 1000 * 5.0 / 10000 / 6, 0.001);
    raster_of(city.folder / "half.tif",
              [](int c, int r) { return c < 75 ? (r % 2 == 0 ? 30 : 10) : none; });
    const auto half =
        city.run("townships --forest half.tif:30 --units u.gpkg:l:name --fires f.gpkg "
                 "-o h.gpkg");
    EXPECT_TRUE(holds(half, "what is forest is not known on 25.00 % of the units' area (1 of 2"))
        << all(half);
    EXPECT_FALSE(holds(answer, "what is forest is not known"));
    raster_of(city.folder / "mixed.tif", [](int, int r) { return r % 2 == 0 ? 30 : 10; });
    const auto known =
        city.run("townships --forest mixed.tif:30 --units u.gpkg:l:name --fires f.gpkg "
                 "-o m.gpkg");
    EXPECT_FALSE(holds(known, "what is forest is not known")) << all(known);
    const auto without =
        city.run("townships --forest fo.tif:30 --units u.gpkg:l:name --danger dg.tif "
                 "--report n.json -o n.gpkg");
    EXPECT_TRUE(holds(without, "not known, no fires are given")) << all(without);
    EXPECT_TRUE(Json::parse(read_text(city.folder / "n.json"))["within_limit"].is_null());
}

TEST(Office, SentinelsInFieldsOfTheirOwnAreUnknown) {
    const City city;
    vector::Layer units{
        "u", Crs::parse("EPSG:4549"), {{"id", FieldType::text}, {"a", FieldType::real}}, {}};
    for (int i = 0; i < 4; ++i) {
        const Ring ring{at(i * 1000, 0), at(i * 1000 + 1000, 0), at(i * 1000 + 1000, 1000),
                        at(i * 1000, 1000), at(i * 1000, 0)};
        units.features.push_back(
            {{std::to_string(i), i == 2 ? -9999.0 : i}, {{}, {}, {{ring, {}}}}});
    }
    vector::write_layer(city.folder / "u.gpkg", units);
    const auto answer = city.run("zones u.gpkg --id id --attributes a -k 2 -o z.gpkg");
    EXPECT_EQ(answer.status, 1);
    EXPECT_TRUE(holds(answer, "has no number in field 'a'")) << all(answer);
}

TEST(Office, SettlementsThatNeverReachOneAreTold) {
    const City city;
    vector::Layer roads{"l", Crs::parse("EPSG:4549"), {{"floods", FieldType::text}}, {}};
    roads.features.push_back({{std::string{"否"}}, {{}, {{at(0, 5000), at(4000, 5000)}}, {}}});
    vector::write_layer(city.folder / "r.gpkg", roads);
    const auto answer = city.run("isolation --settlements v.gpkg:l:population --to shelter=s.gpkg "
                                 "--roads r.gpkg --closed-by floods -o o.gpkg");
    EXPECT_TRUE(holds(answer, "1 settlements (800 people) reach no shelter with all roads open"))
        << all(answer);
}

TEST(Office, AnIndexIsWithinOneAndOtherColumnsThatFitAreTold) {
    const City city;
    raster_of(city.folder / "a.tif", [](int, int) { return 30; });
    const auto any = city.run("composite --method any --layer a.tif --layer a.tif -o x.tif");
    EXPECT_EQ(any.status, 1) << all(any);
    EXPECT_TRUE(holds(any, "holds values beyond 0 to 1")) << all(any);
    EXPECT_FALSE(std::filesystem::exists(city.folder / "x.tif"));
    const auto sum = city.run("composite --layer a.tif -o x.tif");
    EXPECT_EQ(sum.status, 0);
    EXPECT_TRUE(holds(sum, "holds values beyond 0 to 1")) << all(sum);
    points(city.folder / "shelters.gpkg",
           {{"id", FieldType::text}, {"容量", FieldType::real}, {"设计人数", FieldType::real}},
           {{at(1000, 5000), {std::string{"a"}, 10.0, 500.0}}});
    const auto checked = city.run("check shelters.gpkg --json");
    EXPECT_TRUE(holds(checked, "field-rival")) << all(checked);
}

TEST(Office, IngestBringsRastersToTheUnitOfTheirKind) {
    const City city;
    raster_of(city.folder / "d.tif", [](int, int) { return 150; });
    untagged(city.folder, "flood_depth.vrt", "d.tif", "cm");
    const auto answer = city.run("ingest 'flood_depth.vrt spec=flood_depth' --like d.tif -o out");
    EXPECT_EQ(answer.status, 0) << all(answer);
    double value = 0;
    for (const auto& file : std::filesystem::directory_iterator{city.folder / "out"})
        if (file.path().extension() == ".tif")
            value = raster::Reader{file.path()}.read({50, 50, 1, 1})[0];
    EXPECT_NEAR(value, 1.5, 1e-6);
}

} // namespace
} // namespace riskmap::test
