// SPDX-License-Identifier: MIT
#include <riskmap/atlas/curve.hpp>
#include <riskmap/atlas/export.hpp>
#include <riskmap/atlas/picture.hpp>
#include <riskmap/atlas/style.hpp>

#include "support.hpp"
#include "tools/program.hpp"

namespace riskmap::atlas {
namespace {

TEST(Style, HasWordsAndColoursOfAllLevels) {
    for (const char* name : {"risk", "capacity"})
        for (int level = 1; level <= 5; ++level) {
            EXPECT_FALSE(style(name).at(level).words.zh.empty());
            EXPECT_FALSE(style(name).at(level).words.en.empty());
        }
    EXPECT_EQ(style("risk").at(5).words.zh, "高");
    EXPECT_EQ(style("risk").at(5).colour, (Colour{0xd7, 0x30, 0x1f}));
    EXPECT_EQ(style("prevention").classes.size(), 3U);
    test::expect_error(ErrorKind::usage, "unknown style", [] { (void)style("none"); });
}

TEST(Style, QmlNamesEveryClassAndEscapes) {
    const auto polygons = polygon_symbology(style("risk"), "le<vel", Language::zh);
    EXPECT_NE(polygons.find("attr=\"le&lt;vel\""), std::string::npos);
    for (const auto& c : style("risk").classes)
        EXPECT_NE(polygons.find("label=\"" + c.words.zh + "\""), std::string::npos);
    EXPECT_NE(surface_symbology(style("surface"), 0, 2).find("#d7301f"), std::string::npos);
    const std::vector<raster::ClassEntry> classes{{7, "a & b", 1, 2, 255}};
    EXPECT_NE(class_symbology(classes).find(R"(value="7" label="a &amp; b" color="#0102ff")"),
              std::string::npos);
    const std::vector<vector::Field> fields{{"risk", vector::FieldType::real, "风险<1>"},
                                            {"code", vector::FieldType::text}};
    EXPECT_EQ(field_aliases(fields),
              R"(<aliases><alias field="risk" name="风险&lt;1&gt;"/></aliases>)");
    EXPECT_TRUE(qml("<pipe/>").ends_with("<pipe/></qgis>"));
}

TEST(Style, TheRampRunsFromItsFirstToItsLastColour) {
    EXPECT_EQ(ramp_colour(style("surface"), -1), style("surface").classes.front().colour);
    EXPECT_EQ(ramp_colour(style("surface"), 1), style("surface").classes.back().colour);
    EXPECT_EQ(ramp_colour(style("surface"), 0.5), style("surface").at(500).colour);
}

TEST(Export, WritesEveryFormatOfEveryProduct) {
    const test::Folder folder;
    std::filesystem::create_directories(folder / "out/330600");
    std::filesystem::create_directories(folder / "out/.work");
    raster::RasterSpec spec;
    spec.type = raster::CellType::byte;
    spec.classes = class_entries(style("risk"), Language::zh);
    raster::Writer writer{folder / "out/330600/risk_level.tif", test::grid(2, 2, 100), spec};
    writer.write({0, 0, 2, 2}, std::vector<double>{1, 5, test::none, 3});
    writer.commit();
    vector::Layer layer;
    layer.name = "units";
    layer.crs = Crs::parse("EPSG:4549");
    layer.fields = {{"code", vector::FieldType::text}};
    layer.features = {
        {{std::string{"x"}}, {{}, {}, test::rectangle(test::grid(2, 2, 100), 0, 0, 1, 2)}}};
    vector::write_layer(folder / "out/330600/units.gpkg", layer);
    const auto formats = parse_export_formats("cog,png,geojson,gpkg,shp");
    const auto files = export_run(folder / "out", formats, folder / "to", Overwrite::no, {});
    EXPECT_EQ(files.size(), 5U);
    for (const auto& file : files)
        EXPECT_TRUE(std::filesystem::exists(file)) << file;
    const raster::Reader copy{folder / "to/330600/risk_level.tif"};
    EXPECT_EQ(copy.categories().at(5), "高");
    EXPECT_EQ(copy.read(Window{1, 0, 1, 1})[0], 5);
    test::expect_error(ErrorKind::input, "exists already", [&] {
        (void)export_run(folder / "out", formats, folder / "to", Overwrite::no, {});
    });
    test::expect_error(ErrorKind::input, "no products", [&] {
        (void)export_run(folder / "to/330600", formats, folder / "x", Overwrite::no, {});
    });
    test::expect_error(ErrorKind::usage, "same file names",
                       [] { (void)parse_export_formats("gtiff,cog"); });
    test::expect_error(ErrorKind::usage, "did you mean 'geojson'",
                       [] { (void)parse_export_formats("geojsn"); });
}

/// The texts of an SVG that hold `part`, with where they are anchored.
std::vector<std::string> texts_with(const std::string& svg, const std::string& part) {
    std::vector<std::string> texts;
    std::istringstream lines{svg};
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("<text") && line.find(part) != std::string::npos)
            texts.push_back(line);
    return texts;
}

TEST(Curve, EscapesItsTextsAndKeepsThemApart) {
    const std::vector<Point> points{{0, 0.1}, {1, 0.3}, {2, 0.501}};
    const auto svg = curve_svg(points, 0.5, {"<a> & \"b\"", "x", "y"});
    EXPECT_EQ(svg.find("<a>"), std::string::npos);
    EXPECT_NE(svg.find("&lt;a&gt; &amp;"), std::string::npos);
    // The goal stands at the left, what is reached at the right end of the curve.
    const auto reached = texts_with(svg, ">50.1 %<");
    ASSERT_EQ(reached.size(), 1U);
    EXPECT_NE(reached[0].find("text-anchor=\"end\""), std::string::npos);
    const auto goal = texts_with(svg, ">50 %<");
    EXPECT_TRUE(std::any_of(goal.begin(), goal.end(), [](const std::string& text) {
        return text.find("text-anchor=\"start\"") != std::string::npos;
    }));
    EXPECT_EQ(curve_svg(points, 0, {"t", "x", "y"}).find("dasharray"), std::string::npos);
}

TEST(Style, QmlIsXmlWhateverIsInNames) {
    const std::string bad = "<&\"'>]]>";
    Style style{atlas::style("risk")};
    style.classes[0].words = {bad, bad};
    const std::vector<raster::ClassEntry> classes{{1, bad, 1, 2, 3}};
    const std::vector<vector::Field> fields{{bad, vector::FieldType::real, bad}};
    const test::Folder folder;
    int n = 0;
    for (const auto& parts : {polygon_symbology(style, bad, Language::zh), class_symbology(classes),
                              field_aliases(fields), symbology(symbol("camera"), bad),
                              surface_symbology(atlas::style("surface"), 0, 1)}) {
        const auto text = qml(parts);
        test::write_text(folder / "a.qml", text);
        const auto parsed =
            test::shell("python3 -c \"import xml.dom.minidom as m; print(m.parse('a.qml')"
                        ".toxml().count('&lt;&amp;'))\"",
                        folder.path());
        EXPECT_EQ(parsed.status, 0) << text << parsed.error;
        if (n++ < 4) {
            EXPECT_NE(parsed.out, "0\n") << text; // the name is still there
        }
    }
}

} // namespace
} // namespace riskmap::atlas
