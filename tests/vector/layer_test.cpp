// SPDX-License-Identifier: MIT
#include <riskmap/vector/layer.hpp>
#include <riskmap/vector/stream.hpp>

#include <nlohmann/json.hpp>

#include "support.hpp"

namespace riskmap::vector {
namespace {

Layer sample() {
    Layer layer;
    layer.name = "units";
    layer.crs = Crs::parse("EPSG:4549");
    layer.fields = {
        {"code", FieldType::text}, {"people", FieldType::integer}, {"risk", FieldType::real}};
    const auto square = test::rectangle(test::grid(10, 10, 1000), 1, 1, 3, 4);
    layer.features.push_back({{std::string{"330602"}, std::int64_t{12}, 0.5}, {{}, {}, square}});
    layer.features.push_back(
        {{std::string{"越城"}, std::monostate{}, std::monostate{}}, {{}, {}, square}});
    return layer;
}

std::size_t kept(const std::filesystem::path& file, const std::string& expression) {
    LayerStream stream{file};
    stream.keep_only(expression);
    std::size_t count = 0;
    while (const auto batch = stream.next())
        count += batch->size();
    EXPECT_EQ(stream.count(), std::nullopt);
    return count;
}

TEST(Layer, AFilterSeesOneFeatureAndNoDatabase) {
    const test::Folder folder;
    const auto layer = sample();
    for (const char* name : {"a.gpkg", "a.geojson", "a.shp"}) {
        const auto file = folder / name;
        write_layer(file, layer);
        EXPECT_EQ(kept(file, "people > 11"), 1U) << name;
        EXPECT_EQ(kept(file, "people IS NULL AND code = '越城'"), 1U) << name;
        EXPECT_EQ(kept(file, "code LIKE '33%' OR risk BETWEEN 0.4 AND 0.6"), 1U) << name;
        EXPECT_EQ(kept(file, "code IN ('x', 'y')"), 0U) << name;
        for (const char* sql :
             {"people IN (SELECT 1)", "EXISTS (SELECT 1)", "load_extension('x') IS NULL", "1; DROP",
              "people IN (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i "
              "FROM n)"})
            test::expect_error(ErrorKind::input, "is not understood",
                               [&] { (void)kept(file, sql); });
    }
}

TEST(Layer, CountsRowsThatAreCutShort) {
    const test::Folder folder;
    const auto cut = [&](const std::string& text) {
        test::write_text(folder / "a.csv", text);
        return LayerStream{folder / "a.csv"}.cut_rows();
    };
    EXPECT_EQ(cut("a,b,c\n1,2,3\n4,5,6\n").rows, 0U);
    EXPECT_EQ(cut("a,b,c\n1,\"x,\ny\",3\n4,5,6").rows, 0U);       // within quotes
    EXPECT_EQ(cut("Title,\n\na,b,c\n1,2,3\n4,5,6\n\n").rows, 0U); // titles, empty rows
    EXPECT_EQ(cut("a,b\n1,2\n3,4,5\n").rows, 0U);                 // more than most
    const auto last = cut("a;b;c\n1;2;3\n4;5;6\n7;8");
    EXPECT_EQ(last.rows, 1U);
    EXPECT_EQ(last.first, 4U);
    EXPECT_EQ(last.columns, 2U);
    EXPECT_EQ(last.of, 3U);
    EXPECT_EQ(cut("a,b,c\n1,2,3\n4,5\n6,7,8\n9\n").rows, 2U);
}

TEST(Layer, ComesBackFromAGeoPackageWithNullsAndStyles) {
    const test::Folder folder;
    const auto layer = sample();
    write_geopackage(folder / "a.gpkg",
                     std::vector<Product>{{&layer, LayerStyle{"risk", "<qgis/>"}}});
    const auto back = read_layer(folder / "a.gpkg", "units");
    ASSERT_EQ(back.features.size(), 2U);
    EXPECT_EQ(text_of(back.features[1].values[back.field("code")]), "越城");
    EXPECT_FALSE(number_of(back.features[1].values[back.field("risk")]));
    EXPECT_NEAR(planar_area(back.features[0].shape.polygons), 6e6, 1e-3);
    const auto styles = read_layer(folder / "a.gpkg", "layer_styles", Geometry::none);
    ASSERT_EQ(styles.features.size(), 1U);
    EXPECT_EQ(text_of(styles.features[0].values[styles.field("f_table_name")]), "units");
    EXPECT_EQ(text_of(styles.features[0].values[styles.field("styleQML")]), "<qgis/>");
    EXPECT_EQ(layer_names(folder / "a.gpkg"), (std::vector<std::string>{"units", "layer_styles"}));
}

TEST(Layer, GeoJsonIsRfc7946) {
    const test::Folder folder;
    write_geojson(folder / "a.geojson", sample());
    const auto json = nlohmann::json::parse(test::read_text(folder / "a.geojson"));
    EXPECT_FALSE(json.contains("crs"));
    const auto& geometry = json["features"][0]["geometry"];
    const auto& ring =
        geometry["type"] == "Polygon" ? geometry["coordinates"][0] : geometry["coordinates"][0][0];
    double twice = 0;
    for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
        EXPECT_GT(ring[i][0], 119); // degrees
        EXPECT_LT(ring[i][0], 122);
        twice += ring[i][0].get<double>() * ring[i + 1][1].get<double>() -
                 ring[i + 1][0].get<double>() * ring[i][1].get<double>();
    }
    EXPECT_GT(twice, 0); // right-hand rule
    EXPECT_TRUE(json["features"][1]["properties"]["risk"].is_null());
}

TEST(Layer, SameInputSameBytes) {
    const test::Folder folder;
    const auto layer = sample();
    for (const char* name : {"a.gpkg", "b.gpkg"})
        write_geopackage(folder / name, std::vector<Product>{{&layer, LayerStyle{"risk", "x"}}});
    EXPECT_EQ(test::read_text(folder / "a.gpkg"), test::read_text(folder / "b.gpkg"));
}

TEST(Layer, ReadsAShapefileInGbk) {
    const test::Folder folder;
    auto layer = sample();
    write_shapefile(folder / "a.shp", layer);
    // Rewrite the table as an office would send it: GBK bytes, no .cpg.
    std::filesystem::remove(folder / "a.cpg");
    auto dbf = test::read_text(folder / "a.dbf");
    const std::string utf8 = "越城";
    const std::string gbk = "\xD4\xBD\xB3\xC7  ";
    const auto at = dbf.find(utf8);
    ASSERT_NE(at, std::string::npos);
    dbf.replace(at, utf8.size(), gbk);
    dbf[29] = 0; // language driver: none
    test::write_text(folder / "a.dbf", dbf);
    const auto back = read_layer(folder / "a.shp");
    EXPECT_EQ(text_of(back.features[1].values[0]), "越城");
}

TEST(Layer, CsvQuotesAndDisarmsFormulas) {
    const test::Folder folder;
    Layer layer;
    layer.fields = {{"a", FieldType::text}, {"b", FieldType::real}};
    layer.features = {{{std::string{"=cmd()"}, -1.5}},
                      {{std::string{"x,\"y\""}, std::monostate{}}}};
    write_csv(folder / "a.csv", layer);
    EXPECT_EQ(test::read_text(folder / "a.csv"), "a,b\n'=cmd(),-1.5\n\"x,\"\"y\"\"\",\n");
}

TEST(Layer, BadOnesAreToldByName) {
    const test::Folder folder;
    const auto layer = sample();
    write_geopackage(folder / "a.gpkg", std::vector<Product>{{&layer, {}}});
    test::expect_error(ErrorKind::input, "did you mean 'units'",
                       [&] { (void)read_layer(folder / "a.gpkg", "unit"); });
    test::expect_error(ErrorKind::input, "did you mean 'code'", [&] { (void)layer.field("coda"); });
    test::write_text(folder / "b.geojson", R"({"type":"FeatureCollection","features":[{"type")");
    test::expect_error(ErrorKind::input, "b.geojson",
                       [&] { (void)read_layer(folder / "b.geojson"); });
    test::write_text(folder / "c.csv", "code,x\n1,2\n");
    test::expect_error(ErrorKind::input, "no CRS", [&] { (void)read_layer(folder / "c.csv"); });
    test::expect_error(ErrorKind::usage, ".gpkg", [&] { write_layer(folder / "a.doc", layer); });
}

TEST(Layer, CoordinatesBeyondTheirCrsAreAnError) {
    auto layer = sample();
    layer.crs = Crs::parse("EPSG:4490"); // metres declared as degrees
    test::expect_error(ErrorKind::input, "CRS",
                       [&] { (void)transformed(layer, Crs::parse("EPSG:4549")); });
}

TEST(LayerStream, ReadsAgainInSmallBatches) {
    const test::Folder folder;
    Layer layer{"a", Crs::parse("EPSG:4549"), {{"n", FieldType::integer}}, {}};
    for (std::int64_t i = 0; i < 100; ++i)
        layer.features.push_back({{i}, {{{500000.0 + static_cast<double>(i), 3300000}}, {}, {}}});
    write_layer(folder / "a.gpkg", layer);
    LayerStream stream{folder / "a.gpkg"};
    EXPECT_EQ(stream.count(), 100U);
    for (int round = 0; round < 2; ++round) {
        std::int64_t next = 0;
        while (const auto batch = stream.next(7))
            for (const auto& source : stream.values_of(*batch)) {
                EXPECT_EQ(source.feature.values[0], Value{next});
                EXPECT_EQ(source.type, ShapeType::point);
                EXPECT_EQ(source.fid, ++next);
            }
        EXPECT_EQ(next, 100);
        EXPECT_FALSE(stream.next());
        stream.rewind();
    }
}

TEST(LayerStream, TakesTheEncodingFromTheBytes) {
    const test::Folder folder;
    // A name that is UTF-8 by chance does not make a GBK table UTF-8.
    test::write_text(folder / "a.csv", "name,n\n\xC1\xAA\xCD\xA8,1\n\xC9\xDC\xD0\xCB,2\n");
    const auto layer = read_layer(folder / "a.csv", {}, Geometry::none);
    EXPECT_EQ(text_of(layer.features[0].values[0]), "联通");
    EXPECT_EQ(text_of(layer.features[1].values[0]), "绍兴");
    EXPECT_EQ((LayerStream{folder / "a.csv"}.encoding()), "GB18030");
    EXPECT_EQ((LayerStream{folder / "a.csv", {}, "UTF-8"}.encoding()), "UTF-8");
    test::write_text(folder / "b.csv", "name,n\nabc,1\n");
    EXPECT_EQ((LayerStream{folder / "b.csv"}.encoding()), "UTF-8");
}

TEST(LayerStream, DatesAreIso) {
    const test::Folder folder;
    test::write_text(folder / "a.geojson",
                     R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":)"
                     R"({"d":"2020-01-31"},"geometry":null},{"type":"Feature","properties":)"
                     R"({"d":"2021-12-01"},"geometry":null}]})");
    const auto layer = read_layer(folder / "a.geojson", {}, Geometry::none);
    EXPECT_EQ(text_of(layer.features[0].values[0]), "2020-01-31");
}

TEST(Layer, CsvDisarmsEverySignThatBeginsAFormula) {
    test::Folder folder;
    Layer layer{"x", {}, {{"a", FieldType::text}}, {}};
    for (const char* text : {"=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "\rx", "a=b"})
        layer.features.push_back({{std::string{text}}, {}});
    write_csv(folder / "a.csv", layer);
    EXPECT_EQ(test::read_text(folder / "a.csv"),
              "a\n'=1+1\n'+cmd|' /C calc'!A0\n'-2+3\n'@SUM(A1)\n'\tx\n\"'\rx\"\na=b\n");
}

TEST(Layer, WhatIsWrittenIsReadAgainHolesAndAllAndDegreesInGeoJson) {
    const test::Folder folder;
    auto layer = sample();
    const auto g = test::grid(10, 10, 1000);
    layer.features[0].shape.polygons[0].holes.push_back(test::rectangle(g, 1.5, 2, 2, 3)[0].outer);
    layer.features[1].values[2] = test::none;
    const double area = planar_area(layer.features[0].shape.polygons);
    EXPECT_NEAR(area, 6e6 - 5e5, 1);
    for (const char* name : {"a.gpkg", "a.shp", "a.geojson"}) {
        write_layer(folder / name, layer);
        const auto back = read_layer(folder / name);
        ASSERT_EQ(back.features.size(), 2U) << name;
        EXPECT_EQ(back.features[0].shape.polygons.at(0).holes.size(), 1U) << name;
        const auto placed = transformed(back, layer.crs);
        EXPECT_NEAR(planar_area(placed.features[0].shape.polygons) / area, 1, 1e-4) << name;
        EXPECT_FALSE(number_of(back.features[1].values[back.field("risk")])) << name;
        EXPECT_FALSE(number_of(back.features[1].values[back.field("people")])) << name;
    }
    const auto json = nlohmann::json::parse(test::read_text(folder / "a.geojson"));
    const auto* corner = &json["features"][0]["geometry"]["coordinates"];
    while ((*corner)[0].is_array())
        corner = &(*corner)[0];
    EXPECT_NEAR((*corner)[0].get<double>(), 120.5, 0.1);
    EXPECT_NEAR((*corner)[1].get<double>(), 29.8, 0.1);
    EXPECT_TRUE(json["features"][1]["properties"]["risk"].is_null());
}

TEST(Layer, ColumnsOfOneNameAreToldApart) {
    const test::Folder folder;
    Layer layer{"x",
                {},
                {{"a", FieldType::text},
                 {"A", FieldType::text},
                 {"a_2", FieldType::text},
                 {"", FieldType::text}},
                {}};
    layer.features.push_back(
        {{std::string{"1"}, std::string{"2"}, std::string{"3"}, std::string{"4"}}, {}});
    write_csv(folder / "a.csv", layer);
    EXPECT_EQ(test::read_text(folder / "a.csv"), "a,A_3,a_2,列4\n1,2,3,4\n");
}

TEST(Layer, TheStyleOfAProductIsTheOneThatQgisTakes) {
    const test::Folder folder;
    const auto layer = sample();
    write_geopackage(folder / "a.gpkg",
                     std::vector<Product>{{&layer, LayerStyle{"risk", "<qgis/>"}}});
    const auto styles = read_layer(folder / "a.gpkg", "layer_styles", Geometry::none);
    ASSERT_EQ(styles.features.size(), 1U);
    const auto value = [&](const char* field) {
        return text_of(styles.features[0].values[styles.field(field)]);
    };
    EXPECT_EQ(value("f_table_name"), "units");
    EXPECT_EQ(value("f_geometry_column"), "geom");
    EXPECT_EQ(value("styleQML"), "<qgis/>");
    EXPECT_EQ(value("useAsDefault"), "1");
    EXPECT_EQ(value("f_table_catalog"), ""); // NULL there makes QGIS pass it over
}

} // namespace
} // namespace riskmap::vector
