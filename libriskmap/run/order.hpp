// SPDX-License-Identifier: MIT
// Private: the order of steps, by what they need and make.
#pragma once

#include <vector>

#include "step.hpp"

namespace riskmap::run {

/// Stages one after the other; the steps of a stage do not wait for one another. A step stands in
/// the first stage after all that make what it needs.
/// \throws Error{internal}: steps that wait for one another in a circle; two that make one file.
[[nodiscard]] std::vector<std::vector<const Step*>> stages_of(const std::vector<Step>& steps);

} // namespace riskmap::run
