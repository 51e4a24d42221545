// SPDX-License-Identifier: MIT
#include <riskmap/run/run.hpp>

#include <nlohmann/json.hpp>

#include <riskmap/core/file.hpp>
#include <riskmap/geo/topology.hpp>

#include "small_city.hpp"

namespace riskmap::run {
namespace {

using project::read_project;

namespace fs = std::filesystem;

RunSummary run_city(const test::SmallCity& city, unsigned threads = 2, Redo redo = Redo::stale) {
    return run(read_project(city.file()), city.out(), redo, {.threads = threads});
}

std::vector<double> column(const fs::path& file, const std::string& layer,
                           const std::string& field) {
    const auto table = vector::read_layer(file, layer, vector::Geometry::none);
    std::vector<double> out;
    for (const auto& row : table.features)
        out.push_back(vector::number_of(row.values[table.field(field)]).value_or(test::none));
    return out;
}

/// Fingerprints of all products, by name below the folder.
std::map<std::string, std::string> products(const fs::path& out) {
    std::map<std::string, std::string> prints;
    for (const auto& entry : fs::recursive_directory_iterator{out})
        if (entry.is_regular_file() && entry.path().string().find(".work") == std::string::npos)
            prints[entry.path().lexically_relative(out).string()] = sha256_of_file(entry.path());
    return prints;
}

TEST(Run, WritesEveryProductOfEveryArea) {
    const test::SmallCity city;
    const auto summary = run_city(city);
    EXPECT_EQ(summary.areas, (std::vector<std::string>{"9", "1", "2"}));
    for (const char* area : {"9", "1", "2"})
        for (const char* product : {"composite_risk", "risk_level", "risk_flood", "risk_wind",
                                    "risk_zones", "prevention_zones"})
            for (const char* suffix : {".tif", ".gpkg", ".geojson", ".csv"})
                EXPECT_TRUE(fs::exists(city.out() / area / (std::string{product} + suffix)))
                    << area << "/" << product << suffix;
    EXPECT_TRUE(fs::exists(city.out() / "9/units.csv"));
    const raster::Reader level{city.out() / "1/risk_level.tif"};
    EXPECT_EQ(level.metadata("modelled_layers"), "洪水");
    EXPECT_EQ(level.metadata("breaks_of"), "the whole city");
    EXPECT_EQ(level.categories().at(5), "高");
    EXPECT_NE(test::read_text(city.out() / "9/units.csv").find("含模拟数据：洪水"),
              std::string::npos);
}

TEST(Run, ChecksItsLayersFirstAndStopsAtErrors) {
    const test::SmallCity city;
    const auto with = [&](const std::string& check) { city.write("before_run = false", check); };
    with("codes = false");
    const auto first = run_city(city);
    EXPECT_EQ(first.warnings,
              (std::vector<std::string>{"losses.csv: hazard 1 个未知",
                                        "the risk of townships by flood has too few distinct "
                                        "values: 4 levels instead of 5"}));
    EXPECT_NE(test::read_text(city.out() / "check/findings.html").find("areas.gpkg:townships"),
              std::string::npos);
    EXPECT_EQ(run_city(city).steps_done, 0U);
    // Codes that are no codes of GB/T 2260, and a township over its neighbour.
    with("codes = true");
    test::expect_error(ErrorKind::input, "check: ", [&] { (void)run_city(city); });
    city.change_townships([](vector::Layer& layer) {
        for (auto& p : layer.features[0].shape.polygons[0].outer)
            p.x += p.x > layer.features[0].shape.polygons[0].outer[0].x ? 300 : 0;
    });
    with("codes = false");
    test::expect_error(ErrorKind::input, "findings.html", [&] { (void)run_city(city); });
    const auto found = nlohmann::json::parse(test::read_text(city.out() / "check/findings.json"));
    EXPECT_GT(found["rules"]["coverage-overlap"], 0);
    with("codes = false\nstop = \"never\"");
    const auto summary = run_city(city);
    EXPECT_NE(summary.warnings[0].find("check: "), std::string::npos);
    with("codes = false\naccept = [\"coverage-overlap\", \"coverage-gap\"]");
    EXPECT_EQ(run_city(city).steps_done, 1U);
    with("codes = false\naccept = [\"coverage-overlaps\"]");
    test::expect_error(ErrorKind::usage, "coverage-overlaps", [&] { (void)run_city(city); });
}

TEST(Project, FilesMayNotLeaveItsFolder) {
    const test::SmallCity city;
    const test::Folder other;
    fs::copy_file(city / "depth.tif", other / "depth.tif");
    const auto outside = fs::relative(other / "depth.tif", city / "").string();
    city.write("depth.tif", outside);
    test::expect_error(ErrorKind::input, "leaves the project's folder",
                       [&] { (void)read_project(city.file()); });
    fs::create_symlink(other / "depth.tif", city / "link.tif");
    city.write("depth.tif", "link.tif");
    test::expect_error(ErrorKind::input, "project.toml:", [&] { (void)read_project(city.file()); });
    auto text = test::read_text(city.file());
    test::write_text(city.file(), text + "allow_outside = true\n");
    EXPECT_EQ(read_project(city.file()).hazards[0].maps[0].source.file, city / "link.tif");
}

TEST(Run, WritesOnlyTheFormatsAskedFor) {
    const test::SmallCity city;
    city.write("[zoning]",
               "[output]\nfolder = \"results\"\nformats = [\"tif\", \"csv\"]\n[zoning]");
    const auto project = read_project(city.file());
    EXPECT_EQ(project.output.folder, city / "results");
    (void)run(project, project.output.folder, Redo::stale, {.threads = 2});
    EXPECT_TRUE(fs::exists(city / "results/1/risk_level.tif"));
    EXPECT_TRUE(fs::exists(city / "results/1/units.csv"));
    EXPECT_FALSE(fs::exists(city / "results/1/risk_level.gpkg"));
    EXPECT_FALSE(fs::exists(city / "results/1/risk_level.geojson"));
    for (const auto& step : status_of(project, project.output.folder))
        EXPECT_EQ(step.reason, "") << step.id;
}

TEST(Run, FiguresAgreeWithAComputationByHand) {
    const test::SmallCity city;
    (void)run_city(city);
    // Every cell again, in the plainest way: R = sum of w H E V.
    const auto people = raster::Reader{city / "people.tif"}.read(Window{0, 0, 60, 40});
    const auto depth = raster::Reader{city / "depth.tif"}.read(Window{0, 0, 60, 40});
    const auto wind = raster::Reader{city / "wind.tif"}.read(Window{0, 0, 60, 40});
    const auto composite =
        raster::Reader{city.out() / "9/composite_risk.tif"}.read(Window{0, 0, 60, 40});
    const CellAreas areas{raster::Reader{city / "people.tif"}.grid()};
    double densest = 0;
    for (std::int64_t i = 0; i < 2400; ++i)
        densest = std::max(densest, people[static_cast<std::size_t>(i)] / areas.at(i % 60, i / 60));
    const double weak[] = {0.1, 0.3, 0.2, 0.5, 0.4, 0.6};
    for (std::int64_t r = 0; r < 40; ++r)
        for (std::int64_t c = 0; c < 60; ++c) {
            const auto i = static_cast<std::size_t>(r * 60 + c);
            const int township = (c < 30 ? 0 : 3) + (r < 13 ? 0 : r < 27 ? 1 : 2);
            const double v = 0.5 + 0.5 * (weak[township] - 0.1) / 0.5;
            const double e = people[i] / areas.at(c, r) / densest;
            const double h = 0.75 * std::min(depth[i] / 3, 1.0) + 0.25 * (wind[i] - 17) / 23;
            ASSERT_NEAR(composite[i], h * e * v, 1e-6) << r << " " << c;
        }
    double total = 0;
    for (const double p : people)
        total += p;
    EXPECT_NEAR(column(city.out() / "9/units.gpkg", "city", "people")[0] / total, 1, 1e-9);
    double of_townships = 0;
    for (const double p : column(city.out() / "9/units.gpkg", "units", "people"))
        of_townships += p;
    EXPECT_NEAR(of_townships / total, 1, 1e-9); // exact shares: borders cut through cells
}

TEST(Run, AnnualLossIsExposureTimesDamageOverThePeriod) {
    const test::SmallCity city;
    (void)run_city(city);
    const auto people = raster::Reader{city / "people.tif"}.read(Window{0, 0, 60, 40});
    const auto depth = raster::Reader{city / "depth.tif"}.read(Window{0, 0, 60, 40});
    const std::vector<Point> curve{{0, 0},      {0.5, 0.33}, {1, 0.49},
                                   {1.5, 0.62}, {2, 0.72},   {3, 0.87}};
    double loss = 0;
    for (std::size_t i = 0; i < people.size(); ++i)
        for (std::size_t k = 0; k + 1 < curve.size(); ++k)
            if (depth[i] >= curve[k].x && (depth[i] < curve[k + 1].x || k + 2 == curve.size()))
                loss += people[i] / 100 *
                        (curve[k].y + (depth[i] - curve[k].x) / (curve[k + 1].x - curve[k].x) *
                                          (curve[k + 1].y - curve[k].y));
    EXPECT_NEAR(column(city.out() / "9/units.gpkg", "city", "ael_flood_people")[0] / loss, 1, 1e-6);
}

TEST(Run, LevelsAreSharedByCityAndCounties) {
    const test::SmallCity city;
    (void)run_city(city);
    const raster::Reader whole{city.out() / "9/risk_level.tif"};
    for (const char* area : {"1", "2"}) {
        const raster::Reader county{city.out() / area / "risk_level.tif"};
        const auto values = county.read(county.grid().window());
        const Point corner = whole.grid().to_cells({county.grid().left, county.grid().top});
        const auto same = whole.read({std::llround(corner.x), std::llround(corner.y),
                                      county.grid().columns, county.grid().rows});
        int cells = 0;
        for (std::size_t i = 0; i < values.size(); ++i)
            if (!std::isnan(values[i])) {
                EXPECT_EQ(values[i], same[i]);
                ++cells;
            }
        EXPECT_EQ(cells, 1200); // its own cells, none of the other county's
    }
}

TEST(Run, ZonesTileTheCityWithoutGapsOrOverlaps) {
    const test::SmallCity city;
    (void)run_city(city);
    for (const char* name : {"risk_zones", "risk_zones_cells"}) {
        const auto layer = vector::read_layer(city.out() / "9/risk_zones.gpkg", name);
        std::vector<MultiPolygon> shapes;
        double sum = 0;
        for (const auto& zone : layer.features) {
            EXPECT_FALSE(find_flaw(zone.shape.polygons));
            shapes.push_back(zone.shape.polygons);
            sum += planar_area(shapes.back());
        }
        EXPECT_NEAR(sum, 24e6, 1) << name;
        EXPECT_NEAR(planar_area(dissolved(shapes)), 24e6, 1) << name;
    }
    EXPECT_EQ(column(city.out() / "9/risk_zones.gpkg", "risk_zones", "level").size(), 3U);
    const auto level = vector::read_layer(city.out() / "9/risk_level.gpkg", "risk_level");
    double sum = 0;
    for (const auto& zone : level.features)
        sum += planar_area(zone.shape.polygons);
    EXPECT_NEAR(sum, 24e6, 1);
}

TEST(Run, TownshipsWithoutRiskStandApart) {
    const test::SmallCity city;
    // The flood raster ends in mid-city: what is not known there is not low.
    const raster::Reader depth{city / "depth.tif"};
    auto values = depth.read(depth.grid().window());
    for (std::size_t i = 0; i < values.size(); ++i)
        if (static_cast<std::int64_t>(i) % depth.grid().columns >= 30)
            values[i] = raster::nodata;
    const auto half = std::make_shared<raster::InMemory>(depth.grid(), values);
    test::write_raster(city / "depth.tif", *half);
    city.write();
    const auto summary = run_city(city);
    EXPECT_TRUE(
        std::any_of(summary.warnings.begin(), summary.warnings.end(), [](const std::string& line) {
            return line.find("zones: 3 of 6 units") != std::string::npos &&
                   line.find("50.0 % of its area") != std::string::npos;
        }));
    const auto zones = vector::read_layer(city.out() / "9/risk_zones.gpkg", "risk_zones");
    int without = 0;
    double known_area = 0;
    for (const auto& zone : zones.features) {
        const auto level = vector::number_of(zone.values[zones.field("level")]);
        const double area = planar_area(zone.shape.polygons);
        without += level ? 0 : 1;
        known_area += level ? area : 0;
    }
    EXPECT_EQ(without, 1);
    EXPECT_NEAR(known_area, 12e6, 1);
}

TEST(Run, AZoneWhereNobodyLivesHasTheRiskOfItsLand) {
    const test::SmallCity city;
    const raster::Reader people{city / "people.tif"};
    auto values = people.read(people.grid().window());
    for (std::size_t i = 0; i < values.size(); ++i)
        if (static_cast<std::int64_t>(i) % people.grid().columns < 30)
            values[i] = 0;
    const auto empty = std::make_shared<raster::InMemory>(people.grid(), values);
    test::write_raster(city / "people.tif", *empty);
    city.write();
    (void)run_city(city);
    const auto zones = vector::read_layer(city.out() / "9/risk_zones.gpkg", "risk_zones");
    ASSERT_FALSE(zones.features.empty());
    for (const auto& zone : zones.features)
        EXPECT_GT(vector::number_of(zone.values[zones.field("level")]).value_or(0), 0);
}

TEST(Run, PreventionFollowsTheMatrixAndTheOverride) {
    const test::SmallCity city;
    (void)run_city(city);
    const auto file = city.out() / "9/prevention_zones.gpkg";
    const auto level = column(file, "prevention_zones", "level");
    const auto capacity = column(file, "prevention_zones", "capacity_level");
    const auto prevention = column(file, "prevention_zones", "prevention");
    const char* rows[] = {"GGGGG", "SGGGG", "SSSGG", "KKSSS", "KKKKS"};
    for (std::size_t u = 0; u < level.size(); ++u) {
        const char letter = rows[static_cast<int>(level[u]) - 1][static_cast<int>(capacity[u]) - 1];
        EXPECT_EQ(prevention[u], letter == 'K' ? 3 : letter == 'S' ? 2 : 1) << u;
    }
    city.write("[zoning]",
               "[[prevention.override]]\nhazard = \"flood\"\nlevel = 4\npeople = 1\n[zoning]");
    (void)run_city(city);
    const auto raised = column(file, "prevention_zones", "prevention");
    EXPECT_EQ(raised[1], 3); // the township with the deep water
    EXPECT_EQ(raised[5], prevention[5]);
}

TEST(Run, SameBytesForAnyNumberOfThreads) {
    const test::SmallCity city;
    std::map<std::string, std::string> first;
    for (const unsigned threads : {1U, 2U, 4U}) {
        (void)run_city(city, threads, Redo::everything);
        const auto now = products(city.out());
        if (first.empty())
            first = now;
        EXPECT_EQ(now, first) << threads;
    }
    EXPECT_GT(first.size(), 60U);
}

std::size_t stale(const test::SmallCity& city, std::string* first = nullptr) {
    std::size_t count = 0;
    for (const auto& step : status_of(read_project(city.file()), city.out()))
        if (!step.reason.empty()) {
            if (count++ == 0 && first != nullptr)
                *first = step.id + ": " + step.reason;
        }
    return count;
}

TEST(Run, RedoesOnlyWhatChanged) {
    const test::SmallCity city;
    const auto all = stale(city);
    EXPECT_EQ(run_city(city).steps_done, all);
    EXPECT_EQ(run_city(city).steps_done, 0U);
    std::string why;
    city.write("k = 3", "k = 2"); // zones and products, nothing before
    EXPECT_EQ(stale(city, &why), 4U);
    EXPECT_EQ(why, "zones: zoning.k: 3 -> 2");
    EXPECT_EQ(run_city(city).steps_done, 4U);
    fs::last_write_time(city / "depth.tif",
                        fs::file_time_type::clock::now()); // touched, not changed
    EXPECT_EQ(stale(city), 0U);
    test::write_text(city / "losses.csv", "hazard,loss\nflood,10\nwind,30\n");
    (void)stale(city, &why);
    EXPECT_EQ(why, "risk: losses.csv changed");
    (void)run_city(city);
    fs::remove(city.out() / "9/units.csv");
    EXPECT_EQ(stale(city, &why), 1U);
    EXPECT_EQ(why, "products 9: units.csv is missing");
    test::write_text(city.out() / "9/units.csv", "edited by hand");
    EXPECT_EQ(stale(city, &why), 1U);
    EXPECT_EQ(why, "products 9: units.csv was altered");
    EXPECT_EQ(run_city(city).steps_done, 1U);
}

TEST(Run, GoesOnAfterItWasStoppedAnywhere) {
    const test::SmallCity reference;
    (void)run_city(reference);
    const auto wanted = products(reference.out());
    for (const int stop_at : {1, 4, 9, 20, 45, 100}) {
        const test::SmallCity city;
        std::atomic<bool> stop{false};
        std::atomic<int> reports{0};
        const Progress progress{
            [&](std::string_view, double) { stop = stop || ++reports >= stop_at; }, &stop};
        bool stopped = false;
        try {
            (void)run(read_project(city.file()), city.out(), Redo::stale,
                      {.threads = 1, .memory_bytes = 0, .progress = progress});
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::interrupted);
            stopped = true;
        }
        for (const auto& entry : fs::recursive_directory_iterator{city.out()})
            EXPECT_EQ(entry.path().filename().string().find(".part-"), std::string::npos);
        const auto summary = run_city(city);
        if (stopped) {
            EXPECT_GT(summary.steps_done, 0U);
        }
        EXPECT_EQ(products(city.out()), wanted) << stop_at;
    }
}

TEST(Run, TellsOfRepairedPolygons) {
    const test::SmallCity city;
    city.change_townships([](vector::Layer& layer) {
        auto& ring = layer.features[0].shape.polygons[0].outer;
        const Point p = ring[0]; // a thin spike that crosses itself
        ring.insert(ring.begin() + 1,
                    {{p.x + 10, p.y - 10}, {p.x + 10, p.y + 10}, {p.x - 10, p.y - 5}});
    });
    const auto summary = run_city(city);
    ASSERT_FALSE(summary.warnings.empty());
    EXPECT_NE(summary.warnings[0].find("11 (乡11) was not valid and was repaired"),
              std::string::npos)
        << summary.warnings[0];
    const auto json = nlohmann::json::parse(test::read_text(city.out() / "run.json"));
    EXPECT_EQ(json["warnings"][0], summary.warnings[0]);
}

TEST(Run, RefusesWhatItCannotUse) {
    const auto refused = [](const test::SmallCity& city, const std::string& why) {
        test::expect_error(ErrorKind::input, why, [&] { (void)run_city(city); });
        EXPECT_FALSE(fs::exists(city.out() / "9")) << why;
    };
    {
        const test::SmallCity city;
        city.write("parent_field = \"county\"", "parent_field = \"country\"");
        refused(city, "did you mean 'county'");
    }
    {
        const test::SmallCity city;
        city.write("parent_field = \"county\"", "parent_field = \"county\"\ncode_field = \"kode\"");
        refused(city, "no field 'kode'");
    }
    {
        const test::SmallCity city;
        city.change_townships(
            [](vector::Layer& layer) { layer.features[0].values[2] = std::string{"7"}; });
        refused(city, "belong to no county: 11 (county '7')");
    }
    {
        const test::SmallCity city;
        city.change_townships(
            [](vector::Layer& layer) { layer.features[1].values[0] = std::string{"11"}; });
        refused(city, "code '11' stands twice");
    }
    {
        const test::SmallCity city;
        auto away = test::grid(60, 40, 100);
        away.left = 100000;
        test::write_raster(city / "depth.tif",
                           raster::InMemory{away, std::vector<double>(2400, 1)});
        refused(city, "does not overlap the grid");
    }
    {
        const test::SmallCity city;
        test::write_raster(
            city / "depth.tif",
            raster::InMemory{test::grid(60, 40, 100), std::vector<double>(2400, test::none)});
        refused(city, "has no data inside the area");
    }
    {
        const test::SmallCity city;
        test::write_text(city / "depth.tif", "not a raster");
        refused(city, "depth.tif");
    }
    {
        const test::SmallCity city;
        test::write_text(city / "losses.csv", "hazard,loss\nflood,0\nwind,0\n");
        refused(city, "no loss");
    }
    {
        const test::SmallCity city;
        city.write("hazards = \"loss-share\"", "hazards = \"ahp\"\nahp = [[1, 3], [3, 1]]");
        refused(city, "not reciprocal");
    }
    {
        const test::SmallCity city;
        city.write("range = [0.5, 1]\n[[vulnerability.indicator]]",
                   "weights = \"ahp\"\nahp = [[1, 2], [1]]\n"
                   "[[vulnerability.indicator]]\nfield = \"doctors\"\n[[vulnerability.indicator]]");
        refused(city, "differ in length");
    }
    {
        const test::SmallCity city;
        test::write_text(city / "table.csv", "code,weak,doctors\n11,0.1,5\n");
        refused(city, "no row for township 12");
    }
    {
        const test::SmallCity city;
        test::write_text(city / "table.csv",
                         "code,weak,doctors\n11,x,5\n12,1,1\n13,1,1\n21,1,1\n22,1,1\n23,1,1\n");
        refused(city, "weak is 'x', not a number");
    }
    {
        const test::SmallCity city;
        test::write_text(city.out(), "a file where the folder should be");
        test::expect_error(ErrorKind::input, "cannot write", [&] { (void)run_city(city); });
    }
}

TEST(Run, SurvivesDegenerateCities) {
    {
        const test::SmallCity city; // a hazard that is the same everywhere
        test::write_raster(city / "wind.tif", raster::InMemory{test::grid(60, 40, 100),
                                                               std::vector<double>(2400, 25)});
        city.write("linear:17:40", "min-max");
        const auto summary = run_city(city);
        EXPECT_TRUE(std::any_of(summary.warnings.begin(), summary.warnings.end(), [](auto& w) {
            return w.find("same everywhere") != std::string::npos;
        }));
    }
    {
        const test::SmallCity city; // a township without any data
        auto depth = raster::Reader{city / "depth.tif"}.read(Window{0, 0, 60, 40});
        for (std::size_t i = 0; i < depth.size(); ++i)
            if (i % 60 >= 30 && i / 60 < 15)
                depth[i] = test::none;
        test::write_raster(city / "depth.tif", raster::InMemory{test::grid(60, 40, 100), depth});
        (void)run_city(city);
        const auto risk = column(city.out() / "9/units.gpkg", "units", "risk_mean");
        EXPECT_TRUE(std::isnan(risk[3])); // no data is not zero
        EXPECT_FALSE(std::isnan(risk[0]));
        for (const auto& entry : fs::directory_iterator{city.out() / "9"})
            if (entry.path().extension() == ".csv") {
                EXPECT_EQ(test::read_text(entry.path()).find(",nan"), std::string::npos)
                    << entry.path();
            }
    }
    {
        const test::SmallCity city; // nobody lives there: no risk anywhere
        test::write_raster(city / "people.tif",
                           raster::InMemory{test::grid(60, 40, 100), std::vector<double>(2400, 0)});
        (void)run_city(city);
        for (const double risk : column(city.out() / "9/units.gpkg", "units", "risk_mean"))
            EXPECT_EQ(risk, 0);
    }
    {
        const test::SmallCity city; // one cell with data for both counties
        city.write("cell_size = 100", "cell_size = 5000");
        (void)run_city(city);
        EXPECT_TRUE(fs::exists(city.out() / "1/risk_level.tif"));
    }
}

TEST(Run, ReturnPeriodMapsGiveTheExpectedAnnualIntensity) {
    const test::SmallCity city;
    city.write("file = \"depth.tif\"\nnormalise = \"linear:0:3\"\nreturn_period = 100\n",
               "normalise = \"linear:0:1\"\n");
    auto text = test::read_text(city.file());
    const auto at = text.find("[[hazard]]\nid = \"wind\"");
    text.insert(at, "[[hazard.map]]\nfile = \"depth.tif\"\nreturn_period = 100\n"
                    "[[hazard.map]]\nfile = \"often.tif\"\nreturn_period = 10\n");
    test::write_text(city.file(), text);
    test::write_raster(city / "often.tif",
                       raster::InMemory{test::grid(60, 40, 100), std::vector<double>(2400, 0)});
    (void)run_city(city);
    const auto depth = raster::Reader{city / "depth.tif"}.read(Window{0, 0, 60, 40});
    const auto people = raster::Reader{city / "people.tif"}.read(Window{0, 0, 60, 40});
    const auto risk = raster::Reader{city.out() / "9/risk_flood.tif"}.read(Window{0, 0, 60, 40});
    // E and V are as they were; H = 0.09 x depth / 2 + 0.01 x depth.
    const auto i = static_cast<std::size_t>(20 * 60 + 17);
    const auto k = static_cast<std::size_t>(20 * 60 + 12);
    ASSERT_GT(people[i] * people[k], 0);
    EXPECT_NEAR(risk[i] / risk[k], depth[i] * people[i] / (depth[k] * people[k]), 1e-3);
    EXPECT_NEAR(risk[i], 0.055 * depth[i] * people[i] / 49 * (0.5 + 0.5 * 0.2 / 0.5), 1e-4);
}

TEST(Zones, InACountyHaveTheFiguresOfTheirPart) {
    const test::SmallCity city;
    city.write("k = 3", "k = 1");
    (void)run_city(city);
    const auto whole = column(city.out() / "9/risk_zones.gpkg", "risk_zones", "people");
    ASSERT_EQ(whole.size(), 1U); // one zone over both counties
    double people = 0;
    for (const char* county : {"1", "2"}) {
        const auto file = city.out() / county / "risk_zones.gpkg";
        EXPECT_EQ(column(file, "risk_zones", "units"), std::vector<double>{3});
        EXPECT_NEAR(column(file, "risk_zones", "area_km2")[0], 12, 0.02);
        const auto layer = vector::read_layer(file, "risk_zones");
        EXPECT_NEAR(planar_area(layer.features[0].shape.polygons), 12e6, 1);
        people += column(file, "risk_zones", "people")[0];
    }
    EXPECT_NEAR(people / whole[0], 1, 1e-9);
}

TEST(Run, AnExposureWhoseKindIsNotSaidIsNotSummed) {
    const test::SmallCity city;
    city.write("kind = \"counts\"\n", "");
    const auto summary = run_city(city);
    EXPECT_TRUE(std::any_of(summary.warnings.begin(), summary.warnings.end(), [](auto& line) {
        return line.find("no annual loss of people") != std::string::npos;
    }));
    EXPECT_FALSE(vector::read_layer(city.out() / "9/units.gpkg", "units").has_field("people"));
    const auto record = nlohmann::json::parse(test::read_text(city.out() / "run.json"));
    EXPECT_EQ(record["project"]["sha256"], sha256_of_file(city.file()));
}

} // namespace
} // namespace riskmap::run
