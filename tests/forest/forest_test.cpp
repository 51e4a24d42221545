// SPDX-License-Identifier: MIT
#include <riskmap/forest/candidates.hpp>
#include <riskmap/forest/coverage.hpp>
#include <riskmap/forest/ground.hpp>
#include <riskmap/forest/plan.hpp>
#include <riskmap/forest/townships.hpp>
#include <riskmap/forest/water.hpp>
#include <riskmap/raster/proximity.hpp>

#include <map>
#include <random>
#include <set>

#include "support.hpp"

namespace riskmap::test {
namespace {

using forest::Camera;
using forest::ForestCells;

raster::InMemory random_ground(std::int64_t columns, std::int64_t rows, double cell,
                               unsigned seed) {
    std::mt19937 random{seed};
    std::vector<double> heights;
    for (std::int64_t r = 0; r < rows; ++r)
        for (std::int64_t c = 0; c < columns; ++c)
            heights.push_back(static_cast<double>(static_cast<float>(
                200 +
                80 * std::sin(static_cast<double>(c) / 9) * std::cos(static_cast<double>(r) / 7) +
                static_cast<double>(random() % 100) / 10)));
    return {grid(columns, rows, cell), heights};
}

raster::InMemory random_forest(std::int64_t columns, std::int64_t rows, double cell,
                               unsigned seed) {
    std::mt19937 random{seed};
    std::vector<double> share(static_cast<std::size_t>(columns * rows));
    for (auto& value : share)
        value = random() % 2 == 0 ? 1 : none;
    return {grid(columns, rows, cell), share};
}

Camera camera_at(const Grid& g, std::string id, std::int64_t c, std::int64_t r, double range) {
    Camera camera;
    camera.id = std::move(id);
    camera.observer.place = g.centre(c, r);
    camera.observer.mast = 15;
    camera.observer.range = range;
    return camera;
}

TEST(ForestCells, NumbersForestRowByRow) {
    const auto share = random_forest(150, 40, 30, 1);
    const ForestCells cells{share, {}};
    const auto values = share.read(share.grid().window());
    std::uint32_t expected = 0;
    for (std::int64_t r = 0; r < 40; ++r) {
        std::vector<std::int64_t> columns;
        cells.visit_row(r, 10, 140, [&](std::uint32_t, std::int64_t c) { columns.push_back(c); });
        std::vector<std::int64_t> wanted;
        for (std::int64_t c = 10; c < 140; ++c)
            if (!std::isnan(values[static_cast<std::size_t>(r * 150 + c)]))
                wanted.push_back(c);
        EXPECT_EQ(columns, wanted);
    }
    cells.visit([&](std::uint32_t number, std::int64_t c, std::int64_t r) {
        EXPECT_EQ(number, expected++);
        EXPECT_FALSE(std::isnan(values[static_cast<std::size_t>(r * 150 + c)]));
    });
    EXPECT_EQ(expected, cells.size());
    expect_error(ErrorKind::input, "no forest", [] {
        ForestCells(raster::InMemory(grid(2, 2, 1), {0, 0.4, none, none}), {});
    });
}

TEST(Coverage, AddsUpWhatEachCameraSees) {
    const auto heights = random_ground(90, 80, 30, 3);
    const auto share = random_forest(90, 80, 30, 4);
    const ForestCells cells{share, {}};
    const Grid& g = heights.grid();
    const std::vector<Camera> cameras{camera_at(g, "a", 20, 20, 1200),
                                      camera_at(g, "b", 40, 30, 900),
                                      camera_at(g, "c", 88, 79, 1500)};
    const forest::Scene scene{heights, nullptr, cells};
    const visibility::Sight sight{5};
    vector::Layer halves{"halves", g.crs, {{"name", vector::FieldType::text}}, {}};
    halves.features.push_back({{std::string{"west"}}, {{}, {}, rectangle(g, 0, 0, 45, 80)}});
    halves.features.push_back({{std::string{"east"}}, {{}, {}, rectangle(g, 45, 0, 90, 80)}});
    const std::vector layers{forest::unit_layer(halves, "name", cells, {})};
    const auto areas = cells.areas();
    const auto views = forest::views(cameras, scene, sight, {});
    const auto coverage = forest::coverage_of(views, areas, layers);

    // The same from whole viewsheds, cell by cell.
    const visibility::Terrain terrain{heights, g.window(), {}};
    std::vector<int> times(90 * 80);
    for (const auto& camera : cameras) {
        const auto view = visibility::viewshed(terrain, camera.observer, sight);
        for (std::int64_t r = 0; r < view.window.rows; ++r)
            for (std::int64_t c = 0; c < view.window.columns; ++c)
                times[static_cast<std::size_t>((view.window.row + r) * 90 + view.window.column +
                                               c)] +=
                    view.cells[static_cast<std::size_t>(r * view.window.columns + c)] == 1 ? 1 : 0;
    }
    const auto forest_share = share.read(g.window());
    const CellAreas cell_areas{g};
    forest::SeenForest all;
    forest::SeenForest west;
    for (std::int64_t r = 0; r < 80; ++r)
        for (std::int64_t c = 0; c < 90; ++c) {
            const auto i = static_cast<std::size_t>(r * 90 + c);
            if (std::isnan(forest_share[i]))
                continue;
            const double area = cell_areas.at(c, r);
            for (auto* sum : {&all, &west})
                if (sum == &all || c < 45) {
                    sum->forest += area;
                    sum->seen += times[i] > 0 ? area : 0;
                    sum->twice += times[i] > 1 ? area : 0;
                }
        }
    EXPECT_NEAR(coverage.all.forest, all.forest, 1e-3);
    EXPECT_NEAR(coverage.all.seen, all.seen, 1e-3);
    EXPECT_NEAR(coverage.all.twice, all.twice, 1e-3);
    EXPECT_NEAR(coverage.units[0][0].seen, west.seen, 1e-3);
    EXPECT_NEAR(coverage.units[0][0].forest, west.forest, 1e-3);
    EXPECT_NEAR(coverage.units[0][0].seen + coverage.units[0][1].seen, all.seen, 1e-3);
    double alone = 0;
    for (const auto& camera : coverage.cameras)
        alone += camera.alone;
    EXPECT_NEAR(alone, all.seen - all.twice, 1e-3);
    EXPECT_GT(all.twice, 0);
    // Too little memory for one terrain: the same from many.
    Execution small;
    small.memory_bytes = 50000;
    const auto again = forest::views(cameras, scene, sight, small);
    for (std::size_t c = 0; c < views.size(); ++c) {
        std::vector<std::uint32_t> a;
        std::vector<std::uint32_t> b;
        views[c].visit([&](std::uint32_t i) { a.push_back(i); });
        again[c].visit([&](std::uint32_t i) { b.push_back(i); });
        EXPECT_EQ(a, b);
    }
}

TEST(Cameras, TakeWhatTheirFieldsSay) {
    const auto g = grid(10, 10, 30);
    vector::Layer layer{"masts",
                        g.crs,
                        {{"id", vector::FieldType::text},
                         {"mast_m", vector::FieldType::text},
                         {"range", vector::FieldType::real},
                         {"azimuth_from", vector::FieldType::real},
                         {"tilt_to", vector::FieldType::real},
                         {"cost", vector::FieldType::real}},
                        {}};
    layer.features.push_back({{std::string{"a"}, std::string{"12.5"}, 800.0, 90.0, -1.0, 7.0},
                              {{g.centre(1, 1)}, {}, {}}});
    layer.features.push_back({{std::string{"b"}, {}, {}, {}, {}, {}}, {{g.centre(99, 1)}, {}, {}}});
    layer.features[1].shape.points = {g.centre(11, 1)};
    Opened opened{layer, "cameras", spec::Shapes::points};
    auto cameras = forest::cameras_of(opened, g.crs, {});
    EXPECT_EQ(cameras[0].observer.mast, 12.5);
    EXPECT_EQ(cameras[0].observer.range, 800);
    EXPECT_EQ(cameras[0].observer.azimuth_from, 90);
    EXPECT_EQ(cameras[0].observer.azimuth_to, 360);
    EXPECT_EQ(cameras[0].observer.tilt_to, -1);
    EXPECT_EQ(cameras[0].cost, 7);
    EXPECT_EQ(cameras[1].observer.mast, 20);
    EXPECT_EQ(cameras[1].observer.range, 5000);
    EXPECT_TRUE(std::isnan(cameras[1].cost));
    EXPECT_EQ(forest::drop_groundless(cameras, raster::InMemory{g, std::vector<double>(100, 5)}),
              std::vector<std::string>{"b"});
    EXPECT_NE(opened.told().find("mast_m: 1 without a value, 20 m taken"), std::string::npos);
    layer.features[1].values[0] = std::string{"a"};
    expect_error(ErrorKind::input, "two cameras are called 'a'", [&] {
        (void)forest::cameras_of(Opened{layer, "cameras", spec::Shapes::points}, g.crs, {});
    });
    layer.features[0].values[1] = std::string{"high"};
    expect_error(ErrorKind::input, "'high', not a number", [&] {
        (void)forest::cameras_of(Opened{layer, "cameras", spec::Shapes::points}, g.crs, {});
    });
}

TEST(Cameras, OfOneIdAndPlaceAreSectorsOfOne) {
    const auto g = grid(40, 40, 30);
    const auto flat = std::make_shared<const raster::InMemory>(g, std::vector<double>(1600, 5));
    const forest::ForestCells cells{raster::InMemory{g, std::vector<double>(1600, 1)}, {}};
    vector::Layer layer{"masts",
                        g.crs,
                        {{"编号", vector::FieldType::text},
                         {"挂高", vector::FieldType::real},
                         {"监控半径（公里）", vector::FieldType::real},
                         {"起始方位角", vector::FieldType::real},
                         {"终止方位角", vector::FieldType::real}},
                        {}};
    const auto add = [&](double from, double to) {
        layer.features.push_back(
            {{std::string{"a"}, 30.0, 0.5, from, to}, {{g.centre(20, 20)}, {}, {}}});
    };
    const auto seen_by = [&] {
        Opened opened{layer, "cameras", spec::Shapes::points};
        const auto cameras = forest::cameras_of(opened, g.crs, {});
        EXPECT_EQ(cameras.size(), 1U);
        EXPECT_EQ(cameras[0].observer.range, 500);
        return forest::views(cameras, {*flat, nullptr, cells}, {}, {})[0].size();
    };
    add(0, 90);
    const auto one = seen_by();
    add(180, 270);
    EXPECT_EQ(seen_by(), 2 * one - 1); // the observer's own cell is in both
    layer.features.clear();
    add(0, 0); // all round
    const auto round = seen_by();
    layer.features.clear();
    add(0, 360);
    EXPECT_EQ(round, seen_by());
}

TEST(CameraPlan, ReachesItsGoalAndSaysWhenItCannot) {
    const auto heights = random_ground(120, 120, 30, 5);
    const auto share = random_forest(120, 120, 30, 6);
    const ForestCells cells{share, {}};
    const Grid& g = heights.grid();
    std::vector<Camera> candidates;
    for (std::int64_t i = 0; i < 36; ++i)
        candidates.push_back(
            camera_at(g, "P" + std::to_string(i), 10 + i % 6 * 20, 10 + i / 6 * 20, 900));
    const std::vector<Camera> existing{camera_at(g, "K", 60, 60, 900)};
    const forest::Scene scene{heights, nullptr, cells};
    const visibility::Sight sight{10};
    const auto plan = forest::plan_cameras(scene, existing, candidates, {},
                                           {siting::AimKind::goal, 0.4}, sight, {});
    EXPECT_GE(plan.after.all.share(), 0.4);
    EXPECT_GT(plan.after.all.share(), plan.before.all.share());
    EXPECT_EQ(plan.curve.size(), plan.sites.size() + 1);
    EXPECT_NEAR(plan.curve.back().seen_m2, plan.after.all.seen, 1);
    for (std::size_t s = 1; s < plan.curve.size(); ++s)
        EXPECT_GT(plan.curve[s].share, plan.curve[s - 1].share);
    EXPECT_LE(plan.bound, static_cast<double>(plan.sites.size()));
    for (const double goal : {plan.reachable_share + 0.001, 1.0})
        expect_error(ErrorKind::infeasible, "out of reach", [&] {
            (void)forest::plan_cameras(scene, existing, candidates, {},
                                       {siting::AimKind::goal, goal}, sight, {});
        });
    expect_error(ErrorKind::input, "no candidate", [&] {
        (void)forest::plan_cameras(scene, existing, {}, {}, {siting::AimKind::goal, 0.4}, sight,
                                   {});
    });
    expect_error(ErrorKind::input, "both called",
                 [&] { (void)forest::plan_cameras(scene, existing, existing, {}, {}, sight, {}); });
    expect_error(ErrorKind::input, "has no cost", [&] {
        auto dear = candidates;
        dear[3].cost = none;
        (void)forest::plan_cameras(scene, existing, dear, {}, {siting::AimKind::budget, 10}, sight,
                                   {});
    });
}

TEST(Area, LimitsForestAndPlacesToTheCity) {
    const auto heights = random_ground(150, 100, 30, 17);
    const Grid& g = heights.grid();
    const std::shared_ptr<const raster::InMemory> share{
        new raster::InMemory(random_forest(150, 100, 30, 18))};
    // Two halves of a city, with a border that halves column 60: its cells are half inside.
    const auto box = [&](double left, double top, double right, double bottom) {
        const Point a = g.from_cells({left, top});
        const Point b = g.from_cells({right, bottom});
        return MultiPolygon{{{{a.x, b.y}, {b.x, b.y}, {b.x, a.y}, {a.x, a.y}}, {}}};
    };
    const std::vector<MultiPolygon> halves{box(0, 0, 60.5, 50), box(0, 50, 60.5, 100)};
    const auto all = share->read(g.window());
    for (const double margin : {0.0, 300.0}) {
        const forest::Area area{halves, margin};
        const ForestCells cells{*area.forest(share, {}), {}};
        const std::int64_t last = margin > 0 ? 70 : 60; // 300 m are ten cells
        std::size_t expected = 0;
        for (std::int64_t r = 0; r < g.rows; ++r)
            for (std::int64_t c = 0; c <= last; ++c)
                expected += all[static_cast<std::size_t>(r * g.columns + c)] == 1 ? 1 : 0;
        EXPECT_EQ(cells.size(), expected) << margin;
        std::vector<Camera> sites{
            camera_at(g, "in", 30, 50, 900), camera_at(g, "border", 59, 20, 900),
            camera_at(g, "near", 65, 50, 900), camera_at(g, "far", 100, 50, 900)};
        const auto told = area.keep_within(sites, "places");
        EXPECT_EQ(sites.size(), margin > 0 ? 3U : 2U);
        EXPECT_NE(told.find(margin > 0 ? "1 of 4 of 'places'" : "2 of 4 of 'places'"),
                  std::string::npos)
            << told;
        EXPECT_EQ(area.keep_within(sites, "places"), "");
        forest::FinderOptions options;
        options.most = 40;
        options.spacing = 200;
        options.range = 900;
        options.area = &area;
        const forest::Scene scene{heights, nullptr, cells};
        const std::vector<std::uint16_t> nothing_seen(cells.size());
        const auto found = forest::find_candidates(scene, nothing_seen, options, {10}, {});
        EXPECT_GT(found.size(), 3U);
        for (const auto& site : found)
            EXPECT_TRUE(area.holds(site.observer.place)) << site.id;
    }
}

TEST(Candidates, KeepTheirDistanceAndStandOnHilltops) {
    const auto heights = random_ground(150, 150, 30, 7);
    const auto share = random_forest(150, 150, 30, 8);
    const ForestCells cells{share, {}};
    const forest::Scene scene{heights, nullptr, cells};
    forest::FinderOptions options;
    options.most = 40;
    options.spacing = 300;
    options.range = 1000;
    const LineString road{heights.grid().from_cells({0, 75}), heights.grid().from_cells({150, 75})};
    const std::vector<LineString> roads{road};
    options.roads = roads;
    options.road_distance = 600;
    const std::vector<std::uint16_t> nothing_seen(cells.size());
    const auto found = forest::find_candidates(scene, nothing_seen, options, {10}, {});
    ASSERT_GT(found.size(), 5U);
    for (std::size_t a = 0; a < found.size(); ++a) {
        const auto& p = found[a].observer.place;
        EXPECT_LE(std::abs(p.y - road[0].y), 600);
        for (std::size_t b = 0; b < a; ++b)
            EXPECT_GE(std::hypot(p.x - found[b].observer.place.x, p.y - found[b].observer.place.y),
                      300 - 1e-6);
    }
    EXPECT_TRUE(std::any_of(found.begin(), found.end(),
                            [](const Camera& c) { return c.remark == "hilltop"; }));
}

TEST(Proximity, IsTheDistanceToTheNearestMarkedCell) {
    std::mt19937 random{9};
    auto g = grid(45, 38, 30);
    g.cell_width = 20;
    std::vector<double> marks(45 * 38);
    for (auto& mark : marks)
        mark = random() % 60 == 0 ? 1 : (random() % 2 == 0 ? 0 : none);
    const raster::InMemory source{g, marks};
    const auto distance = raster::proximity(source, {});
    for (std::int64_t r = 0; r < 38; ++r)
        for (std::int64_t c = 0; c < 45; ++c) {
            double least = std::numeric_limits<double>::infinity();
            for (std::int64_t y = 0; y < 38; ++y)
                for (std::int64_t x = 0; x < 45; ++x)
                    if (marks[static_cast<std::size_t>(y * 45 + x)] == 1)
                        least = std::min(least, std::hypot(20.0 * static_cast<double>(x - c),
                                                           30.0 * static_cast<double>(y - r)));
            EXPECT_NEAR(distance[static_cast<std::size_t>(r * 45 + c)], least, 1e-3);
        }
}

TEST(Townships, AreRankedAndTheirDamageRateIsPermilleAYear) {
    // Two townships of 10 x 20 cells of 100 m; all of the western one is forest (2 km2 nearly).
    const auto g = grid(20, 20, 100);
    std::vector<double> share(400, none);
    for (std::int64_t r = 0; r < 20; ++r)
        for (std::int64_t c = 0; c < 10; ++c)
            share[static_cast<std::size_t>(r * 20 + c)] = 1;
    share[15] = 1;
    const ForestCells cells{raster::InMemory{g, share}, {}};
    vector::Layer towns{"towns", g.crs, {{"name", vector::FieldType::text}}, {}};
    towns.features.push_back({{std::string{"west"}}, {{}, {}, rectangle(g, 0, 0, 10, 20)}});
    towns.features.push_back({{std::string{"east"}}, {{}, {}, rectangle(g, 10, 0, 20, 20)}});
    const auto units = forest::unit_layer(towns, "name", cells, {});
    const raster::InMemory people{g, std::vector<double>(400, 2)};
    forest::TownshipInputs inputs{cells, units};
    inputs.people = &people;
    inputs.edge = 150;
    inputs.fires = {
        {g.centre(3, 3), 4, 2019}, {g.centre(4, 9), 2, 2020}, {g.centre(15, 2), 0.5, 2020}};
    const auto study = forest::rank_townships(inputs, {});
    ASSERT_EQ(study.townships[0].name, "west");
    const auto& west = study.townships[0];
    EXPECT_EQ(study.years, 2);
    EXPECT_EQ(west.fires, 2);
    EXPECT_NEAR(west.burnt_ha, 6, 1e-12);
    EXPECT_NEAR(west.damage_permille, 1000 * 3 * 10000 / west.forest_m2, 1e-9);
    EXPECT_NEAR(west.worst_damage_permille, 1000 * 4 * 10000 / west.forest_m2, 1e-9);
    EXPECT_EQ(west.worst_year, 2019);
    EXPECT_NEAR(west.edge_people, 400, 1e-6);
    // One column beside the forest, and the nine cells round the single one, three of them at once.
    EXPECT_NEAR(study.townships[1].edge_people, 2 * (20 + 6), 1e-6);
    EXPECT_NEAR(west.index, 1, 1e-12);
    EXPECT_EQ(west.level, 2); // of two values there are two classes
    EXPECT_FALSE(west.key);
    EXPECT_EQ(study.left_out, (std::vector<std::string>{"danger", "unseen"}));
    const auto weights = forest::TownshipWeights::parse("forest=2, danger=0.5");
    EXPECT_EQ(weights.forest, 2);
    EXPECT_EQ(weights.fires, 0);
    expect_error(ErrorKind::usage, "did you mean 'forest'",
                 [] { (void)forest::TownshipWeights::parse("forst=2"); });
}

TEST(Water, ServesWhatIsNearAndNotTooHigh) {
    const auto heights = random_ground(60, 50, 30, 11);
    const auto share = random_forest(60, 50, 30, 12);
    const ForestCells cells{share, {}};
    const Grid& g = heights.grid();
    const forest::Scene scene{heights, nullptr, cells};
    const forest::WaterReach reach{400, 20};
    const auto z = heights.read(g.window());
    std::vector<double> wet(60 * 50);
    for (std::int64_t r = 20; r < 24; ++r)
        for (std::int64_t c = 30; c < 36; ++c)
            wet[static_cast<std::size_t>(r * 60 + c)] = 1;
    const auto serves = [&](std::int64_t wc, std::int64_t wr, std::int64_t c, std::int64_t r) {
        return std::hypot(static_cast<double>(c - wc), static_cast<double>(r - wr)) * 30 <= 400 &&
               z[static_cast<std::size_t>(r * 60 + c)] -
                       z[static_cast<std::size_t>(wr * 60 + wc)] <=
                   20;
    };
    const auto sets = forest::served(
        {camera_at(g, "w", 10, 12, 1), camera_at(g, "far", -1000, 0, 1)}, scene, reach, {});
    std::set<std::uint32_t> point;
    sets[0].visit([&](std::uint32_t i) { point.insert(i); });
    EXPECT_TRUE(sets[1].empty());
    const auto places = forest::lattice(scene, 300);
    ASSERT_GT(places.size(), 10U);
    EXPECT_TRUE(std::isnan(places[0].cost)); // not known, which is not 0
    EXPECT_EQ(places[1].observer.place.x - places[0].observer.place.x, 300);
    std::set<std::uint32_t> shore;
    forest::served_by_shores(raster::InMemory{g, wet}, scene, reach, {})
        .visit([&](std::uint32_t i) { shore.insert(i); });
    cells.visit([&](std::uint32_t number, std::int64_t c, std::int64_t r) {
        EXPECT_EQ(point.contains(number), serves(10, 12, c, r));
        bool any = false;
        for (std::int64_t y = 20; y < 24; ++y)
            for (std::int64_t x = 30; x < 36; ++x)
                any = any || ((y == 20 || y == 23 || x == 30 || x == 35) && serves(x, y, c, r));
        EXPECT_EQ(shore.contains(number), any) << c << " " << r;
    });
}

/// A ridge hides the west from a camera in the east; where its heights are missing nothing does.
TEST(Ground, ForestSeenAcrossHolesIsTold) {
    const Grid g = grid(60, 41, 30);
    std::vector<double> ridge(60 * 41, 100);
    for (std::int64_t r = 0; r < 41; ++r)
        ridge[static_cast<std::size_t>(r * 60 + 30)] = 160;
    auto holed = ridge;
    for (std::int64_t r = 15; r < 26; ++r)
        holed[static_cast<std::size_t>(r * 60 + 30)] = none;
    const raster::InMemory whole{g, ridge};
    const raster::InMemory with_holes{g, holed};
    const raster::InMemory share{g, std::vector<double>(60 * 41, 1)};
    const ForestCells forest{share, {}};
    const std::vector<Camera> cameras{camera_at(g, "A", 50, 20, 3000)};
    const visibility::Sight sight{0, 0};
    const auto all_known = forest::seen_across(cameras, {whole, nullptr, forest}, sight, {});
    EXPECT_EQ(all_known.area, 0);
    EXPECT_TRUE(all_known.remark().empty());

    const forest::Scene scene{with_holes, nullptr, forest};
    const auto across = forest::seen_across(cameras, scene, sight, {});
    // What is seen of the west: all of it is so across the holes.
    const auto seen = forest::views(cameras, scene, sight, {});
    double west = 0;
    const auto areas = forest.areas();
    forest.visit([&](std::uint32_t number, std::int64_t column, std::int64_t) {
        seen[0].visit([&](std::uint32_t cell) {
            if (cell == number && column < 30)
                west += areas[cell];
        });
    });
    EXPECT_GT(west, 0);
    EXPECT_DOUBLE_EQ(across.area, west);
    EXPECT_NE(across.remark().find("only across cells without heights"), std::string::npos);

    const auto remarks = forest::ground_remarks(scene, {});
    ASSERT_EQ(remarks.size(), 1U);
    EXPECT_TRUE(remarks[0].starts_with("11 of 2460 forest cells have no height"));
}

TEST(Cameras, EachFieldIsAMemberOfItsOwn) {
    const auto g = grid(10, 10, 30);
    vector::Layer layer{"masts", g.crs, {{"id", vector::FieldType::text}}, {}};
    std::vector<vector::Value> values{std::string{"a"}};
    double value = 11;
    for (const char* field : {"mast_m", "range_m", "min_range_m", "azimuth_from", "azimuth_to",
                              "tilt_from", "tilt_to", "cost_10k_yuan"}) {
        layer.fields.push_back({field, vector::FieldType::real});
        values.emplace_back(value++);
    }
    values[2] = 812.0; // the range is beyond the least one
    layer.features.push_back({values, {{g.centre(1, 1)}, {}, {}}});
    Opened opened{layer, "cameras", spec::Shapes::points};
    const auto camera = forest::cameras_of(opened, g.crs, {})[0];
    EXPECT_EQ(camera.observer.place, g.centre(1, 1));
    EXPECT_EQ(camera.observer.mast, 11);
    EXPECT_EQ(camera.observer.range, 812);
    EXPECT_EQ(camera.observer.least_range, 13);
    EXPECT_EQ(camera.observer.azimuth_from, 14);
    EXPECT_EQ(camera.observer.azimuth_to, 15);
    EXPECT_EQ(camera.observer.tilt_from, 16);
    EXPECT_EQ(camera.observer.tilt_to, 17);
    EXPECT_EQ(camera.cost, 18);
}

TEST(Townships, OfTheTwoHighestLevelsAreKeyAndForestNoCameraSeesIsUnseen) {
    // Seven townships of 10 x 4 cells; the k-th has k + 1 rows^2 cells of forest or so.
    const auto g = grid(10, 28, 100);
    const int forest_cells[] = {1, 4, 9, 16, 25, 36, 0};
    std::vector<double> share(280, none);
    vector::Layer towns{"towns", g.crs, {{"name", vector::FieldType::text}}, {}};
    for (int t = 0; t < 7; ++t) {
        for (int k = 0; k < forest_cells[t]; ++k)
            share[static_cast<std::size_t>(40 * t + k)] = 1;
        towns.features.push_back(
            {{"T" + std::to_string(t)}, {{}, {}, rectangle(g, 0, 4.0 * t, 10, 4.0 * t + 4)}});
    }
    const ForestCells cells{raster::InMemory{g, share}, {}};
    const auto units = forest::unit_layer(towns, "name", cells, {});
    forest::TownshipInputs inputs{cells, units};
    inputs.weights = forest::TownshipWeights::parse("forest=1");
    std::vector<double> danger_there;
    for (int i = 0; i < 280; ++i)
        danger_there.push_back(i % 40 == 0 ? none : 1.0 + i / 40);
    const raster::InMemory danger{g, danger_there};
    inputs.danger = &danger;
    inputs.times_seen.assign(cells.size(), 0);
    // Of the fourth: 16 cells, seen by 0, 1, 2, 3 cameras in turn.
    for (std::size_t i = 0; i < 16; ++i)
        inputs.times_seen[14 + i] = static_cast<std::uint16_t>(i % 4);
    const auto study = forest::rank_townships(inputs, {});
    std::map<std::string, forest::Township> towns_by_name;
    int keys = 0;
    for (const auto& town : study.townships) {
        towns_by_name[town.name] = town;
        EXPECT_EQ(town.key, town.level >= 4) << town.name;
        keys += town.key ? 1 : 0;
    }
    for (int t = 0; t < 7; ++t) {
        const double unseen = t == 3 ? 4 : forest_cells[t];
        EXPECT_NEAR(towns_by_name["T" + std::to_string(t)].unseen_m2, unseen * 1e4, unseen * 20)
            << t;
    }
    std::vector<std::string> order;
    for (const auto& town : study.townships)
        order.push_back(town.name);
    EXPECT_EQ(order, (std::vector<std::string>{"T5", "T4", "T3", "T2", "T1", "T0", "T6"}));
    // Six values and five classes: the two nearest share the lowest level, 25 and 36 are 4 and 5.
    EXPECT_EQ(study.levels, 5);
    EXPECT_EQ(towns_by_name["T5"].level, 5);
    EXPECT_EQ(towns_by_name["T4"].level, 4);
    EXPECT_EQ(towns_by_name["T3"].level, 3);
    EXPECT_EQ(keys, 2);
    EXPECT_EQ(towns_by_name["T6"].level, 0); // no forest, no level
    EXPECT_TRUE(std::isnan(towns_by_name["T6"].index));
    EXPECT_NEAR(towns_by_name["T3"].danger, 4, 1e-12); // the mean of what is known
    EXPECT_NEAR(towns_by_name["T5"].danger, 6, 1e-12);
    EXPECT_TRUE(std::isnan(towns_by_name["T0"].danger)); // its one cell of forest has none
}

TEST(Cameras, AnAngleBelowTheHorizonIsALowerTilt) {
    const auto g = grid(10, 10, 30);
    vector::Layer layer{
        "masts", g.crs, {{"id", vector::FieldType::text}, {"俯角", vector::FieldType::real}}, {}};
    layer.features.push_back({{std::string{"a"}, 12.0}, {{g.centre(1, 1)}, {}, {}}});
    Opened opened{layer, "cameras", spec::Shapes::points};
    EXPECT_EQ(forest::cameras_of(opened, g.crs, {})[0].observer.tilt_from, -12);
}

TEST(Water, ALakeServesFromItsShoreAlone) {
    // A lake of 5 x 5 cells whose midst stands high, and forest that only the midst could reach.
    const auto g = grid(11, 11, 100);
    std::vector<double> heights(121, 0);
    std::vector<double> water(121, 0);
    std::vector<double> forest(121, none);
    for (int r = 3; r < 8; ++r)
        for (int c = 3; c < 8; ++c)
            water[static_cast<std::size_t>(11 * r + c)] = 1;
    heights[11 * 5 + 5] = 100;
    heights[11 * 5 + 9] = 120;
    forest[11 * 5 + 9] = 1; // 120 m above the shore, 20 m above the midst
    forest[11 * 9 + 5] = 1; // level with the shore
    const raster::InMemory ground{g, heights};
    const ForestCells cells{raster::InMemory{g, forest}, {}};
    const forest::Scene scene{ground, nullptr, cells};
    const auto served = forest::served_by_shores(raster::InMemory{g, water}, scene, {1000, 50}, {});
    std::vector<std::uint32_t> found;
    served.visit([&](std::uint32_t number) { found.push_back(number); });
    EXPECT_EQ(found, std::vector<std::uint32_t>{1});
}

} // namespace
} // namespace riskmap::test
