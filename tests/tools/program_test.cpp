// SPDX-License-Identifier: MIT
#include <csignal>
#include <thread>

#include <nlohmann/json.hpp>
#include <sys/types.h>
#include <unistd.h>

#include "program.hpp"
#include "run/small_city.hpp"

namespace riskmap::test {
namespace {

void expect_refused(const std::string& arguments, int status, const std::string& part,
                    const std::filesystem::path& folder = RISKMAP_SOURCE_DIR) {
    const auto answer = program(arguments, folder);
    EXPECT_EQ(answer.status, status) << arguments << "\n" << answer.error;
    EXPECT_NE(answer.error.find(part), std::string::npos) << arguments << "\n" << answer.error;
    EXPECT_EQ(std::count(answer.error.begin(), answer.error.end(), '\n'), 1) << answer.error;
    EXPECT_TRUE(answer.out.empty()) << answer.out;
}

TEST(Program, Teaches) {
    const auto help = program("--help");
    EXPECT_EQ(help.status, 0);
    for (const char* command :
         {"init",  "run",        "status",  "check",     "stack",    "composite", "classify",
          "zonal", "polygonise", "zones",   "viewshed",  "coverage", "cameras",   "townships",
          "water", "shelters",   "reach",   "isolation", "siting",   "export",    "risk",
          "map",   "atlas",      "compare", "styles",    "check",    "ingest"}) {
        EXPECT_NE(help.out.find(command), std::string::npos) << command;
        const auto own = program(std::string{command} + " --help");
        EXPECT_EQ(own.status, 0);
        EXPECT_NE(own.out.find("riskmap " + std::string{command}), std::string::npos) << own.out;
        EXPECT_NE(own.out.find("Example"), std::string::npos) << command;
    }
    EXPECT_NE(program("--lang zh --help").out.find("综合风险图"), std::string::npos);
    EXPECT_EQ(program("--version").out.substr(0, 8), "riskmap ");
}

TEST(Program, RefusesWrongUseInOneLine) {
    expect_refused("compsite x", 2, "did you mean 'riskmap composite'");
    expect_refused("", 2, "riskmap --help");
    expect_refused("classify", 2, "riskmap classify --help");
    expect_refused("classify data/shaoxing/wind_50yr_003d.tif -o /tmp/never.tif --method quantil",
                   2, "did you mean 'quantile'");
    expect_refused("run data/shaoxing/project.toml --treads 2", 2, "--treads");
    expect_refused("--threads 0 status data/shaoxing/project.toml", 2, "threads");
    expect_refused("--memory much status data/shaoxing/project.toml", 2, "memory");
    expect_refused("run no/such.toml", 1, "no such file");
}

TEST(Classify, PrintsItsBreaksAsJson) {
    const Folder folder;
    write_raster(folder / "a.tif", *ascii(5, "1 1 2 7 8 . 9 20 21 22"));
    const auto answer = program(
        "classify a.tif -o c.tif --method natural-breaks --classes 3 --json", folder.path());
    ASSERT_EQ(answer.status, 0) << answer.error;
    const auto json = nlohmann::json::parse(answer.out);
    EXPECT_EQ(json.at("breaks"), nlohmann::json::parse("[2.0,9.0,22.0]"));
    EXPECT_EQ(json.at("accounts").at(0).at("layer"), "a.tif");
    const raster::Reader classes{folder / "c.tif"};
    EXPECT_EQ(classes.type_name(), "Byte");
    EXPECT_EQ(classes.read(Window{0, 0, 5, 1}), (std::vector<double>{1, 1, 1, 2, 2}));
    EXPECT_TRUE(std::isnan(classes.read(Window{0, 1, 1, 1})[0]));
    expect_refused("classify a.tif -o c.tif", 1, "exists already", folder.path());
    EXPECT_EQ(program("classify a.tif -o c.tif --overwrite", folder.path()).status, 0);
    write_raster(folder / "none.tif", *ascii(2, ". ."));
    expect_refused("classify none.tif -o n.tif", 1, "no cell with data", folder.path());
    EXPECT_FALSE(std::filesystem::exists(folder / "n.tif"));
    expect_refused("classify a.tif -o /proc/c.tif", 1, "cannot write", folder.path());
}

TEST(Composite, WeighsNormalisesAndCutsInOnePass) {
    const Folder folder;
    write_raster(folder / "a b.tif", *ascii(3, "0 5 10"));
    write_raster(folder / "c.tif", *ascii(3, "4 2 ."));
    const auto answer = program("composite --layer 'a b.tif weight=3 normalise=linear:0:10' "
                                "--layer 'c.tif weight=1 normalise=linear:0:4 invert' -o o.tif "
                                "--levels fixed:0.2,0.4 --levels-out l.tif",
                                folder.path());
    ASSERT_EQ(answer.status, 0) << answer.error;
    const auto values = raster::Reader{folder / "o.tif"}.read(Window{0, 0, 3, 1});
    EXPECT_NEAR(values[0], 0, 1e-7);
    EXPECT_NEAR(values[1], 0.75 * 0.5 + 0.25 * 0.5, 1e-7);
    EXPECT_TRUE(std::isnan(values[2]));
    const auto levels = raster::Reader{folder / "l.tif"}.read(Window{0, 0, 3, 1});
    EXPECT_EQ(levels[0], 1);
    EXPECT_EQ(levels[1], 3);
    EXPECT_TRUE(std::isnan(levels[2]));
    write_raster(folder / "other.tif", *ascii(2, "1 2"));
    expect_refused("composite --layer 'c.tif' --layer other.tif -o x.tif", 1, "different grids",
                   folder.path());
    expect_refused("composite --layer 'c.tif weight=0' -o x.tif", 1, "sum to zero", folder.path());
    expect_refused("composite --layer 'c.tif weight=-1' -o x.tif", 1, "must be 0 or more",
                   folder.path());
    expect_refused("composite --layer 'c.tif wait=1' -o x.tif", 2, "unknown word", folder.path());
    EXPECT_FALSE(std::filesystem::exists(folder / "x.tif"));
}

TEST(Composite, WritesLevelsAlone) {
    const Folder folder;
    write_raster(folder / "a.tif", *ascii(3, "0 5 10"));
    const std::string layer = "composite --layer 'a.tif normalise=linear:0:10' ";
    const auto answer = program(layer + "--levels fixed:0.2,0.6 --levels-out l.tif", folder.path());
    ASSERT_EQ(answer.status, 0) << answer.error;
    EXPECT_EQ(raster::Reader{folder / "l.tif"}.read(Window{0, 0, 3, 1}),
              (std::vector<double>{1, 2, 3}));
    expect_refused(layer, 2, "nothing to write", folder.path());
    expect_refused(layer + "--levels quantile --levels-out m.tif", 2, "give -o FILE",
                   folder.path());
    write_raster(folder / "large.tif",
                 raster::InMemory{grid(600, 600), std::vector<double>(360000, 1)});
    expect_refused("composite --layer large.tif -o x.tif --memory 1M", 1, "give --memory 5M",
                   folder.path());
    EXPECT_FALSE(std::filesystem::exists(folder / "x.tif"));
}

TEST(Polygonise, WritesClassesAndPatches) {
    const Folder folder;
    write_raster(folder / "c.tif", *ascii(4, "1 1 2 2\n1 3 . 2\n1 1 1 2\n", 100));
    ASSERT_EQ(program("polygonise c.tif -o c.gpkg", folder.path()).status, 0);
    const auto classes = vector::read_layer(folder / "c.gpkg");
    ASSERT_EQ(classes.features.size(), 3U);
    EXPECT_EQ(classes.features[0].values[0], vector::Value{std::int64_t{1}});
    // Cells of a hectare, east of the meridian by 50 km.
    EXPECT_NEAR(vector::number_of(classes.features[0].values[classes.field("area_m2")]).value(),
                6e4, 10);
    ASSERT_EQ(program("polygonise c.tif --sieve 2 --patches -o p.geojson", folder.path()).status,
              0);
    EXPECT_EQ(vector::read_layer(folder / "p.geojson").features.size(), 2U);
    expect_refused("polygonise c.tif --sieve 0 -o q.gpkg", 2, "sieve", folder.path());
    write_raster(folder / "f.tif", *ascii(2, "1.5 2"));
    expect_refused("polygonise f.tif -o q.gpkg", 1, "whole numbers", folder.path());
    write_raster(folder / "n.tif", *ascii(2, ". ."));
    expect_refused("polygonise n.tif -o q.gpkg", 1, "no cell with data", folder.path());
    EXPECT_FALSE(std::filesystem::exists(folder / "q.gpkg"));
}

TEST(Zonal, TakesSeveralRasters) {
    const Folder folder;
    const auto values = ascii(2, "1 3\n. 9\n", 100);
    write_raster(folder / "v.tif", *values);
    write_raster(folder / "w.tif", *ascii(2, "10 30\n40 .\n", 100));
    vector::Layer zones;
    zones.name = "z";
    zones.crs = values->grid().crs;
    zones.fields = {{"id", vector::FieldType::text}};
    zones.features = {{{std::string{"a"}}, {{}, {}, rectangle(values->grid(), 0, 0, 2, 2)}}};
    vector::write_layer(folder / "z.gpkg", zones);
    const auto answer =
        program("zonal v.tif z.gpkg --id id --stats sum,max --also w.tif -o o.csv", folder.path());
    ASSERT_EQ(answer.status, 0) << answer.error;
    EXPECT_EQ(read_text(folder / "o.csv"), "id,v_sum,v_max,w_sum,w_max\na,13,9,80,40\n");
    expect_refused("zonal v.tif z.gpkg --id id --also v.tif -o p.csv", 2, "two rasters",
                   folder.path());
    write_raster(folder / "x.tif", *ascii(3, "1 2 3"));
    expect_refused("zonal v.tif z.gpkg --id id --also x.tif -o p.csv", 1, "another grid",
                   folder.path());
}

TEST(Zonal, WritesExactFigures) {
    const Folder folder;
    const auto values = ascii(2, "1 3\n. 9\n", 100);
    write_raster(folder / "v.tif", *values);
    vector::Layer zones;
    zones.name = "z";
    zones.crs = values->grid().crs;
    zones.fields = {{"id", vector::FieldType::text}};
    zones.features = {{{std::string{"甲"}}, {{}, {}, rectangle(values->grid(), 0.5, 0, 2, 1.5)}},
                      {{std::string{"乙"}}, {{}, {}, rectangle(values->grid(), 0, 1, 1, 2)}}};
    vector::write_layer(folder / "z.gpkg", zones);
    const auto answer =
        program("zonal v.tif z.gpkg --layer z --id id --stats count,sum,mean,quantile:0.9 -o o.csv",
                folder.path());
    ASSERT_EQ(answer.status, 0) << answer.error;
    EXPECT_EQ(read_text(folder / "o.csv").substr(0, 22), "id,count,sum,mean,q90\n");
    EXPECT_NE(read_text(folder / "o.csv").find("甲,2,8,4,"), std::string::npos)
        << read_text(folder / "o.csv");
    EXPECT_NE(read_text(folder / "o.csv").find("乙,0,,,\n"),
              std::string::npos); // no data, not zero
    EXPECT_EQ(program("zonal v.tif z.gpkg --id id --stats mean -o o.geojson", folder.path()).status,
              0);
    expect_refused("zonal v.tif z.gpkg --id it -o p.csv", 1, "did you mean 'id'", folder.path());
    expect_refused("zonal v.tif z.gpkg --id id --stats mode -o p.csv", 2, "unknown statistic",
                   folder.path());
}

TEST(Zones, AnswerInJsonAndInAGeoPackage) {
    const SmallCity city;
    auto layer = vector::read_layer(city / "areas.gpkg", "townships");
    layer.fields.push_back({"risk", vector::FieldType::real});
    layer.fields.push_back({"people", vector::FieldType::real});
    const double risk[] = {1, 1.1, 5, 1, 5.2, 5.1};
    for (std::size_t i = 0; i < 6; ++i) {
        layer.features[i].values.emplace_back(risk[i]);
        layer.features[i].values.emplace_back(10.0);
    }
    vector::write_layer(city / "u.gpkg", layer);
    const auto answer =
        program("zones u.gpkg --id code --attributes risk --k 2 --floor people:20 -o z.gpkg --json",
                city.file().parent_path());
    ASSERT_EQ(answer.status, 0) << answer.error;
    const auto json = nlohmann::json::parse(answer.out);
    EXPECT_EQ(json["k"], 2);
    EXPECT_EQ(json["zones"]["11"], json["zones"]["21"]);
    EXPECT_EQ(json["zones"]["13"], json["zones"]["23"]);
    EXPECT_NE(json["zones"]["11"], json["zones"]["13"]);
    EXPECT_GT(json["geodetector"]["risk"]["q"], 0.9);
    EXPECT_EQ(vector::layer_names(city / "z.gpkg"), (std::vector<std::string>{"units", "zones"}));
    expect_refused("zones u.gpkg --id code --attributes risk --k 4 --floor people:20 -o y.gpkg", 4,
                   "regions that keep the floor of 20", city.file().parent_path());
    expect_refused("zones u.gpkg --id code --attributes rusk --k 2 -o y.gpkg", 1,
                   "did you mean 'risk'", city.file().parent_path());
}

TEST(Stack, PrintsItsTableAndKeepsCounts) {
    const Folder folder;
    write_raster(folder / "people.tif", *ascii(3, "1 2 3 4 5 6", 100));
    write_raster(folder / "like.tif", *ascii(2, "1 1 1 1", 150));
    const auto answer =
        program("stack --like like.tif --layer 'people.tif kind=counts' -o out", folder.path());
    ASSERT_EQ(answer.status, 0) << answer.error;
    EXPECT_NE(answer.out.find("split by area, total kept"), std::string::npos) << answer.out;
    double sum = 0;
    for (const double v : raster::Reader{folder / "out/people.tif"}.read(Window{0, 0, 2, 2}))
        sum += std::isnan(v) ? 0 : v;
    EXPECT_NEAR(sum, 21, 21e-9);
    expect_refused("stack --layer people.tif -o out2", 2, "--like", folder.path());
}

TEST(Run, TellsItsStateAndItsSummaryInJson) {
    const SmallCity city;
    const auto folder = city.file().parent_path();
    const auto dry = program("run project.toml --dry-run", folder);
    EXPECT_EQ(dry.status, 0) << dry.error;
    EXPECT_NE(dry.out.find("never done"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(city.out()));
    const auto done = program("run project.toml --json --threads 2", folder);
    ASSERT_EQ(done.status, 0) << done.error;
    EXPECT_TRUE(done.error.empty()) << done.error; // silent in a pipe
    EXPECT_EQ(nlohmann::json::parse(done.out)["areas"].size(), 3U);
    const auto status = program("status project.toml", folder);
    EXPECT_EQ(status.out.find("to do"), std::string::npos) << status.out;
    EXPECT_EQ(program("run project.toml -q", folder).out, "");
    EXPECT_EQ(program("run project.toml --out /proc/x", folder).status, 1);
    const auto exported = program("export out --format png,geojson --to web", folder);
    EXPECT_EQ(exported.status, 0) << exported.error;
    EXPECT_TRUE(std::filesystem::exists(city / "web/9/composite_risk.png"));
}

TEST(Map, DrawsOfRunsRastersAndLayers) {
    const SmallCity city;
    const auto folder = city.file().parent_path();
    ASSERT_EQ(program("run project.toml -q", folder).status, 0);
    const auto list = program("map out --list --area 西县", folder);
    EXPECT_NE(list.out.find("risk_level\n"), std::string::npos) << list.out << list.error;
    const auto drawn =
        program("--json map out --area 1 --map risk_level --dpi 50 -o a.pdf -o a.png", folder);
    ASSERT_EQ(drawn.status, 0) << drawn.error;
    EXPECT_GE(nlohmann::json::parse(drawn.out)["scale"], 10000);
    EXPECT_TRUE(std::filesystem::exists(city / "a.png"));
    const auto plain = program("map depth.tif --borders areas.gpkg:townships --names name "
                               "--height wind.tif --note Source=here --dpi 50 -o b.pdf",
                               folder);
    EXPECT_EQ(plain.status, 0) << plain.error;
    const auto text = shell("pdftotext b.pdf -", folder);
    EXPECT_NE(text.out.find("乡12"), std::string::npos) << text.out;
    EXPECT_NE(text.out.find("Source: here"), std::string::npos) << text.out;
    EXPECT_EQ(program("map areas.gpkg:counties --names name --dpi 50 -o c.svg", folder).status, 0);

    expect_refused("map out --area 西 --map risk_level -o x.pdf", 1, "known:", folder);
    expect_refused("map out --map risk_levl -o x.pdf", 1, "did you mean 'risk_level'", folder);
    expect_refused("map out --map risk_level", 2, "no file to write", folder);
    expect_refused("map out -o x.pdf", 2, "--list tells the names", folder);
    expect_refused("map out --map risk_level -o a.pdf", 1, "--overwrite", folder);
    expect_refused("map out --map risk_level -o x.pdf --paper B4", 2, "A4", folder);
    expect_refused("map out --map risk_level -o x.pdf --palette pink", 2, "standard", folder);
    expect_refused("map out --map risk_level -o x.pdf --dpi 5", 2, "20 to 1200", folder);
    expect_refused("map depth.tif -o x.png --dpi 0", 2, "20 to 1200", folder);
    expect_refused("map depth.tif -o x.bmp", 2, ".png, .pdf or .svg", folder);
    expect_refused("map depth.tif -o x.pdf --style riks", 2, "did you mean 'risk'", folder);
    expect_refused("map depth.tif -o x.pdf --note here", 2, "NAME=TEXT", folder);
    expect_refused("map depth.tif -o x.pdf --names name", 2, "--borders", folder);
    expect_refused("map areas.gpkg:contis -o x.pdf", 1, "contis", folder);
    expect_refused("map nothing.tif -o x.pdf", 1, "nothing.tif", folder);
    write_text(folder / "empty.geojson", R"({"type":"FeatureCollection","features":[]})");
    expect_refused("map empty.geojson -o x.pdf", 1, "nothing to draw", folder);
    EXPECT_FALSE(std::filesystem::exists(city / "x.pdf"));
}

TEST(Map, NamesThePackageWhereFontsAreMissing) {
    const SmallCity city;
    const auto folder = city.file().parent_path();
    std::filesystem::create_directories(folder / "none");
    write_text(folder / "fonts.conf", "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM "
                                      "\"fonts.dtd\"><fontconfig><dir>" +
                                          (folder / "none").string() + "</dir></fontconfig>");
    const auto answer = shell("FONTCONFIG_FILE=" + (folder / "fonts.conf").string() + " " +
                                  program_file() + " map depth.tif -o x.pdf",
                              folder);
    EXPECT_EQ(answer.status, 1);
    EXPECT_NE(answer.error.find("fonts-noto-cjk"), std::string::npos) << answer.error;
    EXPECT_FALSE(std::filesystem::exists(city / "x.pdf"));
}

TEST(Atlas, IsMadeOfAFolderInAnotherLanguage) {
    const SmallCity city;
    const auto folder = city.file().parent_path();
    ASSERT_EQ(program("run project.toml -q", folder).status, 0);
    const auto made = program(
        "--lang en --json atlas out --to en --area 2 --no-web --no-report --dpi 50", folder);
    ASSERT_EQ(made.status, 0) << made.error;
    const auto json = nlohmann::json::parse(made.out);
    EXPECT_EQ(json["sheets"].size(), 7U);
    const auto text = shell("pdftotext en/sheets/2/risk_level.pdf -", folder);
    EXPECT_NE(text.out.find("upper middle"), std::string::npos) << text.out;
    expect_refused("atlas out --format tif", 2, "pdf, png, svg", folder);
    expect_refused("atlas areas.gpkg", 1, "holds no run.json", folder);
    expect_refused("atlas out --area 7", 1, "no area '7'", folder);
    expect_refused("compare out out --to c --paper A9", 2, "A4", folder);
    expect_refused("risk project.toml --draws 1", 2, "two or more", folder);
    std::filesystem::remove(city / "out/9/units.gpkg");
    expect_refused("atlas out", 1, "units.gpkg", folder);
}

TEST(Styles, AreListedAndWritten) {
    const Folder folder;
    EXPECT_NE(program("styles").out.find("hazard_flood"), std::string::npos);
    const auto answer = program("styles risk surface --to s --format sld,clr,qml", folder.path());
    EXPECT_EQ(answer.status, 0) << answer.error;
    EXPECT_TRUE(std::filesystem::exists(folder / "s/risk.clr"));
    EXPECT_TRUE(std::filesystem::exists(folder / "s/surface.sld"));
    EXPECT_FALSE(std::filesystem::exists(folder / "s/surface.clr")); // whole numbers only
    expect_refused("styles risk", 2, "--to", folder.path());
    expect_refused("styles riks --to s", 2, "did you mean 'risk'", folder.path());
    expect_refused("styles --to s --format sdl", 2, "did you mean 'sld'", folder.path());
}

TEST(Run, SurvivesAKillAtAnyMoment) {
    const SmallCity city;
    for (const int milliseconds : {15, 60, 150, 300}) {
        const pid_t child = fork();
        if (child == 0) {
            execl(program_file().c_str(), "riskmap", "run", city.file().c_str(), "-q", "--force",
                  nullptr);
            _exit(127);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{milliseconds});
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        // Whatever stands under its own name is whole.
        if (std::filesystem::exists(city.out()))
            for (const auto& entry : std::filesystem::recursive_directory_iterator{city.out()}) {
                const auto name = entry.path().filename().string();
                if (entry.path().extension() == ".tif" && !name.starts_with('.')) {
                    const raster::Reader reader{entry.path()};
                    EXPECT_EQ(reader.read(reader.grid().window()).size(),
                              reader.grid().window().size());
                }
                if (entry.path().extension() == ".gpkg" && !name.starts_with('.')) {
                    EXPECT_FALSE(vector::layer_names(entry.path()).empty());
                }
            }
    }
    EXPECT_EQ(program("run project.toml -q", city.file().parent_path()).status, 0);
    EXPECT_EQ(program("status project.toml", city.file().parent_path()).out.find("to do"),
              std::string::npos);
    for (const auto& entry : std::filesystem::recursive_directory_iterator{city.out()})
        EXPECT_EQ(entry.path().filename().string().find(".part-"), std::string::npos)
            << entry.path();
}

TEST(Run, StopsOnCtrlC) {
    const SmallCity city;
    const pid_t child = fork();
    if (child == 0) {
        (void)!freopen("/dev/null", "w", stderr);
        execl(program_file().c_str(), "riskmap", "run",
              RISKMAP_SOURCE_DIR "/data/shaoxing/project.toml", "--out", city.out().c_str(), "-q",
              nullptr);
        _exit(127);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{700});
    kill(child, SIGINT);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 130);
    for (const auto& entry : std::filesystem::recursive_directory_iterator{city.out()})
        EXPECT_EQ(entry.path().filename().string().find(".part-"), std::string::npos)
            << entry.path();
}

TEST(Run, TellsOfAFullDiskAndLeavesNoHalfFile) {
    const SmallCity city;
    const auto folder = city.file().parent_path();
    // No file may grow beyond a few kilobytes: every write fails as on a full disk.
    const auto answer = shell("ulimit -f 2; " + program_file() + " run project.toml", folder);
    EXPECT_EQ(answer.status, 1);
    EXPECT_NE(answer.error.find("cannot write"), std::string::npos) << answer.error;
    EXPECT_EQ(std::count(answer.error.begin(), answer.error.end(), '\n'), 1) << answer.error;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{city.out()})
        if (entry.is_regular_file()) {
            EXPECT_EQ(entry.path().filename().string().find(".part-"), std::string::npos);
        }
    EXPECT_EQ(program("run project.toml -q", folder).status, 0); // once there is room again
}

TEST(Init, WritesATemplateOnce) {
    const Folder folder;
    EXPECT_EQ(program("init", folder.path()).status, 0);
    EXPECT_NE(read_text(folder / "project.toml").find("[[hazard]]"), std::string::npos);
    expect_refused("init", 1, "exists already", folder.path());
    EXPECT_EQ(program("init --reference", folder.path()).out,
              read_text(RISKMAP_SOURCE_DIR "/docs/project-file.md"));
}

const std::string shaoxing = " --forest data/shaoxing/landcover_60m.tif:30"
                             " --existing data/shaoxing/census.gpkg:cameras_existing"
                             " --candidates data/shaoxing/census.gpkg:camera_candidates ";

TEST(Viewshed, WritesSeenHiddenAndNodataOnTheGridOfTheHeights) {
    const Folder folder;
    write_raster(folder / "dem.tif", *ascii(7, "0 0 0 9 0 0 .", 10));
    const auto answer =
        program("viewshed dem.tif -o out.tif --at 550005,3300005 --mast 2 --target 1 "
                "--range 1000 --refraction 0.142857 --method fast --threads 2",
                folder.path());
    ASSERT_EQ(answer.status, 0) << answer.error;
    const raster::Reader out{folder / "out.tif"};
    EXPECT_EQ(out.type_name(), "Byte");
    EXPECT_TRUE(out.declares_nodata());
    const auto cells = out.read(out.grid().window());
    EXPECT_EQ((std::vector<double>{cells.begin(), cells.begin() + 6}),
              (std::vector<double>{1, 1, 1, 1, 0, 0}));
    EXPECT_TRUE(std::isnan(cells[6]));
}

TEST(Viewshed, RefusesInOneLine) {
    const Folder folder;
    write_raster(folder / "dem.tif", *ascii(3, "1 2 . 4 5 6", 10));
    const auto refuse = [&](const std::string& more, int status, const std::string& part) {
        expect_refused("viewshed dem.tif -o out.tif " + more, status, part, folder.path());
        EXPECT_FALSE(std::filesystem::exists(folder / "out.tif"));
    };
    refuse("--at 1,2", 1, "outside the height model");
    refuse("--at 550025,3300015", 1, "without data");
    refuse("--at here", 2, "pair of numbers");
    refuse("--at 550005,3300005 --mast -3", 1, "mast of -3");
    refuse("--at 550005,3300005 --range 3", 1, "shorter than a cell");
}

TEST(Viewshed, WarnsOfHeightsInFeet) {
    const Folder folder;
    raster::RasterSpec spec;
    spec.unit = "ft";
    const auto source = ascii(3, "1 2 3 4 5 6", 10);
    raster::Writer writer{folder / "dem.tif", source->grid(), spec};
    writer.write(source->grid().window(), source->read(source->grid().window()));
    writer.commit();
    const auto answer = program("viewshed dem.tif -o out.tif --at 550005,3300005", folder.path());
    EXPECT_EQ(answer.status, 0);
    EXPECT_NE(answer.error.find("in ft, brought to m by 0.3048"), std::string::npos)
        << answer.error;
}

TEST(Coverage, ReportsTotalsCamerasAndUnits) {
    const Folder folder;
    const auto report = folder / "r.json";
    const auto answer = program(
        "coverage data/shaoxing/terrain_60m.tif --forest data/shaoxing/landcover_60m.tif:30 "
        "--cameras data/shaoxing/census.gpkg:cameras_existing "
        "--units data/shaoxing/census.gpkg:townships:code --target 0,20 -o " +
        (folder / "count.tif").string() + " --seen " + (folder / "seen.tif").string() + " --gpkg " +
        (folder / "c.gpkg").string() + " --csv " + (folder / "c.csv").string() + " --report " +
        report.string());
    ASSERT_EQ(answer.status, 0) << answer.error;
    const auto json = nlohmann::json::parse(read_text(report));
    EXPECT_EQ(json["cameras"].size(), 22U);
    EXPECT_EQ(json["units"].size(), 103U);
    EXPECT_EQ(json["targets"].size(), 2U);
    EXPECT_NEAR(json["share"].get<double>(),
                json["seen_area_m2"].get<double>() / json["forest_area_m2"].get<double>(), 1e-12);
    EXPECT_GT(json["targets"][1]["share"], json["targets"][0]["share"]);
    // The raster says the same, cell by cell.
    const raster::Reader count{folder / "count.tif"};
    const CellAreas areas{count.grid()};
    const auto cells = count.read(count.grid().window());
    double seen = 0;
    for (std::int64_t r = 0; r < count.grid().rows; ++r)
        for (std::int64_t c = 0; c < count.grid().columns; ++c)
            if (cells[static_cast<std::size_t>(r * count.grid().columns + c)] > 0)
                seen += areas.at(c, r);
    EXPECT_NEAR(seen, json["seen_area_m2"].get<double>(), 1e-6 * seen);
    EXPECT_EQ(vector::layer_names(folder / "c.gpkg"),
              (std::vector<std::string>{"cameras", "townships", "blind_forest", "layer_styles"}));
}

TEST(Cameras, ReachesHalfOfTheForestWithAProvenBound) {
    const Folder folder;
    const auto plan = (folder / "plan.gpkg").string();
    const auto report = (folder / "r.json").string();
    const auto answer = program("cameras data/shaoxing/terrain_60m.tif" + shaoxing +
                                "--goal 0.5 -o " + plan + " --report " + report);
    ASSERT_EQ(answer.status, 0) << answer.error;
    const auto json = nlohmann::json::parse(read_text(report));
    EXPECT_GE(json["share"], 0.5);
    EXPECT_LT(json["before"]["share"], 0.5);
    EXPECT_LE(json["gap"], 0.01);
    EXPECT_EQ(json["curve"].size(), json["sites"].size() + 1);
    EXPECT_LE(json["bound"], json["sites"].size());
    for (const char* suffix : {"plan_count.tif", "plan_curve.csv", "plan_curve.svg"})
        EXPECT_TRUE(std::filesystem::exists(folder / suffix)) << suffix;
    // The same plan for any number of threads.
    const auto one = program("cameras data/shaoxing/terrain_60m.tif" + shaoxing +
                             "--goal 0.5 --overwrite --threads 1 -o " + plan + " --json");
    EXPECT_EQ(nlohmann::json::parse(one.out), json);
}

TEST(Cameras, RefusesInOneLine) {
    const std::string dem = "cameras data/shaoxing/terrain_60m.tif";
    expect_refused(dem + shaoxing + "-o /tmp/never.gpkg", 2, "--goal SHARE");
    expect_refused(dem + shaoxing + "--goal 0.5 -o /tmp/never.tif", 2, ".gpkg");
    expect_refused(dem + shaoxing + "--goal 0.99 -o /tmp/never.gpkg", 4, "out of reach");
    expect_refused(dem + " --forest data/shaoxing/landcover_60m.tif:77 --find --goal 0.5 "
                         "-o /tmp/never.gpkg",
                   1, "no forest");
    expect_refused(dem + " --forest data/shaoxing/landcover_60m.tif:30 --goal 0.5 "
                         "-o /tmp/never.gpkg",
                   2, "--find");
    expect_refused(dem + " --forest data/shaoxing/landcover_60m.tif:30 "
                         "--candidates data/shaoxing/census.gpkg:roads --goal 0.5 "
                         "-o /tmp/never.gpkg",
                   1, "not one point");
    expect_refused(dem + " --forest data/shaoxing/landcover_60m.tif --find --goal 0.5 "
                         "-o /tmp/never.gpkg",
                   1, "LANDCOVER.tif:30");
    expect_refused(dem + " --forest data/shaoxing/landcover_60m.tif:30 --find --spacing 0 "
                         "--goal 0.5 -o /tmp/never.gpkg",
                   1, "a spacing of 0 m");
}

/// A village street with three villages, a shelter at its west end and two places for more.
class SmallTown {
  public:
    SmallTown() {
        const auto crs = Crs::parse("EPSG:4549");
        vector::Layer villages{
            "villages",
            crs,
            {{"id", vector::FieldType::text}, {"people", vector::FieldType::real}},
            {}};
        for (const auto& [id, x, people] :
             {std::tuple{"a", 0.0, 10.0}, {"b", 2000.0, 20.0}, {"c", 4000.0, 30.0}})
            villages.features.push_back(
                {{std::string{id}, people}, {{{550000 + x, 3300050}}, {}, {}}});
        auto sites = villages;
        sites.name = "existing";
        sites.fields = {{"id", vector::FieldType::text},
                        {"township", vector::FieldType::text},
                        {"capacity", vector::FieldType::text},
                        {"cost", vector::FieldType::real}};
        const auto place = [&](const char* id, double x) {
            return vector::Feature{{std::string{id}, std::string{"镇"}, std::string{"25"}, 5.0},
                                   {{{550000 + x, 3300000}}, {}, {}}};
        };
        sites.features = {place("E", 100)};
        auto candidates = sites;
        candidates.name = "candidates";
        candidates.features = {place("C1", 2100), place("C2", 3900), place("<b>", 9000)};
        vector::Layer roads{"roads", crs, {{"floods", vector::FieldType::integer}}, {}};
        roads.features.push_back(
            {{std::int64_t{1}}, {{}, {{{550000, 3300000}, {553000, 3300000}}}, {}}});
        roads.features.push_back(
            {{std::int64_t{0}}, {{}, {{{553000, 3300000}, {554000, 3300000}}}, {}}});
        const std::vector<vector::Product> all{{&villages}, {&sites}, {&candidates}, {&roads}};
        vector::write_geopackage(folder / "town.gpkg", all);
        write_text(folder / "quota.csv", "group,least\n镇,5\n");
    }
    [[nodiscard]] std::string plan(const std::string& more) const {
        return "shelters plan --demand town.gpkg:villages:people --existing town.gpkg:existing "
               "--candidates town.gpkg:candidates -o plan.gpkg " +
               more;
    }
    Folder folder;
};

TEST(Shelters, PlanAndEvaluateAlongRoads) {
    const SmallTown town;
    const auto& path = town.folder.path();
    const auto today = program("shelters evaluate --demand town.gpkg:villages:people "
                               "--existing town.gpkg:existing --roads town.gpkg:roads "
                               "--limit 500m -o today.gpkg --json",
                               path);
    ASSERT_EQ(today.status, 0) << today.error;
    const auto now = nlohmann::json::parse(today.out);
    EXPECT_EQ(now["people"], 60);
    EXPECT_EQ(now["served"], 10);
    // 50 m to the street and 100 m along it, or straight across.
    EXPECT_NEAR(now["worst_cost"], 1.3 * std::hypot(50, 100), 1e-6);
    EXPECT_EQ(now["out_of_reach"]["too_far"], 50);
    const auto planned = program(
        town.plan("--roads town.gpkg:roads --limit 500m --sites 1 --report plan.json"), path);
    ASSERT_EQ(planned.status, 0) << planned.error;
    const auto plan = nlohmann::json::parse(read_text(path / "plan.json"));
    EXPECT_EQ(plan["status"], "optimal");
    EXPECT_EQ(plan["sites"][0]["id"], "C2");
    EXPECT_EQ(plan["newly_served"], 30);
    EXPECT_EQ(plan["remarks"][0], "1 shelters and candidates have no road within 1000 m");
    for (const char* file : {"plan.gpkg", "plan_curve.csv", "plan_curve.svg"})
        EXPECT_TRUE(std::filesystem::exists(path / file)) << file;
    const auto sites = vector::read_layer(path / "plan.gpkg", "sites");
    EXPECT_EQ(vector::text_of(sites.features[0].values[sites.field("id")]), "C2");
    const auto timed = program(town.plan("--limit 4min --sites 2 --overwrite --json"), path);
    ASSERT_EQ(timed.status, 0) << timed.error;
    EXPECT_EQ(nlohmann::json::parse(timed.out)["newly_served"], 50);
    EXPECT_NE(timed.error.find("straight lines times 1.3"), std::string::npos);
}

TEST(Shelters, RefuseBadInputInOneLine) {
    const SmallTown town;
    const auto& path = town.folder.path();
    const auto refuse = [&](const std::string& more, int status, const std::string& part) {
        expect_refused("-q " + town.plan(more), status, part, path);
        EXPECT_FALSE(std::filesystem::exists(path / "plan.gpkg")) << more;
    };
    refuse("--limit 1500 --sites 1", 2, "give a number with its unit");
    refuse("--limit 500m", 2, "say how many shelters are planned");
    refuse("--limit 500m --sites 9 --model p-median", 1,
           "9 sites are asked for, and there are 3 candidates");
    refuse("--limit 500m --sites 2 --quota quota.csv", 4, "at least 2 instead of 5");
    refuse("--limit 500m --sites 1 --capacity-field room", 1, "room");
    refuse("--limit 500m --sites 1 --capacity-field township", 1,
           "row 1 (E): capacity (township) is '镇', not a number");
    refuse("--limit 500m --sites 1 --model p-medium", 2, "did you mean 'p-median'");
    refuse("--limit 500m --sites 1 --forced C9", 1, "there is no candidate 'C9'");
    refuse("--limit 500m --sites 1 --closed-by floods", 2, "none are given");
    refuse("--limit 500m --sites 1 --roads town.gpkg:villages", 1, "is not a line");
    refuse("--limit 20min --by tobler --sites 1 --roads town.gpkg:roads", 2, "needs heights");
    refuse("--limit 500m --budget -5", 1, "a budget of -5");
    expect_refused("-q shelters evaluate --demand town.gpkg:roads --existing town.gpkg:existing "
                   "--limit 1km -o e.gpkg",
                   2, "'roads' is a layer", path);
    refuse("--limit 500m --sites 1 --movers town.gpkg", 2, "RASTER.tif:VALUE");
    expect_refused("-q shelters evaluate --demand town.gpkg:villages:peple --existing "
                   "town.gpkg:existing --limit 1km -o e.gpkg",
                   1, "people", path);
    expect_refused("-q shelters evaluate --demand town.gpkg:villages:people --limit 1km -o e.gpkg",
                   2, "no shelters to evaluate", path);
    expect_refused("-q shelters look --demand a --limit 1km -o e.gpkg", 2, "evaluate", path);
}

TEST(Isolation, ClosesRoadsThatFlood) {
    const SmallTown town;
    const auto& path = town.folder.path();
    const std::string all = "isolation --settlements town.gpkg:villages:people "
                            "--to shelter=town.gpkg:existing --roads town.gpkg:roads -o i.gpkg ";
    const auto answer = program(all + "--closed-by floods --json", path);
    ASSERT_EQ(answer.status, 0) << answer.error;
    const auto json = nlohmann::json::parse(answer.out);
    EXPECT_EQ(json["settlements_cut_off"], 3); // the shelter's own road is under water
    EXPECT_EQ(json["people_cut_off_from"]["shelter"], 60);
    expect_refused(all + "--overwrite", 2, "say which roads close", path);
    expect_refused("isolation --settlements town.gpkg:villages:people --to town.gpkg:existing "
                   "--roads town.gpkg:roads --closed-by floods -o j.gpkg",
                   2, "NAME=FILE:LAYER", path);
}

TEST(Reach, DrawsRasterAndBands) {
    const SmallTown town;
    const auto& path = town.folder.path();
    const auto answer = program("reach town.gpkg:existing --roads town.gpkg:roads --bands "
                                "500m,1000m --demand town.gpkg:villages:people --cell-size 50 "
                                "--areas a.gpkg -o r.tif",
                                path);
    ASSERT_EQ(answer.status, 0) << answer.error;
    EXPECT_NE(answer.error.find("to 500 m: 10 people"), std::string::npos) << answer.error;
    const auto areas = vector::read_layer(path / "a.gpkg", "reach");
    EXPECT_EQ(areas.features.size(), 2U);
    const raster::Reader reach{path / "r.tif"};
    EXPECT_TRUE(std::filesystem::exists(path / "r.qml"));
    const auto cell = reach.grid().cell_at({550325, 3300025});
    ASSERT_TRUE(cell);
    EXPECT_NEAR(reach.read({cell->column, cell->row, 1, 1})[0], 250, 1e-3);
    expect_refused("reach town.gpkg:existing --bands 900m,100m -o r2.tif", 2, "do not rise", path);
}

TEST(Siting, AnswersInTheAgreedForm) {
    const auto answer =
        program("siting --model p-median --orlib tests/data/siting/pmed1.txt --json");
    ASSERT_EQ(answer.status, 0) << answer.error;
    const auto json = nlohmann::json::parse(answer.out);
    EXPECT_EQ(json["status"], "optimal");
    EXPECT_EQ(json["objective"], 5819);
    EXPECT_EQ(json["bound"], 5819);
    EXPECT_EQ(json["gap"], 0);
    EXPECT_EQ(json["sites"].size(), 5U);
    EXPECT_TRUE(json["sites"][0].is_number_integer());
    EXPECT_TRUE(json["seconds"].is_number());
    EXPECT_EQ(nlohmann::json::parse(program("siting --model p-median --tsplib "
                                            "tests/data/siting/kroA100.tsp --p 10 --json")
                                        .out)["status"],
              "optimal");
    expect_refused("siting --model p-median", 2, "say what the problem is");
    expect_refused("siting --model median --orlib tests/data/siting/pmed1.txt", 2, "p-median");
    expect_refused("siting --model p-median --orlib data/shaoxing/losses.csv", 1, "OR-Library");
    expect_refused("siting --model p-median --tsplib tests/data/siting/kroA100.tsp --p 200", 1,
                   "200 sites are asked for, and there are 100 candidates");
    expect_refused("siting --model mclp --demand data/shaoxing/census.gpkg:villages:population "
                   "--candidates data/shaoxing/census.gpkg:shelter_candidates --p 5",
                   2, "needs --radius");
    expect_refused("siting --model lscp --orlib tests/data/siting/pmed1.txt", 2, "needs --radius");
    expect_refused("siting --model lscp --orlib tests/data/siting/pmed1.txt --radius -5", 2,
                   "a radius of -5");
    expect_refused("siting --model p-median --demand data/shaoxing/population_120m.tif "
                   "--candidates data/shaoxing/census.gpkg:shelter_candidates --p 5 --memory 1G",
                   1, "too many pairs to hold");
}

TEST(Siting, ShaoxingsHundredAndFiftyAreProven) {
    const auto answer =
        program("siting --model mclp --demand data/shaoxing/census.gpkg:villages:population "
                "--candidates data/shaoxing/census.gpkg:shelter_candidates "
                "--existing data/shaoxing/census.gpkg:shelters_existing "
                "--radius 1500 --p 150 --json");
    ASSERT_EQ(answer.status, 0) << answer.error;
    const auto json = nlohmann::json::parse(answer.out);
    EXPECT_EQ(json["objective"], 1339143); // as CBC 2.10 proves on the same model
    EXPECT_EQ(json["status"], "optimal");
    EXPECT_EQ(json["before"], 3538592);
    EXPECT_EQ(json["sites"].size(), 150U);
}

/// Bounds as the file has them written: 0.1 in single precision is more than 0.1, and in a scaled
/// whole number 3 x 0.1 is.
TEST(Classify, FixedBoundsAreClosedAtTheirUpperEnd) {
    const Folder folder;
    write_raster(folder / "f.tif", *ascii(6, "0.1 0.2 0.3 0.6 0.7 0.71"));
    write_raster(folder / "i.tif", *ascii(6, "1 2 3 6 7 8"), raster::CellType::count);
    write_text(folder / "s.vrt",
               "<VRTDataset rasterXSize=\"6\" rasterYSize=\"1\"><SRS>EPSG:4549</SRS>"
               "<GeoTransform>500000, 30, 0, 3300000, 0, -30</GeoTransform>"
               "<VRTRasterBand dataType=\"UInt16\" band=\"1\"><Scale>0.1</Scale><SimpleSource>"
               "<SourceFilename relativeToVRT=\"1\">i.tif</SourceFilename>"
               "<SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>");
    const auto levels = [&](const std::string& in) {
        const auto answer =
            program("classify " + in + " --method fixed:0.1,0.2,0.3,0.6,0.7 -o c.tif --overwrite",
                    folder.path());
        EXPECT_EQ(answer.status, 0) << answer.error;
        return raster::Reader{folder / "c.tif"}.read({0, 0, 6, 1});
    };
    const std::vector<double> right{1, 2, 3, 4, 5, 6};
    EXPECT_EQ(levels("f.tif"), right);
    EXPECT_EQ(levels("s.vrt"), right);
    // The composite cuts its levels so too, in one pass.
    const auto answer = program("composite --layer f.tif --levels fixed:0.1,0.2,0.3,0.6,0.7 "
                                "--levels-out l.tif",
                                folder.path());
    EXPECT_EQ(answer.status, 0) << answer.error;
    EXPECT_EQ(raster::Reader{folder / "l.tif"}.read({0, 0, 6, 1}), right);
}

TEST(Csv, WritesPlainNumbers) {
    const Folder folder;
    vector::Layer table{"t", {}, {{"n", vector::FieldType::real}}, {}};
    for (const double n : {1000000.0, 0.00001, 123456789012.0, 0.1, -2.5})
        table.features.push_back({{n}, {}});
    vector::write_csv(folder / "t.csv", table);
    std::istringstream text{read_text(folder / "t.csv")};
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);)
        lines.emplace_back(trim(line));
    ASSERT_EQ(lines.size(), 6U);
    lines.erase(lines.begin());
    EXPECT_EQ(lines,
              (std::vector<std::string>{"1000000", "0.00001", "123456789012", "0.1", "-2.5"}));
}

TEST(Zones, MaxPIsByDefaultTheMostRegions) {
    const Folder folder;
    vector::Layer units{"u",
                        Crs::parse("EPSG:4549"),
                        {{"id", vector::FieldType::text},
                         {"a", vector::FieldType::real},
                         {"one", vector::FieldType::integer}},
                        {}};
    for (int i = 0; i < 8; ++i) {
        const double x = 500000 + 1000.0 * i;
        const Ring ring{
            {x, 3300000}, {x + 1000, 3300000}, {x + 1000, 3301000}, {x, 3301000}, {x, 3300000}};
        units.features.push_back(
            {{"U" + std::to_string(i), i * 1.5, std::int64_t{1}}, {{}, {}, {{ring, {}}}}});
    }
    vector::write_layer(folder / "u.gpkg", units);
    const auto answer = program("--json zones u.gpkg --id id --attributes a --method max-p "
                                "--floor one:2 -o z.gpkg",
                                folder.path());
    ASSERT_EQ(answer.status, 0) << answer.error;
    EXPECT_EQ(nlohmann::json::parse(answer.out)["k"], 4);
}

} // namespace
} // namespace riskmap::test
