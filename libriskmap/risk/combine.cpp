// SPDX-License-Identifier: MIT
#include <riskmap/risk/combine.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include <riskmap/core/table.hpp>

namespace riskmap::risk {

namespace {

using Values = std::span<const double>;

constexpr double none = std::numeric_limits<double>::quiet_NaN();

bool any_nan(Values values) {
    return std::any_of(values.begin(), values.end(), [](double v) { return std::isnan(v); });
}

double weighted_sum(Values indices, Values weights) {
    double sum = 0;
    for (std::size_t i = 0; i < indices.size(); ++i)
        sum += weights[i] * indices[i];
    return sum;
}

double largest(Values indices, Values weights) {
    if (any_nan(indices))
        return none;
    double most = 0;
    for (std::size_t i = 0; i < indices.size(); ++i)
        if (weights[i] > 0)
            most = std::max(most, indices[i]);
    return most;
}

double geometric(Values indices, Values weights) {
    if (any_nan(indices)) // pow(NaN, 0) would be 1
        return none;
    double product = 1;
    for (std::size_t i = 0; i < indices.size(); ++i)
        product *= std::pow(indices[i], weights[i]);
    return product;
}

double any(Values indices, Values weights) {
    double escape = 1;
    for (std::size_t i = 0; i < indices.size(); ++i)
        escape *= weights[i] > 0 || std::isnan(indices[i]) ? 1 - indices[i] : 1;
    return 1 - escape;
}

double matrix(Values indices, Values weights) {
    if (any_nan(indices))
        return none;
    int level = 0;
    for (std::size_t i = 0; i < indices.size(); ++i)
        if (weights[i] > 0)
            level = matrix_level(level, static_cast<int>(std::ceil(std::min(indices[i], 1.0) * 5)));
    return level / 5.0;
}

constexpr std::array<Combination, 5> combination_table{{
    {"weighted-sum", "sum of weight x index", &weighted_sum},
    {"max", "the largest index of those with a weight", &largest},
    {"geometric", "product of the indices to the power of their weights", &geometric},
    {"any", "1 - product of (1 - index): at least one of them, if independent", &any},
    {"matrix", "levels of five classes, two equal ones of 3 or more raise each other", &matrix},
}};

double product(double h, double e, double v) {
    return h * e * v;
}
double geometric_mean(double h, double e, double v) {
    return std::cbrt(h * e * v);
}
double sum(double h, double e, double v) {
    return e == 0 && !std::isnan(h + v) ? 0 : (h + e + v) / 3;
}

constexpr std::array<RiskForm, 3> form_table{{
    {"product", "hazard x exposure x vulnerability", &product},
    {"geometric-mean", "cube root of the product", &geometric_mean},
    {"sum", "mean of the three; 0 where nothing is exposed", &sum},
}};

} // namespace

std::span<const Combination> combinations() {
    return combination_table;
}
const Combination& combination(const std::string& name) {
    return row_named(combination_table, name, "combination");
}
std::span<const RiskForm> risk_forms() {
    return form_table;
}
const RiskForm& risk_form(const std::string& name) {
    return row_named(form_table, name, "form of risk");
}

int matrix_level(int a, int b) noexcept {
    return std::min(5, std::max(a, b) + (a == b && a >= 3 ? 1 : 0));
}

} // namespace riskmap::risk
