// SPDX-License-Identifier: MIT
#include <cmath>
#include <numbers>

#include <riskmap/risk/assess.hpp>
#include <riskmap/risk/sobol.hpp>
#include <riskmap/risk/uncertainty.hpp>

#include "support.hpp"

namespace riskmap::risk {
namespace {

TEST(Sobol, IndicesAreThoseOfIshigamisFunction) {
    // Ishigami & Homma 1990 with a = 7, b = 0.1; indices in closed form.
    const double pi = std::numbers::pi;
    const SobolModel model = [&](std::span<const double> u) {
        const double x = pi * (2 * u[0] - 1);
        const double y = pi * (2 * u[1] - 1);
        const double z = pi * (2 * u[2] - 1);
        return std::vector<double>{std::sin(x) + 7 * std::pow(std::sin(y), 2) +
                                   0.1 * std::pow(z, 4) * std::sin(x)};
    };
    const std::vector<std::size_t> factors{0, 1, 2};
    const auto indices = sobol_indices(model, factors, 20000, 3, {});
    const double variance =
        49.0 / 8 + 0.1 * std::pow(pi, 4) / 5 + 0.01 * std::pow(pi, 8) / 18 + 0.5;
    const double v1 = 0.5 * std::pow(1 + 0.1 * std::pow(pi, 4) / 5, 2);
    const double v2 = 49.0 / 8;
    const double v13 = 0.01 * std::pow(pi, 8) * (1.0 / 18 - 1.0 / 50);
    EXPECT_NEAR(indices[0].first, v1 / variance, 0.02);
    EXPECT_NEAR(indices[1].first, v2 / variance, 0.02);
    EXPECT_NEAR(indices[2].first, 0, 0.02);
    EXPECT_NEAR(indices[0].total, (v1 + v13) / variance, 0.02);
    EXPECT_NEAR(indices[1].total, v2 / variance, 0.02);
    EXPECT_NEAR(indices[2].total, v13 / variance, 0.02);
}

TEST(Sobol, GroupsSeveralResultsAndNothing) {
    // y1 = u0 + u1 (one factor of two numbers), y2 = 2 u2: variances 2/12 and 4/12.
    const SobolModel model = [](std::span<const double> u) {
        return std::vector<double>{u[0] + u[1], 2 * u[2], test::none};
    };
    const std::vector<std::size_t> factors{0, 0, 1};
    const auto indices = sobol_indices(model, factors, 8000, 1, {});
    EXPECT_NEAR(indices[0].first, 1.0 / 3, 0.02);
    EXPECT_NEAR(indices[1].total, 2.0 / 3, 0.02);
    const auto none = sobol_indices([](std::span<const double>) { return std::vector{1.0}; },
                                    factors, 100, 1, {});
    EXPECT_EQ(none[0].first, 0);
    EXPECT_EQ(none[1].total, 0);
}

TEST(Uniform, IsUniformAndDependsOnItsPlaceAlone) {
    double sum = 0;
    double squares = 0;
    double pairs = 0;
    constexpr int n = 100000;
    for (int i = 0; i < n; ++i) {
        const double u = uniform(7, static_cast<std::uint64_t>(i), 3);
        EXPECT_GT(u, 0);
        EXPECT_LT(u, 1);
        sum += u;
        squares += u * u;
        pairs += (u - 0.5) * (uniform(7, static_cast<std::uint64_t>(i), 4) - 0.5);
    }
    EXPECT_NEAR(sum / n, 0.5, 0.005);
    EXPECT_NEAR(squares / n, 1.0 / 3, 0.005);
    EXPECT_NEAR(pairs / n * 12, 0, 0.02);
    EXPECT_EQ(uniform(7, 11, 3), uniform(7, 11, 3));
    EXPECT_NE(uniform(8, 11, 3), uniform(7, 11, 3));
}

using SourcePtr = std::shared_ptr<const raster::Source>;

constexpr std::int64_t columns = 24;
constexpr std::int64_t rows = 18;

SourcePtr source(const std::function<double(int column, int row)>& value) {
    const auto grid = test::grid(columns, rows, 100);
    std::vector<double> values;
    for (int r = 0; r < rows; ++r)
        for (int c = 0; c < columns; ++c)
            values.push_back(value(c, r));
    return std::make_shared<raster::InMemory>(grid, values);
}

Scale straight(double low, double high) {
    return {NormaliseRule::parse("linear:" + std::to_string(low) + ":" + std::to_string(high)), {}};
}

/// One hazard and one exposure, six units of 8 x 9 cells; a corner without data.
UncertainModel small_model() {
    UncertainModel model;
    const auto noise = [](int c, int r, int k) {
        return uniform(99, static_cast<std::uint64_t>(r * 100 + c), static_cast<std::uint64_t>(k));
    };
    model.hazards.push_back({"flood", source([=](int c, int r) {
                                 return c < 2 && r < 2 ? test::none : 1 + 4 * noise(c, r, 0);
                             }),
                             straight(1.5, 4.5), 1, 0.2});
    model.exposures.push_back({"people", source([=](int c, int r) { return 100 * noise(c, r, 1); }),
                               straight(0, 80), 1, 0.3});
    model.vulnerability = source([=](int c, int) { return 0.5 + 0.01 * c; });
    model.units = source([](int c, int r) { return 1 + c / 8 + 3 * (r / 9); });
    model.people = source([=](int c, int r) { return 10 * noise(c, r, 2); });
    model.unit_count = 6;
    model.cell_breaks = raster::BreakRule::parse("natural-breaks", 5);
    model.unit_breaks = raster::BreakRule::parse("natural-breaks", 5);
    return model;
}

std::vector<double> base_risk(const UncertainModel& model) {
    const auto window = model.units->grid().window();
    const auto h = model.hazards[0].values->read(window);
    const auto e = model.exposures[0].values->read(window);
    const auto v = model.vulnerability->read(window);
    std::vector<double> risk(h.size());
    for (std::size_t i = 0; i < risk.size(); ++i)
        risk[i] = model.hazards[0].scale(h[i]) * model.exposures[0].scale(e[i]) * v[i];
    return risk;
}

std::vector<double> levels_by(const std::vector<double>& risk, std::size_t bins) {
    raster::ValueCounts counts{bins};
    counts.add(risk);
    const auto upper =
        raster::find_breaks(counts.bins(), raster::BreakRule::parse("natural-breaks", 5)).upper;
    std::vector<double> levels;
    for (const double v : risk)
        levels.push_back(raster::class_of(v, upper));
    return levels;
}

SourcePtr in_memory(const std::vector<double>& values) {
    return std::make_shared<raster::InMemory>(test::grid(columns, rows, 100), values);
}

/// The inverse of the normal distribution by bisection.
double normal_quantile(double p) {
    double low = -10;
    double high = 10;
    for (int i = 0; i < 200; ++i) {
        const double x = (low + high) / 2;
        (0.5 * std::erfc(-x / std::sqrt(2.0)) < p ? low : high) = x;
    }
    return low;
}

struct Written {
    test::Folder folder;
    Uncertainty result;
    std::vector<double> probability, likely, mean, spread;
};

void study(const UncertainModel& model, const UncertaintyRules& rules, Written& out,
           unsigned threads = 2) {
    raster::RasterSpec spec;
    spec.type = raster::CellType::float64;
    const auto grid = model.units->grid();
    {
        raster::Writer probability{out.folder / "p.tif", grid, spec};
        raster::Writer likely{out.folder / "l.tif", grid, spec};
        raster::Writer mean{out.folder / "m.tif", grid, spec};
        raster::Writer spread{out.folder / "s.tif", grid, spec};
        Execution execution;
        execution.threads = threads;
        out.result =
            study_uncertainty(model, rules, {&probability, &likely, &mean, &spread}, execution);
        for (auto* writer : {&probability, &likely, &mean, &spread})
            writer->commit();
    }
    const auto read = [&](const char* name) {
        return raster::Reader{out.folder / name}.read(grid.window());
    };
    out.probability = read("p.tif");
    out.likely = read("l.tif");
    out.mean = read("m.tif");
    out.spread = read("s.tif");
}

TEST(Uncertainty, IsThatOfADirectComputation) {
    auto model = small_model();
    const auto base = base_risk(model);
    const auto published = levels_by(base, 1U << 20U);
    model.levels = in_memory(published);
    UncertaintyRules rules;
    rules.draws = 60;
    rules.seed = 5;
    rules.breakpoints = 0.2;
    Written out;
    study(model, rules, out);

    // The same in the plainest way. One hazard and one exposure: their weights are 1 in any draw.
    // Columns of a draw: two weights, two moves for each layer, two errors.
    const auto window = model.units->grid().window();
    const auto h = model.hazards[0].values->read(window);
    const auto e = model.exposures[0].values->read(window);
    const auto v = model.vulnerability->read(window);
    std::vector<double> right(base.size());
    std::vector<double> sum(base.size());
    std::vector<double> squares(base.size());
    for (std::size_t d = 0; d < rules.draws; ++d) {
        const auto u = [&](std::uint64_t column) { return uniform(rules.seed, d, column); };
        const auto error = [&](double relative, double p) {
            const double sigma = std::sqrt(std::log(1 + relative * relative));
            return std::exp(sigma * normal_quantile(p) - sigma * sigma / 2);
        };
        const double h_low = 1.5 + 3 * 0.2 * (2 * u(2) - 1);
        const double h_high = 4.5 + 3 * 0.2 * (2 * u(3) - 1);
        const double e_high = 80 + 80 * 0.2 * (2 * u(5) - 1); // the lower end is 0 and stays
        const double h_error = error(0.2, u(6));
        const double e_error = error(0.3, u(7));
        std::vector<double> risk(base.size());
        for (std::size_t i = 0; i < risk.size(); ++i) {
            const double hazard =
                std::isnan(h[i])
                    ? test::none
                    : std::clamp((h[i] * h_error - h_low) / (h_high - h_low), 0.0, 1.0);
            risk[i] = hazard * std::clamp(e[i] * e_error / e_high, 0.0, 1.0) * v[i];
        }
        const auto level = levels_by(risk, 2048);
        for (std::size_t i = 0; i < risk.size(); ++i) {
            right[i] += level[i] == published[i] ? 1 : 0;
            sum[i] += risk[i];
            squares[i] += risk[i] * risk[i];
        }
    }
    const auto n = static_cast<double>(rules.draws);
    double certainty = 0;
    double cells = 0;
    for (std::size_t i = 0; i < base.size(); ++i) {
        if (std::isnan(base[i])) {
            EXPECT_TRUE(std::isnan(out.probability[i]) && std::isnan(out.mean[i]));
            continue;
        }
        EXPECT_NEAR(out.probability[i], right[i] / n, 1e-12) << i;
        EXPECT_NEAR(out.mean[i], sum[i] / n, 1e-12) << i;
        const double spread = std::sqrt(std::max(0.0, squares[i] / n - sum[i] * sum[i] / n / n));
        EXPECT_NEAR(out.spread[i], spread, 1e-7) << i;
        certainty += right[i] / n;
        cells += 1;
    }
    EXPECT_NEAR(out.result.mean_certainty, certainty / cells, 1e-12);
    EXPECT_LT(out.result.mean_certainty, 0.999);
}

TEST(Uncertainty, OfNothingIsNone) {
    auto model = small_model();
    model.hazards[0].error = model.exposures[0].error = 0;
    const auto base = base_risk(model);
    const auto published = levels_by(base, 1U << 20U);
    model.levels = in_memory(published);
    UncertaintyRules rules;
    rules.draws = 10;
    rules.breakpoints = 0;
    Written out;
    study(model, rules, out);
    for (std::size_t i = 0; i < base.size(); ++i) {
        if (std::isnan(base[i]))
            continue;
        EXPECT_EQ(out.probability[i], 1);
        EXPECT_EQ(out.likely[i], published[i]);
        EXPECT_NEAR(out.mean[i], base[i], 1e-12);
        EXPECT_NEAR(out.spread[i], 0, 1e-7);
    }
    for (const auto& unit : out.result.units) {
        EXPECT_EQ(unit.certainty, 1);
        EXPECT_EQ(unit.rank_low, unit.rank);
        EXPECT_EQ(unit.rank_high, unit.rank);
        EXPECT_EQ(unit.level, unit.likely);
    }
    for (const auto& factor : out.result.factors)
        EXPECT_NEAR(factor.index.total, 0, 1e-12);
}

/// Left half: the first hazard alone; right half: the second alone. The risk there is the weight.
UncertainModel two_halves(double weight_of_first) {
    UncertainModel model;
    model.hazards.push_back({"a", source([](int c, int) { return c < 12 ? 1 : 0; }), straight(0, 1),
                             weight_of_first, 0});
    model.hazards.push_back({"b", source([](int c, int) { return c < 12 ? 0 : 1; }), straight(0, 1),
                             1 - weight_of_first, 0});
    model.exposures.push_back({"e", source([](int, int) { return 1; }), straight(0, 1), 1, 0});
    model.units = source([](int c, int) { return c < 12 ? 1 : 2; });
    model.levels = source([](int c, int) { return c < 12 ? 2 : 1; });
    model.unit_count = 2;
    return model;
}

TEST(Uncertainty, WeightsSpreadAsDirichletSays) {
    const auto model = two_halves(0.7);
    UncertaintyRules rules;
    rules.draws = 4000;
    rules.breakpoints = 0;
    rules.concentration = 50;
    Written out;
    study(model, rules, out);
    EXPECT_NEAR(out.mean[0], 0.7, 0.004);
    EXPECT_NEAR(out.mean[20], 0.3, 0.004);
    const double spread = std::sqrt(0.7 * 0.3 / 51);
    EXPECT_NEAR(out.spread[0], spread, 0.003);
    EXPECT_NEAR(out.spread[20], spread, 0.003);
    // All of it comes from the weights of hazards.
    EXPECT_EQ(out.result.factors[0].name, "hazard weights");
    EXPECT_NEAR(out.result.factors[0].index.first, 1, 0.1);
    EXPECT_EQ(out.result.units[0].rank, 1);
    EXPECT_EQ(out.result.units[1].rank_low, 2);
}

TEST(Uncertainty, TakesEveryFormAndCombination) {
    for (const auto& form : risk_forms())
        for (const auto& combination : combinations()) {
            auto model = small_model();
            model.hazards.push_back(model.hazards[0]);
            model.hazards[0].weight = 0.6;
            model.hazards[1].weight = 0.4;
            model.hazards[1].values = source([](int c, int r) { return 1 + 0.1 * c + 0.05 * r; });
            model.hazards[1].name = "slide";
            for (auto* layers : {&model.hazards, &model.exposures})
                for (auto& layer : *layers)
                    layer.error = 0;
            model.form = &form;
            model.over_hazards = &combination;
            model.levels = source([](int c, int r) { return c < 2 && r < 2 ? test::none : 3; });
            UncertaintyRules rules;
            rules.draws = 2;
            rules.breakpoints = 0;
            rules.concentration = 1e6; // the weights hardly move
            Written out;
            study(model, rules, out);
            // Beside the engine that computes the published risk.
            const auto index = [](const UncertainLayer& layer) -> SourcePtr {
                auto values = layer.values->read(layer.values->grid().window());
                layer.scale.apply(values);
                return in_memory(values);
            };
            RiskModel plain;
            for (const auto& layer : model.hazards)
                plain.hazards.push_back({index(layer), layer.weight});
            for (const auto& layer : model.exposures)
                plain.exposures.push_back({index(layer), layer.weight});
            plain.vulnerability = model.vulnerability;
            plain.form = &form;
            plain.over_hazards = &combination;
            raster::RasterSpec spec;
            spec.type = raster::CellType::float64;
            raster::Writer writer{out.folder / "base.tif", model.units->grid(), spec};
            assess(plain, writer, {}, {});
            writer.commit();
            const auto base =
                raster::Reader{out.folder / "base.tif"}.read(model.units->grid().window());
            for (std::size_t i = 0; i < base.size(); ++i)
                if (!std::isnan(base[i])) {
                    EXPECT_NEAR(out.mean[i], base[i], 2e-3)
                        << form.name << " " << combination.name << " " << i;
                }
        }
}

TEST(Uncertainty, SameForAnyNumberOfThreads) {
    auto model = small_model();
    model.levels = in_memory(levels_by(base_risk(model), 1U << 20U));
    UncertaintyRules rules;
    rules.draws = 40;
    Written one;
    Written four;
    study(model, rules, one, 1);
    study(model, rules, four, 4);
    for (std::size_t i = 0; i < one.mean.size(); ++i)
        EXPECT_TRUE(one.mean[i] == four.mean[i] || std::isnan(one.mean[i]));
    EXPECT_EQ(one.result.mean_certainty, four.result.mean_certainty);
    for (std::size_t u = 0; u < one.result.units.size(); ++u) {
        EXPECT_EQ(one.result.units[u].spread, four.result.units[u].spread);
        EXPECT_EQ(one.result.units[u].rank_high, four.result.units[u].rank_high);
    }
    for (std::size_t f = 0; f < one.result.factors.size(); ++f)
        EXPECT_EQ(one.result.factors[f].index.total, four.result.factors[f].index.total);
}

TEST(Uncertainty, RefusesSenselessRules) {
    const auto refused = [](const std::string& why, auto change) {
        auto model = small_model();
        model.levels = model.units;
        UncertaintyRules rules;
        change(model, rules);
        test::expect_error(ErrorKind::usage, why,
                           [&] { (void)study_uncertainty(model, rules, {}, {}); });
    };
    refused("two draws", [](auto&, auto& rules) { rules.draws = 1; });
    refused("0 to 0.49", [](auto&, auto& rules) { rules.breakpoints = 0.5; });
    refused("concentration", [](auto&, auto& rules) { rules.concentration = 0; });
    refused("flood: -1 is not", [](auto& model, auto&) { model.hazards[0].error = -1; });
}

/// The level of a unit by the share of its cells that reach it, published and in every draw.
TEST(Uncertainty, OfUnitsIsThatOfTheLevelsThatArePublished) {
    // Two units of 12 columns: a third of the first has risk 1, all of the second 0.5.
    UncertainModel model;
    model.hazards.push_back({"a", source([](int c, int) { return c < 4    ? 1
                                                                 : c < 12 ? 0.1
                                                                          : 0.5; }),
                             straight(0, 1), 1, 0});
    model.exposures.push_back({"e", source([](int, int) { return 1; }), straight(0, 1), 1, 0});
    model.units = source([](int c, int) { return c < 12 ? 1 : 2; });
    model.levels = source([](int c, int) { return c < 4 ? 5 : c < 12 ? 1 : 3; });
    model.unit_count = 2;
    model.cell_breaks = raster::BreakRule::parse("fixed:0.2,0.4,0.6,0.8,1", 5);
    model.unit_breaks = model.cell_breaks;
    UncertaintyRules rules;
    rules.draws = 20;
    rules.breakpoints = 0;
    Written by_mean;
    study(model, rules, by_mean);
    EXPECT_EQ(by_mean.result.units[0].level, 2); // (4 * 1 + 8 * 0.1) / 12 = 0.4
    model.unit_share = 0.3;
    model.unit_levels = {5, 3};
    Written by_share;
    study(model, rules, by_share);
    EXPECT_EQ(by_share.result.units[0].level, 5);
    EXPECT_EQ(by_share.result.units[1].level, 3);
    EXPECT_EQ(by_share.result.units[0].certainty, 1);
    // The certainty is of the level that is published, also where that is another.
    model.unit_levels = {4, 3};
    Written published;
    study(model, rules, published);
    EXPECT_EQ(published.result.units[0].level, 4);
    EXPECT_EQ(published.result.units[0].likely, 5);
    EXPECT_EQ(published.result.units[0].certainty, 0);
    EXPECT_EQ(published.result.units[1].certainty, 1);
}

TEST(Uncertainty, AUnitWithoutPeopleIsWeighedByItsCells) {
    auto model = small_model();
    model.people = source([](int c, int r) { return c < 8 && r < 9 ? 0 : 1; });
    model.levels = in_memory(levels_by(base_risk(model), 1U << 20U));
    UncertaintyRules rules;
    rules.draws = 4;
    rules.breakpoints = 0;
    model.hazards[0].error = model.exposures[0].error = 0;
    Written out;
    study(model, rules, out);
    const auto risk = base_risk(model);
    double sum = 0;
    double cells = 0;
    for (int r = 0; r < 9; ++r)
        for (int c = 0; c < 8; ++c)
            if (const double v = risk[static_cast<std::size_t>(r * columns + c)]; !std::isnan(v)) {
                sum += v;
                ++cells;
            }
    EXPECT_NEAR(out.result.units[0].mean, sum / cells, 1e-9);
    EXPECT_GT(out.result.units[0].level, 0);
}

TEST(Uncertainty, RanksOfUnitsHaveTheirFiveAndNinetyFivePerCent) {
    // The risk of each unit is a weight of mean 0.6 or 0.4 and deviation 0.096 (Beta, 25): the
    // second is ahead in about 15 % of draws.
    const auto model = two_halves(0.6);
    UncertaintyRules rules;
    rules.draws = 2000;
    rules.breakpoints = 0;
    rules.concentration = 25;
    Written out;
    study(model, rules, out);
    const auto& units = out.result.units;
    EXPECT_EQ(units[0].rank, 1);
    EXPECT_EQ(units[1].rank, 2);
    for (const auto& unit : units) {
        EXPECT_EQ(unit.rank_low, 1);
        EXPECT_EQ(unit.rank_high, 2);
    }
    rules.concentration = 45; // now in 8 %
    Written surer;
    study(model, rules, surer);
    EXPECT_EQ(surer.result.units[0].rank_high, 2);
    rules.concentration = 150; // in 1 %
    Written surest;
    study(model, rules, surest);
    EXPECT_EQ(surest.result.units[0].rank_high, 1);
    EXPECT_EQ(surest.result.units[1].rank_low, 2);
}

TEST(Uncertainty, UnitsOfOneRiskShareTheirRank) {
    UncertainModel model;
    model.hazards.push_back(
        {"a", source([](int c, int) { return c < 8 ? 0.9 : 0.4; }), straight(0, 1), 1, 0});
    model.exposures.push_back({"e", source([](int, int) { return 1; }), straight(0, 1), 1, 0});
    model.units = source([](int c, int) { return 1 + c / 8; });
    model.levels = source([](int c, int) { return c < 8 ? 2 : 1; });
    model.unit_count = 3;
    UncertaintyRules rules;
    rules.draws = 4;
    rules.breakpoints = 0;
    Written out;
    study(model, rules, out);
    EXPECT_EQ(out.result.units[0].rank, 1);
    EXPECT_EQ(out.result.units[1].rank, 2.5);
    EXPECT_EQ(out.result.units[2].rank, 2.5);
}

} // namespace
} // namespace riskmap::risk
