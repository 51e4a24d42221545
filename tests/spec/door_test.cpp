// SPDX-License-Identifier: MIT
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

} // namespace
} // namespace riskmap::spec
