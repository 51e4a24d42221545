// SPDX-License-Identifier: MIT
#include <riskmap/geo/topology.hpp>

#include "support.hpp"

namespace riskmap {
namespace {

MultiPolygon box(double x0, double y0, double x1, double y1) {
    return {{{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}, {}}};
}

TEST(Topology, FindsAndRepairsASelfCrossing) {
    const MultiPolygon bow{{{{0, 0}, {2, 2}, {2, 0}, {0, 2}}, {}}};
    const auto flaw = find_flaw(bow);
    ASSERT_TRUE(flaw);
    EXPECT_NEAR(flaw->place.x, 1, 1e-12);
    EXPECT_NEAR(flaw->place.y, 1, 1e-12);
    const auto valid = repaired(bow);
    EXPECT_FALSE(find_flaw(valid));
    EXPECT_NEAR(planar_area(valid), 2, 1e-12);
    EXPECT_FALSE(find_flaw(box(0, 0, 1, 1)));
}

TEST(Topology, RefusesVerticesThatAreNoNumbers) {
    test::expect_error(ErrorKind::input, "not a number", [] {
        (void)find_flaw({{{{0, 0}, {test::none, 1}, {1, 1}}, {}}});
    });
}

TEST(Topology, DissolvesAndMeasures) {
    const std::vector<MultiPolygon> shapes{box(0, 0, 1, 1), box(1, 0, 2, 1)};
    const auto all = dissolved(shapes);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_NEAR(planar_area(all), 2, 1e-12);
    EXPECT_NEAR(common_area(box(0, 0, 2, 2), box(1, 1, 3, 3)), 1, 1e-12);
    EXPECT_TRUE(contains(all, interior_point(all)));
}

TEST(RookAdjacency, NeedsABorderNotACorner) {
    const std::vector<MultiPolygon> shapes{box(0, 0, 1, 1), box(1, 0, 2, 1), box(1, 1, 2, 2),
                                           box(5, 5, 6, 6)};
    const auto pairs = rook_adjacency(shapes, 0);
    ASSERT_EQ(pairs.size(), 2U);
    EXPECT_EQ(pairs[0].first, 0U);
    EXPECT_EQ(pairs[0].second, 1U);
    EXPECT_NEAR(pairs[0].shared_length, 1, 1e-12);
    EXPECT_EQ(pairs[1].first, 1U);
    EXPECT_EQ(pairs[1].second, 2U);
}

TEST(RookAdjacency, BridgesSmallGapsWithinTheTolerance) {
    const std::vector<MultiPolygon> shapes{box(0, 0, 1, 1), box(1.001, 0, 2, 1)};
    EXPECT_TRUE(rook_adjacency(shapes, 0).empty());
    EXPECT_EQ(rook_adjacency(shapes, 0.01).size(), 1U);
    const std::vector<MultiPolygon> corner{box(0, 0, 1, 1), box(1.001, 1.001, 2, 2)};
    EXPECT_TRUE(rook_adjacency(corner, 0.01).empty());
}

} // namespace
} // namespace riskmap
