// SPDX-License-Identifier: MIT
#include <riskmap/census/report.hpp>

#include <random>

#include <riskmap/geo/topology.hpp>

#include "support.hpp"

namespace riskmap::census {
namespace {

/// A quilt of n x n units of about 1 km whose borders are crooked and shared.
std::vector<MultiPolygon> quilt(int n, unsigned seed) {
    std::mt19937 random{seed};
    std::uniform_real_distribution<double> jitter{-200, 200};
    std::vector<std::vector<Point>> knots(n + 1, std::vector<Point>(n + 1));
    for (int r = 0; r <= n; ++r)
        for (int c = 0; c <= n; ++c)
            knots[r][c] = {550000 + 1000.0 * c + jitter(random),
                           3300000 + 1000.0 * r + jitter(random)};
    std::vector<MultiPolygon> units;
    for (int r = 0; r < n; ++r)
        for (int c = 0; c < n; ++c)
            units.push_back(
                {{{knots[r][c], knots[r][c + 1], knots[r + 1][c + 1], knots[r + 1][c], knots[r][c]},
                  {}}});
    return units;
}

spec::Source written(const std::filesystem::path& file, const std::vector<MultiPolygon>& units) {
    vector::Layer layer{"townships",
                        Crs::parse("EPSG:4549"),
                        {{"code", vector::FieldType::text}, {"name", vector::FieldType::text}},
                        {}};
    for (std::size_t i = 0; i < units.size(); ++i) {
        const auto code = std::to_string(330602000 + i);
        layer.features.push_back({{code, "town " + code}, {{}, {}, units[i]}});
    }
    vector::write_layer(file, layer);
    spec::Source source;
    source.file = file;
    return source;
}

CheckReport checked(const spec::Source& source, Execution execution = {}) {
    return check(std::span{&source, 1}, {}, spec::built_in_specs(), execution);
}

double sum_of(const CheckReport& report, const char* what) {
    double sum = 0;
    for (const auto& finding : report.findings.kept())
        if (finding.detail.en.starts_with(what))
            sum += std::stod(finding.value);
    return sum;
}

TEST(Coverage, ACleanOneIsClean) {
    const test::Folder folder;
    const auto report = checked(written(folder / "townships.gpkg", quilt(20, 1)));
    EXPECT_TRUE(report.clean()) << check_json(report, Language::en);
    EXPECT_EQ(report.layers[0].features, 400U);
}

// Overlaps beside pairwise intersections, gaps beside the holes of the union, both by GEOS.
TEST(Coverage, GapsAndOverlapsAreThoseOfOverlays) {
    int compared = 0;
    for (unsigned seed = 1; seed <= 12; ++seed) {
        const test::Folder folder;
        auto units = quilt(8, seed);
        std::mt19937 random{seed};
        std::uniform_real_distribution<double> push{-150, 150};
        for (int k = 0; k < 4; ++k) {
            // A vertex inside the quilt, moved in one unit only.
            const auto r = 1 + random() % 6;
            const auto c = 1 + random() % 6;
            auto& ring = units[r * 8 + c][0].outer;
            ring[2] = {ring[2].x + push(random), ring[2].y + push(random)};
        }
        double overlap = 0;
        for (std::size_t i = 0; i < units.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                overlap += common_area(units[i], units[j]);
        double gap = 0;
        for (const auto& polygon : dissolved(units))
            for (const auto& hole : polygon.holes)
                gap += std::abs(signed_area(hole));
        const auto report = checked(written(folder / "townships.gpkg", units));
        EXPECT_NEAR(sum_of(report, "gap"), gap, 1) << seed;
        // Where three units overlap each pair counts, but the place is one.
        double excess = -planar_area(dissolved(units));
        for (const auto& unit : units)
            excess += planar_area(unit);
        if (std::abs(excess - overlap) < 1) {
            EXPECT_NEAR(sum_of(report, "overlap"), overlap, 1) << seed;
            ++compared;
        }
    }
    EXPECT_GE(compared, 8);
}

TEST(Coverage, UnitsInsideOthersAndTwiceAreOverlaps) {
    const test::Folder folder;
    auto units = quilt(4, 3);
    const auto inside = [](const MultiPolygon& shape, double share) {
        const Point middle = centroid(shape);
        auto small = shape;
        for (auto& p : small[0].outer)
            p = {middle.x + share * (p.x - middle.x), middle.y + share * (p.y - middle.y)};
        return small;
    };
    units.push_back(inside(units[5], 0.5));
    units.push_back(units[10]);
    units.back()[0].outer.insert(units.back()[0].outer.begin() + 1,
                                 {(units[10][0].outer[0].x + units[10][0].outer[1].x) / 2,
                                  (units[10][0].outer[0].y + units[10][0].outer[1].y) / 2});
    const auto report = checked(written(folder / "townships.gpkg", units));
    EXPECT_NEAR(sum_of(report, "overlap"), planar_area(units[16]) + planar_area(units[10]), 10);
    bool named = false;
    for (const auto& finding : report.findings.kept())
        named = named || finding.detail.en.find("330602005, 330602016") != std::string::npos;
    EXPECT_TRUE(named) << check_json(report, Language::en);
}

// A polygon that crosses itself is told, and is no gap for that.
TEST(Coverage, AnInvalidUnitIsNoGap) {
    const test::Folder folder;
    auto units = quilt(5, 2);
    auto& ring = units[12][0].outer; // in the middle; a spike that runs out and back in
    const Point corner = ring[1];
    const Point inside{(corner.x + ring[3].x) / 2, (corner.y + ring[3].y) / 2};
    ring.insert(ring.begin() + 2, {inside, {inside.x + 1, inside.y}, corner});
    const auto report = checked(written(folder / "townships.gpkg", units));
    EXPECT_EQ(report.findings.count(RuleId::geometry_invalid), 1U);
    EXPECT_EQ(report.findings.count(RuleId::coverage_gap), 0U) << check_json(report, Language::en);
}

// With hardly any memory the borders are gone through in many rounds.
TEST(Coverage, DoesNotDependOnMemoryOrThreads) {
    const test::Folder folder;
    auto units = quilt(30, 5);
    for (const std::size_t i : {100U, 333U, 517U})
        units[i][0].outer[2].x += 90;
    const auto source = written(folder / "townships.gpkg", units);
    const auto expected = check_json(checked(source), Language::zh);
    EXPECT_NE(expected.find("coverage-overlap"), std::string::npos);
    for (const unsigned threads : {1U, 2U, 4U})
        for (const std::uint64_t memory :
             {std::uint64_t{1}, std::uint64_t{20000}, std::uint64_t{0}}) {
            Execution execution;
            execution.threads = threads;
            execution.memory_bytes = memory;
            EXPECT_EQ(check_json(checked(source, execution), Language::zh), expected);
        }
}

TEST(Coverage, AnAreaThatIsAHoleOfOneUnitIsNoFinding) {
    const test::Folder folder;
    auto units = quilt(3, 8);
    // The middle unit becomes a hole filled by another: an enclave.
    const auto middle = units[4];
    MultiPolygon around{
        {{{549000, 3299000}, {554000, 3299000}, {554000, 3304000}, {549000, 3304000}},
         {middle[0].outer}}};
    const auto report = checked(written(folder / "townships.gpkg", {around, middle}));
    EXPECT_TRUE(report.clean()) << check_json(report, Language::en);
}

TEST(Coverage, AGapIsToldFromItsToleranceOn) {
    // Two units side by side, and a strip between them that is none of both.
    const auto found = [](double width) {
        const test::Folder folder;
        const double x = 551000 + width;
        const std::vector<MultiPolygon> units{
            {{{{550000, 3300000},
               {551000, 3300000},
               {551000, 3301000},
               {550000, 3301000},
               {550000, 3300000}},
              {}}},
            {{{{x, 3300000}, {552000, 3300000}, {552000, 3301000}, {x, 3301000}, {x, 3300000}},
              {}}},
            {{{{550000, 3299000},
               {552000, 3299000},
               {552000, 3300000},
               {x, 3300000},
               {551000, 3300000},
               {550000, 3300000},
               {550000, 3299000}},
              {}}},
            {{{{550000, 3301000},
               {551000, 3301000},
               {x, 3301000},
               {552000, 3301000},
               {552000, 3302000},
               {550000, 3302000},
               {550000, 3301000}},
              {}}}};
        return !checked(written(folder / "townships.gpkg", units)).clean();
    };
    EXPECT_TRUE(found(0.05));
    EXPECT_FALSE(found(0.005));
}

} // namespace
} // namespace riskmap::census
