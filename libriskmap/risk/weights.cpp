// SPDX-License-Identifier: MIT
#include <riskmap/risk/weights.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <Eigen/Dense>
#include <fmt/format.h>

#include <riskmap/core/error.hpp>

namespace riskmap::risk {

namespace {

/// Saaty's random indices for n = 1..10 (../docs/method.md section 7).
constexpr std::array<double, 10> random_index{0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49};

std::vector<double> with_sum_one(std::vector<double> weights) {
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (auto& w : weights)
        w = sum > 0 ? w / sum : 1.0 / static_cast<double>(weights.size());
    return weights;
}

/// 1/3 is often written 0.33: entries that are a reciprocal to two digits stand for it.
bool stands_for_reciprocal(double small, double large) {
    return large >= 1 && std::abs(small - 1 / large) <= 0.005 + 1e-12;
}

/// A matrix of comparisons with exact reciprocals.
/// \throws Error{input}: not square, too large, an entry below 0, not reciprocal.
Matrix checked_pairwise(Matrix a) {
    if (a.rows != a.columns || a.rows == 0)
        throw input_error(fmt::format("AHP matrix: {} rows but {} columns", a.rows, a.columns));
    if (a.rows > random_index.size())
        throw input_error(fmt::format("AHP matrix: {} items are too many to compare", a.rows),
                          "compare at most 10 items at once; group them first");
    for (std::size_t i = 0; i < a.rows; ++i)
        for (std::size_t j = i; j < a.rows; ++j) {
            auto& small = a(i, j) < a(j, i) ? a(i, j) : a(j, i);
            const double large = std::max(a(i, j), a(j, i));
            if (!(small > 0) || !stands_for_reciprocal(small, large))
                throw input_error(
                    fmt::format("AHP matrix is not reciprocal at row {}, column {}: {:g} and {:g}",
                                i + 1, j + 1, a(i, j), a(j, i)),
                    "the entry below the diagonal must be 1 / the entry above it: write 1/3 as "
                    "\"1/3\" or 0.33");
            small = 1 / large;
        }
    return a;
}

double mean(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Sample covariance; of a column with itself, the sample variance.
double covariance(std::span<const double> a, std::span<const double> b) {
    const double ma = mean(a);
    const double mb = mean(b);
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += (a[i] - ma) * (b[i] - mb);
    return sum / static_cast<double>(a.size() - 1);
}

void check_table(const Matrix& table, const char* method) {
    if (table.rows < 2 || table.columns == 0)
        throw input_error(fmt::format("{} weights need two rows or more", method));
    if (!std::all_of(table.values.begin(), table.values.end(),
                     [](double v) { return std::isfinite(v); }))
        throw input_error(fmt::format("{} weights: the table has cells without a number", method),
                          "fill or drop the incomplete rows");
}

} // namespace

Matrix Matrix::from_rows(const std::vector<std::vector<double>>& rows) {
    Matrix matrix{rows.size(), rows.empty() ? 0 : rows[0].size(), {}};
    for (const auto& row : rows) {
        if (row.size() != matrix.columns)
            throw input_error("the rows of the AHP matrix differ in length");
        matrix.values.insert(matrix.values.end(), row.begin(), row.end());
    }
    return matrix;
}

std::vector<double> Matrix::column(std::size_t j) const {
    std::vector<double> out(rows);
    for (std::size_t i = 0; i < rows; ++i)
        out[i] = (*this)(i, j);
    return out;
}

AhpWeights ahp_weights(const Matrix& comparisons, Consistency consistency) {
    const auto pairwise = checked_pairwise(comparisons);
    const auto n = static_cast<Eigen::Index>(pairwise.rows);
    const Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>
        a{pairwise.values.data(), n, n};
    const Eigen::EigenSolver<Eigen::MatrixXd> solver{a};
    Eigen::Index principal = 0;
    solver.eigenvalues().real().maxCoeff(&principal);
    AhpWeights out;
    out.largest_eigenvalue = solver.eigenvalues()[principal].real();
    for (Eigen::Index i = 0; i < n; ++i)
        out.weights.push_back(std::abs(solver.eigenvectors()(i, principal).real()));
    out.weights = with_sum_one(std::move(out.weights));
    const double ri = random_index[pairwise.rows - 1];
    if (ri > 0)
        out.consistency_ratio = std::max(0.0, (out.largest_eigenvalue - static_cast<double>(n)) /
                                                  static_cast<double>(n - 1) / ri);
    if (consistency == Consistency::required && out.consistency_ratio >= 0.1)
        throw input_error(
            fmt::format("AHP matrix is inconsistent: CR = {:.3f} (Saaty's RI), 0.1 or more",
                        out.consistency_ratio),
            "revise the comparisons, or set force = true to accept them");
    return out;
}

std::vector<double> entropy_weights(const Matrix& table) {
    check_table(table, "entropy");
    std::vector<double> weights;
    for (std::size_t j = 0; j < table.columns; ++j) {
        const auto column = table.column(j);
        if (*std::min_element(column.begin(), column.end()) < 0)
            throw input_error("entropy weights need values that are not negative",
                              "normalise the indicators first");
        const double sum = std::accumulate(column.begin(), column.end(), 0.0);
        const auto [least, most] = std::minmax_element(column.begin(), column.end());
        if (sum == 0 || *least == *most) {
            weights.push_back(0);
            continue;
        }
        double entropy = 0;
        for (const double x : column)
            if (x > 0)
                entropy -= x / sum * std::log(x / sum);
        entropy /= std::log(static_cast<double>(table.rows));
        weights.push_back(std::max(0.0, 1 - entropy));
    }
    return with_sum_one(std::move(weights));
}

std::vector<double> critic_weights(const Matrix& table, Scaling scaling) {
    check_table(table, "CRITIC");
    std::vector<std::vector<double>> columns;
    for (std::size_t j = 0; j < table.columns; ++j) {
        auto column = table.column(j);
        const auto [least, most] = std::minmax_element(column.begin(), column.end());
        const double low = *least;
        const double range = *most - low;
        if (scaling == Scaling::min_max)
            for (auto& x : column)
                x = range > 0 ? (x - low) / range : 0;
        columns.push_back(std::move(column));
    }
    std::vector<double> weights;
    for (const auto& a : columns) {
        const double spread = std::sqrt(covariance(a, a));
        double conflict = 0;
        for (const auto& b : columns) {
            const double other = std::sqrt(covariance(b, b));
            if (spread > 0 && other > 0)
                conflict += 1 - std::clamp(covariance(a, b) / (spread * other), -1.0, 1.0);
        }
        weights.push_back(spread * std::max(conflict, 0.0));
    }
    return with_sum_one(std::move(weights));
}

std::vector<double> share_weights(std::span<const double> amounts) {
    if (std::none_of(amounts.begin(), amounts.end(), [](double v) { return v > 0; }))
        throw input_error("loss-share weights: no loss of any hazard is above zero");
    return with_sum_one({amounts.begin(), amounts.end()});
}

std::vector<double> checked_weights(std::span<const double> weights,
                                    std::span<const std::string> names) {
    double sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (!(weights[i] >= 0) || !std::isfinite(weights[i]))
            throw input_error(fmt::format("weight of '{}' is {:g}: must be 0 or more",
                                          i < names.size() ? names[i] : "?", weights[i]));
        sum += weights[i];
    }
    if (!(sum > 0))
        throw input_error(fmt::format("the weights of {} sum to zero", fmt::join(names, ", ")),
                          "give at least one weight above zero");
    return with_sum_one({weights.begin(), weights.end()});
}

std::vector<double> combined_weights(std::span<const double> subjective,
                                     std::span<const double> objective) {
    std::vector<double> product;
    for (std::size_t i = 0; i < subjective.size(); ++i)
        product.push_back(subjective[i] * objective[i]);
    if (std::none_of(product.begin(), product.end(), [](double v) { return v > 0; }))
        throw input_error("combined weights: every product of the two weights is zero");
    return with_sum_one(std::move(product));
}

} // namespace riskmap::risk
