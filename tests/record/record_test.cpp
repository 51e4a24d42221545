// SPDX-License-Identifier: MIT
#include <riskmap/record/record.hpp>
#include <riskmap/record/settings.hpp>

#include "support.hpp"

namespace riskmap::record {
namespace {

Record full() {
    Record record;
    record.program = "riskmap 1.2";
    record.project = {"small",     {"小城", "Small \"city\""}, Language::en,
                      "p.toml",    std::string(64, 'a'),       "notes\nof two lines",
                      "洪水, wind"};
    record.areas = {{"9", "9", "城市", false}, {"1", "1", "西县", true}};
    record.grid = {"EPSG:4549", 12.5, -1.25, 3.1e6, 5'000'000'000, 7};
    record.hazards = {{"flood", {"洪水", "flood"}, true, false}};
    record.exposures = {{"people", {"人口", ""}, false, true}};
    record.background = {{"heights", "base/heights.tif"}};
    record.parameters = R"({"zoning":{"k":3,"height":"dem.tif"}})";
    record.inputs = {{"a.shp", std::string(64, 'b')}, {"城.dbf", std::string(64, 'c')}};
    record.warnings = {"one <b>", "two"};
    record.steps = {{"stack hazard-flood", R"({"cells":"exact"})"}, {"areas", "{}"}};
    return record;
}

TEST(Record, IsTheSameValueAfterWritingAndReading) {
    const test::Folder folder;
    const auto before = full();
    write(folder.path(), before);
    const auto after = read(folder.path());
    EXPECT_EQ(to_text(after), to_text(before));
    EXPECT_EQ(after.program, before.program);
    EXPECT_EQ(after.project.title.en, before.project.title.en);
    EXPECT_EQ(after.project.language, Language::en);
    EXPECT_EQ(after.project.notes, before.project.notes);
    ASSERT_EQ(after.areas.size(), 2U);
    EXPECT_TRUE(after.areas[1].county);
    EXPECT_FALSE(after.areas[0].county);
    EXPECT_EQ(after.grid.columns, 5'000'000'000);
    EXPECT_EQ(after.grid.left, -1.25);
    EXPECT_TRUE(after.hazards[0].modelled);
    EXPECT_TRUE(after.exposures[0].people);
    EXPECT_EQ(after.background, before.background);
    EXPECT_EQ(after.parameters, before.parameters);
    EXPECT_EQ(after.inputs, before.inputs);
    EXPECT_EQ(after.warnings, before.warnings);
    EXPECT_EQ(after.steps, before.steps); // in the order they were done
}

TEST(Record, RefusesWhatNoRunWrote) {
    const auto refused = [](const std::string& why, const std::string& text) {
        test::expect_error(ErrorKind::input, why, [&] { (void)from_text(text, "run.json"); });
    };
    refused("is not whole", "{\"program\": ");
    refused("is not whole", "[]");
    refused("of an older riskmap", "{}");
    auto text = to_text(full());
    const auto at = text.find("\"columns\": 5000000000");
    text.replace(at, 21, "\"columns\": \"many\"");
    refused("is damaged", text);
    test::expect_error(ErrorKind::input, "holds no run.json",
                       [] { (void)read("/nowhere/at/all"); });
}

TEST(Record, AnAreaNeverLeavesTheFolderOfTheRun) {
    auto record = full();
    record.areas[0].folder = "../../etc";
    const auto read = from_text(to_text(record), "run.json");
    EXPECT_EQ(read.areas[0].folder.find('/'), std::string::npos);
}

TEST(Settings, GoByKeysAndIds) {
    const auto settings = settings_of(
        R"({"grid":{"cell":100},"hazard":[{"id":"flood","map":[{"file":"a"},{"file":"b"}]},{"id":"wind"}]})");
    const Settings wanted{{"grid.cell", "100"},
                          {"hazard", "flood, wind"},
                          {"hazard.flood.id", "\"flood\""},
                          {"hazard.flood.map.1.file", "\"a\""},
                          {"hazard.flood.map.2.file", "\"b\""},
                          {"hazard.wind.id", "\"wind\""}};
    EXPECT_EQ(settings, wanted);
}

TEST(Settings, TellWhichKeyChangedOldAndNew) {
    const Settings before{{"zoning.height", "\"dem.tif\""}, {"zoning.k", "0"}};
    EXPECT_EQ(difference(before, before), "");
    EXPECT_EQ(difference(before, {{"zoning.height", "\"dem.tif\""}, {"zoning.k", "4"}}),
              "zoning.k: 0 -> 4");
    EXPECT_EQ(difference(before, {{"zoning.k", "0"}}), "zoning.height: \"dem.tif\" -> (none)");
    EXPECT_EQ(difference({}, before), "zoning.height: (none) -> \"dem.tif\" (and 1 more)");
    // A long value is cut between characters.
    std::string han;
    for (int i = 0; i < 40; ++i)
        han += "字";
    const auto told = difference({{"a", han}}, {{"a", "1"}});
    EXPECT_NE(told.find("字... -> 1"), std::string::npos) << told;
}

} // namespace
} // namespace riskmap::record
