// SPDX-License-Identifier: MIT
#include <riskmap/core/exact_sum.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace riskmap {
namespace {

double sum_of(const std::vector<double>& terms) {
    ExactSum sum;
    for (const double term : terms)
        sum.add(term);
    return sum.total();
}

TEST(ExactSum, KeepsWhatDoublesDrop) {
    EXPECT_EQ(sum_of({}), 0);
    EXPECT_EQ(sum_of({1e300, 1, -1e300}), 1);
    EXPECT_EQ(sum_of({1, 1e-300, -1}), 1e-300);
    EXPECT_EQ(sum_of({std::numeric_limits<double>::max(), 1e292, -1e292}),
              std::numeric_limits<double>::max());
    EXPECT_EQ(sum_of({5e-324, 5e-324, -1e-323}), 0);
    EXPECT_EQ(sum_of({-3, 1}), -2);
    EXPECT_EQ(sum_of(std::vector<double>(10, 0.1)), 1); // rounded once
}

TEST(ExactSum, RoundsToTheNearestEvenOne) {
    const double ulp = std::ldexp(1, -52);
    EXPECT_EQ(sum_of({1, ulp / 2}), 1);
    EXPECT_EQ(sum_of({1 + ulp, ulp / 2}), 1 + 2 * ulp);
    EXPECT_EQ(sum_of({1, ulp / 2, 1e-200}), 1 + ulp);
    EXPECT_EQ(sum_of({-1, -ulp / 2, -1e-200}), -1 - ulp);
}

TEST(ExactSum, EqualsWholeNumberArithmetic) {
    std::mt19937_64 random{2};
    for (int round = 0; round < 200; ++round) {
        std::vector<double> terms;
        std::int64_t exact = 0; // in units of 2^-20
        for (int i = 0; i < 300; ++i) {
            const auto units = static_cast<std::int64_t>(random() % (1ULL << 52U)) - (1LL << 51U);
            exact += units;
            terms.push_back(std::ldexp(static_cast<double>(units), -20));
        }
        EXPECT_EQ(sum_of(terms), std::ldexp(static_cast<double>(exact), -20));
    }
}

TEST(ExactSum, DoesNotDependOnTheOrderOrTheParts) {
    std::mt19937_64 random{7};
    std::vector<double> terms(5000);
    for (auto& term : terms)
        term = std::ldexp(static_cast<double>(static_cast<std::int64_t>(random())),
                          static_cast<int>(random() % 1800) - 950);
    const double whole = sum_of(terms);
    for (int round = 0; round < 20; ++round) {
        std::shuffle(terms.begin(), terms.end(), random);
        ExactSum left;
        ExactSum right;
        for (std::size_t i = 0; i < terms.size(); ++i)
            (i % 3 == 0 ? left : right).add(terms[i]);
        right.add(left);
        EXPECT_EQ(right.total(), whole);
    }
}

TEST(ExactSum, OfWhatIsNotFiniteIsNone) {
    EXPECT_TRUE(std::isnan(sum_of({1, std::numeric_limits<double>::infinity()})));
    EXPECT_TRUE(std::isnan(sum_of({std::nan(""), 1})));
}

TEST(ExactSum, WhatIsNoneStaysNoneWhereSumsAreJoined) {
    ExactSum undefined;
    undefined.add(std::nan(""));
    ExactSum all;
    all.add(3);
    all.add(undefined);
    EXPECT_TRUE(std::isnan(all.total()));
    ExactSum other;
    other.add(1);
    undefined.add(other);
    EXPECT_TRUE(std::isnan(undefined.total()));
}

} // namespace
} // namespace riskmap
