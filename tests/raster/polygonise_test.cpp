// SPDX-License-Identifier: MIT
#include <riskmap/raster/polygonise.hpp>

#include <map>
#include <random>
#include <set>

#include <riskmap/geo/topology.hpp>

#include "support.hpp"

namespace riskmap::raster {
namespace {

/// A class raster in memory; 0 is nodata.
struct ClassGrid {
    Grid grid;
    std::vector<int> values;

    [[nodiscard]] InMemory source() const {
        std::vector<double> cells;
        for (const int v : values)
            cells.push_back(v == 0 ? nodata : v);
        return {grid, cells};
    }
};

ClassGrid classes(std::int64_t columns, const std::string& text) {
    ClassGrid out;
    for (const double v : test::cells(text))
        out.values.push_back(std::isnan(v) ? 0 : static_cast<int>(v));
    out.grid = test::grid(columns, static_cast<std::int64_t>(out.values.size()) / columns);
    return out;
}

std::vector<ClassPolygons> polygonise(const ClassGrid& grid, double tolerance = 0,
                                      std::int64_t least_cells = 1, std::int64_t block = 512,
                                      unsigned threads = 2) {
    return raster::polygonise(grid.source(), {least_cells, tolerance, block}, {.threads = threads});
}

/// Each patch by flood fill, and each cell's patch.
std::vector<std::vector<std::size_t>> filled(const ClassGrid& grid, std::vector<int>& patch_of) {
    const auto columns = static_cast<std::size_t>(grid.grid.columns);
    std::vector<std::vector<std::size_t>> patches;
    patch_of.assign(grid.values.size(), -1);
    for (std::size_t start = 0; start < grid.values.size(); ++start) {
        if (patch_of[start] >= 0)
            continue;
        std::vector<std::size_t> open{start};
        patch_of[start] = static_cast<int>(patches.size());
        patches.emplace_back();
        while (!open.empty()) {
            const auto i = open.back();
            open.pop_back();
            patches.back().push_back(i);
            const auto visit = [&](bool there, std::size_t j) {
                if (there && patch_of[j] < 0 && grid.values[j] == grid.values[i]) {
                    patch_of[j] = patch_of[i];
                    open.push_back(j);
                }
            };
            visit(i % columns > 0, i - 1);
            visit(i % columns + 1 < columns, i + 1);
            visit(i >= columns, i - columns);
            visit(i + columns < grid.values.size(), i + columns);
        }
    }
    return patches;
}

/// The cells after sieving, by the definition.
ClassGrid sieved(const ClassGrid& grid, std::size_t least) {
    std::vector<int> patch_of;
    const auto patches = filled(grid, patch_of);
    const auto columns = static_cast<std::size_t>(grid.grid.columns);
    const auto value = [&](int p) { return grid.values[patches[static_cast<std::size_t>(p)][0]]; };
    const auto size = [&](int p) { return patches[static_cast<std::size_t>(p)].size(); };
    const auto largest = [&](int p) {
        int best = -1;
        for (const auto i : patches[static_cast<std::size_t>(p)]) {
            const auto consider = [&](bool there, std::size_t j) {
                if (!there || patch_of[j] == p || grid.values[j] == 0)
                    return;
                const int q = patch_of[j];
                if (best < 0 || size(q) > size(best) || (size(q) == size(best) && q < best))
                    best = q;
            };
            consider(i % columns > 0, i - 1);
            consider(i % columns + 1 < columns, i + 1);
            consider(i >= columns, i - columns);
            consider(i + columns < grid.values.size(), i + columns);
        }
        return best;
    };
    ClassGrid out = grid;
    for (int p = 0; p < static_cast<int>(patches.size()); ++p) {
        if (value(p) == 0)
            continue;
        int at = p;
        for (int steps = 0; size(at) < least && steps < 1000; ++steps) {
            const int next = largest(at);
            at = next < 0 ? p : next;
        }
        if (size(at) < least)
            at = p;
        for (const auto i : patches[static_cast<std::size_t>(p)])
            out.values[i] = value(at);
    }
    return out;
}

std::string print(const std::vector<ClassPolygons>& all) {
    std::ostringstream out;
    out.precision(17);
    const auto ring = [&](const Ring& points) {
        for (const auto p : points)
            out << p.x << ' ' << p.y << ',';
        out << ';';
    };
    for (const auto& polygons : all) {
        out << polygons.value << ':';
        for (const auto& polygon : polygons.shape) {
            ring(polygon.outer);
            for (const auto& hole : polygon.holes)
                ring(hole);
        }
    }
    return out.str();
}

/// Smooth blobs of four classes with some nodata.
ClassGrid blobs(std::int64_t size, unsigned seed) {
    std::mt19937 random{seed};
    std::uniform_real_distribution<double> phase{0, 6.28};
    const double a = phase(random);
    const double b = phase(random);
    std::uniform_int_distribution<int> noise{0, 30};
    ClassGrid out{test::grid(size, size), {}};
    for (std::int64_t r = 0; r < size; ++r)
        for (std::int64_t c = 0; c < size; ++c) {
            const double v = std::sin(static_cast<double>(r) / 5 + a) +
                             std::cos(static_cast<double>(c) / 4 + b) +
                             std::sin(static_cast<double>(r + c) / 3);
            const int level = noise(random) == 0 ? 1 + noise(random) % 4
                                                 : static_cast<int>(std::floor(v + 3)) % 5;
            out.values.push_back(level);
        }
    return out;
}

TEST(Polygonise, AreasAreThoseOfTheCells) {
    const auto grid = classes(4, "1 1 2 2\n"
                                 "1 3 3 2\n"
                                 ". 3 1 1\n");
    std::map<int, double> area;
    for (const auto& polygons : polygonise(grid))
        area[polygons.value] = planar_area(polygons.shape);
    EXPECT_DOUBLE_EQ(area[1], 5);
    EXPECT_DOUBLE_EQ(area[2], 3);
    EXPECT_DOUBLE_EQ(area[3], 3);
    EXPECT_FALSE(area.contains(0));
}

TEST(Polygonise, KeepsHolesAndDiagonalCells) {
    const auto grid = classes(3, "1 1 1\n"
                                 "1 2 1\n"
                                 "1 1 1\n");
    const auto polygons = polygonise(grid);
    ASSERT_EQ(polygons[0].shape.size(), 1U);
    EXPECT_EQ(polygons[0].shape[0].holes.size(), 1U);
    const auto diagonal = polygonise(classes(2, "1 2\n2 1\n"));
    for (const auto& p : diagonal) {
        EXPECT_FALSE(find_flaw(p.shape));
        EXPECT_EQ(p.shape.size(), 2U);
    }
}

TEST(Polygonise, SimplifiedBordersLeaveNoGapsAndNoOverlaps) {
    for (const unsigned seed : {1U, 2U, 3U, 4U}) {
        const auto grid = blobs(60, seed);
        double whole = 0;
        for (const int v : grid.values)
            whole += v != 0 ? 1 : 0;
        for (const double tolerance : {0.0, 0.7, 1.5, 4.0}) {
            std::vector<MultiPolygon> shapes;
            double sum = 0;
            for (auto& polygons : polygonise(grid, tolerance)) {
                EXPECT_FALSE(find_flaw(polygons.shape)) << seed << " " << tolerance;
                sum += planar_area(polygons.shape);
                shapes.push_back(std::move(polygons.shape));
            }
            // Areas sum to the area of the union only if nothing overlaps; and the
            // union has the area of all classes only if the outline is their own.
            EXPECT_NEAR(sum, planar_area(dissolved(shapes)), 1e-6) << seed << " " << tolerance;
            for (std::size_t i = 0; i < shapes.size(); ++i)
                for (std::size_t j = i + 1; j < shapes.size(); ++j)
                    EXPECT_LT(common_area(shapes[i], shapes[j]), 1e-9);
            EXPECT_NEAR(sum / whole, 1, tolerance == 0 ? 1e-12 : 0.05);
        }
    }
}

TEST(Polygonise, FullRastersKeepTheirFrameAfterSimplification) {
    auto grid = blobs(50, 9);
    for (auto& v : grid.values)
        v = v == 0 ? 1 : v;
    double sum = 0;
    std::vector<MultiPolygon> shapes;
    for (auto& polygons : polygonise(grid, 2)) {
        sum += planar_area(polygons.shape);
        shapes.push_back(std::move(polygons.shape));
    }
    EXPECT_NEAR(sum, 2500, 1e-6);
    EXPECT_NEAR(planar_area(dissolved(shapes)), 2500, 1e-6);
}

TEST(Polygonise, IsTheSameForAnyBlockAndThreads) {
    for (const unsigned seed : {5U, 6U, 7U})
        for (const std::int64_t sieve : {1, 4}) {
            const auto grid = blobs(70, seed);
            const auto whole = print(polygonise(grid, 1.5, sieve, 512, 1));
            for (const std::int64_t block : {1, 3, 16, 64})
                for (const unsigned threads : {1U, 4U})
                    EXPECT_EQ(print(polygonise(grid, 1.5, sieve, block, threads)), whole)
                        << seed << " " << sieve << " " << block << " " << threads;
        }
}

TEST(Polygonise, HasOnePolygonForEachPatchFilledByHand) {
    for (const unsigned seed : {11U, 12U}) {
        const auto grid = blobs(50, seed);
        std::vector<int> patch_of;
        std::map<int, std::multiset<double>> expected;
        for (const auto& patch : filled(grid, patch_of))
            if (grid.values[patch[0]] != 0)
                expected[grid.values[patch[0]]].insert(static_cast<double>(patch.size()));
        for (const auto& polygons : polygonise(grid, 0, 1, 8)) {
            std::multiset<double> areas;
            for (const auto& polygon : polygons.shape)
                areas.insert(std::round(planar_area({polygon})));
            EXPECT_EQ(areas, expected[polygons.value]);
        }
    }
}

TEST(Polygonise, RefusesWhatIsNoClass) {
    test::expect_error(ErrorKind::input, "whole numbers",
                       [] { (void)raster::polygonise(*test::ascii(2, "1 2 2.5 1")); });
    const auto noise = blobs(200, 3);
    test::expect_error(ErrorKind::input, "--memory", [&] {
        (void)raster::polygonise(noise.source(), {}, {.memory_bytes = 100'000});
    });
}

TEST(Sieve, SmallPatchesJoinTheirLargestNeighbour) {
    const auto grid = classes(5, "1 1 1 1 1\n"
                                 "1 2 1 3 3\n"
                                 "1 1 1 3 3\n"
                                 ". . 1 3 3\n");
    std::map<int, double> area;
    for (const auto& polygons : polygonise(grid, 0, 3))
        area[polygons.value] = planar_area(polygons.shape);
    EXPECT_EQ(area, (std::map<int, double>{{1, 12}, {3, 6}})); // nodata stays
}

TEST(Sieve, IsThatOfTheDefinition) {
    for (const unsigned seed : {21U, 22U, 23U})
        for (const std::int64_t least : {2, 5, 20}) {
            const auto grid = blobs(40, seed);
            EXPECT_EQ(print(polygonise(grid, 0, least, 16)),
                      print(polygonise(sieved(grid, static_cast<std::size_t>(least)))))
                << seed << " " << least;
        }
}

} // namespace
} // namespace riskmap::raster
