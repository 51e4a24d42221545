// SPDX-License-Identifier: MIT
#include <riskmap/spec/spec.hpp>

#include <set>

#include "support.hpp"

namespace riskmap::spec {
namespace {

std::vector<vector::Field> fields(std::initializer_list<const char*> names) {
    std::vector<vector::Field> out;
    for (const auto* name : names)
        out.push_back({name, vector::FieldType::text});
    return out;
}

TEST(Spec, BuiltInOnesAreConsistent) {
    std::set<std::string> ids;
    for (const auto& spec : built_in_specs()) {
        EXPECT_TRUE(ids.insert(spec.id).second) << spec.id;
        EXPECT_FALSE(spec.title.zh.empty() || spec.title.en.empty()) << spec.id;
        std::set<std::string> names;
        for (const auto& field : spec.fields) {
            EXPECT_TRUE(names.insert(field.name).second) << spec.id << "." << field.name;
            EXPECT_FALSE(field.title.zh.empty() || field.title.en.empty()) << field.name;
            EXPECT_EQ(field.kind == FieldKind::code, !field.digits.empty()) << field.name;
        }
        if (!spec.parent_field.empty()) {
            EXPECT_NE(spec.field(spec.parent_field), nullptr) << spec.id;
        }
    }
    for (const auto& spec : built_in_specs()) {
        if (!spec.parent.empty()) {
            EXPECT_TRUE(ids.contains(spec.parent)) << spec.id;
        }
        for (const auto& sum : spec.sums)
            EXPECT_TRUE(ids.contains(sum.to)) << spec.id;
    }
    EXPECT_GE(ids.size(), 30U);
}

TEST(Spec, PagesAreThoseInDocs) {
    EXPECT_EQ(test::read_text(RISKMAP_SOURCE_DIR "/docs/layers.md"), spec_page(built_in_specs()))
        << "run: riskmap check --layers > docs/layers.md";
}

TEST(Spec, LayersAreRecognisedByName) {
    const auto id = [](const char* layer, const char* file, Form form) {
        const auto* spec = recognised(built_in_specs(), layer, file, form);
        return spec == nullptr ? std::string{} : spec->id;
    };
    EXPECT_EQ(id("townships", "x", Form::shapes), "townships");
    EXPECT_EQ(id("绍兴市乡镇界2020", "x", Form::shapes), "townships");
    EXPECT_EQ(id("XZJ", "x", Form::shapes), "townships");
    EXPECT_EQ(id("layer1", "公路_2021", Form::shapes), "roads");
    EXPECT_EQ(id("", "flood_depth_100yr_60m", Form::raster), "flood_depth");
    EXPECT_EQ(id("", "rain_24h_50yr_30s", Form::raster), "rain");
    EXPECT_EQ(id("", "train_stations", Form::raster), ""); // "rain" is no word of it
    EXPECT_EQ(id("terrain", "terrain", Form::shapes), "");
    EXPECT_EQ(id("shelter_candidates", "", Form::shapes), "shelter_candidates");
}

TEST(Spec, FieldsAreMappedByTheirNames) {
    const auto& townships = spec_named(built_in_specs(), "townships");
    const auto names = fields({"XZQDM", "乡镇名称", "总人口（人）", "area"});
    const auto map = map_fields(townships, names, {}, false);
    EXPECT_EQ(map.of[0], 0U);
    EXPECT_EQ(map.of[1], 1U);
    EXPECT_FALSE(map.of[2]);
    EXPECT_EQ(map.of[3], 2U);
    // Its own name goes before another one that it may have.
    const auto both = map_fields(townships, fields({"dm", "code"}), {}, false);
    EXPECT_EQ(both.of[0], 1U);
    const std::vector<std::pair<std::string, std::string>> pairs{{"dm", "code"}};
    const auto said = map_fields(townships, fields({"dm", "code"}), pairs, false);
    EXPECT_EQ(said.of[0], 0U);
    EXPECT_EQ(said.rivals.size(), 1U);
    const auto cut = map_fields(townships, fields({"county_cod", "populatio"}), {}, true);
    EXPECT_EQ(cut.of[2], 0U);
    EXPECT_FALSE(cut.of[3]);
    EXPECT_FALSE(map_fields(townships, fields({"county_cod"}), {}, false).of[2]);
    const std::vector<std::pair<std::string, std::string>> wrong{{"none", "code"}};
    test::expect_error(ErrorKind::input, "no field 'none' (asked for as code)",
                       [&] { (void)map_fields(townships, names, wrong, false); });
}

TEST(Spec, SlipsAreToldWithTheirLine) {
    const auto refused = [](const std::string& text, const std::string& part) {
        test::expect_error(ErrorKind::input, part, [&] { (void)parse_specs(text, "my.toml"); });
    };
    refused("title = ", "my.toml:1");
    refused("[[layer]]\nid = \"a\"\ngeometry = \"point\"\ncovrage = true\n",
            "did you mean 'coverage'");
    refused("[[layer]]\ngeometry = \"point\"\n", "'id' is missing");
    refused("[[layer]]\nid = \"a\"\ngeometry = \"circle\"\n", "'circle' is not known");
    refused("[[layer]]\nid = 3\n", "must be a text");
    refused("layer = 3\n", "must be a list");
    refused("layer = [3]\n", "must be [[layer]]");
    refused("[[layer]]\nid = \"a\"\ngeometry = \"point\"\n[[layer.field]]\nname = \"x\"\ntype = "
            "\"real\"\n",
            "type 'real' is not known");
    refused("[[layer]]\nid = \"a\"\ngeometry = \"raster\"\nrange = [3, 1]\n", "two rising numbers");
    refused(
        "[[layer]]\nid = \"a\"\ngeometry = \"none\"\n[[layer.sum]]\nfield = \"x\"\nto = \"b\"\n",
        "no field 'x'");
}

} // namespace
} // namespace riskmap::spec
