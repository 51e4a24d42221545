// SPDX-License-Identifier: MIT
#include <deque>
#include <fstream>

#include <gtest/gtest.h>

#include <riskmap/core/error.hpp>
#include <riskmap/spec/door.hpp>

#include "support.hpp"

namespace riskmap::spec {
namespace {

const char* const villages_text = R"([[layer]]
id = "places"
geometry = "point"
[[layer.field]]
name = "id"
type = "text"
[[layer.field]]
name = "people"
type = "number"
)";

/// A table keeps to its specification for as long as it lives.
const LayerSpec& places_spec() {
    static const auto specs = parse_specs(villages_text, "places.toml");
    return specs[0];
}

TEST(Source, IsReadFromTheWordsOfACommand) {
    const auto source =
        Source::parse("city.gpkg:roads crs=EPSG:4549 encoding=GBK fields=NAME=name,#3=closed "
                      "units=width=km where=kind = 'main' nodata=-1 where-nodata=0");
    EXPECT_EQ(source.file, "city.gpkg");
    EXPECT_EQ(source.layer, "roads");
    EXPECT_EQ(source.crs, "EPSG:4549");
    EXPECT_EQ(source.encoding, "GBK");
    EXPECT_EQ(source.fields, (Pairs{{"NAME", "name"}, {"#3", "closed"}}));
    EXPECT_EQ(source.units, (Pairs{{"width", "km"}}));
    EXPECT_EQ(source.where, "kind = 'main'");
    EXPECT_EQ(source.nodata, -1);
    EXPECT_EQ(source.where_nodata, 0);
    EXPECT_EQ(source.label(), "city.gpkg:roads");
    test::expect_error(ErrorKind::usage, "colour", [] { (void)Source::parse("a.tif colour=3"); });
}

TEST(Door, ItsAccountBalances) {
    vector::Layer layer;
    layer.name = "places";
    layer.crs = Crs::parse("EPSG:4549");
    layer.fields = {{"id", vector::FieldType::text}, {"people", vector::FieldType::text}};
    const auto add = [&](const char* id, vector::Value people, Point at) {
        layer.features.push_back({{std::string{id}, std::move(people)}, {{at}, {}, {}}});
    };
    add("a", std::string{"1,200"}, {550000, 3300000});
    add("b", std::string{"300"}, {551000, 3300000});
    add("c", vector::Value{}, {552000, 3300000});
    add("d", std::string{"无"}, {553000, 3300000});
    add("e", std::string{"77"}, {0, 0});
    layer.features.push_back({{std::string{"f"}, std::string{"10"}}, {}});

    const test::Folder folder;
    Source source;
    source.file = folder / "places.gpkg";
    vector::write_layer(source.file, layer);
    Door door;
    auto table = door.table(source, places_spec(), Shapes::points);
    const auto people = table.numbers("people");
    ASSERT_EQ(people.size(), 4U);
    EXPECT_EQ(people[0], 1200);
    EXPECT_EQ(people[1], 300);
    EXPECT_TRUE(std::isnan(people[2]));
    EXPECT_TRUE(std::isnan(people[3]));

    const auto accounts = door.accounts();
    ASSERT_EQ(accounts.size(), 1U);
    const auto& account = accounts[0];
    EXPECT_EQ(account.rows, 6U);
    EXPECT_EQ(account.dropped_rows(), 2U);
    for (const auto& field : account.fields)
        if (field.field == "people") {
            EXPECT_EQ(field.read, 2U);
            EXPECT_EQ(field.converted, 1U);
            EXPECT_EQ(field.unknown, 2U);
            EXPECT_EQ(field.read + field.defaulted + field.unknown + account.dropped_rows(),
                      account.rows);
        }
    EXPECT_NE(account.line(Language::en).find("2 unknown"), std::string::npos)
        << account.line(Language::en);
}

TEST(Door, RefusesANumberInWordsWithItsRow) {
    vector::Layer layer;
    layer.name = "places";
    layer.crs = Crs::parse("EPSG:4549");
    layer.fields = {{"id", vector::FieldType::text}, {"people", vector::FieldType::text}};
    layer.features.push_back(
        {{std::string{"a"}, std::string{"12"}}, {{{550000, 3300000}}, {}, {}}});
    layer.features.push_back(
        {{std::string{"b"}, std::string{"about 5"}}, {{{551000, 3300000}}, {}, {}}});
    const test::Folder folder;
    Source source;
    source.file = folder / "places.gpkg";
    vector::write_layer(source.file, layer);
    test::expect_error(ErrorKind::input, "row 2", [&] {
        Door door;
        auto table = door.table(source, places_spec(), Shapes::points);
        (void)table.numbers("people");
    });
}

/// What a table says of a CSV, as a clerk has it.
std::string told(const std::string& csv, const char* spec_text, Shapes shapes,
                 const std::string& words = {}) {
    static std::deque<std::vector<LayerSpec>> specs; // a table keeps to its own
    specs.push_back(parse_specs(spec_text, "own.toml"));
    const test::Folder folder;
    test::write_text(folder / "t.csv", csv);
    auto source = Source::parse((folder / "t.csv").string() + words);
    Door door;
    auto table = door.table(source, specs.back()[0], shapes);
    for (const auto& field : specs.back()[0].fields)
        if (field.kind == FieldKind::number)
            (void)table.numbers(field.name);
    std::string all = table.layer().crs.empty() ? "" : table.layer().crs.name() + "\n";
    for (const auto& remark : table.account().remarks)
        all += remark.en + "\n";
    for (const auto& dropped : table.account().dropped)
        all += std::to_string(dropped.rows) + " " + dropped.reason.en + "\n";
    return all + std::to_string(table.size()) + " rows";
}

const char* const needing = R"([[layer]]
id = "places"
geometry = "point"
[[layer.field]]
name = "people"
title = "人口"
type = "number"
required = true
names = ["rk", "zrk"]
)";

TEST(Table, RefusesWhatItsSpecificationCannotDoWithout) {
    const auto refused = [](const std::string& csv, const std::string& why,
                            Shapes shapes = Shapes::none) {
        test::expect_error(ErrorKind::input, why, [&] { (void)told(csv, needing, shapes); });
    };
    refused("lon,lat,name\n120,30,a\n", "has no field people");
    refused("人口（人）,人口\n1,2\n", "could both be people");
    refused("人口,名\n1,a\n", "has no places", Shapes::points);
    refused("x,y,人口\n551000,3300000,1\n", "has no CRS", Shapes::points);
    EXPECT_EQ(told("人口（人）,人口\n1,2\n", needing, Shapes::none, " fields=人口=people"),
              "1 rows");
}

TEST(Table, TakesLongitudesAndLatitudesForCgcs2000AndSaysSo) {
    const auto said = told("经度,纬度,人口\n120.1,30.1,5\n", needing, Shapes::points);
    EXPECT_NE(said.find("EPSG:4490"), std::string::npos) << said;
    EXPECT_NE(said.find("taken for CGCS2000"), std::string::npos) << said;
}

TEST(Table, LeavesOutWhatLiesNowhereAndSaysWhyAndHowMany) {
    std::string csv = "lon,lat,people\n";
    for (int i = 0; i < 12; ++i)
        csv += "120." + std::to_string(10 + i) + ",30.1,5\n";
    csv += "0,0,7\n0,0,8\n12.01,30.1,9\n,,3\n";
    const auto said = told(csv, needing, Shapes::points, " crs=EPSG:4490");
    EXPECT_NE(said.find("2 at (0, 0)"), std::string::npos) << said;
    EXPECT_NE(said.find("1 far from all others"), std::string::npos) << said;
    EXPECT_NE(said.find("1 no geometry"), std::string::npos) << said;
    EXPECT_NE(said.find("12 rows"), std::string::npos) << said;
}

} // namespace
} // namespace riskmap::spec
