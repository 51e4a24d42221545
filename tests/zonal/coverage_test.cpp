// SPDX-License-Identifier: MIT
#include <riskmap/zonal/coverage.hpp>

#include <cmath>
#include <numbers>
#include <random>

#include <riskmap/geo/topology.hpp>

#include "support.hpp"

namespace riskmap::zonal {
namespace {

constexpr double exact = 1e-9;

std::vector<double> shares(const MultiPolygon& shape, const Grid& grid, const Window& window) {
    std::vector<double> out(window.size());
    Coverage{shape, grid, window}.visit(
        window, [&](std::int64_t row, std::int64_t column, std::int64_t columns, double share) {
            for (std::int64_t c = 0; c < columns; ++c)
                out[static_cast<std::size_t>((row - window.row) * window.columns + column + c -
                                             window.column)] += share;
        });
    return out;
}
std::vector<double> shares(const MultiPolygon& shape, const Grid& grid) {
    return shares(shape, grid, grid.window());
}

double sum(const std::vector<double>& values) {
    double total = 0;
    for (const double v : values)
        total += v;
    return total;
}

MultiPolygon ring(const Grid& grid, std::vector<Point> cells) {
    for (auto& p : cells)
        p = grid.from_cells(p);
    return {{cells, {}}};
}

TEST(Coverage, OfARectangle) {
    const auto g = test::grid(3, 2);
    const auto s = shares(test::rectangle(g, 0.25, 0.5, 2.5, 1.75), g);
    const double expected[] = {0.75 * 0.5, 0.5, 0.5 * 0.5, 0.75 * 0.75, 0.75, 0.5 * 0.75};
    for (std::size_t i = 0; i < 6; ++i)
        EXPECT_NEAR(s[i], expected[i], exact) << i;
}

TEST(Coverage, OfATriangle) {
    const auto g = test::grid(2, 2);
    const auto s = shares(ring(g, {{0, 0}, {2, 2}, {0, 2}}), g);
    EXPECT_NEAR(s[0], 0.5, exact);
    EXPECT_NEAR(s[1], 0, exact);
    EXPECT_NEAR(s[2], 1, exact);
    EXPECT_NEAR(s[3], 0.5, exact);
}

TEST(Coverage, OfACircleByManyVertices) {
    const auto g = test::grid(40, 40, 30);
    constexpr int n = 3600;
    std::vector<Point> points;
    for (int i = 0; i < n; ++i) {
        const double a = 2 * std::numbers::pi * i / n;
        points.push_back({20.3 + 15.7 * std::cos(a), 19.6 + 15.7 * std::sin(a)});
    }
    const double area = 0.5 * n * 15.7 * 15.7 * std::sin(2 * std::numbers::pi / n);
    EXPECT_NEAR(sum(shares(ring(g, points), g)), area, exact * area);
}

TEST(Coverage, TakesHolesOffInEitherDirection) {
    const auto g = test::grid(4, 4);
    for (const bool turned : {false, true}) {
        auto shape = test::rectangle(g, 0, 0, 4, 4);
        auto hole = test::rectangle(g, 1.25, 1.25, 2.75, 2.75)[0].outer;
        if (turned)
            std::reverse(hole.begin(), hole.end());
        shape[0].holes.push_back(hole);
        const auto s = shares(shape, g);
        EXPECT_NEAR(s[5], 1 - 0.75 * 0.75, exact);
        EXPECT_NEAR(sum(s), 16 - 2.25, exact);
    }
}

TEST(Coverage, OfSeveralParts) {
    const auto g = test::grid(6, 1);
    auto shape = test::rectangle(g, 0.5, 0, 1.5, 1);
    shape.push_back(test::rectangle(g, 4, 0.5, 6, 1)[0]);
    const auto s = shares(shape, g);
    EXPECT_NEAR(s[0], 0.5, exact);
    EXPECT_NEAR(s[4], 0.5, exact);
    EXPECT_NEAR(sum(s), 2, exact);
}

TEST(Coverage, InsideOneCell) {
    const auto g = test::grid(3, 3, 100);
    const auto s = shares(ring(g, {{1.2, 1.3}, {1.7, 1.3}, {1.7, 1.5}, {1.2, 1.5}}), g);
    EXPECT_NEAR(s[4], 0.1, exact);
    EXPECT_NEAR(sum(s), 0.1, exact);
}

TEST(Coverage, BeyondTheEdgesOfTheRaster) {
    const auto g = test::grid(3, 3);
    EXPECT_NEAR(sum(shares(test::rectangle(g, -5, -5, 8, 8), g)), 9, exact);
    EXPECT_NEAR(sum(shares(test::rectangle(g, -5, 1.5, 0.5, 9), g)), 0.75, exact);
    EXPECT_NEAR(sum(shares(test::rectangle(g, 2.5, -9, 99, 0.5), g)), 0.25, exact);
    for (const auto& away : {test::rectangle(g, -9, 0, -1, 3), test::rectangle(g, 4, 0, 9, 3),
                             test::rectangle(g, 0, -9, 3, -1), test::rectangle(g, 0, 4, 3, 9)})
        EXPECT_EQ(sum(shares(away, g)), 0);
}

TEST(Coverage, AlongCellBorders) {
    const auto g = test::grid(5, 5, 60);
    const auto s = shares(test::rectangle(g, 1, 1, 4, 3), g);
    for (std::int64_t r = 0; r < 5; ++r)
        for (std::int64_t c = 0; c < 5; ++c)
            EXPECT_EQ(s[static_cast<std::size_t>(r * 5 + c)],
                      r >= 1 && r < 3 && c >= 1 && c < 4 ? 1 : 0);
    const auto corner = shares(ring(g, {{1, 1}, {3, 3}, {1, 3}}), g); // through cell corners
    EXPECT_NEAR(corner[6], 0.5, exact);
    EXPECT_NEAR(corner[12], 0.5, exact);
    EXPECT_NEAR(sum(corner), 2, exact);
}

TEST(Coverage, OfAPartitionSumsToTheWhole) {
    // Fans of triangles around random points tile a square.
    std::mt19937 random{5};
    std::uniform_real_distribution<double> place{0.5, 19.5};
    const auto g = test::grid(20, 20, 30);
    for (int round = 0; round < 20; ++round) {
        const Point middle{place(random), place(random)};
        std::vector<Point> border;
        for (const Point corner : {Point{0, 0}, Point{20, 0}, Point{20, 20}, Point{0, 20}})
            border.push_back(corner);
        border.insert(border.begin() + 1, {place(random), 0});
        std::vector<double> total(400);
        for (std::size_t i = 0; i < border.size(); ++i) {
            const auto s = shares(ring(g, {middle, border[i], border[(i + 1) % border.size()]}), g);
            for (std::size_t k = 0; k < 400; ++k)
                total[k] += s[k];
        }
        for (const double t : total)
            EXPECT_NEAR(t, 1, exact);
    }
}

TEST(Coverage, AgreesWithGeosCellByCell) {
    std::mt19937 random{6};
    std::uniform_real_distribution<double> radius{2, 9};
    const auto g = test::grid(20, 20, 50);
    for (int round = 0; round < 10; ++round) {
        std::vector<Point> star;
        for (int i = 0; i < 17; ++i) {
            const double a = 2 * std::numbers::pi * i / 17;
            const double r = radius(random);
            star.push_back({10 + r * std::cos(a), 10 + r * std::sin(a)});
        }
        const auto shape = ring(g, star);
        const auto s = shares(shape, g);
        for (std::int64_t r = 0; r < 20; ++r)
            for (std::int64_t c = 0; c < 20; ++c) {
                const auto cell =
                    test::rectangle(g, static_cast<double>(c), static_cast<double>(r),
                                    static_cast<double>(c + 1), static_cast<double>(r + 1));
                EXPECT_NEAR(s[static_cast<std::size_t>(r * 20 + c)],
                            common_area(shape, cell) / 2500, 1e-8);
            }
    }
}

TEST(Coverage, OfAWindowIsThatPartOfTheWhole) {
    const auto g = test::grid(20, 20);
    const auto shape = ring(g, {{1.3, 2.1}, {18.2, 4.4}, {9.9, 17.7}});
    const auto whole = shares(shape, g);
    const Window window{5, 3, 7, 9};
    const auto part = shares(shape, g, window);
    for (std::int64_t r = 0; r < window.rows; ++r)
        for (std::int64_t c = 0; c < window.columns; ++c)
            EXPECT_NEAR(part[static_cast<std::size_t>(r * window.columns + c)],
                        whole[static_cast<std::size_t>((r + 3) * 20 + c + 5)], exact);
}

} // namespace
} // namespace riskmap::zonal
