// SPDX-License-Identifier: MIT
#include <riskmap/risk/normalise.hpp>

#include "support.hpp"

namespace riskmap::risk {
namespace {

std::vector<double> all(const std::string& rule, std::vector<double> values,
                        Direction direction = Direction::more_is_worse) {
    const auto scale = fit(NormaliseRule::parse(rule, direction), values);
    for (auto& v : values)
        v = scale(v);
    return values;
}

void expect_near(const std::vector<double>& a, const std::vector<double>& b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i)
        EXPECT_NEAR(a[i], b[i], 1e-12) << i;
}

TEST(Normalise, EachMethodByHand) {
    expect_near(all("linear:0:3", {-1, 0, 1.5, 3, 9}), {0, 0, 0.5, 1, 1});
    expect_near(all("min-max", {2, 4, 6}), {0, 0.5, 1});
    expect_near(all("percentile:20:80", {1, 2, 3, 4, 5}), {0, 1.0 / 3, 2.0 / 3, 1, 1});
    expect_near(all("log:1:100", {0, 1, 10, 100, 1000}), {0, 0, 0.5, 1, 1});
    expect_near(all("log", {0, 1, 10, 100}), {0, 0, 0.5, 1});
    expect_near(all("breakpoints:0=0,50=0.2,100=1", {-5, 25, 50, 75, 200}), {0, 0.1, 0.2, 0.6, 1});
    // Ties share their mean rank: 1, 2.5, 2.5, 4 of 4.
    expect_near(all("percent-rank", {10, 20, 20, 30}), {0, 0.5, 0.5, 1});
    expect_near(all("rank", {10, 20, 20, 30}), {0, 0.5, 0.5, 1});
    expect_near(all("share-below", {10, 20, 20, 30}), {0.25, 0.625, 0.625, 1});
}

TEST(Normalise, MoreIsBetterTurnsItRound) {
    expect_near(all("linear:0:10", {0, 5, 10}, Direction::more_is_better), {1, 0.5, 0});
}

TEST(Normalise, AConstantLayerIsAllZero) {
    for (const char* rule : {"min-max", "percentile:5:95", "log", "percent-rank", "share-below"}) {
        const auto scale = fit(NormaliseRule::parse(rule), std::vector<double>{7, 7, 7});
        EXPECT_TRUE(scale.constant()) << rule;
        EXPECT_EQ(scale(7), 0) << rule;
    }
    const auto nothing = fit(NormaliseRule::parse("min-max"), std::vector<double>{test::none});
    EXPECT_TRUE(nothing.constant());
}

TEST(Normalise, ManyAtOnceAsOneByOne) {
    std::vector<double> values{-1e300, -3,        -0.0, 0,     1e-310,    0.7,
                               1.5,    2.9999999, 3,    1e300, test::none};
    for (const char* rule : {"linear:0:3", "linear:-2:1.1", "percentile:20:80", "log:1:100",
                             "breakpoints:0=0.2,3=0.9", "breakpoints:0=0,1=0.5,3=1", "rank"})
        for (const auto direction : {Direction::more_is_worse, Direction::more_is_better}) {
            const auto scale = fit(NormaliseRule::parse(rule, direction), values);
            auto many = values;
            scale.apply(many);
            for (std::size_t i = 0; i < values.size(); ++i) {
                const double one = scale(values[i]);
                EXPECT_TRUE(many[i] == one || std::abs(many[i] - one) < 1e-15 ||
                            (std::isnan(many[i]) && std::isnan(one)))
                    << rule << " " << values[i] << ": " << many[i] << " " << one;
            }
        }
}

TEST(Normalise, NodataStaysNodata) {
    EXPECT_TRUE(std::isnan(all("min-max", {1, test::none, 2})[1]));
}

TEST(Normalise, RefusesWhatItDoesNotKnow) {
    const auto refused = [](const char* text, const char* why) {
        test::expect_error(ErrorKind::usage, why, [&] { (void)NormaliseRule::parse(text); });
    };
    refused("linar:0:1", "unknown method");
    refused("linear", "linear:LO:HI");
    refused("linear:3:0", "rising");
    refused("linear:a:b", "not a number");
    refused("percentile:5:105", "0..100");
    refused("log:0:1", "positive");
    refused("breakpoints:0=0", "two points");
    refused("breakpoints:0=0,1=2", "0..1");
    refused("min-max:1:2", "takes no numbers");
}

/// Where most cells share one value the percentiles fall together; the few others still count.
TEST(Normalise, PercentilesOfASparseLayerAreWidenedAndSaidToBe) {
    std::vector<double> sparse(100, 0.0);
    sparse[3] = 2;
    sparse[40] = 4;
    const auto scale = fit(NormaliseRule::parse("percentile:5:95"), sparse);
    EXPECT_TRUE(scale.widened());
    EXPECT_FALSE(scale.constant());
    EXPECT_EQ(scale.range(), (std::pair<double, double>{0, 4}));
    EXPECT_EQ(scale(2), 0.5);
    EXPECT_FALSE(fit(NormaliseRule::parse("percentile:20:80"), std::vector<double>{1, 2, 3, 4, 5})
                     .widened());
}

TEST(Normalise, PercentilesAreThoseAskedFor) {
    std::vector<double> values;
    for (int i = 1; i <= 1000; ++i)
        values.push_back(i);
    const auto scale =
        fit(NormaliseRule::parse("percentile:10:90", Direction::more_is_worse), values);
    EXPECT_EQ(scale.range(), (std::pair{100.0, 900.0}));
    EXPECT_EQ(scale(100), 0);
    EXPECT_EQ(scale(500), 0.5);
    EXPECT_EQ(scale(950), 1);
}

} // namespace
} // namespace riskmap::risk
