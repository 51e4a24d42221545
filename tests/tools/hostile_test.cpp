// SPDX-License-Identifier: MIT
// Input made to harm: it gets a line, nothing runs, nothing is fetched, nothing is lost.
#include <nlohmann/json.hpp>

#include <riskmap/core/text.hpp>
#include <riskmap/vector/stream.hpp>

#include "program.hpp"

namespace riskmap::test {
namespace {

std::string findings_of(const std::string& arguments, const std::filesystem::path& folder) {
    const auto answer = program("check --json " + arguments, folder);
    EXPECT_TRUE(answer.error.empty()) << answer.error;
    EXPECT_LE(answer.status, 1) << arguments;
    const auto json = nlohmann::json::parse(answer.out, nullptr, false);
    EXPECT_FALSE(json.is_discarded()) << answer.out;
    return json["findings"].dump();
}

std::string many(int n, const std::string& item) {
    std::string out;
    for (int i = 0; i < n; ++i)
        out += item + std::to_string(i) + (i + 1 < n ? "," : "\n");
    return out;
}

TEST(Hostile, TablesThatAreTooWideOrTooLong) {
    const Folder folder;
    write_text(folder / "wide.csv", many(1000000, "f") + many(1000000, ""));
    EXPECT_NE(findings_of("wide.csv", folder.path()).find("fields"), std::string::npos);
    vector::Layer layer{
        "villages", Crs::parse("EPSG:4490"), {{"name", vector::FieldType::text}}, {}};
    for (int i = 0; i < 3; ++i)
        layer.features.push_back({{std::string(10 << 20, 'x')}, {{{120 + i * 0.1, 30}}, {}, {}}});
    vector::write_layer(folder / "long.gpkg", layer);
    const auto found = findings_of("'long.gpkg spec=facilities'", folder.path());
    EXPECT_NE(found.find("value-long"), std::string::npos);
    EXPECT_LT(found.size(), 10000U); // the text itself is cut
    // One such feature fills a batch.
    vector::LayerStream stream{folder / "long.gpkg"};
    EXPECT_EQ(stream.next()->size(), 1U);
    write_text(folder / "long.csv", "name,x,y\n" + std::string(11 << 20, 'x') + ",1,2\n");
    EXPECT_NE(findings_of("long.csv", folder.path()).find("file-unreadable"), std::string::npos);
}

TEST(Hostile, NothingRunsAndNothingIsFetched) {
    const Folder folder;
    const auto marker = folder / "ran";
    write_text(folder / "flood.vrt",
               R"(<VRTDataset rasterXSize="2" rasterYSize="2"><SRS>EPSG:4490</SRS>)"
               R"(<GeoTransform>120, 0.1, 0, 30, 0, -0.1</GeoTransform>)"
               R"(<VRTRasterBand dataType="Float32" band="1" subClass="VRTDerivedRasterBand">)"
               R"(<PixelFunctionType>go</PixelFunctionType>)"
               R"(<PixelFunctionLanguage>Python</PixelFunctionLanguage><PixelFunctionCode>)"
               "\ndef go(*a, **k):\n    open('" +
                   marker.string() +
                   "', 'w')\n"
                   R"(</PixelFunctionCode></VRTRasterBand></VRTDataset>)");
    EXPECT_NE(findings_of("flood.vrt", folder.path()).find("disabled"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(marker));
    for (const char* name : {"/vsicurl/http://127.0.0.1:9/x.gpkg", "/vsis3/bucket/x.gpkg",
                             "/vsistdin/", "/vsisubfile/0_10,/etc/passwd"})
        EXPECT_NE(findings_of(name, folder.path()).find("is not a file of this machine"),
                  std::string::npos)
            << name;
    const auto named = program("check 'a.gpkg:/vsicurl/http://127.0.0.1:9/x'", folder.path());
    EXPECT_EQ(named.status, 1) << named.error;
}

TEST(Hostile, TextIsOnlyText) {
    const Folder folder;
    const std::string drop = "a\"; DROP TABLE villages;--";
    vector::Layer one{drop,
                      Crs::parse("EPSG:4490"),
                      {{"name", vector::FieldType::text}, {"x'y\"z", vector::FieldType::text}},
                      {}};
    one.features = {{{std::string{"<script>alert(1)</script>"}, std::string{"=cmd|'/c calc'!A0"}},
                     {{{120.1, 30}}, {}, {}}},
                    {{std::string{"\x1b[2J"}, std::string{"@SUM(A1)"}}, {{{120.2, 30}}, {}, {}}}};
    auto two = one;
    two.name = "villages";
    vector::write_geopackage(folder / "in.gpkg",
                             std::vector<vector::Product>{{&one, {}}, {&two, {}}});
    const auto answer =
        program("check in.gpkg -o found --fix fixed --accept field-missing", folder.path());
    EXPECT_EQ(answer.status, 0) << answer.error;
    EXPECT_EQ(answer.out.find('\x1b'), std::string::npos);
    const auto page = read_text(folder / "found/findings.html");
    EXPECT_EQ(page.find("<script"), std::string::npos);
    EXPECT_NE(page.find("&lt;script&gt;"), std::string::npos);
    for (const char* file : {"found/findings.csv", "fixed/changes.csv"}) {
        std::istringstream lines{read_text(folder / file)};
        for (std::string line; std::getline(lines, line);)
            for (const auto& cell : split(line, ','))
                EXPECT_FALSE(cell.starts_with("=") || cell.starts_with("@")) << line;
    }
    EXPECT_EQ(vector::layer_names(folder / "in.gpkg").size(), 2U);
    const auto copies = vector::layer_names(folder / "fixed/in.gpkg");
    EXPECT_EQ(copies, (std::vector<std::string>{drop, "villages"}));
    EXPECT_EQ(vector::read_layer(folder / "fixed/in.gpkg", "villages").features.size(), 2U);
}

TEST(Hostile, DamagedFilesOfEveryFormatAreToldInOneLine) {
    const Folder folder;
    const auto corpus = std::filesystem::path{RISKMAP_SOURCE_DIR} / "tests/data/broken";
    for (const char* name : {"townships.gpkg", "villages.xlsx", "flood_depth.img", "flood_depth.nc",
                             "flood_depth.tif", "townships.geojson"}) {
        const auto whole = read_text(corpus / name);
        for (const double share : {0.02, 0.3, 0.7, 0.95}) {
            const auto copy = folder / name;
            write_text(copy, whole.substr(0, static_cast<std::size_t>(
                                                 share * static_cast<double>(whole.size()))));
            const auto answer = program("check " + std::string{name}, folder.path());
            EXPECT_LE(answer.status, 1) << name << share << answer.error;
            EXPECT_TRUE(answer.error.empty()) << name << share << answer.error;
            std::filesystem::remove(copy);
        }
    }
}

} // namespace
} // namespace riskmap::test
