// SPDX-License-Identifier: MIT
#include <riskmap/raster/breaks.hpp>

#include <algorithm>
#include <map>
#include <random>

#include "support.hpp"

namespace riskmap::raster {
namespace {

std::vector<ValueBin> bins_of(const std::vector<double>& values) {
    ValueCounts counts;
    counts.add(values);
    return counts.bins();
}

double within(std::vector<double> values, const std::vector<double>& upper) {
    double total = 0;
    for (std::size_t c = 0; c < upper.size(); ++c) {
        std::vector<double> members;
        for (const double v : values)
            if (class_of(v, upper) == static_cast<double>(c + 1))
                members.push_back(v);
        double mean = 0;
        for (const double v : members)
            mean += v / static_cast<double>(members.size());
        for (const double v : members)
            total += (v - mean) * (v - mean);
    }
    return total;
}

/// All ways to choose the upper bounds among the distinct values.
double best_by_trying_all(const std::vector<double>& values, int classes) {
    auto distinct = values;
    std::sort(distinct.begin(), distinct.end());
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    const auto k = std::min<std::size_t>(static_cast<std::size_t>(classes), distinct.size());
    std::vector<bool> chosen(distinct.size() - 1);
    std::fill(chosen.begin(), chosen.begin() + static_cast<std::ptrdiff_t>(k - 1), true);
    double best = std::numeric_limits<double>::infinity();
    do {
        std::vector<double> upper;
        for (std::size_t i = 0; i + 1 < distinct.size(); ++i)
            if (chosen[i])
                upper.push_back(distinct[i]);
        upper.push_back(distinct.back());
        best = std::min(best, within(values, upper));
    } while (std::prev_permutation(chosen.begin(), chosen.end()));
    return best;
}

TEST(NaturalBreaks, AreTheOptimumOfAllPartitions) {
    std::mt19937 random{1};
    for (int round = 0; round < 60; ++round) {
        // Few distinct values: many ties.
        std::uniform_int_distribution<int> value{0, round % 2 == 0 ? 12 : 1000};
        std::vector<double> values(14);
        for (auto& v : values)
            v = value(random) / 7.0;
        for (const int classes : {1, 2, 3, 5}) {
            const auto upper = natural_breaks(bins_of(values), classes);
            EXPECT_NEAR(within(values, upper), best_by_trying_all(values, classes), 1e-9)
                << "round " << round << ", classes " << classes;
        }
    }
}

TEST(NaturalBreaks, OfThePublishedExampleOfCkmeans) {
    // Wang & Song 2011, Ckmeans.1d.dp: {-1 x4}, {2 x3}, {4 5 6}.
    const std::vector<double> values{-1, 2, -1, 2, 4, 5, 6, -1, 2, -1};
    EXPECT_EQ(natural_breaks(bins_of(values), 3), (std::vector<double>{-1, 2, 6}));
}

TEST(NaturalBreaks, WithFewerValuesThanClasses) {
    EXPECT_EQ(natural_breaks(bins_of({3, 3, 1}), 5), (std::vector<double>{1, 3}));
    EXPECT_EQ(natural_breaks(bins_of({7, 7, 7}), 5), (std::vector<double>{7}));
    EXPECT_TRUE(natural_breaks({}, 5).empty());
}

TEST(NaturalBreaks, KeepTheirDigitsFarFromZero) {
    std::vector<double> values;
    for (int i = 0; i < 10; ++i) {
        values.push_back(1e9 + i * 1e-3);
        values.push_back(1e9 + 1 + i * 1e-3);
    }
    EXPECT_EQ(natural_breaks(bins_of(values), 2).front(), 1e9 + 9 * 1e-3);
}

TEST(Breaks, OfEachMethodOnOneToTen) {
    const auto bins = bins_of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    const auto upper = [&](const char* text, int classes) {
        return find_breaks(bins, BreakRule::parse(text, classes)).upper;
    };
    EXPECT_EQ(upper("quantile", 5), (std::vector<double>{2, 4, 6, 8, 10}));
    EXPECT_EQ(upper("equal-interval", 3), (std::vector<double>{4, 7, 10}));
    EXPECT_EQ(upper("fixed:3,6", 5), (std::vector<double>{3, 6, 10}));
    const auto deviation = upper("std-dev", 4); // mean 5.5, s = sqrt(8.25)
    EXPECT_NEAR(deviation[0], 5.5 - std::sqrt(8.25), 1e-12);
    EXPECT_NEAR(deviation[1], 5.5, 1e-12);
    const auto geometric = upper("geometric", 2);
    EXPECT_NEAR(geometric[0], std::sqrt(10.0), 1e-12);
    EXPECT_NEAR(
        find_breaks(bins_of({1, 1, 1, 1, 1, 1, 1, 2, 4, 20}), BreakRule::parse("head-tail", 3))
            .upper[0],
        3.3, 1e-12); // Jiang 2013: the mean first
}

TEST(Breaks, ZerosApart) {
    auto rule = BreakRule::parse("quantile", 3);
    rule.zeros_apart = true;
    const auto breaks = find_breaks(bins_of({0, 0, 0, 0, 0, 0, 1, 2, 3, 4}), rule);
    EXPECT_EQ(breaks.upper, (std::vector<double>{0, 2, 4}));
}

TEST(Breaks, ClassesAreOpenBelowAndClosedAbove) {
    const std::vector<double> upper{1, 2, 5};
    EXPECT_EQ(class_of(1, upper), 1);
    EXPECT_EQ(class_of(1.0000001, upper), 2);
    EXPECT_EQ(class_of(-10, upper), 1);
    EXPECT_EQ(class_of(99, upper), 3);
    EXPECT_TRUE(std::isnan(class_of(test::none, upper)));
    std::vector<double> many{1, 1.0000001, -10, 99, test::none, 2, 5, 5.1};
    const auto before = many;
    classify(many, upper);
    for (std::size_t i = 0; i < many.size(); ++i)
        EXPECT_TRUE(many[i] == class_of(before[i], upper) || std::isnan(before[i])) << before[i];
    EXPECT_TRUE(std::isnan(many[4]));
}

TEST(Breaks, RefuseWhatTheyDoNotKnow) {
    test::expect_error(ErrorKind::usage, "natural-breaks",
                       [] { (void)BreakRule::parse("natural-break"); });
    test::expect_error(ErrorKind::usage, "rising", [] { (void)BreakRule::parse("fixed:2,1"); });
    test::expect_error(ErrorKind::usage, "1 to 255", [] { (void)BreakRule::parse("quantile", 0); });
}

TEST(ValueCounts, DoNotDependOnTheOrderOfParts) {
    std::mt19937 random{2};
    std::normal_distribution<double> value;
    std::vector<double> values(5000);
    for (auto& v : values)
        v = value(random);
    ValueCounts whole{256};
    whole.add(values);
    ValueCounts parts{256};
    for (std::size_t i = 10; i-- > 0;) {
        ValueCounts part{256};
        part.add(std::span{values}.subspan(i * 500, 500));
        parts.add(part);
    }
    const auto a = whole.bins();
    const auto b = parts.bins();
    ASSERT_EQ(a.size(), b.size());
    EXPECT_LE(a.size(), 256U);
    EXPECT_EQ(total_count(a), 5000U);
    for (std::size_t i = 0; i < a.size(); ++i) {
        EXPECT_EQ(a[i].low, b[i].low);
        EXPECT_EQ(a[i].high, b[i].high);
        EXPECT_EQ(a[i].count, b[i].count);
    }
    EXPECT_GT(error_bound(a), 0);
}

TEST(ValueCounts, AreThoseOfAMap) {
    std::mt19937 random{6};
    const std::vector<double> odd{0, -0.0, 1e-320, -1e-320, 1e300, -1e300, 0.1, 0.1F, test::none};
    for (const bool floats : {false, true}) {
        std::vector<double> values(30000);
        for (auto& v : values) {
            v = random() % 5 == 0 ? odd[random() % odd.size()]
                                  : static_cast<double>(random() % 4000) / 7 - 200;
            if (floats)
                v = static_cast<double>(static_cast<float>(v));
        }
        std::map<double, std::uint64_t> expected;
        ValueCounts counts{ValueCounts::exact_values, 4};
        counts.add(values);
        counts.add(std::span{values}.first(1000), 3);
        for (std::size_t i = 0; i < values.size(); ++i)
            if (!std::isnan(values[i]))
                expected[values[i]] += i < 1000 ? 7 : 4;
        const auto bins = counts.bins();
        ASSERT_EQ(bins.size(), expected.size());
        auto entry = expected.begin();
        for (const auto& bin : bins) {
            EXPECT_EQ(bin.low, entry->first);
            EXPECT_EQ(bin.high, entry->first);
            EXPECT_EQ(bin.count, entry->second);
            ++entry;
        }
    }
}

TEST(ValueCounts, DropNoMoreBitsThanTheyMust) {
    std::vector<double> values;
    for (int i = 0; i < 1000; ++i)
        values.push_back(1 + i / 1024.0); // the ten highest bits of the fraction
    for (const std::size_t limit : {1000U, 500U, 499U, 250U, 3U}) {
        ValueCounts counts{limit};
        for (const double v : values)
            counts.add({&v, 1});
        const auto bins = counts.bins();
        EXPECT_LE(bins.size(), limit);
        EXPECT_GT(bins.size(), limit / 2 - 1);
        EXPECT_EQ(total_count(bins), 1000U);
        EXPECT_EQ(error_bound(bins) == 0, limit == 1000);
    }
}

TEST(Classify, LoopsOverCellsAgreeWithTheDefinition) {
    std::mt19937 random{9};
    std::vector<double> values;
    const std::vector<double> odd{0.2, 0.4, 0.6, -0.0, test::none, 1e-320, -1e300, 1e300};
    for (int i = 0; i < 5003; ++i)
        values.push_back(random() % 4 == 0 ? odd[random() % odd.size()]
                                           : static_cast<double>(random() % 1000) / 900);
    for (const std::size_t classes : {1U, 2U, 5U, 40U}) {
        std::vector<double> upper;
        for (std::size_t k = 1; k <= classes; ++k)
            upper.push_back(0.2 * static_cast<double>(k));
        auto found = values;
        classify(found, upper);
        for (std::size_t i = 0; i < values.size(); ++i) {
            const double expected = class_of(values[i], upper);
            EXPECT_TRUE(found[i] == expected || (std::isnan(found[i]) && std::isnan(expected)));
        }
    }
}

TEST(Breaks, HeadTailStopsWhereTheHeadIsNoMinority) {
    // Mean 4.6: half of them are above it, so there are two classes and no third.
    const std::vector<double> values{1, 1, 1, 1, 1, 8, 8, 8, 8, 9};
    ValueCounts counts;
    counts.add(values);
    const auto upper = find_breaks(counts.bins(), BreakRule::parse("head-tail", 5)).upper;
    ASSERT_EQ(upper.size(), 2U);
    EXPECT_NEAR(upper[0], 4.6, 1e-12);
    EXPECT_EQ(upper[1], 9);
    // A fifth above 2.8, and half of those above 10: three.
    ValueCounts tail;
    tail.add(std::vector<double>{1, 1, 1, 1, 1, 1, 1, 1, 8, 12});
    EXPECT_EQ(find_breaks(tail.bins(), BreakRule::parse("head-tail", 5)).upper,
              (std::vector<double>{2.8, 10, 12}));
}

TEST(Breaks, FixedOnesMustRise) {
    for (const char* text : {"fixed:0.2,0.2", "fixed:0.4,0.2", "fixed:", "fixed:a"})
        test::expect_error(ErrorKind::usage, "rising numbers",
                           [&] { (void)BreakRule::parse(text, 5); });
    EXPECT_EQ(BreakRule::parse("fixed:0.2,0.4", 5).fixed, (std::vector<double>{0.2, 0.4}));
}

} // namespace
} // namespace riskmap::raster
