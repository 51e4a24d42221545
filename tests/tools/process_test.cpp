// SPDX-License-Identifier: MIT
// The program as a process: streams that are closed or full, inputs that must stay, products that
// others hold open, plans without an answer.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <map>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include <riskmap/core/file.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/vector/layer.hpp>

#include "run/small_city.hpp"
#include "tools/program.hpp"

namespace riskmap::test {
namespace {

namespace fs = std::filesystem;

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST(Process, OutputThatIsLostIsStatusOne) {
    const SmallCity city;
    for (const std::string command : {"init --reference", "--version", "--help", "run --help",
                                      "status project.toml", "status project.toml --json"})
        for (const std::string where : {">/dev/full", ">&-"}) {
            const auto answer = program(command + " " + where, city.file().parent_path());
            EXPECT_EQ(answer.status, 1) << command << where;
            EXPECT_TRUE(holds(answer.error, "standard output cannot be written"))
                << command << where << answer.error;
        }
}

TEST(Process, WhereNobodyHearsItStillAnswersByItsStatus) {
    const SmallCity city;
    for (const std::string where : {"2>/dev/full", "2>&-", "2>&- >&-"}) {
        EXPECT_EQ(program("status nothing.toml " + where, city.file().parent_path()).status, 1);
        EXPECT_EQ(program("nonsense " + where, city.file().parent_path()).status, 2);
    }
    // A closed stream is not taken by the file that is opened next.
    EXPECT_EQ(program("classify depth.tif -o levels.tif 2>&-", city.file().parent_path()).status,
              0);
    EXPECT_EQ(program("check levels.tif", city.file().parent_path()).status, 0);
}

TEST(Process, TheLanguageIsTakenInBothForms) {
    for (const std::string form : {"--lang zh", "--lang=zh"})
        EXPECT_TRUE(holds(program(form + " run --help").out, "运行项目")) << form;
}

TEST(Process, HangingUpIsAStopLikeAnyOther) {
    const SmallCity city;
    const auto answer =
        shell(program_file() +
                  " run project.toml & p=$!; while [ ! -e out/.work/.lock ]; do sleep 0.01; done; "
                  "kill -HUP $p; wait $p",
              city.file().parent_path());
    EXPECT_TRUE(answer.status == 130 || answer.status == 0) << answer.status << answer.error;
    EXPECT_EQ(program("run project.toml -q", city.file().parent_path()).status, 0);
}

TEST(Process, AnOutputNeverReplacesAnInput) {
    const SmallCity city;
    const auto here = city.file().parent_path();
    const auto refused = [&](const std::string& command, const std::string& input) {
        const auto before = sha256_of_file(here / input);
        const auto answer = program(command, here);
        EXPECT_EQ(answer.status, 2) << command;
        EXPECT_TRUE(holds(answer.error, "is one of the inputs")) << command << answer.error;
        EXPECT_EQ(sha256_of_file(here / input), before) << command;
    };
    refused("zonal depth.tif areas.gpkg --layer townships --id code -o areas.gpkg --overwrite",
            "areas.gpkg");
    refused("zonal depth.tif areas.gpkg:townships --id code --output=./areas.gpkg --overwrite",
            "areas.gpkg");
    refused("classify depth.tif -o depth.tif --overwrite", "depth.tif");
    refused("polygonise depth.tif -o depth.tif --overwrite", "depth.tif");
    refused("composite --layer depth.tif:1 --layer wind.tif:1 -o wind.tif --overwrite", "wind.tif");
    // One that is no input is replaced.
    for (int i = 0; i < 2; ++i)
        EXPECT_EQ(program("classify depth.tif -o levels.tif --overwrite", here).status, 0);
}

TEST(Process, ALayerOfAProjectObeysTheFolderWithAllThatItPullsIn) {
    const SmallCity city;
    const Folder outside;
    fs::copy_file(city / "depth.tif", outside / "secret.tif");
    write_text(city / "depth.vrt",
               "<VRTDataset rasterXSize=\"60\" rasterYSize=\"40\"><VRTRasterBand "
               "dataType=\"Float32\" band=\"1\"><SimpleSource><SourceFilename>" +
                   (outside / "secret.tif").string() +
                   "</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>");
    city.write("file = \"depth.tif\"", "file = \"depth.vrt\"");
    const auto answer = program("run project.toml", city.file().parent_path());
    EXPECT_EQ(answer.status, 1);
    EXPECT_TRUE(holds(answer.error, "secret.tif', which leaves the project's folder"))
        << answer.error;
    city.write("[check]", "[shelter]\npeople = \"people.tif\"\nmovers = [\"" +
                              (outside / "secret.tif").string() + ":0.1\"]\n[check]");
    const auto movers = program("status project.toml", city.file().parent_path());
    EXPECT_EQ(movers.status, 1);
    EXPECT_TRUE(holds(movers.error, "leaves the project's folder")) << movers.error;
}

TEST(Process, WholeNumbersAreOfSixtyFourBitsOrRefused) {
    const SmallCity city;
    city.write("[check]", "[uncertainty]\ndraws = 5000000000\n[check]");
    const auto draws = program("status project.toml", city.file().parent_path());
    EXPECT_EQ(draws.status, 1);
    EXPECT_TRUE(holds(draws.error, "draws = 5000000000 is beyond what it can be")) << draws.error;
    city.write("[check]", "[uncertainty]\ndraws = 20\nseed = 5000000000\n[check]");
    EXPECT_EQ(program("run project.toml -q", city.file().parent_path()).status, 0);
    const auto record = nlohmann::json::parse(read_text(city.out() / "run.json"));
    EXPECT_EQ(record.at("steps").at("uncertainty").at("seed"), 5000000000);
}

TEST(Process, CodesThatNameFoldersOfTheRunAreRefused) {
    for (const std::string code : {"atlas", "check", "Forest", "CON", "com1.x"}) {
        const SmallCity city;
        city.write("code = \"9\"", "code = \"" + code + "\"");
        const auto answer = program("run project.toml", city.file().parent_path());
        EXPECT_EQ(answer.status, 1) << code;
        EXPECT_TRUE(holds(answer.error, "cannot name a folder")) << code << answer.error;
    }
}

/// What QGIS leaves beside a product that it holds open: commits that are not in the file yet.
TEST(Process, AProductThatIsOpenElsewhereIsWrittenWhole) {
    const SmallCity city;
    const auto here = city.file().parent_path();
    ASSERT_EQ(program("run project.toml -q", here).status, 0);
    const auto product = city.out() / "9/units.gpkg";
    const std::string hold = "python3 -c \"import os, sqlite3, sys, time\n"
                             "db = sqlite3.connect(sys.argv[1])\n"
                             "db.execute('PRAGMA journal_mode = WAL')\n"
                             "db.execute('CREATE TABLE mine (a)')\n"
                             "db.commit()\n"
                             "open(sys.argv[2], 'w').close()\n"
                             "while os.path.exists(sys.argv[2]): time.sleep(0.01)\n"
                             "assert db.execute('PRAGMA integrity_check').fetchone()[0] == 'ok'\n"
                             "assert db.execute('SELECT count(*) FROM mine').fetchone()[0] == 0\n"
                             "\" '" +
                             product.string() +
                             "' held & p=$!; while [ ! -e held ]; do sleep 0.01; done; ";
    const auto answer = shell(hold + program_file() +
                                  " run project.toml -q; s=$?; rm held; wait "
                                  "$p && exit $s",
                              here);
    EXPECT_EQ(answer.status, 0) << answer.error;
    const auto layer = vector::read_layer(product, "units", vector::Geometry::none);
    EXPECT_EQ(layer.features.size(), 6U);
    EXPECT_EQ(shell("python3 -c \"import sqlite3, sys\n"
                    "db = sqlite3.connect(sys.argv[1])\n"
                    "assert db.execute('PRAGMA integrity_check').fetchone()[0] == 'ok'\n\" '" +
                        product.string() + "'",
                    here)
                  .status,
              0);
}

TEST(Process, LeftoversOfTheDeadGoAndThoseOfTheLivingStay) {
    const SmallCity city;
    fs::create_directories(city.out() / "atlas/sheets/1");
    const auto dead = city.out() / "atlas/sheets/1/.risk_level.part-999999999-1.pdf";
    const auto living =
        city.out() / ("atlas/sheets/1/.risk_level.part-" + std::to_string(getppid()) + "-1.png");
    write_text(dead, "x");
    write_text(living, "x");
    // Another machine may write to the same folder: its processes are not known here.
    const auto elsewhere = city.out() / "atlas/sheets/1/.risk_level.part-999999999-1-0badcafe.png";
    write_text(elsewhere, "x");
    EXPECT_EQ(program("run project.toml -q", city.file().parent_path()).status, 0);
    EXPECT_FALSE(fs::exists(dead));
    EXPECT_TRUE(fs::exists(living));
    EXPECT_TRUE(fs::exists(elsewhere));
}

/// Relative path -> bytes of all files of a folder.
std::map<std::string, std::string> files_below(const fs::path& folder) {
    std::map<std::string, std::string> files;
    if (fs::exists(folder))
        for (const auto& entry : fs::recursive_directory_iterator{folder})
            if (entry.is_regular_file())
                files[entry.path().lexically_relative(folder).string()] = read_text(entry.path());
    return files;
}

bool is_pending(const std::string& name) {
    return name.find(".part-") != std::string::npos;
}

/// Starts `riskmap ARGUMENTS`, parted by blanks.
pid_t start(const std::string& arguments, const fs::path& folder) {
    return start_program(split(arguments, ' '), folder);
}

int wait_for(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST(Process, AKillAtAnyMomentLeavesWholeFilesOrNone) {
    const SmallCity city;
    const auto here = city.file().parent_path();
    ASSERT_EQ(program("run project.toml -q", here).status, 0);
    const std::vector<std::pair<std::string, std::string>> writers{
        {"export out --format gtiff,png,geojson,shp --overwrite -q", "--to"},
        {"atlas out --no-web --dpi 50 -q", "--to"},
        {"stack --like depth.tif --layer wind.tif --layer people.tif --overwrite -q", "-o"}};
    for (const auto& [words, to] : writers) {
        const auto begin = std::chrono::steady_clock::now();
        ASSERT_EQ(program(words + " " + to + " whole", here).status, 0) << words;
        const auto needed = std::chrono::steady_clock::now() - begin;
        const auto whole = files_below(here / "whole");
        EXPECT_GE(whole.size(), 2U) << words;
        for (const int tenths : {1, 3, 5, 6, 7, 8, 9}) {
            const auto child = start(words + " " + to + " killed", here);
            std::this_thread::sleep_for(needed * tenths / 10);
            kill(child, SIGKILL);
            (void)wait_for(child);
            for (const auto& [name, bytes] : files_below(here / "killed"))
                if (!is_pending(name)) {
                    ASSERT_TRUE(whole.contains(name)) << words << name;
                    EXPECT_EQ(bytes == whole.at(name), true) << words << name;
                }
        }
        ASSERT_EQ(program(words + " " + to + " killed", here).status, 0) << words;
        EXPECT_EQ(files_below(here / "killed") == whole, true) << words;
        fs::remove_all(here / "whole");
        fs::remove_all(here / "killed");
    }
}

TEST(Process, WhoIsKilledBesideAnotherWriterHarmsItNot) {
    const SmallCity city;
    const auto here = city.file().parent_path();
    ASSERT_EQ(program("run project.toml -q", here).status, 0);
    const std::string pictures = "export out --format png --overwrite -q --to both";
    const std::string layers = "export out --format geojson,shp --overwrite -q --to both";
    ASSERT_EQ(program(pictures, here).status, 0);
    ASSERT_EQ(program(layers, here).status, 0);
    const auto whole = files_below(here / "both");
    for (const int milliseconds : {20, 60, 120}) {
        fs::remove_all(here / "both");
        const auto stays = start(pictures, here);
        const auto dies = start(layers, here);
        std::this_thread::sleep_for(std::chrono::milliseconds{milliseconds});
        kill(dies, SIGKILL);
        (void)wait_for(dies);
        const auto comes = start(layers, here); // clears up after the dead, not after the living
        EXPECT_EQ(wait_for(stays), 0);
        EXPECT_EQ(wait_for(comes), 0);
        EXPECT_EQ(files_below(here / "both") == whole, true) << milliseconds;
    }
}

/// Runs a command in address spaces from one that is too small for the work, in which not even the
/// libraries find room, to one in which all is done: it is done, or one line says that it is memory
/// that is wanting. `%` in the words is the number of megabytes.
void expect_memory_is_said(const std::string& words, const fs::path& here) {
    bool refused = false;
    bool done = false;
    for (int megabytes = 150; megabytes <= 2500; megabytes += 50) {
        auto command = words;
        for (auto at = command.find('%'); at != std::string::npos; at = command.find('%'))
            command.replace(at, 1, std::to_string(megabytes));
        const auto answer = shell("ulimit -v " + std::to_string(megabytes * 1024) + "; " +
                                      program_file() + " --threads 2 " + command,
                                  here);
        if (answer.status == 127 || holds(answer.error, "error while loading shared libraries"))
            continue;
        done = answer.status == 0;
        if (done)
            break;
        refused = true;
        EXPECT_EQ(answer.status, 1) << command << "\n" << answer.error;
        EXPECT_EQ(std::count(answer.error.begin(), answer.error.end(), '\n'), 1) << command << "\n"
                                                                                 << answer.error;
        EXPECT_TRUE(holds(answer.error, "memory")) << command << "\n" << answer.error;
        for (const auto& [name, bytes] : files_below(here / ("o" + std::to_string(megabytes))))
            EXPECT_FALSE(bytes.empty() && !is_pending(name) && !holds(name, ".lock")) << name;
    }
    EXPECT_TRUE(refused) << words;
    EXPECT_TRUE(done) << words;
}

TEST(Process, TooLittleMemoryIsSaidAsSuch) {
    if (sanitized())
        GTEST_SKIP() << "sanitizers take memory of their own";
    const SmallCity city;
    const auto here = city.file().parent_path();
    expect_memory_is_said("run project.toml -q --out o%", here);
    ASSERT_EQ(program("run project.toml -q --out all", here).status, 0);
    expect_memory_is_said("map depth.tif -o o%/map.png", here);
    expect_memory_is_said("atlas all --to o% --dpi 40 --format png", here);
}

TEST(Process, APlanWithoutAnAnswerIsToldAndTheRunGoesOn) {
    const SmallCity city;
    const auto here = city.file().parent_path();
    const auto points = [](double x, double y, const std::string& fields) {
        return R"({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {)" +
               fields + R"(}, "geometry": {"type": "Point", "coordinates": [)" + std::to_string(x) +
               ", " + std::to_string(y) + "]}}]}";
    };
    const Grid g = grid(SmallCity::columns, SmallCity::rows, 100);
    const auto place = [&](int column, int row) {
        return CrsTransform{g.crs, Crs::parse("EPSG:4490")}.apply(
            std::vector{Point{g.left + column * 100.0, g.top - row * 100.0}})[0];
    };
    const auto village = place(5, 5);
    const auto site = place(50, 35);
    write_text(city / "villages.geojson",
               points(village.x, village.y, R"("name": "村", "population": 300)"));
    write_text(city / "sites.geojson", points(site.x, site.y, R"("id": "C1", "area_m2": 5000)"));
    city.write("[check]", "[shelter]\npeople = \"villages.geojson\"\npeople_field = "
                          "\"population\"\nlimit = \"500m\"\n[shelter.candidates]\nfile = "
                          "\"sites.geojson\"\n[shelter.plan]\nmodel = \"lscp\"\n[check]");
    const auto answer = program("run project.toml", here);
    EXPECT_EQ(answer.status, 0) << answer.error;
    EXPECT_TRUE(holds(answer.error, "shelters: no feasible answer")) << answer.error;
    const auto plan = nlohmann::json::parse(read_text(city.out() / "9/shelter_plan.json"));
    EXPECT_EQ(plan.at("feasible"), false);
    EXPECT_TRUE(fs::exists(city.out() / "9/risk_level.tif"));
    // It is not tried again before something changes.
    EXPECT_TRUE(holds(program("status project.toml --json", here).out, "\"stale\": 0") ||
                !holds(program("status project.toml", here).out, "missing"));
    // A site that the village reaches is an answer.
    const auto near = place(6, 5);
    write_text(city / "sites.geojson", points(near.x, near.y, R"("id": "C1", "area_m2": 5000)"));
    EXPECT_EQ(program("run project.toml -q", here).status, 0);
    EXPECT_TRUE(fs::exists(city.out() / "9/shelter_plan.gpkg"));
}

} // namespace
} // namespace riskmap::test
