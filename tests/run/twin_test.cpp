// SPDX-License-Identifier: MIT
// A run reckoned by hand: every figure of cells, townships and zones of two small cities.
#include <riskmap/run/run.hpp>

#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include <riskmap/core/file.hpp>

#include "certainty.hpp"
#include "twin_cities.hpp"

namespace riskmap::run {
namespace {

namespace fs = std::filesystem;
using project::read_project;
using test::TwinCities;

RunSummary run_twins(const TwinCities& twins) {
    return run(read_project(twins.file()), twins.out(), Redo::stale, {.threads = 2});
}

std::map<std::string, vector::Value> values_by_code(const fs::path& file, const std::string& layer,
                                                    const std::string& field) {
    const auto table = vector::read_layer(file, layer, vector::Geometry::none);
    std::map<std::string, vector::Value> out;
    for (const auto& row : table.features)
        out[vector::text_of(row.values[table.field("code")])] = row.values[table.field(field)];
    return out;
}

std::map<std::string, double> by_code(const fs::path& file, const std::string& layer,
                                      const std::string& field) {
    std::map<std::string, double> out;
    for (const auto& [code, value] : values_by_code(file, layer, field))
        out[code] = vector::number_of(value).value_or(test::none);
    return out;
}

std::map<std::string, std::string> texts_by_code(const fs::path& file, const std::string& layer,
                                                 const std::string& field) {
    std::map<std::string, std::string> out;
    for (const auto& [code, value] : values_by_code(file, layer, field))
        out[code] = vector::text_of(value);
    return out;
}

const test::Town& town(const std::string& code) {
    return *std::find_if(TwinCities::towns.begin(), TwinCities::towns.end(),
                         [&](auto& t) { return code == t.code; });
}

std::vector<double> cells_of(const fs::path& file) {
    const raster::Reader reader{file};
    return reader.read(reader.grid().window());
}

/// The 30 x 40 cells of one city or county, whatever the file has beyond.
std::vector<double> half_of(const TwinCities& twins, const std::string& file) {
    const raster::Reader reader{twins.out() / file};
    const double left = file[0] == '7' ? 0 : 30;
    const auto first = reader.grid().cell_at(twins.grid().from_cells({left + 0.5, 0.5}));
    return reader.read({first->column, first->row, 30, 40});
}

/// Both cities' townships together.
std::map<std::string, double> of_both(const TwinCities& twins, const std::string& product,
                                      const std::string& layer, const std::string& field) {
    auto out = by_code(twins.out() / "7" / product, layer, field);
    out.merge(by_code(twins.out() / "8" / product, layer, field));
    return out;
}

// 711 to 813, reckoned with pencil and paper: indices of weak and income are 0 to 1 in steps of
// 0.2 in the order of the codes; those of doctors (d - 1) / 8 and far (6 - f) / 5.
const std::map<std::string, double> vulnerability{{"711", 0.5}, {"712", 0.6}, {"713", 0.7},
                                                  {"811", 0.8}, {"812", 0.9}, {"813", 1}};
const std::map<std::string, double> capacity{
    {"711", (0.125 + 1.0) / 2}, {"712", (1.0 + 0.4) / 2},   {"713", 0},
    {"811", (0.625 + 0.8) / 2}, {"812", (0.375 + 0.6) / 2}, {"813", (0.25 + 0.2) / 2}};
// (0.75 flood + 0.25 storm) x people density / 5000 x vulnerability
const std::map<std::string, double> risk{
    {"711", 0.0225}, {"712", 0.18}, {"713", 0}, {"811", 0.072}, {"812", 0.2835}};
const std::map<std::string, int> level{{"711", 2}, {"712", 4}, {"713", 1}, {"811", 3}, {"812", 5}};
const std::map<std::string, double> km2{{"711", 3}, {"712", 3}, {"713", 6},
                                        {"811", 3}, {"812", 3}, {"813", 6}};
const std::map<std::string, double> people{{"711", 3000},  {"712", 6000}, {"713", 0},
                                           {"811", 12000}, {"812", 9000}, {"813", 3000}};
const std::map<std::string, double> woods_km2{{"711", 0.3}, {"712", 0.6}, {"713", 4},
                                              {"811", 0},   {"812", 0.9}, {"813", 1.5}};
const std::map<std::string, double> ways_km{{"711", 3}, {"712", 0}, {"713", 0},
                                            {"811", 3}, {"812", 0}, {"813", 0}};

/// True areas differ from those on the map by less than two in a thousand here.
constexpr double of_map = 2e-3;

void expect_all(const std::map<std::string, double>& found,
                const std::map<std::string, double>& right, const char* what) {
    ASSERT_EQ(found.size(), 6U) << what;
    for (const auto& [code, value] : found) {
        const auto at = right.find(code);
        if (at == right.end()) {
            EXPECT_TRUE(std::isnan(value)) << what << " of " << code << " is " << value;
        } else {
            EXPECT_NEAR(value, at->second, of_map * std::abs(at->second) + 1e-12)
                << what << " of " << code;
        }
    }
}

TEST(Twins, FiguresOfTownshipsAreThoseReckonedByHand) {
    const TwinCities twins;
    (void)run_twins(twins);
    const auto units = [&](const char* field) {
        return of_both(twins, "units.gpkg", "units", field);
    };
    expect_all(units("vulnerability"), vulnerability, "vulnerability");
    expect_all(units("capacity"), capacity, "capacity");
    expect_all(units("risk_mean"), risk, "mean risk");
    expect_all(units("risk_max"), risk, "greatest risk");
    expect_all(units("area_km2"), km2, "area");
    expect_all(units("people"), people, "people");
    expect_all(units("woods"), woods_km2, "woods in km2");
    expect_all(units("ways"), ways_km, "roads in km");
    for (const auto& [code, value] : units("level"))
        EXPECT_EQ(level.contains(code) ? value : 0, level.contains(code) ? level.at(code) : 0)
            << code;
    // A half of those exposed is lost where the flood is 1 deep, once in a hundred years.
    for (const auto& [code, loss] : units("ael_flood_people"))
        if (code != "813") {
            EXPECT_NEAR(loss, people.at(code) * town(code).flood / 2 / 100, 1e-3) << code;
        }
    // Five capacity levels over six townships: the order is that of the index.
    const auto capacity_level = units("capacity_level");
    for (const auto& [code, value] : capacity_level)
        for (const auto& [other, more] : capacity_level)
            if (capacity.at(code) < capacity.at(other)) {
                EXPECT_LE(value, more) << code << " " << other;
            }
    EXPECT_EQ(capacity_level.at("713"), 1);
    EXPECT_EQ(capacity_level.at("812"), 3);
    // The largest share of the risk makes the dominant hazard: 0.75 flood beside 0.25 x 0.3.
    for (const auto& [code, share] : units("share_flood"))
        if (risk.contains(code) && risk.at(code) > 0) {
            const double flood = 0.75 * town(code).flood;
            EXPECT_NEAR(share, flood / (flood + 0.075), 1e-6) << code;
        }
    // Counties of one name in two cities stay two, and cities have the sums of theirs.
    for (const char* city : {"7", "8"}) {
        const std::string county = std::string{city} + "1";
        const auto of_county = by_code(twins.out() / city / "units.gpkg", "counties", "people");
        EXPECT_EQ(of_county.size(), 1U);
        double sum = 0;
        for (const auto& [code, n] : people)
            sum += code.starts_with(county) ? n : 0;
        EXPECT_NEAR(of_county.at(county), sum, 1e-6);
        EXPECT_NEAR(by_code(twins.out() / city / "units.gpkg", "city", "people").at(city), sum,
                    1e-6);
        EXPECT_NEAR(by_code(twins.out() / county / "units.gpkg", "county", "people").at(county),
                    sum, 1e-6);
    }
    // Means of counties are by area: of 7's townships 3, 3 and 6 km2.
    EXPECT_NEAR(by_code(twins.out() / "7/units.gpkg", "counties", "vulnerability").at("71"),
                (3 * 0.5 + 3 * 0.6 + 6 * 0.7) / 12, 1e-3);
    EXPECT_NEAR(by_code(twins.out() / "7/units.gpkg", "city", "risk_weighted").at("7"),
                (3000 * 0.0225 + 6000 * 0.18) / 9000, 1e-4);
}

TEST(Twins, CellsAndTheirLayersAreThoseReckonedByHand) {
    const TwinCities twins;
    (void)run_twins(twins);
    const auto composite = half_of(twins, "7/composite_risk.tif");
    const auto levels = half_of(twins, "7/risk_level.tif");
    const auto prevention = half_of(twins, "7/prevention_zones.tif");
    const char* matrix[] = {"GGGGG", "SGGGG", "SSSGG", "KKSSS", "KKKKS"};
    const auto capacity_level = of_both(twins, "units.gpkg", "units", "capacity_level");
    ASSERT_EQ(levels.size(), 1200U);
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const auto& town = TwinCities::towns[TwinCities::town_of(
            static_cast<std::int64_t>(i % 30), static_cast<std::int64_t>(i / 30))];
        EXPECT_NEAR(composite[i], risk.at(town.code), of_map * risk.at(town.code));
        const int of_cell = level.at(town.code);
        EXPECT_EQ(levels[i], of_cell);
        const char letter = matrix[of_cell - 1][static_cast<int>(capacity_level.at(town.code)) - 1];
        EXPECT_EQ(prevention[i], letter == 'K' ? 3 : letter == 'S' ? 2 : 1) << town.code;
    }
    // Classes of the layer: true areas and people of the cells.
    for (const char* city : {"7", "8"}) {
        const auto layer = vector::read_layer(twins.out() / city / "risk_level.gpkg", "risk_level");
        for (const auto& feature : layer.features) {
            const auto class_level = *vector::number_of(feature.values[layer.field("level")]);
            double area = 0;
            double living = 0;
            for (const auto& [code, l] : level)
                if (l == class_level && code.starts_with(city)) {
                    area += km2.at(code);
                    living += people.at(code);
                }
            EXPECT_NEAR(*vector::number_of(feature.values[layer.field("area_km2")]), area,
                        of_map * area);
            EXPECT_NEAR(*vector::number_of(feature.values[layer.field("people")]), living, 1e-6);
        }
    }
    // What is not known of 813 is no class: neither raster nor layer has it.
    const auto east = half_of(twins, "8/risk_level.tif");
    for (std::size_t i = 0; i < east.size(); ++i)
        EXPECT_EQ(std::isnan(east[i]), i / 30 >= 20) << i;
}

TEST(Twins, ZonesHaveTheRiskOfTheirPeopleAndCodesFromTheHighest) {
    const TwinCities twins;
    (void)run_twins(twins);
    const auto weighted = of_both(twins, "units.gpkg", "units", "risk_weighted");
    for (const char* city : {"7", "8"}) {
        const auto file = twins.out() / city / "risk_zones.gpkg";
        const auto zone_of = texts_by_code(twins.out() / city / "prevention_zones.gpkg",
                                           "prevention_zones", "zone_code");
        const auto zone_risk = by_code(file, "risk_zones", "risk_weighted");
        const auto zone_level = by_code(file, "risk_zones", "level");
        const auto zone_people = by_code(file, "risk_zones", "people");
        const auto zone_area = by_code(file, "risk_zones", "area_km2");
        const auto zone_units = by_code(file, "risk_zones", "units");
        EXPECT_EQ(zone_risk.size(), city[0] == '7' ? 2U : 3U); // one of 8 has no data
        for (const auto& [zone, found] : zone_risk) {
            double sum = 0, living = 0, area = 0, by_area = 0;
            int n = 0;
            for (const auto& [code, its] : zone_of)
                if (its == zone) {
                    ++n;
                    living += people.at(code);
                    area += km2.at(code);
                    if (risk.contains(code)) {
                        sum += people.at(code) * weighted.at(code);
                        by_area += km2.at(code) * weighted.at(code);
                    }
                }
            EXPECT_EQ(zone_units.at(zone), n);
            EXPECT_NEAR(zone_people.at(zone), living, 1e-6);
            EXPECT_NEAR(zone_area.at(zone), area, of_map * area);
            if (std::isnan(found)) {
                EXPECT_EQ(zone_of.at("813"), zone);
                continue;
            }
            EXPECT_NEAR(found, living > 0 ? sum / living : by_area / area, 1e-9) << zone;
        }
        // Serials rise as levels fall.
        std::map<int, double> by_serial;
        for (const auto& [zone, its] : zone_level)
            if (!std::isnan(its))
                by_serial[std::stoi(zone.substr(zone.rfind('-') + 1))] = its;
        double last = 6;
        for (const auto& [serial, its] : by_serial) {
            EXPECT_LE(its, last) << serial;
            last = its;
        }
        EXPECT_EQ(by_serial.begin()->first, 1);
    }
}

TEST(Twins, AnOverrideRaisesWhereItsHazardExceedsItsLevelAndNeverLowers) {
    const TwinCities twins;
    const auto raised = [&](const std::string& rule) {
        test::write_text(twins.file(), test::replaced(TwinCities::project_text,
                                                      "level = 4\npeople = 5999\n", rule));
        (void)run_twins(twins);
        std::map<std::string, std::pair<double, std::string>> found;
        for (const char* city : {"7", "8"}) {
            const auto file = twins.out() / city / "prevention_zones.gpkg";
            const auto classes = by_code(file, "prevention_zones", "prevention");
            for (const auto& [code, by] : texts_by_code(file, "prevention_zones", "raised_by"))
                found[code] = {std::isnan(classes.at(code)) ? 0 : classes.at(code), by};
        }
        return found;
    };
    // By the matrix alone: levels 2, 4, 1, 3, 5 with capacities 4 or so.
    const auto plain = raised("level = 5\npeople = 1e9\n");
    for (const auto& [code, its] : plain)
        EXPECT_EQ(its.second, "") << code;
    EXPECT_EQ(plain.at("812").first, 3); // K by itself
    // 712 alone has more than 0.6 of flood; 812 has just that, and not more.
    const auto four = raised("level = 4\npeople = 6000\n");
    EXPECT_EQ(four.at("712"), (std::pair{3.0, std::string{"洪<水> & \"涝\": 6000"}}));
    for (const char* code : {"711", "713", "811", "812", "813"})
        EXPECT_EQ(four.at(code), plain.at(code)) << code;
    // From level 5 on it is more than 0.8: 712 has 0.9.
    EXPECT_EQ(raised("level = 5\npeople = 1\n").at("712").first, 3);
    // From level 3 on (above 0.4) 812 has more: it has K already, and says nothing.
    const auto three = raised("level = 3\npeople = 6001\n");
    EXPECT_EQ(three, plain);
    // A class that is lower than the matrix's lowers nothing.
    const auto lower = raised("level = 3\npeople = 1\nclass = \"S\"\n");
    EXPECT_EQ(lower.at("812").first, 3);
    EXPECT_GE(lower.at("712").first, plain.at("712").first);
    for (const auto& [code, its] : lower)
        EXPECT_GE(its.first, plain.at(code).first) << code;
    // 713 has flood 0.5 and nobody: there is no one to raise it for.
    EXPECT_EQ(lower.at("713").second, "");
}

TEST(Twins, WithoutATableOfCapacityEveryUnitHasTheMiddleLevel) {
    const TwinCities twins;
    auto text = std::string{TwinCities::project_text};
    const auto from = text.find("[capacity]");
    text.erase(from, text.find("[weights]") - from);
    test::write_text(twins.file(), text);
    const auto summary = run_twins(twins);
    EXPECT_TRUE(std::any_of(summary.warnings.begin(), summary.warnings.end(), [](auto& line) {
        return line.find("every unit counts as capacity level 3") != std::string::npos;
    }));
    const auto levels = of_both(twins, "units.gpkg", "units", "capacity_level");
    EXPECT_EQ(levels.size(), 6U);
    for (const auto& [code, value] : levels)
        EXPECT_EQ(value, 3) << code;
}

nlohmann::json record_of(const TwinCities& twins) {
    return nlohmann::json::parse(test::read_text(twins.out() / "run.json"));
}

TEST(Twins, NoHazardWeighsLessThanTheLeast) {
    const TwinCities twins;
    twins.replace("weight = 3\n", "weight = 99\n");
    twins.replace("[weights]\n", "[weights]\nleast = 0.1\n");
    (void)run_twins(twins);
    const auto weights = record_of(twins)["steps"]["risk"]["hazard_weights"];
    EXPECT_NEAR(weights["storm"].get<double>(), 0.1, 1e-12);
    EXPECT_NEAR(weights["flood"].get<double>(), 0.9, 1e-12);
    twins.replace("least = 0.1", "hazards = \"loss-share\"");
    (void)run_twins(twins);
    const auto shares = record_of(twins)["steps"]["risk"]["hazard_weights"];
    EXPECT_NEAR(shares["storm"].get<double>(), 0.25, 1e-12);
}

TEST(Twins, CellsWithoutRiskAreAClassOfTheirOwnIfAsked) {
    const TwinCities twins;
    twins.replace("method = \"natural-breaks\"", "method = \"equal-interval\"");
    (void)run_twins(twins);
    const auto at = [&](const char* city, std::size_t row) {
        return half_of(twins, std::string{city} + "/risk_level.tif")[row * 30];
    };
    EXPECT_EQ(at("7", 25), 1); // 713: 0
    EXPECT_EQ(at("7", 5), 2);  // 711: 0.0225 of 0.2835, and not 0
    EXPECT_EQ(at("8", 15), 5);
    twins.replace("method = \"equal-interval\"",
                  "method = \"equal-interval\"\nzeros_apart = false");
    (void)run_twins(twins);
    EXPECT_EQ(at("7", 25), 1);
    EXPECT_EQ(at("7", 5), 1); // below 0.2835 / 5
    EXPECT_EQ(at("8", 5), 2); // 0.072
    EXPECT_EQ(at("8", 15), 5);
}

TEST(Twins, CountiesMayHaveLevelsOfTheirOwnAndTheCityKeepsIts) {
    const TwinCities twins;
    (void)run_twins(twins);
    const auto city = half_of(twins, "7/risk_level.tif");
    EXPECT_EQ(half_of(twins, "71/risk_level.tif"), city);
    twins.replace("[levels]\n", "[levels]\ncounties = \"own\"\n");
    (void)run_twins(twins);
    EXPECT_EQ(half_of(twins, "7/risk_level.tif"), city);
    const raster::Reader own{twins.out() / "71/risk_level.tif"};
    EXPECT_EQ(own.metadata("breaks_of"), "this county");
    EXPECT_EQ((raster::Reader{twins.out() / "7/risk_level.tif"}.metadata("breaks_of")),
              "the whole city");
    const auto values = half_of(twins, "71/risk_level.tif");
    // Three values there: 0, 0.0225 and 0.18.
    EXPECT_EQ(values[25 * 30], 1);
    EXPECT_EQ(values[5 * 30], 2);
    EXPECT_EQ(values[15 * 30], 3);
}

TEST(Twins, SmallPatchesJoinTheirNeighboursOnlyIfAsked) {
    const TwinCities twins;
    auto people_there = cells_of(twins / "people.tif");
    people_there[5 * 60 + 5] = 0; // a cell of level 1 in the midst of level 2
    test::write_raster(twins / "people.tif", raster::InMemory{twins.grid(), people_there});
    const auto parts_of = [&](int wanted) {
        (void)run_twins(twins);
        const auto layer = vector::read_layer(twins.out() / "7/risk_level.gpkg", "risk_level");
        std::vector<double> areas;
        for (const auto& feature : layer.features)
            if (vector::number_of(feature.values[layer.field("level")]) == wanted)
                for (const auto& part : feature.shape.polygons)
                    areas.push_back(planar_area({part}));
        std::sort(areas.begin(), areas.end());
        return areas;
    };
    const auto all = parts_of(1);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_NEAR(all[0], 10000, 1);
    twins.replace("sieve_km2 = 0", "sieve_km2 = 0.011");
    EXPECT_EQ(parts_of(1).size(), 1U);
    twins.replace("sieve_km2 = 0.011", "sieve_km2 = 0.0099");
    EXPECT_EQ(parts_of(1).size(), 2U);
}

TEST(Twins, CertaintyIsTheClassOfTheProbability) {
    const TwinCities twins;
    twins.replace("draws = 0", "draws = 40\nbreakpoints = 0.4\nerror = 2\nconcentration = 1");
    (void)run_twins(twins);
    std::set<double> classes;
    for (const char* city : {"7", "8"}) {
        const auto certainty = cells_of(twins.out() / city / "level_certainty.tif");
        const auto probability = cells_of(twins.out() / city / "level_probability.tif");
        for (std::size_t i = 0; i < certainty.size(); ++i) {
            if (std::isnan(probability[i])) {
                EXPECT_TRUE(std::isnan(certainty[i]));
                continue;
            }
            classes.insert(certainty[i]);
            EXPECT_EQ(certainty[i], test::certainty_class(probability[i])) << probability[i];
        }
    }
    EXPECT_GE(classes.size(), 3U);
}

TEST(Twins, ForestsAndSheltersAreThoseReckonedByHand) {
    const TwinCities twins;
    (void)run_twins(twins);
    const auto key = twins.out() / "forest/key_townships.gpkg";
    ASSERT_TRUE(fs::exists(key));
    const auto table = vector::read_layer(key, "key_townships", vector::Geometry::none);
    std::map<std::string, std::map<std::string, double>> towns;
    for (const auto& row : table.features)
        for (const char* field : {"forest_km2", "fires", "burnt_ha", "key", "level"})
            towns[vector::text_of(row.values[table.field("unit")]).substr(0, 3)][field] =
                vector::number_of(row.values[table.field(field)]).value_or(test::none);
    ASSERT_EQ(towns.size(), 6U);
    for (const auto& [code, forest] : woods_km2) {
        EXPECT_NEAR(towns[code]["forest_km2"], forest, of_map * forest) << code;
        EXPECT_EQ(towns[code]["key"] == 1, towns[code]["level"] >= 4) << code;
    }
    EXPECT_EQ(towns["713"]["fires"], 2);
    EXPECT_EQ(towns["713"]["burnt_ha"], 6);
    EXPECT_EQ(towns["713"]["key"], 1);
    // 100 people live at the shelter, 200 two km away; 400 and 800 beyond.
    const auto today =
        nlohmann::json::parse(test::read_text(twins.out() / "shelters/shelters_today.json"));
    EXPECT_EQ(today["people"], 1500);
    EXPECT_EQ(today["served"], 100);
    // P2 reaches the 800 at 500 m; @P1 the 200, and the 400 at a km.
    const auto sites = vector::read_layer(twins.out() / "shelters/shelter_plan.gpkg", "sites");
    ASSERT_EQ(sites.features.size(), 1U);
    EXPECT_EQ(vector::text_of(sites.features[0].values[sites.field("id")]), "P2");
    // The existing shelter is where the way is 0 m long; beyond it grows by the road.
    const raster::Reader reach{twins.out() / "shelters/shelter_reach.tif"};
    const auto cell = [&](double c, double r) {
        const auto at = reach.grid().cell_at(twins.grid().from_cells({c, r}));
        return reach.read({at->column, at->row, 1, 1})[0];
    };
    // Half a cell to the road and half along it is 100 m; straight it is 1.3 times 70.7 m.
    EXPECT_NEAR(cell(4.5, 4.5), 1.3 * std::hypot(50, 50), 0.1);
    EXPECT_NEAR(cell(9.5, 4.5), 50 + 450, 1);
    EXPECT_NEAR(cell(50.5, 4.5), 1.3 * std::hypot(50, 50), 0.1);
    EXPECT_TRUE(std::isnan(cell(20.5, 30.5)));
    const auto isolation =
        nlohmann::json::parse(test::read_text(twins.out() / "shelters/isolation.json"));
    // The bridge floods: 400 and 800 east of it are cut off from the seat in the west.
    EXPECT_EQ(record_of(twins)["steps"]["isolation"]["people_cut_off"], 1200);
    EXPECT_EQ(isolation["cut_off"].size(), 2U);
}

/// Why each step must be done again.
std::map<std::string, std::string> reasons_of(const TwinCities& twins) {
    std::map<std::string, std::string> reasons;
    for (const auto& step : status_of(read_project(twins.file()), twins.out()))
        reasons[step.id] = step.reason;
    return reasons;
}

TEST(Twins, LaterStepsWaitForThoseBefore) {
    const TwinCities twins;
    (void)run_twins(twins);
    auto changed = cells_of(twins / "flood.tif");
    for (auto& value : changed)
        value *= 0.5;
    test::write_raster(twins / "flood.tif", raster::InMemory{twins.grid(), changed});
    auto reasons = reasons_of(twins);
    EXPECT_NE(reasons.at("stack hazard-flood").find("flood.tif changed"), std::string::npos);
    EXPECT_EQ(reasons.at("risk"), "waits for 'stack hazard-flood'");
    EXPECT_EQ(reasons.at("levels"), "waits for 'risk'");
    for (const char* step : {"figures", "zones", "products 7", "products 81"})
        EXPECT_TRUE(reasons.at(step).starts_with("waits for ")) << step << ": " << reasons[step];
    for (const char* step : {"areas", "stack exposure-people", "cameras", "shelters"})
        EXPECT_EQ(reasons.at(step), "") << step;
}

TEST(Twins, AnotherProgramDoesEverythingAgain) {
    const TwinCities twins;
    (void)run_twins(twins);
    const auto file = twins.out() / ".work/state.json";
    auto state = nlohmann::json::parse(test::read_text(file));
    for (auto& [step, record] : state.items())
        record["program"] = "older";
    test::write_text(file, state.dump());
    for (const auto& step : status_of(read_project(twins.file()), twins.out()))
        EXPECT_EQ(step.reason, "the program changed") << step.id;
}

TEST(Twins, EachFileOfAShapefileIsPartOfIt) {
    const TwinCities twins;
    const auto layer = vector::read_layer(twins / "points.gpkg", "villages");
    vector::write_layer(twins / "villages.shp", layer);
    twins.replace("people = \"points.gpkg\"\npeople_layer = \"villages\"",
                  "people = \"villages.shp\"");
    (void)run_twins(twins);
    auto table = test::read_text(twins / "villages.dbf");
    const auto at = table.rfind("800");
    ASSERT_NE(at, std::string::npos);
    table.replace(at, 3, "900");
    test::write_text(twins / "villages.dbf", table);
    auto reasons = reasons_of(twins);
    EXPECT_NE(reasons.at("shelters").find("villages.dbf changed"), std::string::npos)
        << reasons.at("shelters");
    EXPECT_EQ(reasons.at("cameras"), "");
}

} // namespace
} // namespace riskmap::run
