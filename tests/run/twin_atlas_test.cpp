// SPDX-License-Identifier: MIT
// What people look at: each figure of sheets, report, web atlas and comparison beside the
// reckoning, and names that look like markup in every document.
#include <riskmap/run/run.hpp>

#include <regex>

#include <nlohmann/json.hpp>

#include <riskmap/atlas/compare.hpp>
#include <riskmap/atlas/style.hpp>
#include <riskmap/core/file.hpp>

#include "tools/program.hpp"
#include "twin_cities.hpp"

namespace riskmap::run {
namespace {

namespace fs = std::filesystem;
using project::read_project;
using test::TwinCities;

/// Both counties in one city, so that plans have sheets too.
class OneCity : public TwinCities {
  public:
    explicit OneCity(const std::string& atlas) {
        replace("file = \"areas.gpkg\"\nlayer = \"cities\"\n",
                "code = \"9\"\nname = '双<i>\" onload=\"x'\n");
        replace("parent_field = \"city\"\n", "");
        replace("[atlas]\nmake = false\n", atlas);
    }
    void run() const {
        (void)riskmap::run::run(read_project(file()), out(), Redo::stale, {.threads = 2});
    }
    /// The text of a sheet, its columns apart.
    [[nodiscard]] std::string sheet(const std::string& name) const {
        return test::shell("pdftotext -layout sheets/" + name + ".pdf -", out() / "atlas").out;
    }
};

/// The figures behind a row's words, where the words stand alone or after wide space.
std::string figures_after(const std::string& text, const std::string& words) {
    std::istringstream lines{text};
    const std::regex row{"(^|\\s\\s)" + words + "\\s\\s+([0-9.,% ]+)$"};
    for (std::string line; std::getline(lines, line);)
        if (std::smatch match; std::regex_search(line, match, row))
            return std::regex_replace(match[2].str(), std::regex{"\\s+"}, " ");
    return "no such row";
}

/// What a page says, "|" behind each cell of its tables.
std::string text_of_page(const fs::path& file) {
    const auto cells = std::regex_replace(test::read_text(file), std::regex{"</t[dh]>"}, "|");
    return std::regex_replace(cells, std::regex{"<[^>]{0,80}>"}, "");
}

TEST(TwinAtlas, SheetsSayWhatWasReckoned) {
    const OneCity city{"[atlas]\nweb = false\nreport = false\nformats = [\"pdf\"]\ndpi = 50\n"};
    city.run();
    for (const char* name : {"9/risk_level", "9/unit_levels"}) {
        const auto text = city.sheet(name);
        EXPECT_EQ(figures_after(text, "高"), "3.0 9,000") << name;
        EXPECT_EQ(figures_after(text, "中高"), "3.0 6,000") << name;
        EXPECT_EQ(figures_after(text, "中"), "3.0 12,000") << name;
        EXPECT_EQ(figures_after(text, "中低"), "3.0 3,000") << name;
        EXPECT_EQ(figures_after(text, "低"), "6.0 0") << name;
    }
    EXPECT_NE(city.sheet("9/unit_levels").find("无数据 (1)"), std::string::npos);
    const auto west = city.sheet("71/unit_levels");
    EXPECT_EQ(figures_after(west, "中高"), "3.0 6,000");
    EXPECT_EQ(figures_after(west, "高"), "0.0 0");
    EXPECT_EQ(west.find("无数据"), std::string::npos);
    const auto prevention = city.sheet("9/prevention_zones"); // of cells: the override is of units
    EXPECT_EQ(figures_after(prevention, "重点防治区"), "3.0 9,000");
    EXPECT_EQ(figures_after(prevention, "次重点防治区"), "3.0 6,000");
    EXPECT_EQ(figures_after(prevention, "一般防治区"), "12.0 15,000");
    // 4, 1.5, 0.9, 0.6 and 0.3 km2 of forest, and none in 811; the two highest levels are key.
    const auto key = city.sheet("9/key_townships");
    EXPECT_EQ(figures_after(key, "高"), "1 4.0");
    EXPECT_EQ(figures_after(key, "中高"), "1 1.5");
    EXPECT_EQ(figures_after(key, "中"), "1 0.9");
    EXPECT_EQ(figures_after(key, "中低"), "1 0.6");
    EXPECT_EQ(figures_after(key, "低"), "1 0.3");
    EXPECT_EQ(figures_after(key, "重点乡镇"), "2");
    EXPECT_NE(key.find("无林地 (1)"), std::string::npos);
    const auto isolation = city.sheet("9/isolation");
    EXPECT_EQ(figures_after(isolation, "孤立"), "2 1,200");
    EXPECT_EQ(figures_after(isolation, "不孤立"), "2 300");
    // 100 of 300 in the west are served and 800 of 1,200 in the east.
    const auto plan = city.sheet("9/shelter_plan");
    EXPECT_EQ(figures_after(plan, "50%-70%"), "1 1,200");
    EXPECT_EQ(figures_after(plan, "25%-50%"), "1 300");
    EXPECT_NE(plan.find("现有避难场所 (1)"), std::string::npos);
    EXPECT_NE(plan.find("新增避难场所 (1)"), std::string::npos);
    const auto today = city.sheet("9/shelters_today");
    EXPECT_EQ(figures_after(today, "25%-50%"), "1 300");
    EXPECT_EQ(figures_after(today, "25%以下"), "1 1,200");
    const auto cameras = city.sheet("9/camera_plan");
    EXPECT_NE(cameras.find("现有摄像头 (1)"), std::string::npos);
    EXPECT_NE(cameras.find("新增摄像头 (1)"), std::string::npos);
    const auto zones = city.sheet("9/risk_zones");
    EXPECT_TRUE(std::regex_search(zones, std::regex{"12\\s+15,000"})) << zones;
}

TEST(TwinAtlas, UnknownLevelsAreDrawnAsWithoutData) {
    const auto& risk = atlas::style("risk");
    EXPECT_EQ(atlas::class_colour(risk, 5), risk.at(5).colour);
    for (const double value : {test::none, 0.0, 6.0})
        EXPECT_EQ(atlas::class_colour(risk, value), atlas::symbol("no_data").colour);
}

TEST(TwinAtlas, ReportAndWebSayWhatWasReckoned) {
    const OneCity city{"[atlas]\nsheets = false\n"};
    city.run();
    const auto report = text_of_page(city.out() / "atlas/report.html");
    for (const char* row :
         {"人口 33,000", "2 个县（区、市）, 6 个乡镇（街道）", "6.67 % → 60.00 %",
          "森林防火重点乡镇: 2",
          "双&lt;i&gt;&quot; onload=&quot;x|16.7 %|16.7 %|16.7 %|16.7 %|33.3 %|", // areas of levels
                                                                                  // 5 to 1
          "双&lt;i&gt;&quot; onload=&quot;x|30.0 %|20.0 %|40.0 %|10.0 %|0.0 %|",  // and people
          "新区|0.0 %|25.0 %|0.0 %|25.0 %|50.0 %|", "新区|42.9 %|0.0 %|57.1 %|0.0 %|0.0 %|",
          "@SUM(A1)|新区|0.284|高|", "|9,000|", "|linear 0..1|75.0 %|", "|3|12|15,000|",
          "重点防治区|2|6|15,000|", "次重点防治区|0|0|0|", "一般防治区|3|12|15,000|",
          "81 新区|1,200|0.0 %|66.7 %|", "71 新区|300|33.3 %|33.3 %|", "1|P2|800|",
          "断路后孤立: 2 个村落, 1,200 人"})
        EXPECT_NE(report.find(row), std::string::npos) << row;
    // The web's units are those of the table, field by field.
    const auto script = test::read_text(city.out() / "atlas/web/data.js");
    const std::string head = "window.ATLAS = ";
    ASSERT_TRUE(script.starts_with(head));
    const auto web =
        nlohmann::json::parse(script.substr(head.size(), script.rfind(';') - head.size()));
    const auto units = vector::read_layer(city.out() / "9/units.gpkg", "units");
    ASSERT_EQ(web["units"]["features"].size(), 6U);
    std::size_t compared = 0;
    for (std::size_t u = 0; u < 6; ++u) {
        const auto& shown = web["units"]["features"][u]["properties"];
        for (const char* field : {"code", "name"})
            EXPECT_EQ(shown[field], vector::text_of(units.features[u].values[units.field(field)]));
        for (const char* field : {"area_km2", "people", "level", "risk_weighted", "capacity_level",
                                  "prevention", "risk_flood", "risk_storm"}) {
            const auto value = vector::number_of(units.features[u].values[units.field(field)]);
            EXPECT_EQ(value.has_value(), !shown[field].is_null()) << field;
            if (!value)
                continue;
            EXPECT_NEAR(shown[field].get<double>(), *value, 5e-5 + 1e-4 * std::abs(*value))
                << field;
            ++compared;
        }
    }
    EXPECT_GT(compared, 40U);
    const auto& sums = web["themes"][0]["sums"]; // of risk_level: km2 and people
    EXPECT_EQ(sums["5"], (std::vector<double>{3, 9000}));
    EXPECT_EQ(sums["1"], (std::vector<double>{6, 0}));
    EXPECT_EQ(sums["3"], (std::vector<double>{3, 12000}));
    for (const auto& feature : web["units"]["features"])
        if (feature["properties"]["code"] == "713") {
            EXPECT_EQ(feature["properties"]["fire_rank"], 1);
            EXPECT_EQ(feature["properties"]["fire_level"], 5);
            EXPECT_NEAR(feature["properties"]["forest_km2"].get<double>(), 4, 0.01);
        }
}

TEST(TwinAtlas, NamesAreNamesInEveryDocument) {
    const OneCity city{"[atlas]\nformats = [\"svg\"]\ndpi = 40\nmaker = \"<u>maker</u>\"\n"};
    city.replace("before_run = false", "codes = false\nstop = \"never\"");
    city.replace("draws = 0", "draws = 4");
    city.run();
    fs::rename(city.out(), city / "before");
    city.replace("weight = 3\n", "weight = 2\n");
    city.run();
    atlas::AtlasOptions options;
    options.page = {"A4", 40};
    (void)atlas::compare_runs(city / "before", city.out(), city / "changes", options, {});
    for (const char* folder : {"before", "changes"}) {
        const auto read = test::shell(
            "python3 " RISKMAP_SOURCE_DIR "/tests/run/check_documents.py " + std::string{folder},
            city / "");
        EXPECT_EQ(read.status, 0) << read.error;
        for (const char* kind : {".html:", ".js:", ".csv:"})
            EXPECT_NE(read.out.find(kind), std::string::npos) << folder << " " << read.out;
    }
}

TEST(TwinAtlas, ComparisonsCountWhatWentUpAndDown) {
    const OneCity city{"[atlas]\nmake = false\n"};
    city.run();
    fs::rename(city.out(), city / "before");
    // The flood of 711 and 812 changes places: 0.2 becomes 0.9, 0.6 becomes 0.05.
    const raster::Reader flood{city / "flood.tif"};
    auto values = flood.read(flood.grid().window());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto town = TwinCities::town_of(static_cast<std::int64_t>(i % 60),
                                              static_cast<std::int64_t>(i / 60));
        values[i] = town == 0 ? 0.9 : town == 4 ? 0.05 : values[i];
    }
    test::write_raster(city / "flood.tif", raster::InMemory{city.grid(), values});
    city.run();
    atlas::AtlasOptions options;
    options.page = {"A4", 40};
    const auto result =
        atlas::compare_runs(city / "before", city.out(), city / "changes", options, {});
    // Risks now: 711 (0.675 + 0.075) x 0.2 x 0.5 = 0.075, 712 0.18, 713 0, 811 0.072,
    // 812 (0.0375 + 0.075) x 0.6 x 0.9 = 0.06075: levels 4, 5, 1, 3, 2 for 2, 4, 1, 3, 5.
    std::map<std::string, std::pair<int, int>> levels;
    for (const auto& unit : result.units)
        levels[unit.code] = {unit.before, unit.after};
    EXPECT_EQ(levels["711"], (std::pair{2, 4}));
    EXPECT_EQ(levels["712"], (std::pair{4, 5}));
    EXPECT_EQ(levels["713"], (std::pair{1, 1}));
    EXPECT_EQ(levels["811"], (std::pair{3, 3}));
    EXPECT_EQ(levels["812"], (std::pair{5, 2}));
    EXPECT_EQ(levels["813"], (std::pair{0, 0}));
    EXPECT_EQ(result.units_up(), 2U);
    EXPECT_EQ(result.units_down(), 1U);
    EXPECT_NEAR(result.area_up, 6, 0.02);
    EXPECT_NEAR(result.area_down, 3, 0.02);
    EXPECT_NEAR(result.area_same, 9, 0.02);
    const auto table = test::read_text(city / "changes/change.csv");
    for (const char* row : {"711", "812"})
        EXPECT_NE(table.find(row), std::string::npos) << table;
    const auto page = text_of_page(city / "changes/compare.html");
    for (const char* row :
         {"乡镇: 2 上升, 1 下降, 3 不变或无数据", "6.0 km² 上升, 3.0 km² 下降, 9.0 km² 不变",
          // From each level (rows, 5 to 1) to each: 812 falls from 5 to 2, 712 rises from 4 to 5.
          "高|0.0|0.0|0.0|3.0|0.0|0.0|", "中高|3.0|0.0|0.0|0.0|0.0|0.0|",
          "中低|0.0|3.0|0.0|0.0|0.0|0.0|",
          "711|&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;|"
          "新区|2|4|0.0225|0.075|",
          "812|@SUM(A1)|新区|5|2|0.284|0.0608|"})
        EXPECT_NE(page.find(row), std::string::npos) << row;
}

} // namespace
} // namespace riskmap::run
