// SPDX-License-Identifier: MIT
#include <riskmap/project/project.hpp>
#include <riskmap/project/schema.hpp>

#include <set>

#include "run/small_city.hpp"

namespace riskmap::project {
namespace {

TEST(Schema, EveryKeyBelongsToASection) {
    std::set<std::string_view> sections;
    for (const auto& section : schema_sections())
        EXPECT_TRUE(sections.insert(section.path).second) << section.path;
    std::set<std::pair<std::string_view, std::string_view>> keys;
    for (const auto& key : schema_keys()) {
        EXPECT_TRUE(sections.contains(key.section)) << key.section;
        EXPECT_TRUE(keys.emplace(key.section, key.name).second) << key.section << "." << key.name;
        EXPECT_FALSE(key.doc.empty()) << key.section << "." << key.name;
    }
}

TEST(Schema, TheReferencePageIsUpToDate) {
    EXPECT_EQ(test::read_text(RISKMAP_SOURCE_DIR "/docs/project-file.md"), schema_reference())
        << "run: riskmap init --reference > docs/project-file.md";
}

TEST(Schema, TheTemplateIsAProjectOnceItsFilesAreThere) {
    const test::Folder folder;
    test::write_text(folder / "project.toml", project_template());
    for (const char* name : {"census.gpkg", "flood_depth.tif", "population.tif", "losses.csv"})
        test::write_text(folder / name, "");
    const auto project = read_project(folder / "project.toml");
    EXPECT_EQ(project.hazards.at(0).id, "flood");
    EXPECT_EQ(project.cell_size, 100);
}

TEST(Project, ReadsTheDemoCities) {
    const auto shaoxing = read_project(RISKMAP_SOURCE_DIR "/data/shaoxing/project.toml");
    EXPECT_EQ(shaoxing.hazards.size(), 6U);
    EXPECT_EQ(shaoxing.exposures.size(), 4U);
    EXPECT_EQ(shaoxing.capacity.indicators.size(), 6U);
    EXPECT_EQ(shaoxing.hazards[0].maps[0].return_period, 100);
    const auto jakarta = read_project(RISKMAP_SOURCE_DIR "/data/jakarta/project.toml");
    EXPECT_FALSE(jakarta.cities.file.empty());
    EXPECT_TRUE(jakarta.vulnerability.file.empty());
}

void refused(const std::string& from, const std::string& to, const std::string& why) {
    const test::SmallCity city;
    city.write(from, to);
    test::expect_error(ErrorKind::input, why, [&] { (void)read_project(city.file()); });
}

TEST(Project, TellsWhatIsWrongAndWhere) {
    refused("cell_size", "cel_size",
            "project.toml:15: unknown key 'cel_size' in [grid]; did you mean 'cell_size'?");
    refused("[grid]", "[gird]", "did you mean 'grid'");
    refused("cell_size = 100", "cell_size = \"100\"", "must be a number");
    refused("cell_size = 100", "cell_size = -1", "above zero");
    refused("cell_size = 100", "cell_size = inf", "finite");
    refused("EPSG:4549", "EPSG:4490", "in degrees");
    refused("EPSG:4549", "EPSG:999999", "not a coordinate reference system");
    refused("cell_size = 100", "", "lacks the key 'cell_size'");
    refused("linear:0:3", "linaer:0:3", "unknown method");
    refused("depth.tif", "dept.tif", "no such file 'dept.tif'");
    refused("id = \"wind\"", "id = \"flood\"", "stands twice");
    refused("id = \"wind\"", "id = \"Wind/..\"", "not usable");
    refused("loss-share", "loss-shares", "did you mean 'loss-share'");
    refused("losses = \"losses.csv\"", "", "need a loss table");
    refused("[[hazard]]", "[hazard]", "project.toml:25");
    refused("[grid]", "[[grid]]", "one bracket");
    refused("k = 3", "k = -3", "negative");
    refused("range = [0.5, 1]", "range = [2, 1]", "0..1");
    refused("return_period = 100", "return_period = 0", "below one year");
    refused("flood-depth-residential-asia", "flood-depth", "damage curve");
    refused("[zoning]", "[output]\nformats = [\"tiff\"]\n[zoning]", "unknown format 'tiff'");
    refused("id = \"small\"", "id = ", "project.toml:2");
    refused("小城", "\xD0\xA1\xB3\xC7", "not UTF-8");
}

TEST(Project, AhpMatricesMustFit) {
    refused("hazards = \"loss-share\"", "hazards = \"ahp\"\nahp = [[1]]", "1 rows for 2 hazards");
}

} // namespace
} // namespace riskmap::project
