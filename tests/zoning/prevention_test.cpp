// SPDX-License-Identifier: MIT
#include <riskmap/zoning/names.hpp>
#include <riskmap/zoning/prevention.hpp>

#include "support.hpp"

namespace riskmap::zoning {
namespace {

TEST(Prevention, TheDefaultMatrixIsThatOfTheMethod) {
    const PreventionMatrix matrix;
    const char* rows[] = {"KKKKS", "KKSSS", "SSSGG", "SGGGG", "GGGGG"};
    for (int risk = 5; risk >= 1; --risk)
        for (int capacity = 1; capacity <= 5; ++capacity)
            EXPECT_EQ(letter_of(matrix(risk, capacity)), rows[5 - risk][capacity - 1])
                << risk << " " << capacity;
}

TEST(Prevention, RefusesOtherShapes) {
    test::expect_error(ErrorKind::input, "4 rows",
                       [] { (void)PreventionMatrix::parse(std::vector<std::string>(4, "KKKKK")); });
    test::expect_error(ErrorKind::input, "5 classes",
                       [] { (void)PreventionMatrix::parse(std::vector<std::string>(5, "KKKK")); });
    test::expect_error(ErrorKind::input, "'X'",
                       [] { (void)PreventionMatrix::parse(std::vector<std::string>(5, "KKKKX")); });
}

TEST(Prevention, MeasuresOfTheDominantHazards) {
    MeasureTable table;
    table.add("flood", PreventionClass::key, "dykes");
    table.add("typhoon", PreventionClass::key, "shelters");
    const std::vector<std::string> hazards{"typhoon", "drought", "flood"};
    EXPECT_EQ(table.measures(hazards, PreventionClass::key), "shelters; dykes");
    EXPECT_EQ(table.measures(hazards, PreventionClass::general), "");
}

TEST(DominantHazards, HaveAQuarterOrAreTheLargest) {
    EXPECT_EQ(dominant_hazards(std::vector<double>{0.3, 0.1, 0.6}),
              (std::vector<std::size_t>{2, 0}));
    EXPECT_EQ(dominant_hazards(std::vector<double>{0.2, 0.2, 0.21, 0.2, 0.19}),
              (std::vector<std::size_t>{2}));
    EXPECT_EQ(dominant_hazards(std::vector<double>{0.25, 0.25, 0.25, 0.25}).size(), 3U);
    EXPECT_TRUE(dominant_hazards(std::vector<double>{0, 0}).empty());
    EXPECT_TRUE(dominant_hazards(std::vector<double>{test::none}).empty());
}

TEST(Names, OfZones) {
    const std::vector<Words> hazards{{"地质灾害", "landslide"}, {"台风", "typhoon"}};
    const auto name = zone_name({"会稽山", "Kuaiji"}, landform_words(400, 350), hazards,
                                {"中高", "upper middle"});
    EXPECT_EQ(name.zh, "会稽山低山 地质灾害-台风 中高风险区");
    EXPECT_EQ(name.en, "Kuaiji low mountains, landslide-typhoon, upper middle risk zone");
    EXPECT_EQ(zone_code("330600", 4, 3), "330600-4-03");
    EXPECT_EQ(landform_words(5, 10).zh, "平原");
    EXPECT_EQ(landform_words(120, 150).zh, "丘陵");
    EXPECT_EQ(landform_words(1200, 500).zh, "中山");
    EXPECT_EQ(landform_words(test::none, 1).zh, "");
}

TEST(Names, OfLandformsGoByHeightAndRelief) {
    const auto form = [](double height, double relief) {
        return landform_words(height, relief).en;
    };
    EXPECT_EQ(form(5, 29), "plain");
    EXPECT_EQ(form(2000, 29), "plain"); // a high plain
    EXPECT_EQ(form(5, 30), "hills");
    EXPECT_EQ(form(5, 199), "hills");
    EXPECT_EQ(form(999, 200), "low mountains");
    EXPECT_EQ(form(1000, 200), "middle mountains");
    EXPECT_EQ(form(3500, 200), "high mountains");
    EXPECT_EQ(form(std::nan(""), 1), "");
}

} // namespace
} // namespace riskmap::zoning
