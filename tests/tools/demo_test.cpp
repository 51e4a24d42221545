// SPDX-License-Identifier: MIT
// The two demo cities, whole, on a coarser grid than their project files ask
// for: the same road at a fraction of the time.
#include <map>
#include <sstream>
#include <utility>

#include <nlohmann/json.hpp>

#include "program.hpp"

namespace riskmap::test {
namespace {

namespace fs = std::filesystem;

// Under the sanitizers the atlases of whole cities would take minutes; those of the small city
// are drawn there all the same.
const bool with_atlas = !sanitized();
const std::string small_atlas = with_atlas ? "formats = [\"pdf\"]\ndpi = 50" : "make = false";

/// A folder with copies of a demo's data and its project file, the cell size changed, lines added
/// to its section [atlas].
void copy_demo(const std::string& city, const std::string& from, const std::string& to,
               const std::string& atlas, const fs::path& folder) {
    const fs::path source = fs::path{RISKMAP_SOURCE_DIR} / "data" / city;
    for (const auto& entry : fs::directory_iterator{source})
        if (entry.is_regular_file() && entry.path().extension() != ".toml")
            fs::copy_file(entry.path(), folder / entry.path().filename());
    auto text = read_text(source / "project.toml");
    text = replaced(text, from, to);
    if (text.find("[atlas]") == std::string::npos)
        text += "\n[atlas]\n";
    text = replaced(text, "[atlas]\n", "[atlas]\n" + atlas + "\n");
    if (text.find("draws = 1000") != std::string::npos)
        text = replaced(text, "draws = 1000", "draws = 20");
    write_text(folder / "project.toml", text);
}

std::size_t count_files(const fs::path& folder, const std::string& suffix) {
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator{folder})
        count += entry.path().extension() == suffix ? 1U : 0U;
    return count;
}

std::map<std::string, double> sums(const fs::path& file, const std::string& layer,
                                   const std::vector<std::string>& fields) {
    const auto table = vector::read_layer(file, layer, vector::Geometry::none);
    std::map<std::string, double> out;
    for (const auto& field : fields)
        for (const auto& row : table.features)
            out[field] += vector::number_of(row.values[table.field(field)]).value_or(0);
    return out;
}

TEST(Demo, ShaoxingHasItsThreeMapsForTheCityAndSixCounties) {
    const Folder folder;
    copy_demo("shaoxing", "cell_size = 60", "cell_size = 400", small_atlas, folder.path());
    const auto answer = program("run project.toml --json", folder.path());
    ASSERT_EQ(answer.status, 0) << answer.error;
    const auto json = nlohmann::json::parse(answer.out);
    EXPECT_EQ(json["areas"], (std::vector<std::string>{"330600", "330602", "330603", "330604",
                                                       "330624", "330681", "330683"}));
    for (const auto& area : json["areas"])
        for (const char* product :
             {"composite_risk", "risk_level", "risk_zones", "prevention_zones"})
            for (const char* suffix : {".tif", ".gpkg", ".geojson", ".csv"})
                EXPECT_TRUE(fs::exists(folder.path() / "out" / area.get<std::string>() /
                                       (std::string{product} + suffix)));
    if (with_atlas) {
        // Twenty maps of the city, twelve of each county, and the index.
        EXPECT_EQ(count_files(folder / "out/atlas/sheets", ".pdf"), 20 + 6 * 12 + 1U);
        EXPECT_TRUE(fs::exists(folder / "out/atlas/web/index.html"));
        EXPECT_TRUE(fs::exists(folder / "out/atlas/report.html"));
    }
    const auto units =
        sums(folder / "out/330600/units.gpkg", "units", {"people", "gdp", "area_km2"});
    EXPECT_NEAR(units.at("people"), 5270977,
                10000); // less what border cells hold beyond the border
    EXPECT_NEAR(units.at("area_km2"), 8280, 5);
    EXPECT_EQ(vector::read_layer(folder / "out/330600/units.gpkg", "units").features.size(), 103U);
    EXPECT_EQ(
        vector::read_layer(folder / "out/330600/risk_zones.gpkg", "risk_zones").features.size(),
        12U);
    const auto run = nlohmann::json::parse(read_text(folder / "out/run.json"));
    EXPECT_NE(run["project"]["modelled_layers"].get<std::string>().find("洪水"), std::string::npos);
    EXPECT_TRUE(run["inputs_sha256"].contains("flood_depth_100yr_60m.tif"));
}

/// The indented lines after "Example" in a help text, continued lines joined.
std::vector<std::string> examples_of(const std::string& help) {
    std::vector<std::string> out;
    std::istringstream lines{help.substr(help.find("Example"))};
    std::string joined;
    for (std::string line; std::getline(lines, line);) {
        const auto first = line.find_first_not_of(' ');
        if (first == std::string::npos || first < 2)
            continue;
        const bool goes_on = line.ends_with('\\');
        joined += line.substr(first, line.size() - first - (goes_on ? 1 : 0));
        if (!goes_on)
            out.push_back(std::exchange(joined, {}));
    }
    return out;
}

/// Runs the examples of commands in their order, on both demo cities.
void run_examples(const std::vector<const char*>& commands, const char* first, int least) {
    if (!with_atlas)
        GTEST_SKIP() << "forty commands on whole cities: each is run on small ones as well";
    const Folder folder;
    for (const char* name : {"data/shaoxing", "data/jakarta", "tmp"})
        fs::create_directories(folder / name);
    copy_demo("shaoxing", "cell_size = 60", "cell_size = 600", "make = false",
              folder / "data/shaoxing");
    copy_demo("jakarta", "cell_size = 50", "cell_size = 400", "make = false",
              folder / "data/jakarta");
    if (*first != '\0') {
        ASSERT_EQ(program(first, folder.path()).status, 0);
    }
    int count = 0;
    for (const char* command : commands)
        for (auto example : examples_of(program(std::string{command} + " --help").out)) {
            const auto place = (folder / "tmp").string() + "/";
            for (auto at = example.find("/tmp/"); at != std::string::npos;
                 at = example.find("/tmp/", at + place.size()))
                example.replace(at, 5, place);
            ASSERT_TRUE(example.starts_with("riskmap ")) << example;
            if (example.find(" -o ") != std::string::npos)
                example += " --overwrite";
            const auto answer = shell(program_file() + example.substr(7), folder.path());
            EXPECT_EQ(answer.status, 0) << example << "\n" << answer.error;
            ++count;
        }
    EXPECT_GE(count, least);
}

TEST(Demo, TheExamplesOfHelpOnLayersRun) {
    run_examples({"init", "run", "status", "check", "stack", "composite", "classify", "zonal",
                  "zones", "export", "styles"},
                 "", 18);
}

TEST(Demo, TheExamplesOfHelpOnPlansAndMapsRun) {
    run_examples({"shelters", "reach", "isolation", "siting", "risk", "map", "atlas", "compare"},
                 "run data/shaoxing/project.toml", 10);
}

TEST(Demo, JakartaRunsByItsProjectFileAlone) {
    const Folder folder;
    copy_demo("jakarta", "cell_size = 50", "cell_size = 250",
              with_atlas ? "sheets = false" : "make = false", folder.path());
    const auto answer = program("run project.toml --json", folder.path());
    ASSERT_EQ(answer.status, 0) << answer.error;
    const auto json = nlohmann::json::parse(answer.out);
    EXPECT_EQ(json["areas"].size(), 47U); // 5 cities and 42 districts
    EXPECT_NE(json["warnings"].dump().find("was repaired"), std::string::npos); // as the data came
    EXPECT_TRUE(fs::exists(folder / "out/JAKARTA-UTARA/prevention_zones.geojson"));
    std::size_t villages = 0;
    for (const char* city : {"BARAT", "PUSAT", "SELATAN", "TIMUR", "UTARA"})
        villages += vector::read_layer(
                        folder / ("out/JAKARTA-" + std::string{city} + "/units.gpkg"), "units")
                        .features.size();
    EXPECT_EQ(villages, 261U);
    if (!with_atlas)
        return;
    // Beside a run with other weights: the legend of each city's changes tells of that city alone.
    auto other = read_text(folder / "project.toml");
    other.replace(other.find("weight = 3"), 10, "weight = 1");
    write_text(folder / "other.toml", other);
    ASSERT_EQ(program("risk other.toml --out other -q", folder.path()).status, 0);
    ASSERT_EQ(program("compare out other --to changes --no-web --format pdf", folder.path()).status,
              0);
    for (const char* city : {"JAKARTA-UTARA", "JAKARTA-PUSAT"}) {
        const auto text =
            shell("pdftotext -layout changes/sheets/change_cells_" + std::string{city} + ".pdf -",
                  folder.path());
        double legend = 0;
        std::istringstream lines{text.out};
        for (std::string line; std::getline(lines, line);)
            for (const char* words :
                 {"up two or more", "up one", "the same", "down one", "down two or more"})
                if (const auto at = line.find(words); at != std::string::npos)
                    legend += std::stod(line.substr(at + std::string_view{words}.size()));
        const auto area = sums(folder / ("out/" + std::string{city} + "/units.gpkg"), "city",
                               {"area_km2"})["area_km2"];
        EXPECT_NEAR(legend / area, 1, 0.1) << city << "\n" << text.out; // cells of 250 m
    }
    EXPECT_TRUE(fs::exists(folder / "out/atlas/web/index.html"));
    EXPECT_TRUE(fs::exists(folder / "out/atlas/report.pdf"));
}

TEST(Code, KnowsNeitherCity) {
    for (const char* room : {"libriskmap", "tools", "styles"})
        for (const auto& entry :
             fs::recursive_directory_iterator{fs::path{RISKMAP_SOURCE_DIR} / room}) {
            if (!entry.is_regular_file() ||
                entry.path().string().find("/tools/") != std::string::npos)
                continue; // the examples of --help name the demo's files
            const auto text = read_text(entry.path());
            for (const char* name : {"haoxing", "绍兴", "akarta"})
                EXPECT_EQ(text.find(name), std::string::npos) << entry.path() << " " << name;
        }
}

} // namespace
} // namespace riskmap::test
