// SPDX-License-Identifier: MIT
// What offices send, as they send it: everything in the folder is used, or named with the reason.
#include <array>
#include <set>

#include <cpl_conv.h>
#include <gdal.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include <riskmap/census/delivery.hpp>
#include <riskmap/raster/source.hpp>
#include <riskmap/spec/door.hpp>
#include <riskmap/spec/written_periods.hpp>

#include "tools/program.hpp"

namespace riskmap::census {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const fs::path cases = fs::path{RISKMAP_SOURCE_DIR} / "tests/data/cases/census";

/// A table of a case by its specification, with what it has to say of itself.
struct Opened {
    spec::Door door;
    spec::Table table;
    explicit Opened(const std::string& words, const char* spec = "population_table")
        : table{door.table(spec::Source::parse(words),
                           spec::spec_named(spec::built_in_specs(), spec), spec::Shapes::none)} {}
    std::string said() {
        std::string out;
        for (const auto& line : door.lines(Language::en))
            out += line + "\n";
        return out;
    }
};

const std::vector<double> people{12000, 23000, 34000, 45000};
const std::vector<std::string> codes{"330602001", "330602101", "330603001", "330603101"};

TEST(WrittenTable, HeadsOfTwoRowsAreJoinedAndTotalsGoBeforeParts) {
    for (const auto& [file, layer] :
         {std::pair{"09_xlsx/two_row_header.xlsx", ""}, std::pair{"09_xlsx/男女合计.xlsx", ""},
          std::pair{"09_xlsx/人口统计表.xlsx", ""}, std::pair{"09_xlsx/total_row.xlsx", ""},
          std::pair{"47_rows/footer.xlsx", ""}, std::pair{"47_rows/newline_header.xlsx", ""},
          std::pair{"47_rows/offset.xlsx", ""}, std::pair{"47_rows/trailing.xlsx", ""},
          std::pair{"47_rows/units.xlsx", ""}, std::pair{"47_rows/code_as_行政区划.xlsx", ""},
          std::pair{"47_rows/population_table.csv", ""}, std::pair{"10_xls/人口统计表.xls", ""},
          std::pair{"49_dbf/人口统计表.dbf", ""}}) {
        Opened opened{(cases / file).string()};
        EXPECT_EQ(opened.table.numbers("population"), people) << file << layer;
        EXPECT_EQ(opened.table.codes("code"), codes) << file;
    }
    Opened men{(cases / "09_xlsx/男女合计.xlsx").string()};
    EXPECT_NE(men.said().find("rows 1 to 2, joined"), std::string::npos) << men.said();
}

TEST(WrittenTable, WhatIsNoRowOfDataIsLeftOutAndTold) {
    Opened footer{(cases / "47_rows/footer.xlsx").string()};
    EXPECT_NE(footer.said().find("2 of notes or headings (row 7, 8), 1 empty"), std::string::npos)
        << footer.said();
    Opened total{(cases / "09_xlsx/total_row.xlsx").string()};
    EXPECT_NE(total.said().find("1 of totals (row 6)"), std::string::npos) << total.said();
    const test::Folder folder;
    // The unit of a parent's head is that of its parts; a blank line counts as Excel shows it.
    test::write_text(folder / "t.csv",
                     "某县人口统计表\n\n乡镇代码,常住人口（万人）,\n,合计,男\n330602001,1.2,0.6\n"
                     "\n330602101,x,1\n");
    try {
        Opened t{(folder / "t.csv").string()};
        (void)t.table.numbers("population");
        FAIL() << "x is no number";
    } catch (const Error& error) {
        EXPECT_NE(std::string{error.what()}.find("row 7"), std::string::npos) << error.what();
    }
    test::write_text(folder / "u.csv",
                     "乡镇代码,常住人口（万人）,\n,合计,男\n330602001,1.2,0.6\n甲,1,2\n");
    Opened u{(folder / "u.csv").string() + " where=FID<3"};
    EXPECT_EQ(u.table.numbers("population"), std::vector<double>{12000});
}

TEST(WrittenTable, MergedCellsAreFilledAndSharedAmountsAreNot) {
    Opened losses{(cases / "09_xlsx/损失_合并单元格.xlsx").string(), "losses"};
    EXPECT_EQ(losses.table.codes("county"),
              (std::vector<std::string>{"330602", "330602", "330602", "330602", "330603", "330603",
                                        "330603", "330603"}));
    EXPECT_EQ(losses.table.numbers("loss_10k_yuan"),
              (std::vector<double>{1000, 500, 300, 70, 1000, 500, 300, 140}));
    Opened shared{
        (fs::path{RISKMAP_SOURCE_DIR} / "tests/data/broken/population_table_shared.xlsx").string()};
    EXPECT_NE(shared.said().find("2 rows share a number"), std::string::npos) << shared.said();
    Opened formulas{(cases / "09_xlsx/formulas.xlsx").string()};
    EXPECT_NE(formulas.said().find("4 formulas have no value"), std::string::npos);
}

TEST(WrittenTable, TwoYearsSideBySideAreToNameOne) {
    const test::Folder folder;
    test::write_text(
        folder / "t.csv",
        "乡镇代码,常住人口（人）,\n,2010年,2020年\n330602001,100,200\n330602101,110,210\n");
    const auto file = (folder / "t.csv").string();
    EXPECT_THROW(Opened{file}, Error) << "which year counts is not known";
    Opened named{file + " fields=常住人口（人）/2020年=population"};
    EXPECT_EQ(named.table.numbers("population"), (std::vector<double>{200, 210}));
}

TEST(WrittenTable, BlankHeadsHaveNames) {
    Opened shelters{(cases / "23_unnamed/避难场所.xlsx").string(), "shelters"};
    std::vector<std::string> names;
    for (const auto& field : shelters.table.layer().fields)
        names.push_back(field.name);
    EXPECT_EQ(names[5], "列6");
}

/// A geodatabase as ArcGIS makes it: names of columns say nothing, aliases and code lists do.
void write_geodatabase(const fs::path& file) {
    GDALAllRegister();
    const GDALDatasetH dataset = GDALCreate(GDALGetDriverByName("OpenFileGDB"),
                                            file.string().c_str(), 0, 0, 0, GDT_Unknown, nullptr);
    ASSERT_NE(dataset, nullptr);
    std::array<OGRCodedValue, 3> kinds{};
    kinds[0] = {CPLStrdup("1"), CPLStrdup("小学")};
    kinds[1] = {CPLStrdup("2"), CPLStrdup("医院")};
    const OGRFieldDomainH domain =
        OGR_CodedFldDomain_Create("kinds", "", OFTString, OFSTNone, kinds.data());
    char* reason = nullptr;
    EXPECT_TRUE(GDALDatasetAddFieldDomain(dataset, domain, &reason));
    OGR_FldDomain_Destroy(domain);
    const OGRSpatialReferenceH crs = OSRNewSpatialReference(nullptr);
    OSRImportFromEPSG(crs, 4490);
    OSRSetAxisMappingStrategy(crs, OAMS_TRADITIONAL_GIS_ORDER);
    const OGRLayerH layer = GDALDatasetCreateLayer(dataset, "ggfw", crs, wkbPoint, nullptr);
    for (const auto& [name, alias, list] :
         {std::array{"F1", "设施名称", ""}, std::array{"F2", "设施类型", "kinds"},
          std::array{"F3", "容纳人数（千人）", ""}}) {
        const OGRFieldDefnH field = OGR_Fld_Create(name, OFTString);
        OGR_Fld_SetAlternativeName(field, alias);
        if (*list != '\0')
            OGR_Fld_SetDomainName(field, list);
        OGR_L_CreateField(layer, field, TRUE);
        OGR_Fld_Destroy(field);
    }
    for (const auto& values :
         {std::array{"小学甲", "1", "1.2"}, std::array{"医院乙", "2", "0.3"}}) {
        const OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
        for (int f = 0; f < 3; ++f)
            OGR_F_SetFieldString(feature, f, values[static_cast<std::size_t>(f)]);
        const OGRGeometryH point = OGR_G_CreateGeometry(wkbPoint);
        OGR_G_SetPoint_2D(point, 0, 120.5, 30);
        OGR_F_SetGeometryDirectly(feature, point);
        EXPECT_EQ(OGR_L_CreateFeature(layer, feature), OGRERR_NONE);
        OGR_F_Destroy(feature);
    }
    OSRDestroySpatialReference(crs);
    GDALClose(dataset);
    for (auto& kind : kinds) {
        CPLFree(kind.pszCode);
        CPLFree(kind.pszValue);
    }
}

TEST(Geodatabase, AliasesAreNamesAndCodesAreWords) {
    const test::Folder folder;
    write_geodatabase(folder / "f.gdb");
    Opened facilities{(folder / "f.gdb").string(), "facilities"};
    EXPECT_EQ(facilities.table.words("kind"), (std::vector<std::string>{"school", "hospital"}));
    EXPECT_EQ(facilities.table.texts("name"), (std::vector<std::string>{"小学甲", "医院乙"}));
    EXPECT_EQ(facilities.table.numbers("persons"), (std::vector<double>{1200, 300}));
}

/// As ArcGIS keeps them: in the description of the layer, which GDAL itself does not write.
void give_subtypes(const fs::path& file, const std::string& layer, const std::string& xml) {
    const char* all[] = {"LIST_ALL_TABLES=YES", nullptr};
    const GDALDatasetH dataset =
        GDALOpenEx(file.string().c_str(), GDAL_OF_VECTOR | GDAL_OF_UPDATE, nullptr, all, nullptr);
    ASSERT_NE(dataset, nullptr);
    const OGRLayerH items = GDALDatasetGetLayerByName(dataset, "GDB_Items");
    OGR_L_SetAttributeFilter(items, ("Name = '" + layer + "'").c_str());
    const OGRFeatureH item = OGR_L_GetNextFeature(items);
    ASSERT_NE(item, nullptr);
    const int field = OGR_F_GetFieldIndex(item, "Definition");
    std::string definition = OGR_F_GetFieldAsString(item, field);
    const auto end = definition.rfind("</");
    ASSERT_NE(end, std::string::npos);
    definition.insert(end, xml);
    OGR_F_SetFieldString(item, field, definition.c_str());
    EXPECT_EQ(OGR_L_SetFeature(items, item), OGRERR_NONE);
    OGR_F_Destroy(item);
    GDALClose(dataset);
}

TEST(Geodatabase, SubtypesAreWordsAndMayHaveListsOfTheirOwn) {
    const test::Folder folder;
    write_geodatabase(folder / "f.gdb");
    // Field F3 holds other codes in each subtype; F1 has a list for one of them alone.
    give_subtypes(folder / "f.gdb", "ggfw",
                  "<SubtypeFieldName>F2</SubtypeFieldName><Subtypes>"
                  "<Subtype><SubtypeName>中学</SubtypeName><SubtypeCode>1</SubtypeCode><FieldInfos>"
                  "<SubtypeFieldInfo><FieldName>F1</FieldName><DomainName>kinds</DomainName>"
                  "</SubtypeFieldInfo></FieldInfos></Subtype>"
                  "<Subtype><SubtypeName>卫生院</SubtypeName><SubtypeCode>2</SubtypeCode></Subtype>"
                  "</Subtypes>");
    Opened facilities{(folder / "f.gdb").string(), "facilities"};
    EXPECT_EQ(facilities.table.words("kind"), (std::vector<std::string>{"school", "clinic"}));
    EXPECT_EQ(facilities.table.texts("name"), (std::vector<std::string>{"小学甲", "医院乙"}))
        << "no code of the list: as it stands";
}

TEST(Workbook, MergedCellsOfOldAndOpenOnesAreSeen) {
    for (const char* kind : {"xls", "ods"}) {
        const auto file = fs::path{RISKMAP_SOURCE_DIR} / "tests/data/broken" /
                          (std::string{"population_table_shared."} + kind);
        Opened table{file.string(), "population_table"};
        EXPECT_NE(table.said().find("2 rows share a number"), std::string::npos)
            << kind << ": " << table.said();
        const auto old = table.table.numbers("elderly");
        ASSERT_EQ(old.size(), 4U) << kind;
        EXPECT_EQ(old[0], 2000);
        EXPECT_TRUE(std::isnan(old[1]) && std::isnan(old[2])) << kind;
        EXPECT_EQ(old[3], 7000);
    }
}

TEST(Check, SaysWhichDigitIsWrong) {
    const auto broken = fs::path{RISKMAP_SOURCE_DIR} / "tests/data/broken";
    const test::Folder folder;
    const auto villages = [&](const std::string& place) {
        test::write_text(folder / "villages.csv",
                         "code,name,township,population,x,y\n330101001001,甲村,330101001,300," +
                             place + "\n330101001002,乙村,330101001,300,120.60,29.85\n");
        const auto answer =
            test::program("check --json --area " + (broken / "counties.geojson").string() + " '" +
                          (folder / "villages.csv").string() + " crs=EPSG:4490' " +
                          (broken / "townships.geojson").string());
        return answer.out;
    };
    EXPECT_NE(villages("121.60,29.85").find("x 121.6 would lie within it as 120.6"),
              std::string::npos);
    EXPECT_NE(villages("120.60,39.85").find("y 39.85 would lie within it as 29.85"),
              std::string::npos);
    EXPECT_EQ(villages("121.60,39.85").find("one digit"), std::string::npos) << "two are wrong";
    EXPECT_EQ(villages("120.60,29.85").find("one digit"), std::string::npos);
}

/// A table checked beside the units of the corpus; its findings by rule.
Json findings_of(const test::Folder& folder, const std::string& name, const std::string& text,
                 const std::string& words = {}) {
    const auto broken = fs::path{RISKMAP_SOURCE_DIR} / "tests/data/broken";
    test::write_text(folder / name, text);
    const auto answer = test::program("check --json '" + (folder / name).string() + words + "' " +
                                      (broken / "townships.geojson").string() + " " +
                                      (broken / "counties.geojson").string());
    return Json::parse(answer.out)["findings"];
}

std::set<std::string> rules_in(const Json& findings) {
    std::set<std::string> rules;
    for (const auto& finding : findings)
        rules.insert(finding["rule"]);
    return rules;
}

TEST(WrittenTable, UnitsOfTheTitleAreThoseOfTheColumns) {
    const test::Folder folder;
    test::write_text(folder / "t.csv",
                     "人口统计表（单位：万人）,,\n乡镇代码,常住人口,60岁及以上人口（人）\n"
                     "330602001,1.2,900\n330602101,0.35,2万\n");
    Opened table{(folder / "t.csv").string()};
    EXPECT_EQ(table.table.numbers("population"), (std::vector<double>{12000, 3500}));
    EXPECT_EQ(table.table.numbers("elderly"), (std::vector<double>{900, 20000}))
        << "a head that says its unit goes before the title";
    test::write_text(folder / "o.csv",
                     "单位：某县统计局,,\n乡镇代码,常住人口\n330602001,1200\n330602101,3500\n");
    Opened office{(folder / "o.csv").string()};
    EXPECT_EQ(office.table.numbers("population"), (std::vector<double>{1200, 3500}))
        << "an office is no unit";
}

TEST(WrittenTable, RowsOfTheLevelAboveAreTotals) {
    const test::Folder folder;
    test::write_text(folder / "t.csv", "乡镇代码,常住人口\n330600000000,30000\n330602000000,30000\n"
                                       "330602001,10000\n330602101,20000\n");
    Opened table{(folder / "t.csv").string()};
    EXPECT_EQ(table.table.numbers("population"), (std::vector<double>{10000, 20000}));
    EXPECT_NE(table.said().find("2 of totals"), std::string::npos) << table.said();
}

TEST(Check, TellsSectorsThatAreAllRound) {
    const test::Folder folder;
    const auto findings = findings_of(folder, "监控摄像头.csv",
                                      "设备编号,经度,纬度,起始方位角,终止方位角\n"
                                      "A,120.6,29.85,0,0\nB,120.62,29.85,10,100\n");
    std::vector<std::int64_t> rows;
    for (const auto& finding : findings)
        if (finding["rule"] == "value-written")
            rows.push_back(finding["feature"]);
    EXPECT_EQ(rows, std::vector<std::int64_t>{2}) << findings.dump();
}

TEST(Check, NamesTheUnitsThatATableLacks) {
    const test::Folder folder;
    const auto findings = findings_of(folder, "人口统计表.csv",
                                      "乡镇代码,常住人口\n330101001,10000\n330101100,20000\n"
                                      "330102001,25000\n");
    std::set<std::string> without;
    for (const auto& finding : findings)
        if (finding["rule"] == "parent-childless")
            without.insert(finding["value"]);
    EXPECT_EQ(without, (std::set<std::string>{"330102100"})) << findings.dump();
}

TEST(WrittenTable, CoordinatesMayBeNamedAndWrittenInWords) {
    const test::Folder folder;
    test::write_text(folder / "shelters.csv", "场所编号,百度经度,百度纬度\n"
                                              "A,东经120度02分06秒,北纬29度30分\nB,120.5,29.5\n");
    spec::Door door;
    const auto source =
        spec::Source::parse((folder / "shelters.csv").string() + " fields=百度经度=x,百度纬度=y");
    auto table = door.table(source, spec::spec_named(spec::built_in_specs(), "shelters"),
                            spec::Shapes::points);
    const auto places = table.places(Crs::parse("EPSG:4490"));
    ASSERT_EQ(places.size(), 2U);
    EXPECT_NEAR(places[0].x, 120.035, 1e-9);
    EXPECT_NEAR(places[0].y, 29.5, 1e-9);
    EXPECT_EQ(places[1].x, 120.5);
}

TEST(Fix, WritesANumberInTheUnitOfItsHead) {
    const test::Folder folder;
    const auto out = folder / "fixed";
    test::write_text(folder / "人口统计表.csv",
                     "乡镇代码,常住人口（万人）\n330101001,0.0080万人\n"
                     "330101100,2.5\n330102001,1.5万\n330102100,12000人\n");
    const auto answer =
        test::program("check " + (folder / "人口统计表.csv").string() + " --fix " + out.string());
    ASSERT_NE(answer.status, 2) << answer.error;
    Opened table{(out / "人口统计表.gpkg").string()};
    EXPECT_EQ(table.table.numbers("population"), (std::vector<double>{80, 25000, 15000, 12000}))
        << "the mended file says the same people as the one that was given";
}

TEST(Check, TakesTheUnitsOfTheCallForTheCity) {
    const test::Folder folder;
    const std::string head = "场所编号,经度,纬度\n";
    const auto rules =
        rules_in(findings_of(folder, "shelters.csv", head + "A,120.6,29.85\nB,118.6,29.85\n"));
    EXPECT_TRUE(rules.contains("feature-outside"));
    const auto swapped =
        findings_of(folder, "shelters.csv", head + "A,120.6,29.85\nB,29.86,120.7\n");
    ASSERT_TRUE(rules_in(swapped).contains("axes-swapped")) << swapped.dump();
    EXPECT_FALSE(rules_in(swapped).contains("crs-mismatch")) << "two rows are not the layer";
    for (const auto& finding : swapped)
        if (finding["rule"] == "axes-swapped") {
            EXPECT_EQ(finding["feature"], 3);
        }
    const auto baidu =
        findings_of(folder, "shelters.csv", "场所编号,经度,纬度,坐标系\nA,120.6,29.85,BD-09\n");
    EXPECT_TRUE(rules_in(baidu).contains("shift-bd09"));
}

TEST(Join, AnOlderLayerWithoutCodesIsNotAdded) {
    const test::Folder folder;
    const auto broken = fs::path{RISKMAP_SOURCE_DIR} / "tests/data/broken";
    const auto in = folder / "in";
    fs::create_directories(in);
    for (const char* name : {"counties.geojson", "townships.geojson"})
        fs::copy_file(broken / name, in / name);
    std::string now = "场所名称,经度,纬度,容纳人数\n";
    std::string before = now;
    for (int i = 0; i < 6; ++i) {
        const auto place = "场所" + std::to_string(i) + ",120.6" + std::to_string(i) + ",29.85,";
        now += place + "300\n";
        before += place + "200\n";
    }
    test::write_text(in / "避难场所.csv", now);
    test::write_text(in / "避难场所（2022年）.csv", before);
    const auto checked = test::program("check " + in.string());
    EXPECT_NE(checked.out.find("layer-twice"), std::string::npos) << checked.out;
    const auto answer =
        test::program("ingest " + in.string() + " --cell-size 500 -o " + (folder / "out").string());
    EXPECT_EQ(answer.status, 1);
    EXPECT_NE(answer.error.find("6 features at the very places"), std::string::npos)
        << answer.error;
    EXPECT_FALSE(fs::exists(folder / "out/census.gpkg"));
}

TEST(Ingest, SaysWhatAProjectLacksAndRefusesToChooseAYear) {
    const test::Folder folder;
    const auto broken = fs::path{RISKMAP_SOURCE_DIR} / "tests/data/broken";
    const std::string units = (broken / "townships.geojson").string() + " " +
                              (broken / "counties.geojson").string() + " ";
    const auto some =
        test::program("ingest " + units + "--cell-size 500 -o " + (folder / "a").string());
    EXPECT_EQ(some.status, 0) << some.error;
    EXPECT_NE(some.error.find("no project is written, it lacks: hazards"), std::string::npos)
        << some.error;
    test::write_text(folder / "人口统计表.csv", "乡镇代码,常住人口,\n,2020年,2023年\n"
                                                "330101001,7200,8000\n330101100,9000,9100\n");
    const auto years = test::program("ingest " + units + (folder / "人口统计表.csv").string() +
                                     " --cell-size 500 -o " + (folder / "b").string());
    EXPECT_EQ(years.status, 1);
    EXPECT_NE(years.error.find("fields=常住人口/2023年=population"), std::string::npos)
        << years.error;
}

TEST(Delivery, NamesInArchivesOfWindowsAreChinese) {
    // A zip whose names are GBK without saying so, as Windows in Chinese writes them.
    const test::Folder folder;
    test::write_text(folder / "zip.py",
                     "import zipfile,sys\n"
                     "z=zipfile.ZipFile(sys.argv[1],'w')\n"
                     "z.writestr('AAAA/BBBB.geojson',open(sys.argv[2]).read()); z.close()\n"
                     "b=open(sys.argv[1],'rb').read()\n"
                     "b=b.replace(b'AAAA/BBBB','道路/公路'.encode('gbk'))\n"
                     "open(sys.argv[1],'wb').write(b)\n");
    const auto roads = fs::path{RISKMAP_SOURCE_DIR} / "tests/data/broken/roads.geojson";
    ASSERT_EQ(std::system(("python3 " + (folder / "zip.py").string() + " " +
                           (folder / "z.zip").string() + " " + roads.string())
                              .c_str()),
              0);
    const auto answer = test::program("check --json " + (folder / "z.zip").string());
    EXPECT_NE(answer.out.find("z.zip/道路/公路.geojson"), std::string::npos) << answer.out;
    EXPECT_NE(answer.out.find("\"spec\": \"roads\""), std::string::npos) << answer.out;
}

TEST(Period, IsReadFromNames) {
    for (const auto& [name, years] :
         {std::pair{"淹没水深_20年一遇", 20.0}, std::pair{"百年一遇洪水", 100.0},
          std::pair{"flood_50a", 50.0}, std::pair{"flood_depth_100yr_60m", 100.0},
          std::pair{"水深_p=1%", 100.0}, std::pair{"depth_T20", 20.0},
          std::pair{"暴雨日雨量50年", 50.0}, std::pair{"p=0.5%", 200.0},
          std::pair{"五十年一遇", 50.0}, std::pair{"2000年一遇", 2000.0}})
        EXPECT_EQ(spec::period_in(name), years) << name;
    for (const char* none : {"2020年淹没水深", "flood_60m", "rain_24h", "dem_30m",
                             "水深_20年一遇_50年一遇", "area", "1a2b"})
        EXPECT_EQ(spec::period_in(none), std::nullopt) << none;
}

TEST(Delivery, EachFileIsUsedOrNamedWithTheReason) {
    const auto answer = test::program("check --json " + (cases / "24_office").string());
    const auto json = Json::parse(answer.out);
    std::set<std::string> used;
    for (const auto& layer : json["layers"])
        used.insert(layer["layer"]);
    const std::string top = "普查资料/";
    EXPECT_EQ(used, (std::set<std::string>{top + "dem", top + "人口.txt", top + "人口统计表.xls",
                                           top + "县界.shp", top + "淹没水深.vrt", top + "道路.tab",
                                           top + "避难场所.kml", top + "行政区划/乡镇界.shp"}));
    std::map<std::string, std::string> left;
    for (const auto& file : json["left_out"])
        left[file["file"]] = file["why"];
    EXPECT_EQ(left.size(), 2U);
    EXPECT_NE(left[top + "公共服务设施.mdb"].find("export it"), std::string::npos);
    EXPECT_NE(left[top + "房屋.zip"].find("房屋.txt"), std::string::npos);
    // The HTML has the list as well.
    const test::Folder folder;
    (void)test::program("check " + (cases / "24_office").string() + " -o " +
                        folder.path().string());
    EXPECT_NE(test::read_text(folder / "findings.html").find("公共服务设施.mdb"),
              std::string::npos);
}

TEST(Delivery, NothingThatIsRecognisedIsAnError) {
    const test::Folder folder;
    test::write_text(folder / "a.mdb", "x");
    test::write_text(folder / "说明.txt", "一段话。\n又一段话。\n");
    const auto answer = test::program("check " + folder.path().string());
    EXPECT_EQ(answer.status, 1);
    EXPECT_NE(answer.error.find("a.mdb"), std::string::npos) << answer.error;
    EXPECT_EQ(std::count(answer.error.begin(), answer.error.end(), '\n'), 1);
}

TEST(Delivery, WhatIsGivenTwiceCountsOnce) {
    const test::Folder folder;
    fs::copy(cases / "10_xls/人口统计表.xls", folder / "人口统计表.xls");
    const auto delivered = delivery_of(std::vector{
        spec::Source::parse(folder.path().string()),
        spec::Source::parse((folder / "人口统计表.xls").string() + " spec=population_table")});
    ASSERT_EQ(delivered.sources.size(), 1U);
    EXPECT_EQ(delivered.sources[0].spec, "population_table") << "as it was given by itself";
}

class Ingesting : public ::testing::Test {
  protected:
    void write(const std::string& name, const std::string& text) {
        fs::create_directories((m_folder / name).parent_path());
        test::write_text(m_folder / name, text);
    }
    test::Answer ingest(const std::string& more = "") {
        return test::program("ingest in --crs EPSG:4549 -o out --overwrite " + more,
                             m_folder.path());
    }
    test::Folder m_folder;
};

TEST_F(Ingesting, SeveralFilesOfOneKindAreOneLayer) {
    write("in/东/人口统计表.csv", "乡镇代码,常住人口,甲\n330602001,12000,1\n330602101,23000,2\n");
    write("in/西/人口统计表.csv", "行政区划代码,总人口,乙\n330603001,34000,3\n330602101,23000,\n");
    write("in/西/说明.doc", "x");
    const auto answer = ingest();
    ASSERT_EQ(answer.status, 1) << "the code that stands twice has other fields" << answer.error;
    EXPECT_NE(answer.error.find("330602101"), std::string::npos) << answer.error;
    EXPECT_FALSE(fs::exists(m_folder / "out/census.gpkg")) << "nothing is written";

    write("in/西/人口统计表.csv", "行政区划代码,总人口,乙\n330603001,34000,3\n");
    ASSERT_EQ(ingest().status, 0);
    const auto table = vector::read_layer(m_folder / "out/census.gpkg", "population_table",
                                          vector::Geometry::none);
    ASSERT_EQ(table.features.size(), 3U);
    const auto text = [&](std::size_t row, const char* field) {
        return vector::text_of(table.features[row].values[table.field(field)]);
    };
    EXPECT_EQ(text(2, "population"), "34000");
    EXPECT_EQ(text(2, "乙"), "3");
    EXPECT_EQ(text(2, "甲"), "");
    EXPECT_EQ(text(0, "source_file"), "东/人口统计表.csv");
    const auto json = Json::parse(test::read_text(m_folder / "out/ingest.json"));
    EXPECT_EQ(json["left_out"][0]["file"], "西/说明.doc");
}

TEST_F(Ingesting, UnitsAreFoundByTheirNames) {
    const auto town = [](const char* code, const char* name, double x) {
        const auto ring =
            fmt::format("[[{0},30],[{1},30],[{1},30.1],[{0},30.1],[{0},30]]", x, x + 0.1);
        return fmt::format(R"({{"type":"Feature","properties":{{"code":"{}","name":"{}"}},)"
                           R"("geometry":{{"type":"Polygon","coordinates":[{}]}}}})",
                           code, name, ring);
    };
    const auto layer = [](const std::string& features) {
        return R"({"type":"FeatureCollection","features":[)" + features + "]}";
    };
    write("in/乡镇界.geojson",
          layer(town("330602101", "城关镇", 120) + "," + town("330603101", "城关镇", 120.1) + "," +
                town("330603102", "平水镇", 120.2)));
    write("in/县界.geojson",
          layer(town("330602", "越城区", 120) + "," + town("330603", "柯桥区", 120.1)));
    const std::string accept =
        "--accept coverage-area --accept parent-childless --accept coverage-gap";
    write("in/人口统计表.csv", "乡镇名称,常住人口\n城关镇,100\n平水,300\n");
    const auto refused = ingest(accept);
    EXPECT_EQ(refused.status, 1) << "two are called 城关镇";
    const auto found = Json::parse(test::read_text(m_folder / "out/findings.json"));
    EXPECT_EQ(found["rules"]["parent-missing"], 1);
    write("in/人口统计表.csv",
          "县（市、区）,乡镇名称,常住人口\n越城,城关镇,100\n柯桥区,城关镇,200\n柯桥区,平水,300\n");
    const auto answer = ingest(accept);
    ASSERT_EQ(answer.status, 0) << answer.error;
    const auto table = vector::read_layer(m_folder / "out/census.gpkg", "population_table",
                                          vector::Geometry::none);
    std::vector<std::string> codes_found;
    for (const auto& row : table.features)
        codes_found.push_back(vector::text_of(row.values[table.field("code")]));
    EXPECT_EQ(codes_found, (std::vector<std::string>{"330602101", "330603101", "330603102"}));
}

TEST_F(Ingesting, PiecesOfRastersAreOneMapAndRivalsAreRefused) {
    const auto grid = [](double left, int columns, const char* value) {
        std::string text = "ncols " + std::to_string(columns) + "\nnrows 10\nxllcorner " +
                           std::to_string(left) + "\nyllcorner 3320000\ncellsize 100\n";
        for (int r = 0; r < 10; ++r) {
            for (int c = 0; c < columns; ++c)
                text += std::string{value} + " ";
            text += "\n";
        }
        return text;
    };
    const auto prj = Crs::parse("EPSG:4549").wkt();
    write(
        "in/区.geojson",
        R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"330602001","name":"a"},"geometry":{"type":"Polygon","coordinates":[[[119.95,29.9],[120.05,29.9],[120.05,30.1],[119.95,30.1],[119.95,29.9]]]}}]})");
    fs::rename(m_folder / "in/区.geojson", m_folder / "in/乡镇界.geojson");
    for (const char* name : {"东/淹没水深", "西/淹没水深"})
        write(std::string{"in/"} + name + ".prj", prj);
    write("in/西/淹没水深.asc", grid(500000, 5, "1.5"));
    write("in/东/淹没水深.asc", grid(500500, 5, "2.5"));
    const std::string cells = "--cell-size 100 --accept extent-outside --accept raster-extent "
                              "--accept feature-outside --accept raster-constant";
    auto answer = ingest(cells);
    ASSERT_EQ(answer.status, 0) << answer.error;
    const auto first = test::read_text(m_folder / "out/ingest.json");
    EXPECT_NE(first.find("2 pieces put together"), std::string::npos) << first;
    write("in/东/淹没水深.asc", grid(500000, 5, "2.5"));
    answer = ingest(cells);
    EXPECT_EQ(answer.status, 1);
    EXPECT_NE(answer.error.find("over the same place"), std::string::npos) << answer.error;
}

TEST(Office, TheFolderGivesTheMapsOfCleanData) {
    const test::Folder folder;
    const auto script = fs::path{RISKMAP_SOURCE_DIR} / "tests/census/office_folder.py";
    ASSERT_EQ(test::shell("python3 " + script.string() + " .", folder.path()).status, 0);
    const auto check = test::program("check messy --fix fixed -q", folder.path());
    EXPECT_EQ(check.status, 0) << check.out << check.error;
    // Rasters are not mended: they go along.
    for (const char* office : {"水利局", "气象局", "自然资源局"})
        fs::copy(folder / "messy" / office, folder / "fixed" / office, fs::copy_options::recursive);
    for (const char* name : {"clean", "messy", "fixed"}) {
        const auto words = std::string{name};
        const auto ingested = test::program(
            "--lang zh ingest " + words + " --cell-size 100 -o city_" + words, folder.path());
        ASSERT_EQ(ingested.status, 0) << name << ingested.error;
        const auto project = folder / ("city_" + words + "/project.toml");
        auto text = test::read_text(project);
        EXPECT_NE(text.find("[[hazard.map]]"), std::string::npos) << "two return periods";
        EXPECT_NE(text.find("# 未使用"), std::string::npos);
        test::write_text(project, text + "\n[atlas]\nmake = false\n");
        const auto run = test::program("run " + project.string());
        ASSERT_EQ(run.status, 0) << name << run.error;
    }
    for (const char* map : {"composite_risk.tif", "risk_zones.tif", "prevention_zones.tif"}) {
        const raster::Reader clean{folder / "city_clean/out/339900" / map};
        const auto wanted = clean.read(clean.grid().window());
        EXPECT_GT(std::count_if(wanted.begin(), wanted.end(), [](double v) { return v > 0; }),
                  1000);
        for (const char* other : {"city_messy", "city_fixed"}) {
            const raster::Reader reader{folder / other / "out/339900" / map};
            const auto values = reader.read(reader.grid().window());
            ASSERT_EQ(values.size(), wanted.size());
            for (std::size_t i = 0; i < values.size(); ++i)
                ASSERT_TRUE((std::isnan(values[i]) && std::isnan(wanted[i])) ||
                            std::abs(values[i] - wanted[i]) <= 1e-6)
                    << other << map << i;
        }
    }
    // An edited project is kept, and what a new one says differently is told.
    const auto again =
        test::program("ingest messy --cell-size 100 -o city_messy --overwrite", folder.path());
    ASSERT_EQ(again.status, 0) << again.error;
    EXPECT_NE(again.error.find("project.new.toml"), std::string::npos) << again.error;
    EXPECT_NE(again.error.find("- make = false"), std::string::npos) << again.error;
    EXPECT_NE(test::read_text(folder / "city_messy/project.toml").find("make = false"),
              std::string::npos);
}

} // namespace
} // namespace riskmap::census
