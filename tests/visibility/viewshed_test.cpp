// SPDX-License-Identifier: MIT
#include <riskmap/visibility/viewshed.hpp>

#include <numbers>
#include <random>

#include "support.hpp"

namespace riskmap::test {
namespace {

using visibility::Observer;
using visibility::Sight;
using visibility::Terrain;
using visibility::Viewshed;

struct Ground {
    std::int64_t columns;
    std::int64_t rows;
    double cell;
    std::vector<double> heights;

    [[nodiscard]] double at(std::int64_t c, std::int64_t r) const {
        return heights[static_cast<std::size_t>(r * columns + c)];
    }
    [[nodiscard]] raster::InMemory source() const { return {grid(columns, rows, cell), heights}; }
};

Ground made(std::int64_t columns, std::int64_t rows, double cell,
            const std::function<double(std::int64_t, std::int64_t)>& height) {
    Ground ground{columns, rows, cell, {}};
    for (std::int64_t r = 0; r < rows; ++r)
        for (std::int64_t c = 0; c < columns; ++c)
            ground.heights.push_back(height(c, r));
    return ground;
}

/// Hills of random waves, as floats hold them.
Ground hills(std::int64_t columns, std::int64_t rows, double cell, unsigned seed,
             double relief = 200) {
    std::mt19937 random{seed};
    std::uniform_real_distribution<double> any{0, 1};
    struct Wave {
        double x, y, phase, size;
    };
    std::vector<Wave> waves;
    for (double length = 200; length > 1.5; length *= 0.6) {
        const double turn = any(random) * 6.3;
        waves.push_back({std::cos(turn) * 6.3 / length, std::sin(turn) * 6.3 / length,
                         any(random) * 6.3, relief * length / 200});
    }
    return made(columns, rows, cell, [&](std::int64_t c, std::int64_t r) {
        double height = 500;
        for (const auto& wave : waves)
            height += wave.size * std::sin(wave.x * static_cast<double>(c) +
                                           wave.y * static_cast<double>(r) + wave.phase);
        return static_cast<double>(static_cast<float>(height));
    });
}

struct Eye {
    std::int64_t column;
    std::int64_t row;
    double mast = 20;
    double target = 10;
    double range = 1e9;
    double refraction = 1.0 / 7;
};

Viewshed look(const Ground& ground, const Eye& eye,
              const std::function<void(Observer&)>& change = {}, unsigned threads = 2) {
    const auto source = ground.source();
    Observer observer;
    observer.place = source.grid().centre(eye.column, eye.row);
    observer.mast = eye.mast;
    observer.range = eye.range;
    if (change)
        change(observer);
    Execution execution;
    execution.threads = threads;
    const Terrain terrain{source, visibility::within_range(source.grid(), observer), execution};
    return visibility::viewshed(terrain, observer, {eye.target, eye.refraction}, execution);
}

int at(const Viewshed& view, std::int64_t c, std::int64_t r) {
    const Window& w = view.window;
    if (c < w.column || r < w.row || c >= w.column + w.columns || r >= w.row + w.rows)
        return 0;
    return view.cells[static_cast<std::size_t>((r - w.row) * w.columns + c - w.column)];
}

/// The definition, said again in another way: the points of the straight line where its
/// column or its row is a whole number, each with the ground interpolated there.
int brute_force(const Ground& g, const Eye& eye, std::int64_t c, std::int64_t r) {
    using real = long double;
    const auto lowered = [&](real x, real y) {
        const real dx = (x - eye.column) * g.cell;
        const real dy = (y - eye.row) * g.cell;
        return (1 - static_cast<real>(eye.refraction)) * (dx * dx + dy * dy) / (2 * 6371000.0L);
    };
    if (std::isnan(g.at(c, r)))
        return 255;
    const real dc = c - eye.column;
    const real dr = r - eye.row;
    const real distance = std::sqrt(dc * dc + dr * dr);
    if (distance * g.cell > eye.range)
        return 0;
    if (distance == 0)
        return 1;
    const real from = g.at(eye.column, eye.row) + eye.mast;
    const real to = g.at(c, r) + eye.target - lowered(c, r);
    const auto hides = [&](real part, real x, real y) {
        const auto x0 = static_cast<std::int64_t>(std::floor(x));
        const auto y0 = static_cast<std::int64_t>(std::floor(y));
        real ground = g.at(x0, y0);
        if (x != x0)
            ground = (x0 + 1 - x) * ground + (x - x0) * static_cast<real>(g.at(x0 + 1, y0));
        else if (y != y0)
            ground = (y0 + 1 - y) * ground + (y - y0) * static_cast<real>(g.at(x0, y0 + 1));
        ground -= lowered(x, y);
        // False for NaN. Rounding is far below and real differences far above 1e-12 m, so that
        // ground that only touches the line does not hide.
        return ground > from + part * (to - from) + 1e-12L;
    };
    for (std::int64_t x = std::min(c, eye.column) + 1; x < std::max(c, eye.column); ++x) {
        const real part = (x - eye.column) / dc;
        // Whole rows stay whole: (x - ec) * dr is divided last.
        if (hides(part, x, eye.row + (x - eye.column) * dr / dc))
            return 0;
    }
    for (std::int64_t y = std::min(r, eye.row) + 1; y < std::max(r, eye.row); ++y) {
        const real part = (y - eye.row) / dr;
        if (hides(part, eye.column + (y - eye.row) * dc / dr, y))
            return 0;
    }
    return 1;
}

void expect_exact(const Ground& ground, const Eye& eye) {
    const auto view = look(ground, eye);
    std::size_t wrong = 0;
    std::size_t seen = 0;
    for (std::int64_t r = 0; r < ground.rows; ++r)
        for (std::int64_t c = 0; c < ground.columns; ++c) {
            const int wanted = brute_force(ground, eye, c, r);
            const int got =
                at(view, c, r) == 0 && std::isnan(ground.at(c, r)) ? 255 : at(view, c, r);
            seen += wanted == 1 ? 1 : 0;
            if (got != wanted && ++wrong <= 3)
                ADD_FAILURE() << "cell " << c << ", " << r << " is " << got << " not " << wanted
                              << " from " << eye.column << ", " << eye.row;
        }
    EXPECT_EQ(wrong, 0U);
    EXPECT_GT(seen, 1U);
}

TEST(Viewshed, IsTheDefinitionOnHills) {
    for (unsigned seed = 1; seed <= 4; ++seed) {
        const auto ground = hills(141, 117, 30, seed);
        expect_exact(ground, {70, 60});
        expect_exact(ground, {70, 60, 0, 0});
        expect_exact(ground, {33, 90, 45.5, 2, 1500});
    }
}

TEST(Viewshed, IsTheDefinitionFromEdgesAndCorners) {
    const auto ground = hills(90, 75, 30, 9);
    for (const auto& [c, r] : {std::pair{0, 0}, {89, 0}, {0, 74}, {89, 74}, {44, 0}, {0, 30}})
        expect_exact(ground, {c, r});
    const auto row = hills(200, 1, 30, 10);
    expect_exact(row, {20, 0});
    const auto column = hills(1, 200, 30, 11);
    expect_exact(column, {0, 150});
}

TEST(Viewshed, IsTheDefinitionWithHolesInTheGround) {
    auto ground = hills(80, 80, 30, 3);
    std::mt19937 random{5};
    for (auto& height : ground.heights)
        if (random() % 7 == 0)
            height = none;
    ground.heights[40 * 80 + 40] = 600;
    expect_exact(ground, {40, 40});
    expect_exact(ground, {40, 40, 5, 0});
}

TEST(Viewshed, IsTheDefinitionOnRealTerrain) {
    const raster::Reader dem{std::string{RISKMAP_SOURCE_DIR} + "/data/bigtujunga/dem_30m.tif"};
    for (const auto& [left, top] : {std::pair{200, 100}, {700, 300}}) {
        const Window crop{left, top, 150, 130};
        Ground ground{150, 130, 30, dem.read(crop)};
        expect_exact(ground, {75, 65});
        expect_exact(ground, {10, 120, 3, 0, 2500});
        expect_exact(ground, {149, 0, 40, 20, 1e9, 0.13});
    }
}

TEST(Viewshed, IsTheDefinitionWhereGroundOnlyTouchesTheLine) {
    // Whole heights, no curvature: grazing lines are common and stay unrounded.
    std::mt19937 random{8};
    for (int round = 0; round < 6; ++round) {
        const auto ground =
            made(61, 61, 1, [&](auto, auto) { return static_cast<double>(random() % 4); });
        expect_exact(ground, {30, 30, 2, 1, 1e9, 1});
        expect_exact(ground, {30, 30, 0, 0, 1e9, 1});
    }
    const auto flat = made(50, 40, 10, [](auto, auto) { return 7.0; });
    const auto view = look(flat, {20, 20, 0, 0, 1e9, 1});
    EXPECT_EQ(std::count(view.cells.begin(), view.cells.end(), 1), 2000);
}

TEST(Viewshed, OfSteepAndJaggedGroundIsTheDefinition) {
    std::mt19937 random{4};
    std::uniform_real_distribution<float> any{0, 800};
    for (int round = 0; round < 3; ++round)
        expect_exact(made(70, 70, 30, [&](auto, auto) { return any(random); }), {35, 35, 900, 300});
    expect_exact(made(90, 90, 5, [](auto c, auto r) { return (c / 7 + r / 5) % 2 ? 40.0 : 0.0; }),
                 {44, 44, 45, 1});
}

TEST(Viewshed, HidesWhatLiesBehindAWall) {
    // Eye 20 m up, a wall of 30 m at 10 cells: at 10 + n cells the line over the wall has
    // risen to 30 + n m.
    const auto ground = made(60, 41, 1, [](auto c, auto) { return c == 30 ? 30.0 : 0.0; });
    for (const double target : {5.0, 31.5, 33.0, 40.5}) {
        const auto view = look(ground, {20, 20, 20, target, 1e9, 1});
        for (std::int64_t c = 31; c < 60; ++c)
            EXPECT_EQ(at(view, c, 20), target >= 30.0 + static_cast<double>(c - 30) ? 1 : 0)
                << c << " " << target;
        EXPECT_EQ(at(view, 30, 33), 1);
    }
}

TEST(Viewshed, OfAPlateauBeginsWhereTheLineOverItsEdgeMeetsTheGround) {
    // A cliff of 100 m ten cells east of an eye 5 m above the plateau; the ground below is
    // seen from where the line over the edge meets it: 10 (100 + 5) / 5 = 210 cells from the eye.
    const auto ground = made(400, 3, 1, [](auto c, auto) { return c <= 10 ? 100.0 : 0.0; });
    const auto view = look(ground, {0, 1, 5, 0, 1e9, 1});
    for (std::int64_t c = 0; c < 400; ++c)
        EXPECT_EQ(at(view, c, 1), c <= 10 || c >= 210 ? 1 : 0) << c;
}

TEST(Viewshed, OfAConeFromItsTipIsItsSide) {
    const auto cone = made(101, 101, 10, [](auto c, auto r) {
        return 1000 - 5 * std::hypot(static_cast<double>(c - 50), static_cast<double>(r - 50));
    });
    const auto view = look(cone, {50, 50, 1, 0, 1e9, 1});
    EXPECT_EQ(std::count(view.cells.begin(), view.cells.end(), 1), 101 * 101);
    // From its foot the far side is hidden.
    const auto foot = look(cone, {50, 100, 1, 0, 1e9, 1});
    EXPECT_EQ(at(foot, 50, 51), 1);
    EXPECT_EQ(at(foot, 50, 0), 0);
    EXPECT_EQ(at(foot, 50, 20), 0);
}

TEST(Viewshed, OnFlatWaterEndsAtTheHorizon) {
    // The horizon of an eye at h is sqrt(2 R h / (1-k)) away; a target of height H is seen
    // sqrt(2 R H / (1-k)) further.
    const auto sea = made(2001, 1, 50, [](auto, auto) { return 0.0; });
    for (const double k : {0.0, 0.13, 1.0 / 7}) {
        const double stretch = std::sqrt(2 * 6371000 / (1 - k));
        const auto view = look(sea, {0, 0, 30, 0, 1e9, k});
        const auto edge = stretch * std::sqrt(30.0) / 50;
        EXPECT_EQ(at(view, static_cast<std::int64_t>(edge) - 1, 0), 1) << k;
        EXPECT_EQ(at(view, static_cast<std::int64_t>(edge) + 2, 0), 0) << k;
        const auto mast = look(sea, {0, 0, 30, 40, 1e9, k});
        const auto far = edge + stretch * std::sqrt(40.0) / 50;
        EXPECT_EQ(at(mast, static_cast<std::int64_t>(far) - 1, 0), 1) << k;
        EXPECT_EQ(at(mast, static_cast<std::int64_t>(far) + 2, 0), 0) << k;
    }
}

TEST(Viewshed, DoesNotDependOnThreads) {
    const auto ground = hills(300, 200, 30, 6);
    EXPECT_EQ(look(ground, {100, 80}, {}, 1).cells, look(ground, {100, 80}, {}, 4).cells);
}

TEST(Viewshed, KeepsToRangeSectorAndTilt) {
    const auto flat = made(101, 101, 10, [](auto, auto) { return 0.0; });
    const Eye eye{50, 50, 30, 0, 400, 1};
    const auto count_where = [&](const Viewshed& view, const auto& inside) {
        std::size_t wrong = 0;
        for (std::int64_t r = 0; r < 101; ++r)
            for (std::int64_t c = 0; c < 101; ++c) {
                const double east = static_cast<double>(c - 50) * 10;
                const double north = static_cast<double>(50 - r) * 10;
                wrong += at(view, c, r) != (inside(east, north) ? 1 : 0) ? 1 : 0;
            }
        return wrong;
    };
    const auto near = [](double e, double n) { return std::hypot(e, n) <= 400; };
    EXPECT_EQ(count_where(look(flat, eye), near), 0U);
    EXPECT_EQ(
        count_where(look(flat, eye, [](auto& o) { o.least_range = 150; }),
                    [&](double e, double n) { return near(e, n) && std::hypot(e, n) >= 150; }),
        0U);
    // From north-west over north to east-north-east, the first angle above the second.
    EXPECT_EQ(count_where(look(flat, eye,
                               [](auto& o) {
                                   o.azimuth_from = 315;
                                   o.azimuth_to = 60;
                               }),
                          [&](double e, double n) {
                              return near(e, n) && ((e == 0 && n == 0) ||
                                                    (n > 0 && -e <= n && e <= n * std::sqrt(3)));
                          }),
              0U);
    EXPECT_EQ(count_where(look(flat, eye,
                               [](auto& o) {
                                   o.tilt_from = -10;
                                   o.tilt_to = -5;
                               }),
                          [&](double e, double n) {
                              const double tilt =
                                  std::atan2(-30, std::hypot(e, n)) * 180 / std::numbers::pi;
                              return near(e, n) &&
                                     ((e == 0 && n == 0) || (tilt >= -10 && tilt <= -5));
                          }),
              0U);
}

TEST(Viewshed, CanopyRaisesTheGroundButNotTheMast) {
    const auto bare = hills(80, 80, 30, 2);
    std::mt19937 random{3};
    auto trees = made(80, 80, 30, [&](auto, auto) {
        return random() % 3 == 0 ? none : static_cast<double>(random() % 20);
    });
    const auto heights = bare.source();
    const auto canopy = trees.source();
    Observer observer;
    observer.place = heights.grid().centre(40, 40);
    observer.mast = 25;
    const Terrain terrain{heights, heights.grid().window(), {}, &canopy};
    const auto view = visibility::viewshed(terrain, observer, {5, 0.13});
    auto raised = bare;
    for (std::size_t i = 0; i < raised.heights.size(); ++i)
        if (i != 40 * 80 + 40 && !std::isnan(trees.heights[i]))
            raised.heights[i] = static_cast<float>(raised.heights[i] + trees.heights[i]);
    const Eye eye{40, 40, 25, 5, 1e9, 0.13};
    for (std::int64_t r = 0; r < 80; ++r)
        for (std::int64_t c = 0; c < 80; ++c)
            EXPECT_EQ(at(view, c, r), brute_force(raised, eye, c, r)) << c << " " << r;
}

TEST(Viewshed, MeasuresCellsThatAreNotSquare) {
    auto ground = hills(90, 90, 30, 12);
    auto g = grid(90, 90, 30);
    g.cell_width = 45;
    const raster::InMemory source{g, ground.heights};
    Observer observer;
    observer.place = g.centre(45, 45);
    observer.mast = 10;
    observer.range = 1000;
    const Terrain terrain{source, visibility::within_range(g, observer), {}};
    const auto view = visibility::viewshed(terrain, observer, {500, 0});
    for (std::int64_t r = 0; r < 90; ++r)
        for (std::int64_t c = 0; c < 90; ++c) {
            const double distance =
                std::hypot(45.0 * static_cast<double>(c - 45), 30.0 * static_cast<double>(r - 45));
            EXPECT_EQ(at(view, c, r), distance <= 1000 ? 1 : 0) << c << " " << r;
        }
}

TEST(Viewshed, RefusesWhatItCannotAnswer) {
    const auto ground = hills(20, 20, 30, 1);
    const auto refuse = [&](const std::string& part, const std::function<void(Observer&)>& change) {
        expect_error(ErrorKind::input, part, [&] { (void)look(ground, {10, 10}, change); });
    };
    refuse("outside the height model", [](auto& o) { o.place.x -= 1e6; });
    refuse("mast of -1", [](auto& o) { o.mast = -1; });
    refuse("shorter than a cell", [](auto& o) { o.range = 29; });
    refuse("shorter than a cell", [](auto& o) { o.range = none; });
    refuse("range begins at 500", [](auto& o) {
        o.least_range = 500;
        o.range = 400;
    });
    refuse("tilt", [](auto& o) { o.tilt_from = 91; });
    refuse("sector", [](auto& o) { o.azimuth_from = none; });
    auto hole = ground;
    hole.heights[10 * 20 + 10] = none;
    expect_error(ErrorKind::input, "cell without data", [&] { (void)look(hole, {10, 10}); });
    expect_error(ErrorKind::input, "target height", [&] { (void)look(ground, {10, 10, 5, -1}); });
    Grid degrees = grid(20, 20, 0.001);
    degrees.crs = Crs::parse("EPSG:4490");
    degrees.left = 120.5;
    degrees.top = 30;
    const raster::InMemory source{degrees, ground.heights};
    expect_error(ErrorKind::input, "EPSG:4549",
                 [&] { Terrain(source, source.grid().window(), {}); });
}

TEST(Viewshed, TheMastStandsOnTheGroundAmongItsTrees) {
    const auto bare = hills(60, 60, 30, 4);
    const auto heights = bare.source();
    Observer observer;
    observer.place = heights.grid().centre(30, 30);
    observer.mast = 15;
    const auto trees = made(60, 60, 30, [](auto c, auto r) { return c == 30 && r == 30 ? 20 : 0; });
    const auto canopy = trees.source();
    const auto without =
        visibility::viewshed(Terrain{heights, heights.grid().window(), {}}, observer, {5, 0.13});
    const auto with = visibility::viewshed(Terrain{heights, heights.grid().window(), {}, &canopy},
                                           observer, {5, 0.13});
    EXPECT_EQ(with.cells, without.cells);
}

} // namespace
} // namespace riskmap::test
