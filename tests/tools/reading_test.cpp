// SPDX-License-Identifier: MIT
// Files as offices send them, through the whole program: the right answer, or one line that says
// what is wrong. The inputs are described in tests/data/cases/README.md.
#include <map>

#include <nlohmann/json.hpp>

#include <riskmap/core/text.hpp>
#include <riskmap/raster/source.hpp>
#include <riskmap/vector/layer.hpp>

#include "program.hpp"

namespace riskmap::test {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

fs::path cases(const std::string& folder) {
    return fs::path{RISKMAP_SOURCE_DIR} / "tests/data/cases" / folder;
}

/// What the program says, on whichever stream.
Answer heard(const std::string& arguments, const fs::path& folder) {
    auto answer = program(arguments, folder);
    answer.out += answer.error;
    return answer;
}

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// Means of the four townships of the base city, by code; the line that was told beside them.
struct Means {
    std::vector<double> mean;
    std::string told;
    int status;
};
Means means_of(const std::string& raster) {
    const Folder folder;
    const auto table = folder / "z.csv";
    const auto answer = program("zonal '" + raster +
                                    "' base/base.gpkg --layer townships --id code --stats mean "
                                    "-o " +
                                    table.string(),
                                cases("census"));
    Means out{{}, answer.error, answer.status};
    if (answer.status != 0)
        return out;
    const auto layer = vector::read_layer(table, "", vector::Geometry::none);
    for (const auto& feature : layer.features)
        out.mean.push_back(
            vector::number_of(feature.values[layer.field("mean")]).value_or(raster::nodata));
    return out;
}

const std::vector<double> one_to_four{1, 2, 3, 4};

std::vector<double> first_two(const std::vector<double>& all) {
    return {all.at(0), all.at(1)};
}

TEST(Reading, SignedBytesAndRowsFromTheSouth) {
    for (const auto* file : {"01_signedbyte/landslide.tif", "01_signedbyte/minus1.tif"}) {
        const auto found = means_of(file);
        EXPECT_EQ(first_two(found.mean), (std::vector<double>{1, 2})) << file << found.told;
    }
    const auto turned = means_of("02_southup/rain.tif");
    EXPECT_EQ(first_two(turned.mean), (std::vector<double>{1, 2})) << turned.told;
    EXPECT_TRUE(holds(turned.told, "from south to north")) << turned.told;
}

TEST(Reading, RoundedNodataIsWhatGdalMasks) {
    for (const auto* file : {"f", "f1", "f2", "f3", "ok", "rounded", "rounded2"}) {
        const auto found = means_of("46_nodata64/" + std::string{file} + ".tif");
        ASSERT_GE(found.mean.size(), 2U) << file << found.told;
        EXPECT_EQ(first_two(found.mean), (std::vector<double>{1, 2})) << file;
    }
}

TEST(Reading, NodataOfAnotherToolsFile) {
    const Folder folder;
    const auto table = folder / "z.csv";
    const auto answer =
        program("zonal f.bil p.gpkg --id name --stats count,mean -o " + table.string(),
                cases("peers/nodata7"));
    ASSERT_EQ(answer.status, 0) << answer.error;
    const auto layer = vector::read_layer(table, "", vector::Geometry::none);
    for (const auto& feature : layer.features)
        EXPECT_GT(vector::number_of(feature.values[layer.field("mean")]).value_or(0), -1e30);
}

TEST(Reading, DatumsWithoutAPublicShiftAreNamed) {
    const auto xian = means_of("08_xian/flood_xian80.tif");
    EXPECT_TRUE(holds(xian.told, "Xian 1980")) << xian.told;
    EXPECT_NEAR(xian.mean.at(0), 1, 0.01);
    const auto beijing = means_of("08_xian/flood_bj54.tif");
    EXPECT_TRUE(holds(beijing.told, "Beijing 1954")) << beijing.told;
    const auto said = means_of("08_xian/flood_xian80.tif crs=EPSG:4549");
    EXPECT_TRUE(holds(said.told, "as said")) << said.told;
    EXPECT_EQ(first_two(said.mean), (std::vector<double>{1, 2}));
}

TEST(Reading, OneOfSeveralBandsIsTold) {
    const auto first = means_of("16_multiband/flood_depth.tif");
    EXPECT_TRUE(holds(first.told, "3 bands, the first is taken")) << first.told;
    EXPECT_EQ(first.mean.at(0), 1);
    for (const auto* second :
         {"16_multiband/flood_depth.tif:2", "16_multiband/flood_depth.tif band=2"}) {
        const auto found = means_of(second);
        EXPECT_EQ(found.mean.at(0), 2) << second;
        EXPECT_TRUE(found.told.empty()) << found.told;
    }
    EXPECT_EQ(means_of("16_multiband/flood_depth.tif:9").status, 1);
}

TEST(Reading, ACrsThatIsSaidIsObeyed) {
    const auto missing = means_of("25_nocrs/flood_depth.asc");
    EXPECT_EQ(missing.status, 1);
    EXPECT_TRUE(holds(missing.told, "crs=EPSG")) << missing.told;
    EXPECT_EQ(first_two(means_of("25_nocrs/flood_depth.asc crs=EPSG:4549").mean),
              (std::vector<double>{1, 2}));
    const auto checked = program("check 'flood_depth.asc crs=EPSG:4549'", cases("census/25_nocrs"));
    EXPECT_EQ(checked.status, 0) << checked.out;
    EXPECT_FALSE(holds(checked.out, "crs-missing")) << checked.out;
}

TEST(Reading, DegreesLabelledAsMetresAreRefused) {
    const auto used = means_of("44_crs/flood_depth_deg.tif");
    EXPECT_EQ(used.status, 1);
    EXPECT_TRUE(holds(used.told, "they look like degrees")) << used.told;
    const auto checked = program("check flood_depth_deg.tif", cases("census/44_crs"));
    EXPECT_TRUE(holds(checked.out, "crs-mismatch")) << checked.out;
    EXPECT_FALSE(holds(checked.out, "file-unreadable")) << checked.out;
}

TEST(Reading, WebMercatorHasNoZoneNumberAndTrueAreas) {
    const auto answer =
        program("check townships.shp --crs-allowed EPSG:3857", cases("peers/webmercator"));
    EXPECT_FALSE(holds(answer.out, "crs-mismatch")) << answer.out;
    // 102.7 m2 of a gap are 137 in the plane of Web Mercator at 30 N.
    const auto area = [](const std::string& out) {
        const auto at = out.find("coverage-gap");
        const auto quote = out.rfind('\'', out.rfind(" m2'", at));
        return std::stod(out.substr(quote + 1));
    };
    const auto at_home = program("check data/shaoxing/census.gpkg:townships");
    EXPECT_NEAR(area(answer.out) / area(at_home.out), 1, 0.02);
}

TEST(Reading, CellsOfColoursAreClasses) {
    const Folder folder;
    const auto answer = program("stack --layer 56_palette/landcover.tif --like base/q.tif -o " +
                                    (folder / "st").string(),
                                cases("census"));
    ASSERT_EQ(answer.status, 0) << answer.error;
    EXPECT_TRUE(holds(answer.error, "taken for classes")) << answer.error;
}

TEST(Reading, WordsOfAHazardNeedTheirValues) {
    const Folder folder;
    const auto with = [&](const std::string& more) {
        return program("stack --layer '地质灾害易发分区.shp field=YFFQ" + more +
                           "' --crs EPSG:4528 --cell-size 500 --bbox "
                           "40540000,3300000,40545000,3305000 --overwrite -o " +
                           (folder / "st").string(),
                       cases("census/S58_text_hazard"));
    };
    const auto words = with("");
    EXPECT_EQ(words.status, 1);
    EXPECT_TRUE(holds(words.error, "地质灾害易发分区")) << words.error;
    EXPECT_TRUE(holds(words.error, "classes=")) << words.error;
    const auto partly = with(" classes=高易发区=4");
    EXPECT_EQ(partly.status, 1);
    EXPECT_TRUE(holds(partly.error, "易发区")) << partly.error;
}

TEST(Reading, NamesAndTextsThatDbaseHasCut) {
    for (const auto* folder : {"u", "v", "w", "w20"}) {
        const Folder fixed;
        const auto answer = program("check . --fix " + (fixed / "fix").string(),
                                    cases("census/14_shpnames/" + std::string{folder}));
        EXPECT_EQ(answer.status, 0) << folder << answer.out << answer.error;
        EXPECT_TRUE(holds(answer.out, "text-cut")) << answer.out;
        EXPECT_FALSE(holds(answer.out, "text-broken")) << answer.out;
        const auto layer = vector::read_layer(fixed / "fix/townships.gpkg");
        for (const auto& field : layer.fields)
            EXPECT_TRUE(is_utf8(field.name) && !holds(field.name, "\xEF\xBF\xBD")) << field.name;
    }
    const auto old = program("check .", cases("census/37_cut4"));
    EXPECT_FALSE(holds(old.out, "field-missing")) << old.out;
}

TEST(Reading, WordsOfTheOfficialStatistics) {
    const auto answer = program("check 40_words", cases("census"));
    EXPECT_EQ(answer.status, 0);
    EXPECT_TRUE(holds(answer.out, "errors: 0")) << answer.out;
    const auto codes = program("check census.gpkg", cases("census/45_codes"));
    EXPECT_TRUE(holds(codes.out, "errors: 0")) << codes.out;
}

/// A database that another program has open keeps what it has committed in files beside it.
TEST(Reading, ADatabaseThatIsOpenElsewhereIsReadAndNotChanged) {
    const Folder folder;
    for (const auto& file : fs::directory_iterator{cases("census/19_wal")})
        fs::copy(file.path(), folder / file.path().filename().string());
    const auto bytes = [&] {
        std::map<std::string, std::string> all;
        for (const auto& file : fs::directory_iterator{folder.path()})
            if (file.path().filename().string().starts_with("townships"))
                all[file.path().filename().string()] = read_text(file.path());
        return all;
    };
    const auto before = bytes();
    EXPECT_EQ(before.size(), 3U);
    const auto answer = program("zonal '" + (cases("census") / "base/q.tif").string() +
                                    "' townships.gpkg --id code --stats mean -o z.csv",
                                folder.path());
    EXPECT_EQ(answer.status, 0) << answer.error;
    EXPECT_TRUE(bytes() == before);
    const auto layer = vector::read_layer(folder / "z.csv", "", vector::Geometry::none);
    EXPECT_EQ(layer.features.size(), 4U);
}

TEST(Reading, ColumnsWithoutANameAreMendedAll) {
    const Folder fixed;
    const auto answer =
        program("check . --fix " + (fixed / "fix").string(), cases("census/S5_fix_blank_header"));
    EXPECT_FALSE(holds(answer.error, "cannot write")) << answer.error;
    EXPECT_TRUE(fs::exists(fixed / "fix/乡镇指标汇总表.gpkg"));
}

Answer evaluate(const std::string& arguments, const std::string& folder, Json& report) {
    const Folder out;
    auto answer = program("shelters evaluate " + arguments + " -o " + (out / "o.gpkg").string() +
                              " --report " + (out / "o.json").string(),
                          cases("planning/" + folder));
    if (answer.status == 0)
        report = Json::parse(read_text(out / "o.json"));
    return answer;
}

TEST(Reading, SpeedsInWordsStopNobody) {
    for (const auto* roads : {"roads0", "roads1", "roads2", "roads3", "roads4", "roads5"})
        for (const std::string by : {"walk", "drive"}) {
            Json report;
            const auto answer =
                evaluate("--demand c.gpkg:villages:population --existing c.gpkg:shelters --by " +
                             by + " --limit 600min --roads c.gpkg:" + roads,
                         "c03", report);
            ASSERT_EQ(answer.status, 0) << roads << answer.error;
            EXPECT_EQ(report["served"], 800) << roads << by;
            EXPECT_EQ(holds(answer.error, "1 speeds are no single number ('CN:urban')"),
                      std::string{roads} == "roads1")
                << answer.error;
        }
}

TEST(Reading, YesAndNoOfRoads) {
    const Folder folder;
    const auto cut_off = [&](const std::string& file, const std::string& roads,
                             const std::string& closed) {
        return heard("isolation --settlements " + file + ":villages:population --to shelter=" +
                         file + ":shelters --roads " + file + ":" + roads + " " + closed +
                         " --overwrite -o " + (folder / "o.gpkg").string(),
                     cases("planning/c04"));
    };
    for (const auto* roads : {"roads", "roads_en", "roads_N"}) {
        const auto answer = cut_off("c.gpkg", roads, "--closed-by floods");
        EXPECT_TRUE(holds(answer.out, "1.6 of 2.6 km of roads are closed")) << answer.out;
        EXPECT_TRUE(holds(answer.out, "1 of 2 settlements, 300 people")) << answer.out;
    }
    // 无 on both roads: none floods.
    EXPECT_TRUE(holds(cut_off("c.gpkg", "roads_wu", "--closed-by floods").out,
                      "0.0 of 2.6 km of roads are closed"));
    for (const auto* roads : {"flat_zh", "flat_en"}) {
        const auto answer = cut_off("b.gpkg", roads, "--closed-above flood.tif:0.5");
        EXPECT_TRUE(holds(answer.out, "5.0 of 5.0 km of roads are closed")) << answer.out;
        EXPECT_TRUE(holds(answer.out, "800 people")) << answer.out;
        EXPECT_FALSE(holds(answer.error, "count as open")) << answer.error;
    }
    for (const auto* roads : {"roads_zh", "roads_en"})
        EXPECT_TRUE(holds(cut_off("b.gpkg", roads, "--closed-above flood.tif:0.5").out,
                          "3.0 of 5.0 km of roads are closed"));
}

TEST(Reading, ClassesAndDirectionsOfRoadsInChinese) {
    const auto served = [](const std::string& roads, std::string* error = nullptr) {
        Json report;
        const auto answer =
            evaluate("--demand c.gpkg:villages:population --existing c.gpkg:shelters --by drive "
                     "--limit 10min --roads c.gpkg:" +
                         roads,
                     "c35", report);
        if (error != nullptr)
            *error = answer.error;
        return answer.status == 0 ? report["served"].get<double>() : -1;
    };
    for (const auto* fast : {"r_gaosu", "r_kuaisu", "r_zhugan", "r_gs", "r_G"})
        EXPECT_EQ(served(fast), 800) << fast;
    for (const auto* slow : {"r_siji", "r_dengwai"})
        EXPECT_EQ(served(slow), 0) << slow;
    // The line runs from the village to the shelter.
    for (const auto* along : {"o_shi", "o_dan", "o_B"})
        EXPECT_EQ(served(along), 800) << along;
    for (const auto* against : {"o_ni", "o_minus", "o_TF"})
        EXPECT_EQ(served(against), 0) << against;
    std::string error;
    EXPECT_EQ(served("o_three", &error), -1);
    EXPECT_TRUE(holds(error, "row 1: oneway is '3'")) << error;
}

TEST(Reading, NumbersAndWordsOfClosedRoads) {
    const Folder folder;
    const auto answer_of = [&](const std::string& roads) {
        return heard("isolation --settlements c.gpkg:villages:population "
                     "--to shelter=c.gpkg:shelters --closed-by floods --roads c.gpkg:" +
                         roads + " --overwrite -o " + (folder / "o.gpkg").string(),
                     cases("planning/c35"));
    };
    for (const auto* open : {"f_real", "f_space", "f_dec"}) {
        const auto answer = answer_of(open);
        ASSERT_EQ(answer.status, 0) << open << answer.error;
        EXPECT_TRUE(holds(answer.out, "0.0 of ")) << open << answer.out;
    }
}

TEST(Reading, CamerasByAnyOfTheirNames) {
    const auto seen = [](const std::string& layer) {
        const Folder folder;
        return heard("coverage dem.tif --forest lc.tif:30 --cameras c.gpkg:" + layer + " -o " +
                         (folder / "c.tif").string(),
                     cases("planning/c05"));
    };
    EXPECT_TRUE(holds(seen("full").out, "34.57 % of 36.4 km2"));
    const auto zero = seen("zero");
    EXPECT_TRUE(holds(zero.out, "34.57 %")) << zero.out;
    EXPECT_TRUE(holds(zero.error, "look all round")) << zero.error;
    const auto two = seen("two");
    EXPECT_EQ(two.status, 0) << two.error;
    EXPECT_TRUE(holds(two.error, "further sectors of a camera")) << two.error;
    EXPECT_TRUE(holds(seen("zh").out, "8.68 %"));
    const auto lost = seen("zh_ascii");
    EXPECT_TRUE(holds(lost.error, "mast_m: 1 without a value, 20 m taken")) << lost.error;
    EXPECT_TRUE(holds(lost.error, "columns not understood: height")) << lost.error;
    EXPECT_TRUE(holds(seen("zh_ascii' 'fields=height=mast_m").out, "8.68 %"));
    EXPECT_TRUE(holds(seen("nullrange").error, "5000 m taken"));
    EXPECT_EQ(seen("km").status, 1);
    EXPECT_TRUE(holds(seen("km").error, "units=range_m=UNIT"));
    EXPECT_EQ(seen("km' 'units=range_m=km").status, 0);
}

TEST(Reading, HeightsWithHolesAndInFeet) {
    const auto seen = [](const std::string& heights, const std::string& more = "") {
        const Folder folder;
        return heard("coverage '" + heights + "' --forest lc.tif:30 --cameras c.gpkg:cam " + more +
                         " -o " + (folder / "c.tif").string(),
                     cases("planning/c21"));
    };
    EXPECT_TRUE(holds(seen("dem.tif").out, "70.15 %"));
    const auto holes = seen("hole.tif");
    EXPECT_TRUE(holds(holes.error, "22.65 % of the forest (8.24 km2) is seen only across cells "
                                   "without heights"))
        << holes.error;
    const auto feet = seen("feet_unit.tif");
    EXPECT_TRUE(holds(feet.error, "in ft, brought to m by 0.3048")) << feet.error;
    EXPECT_TRUE(holds(feet.out, "70.15 %")) << feet.out;
    EXPECT_TRUE(holds(seen("feet.tif", "--height-factor 0.3048").out, "70.15 %"));
}

TEST(Reading, DatesOfFiresInAnyStyle) {
    const auto rate = [](const std::string& layer) {
        const Folder folder;
        return heard("townships --forest lc.tif:30 --units c.gpkg:towns:name --fires c.gpkg:" +
                         layer + " -o " + (folder / "t.gpkg").string(),
                     cases("planning/c25"));
    };
    for (const auto* sure : {"ok", "serial", "zh"}) {
        const auto answer = rate(sure);
        EXPECT_TRUE(holds(answer.out, "0.139 permille a year over 5 years"))
            << sure << answer.out << answer.error;
    }
    EXPECT_TRUE(holds(rate("serial").error, "2 values were read as days of a spreadsheet"));
    for (const auto* unsure : {"short", "dmy"}) {
        const auto answer = rate(unsure);
        EXPECT_EQ(answer.status, 1) << unsure;
        EXPECT_TRUE(holds(answer.error, "row 1: date is ")) << answer.error;
    }
    EXPECT_TRUE(holds(rate("mixed").error, "1 unknown"));
    EXPECT_TRUE(holds(rate("m2").error, "units=burnt_ha=UNIT"));
}

TEST(Reading, RastersOfAnotherPlaceMakeNothingSafe) {
    const auto plan = [](const std::string& flood) {
        const Folder folder;
        return program("shelters plan --demand c.gpkg:villages:population --candidates "
                       "c.gpkg:candidates --roads c.gpkg:roads --limit 2000m --sites 1 --flood '" +
                           flood + "' -o " + (folder / "o.gpkg").string(),
                       cases("planning/c31"));
    };
    for (const auto* elsewhere : {"elsewhere.tif", "flood_elsewhere.tif", "half.tif"}) {
        const auto answer = plan(elsewhere);
        EXPECT_EQ(answer.status, 1) << elsewhere;
        EXPECT_TRUE(holds(answer.error, "covers none of the 1 sites")) << answer.error;
    }
    const auto said = plan("half.tif where-nodata=0");
    EXPECT_EQ(said.status, 0) << said.error;
    EXPECT_TRUE(holds(said.error, "no data at 1 of 1 sites, taken as 0 as said")) << said.error;
}

Json zones_of(const std::string& file, const std::string& more, Answer& answer) {
    const Folder folder;
    answer = program("--json zones " + file + ".gpkg --layer u --id id " + more + " -o " +
                         (folder / "z.gpkg").string(),
                     cases("planning/c46"));
    return answer.status == 0 ? Json::parse(answer.out) : Json();
}

TEST(Reading, UnitsThatAZoningCannotTellApart) {
    Answer answer;
    const auto constant = zones_of("const", "--attributes a,b -k 3", answer);
    EXPECT_TRUE(holds(answer.error, "a is the same everywhere and parts no units")) << answer.error;
    EXPECT_EQ(constant["k"], 3);
    EXPECT_TRUE(zones_of("const", "--attributes a -k 3", answer).is_null());
    EXPECT_EQ(answer.status, 1);
    const auto twice = zones_of("dup", "--attributes a,b -k 3", answer);
    EXPECT_TRUE(holds(answer.error, "'X' stands for 4 units")) << answer.error;
    EXPECT_EQ(twice["zones"].size(), 24U);
    EXPECT_TRUE(zones_of("null", "--attributes a,b -k 3", answer).is_null());
    EXPECT_TRUE(holds(answer.error, "row 11 has no number in field 'a'")) << answer.error;
    for (const auto& [file, width] :
         {std::pair{"gap", "--tolerance 1"}, {"gap5", "--tolerance 5"}}) {
        (void)zones_of(file, "--attributes a,b -k 3", answer);
        EXPECT_EQ(answer.status, 4);
        EXPECT_TRUE(holds(answer.error, width)) << answer.error;
        EXPECT_EQ(zones_of(file, std::string{"--attributes a,b -k 3 "} + width, answer)["k"], 3);
    }
}

TEST(Reading, TheMedianOfACapacityCountsPeople) {
    const auto answer = heard("siting --model cpmp --demand t.gpkg:d:pop --candidates t.gpkg:c "
                              "--p 1 --capacity-field cap",
                              cases("peers/cpmp"));
    EXPECT_EQ(answer.status, 0) << answer.error;
    EXPECT_TRUE(holds(answer.out, "at_big")) << answer.out;
}

/// Runs the project of a case in a copy of its folder.
struct ProjectCase {
    explicit ProjectCase(const std::string& name) {
        fs::copy(cases("run/" + name), folder.path(), fs::copy_options::recursive);
    }
    Answer run() { return program("--lang en run project.toml", folder.path()); }
    [[nodiscard]] Json record() const { return Json::parse(read_text(folder / "out/run.json")); }
    Folder folder;
};

TEST(Reading, WholeProjectsSayWhatTheyDoNotKnow) {
    ProjectCase half{"e23"};
    const auto told = half.run();
    EXPECT_TRUE(holds(told.error, "3 of 6 units of Town have no risk and stand apart"))
        << told.error;
    const auto accounts = half.record()["steps"]["risk"]["accounts"];
    ASSERT_FALSE(accounts.empty());
    for (const auto& account : accounts)
        for (const auto& field : account.value("fields", Json::array()))
            EXPECT_EQ(field["read"].get<int>() + field["defaulted"].get<int>() +
                          field["unknown"].get<int>() + field["dropped"].get<int>(),
                      account["rows"].get<int>())
                << account;

    ProjectCase empty{"e24"};
    EXPECT_EQ(empty.run().status, 0);
    EXPECT_FALSE(holds(read_text(empty.folder / "out/9/units.csv"), "no data risk zone"));

    ProjectCase villages{"e29"};
    EXPECT_EQ(villages.run().status, 0);
    const auto units =
        vector::read_layer(villages.folder / "out/9/units.csv", "", vector::Geometry::none);
    double people = 0;
    for (const auto& feature : units.features)
        people += vector::number_of(feature.values[units.field("people")]).value_or(0);
    EXPECT_NEAR(people, 54216, 54216 * 0.02);
    EXPECT_EQ(villages.record()["steps"]["stack exposure-people"]["rule"].get<std::string>().find(
                  "sum of"),
              0U);
}

TEST(Reading, WholeProjectsRefuseWhatWouldBeAGuess) {
    for (const auto& [name, line] :
         {std::pair{"F1_periodless_file", "without a return period beside maps that have one"},
          {"F4_where_nodata", "where_nodata"},
          {"F6_force", "set force = true"}}) {
        ProjectCase project{name};
        const auto answer = project.run();
        EXPECT_EQ(answer.status, 1) << name;
        EXPECT_TRUE(holds(answer.error, line)) << answer.error;
    }
    // The way out of the last one exists.
    ProjectCase forced{"F6_force"};
    auto text = read_text(forced.folder / "project.toml");
    text.insert(text.find("weights=\"ahp\""), "force = true\n");
    write_text(forced.folder / "project.toml", text);
    EXPECT_EQ(forced.run().status, 0);
}

TEST(Reading, WholeProjectsTellWhatTheyTake) {
    ProjectCase sparse{"F3_sparse"};
    const auto told = sparse.run();
    EXPECT_EQ(told.status, 0) << told.error;
    EXPECT_TRUE(holds(told.error, "most cells share one value")) << told.error;
    ProjectCase kindless{"F5_nokind"};
    EXPECT_TRUE(holds(kindless.run().error, "say kind = \"counts\""));
    ProjectCase thirds{"F8_reciprocals"};
    EXPECT_EQ(thirds.run().status, 0);
    const auto rounded = thirds.record()["steps"]["risk"]["hazard_weights"];
    auto text = read_text(thirds.folder / "project.toml");
    for (auto at = text.find("0.33"); at != std::string::npos; at = text.find("0.33", at))
        text.replace(at, 4, "\"1/3\"");
    write_text(thirds.folder / "project.toml", text);
    EXPECT_EQ(thirds.run().status, 0);
    EXPECT_EQ(thirds.record()["steps"]["risk"]["hazard_weights"], rounded);
}

} // namespace
} // namespace riskmap::test
