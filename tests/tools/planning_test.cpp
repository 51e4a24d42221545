// SPDX-License-Identifier: MIT
// Roads, shelters and what happens to them as in a real city, through the whole program. The inputs
// are described in tests/data/cases/README.md; the right answers are reckoned by hand here.
#include <nlohmann/json.hpp>

#include <riskmap/vector/layer.hpp>

#include "program.hpp"

namespace riskmap::test {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

/// A case, and a folder for what comes of it.
class Case {
  public:
    explicit Case(const std::string& name)
        : m_in{fs::path{RISKMAP_SOURCE_DIR} / "tests/data/cases/planning" / name} {}

    Answer run(const std::string& arguments) const { return program(arguments, m_in); }
    /// Evaluates villages and shelters; `roads` is a layer, or empty.
    Answer evaluate(const std::string& roads, const std::string& more,
                    const std::string& shelters = "shelters") const {
        return run("shelters evaluate --json --overwrite --demand c.gpkg:villages:population "
                   "--existing c.gpkg:" +
                   shelters + (roads.empty() ? "" : " --roads c.gpkg:" + roads) + " " + more +
                   " -o " + out());
    }
    std::string out() const { return (m_out / "o.gpkg").string(); }
    vector::Layer layer(const std::string& name) const { return vector::read_layer(out(), name); }
    fs::path file(const std::string& name) const { return m_out / name; }

  private:
    fs::path m_in;
    Folder m_out;
};

Json json_of(const Answer& answer) {
    EXPECT_EQ(answer.status, 0) << answer.error;
    return Json::parse(answer.out);
}

TEST(Planning, APlaceUsesTheMainRoadThoughAFragmentIsNearer) {
    const Case c{"c01"};
    const auto json = json_of(c.evaluate("roads", "--limit 1500m"));
    EXPECT_EQ(json["served"], 900);
    EXPECT_NEAR(json["worst_cost"], 50 + 500 + 5, 1e-6); // to the road, along it, to the shelter
}

TEST(Planning, BridgesAndTunnelsAreLevelBetweenTheirPortals) {
    const Case c{"c02"};
    for (const char* roads : {"roads", "roads_bridge"}) {
        const auto json = json_of(c.evaluate(roads, "--by tobler --dem dem.tif --limit 60min"));
        // 1.2 km on the level at 6 exp(-3.5 x 0.05) km/h.
        EXPECT_NEAR(static_cast<double>(json["worst_cost"]) / 60,
                    60 * 1.2 / (6 * std::exp(-3.5 * 0.05)), 0.05)
            << roads;
    }
}

TEST(Planning, SheltersAtOneSpotAreOne) {
    const Case c{"c07"};
    const auto two = c.evaluate("", "--limit 1500m");
    EXPECT_NE(two.error.find("within a metre of another one"), std::string::npos) << two.error;
    const auto one = json_of(c.evaluate("", "--limit 1500m", "shelters_one"));
    EXPECT_EQ(json_of(two)["shelter_list"][0]["use"], one["shelter_list"][0]["use"]);
    EXPECT_EQ(json_of(two)["shelter_list"].size(), 1U);
}

TEST(Planning, NobodyWalksThroughARiver) {
    const Case c{"c08"};
    EXPECT_EQ(json_of(c.evaluate("roads", "--limit 1500m"))["served"], 800) << "no river is given";
    const auto json = json_of(c.evaluate("roads", "--limit 1500m --barriers c.gpkg:river"));
    EXPECT_EQ(json["served"], 0);
    EXPECT_EQ(json["out_of_reach"]["too_far"], 800) << "the bridge is kilometres away";
}

TEST(Planning, SheltersThatFloodOrSlideDoNotServe) {
    const Case c{"c09"};
    const auto answer = c.evaluate("", "--limit 1500m");
    const auto json = json_of(answer);
    EXPECT_EQ(json["served"], 0);
    EXPECT_EQ(json["calm"]["served"], 1300);
    ASSERT_EQ(json["unsuitable"].size(), 2U);
    EXPECT_EQ(json["unsuitable"][0]["reasons"][0]["en"], "floods 2.5 m deep");
    EXPECT_EQ(json["unsuitable"][1]["reasons"][0]["en"], "landslide level 5");
    EXPECT_NE(answer.error.find("2 of 2 shelters that exist are unsuitable"), std::string::npos);
    const auto layer = c.layer("existing");
    EXPECT_EQ(vector::text_of(layer.features[0].values[layer.field("fault")]), "floods 2.5 m deep");
    // The plan replaces them; a raster of the flood goes before the fields.
    const std::string plan = "shelters plan --demand c.gpkg:villages:population --existing "
                             "c.gpkg:shelters --candidates c.gpkg:candidates --limit 1500m "
                             "--overwrite --report " +
                             c.file("p.json").string() + " -o " + c.out();
    const auto sites = [&](const std::string& more) {
        const auto planned = c.run(plan + more);
        EXPECT_EQ(planned.status, 0) << planned.error;
        std::set<std::string> ids;
        const auto written = Json::parse(read_text(c.file("p.json")));
        for (const auto& site : written["sites"])
            ids.insert(site["id"]);
        return ids;
    };
    EXPECT_EQ(sites(" --sites 2"), (std::set<std::string>{"C1", "C2"}));
    EXPECT_EQ(sites(" --sites 2 --flood flood.tif"), (std::set<std::string>{"C2"}));
    EXPECT_NE(c.run(plan + " --sites 1")
                  .error.find("on a calm day (all shelters serve, all roads are "
                              "open): 1300 of 1300 people"),
              std::string::npos);
    const auto fewer = c.run(plan + " --sites 2 --flood flood.tif");
    EXPECT_NE(fewer.error.find("1 of 2 new shelters are in the plan: no more than 1 of 3"),
              std::string::npos)
        << fewer.error;
}

TEST(Planning, DrivingNeedsRoadsAndHeedsOneWayStreets) {
    const Case c{"c11"};
    const auto without = c.evaluate("", "--limit 20min --by drive");
    EXPECT_EQ(without.status, 2);
    EXPECT_NE(without.error.find("no roads to drive on"), std::string::npos) << without.error;
    EXPECT_EQ(json_of(c.evaluate("roads", "--limit 4000m --by drive"))["served"], 0);
    EXPECT_EQ(json_of(c.evaluate("roads", "--limit 4000m"))["served"], 800);
}

TEST(Planning, ClassesHaveTheirOwnAreaAndRadius) {
    const Case c{"c15"};
    EXPECT_EQ(json_of(c.evaluate("", "--limit 1500m"))["capacity"], 2000 + 500 + 333 + 222);
    const auto json = json_of(c.evaluate("", "--limit 1500m --class 紧急=0.5:500m --class 短期=2 "
                                             "--class 中期=3 --class 长期=4.5"));
    // The second village is 700 m x 1.3 from the emergency shelter, beyond its 500 m.
    EXPECT_EQ(json["shelter_list"][0]["people_within"], 3000);
    EXPECT_EQ(json["shelter_list"][1]["people_within"], 3500);
}

TEST(Planning, ServedMeansAPlaceWhereCapacitiesAreAsked) {
    const Case c{"c17"};
    const auto planned =
        c.run("shelters plan --demand c.gpkg:villages:population --candidates c.gpkg:candidates "
              "--limit 1500m --sites 2 --capacities --overwrite --report " +
              c.file("p.json").string() + " -o " + c.out());
    ASSERT_EQ(planned.status, 0) << planned.error;
    EXPECT_NE(planned.error.find("2000 of 5300 people (37.74 %) have a place"), std::string::npos)
        << planned.error;
    const auto json = Json::parse(read_text(c.file("p.json")));
    EXPECT_EQ(json["after"]["served"], 2000);
    EXPECT_EQ(json["after"]["out_of_reach"]["no_place"], 3300);
    EXPECT_EQ(json["curve"][2]["served"], 2000);
    const auto placements = c.layer("placements");
    double placed = 0;
    for (const auto& row : placements.features)
        placed += *parse_number(vector::text_of(row.values[placements.field("people")]));
    EXPECT_EQ(placed, 2000);
}

TEST(Planning, FerriesAndRoadsToComeAreNotWalked) {
    const Case c{"c20"};
    for (const auto& [roads, why] :
         {std::pair{"roads", "ferry 1"}, std::pair{"roads_access", "foot=no 1"},
          std::pair{"roads_constr", "construction 1"}, std::pair{"roads_proposed", "proposed 1"}}) {
        const auto answer = c.evaluate(roads, "--limit 4000m");
        EXPECT_EQ(json_of(answer)["served"], 0) << roads;
        EXPECT_NE(answer.error.find(why), std::string::npos) << answer.error;
    }
    EXPECT_EQ(json_of(c.evaluate("roads_constr", "--limit 4000m --not-entered motorway"))["served"],
              800);
    const auto none = c.evaluate("roads_constr", "--limit 4000m --where \"highway = 'primary'\"");
    EXPECT_EQ(none.status, 1) << "a filter that leaves nothing is a mistake";
}

TEST(Planning, WhoIsNeverReachedIsNotCutOff) {
    const Case c{"c26"};
    const auto answer =
        c.run("isolation --json --overwrite --settlements c.gpkg:villages:population "
              "--to shelter=c.gpkg:shelters --roads c.gpkg:roads --closed-by floods "
              "-o " +
              c.out());
    const auto json = json_of(answer);
    EXPECT_EQ(json["people_cut_off"], 900);
    EXPECT_EQ(json["people_never_reached"], 550);
    EXPECT_EQ(json["people_door_closed"], 0);
    EXPECT_NE(answer.error.find("1 of 1 places 'shelter' lie on roads that are closed"),
              std::string::npos)
        << answer.error;
    const auto layer = c.layer("settlements");
    std::map<std::string, std::string> state;
    for (const auto& feature : layer.features)
        state[vector::text_of(feature.values[layer.field("id")])] =
            vector::text_of(feature.values[layer.field("state")]);
    EXPECT_EQ(state, (std::map<std::string, std::string>{
                         {"FAR", "2"}, {"V1", "1"}, {"V2", "1"}, {"V3", "2"}}));
}

TEST(Planning, APlantIsAnArea) {
    const Case c{"c42"};
    const auto excluded = [&](const std::string& plants) {
        const auto planned =
            c.run("shelters plan --demand c.gpkg:villages:population --candidates "
                  "c.gpkg:candidates --limit 1500m --sites 1 --overwrite --plants c.gpkg:" +
                  plants + " --report " + c.file("p.json").string() + " -o " + c.out());
        EXPECT_EQ(planned.status, 0) << planned.error;
        return Json::parse(read_text(c.file("p.json")))["excluded"].size();
    };
    EXPECT_EQ(excluded("plants"), 2U);
}

} // namespace
} // namespace riskmap::test
