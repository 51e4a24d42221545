// SPDX-License-Identifier: MIT
// Indices of one cell made into one (../docs/method.md sections 6 and 8).
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace riskmap::risk {

/// A way to combine indices in 0..1 with weights of sum 1. NaN in, NaN out.
struct Combination {
    std::string_view name;
    std::string_view summary;
    double (*combine)(std::span<const double> indices, std::span<const double> weights);
};

/// Over hazards: weighted-sum, max, geometric, any, matrix.
[[nodiscard]] std::span<const Combination> combinations();
/// \throws Error{usage} naming the nearest known one.
[[nodiscard]] const Combination& combination(const std::string& name);

/// Hazard x exposure x vulnerability: product, geometric-mean, sum. Without
/// exposure (0) there is no risk, whichever form is chosen.
struct RiskForm {
    std::string_view name;
    std::string_view summary;
    double (*risk)(double hazard, double exposure, double vulnerability);
};
[[nodiscard]] std::span<const RiskForm> risk_forms();
/// \throws Error{usage} naming the nearest known one.
[[nodiscard]] const RiskForm& risk_form(const std::string& name);

/// Level of two indices cut into five equal classes (0 = exactly zero): the
/// higher of the two, one more where both are equal and at least 3.
[[nodiscard]] int matrix_level(int a, int b) noexcept;

} // namespace riskmap::risk
