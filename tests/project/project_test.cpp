// SPDX-License-Identifier: MIT
#include <riskmap/project/census.hpp>
#include <riskmap/project/project.hpp>
#include <riskmap/project/schema.hpp>

#include <cmath>
#include <set>

#include <fmt/format.h>

#include "run/small_city.hpp"
#include "run/twin_cities.hpp"

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

TEST(Source, CompanionsSayMoreOfIt) {
    const test::SmallCity city;
    city.write(
        "file = \"depth.tif\"\n",
        "file = \"depth.tif\"\nband = 1\ncrs = \"EPSG:4549\"\nnodata = -7\nwhere_nodata = 2\n"
        "band_unit = \"cm\"\nband_factor = 3\n");
    const auto raster = read_project(city.file()).hazards[0].maps[0].source;
    EXPECT_EQ(raster.file, city / "depth.tif");
    EXPECT_EQ(raster.band, 1);
    EXPECT_EQ(raster.crs, "EPSG:4549");
    EXPECT_EQ(raster.nodata, -7);
    EXPECT_EQ(raster.where_nodata, 2);
    EXPECT_EQ(raster.unit, "cm");
    EXPECT_EQ(raster.factor, 3);
    city.write(
        "losses = \"losses.csv\"",
        "losses = \"losses.csv\"\nlosses_encoding = \"GB18030\"\nlosses_where = \"loss > 1\"\n"
        "losses_fields = {hazard = \"hazard\", loss_10k_yuan = \"loss\"}\n"
        "losses_units = [\"loss_10k_yuan=yuan\"]");
    const auto losses = read_project(city.file()).weights.losses;
    EXPECT_EQ(losses.encoding, "GB18030");
    EXPECT_EQ(losses.where, "loss > 1");
    EXPECT_EQ(losses.fields, (spec::Pairs{{"hazard", "hazard"}, {"loss", "loss_10k_yuan"}}));
    EXPECT_EQ(losses.units, (spec::Pairs{{"loss_10k_yuan", "yuan"}}));
    city.write("losses = \"losses.csv\"",
               "losses = \"losses.csv\"\nlosses_units = {loss_10k_yuan = \"yuan\"}");
    EXPECT_EQ(read_project(city.file()).weights.losses.units,
              (spec::Pairs{{"loss_10k_yuan", "yuan"}}));
    EXPECT_EQ(read_project(city.file()).townships.layer, "townships");
    city.write("hazards = \"loss-share\"", "hazards = \"ahp\"\nahp = [[1, \"1/3\"], [3, 1]]");
    EXPECT_EQ(read_project(city.file()).weights.ahp[0][1], 1.0 / 3);
}

TEST(Census, IsWhatTheProjectReads) {
    const test::TwinCities twins;
    twins.replace("before_run = false", "snap = 0.7\nholes = 0.3\noutside = 250\ncodes = false\n"
                                        "accept = [\"row-cut\"]");
    const auto census = census_of(read_project(twins.file()));
    EXPECT_EQ(census.rules.border, 0.7);
    EXPECT_EQ(census.rules.hole_share, 0.3);
    EXPECT_EQ(census.rules.outside, 250);
    EXPECT_EQ(census.rules.accept, std::vector<std::string>{"row-cut"});
    EXPECT_EQ(census.rules.area->layer, "cities");
    std::map<std::string, std::string> specs;
    for (const auto& source : census.sources) {
        EXPECT_TRUE(source.not_codes);
        specs[source.file.filename().string() + ":" + source.layer] = source.spec;
    }
    const std::map<std::string, std::string> right{{"areas.gpkg:cities", "cities"},
                                                   {"areas.gpkg:counties", "counties"},
                                                   {"areas.gpkg:townships", "townships"},
                                                   {"flood.tif:", ""},
                                                   {"storm.tif:", ""},
                                                   {"people.tif:", ""},
                                                   {"landcover.tif:", ""},
                                                   {"dem.tif:", "terrain"},
                                                   {"table.csv:", "township_indicators"},
                                                   {"losses.csv:", "losses"},
                                                   {"points.gpkg:roads", ""}, // an exposure first
                                                   {"points.gpkg:cameras", "cameras"},
                                                   {"points.gpkg:masts", "camera_candidates"},
                                                   {"points.gpkg:fires", "forest_fires"},
                                                   {"points.gpkg:water", "water_points"},
                                                   {"points.gpkg:villages", ""},
                                                   {"points.gpkg:shelters", "shelters"},
                                                   {"points.gpkg:places", "shelter_candidates"},
                                                   {"points.gpkg:seats", ""}};
    EXPECT_EQ(specs, right);
}

} // namespace
} // namespace riskmap::project
