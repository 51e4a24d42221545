// SPDX-License-Identifier: MIT
#include <riskmap/project/project.hpp>
#include <riskmap/project/schema.hpp>

#include <cmath>
#include <set>

#include <fmt/format.h>

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
        EXPECT_FALSE(key.zh.empty() || key.en.empty()) << key.section << "." << key.name;
    }
}

TEST(Schema, TheReferencePageIsUpToDate) {
    EXPECT_EQ(test::read_text(RISKMAP_SOURCE_DIR "/docs/project-file.md"),
              schema_reference(Language::en))
        << "run: riskmap init --reference > docs/project-file.md";
    EXPECT_EQ(test::read_text(RISKMAP_SOURCE_DIR "/docs/project-file.zh.md"),
              schema_reference(Language::zh))
        << "run: riskmap --lang zh init --reference > docs/project-file.zh.md";
}

TEST(Schema, TheTemplateIsAProjectOnceItsFilesAreThere) {
    const test::Folder folder;
    for (const char* name : {"census.gpkg", "flood_depth.tif", "population.tif", "losses.csv"})
        test::write_text(folder / name, "");
    for (const auto language : {Language::zh, Language::en}) {
        test::write_text(folder / "project.toml", project_template(language));
        const auto project = read_project(folder / "project.toml");
        EXPECT_EQ(project.hazards.at(0).id, "flood");
        EXPECT_EQ(project.cell_size, 100);
    }
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
    refused("cell_size = 100", "cell_size = -1", "grid.cell_size is out of range; give above 0");
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
    refused("k = 3", "k = -3", "zoning.k is out of range; give 0 or more");
    refused("range = [0.5, 1]", "range = [2, 1]", "0..1");
    refused("return_period = 100", "return_period = 0", "1 or more");
    refused("flood-depth-residential-asia", "flood-depth", "damage curve");
    refused("[zoning]", "[output]\nformats = [\"tiff\"]\n[zoning]", "unknown format 'tiff'");
    refused("id = \"small\"", "id = ", "project.toml:2");
    refused("小城", "\xD0\xA1\xB3\xC7", "not UTF-8");
}

/// "[a.b]", with two brackets where it repeats.
std::string headings_of(std::string_view path) {
    std::string headings;
    for (const auto& section : schema_sections())
        if (path == section.path || path.starts_with(std::string{section.path} + "."))
            headings += section.repeated ? "[[" + std::string{section.path} + "]]\n"
                                         : "[" + std::string{section.path} + "]\n";
    return headings;
}

TEST(Project, RefusesEachNumberBeyondItsRange) {
    const test::Folder folder;
    int tried = 0;
    for (const auto& key : schema_keys()) {
        std::vector<double> beyond;
        if (std::isfinite(key.least))
            beyond.push_back(key.above ? key.least : key.least - 1);
        if (std::isfinite(key.most))
            beyond.push_back(key.most + 1);
        for (const double number : beyond) {
            const auto value = fmt::format("{:.0f}", std::round(number));
            const bool list = key.type == KeyType::numbers;
            test::write_text(folder / "p.toml", headings_of(key.section) + std::string{key.name} +
                                                    " = " + (list ? "[" + value + "]" : value) +
                                                    "\n");
            test::expect_error(ErrorKind::input,
                               fmt::format("{}.{} is out of range; give {}", key.section, key.name,
                                           range_of(key, Language::en)),
                               [&] { (void)read_project(folder / "p.toml"); });
            ++tried;
        }
    }
    EXPECT_GT(tried, 60);
}

TEST(Project, AhpMatricesMustFit) {
    refused("hazards = \"loss-share\"", "hazards = \"ahp\"\nahp = [[1]]", "1 rows for 2 hazards");
}

} // namespace
} // namespace riskmap::project
