// SPDX-License-Identifier: MIT
#include <riskmap/risk/weights.hpp>

#include <cmath>

#include "support.hpp"

namespace riskmap::risk {
namespace {

TEST(Ahp, GivesSaatysWealthOfNations) {
    // Saaty 1977, J. Math. Psychology 15, 234-281: US, USSR, China, France, UK,
    // Japan, West Germany; lambda max 7.61.
    const Matrix a{7, 7, {1,       4,       9, 6,       6,       5,       5,
                          1.0 / 4, 1,       7, 5,       5,       3,       4,
                          1.0 / 9, 1.0 / 7, 1, 1.0 / 5, 1.0 / 5, 1.0 / 7, 1.0 / 5,
                          1.0 / 6, 1.0 / 5, 5, 1,       1,       1.0 / 3, 1.0 / 3,
                          1.0 / 6, 1.0 / 5, 5, 1,       1,       1.0 / 3, 1.0 / 3,
                          1.0 / 5, 1.0 / 3, 7, 3,       3,       1,       2,
                          1.0 / 5, 1.0 / 4, 5, 3,       3,       1.0 / 2, 1}};
    const auto found = ahp_weights(a);
    const double published[] = {.427, .230, .021, .052, .052, .123, .094};
    for (std::size_t i = 0; i < 7; ++i)
        EXPECT_NEAR(found.weights[i], published[i], 2.5e-3) << i;
    EXPECT_NEAR(found.largest_eigenvalue, 7.61, 0.01);
    EXPECT_NEAR(found.consistency_ratio, 0.61 / 6 / 1.32, 2e-3);
}

TEST(Ahp, ReturnsTheWeightsOfAConsistentMatrix) {
    const double w[] = {0.5, 0.3, 0.2};
    Matrix a{3, 3};
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j)
            a(i, j) = w[i] / w[j];
    const auto found = ahp_weights(a);
    for (std::size_t i = 0; i < 3; ++i)
        EXPECT_NEAR(found.weights[i], w[i], 1e-12);
    EXPECT_NEAR(found.consistency_ratio, 0, 1e-12);
    EXPECT_EQ(ahp_weights(Matrix{1, 1, {1}}).weights, (std::vector<double>{1}));
}

TEST(Ahp, RefusesMatricesThatAreNone) {
    test::expect_error(ErrorKind::input, "not reciprocal", [] {
        (void)ahp_weights(Matrix{2, 2, {1, 3, 3, 1}});
    });
    test::expect_error(ErrorKind::input, "CR =", [] {
        (void)ahp_weights(Matrix{3, 3, {1, 9, 1.0 / 9, 1.0 / 9, 1, 9, 9, 1.0 / 9, 1}});
    });
    EXPECT_GT(ahp_weights(Matrix{3, 3, {1, 9, 1.0 / 9, 1.0 / 9, 1, 9, 9, 1.0 / 9, 1}},
                          Consistency::reported)
                  .consistency_ratio,
              0.1);
    test::expect_error(ErrorKind::input, "2 rows but 3", [] {
        (void)ahp_weights(Matrix{2, 3, {1, 1, 1, 1, 1, 1}});
    });
    test::expect_error(ErrorKind::input, "too many", [] {
        (void)ahp_weights(Matrix{11, 11, std::vector<double>(121, 1)});
    });
}

TEST(Matrix, OfRaggedRowsIsRefused) {
    EXPECT_EQ(Matrix::from_rows({{1, 2}, {3, 4}}).values, (std::vector<double>{1, 2, 3, 4}));
    test::expect_error(ErrorKind::input, "differ in length", [] {
        (void)Matrix::from_rows({{1, 2, 3}, {1}});
    });
}

TEST(Entropy, GivesXusExample) {
    // Xu 2004, European J. of Operational Research 156, 530-532.
    const Matrix x{4, 4, {30, 30, 38, 29, 19, 54, 86, 29, 19, 15, 85, 28.9, 68, 70, 60, 29}};
    const auto w = entropy_weights(x);
    const double published[] = {0.4630, 0.3992, 0.1378, 0.0000};
    for (std::size_t j = 0; j < 4; ++j)
        EXPECT_NEAR(w[j], published[j], 5e-5) << j;
}

TEST(Entropy, AConstantColumnWeighsNothing) {
    const auto w = entropy_weights(Matrix{3, 2, {1, 5, 2, 5, 3, 5}});
    EXPECT_EQ(w[1], 0);
    EXPECT_EQ(w[0], 1);
    const auto equal = entropy_weights(Matrix{2, 2, {1, 1, 1, 1}});
    EXPECT_EQ(equal[0], 0.5);
    test::expect_error(ErrorKind::input, "not negative", [] {
        (void)entropy_weights(Matrix{2, 1, {-1, 2}});
    });
    test::expect_error(ErrorKind::input, "without a number", [] {
        (void)entropy_weights(Matrix{2, 1, {test::none, 2}});
    });
}

TEST(Critic, GivesTusAndAytacAdalisExample) {
    // Tus & Aytac Adali 2019, Opsearch 56, 528-538.
    const Matrix x{5, 6, {5000, 3, 3, 4,   3, 2, 680, 5, 3, 2,   2, 1, 2000, 3, 2,
                          3,    4, 3, 600, 4, 3, 1,   2, 2, 800, 2, 4, 3,    3, 4}};
    const auto w = critic_weights(x);
    const double published[] = {0.157, 0.249, 0.168, 0.121, 0.154, 0.151};
    for (std::size_t j = 0; j < 6; ++j)
        EXPECT_NEAR(w[j], published[j], 5.5e-4) << j;
}

TEST(Weights, FromLossesAndByHand) {
    EXPECT_EQ(share_weights(std::vector<double>{30, 10}), (std::vector<double>{0.75, 0.25}));
    const auto both =
        combined_weights(std::vector<double>{0.5, 0.5}, std::vector<double>{0.9, 0.1});
    EXPECT_NEAR(both[0], 0.9, 1e-12);
    const std::vector<std::string> names{"flood", "typhoon"};
    EXPECT_EQ(checked_weights(std::vector<double>{3, 1}, names), (std::vector<double>{0.75, 0.25}));
    test::expect_error(ErrorKind::input, "typhoon", [&] {
        (void)checked_weights(std::vector<double>{3, -1}, names);
    });
    test::expect_error(ErrorKind::input, "sum to zero", [&] {
        (void)checked_weights(std::vector<double>{0, 0}, names);
    });
    test::expect_error(ErrorKind::input, "no loss", [] {
        (void)share_weights(std::vector<double>{0, 0});
    });
}

TEST(Ahp, MatricesWithARatioOfATenthAndMoreAreRefused) {
    // a12 = a23 = 2 and a13 = x: the eigenvalue is 1 + k + 1 / k with k = (x / 4)^(1/3).
    const auto pairwise = [](double x) {
        return Matrix{3, 3, {1, 2, x, 0.5, 1, 2, 1 / x, 0.5, 1}};
    };
    const auto ratio = [](double x) {
        const double k = std::cbrt(x / 4);
        return (k + 1 / k - 2) / 2 / 0.58;
    };
    ASSERT_LT(ratio(10), 0.1);
    ASSERT_GT(ratio(12), 0.1);
    ASSERT_LT(ratio(12), 0.13);
    EXPECT_NEAR(ahp_weights(pairwise(10)).consistency_ratio, ratio(10), 1e-9);
    test::expect_error(ErrorKind::input, "CR =", [&] { (void)ahp_weights(pairwise(12)); });
    EXPECT_NEAR(ahp_weights(pairwise(12), Consistency::reported).consistency_ratio, ratio(12),
                1e-9);
}

} // namespace
} // namespace riskmap::risk
