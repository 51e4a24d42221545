// SPDX-License-Identifier: MIT
// The command as people call it: folders, own specifications, several layers, broken areas.
#include <map>

#include <nlohmann/json.hpp>

#include <riskmap/census/check.hpp>

#include "tools/program.hpp"

namespace riskmap::census {
namespace {

namespace fs = std::filesystem;
const fs::path corpus = fs::path{RISKMAP_SOURCE_DIR} / "tests/data/broken";

TEST(Check, LooksThroughFolders) {
    const test::Folder folder;
    for (const char* name : {"townships.geojson", "counties.geojson", "flood_depth.tif"})
        fs::copy_file(corpus / name, folder / name);
    fs::copy(corpus / "townships.gdb", folder / "townships.gdb");
    for (const auto& file : fs::directory_iterator{corpus / "townships_said"})
        fs::copy_file(file.path(), folder / ("TOWNS" + [&] {
                                       auto extension = file.path().extension().string();
                                       for (auto& c : extension)
                                           c = static_cast<char>(std::toupper(c));
                                       return extension;
                                   }()));
    fs::create_directory_symlink(folder.path(), folder / "loop.gpkg");
    test::write_text(folder / "notes.txt", "no layer");
    const auto answer = test::program("check --json .", folder.path());
    const auto json = nlohmann::json::parse(answer.out);
    std::vector<std::string> layers;
    for (const auto& layer : json["layers"])
        layers.push_back(layer["layer"]);
    EXPECT_EQ(layers, (std::vector<std::string>{"TOWNS.SHP", "counties.geojson", "flood_depth.tif",
                                                "townships.gdb", "townships.geojson"}));
    EXPECT_EQ(json["layers"][0]["encoding"], "GB18030");
    EXPECT_EQ(answer.status, 0) << answer.out;
}

TEST(Check, TakesOwnSpecifications) {
    const test::Folder folder;
    test::write_text(
        folder / "wells.toml",
        "title = \"水井\"\ntitle_en = \"Wells\"\n[[layer]]\nid = \"wells\"\ntitle = "
        "\"水井\"\ntitle_en = \"wells\"\ngeometry = \"point\"\n[[layer.field]]\nname = "
        "\"depth\"\ntitle = \"井深\"\ntitle_en = \"depth\"\ntype = \"number\"\nunit = "
        "\"m\"\nrange = [1, 500]\nrequired = true\n");
    test::write_text(folder / "水井.csv", "lon,lat,井深\n120.1,30.1,12米\n120.2,30.1,9000\n");
    const auto answer =
        test::program("check --json '水井.csv crs=EPSG:4490' --spec wells.toml", folder.path());
    const auto json = nlohmann::json::parse(answer.out);
    EXPECT_EQ(json["layers"][0]["spec"], "wells");
    EXPECT_EQ(json["rules"].size(), 2U);
    EXPECT_EQ(json["rules"]["value-written"], 1);
    EXPECT_EQ(json["rules"]["value-range"], 1);
    EXPECT_EQ(json["findings"][0]["place"][0], 120.2);
    EXPECT_NE(test::program("check --layers --spec wells.toml", folder.path()).out.find("`wells`"),
              std::string::npos);
}

TEST(Check, AProjectWithABrokenAreaIsToldAsALayer) {
    const test::Folder folder;
    test::write_text(folder / "project.toml",
                     "[project]\nid = \"x\"\n[areas.city]\ncode = \"1\"\nname = \"x\"\n"
                     "[areas.counties]\nfile = \"truncated.geojson\"\nlayer = \"townships\"\n"
                     "[areas.townships]\nfile = \"townships.geojson\"\nlayer = \"townships\"\n"
                     "[grid]\ncrs = \"EPSG:4549\"\ncell_size = 100\n[[hazard]]\nid = \"flood\"\n"
                     "file = \"flood_depth.tif\"\n[[exposure]]\nid = \"roads\"\nfile = "
                     "\"roads.geojson\"\nlayer = \"roads\"\nmeasure = \"length\"\n");
    for (const char* name :
         {"truncated.geojson", "townships.geojson", "flood_depth.tif", "roads.geojson"})
        fs::copy_file(corpus / name, folder / name);
    const auto answer = test::program("check --json project.toml", folder.path());
    const auto json = nlohmann::json::parse(answer.out);
    EXPECT_EQ(json["rules"], nlohmann::json::parse(R"({"file-unreadable":1})"));
    EXPECT_EQ(answer.status, 1);
    // Given by hand, an area that cannot be read is an error of the call.
    const auto by_hand =
        test::program("check townships.geojson --area truncated.geojson", folder.path());
    EXPECT_EQ(by_hand.status, 1);
    EXPECT_TRUE(by_hand.out.empty());
    const auto run = test::program("run project.toml", folder.path());
    EXPECT_EQ(run.status, 1);
    EXPECT_NE(run.error.find("check: 1 errors"), std::string::npos) << run.error;
}

TEST(Check, CountsWhatItDoesNotKeep) {
    vector::Layer layer{
        "villages",
        Crs::parse("EPSG:4490"),
        {{"code", vector::FieldType::text}, {"population", vector::FieldType::text}},
        {}};
    for (int i = 0; i < 3000; ++i)
        layer.features.push_back({{std::to_string(330602001000 + i), std::string{"many"}},
                                  {{{120 + i * 1e-4, 30}}, {}, {}}});
    const test::Folder folder;
    vector::write_layer(folder / "villages.gpkg", layer);
    spec::Source source;
    source.file = folder / "villages.gpkg";
    CheckRules rules;
    rules.most = 10;
    const auto report = check(std::span{&source, 1}, rules, spec::built_in_specs(), {});
    EXPECT_EQ(report.findings.count(RuleId::value_type), 3000U);
    EXPECT_EQ(std::count_if(report.findings.kept().begin(), report.findings.kept().end(),
                            [](const Finding& f) { return f.rule == RuleId::value_type; }),
              10);
}

TEST(Rules, PagesAreThoseInDocs) {
    EXPECT_EQ(test::read_text(RISKMAP_SOURCE_DIR "/docs/when-check-complains.md"),
              rule_page(Language::en))
        << "run: riskmap check --rules > docs/when-check-complains.md";
    EXPECT_EQ(test::read_text(RISKMAP_SOURCE_DIR "/docs/when-check-complains.zh.md"),
              rule_page(Language::zh))
        << "run: riskmap --lang zh check --rules > docs/when-check-complains.zh.md";
}

TEST(Rules, StandInTheirOrder) {
    std::set<std::string> names;
    for (std::size_t i = 0; i < rules().size(); ++i) {
        const auto& row = rules()[i];
        EXPECT_EQ(static_cast<std::size_t>(row.id), i) << row.name;
        EXPECT_TRUE(names.insert(row.name).second) << row.name;
        for (const auto* words : {&row.title, &row.reason, &row.mend})
            EXPECT_FALSE(words->zh.empty() || words->en.empty()) << row.name;
    }
}

/// How often each rule is found in one layer.
std::map<std::string, std::size_t> found_in(const vector::Layer& layer, const std::string& spec) {
    const test::Folder folder;
    vector::write_layer(folder / "layer.gpkg", layer);
    spec::Source source;
    source.file = folder / "layer.gpkg";
    source.spec = spec;
    const auto report = check(std::span{&source, 1}, {}, spec::built_in_specs(), {});
    std::map<std::string, std::size_t> counts;
    for (const auto& rule : rules())
        if (const auto n = report.findings.count(rule.id); n > 0)
            counts[std::string{rule.name}] = n;
    return counts;
}

TEST(Texts, EveryKindOfFormulaIsUnsafe) {
    for (const auto& [text, unsafe] : {std::pair{"=1+1", true},
                                       {"@SUM(A1)", true},
                                       {"+cmd|calc", true},
                                       {"-cmd", true},
                                       {"-2.5", false},
                                       {"+3", false},
                                       {"a=b", false},
                                       {"<b>x</b>", true},
                                       {"a < b", false},
                                       {"\x01", true}}) {
        vector::Layer layer{"villages",
                            Crs::parse("EPSG:4490"),
                            {{"code", vector::FieldType::text}, {"name", vector::FieldType::text}},
                            {}};
        layer.features.push_back(
            {{std::string{"330602001001"}, std::string{text}}, {{{120.1, 30.1}}, {}, {}}});
        EXPECT_EQ(found_in(layer, "villages").contains("text-unsafe"), unsafe) << text;
    }
}

TEST(Sums, AreToldFromOnePerCentOn) {
    const auto crs = Crs::parse("EPSG:4490");
    const auto square = [](double left, double right) {
        return MultiPolygon{
            {{{left, 30}, {right, 30}, {right, 30.1}, {left, 30.1}, {left, 30}}, {}}};
    };
    for (const auto& [share, told] : {std::pair{0.005, false}, {0.02, true}, {-0.02, true}}) {
        vector::Layer counties{"counties",
                               crs,
                               {{"code", vector::FieldType::text},
                                {"name", vector::FieldType::text},
                                {"population", vector::FieldType::integer}},
                               {}};
        auto townships = counties;
        townships.name = "townships";
        counties.features.push_back({{std::string{"330602"}, std::string{"a"}, std::int64_t{20000}},
                                     {{}, {}, square(120, 120.2)}});
        const auto half = static_cast<std::int64_t>(10000 * (1 + share));
        townships.features.push_back(
            {{std::string{"330602001"}, std::string{"b"}, half}, {{}, {}, square(120, 120.1)}});
        townships.features.push_back(
            {{std::string{"330602002"}, std::string{"c"}, half}, {{}, {}, square(120.1, 120.2)}});
        const test::Folder folder;
        std::vector<spec::Source> sources(2);
        for (auto* layer : {&counties, &townships}) {
            auto& source = sources[layer == &townships ? 1 : 0];
            source.file = folder / (layer->name + ".gpkg");
            vector::write_layer(source.file, *layer);
        }
        const auto report = check(sources, {}, spec::built_in_specs(), {});
        EXPECT_EQ(report.findings.count(RuleId::sum_differs), told ? 1U : 0U) << share;
    }
}

} // namespace
} // namespace riskmap::census
