// SPDX-License-Identifier: MIT
// What makes a run stale. After each change the next run must give, byte for byte, what a run from
// nothing gives.
#include <riskmap/run/run.hpp>

#include <cstdlib>

#include <riskmap/core/file.hpp>
#include <riskmap/geo/content.hpp>

#include "small_city.hpp"

namespace riskmap::run {
namespace {

namespace fs = std::filesystem;
using project::read_project;

std::map<std::string, std::string> files_of(const fs::path& out) {
    std::map<std::string, std::string> prints;
    for (const auto& entry : fs::recursive_directory_iterator{out})
        if (entry.is_regular_file() && entry.path().string().find(".work") == std::string::npos)
            prints[entry.path().lexically_relative(out).string()] = sha256_of_file(entry.path());
    return prints;
}

RunSummary run_into(const test::SmallCity& city, const fs::path& out) {
    return run(read_project(city.file()), out, Redo::stale, {.threads = 2});
}

std::string first_reason(const test::SmallCity& city) {
    for (const auto& step : status_of(read_project(city.file()), city.out()))
        if (!step.reason.empty())
            return step.reason;
    return {};
}

/// A city with every kind of input: a curve of its own, a virtual raster, heights, measures, a
/// MapInfo table, a loss table, areas in a database.
class FullCity : public test::SmallCity {
  public:
    FullCity() {
        const Grid g = test::grid(columns, rows, 100);
        heights(0);
        test::write_text(*this / "curve.csv", "intensity,damage\n0,0\n1,0.3\n3,0.9\n");
        test::write_text(*this / "measures.csv",
                         "hazard,class,measures\nflood,K,堤防\nwind,K,加固\n");
        test::write_text(*this / "quota.csv", "unit,least\n");
        test::write_text(
            *this / "depth.vrt",
            R"(<VRTDataset rasterXSize="60" rasterYSize="40"><SRS>EPSG:4549</SRS>)"
            "<GeoTransform>" +
                geotransform() +
                R"(</GeoTransform><VRTRasterBand dataType="Float32" band="1"><NoDataValue>-9999</NoDataValue>)"
                R"(<SimpleSource><SourceFilename relativeToVRT="1">depth.tif</SourceFilename>)"
                R"(<SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>)");
        write("file = \"depth.tif\"", "file = \"depth.vrt\"");
        replace("curve = \"flood-depth-residential-asia\"", "curve = \"curve.csv\"");
        replace("k = 3", "k = 3\nheight = \"dem.tif\"");
        replace("[check]", "[prevention]\nmeasures = \"measures.csv\"\n[check]");
    }

    void heights(double more) const {
        const Grid g = test::grid(columns, rows, 100);
        std::vector<double> values;
        for (int r = 0; r < rows; ++r)
            for (int c = 0; c < columns; ++c)
                values.push_back(more + r * c % 17);
        test::write_raster(*this / "dem.tif", raster::InMemory{g, values});
    }

    /// In the project file.
    void replace(const std::string& from, const std::string& to) const {
        test::replace_in(file(), from, to);
    }

  private:
    static std::string geotransform() {
        const Grid g = test::grid(columns, rows, 100);
        return std::to_string(g.left) + ", 100, 0, " + std::to_string(g.top) + ", 0, -100";
    }
};

/// As a program that dies, or is still open, leaves a database: what it has committed stands in
/// the -wal file.
void commit_beside(const fs::path& database, const std::string& sql) {
    const auto program = "import os, sqlite3, sys\n"
                         "db = sqlite3.connect(sys.argv[1])\n"
                         "for f in ('ST_IsEmpty', 'ST_MinX', 'ST_MaxX', 'ST_MinY', 'ST_MaxY'):\n"
                         "    db.create_function(f, 1, lambda shape: 0)\n"
                         "db.execute('PRAGMA journal_mode = WAL')\n"
                         "db.execute(sys.argv[2])\n"
                         "db.commit()\n"
                         "os._exit(0)\n";
    const auto command =
        std::string{"python3 -c \""} + program + "\" '" + database.string() + "' \"" + sql + "\"";
    ASSERT_EQ(std::system(command.c_str()), 0);
    ASSERT_GT(fs::file_size(database.string() + "-wal"), 0U);
}

struct Change {
    const char* name;
    const char* reason; ///< a part of what status says
    std::function<void(const FullCity&)> make;
};

void key(const FullCity& city, const char* from, const char* to) {
    city.replace(from, to);
}

const std::vector<Change>& changes() {
    static const std::vector<Change> all{
        {"a curve edited", "curve.csv changed",
         [](const FullCity& c) {
             test::write_text(c / "curve.csv", "intensity,damage\n0,0\n1,0.5\n3,1\n");
         }},
        {"heights changed", "dem.tif changed", [](const FullCity& c) { c.heights(100); }},
        {"a tile under a virtual raster", "depth.tif changed",
         [](const FullCity& c) {
             const Grid g = test::grid(c.columns, c.rows, 100);
             test::write_raster(
                 c / "depth.tif",
                 raster::InMemory{g, std::vector<double>(static_cast<std::size_t>(c.columns) *
                                                             static_cast<std::size_t>(c.rows),
                                                         0.7)});
         }},
        {"a sidecar added", "people.tif.aux.xml is new",
         [](const FullCity& c) {
             test::write_text(c / "people.tif.aux.xml",
                              "<PAMDataset><PAMRasterBand band=\"1\"><NoDataValue>7</NoDataValue>"
                              "</PAMRasterBand></PAMDataset>");
         }},
        {"measures edited", "measures.csv changed",
         [](const FullCity& c) {
             test::write_text(c / "measures.csv", "hazard,class,measures\nflood,K,撤离\n");
         }},
        {"indicators edited", "table.csv changed",
         [](const FullCity& c) {
             test::write_text(c / "table.csv", "code,weak,doctors\n11,0.9,5\n12,0.3,4\n13,0.2,3\n"
                                               "21,0.5,2\n22,0.4,6\n23,0.6,1\n");
         }},
        {"losses edited", "losses.csv changed",
         [](const FullCity& c) {
             test::write_text(c / "losses.csv", "hazard,loss\nflood,10\nwind,30\n");
         }},
        {"a township renamed", "areas.gpkg changed",
         [](const FullCity& c) {
             c.change_townships(
                 [](vector::Layer& layer) { layer.features[0].values[1] = std::string{"新名"}; });
         }},
        {"zoning.height removed", "zoning.height: \"dem.tif\" -> ",
         [](const FullCity& c) { key(c, "height = \"dem.tif\"\n", ""); }},
        {"zoning.k", "zoning.k: 3 -> 2", [](const FullCity& c) { key(c, "k = 3", "k = 2"); }},
        {"zoning.sieve_km2", "zoning.sieve_km2: 0.05 -> 0.5",
         [](const FullCity& c) { key(c, "sieve_km2 = 0.05", "sieve_km2 = 0.5"); }},
        {"a return period", "hazard.flood.return_period: 100 -> 20",
         [](const FullCity& c) { key(c, "return_period = 100", "return_period = 20"); }},
        {"a scale", "hazard.wind.normalise",
         [](const FullCity& c) { key(c, "linear:17:40", "linear:17:50"); }},
        {"a title", "hazard.wind.title_en",
         [](const FullCity& c) { key(c, "title_en = \"wind\"", "title_en = \"gale\""); }},
        {"modelled", "hazard.flood.modelled",
         [](const FullCity& c) { key(c, "modelled = true\n", ""); }},
        {"a range", "vulnerability.range",
         [](const FullCity& c) { key(c, "range = [0.5, 1]", "range = [0.2, 1]"); }},
        {"an indicator", "capacity.indicator.1.field",
         [](const FullCity& c) { key(c, "field = \"doctors\"", "field = \"weak\""); }},
        {"weights", "weights.hazards",
         [](const FullCity& c) { key(c, "hazards = \"loss-share\"", "hazards = \"equal\""); }},
        {"the cell size", "grid.cell_size",
         [](const FullCity& c) { key(c, "cell_size = 100", "cell_size = 200"); }},
        {"valid_share", "grid.valid_share",
         [](const FullCity& c) { key(c, "cell_size = 100", "cell_size = 100\nvalid_share = 1"); }},
        {"where_nodata", "hazard.wind.where_nodata",
         [](const FullCity& c) {
             key(c, "file = \"wind.tif\"", "file = \"wind.tif\"\nwhere_nodata = 20");
         }},
        {"the city's name", "areas.city.name", [](const FullCity& c) { key(c, "小城", "大城"); }},
        {"the language", "project.language",
         [](const FullCity& c) { key(c, "id = \"small\"", "id = \"small\"\nlanguage = \"en\""); }},
        {"formats", "output.formats",
         [](const FullCity& c) {
             key(c, "[check]", "[output]\nformats = [\"tif\", \"gpkg\"]\n[check]");
         }},
        {"the palette", "output.palette",
         [](const FullCity& c) { key(c, "[check]", "[output]\npalette = \"safe\"\n[check]"); }},
        {"an override", "prevention.override",
         [](const FullCity& c) {
             key(c, "[prevention]\n",
                 "[[prevention.override]]\nhazard = \"flood\"\nlevel = 1\npeople = 1\nclass = "
                 "\"K\"\n"
                 "[prevention]\n");
         }},
        {"levels", "levels.method",
         [](const FullCity& c) { key(c, "[check]", "[levels]\nmethod = \"quantile\"\n[check]"); }},
        {"risk", "risk.form",
         [](const FullCity& c) {
             key(c, "[check]", "[risk]\nform = \"geometric-mean\"\n[check]");
         }},
    };
    return all;
}

class Freshness : public ::testing::TestWithParam<std::size_t> {};

TEST_P(Freshness, TheNextRunGivesWhatARunFromNothingGives) {
    const auto& change = changes()[GetParam()];
    SCOPED_TRACE(change.name);
    const FullCity city;
    (void)run_into(city, city.out());
    ASSERT_EQ(first_reason(city), "");
    change.make(city);
    std::string reasons;
    for (const auto& step : status_of(read_project(city.file()), city.out()))
        reasons += step.reason + "\n";
    EXPECT_NE(reasons.find(change.reason), std::string::npos) << reasons;
    EXPECT_GT(run_into(city, city.out()).steps_done, 0U);
    (void)run_into(city, city / "from_nothing");
    auto again = files_of(city.out());
    const auto anew = files_of(city / "from_nothing");
    std::erase_if(again, [&](const auto& file) { return !anew.contains(file.first); });
    EXPECT_EQ(again, anew);
    EXPECT_EQ(run_into(city, city.out()).steps_done, 0U);
}

INSTANTIATE_TEST_SUITE_P(All, Freshness, ::testing::Range(std::size_t{0}, changes().size()));

TEST(Freshness, WhatAnotherProgramCommitsBesideADatabaseIsNew) {
    const FullCity city;
    (void)run_into(city, city.out());
    commit_beside(city / "areas.gpkg", "UPDATE townships SET name = '新名' WHERE code = '11'");
    EXPECT_TRUE(first_reason(city).starts_with("areas.gpkg")) << first_reason(city);
    EXPECT_GT(run_into(city, city.out()).steps_done, 0U);
    EXPECT_NE(test::read_text(city.out() / "9/units.csv").find("新名"), std::string::npos);
    EXPECT_EQ(run_into(city, city.out()).steps_done, 0U);
}

TEST(Freshness, AnInputThatChangesWhileItIsReadFailsTheStepAndIsReadAgain) {
    const FullCity city;
    (void)run_into(city, city.out());
    city.heights(50);
    std::size_t done = 0;
    const auto meddle = [&](const StepStatus& step, double seconds) {
        // Between its end and its record: as if it had been replaced at the last moment.
        if (step.id == "stack height" && seconds < 0)
            done = 1;
    };
    Execution execution{.threads = 1};
    execution.progress = Progress{[&](std::string_view stage, double) {
        if (done == 1 && stage == "height") {
            done = 2;
            city.heights(200);
        }
    }};
    test::expect_error(ErrorKind::input, "dem.tif changed while step 'stack height' read it", [&] {
        (void)run(read_project(city.file()), city.out(), Redo::stale, execution, meddle);
    });
    EXPECT_EQ(done, 2U);
    EXPECT_GT(run_into(city, city.out()).steps_done, 0U);
    (void)run_into(city, city / "from_nothing");
    EXPECT_EQ(files_of(city.out()), files_of(city / "from_nothing"));
}

TEST(Freshness, AProjectThatIsMovedStaysUpToDate) {
    const FullCity city;
    (void)run_into(city, city.out());
    fs::create_directories(city / "moved");
    for (const auto& entry : fs::directory_iterator{city.file().parent_path()})
        if (entry.path().filename() != "moved")
            fs::copy(entry.path(), city / "moved" / entry.path().filename(),
                     fs::copy_options::recursive);
    const auto project = read_project(city / "moved/project.toml");
    for (const auto& step : status_of(project, city / "moved/out"))
        EXPECT_EQ(step.reason, "") << step.id;
}

} // namespace
} // namespace riskmap::run
