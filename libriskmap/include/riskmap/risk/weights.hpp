// SPDX-License-Identifier: MIT
// How much each hazard or indicator counts (../docs/method.md sections 7 and 18).
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace riskmap::risk {

/// Numbers in rows and columns. For indicators: a row per unit, a column per indicator.
struct Matrix {
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::vector<double> values = {}; ///< row-major

    Matrix() = default;
    Matrix(std::size_t r, std::size_t c) : rows{r}, columns{c}, values(r * c) {}
    Matrix(std::size_t r, std::size_t c, std::vector<double> v)
        : rows{r}, columns{c}, values{std::move(v)} {}
    /// \throws Error{input} if the rows differ in length.
    [[nodiscard]] static Matrix from_rows(const std::vector<std::vector<double>>& rows);
    [[nodiscard]] double& operator()(std::size_t i, std::size_t j) {
        return values[i * columns + j];
    }
    [[nodiscard]] double operator()(std::size_t i, std::size_t j) const {
        return values[i * columns + j];
    }
    [[nodiscard]] std::vector<double> column(std::size_t j) const;
};

struct AhpWeights {
    std::vector<double> weights;
    double largest_eigenvalue = 0;
    double consistency_ratio = 0; ///< with Saaty's random indices
};

enum class Consistency {
    required, ///< CR >= 0.1 is an error
    reported, ///< CR is only told
};

/// Analytic hierarchy process: principal eigenvector of a pairwise matrix
/// (a_ij = how much more i counts than j). Source: Saaty 1980.
/// \throws Error{input}: not square, n > 10, not positive, not reciprocal (to the
/// second digit after the point, 0.33 for 1/3),
/// or inconsistent.
[[nodiscard]] AhpWeights ahp_weights(const Matrix& pairwise,
                                     Consistency consistency = Consistency::required);

/// Shannon entropy, logarithm to the base of the number of rows; a constant
/// column gets 0. Values must not be negative. If all columns are constant
/// the weights are equal. Source: ../docs/method.md section 18.2.
[[nodiscard]] std::vector<double> entropy_weights(const Matrix& table);

enum class Scaling { min_max, none };

/// CRITIC: w_j ~ s_j sum_k (1 - r_jk), s and r in sample form, after scaling
/// the columns to 0..1. Source: Diakoulaki, Mavrotas & Papayannakis 1995.
[[nodiscard]] std::vector<double> critic_weights(const Matrix& table,
                                                 Scaling scaling = Scaling::min_max);

/// Weights in proportion to amounts, here losses by hazard.
[[nodiscard]] std::vector<double> share_weights(std::span<const double> amounts);

/// Given weights brought to the sum 1. \throws Error{input}: negative, not a
/// number, or all zero; `names` are for the message.
[[nodiscard]] std::vector<double> checked_weights(std::span<const double> weights,
                                                  std::span<const std::string> names);

/// Subjective x objective, brought to the sum 1 again.
[[nodiscard]] std::vector<double> combined_weights(std::span<const double> subjective,
                                                   std::span<const double> objective);

} // namespace riskmap::risk
