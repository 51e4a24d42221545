// SPDX-License-Identifier: MIT
// Runs that end with an atlas, and two of them compared.
#include <set>

#include <nlohmann/json.hpp>

#include <riskmap/atlas/atlas.hpp>
#include <riskmap/atlas/compare.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/record/record.hpp>
#include <riskmap/run/run.hpp>

#include "certainty.hpp"
#include "small_city.hpp"
#include "tools/program.hpp"

namespace riskmap::run {
namespace {

using project::read_project;

namespace fs = std::filesystem;

RunSummary run_city(const test::SmallCity& city, const fs::path& out, unsigned threads = 2,
                    Scope scope = Scope::all) {
    return run(read_project(city.file()), out, Redo::stale, {.threads = threads}, {}, scope);
}

/// A project with an atlas: small pages, one set of draws.
void with_atlas(const test::SmallCity& city) {
    city.write("[atlas]\nmake = false\n",
               "[atlas]\nformats = [\"pdf\", \"png\", \"svg\"]\ndpi = 60\ndate = \"2026-11\"\n"
               "secrecy = \"内部\"\nneighbours = \"areas.gpkg\"\nneighbours_layer = \"counties\"\n"
               "[uncertainty]\ndraws = 20\n");
}

/// Fingerprints of all files of an atlas.
std::map<std::string, std::string> prints(const fs::path& folder) {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator{folder})
        if (entry.is_regular_file())
            all[entry.path().lexically_relative(folder).string()] = sha256_of_file(entry.path());
    return all;
}

TEST(Atlas, HasASheetOfEveryProductForCityAndCounties) {
    const test::SmallCity city;
    with_atlas(city);
    (void)run_city(city, city.out());
    const auto atlas = city.out() / "atlas";
    for (const char* area : {"9", "1", "2"})
        for (const char* map : {"composite_risk", "risk_level", "unit_levels", "risk_zones",
                                "prevention_zones", "level_certainty", "risk_flood", "risk_wind"})
            for (const char* format : {".pdf", ".png", ".svg"})
                EXPECT_TRUE(
                    fs::is_regular_file(atlas / "sheets" / area / (std::string{map} + format)))
                    << area << " " << map << format;
    for (const char* file : {"sheets/index.html", "sheets/index.pdf", "web/index.html",
                             "web/data.js", "web/maplibre-gl.js", "report.html", "report.pdf"})
        EXPECT_TRUE(fs::is_regular_file(atlas / file)) << file;
    const auto sheet =
        test::shell("pdftotext " + (atlas / "sheets/1/risk_level.pdf").string() + " -", city.out());
    for (const char* words :
         {"西县", "东县", "乡11", "内部", "2026-11", "模拟数据", "综合风险等级图"})
        EXPECT_NE(sheet.out.find(words), std::string::npos) << words << "\n" << sheet.out;
    const auto report =
        test::shell("pdftotext " + (atlas / "report.pdf").string() + " -", city.out());
    for (const char* words :
         {"概要", "洪水", "按历史损失占比", "自然断点法", "不确定性", "来源", "depth.tif", "乡13"})
        EXPECT_NE(report.out.find(words), std::string::npos) << words;
}

TEST(Atlas, LegendsTellWhatTheTablesTell) {
    const test::SmallCity city;
    with_atlas(city);
    (void)run_city(city, city.out());
    const auto layer = vector::read_layer(city.out() / "9/risk_level.gpkg", "risk_level");
    const auto text = test::shell(
        "pdftotext -layout " + (city.out() / "atlas/sheets/9/risk_level.pdf").string() + " -",
        city.out());
    double area = 0;
    for (const auto& feature : layer.features) {
        const double km2 = *vector::number_of(feature.values[layer.field("area_km2")]);
        area += km2;
        char figure[32];
        std::snprintf(figure, sizeof figure, "%.1f", km2);
        EXPECT_NE(text.out.find(figure), std::string::npos) << figure << "\n" << text.out;
    }
    EXPECT_NEAR(area, 24, 0.05); // 60 x 40 cells of 100 m, in true km2
}

TEST(Atlas, IsTheSameForAnyNumberOfThreadsAndRedoneOnlyIfNeeded) {
    const test::SmallCity city;
    with_atlas(city);
    (void)run_city(city, city / "one", 1);
    (void)run_city(city, city / "four", 4);
    EXPECT_EQ(prints(city / "one/atlas"), prints(city / "four/atlas"));
    const auto again = run_city(city, city / "one");
    EXPECT_EQ(again.steps_done, 0U);
    fs::remove(city / "one/atlas/sheets/2/risk_zones.svg");
    const auto mended = run_city(city, city / "one");
    EXPECT_EQ(mended.steps_done, 1U);
    EXPECT_EQ(prints(city / "one/atlas"), prints(city / "four/atlas"));
}

TEST(Atlas, IsLeftOutWhereProductsAreNoFilesToDrawFrom) {
    const test::SmallCity city;
    city.write("[atlas]\nmake = false\n", "[output]\nformats = [\"csv\"]\n");
    (void)run_city(city, city.out());
    EXPECT_FALSE(fs::exists(city.out() / "atlas"));
    city.write("make = false\n", "make = true\n[output]\nformats = [\"csv\"]\n");
    test::expect_error(ErrorKind::input, "make = false", [&] { (void)read_project(city.file()); });
    city.write("make = false", "formats = [\"bmp\"]");
    test::expect_error(ErrorKind::input, "unknown format 'bmp'",
                       [&] { (void)read_project(city.file()); });
    city.write("make = false", "paper = \"B5\"");
    test::expect_error(ErrorKind::input, "A4", [&] { (void)read_project(city.file()); });
    city.write("make = false", "make = false\n[uncertainty]\nbreakpoints = 0.7");
    test::expect_error(ErrorKind::input, "at most 0.49", [&] { (void)read_project(city.file()); });
}

TEST(Risk, StopsBeforePlansAndAtlasAndTellsHowSureItIs) {
    const test::SmallCity city;
    with_atlas(city);
    const auto summary = run_city(city, city.out(), 2, Scope::risk);
    EXPECT_FALSE(fs::exists(city.out() / "atlas"));
    ASSERT_EQ(summary.highlights.size(), 1U);
    EXPECT_NE(summary.highlights[0].find("by 20 draws"), std::string::npos);
    const raster::Reader certainty{city.out() / "9/level_certainty.tif"};
    const raster::Reader probability{city.out() / "9/level_probability.tif"};
    EXPECT_EQ(certainty.categories().at(5), "90%以上");
    const auto window = certainty.grid().window();
    const auto classes = certainty.read(window);
    const auto shares = probability.read(window);
    std::set<double> found;
    for (std::size_t i = 0; i < classes.size(); ++i) {
        if (std::isnan(classes[i]))
            continue;
        EXPECT_GE(shares[i], 0);
        EXPECT_LE(shares[i], 1);
        EXPECT_EQ(classes[i], test::certainty_class(shares[i])) << shares[i];
        found.insert(classes[i]);
    }
    EXPECT_GE(found.size(), 4U);
    const auto units = vector::read_layer(city.out() / "9/units.gpkg", "units");
    for (const auto& unit : units.features) {
        const auto at = [&](const char* field) {
            return *vector::number_of(unit.values[units.field(field)]);
        };
        EXPECT_LE(at("risk_rank_low"), at("risk_rank"));
        EXPECT_GE(at("risk_rank_high"), at("risk_rank"));
        EXPECT_GT(at("certainty_share"), 0);
    }
    const auto record = nlohmann::json::parse(test::read_text(city.out() / "run.json"));
    EXPECT_EQ(record["steps"]["uncertainty"]["sobol"].size(), 3U + 2 + 1);
}

TEST(Compare, TellsWhatChangedAndWhy) {
    EXPECT_EQ(atlas::change_class(2, 5), 5);
    EXPECT_EQ(atlas::change_class(3, 4), 4);
    EXPECT_EQ(atlas::change_class(3, 3), 3);
    EXPECT_EQ(atlas::change_class(5, 4), 2);
    EXPECT_EQ(atlas::change_class(5, 1), 1);
    EXPECT_EQ(atlas::change_class(0, 1), 0);
    const test::SmallCity city;
    (void)run_city(city, city / "before");
    city.write("hazards = \"loss-share\"", "hazards = \"equal\"");
    const auto depth = raster::Reader{city / "depth.tif"}.read(test::grid(60, 40, 100).window());
    auto deeper = depth;
    for (std::size_t i = 0; i < deeper.size(); ++i)
        deeper[i] = i % 60 < 20 ? 2.9 : depth[i];
    test::write_raster(city / "depth.tif", raster::InMemory{test::grid(60, 40, 100), deeper});
    (void)run_city(city, city / "after");
    atlas::AtlasOptions options;
    options.page = {"A4", 60};
    const auto result =
        atlas::compare_runs(city / "before", city / "after", city / "changes", options, {});
    ASSERT_EQ(result.units.size(), 6U);
    // Beside the tables of the two runs.
    const auto levels = [&](const char* run) {
        const auto table = vector::read_layer(city / (std::string{run} + "/9/units.gpkg"), "units");
        std::map<std::string, int> by_code;
        for (const auto& unit : table.features)
            by_code[vector::text_of(unit.values[table.field("code")])] =
                static_cast<int>(*vector::number_of(unit.values[table.field("level")]));
        return by_code;
    };
    const auto before = levels("before");
    const auto after = levels("after");
    std::size_t up = 0;
    for (const auto& unit : result.units) {
        EXPECT_EQ(unit.before, before.at(unit.code));
        EXPECT_EQ(unit.after, after.at(unit.code));
        EXPECT_EQ(unit.county, unit.code[0] == '1' ? "西县" : "东县");
        up += unit.after > unit.before ? 1 : 0;
    }
    EXPECT_EQ(result.units_up(), up);
    const auto a = raster::Reader{city / "before/9/risk_level.tif"};
    const auto b = raster::Reader{city / "after/9/risk_level.tif"};
    const auto window = b.grid().window();
    const auto was = a.read(window);
    const auto is = b.read(window);
    const auto change = raster::Reader{city / "changes/change_9.tif"}.read(window);
    double cells_up = 0;
    for (std::size_t i = 0; i < was.size(); ++i) {
        EXPECT_EQ(change[i], 3 + std::clamp(is[i] - was[i], -2.0, 2.0));
        cells_up += is[i] > was[i] ? 0.01 : 0;
    }
    EXPECT_GT(cells_up, 1);
    EXPECT_NEAR(result.area_up / cells_up, 1, 2e-3);
    EXPECT_NEAR(result.area_up + result.area_down + result.area_same, 24, 0.05);
    bool parameter = false;
    bool input = false;
    for (const auto& difference : result.differences) {
        parameter =
            parameter || (difference.name == "weights.hazards" &&
                          difference.before == "\"loss-share\"" && difference.after == "\"equal\"");
        input = input || (difference.what == "input" && difference.name == "depth.tif");
    }
    EXPECT_TRUE(parameter && input);
    for (const char* file : {"change.gpkg", "change.csv", "compare.html", "compare.pdf",
                             "web/index.html", "sheets/change_9.pdf", "sheets/change_cells_9.png"})
        EXPECT_TRUE(fs::is_regular_file(city / (std::string{"changes/"} + file))) << file;
    EXPECT_NE(test::read_text(city / "changes/web/data.js").find("\"unit_change\""),
              std::string::npos);
    const auto same =
        atlas::compare_runs(city / "after", city / "after", city / "same", options, {});
    EXPECT_TRUE(same.differences.empty());
    EXPECT_EQ(same.units_up() + same.units_down(), 0U);
    EXPECT_EQ(same.area_up + same.area_down, 0);
}

TEST(Compare, RefusesWhatAreNoRuns) {
    const test::SmallCity city;
    (void)run_city(city, city.out());
    const auto refused = [&](const std::string& why, const fs::path& other) {
        test::expect_error(ErrorKind::input, why, [&] {
            (void)atlas::compare_runs(city.out(), other, city / "x", {}, {});
        });
    };
    refused("holds no run.json", city / "nothing");
    fs::create_directories(city / "bad");
    test::write_text(city / "bad/run.json", "{");
    refused("is not whole", city / "bad");
    test::write_text(city / "bad/run.json", "{\"project\": {}}");
    refused("of an older riskmap", city / "bad");
    test::write_text(city / "bad/run.json",
                     R"({"program": "", "project": {}, "areas": [], "grid": {}, "hazards": [],
                         "exposures": [], "background": {}, "parameters": {}, "inputs_sha256": {},
                         "warnings": [], "steps": {}})");
    refused("is damaged", city / "bad");
    test::write_text(city / "bad/run.json", record::to_text({}));
    refused("no township in common", city / "bad");
    // A record whose parts are of other kinds than a run writes.
    auto record = nlohmann::json::parse(test::read_text(city.out() / "run.json"));
    record["steps"]["risk"]["scales"] = 3;
    record["steps"]["risk"]["hazard_weights"] = "x";
    test::write_text(city.out() / "run.json", record.dump());
    test::expect_error(ErrorKind::input, "is damaged", [&] {
        atlas::AtlasOptions options;
        options.sheets = options.web = false;
        (void)atlas::write_atlas(city.out(), city / "x", options, {});
    });
    EXPECT_FALSE(fs::exists(city / "x"));
}

} // namespace
} // namespace riskmap::run
