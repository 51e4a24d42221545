// SPDX-License-Identifier: MIT
// Private: what went in, by which rules, and what there is to know, as run.json has it.
#pragma once

#include <vector>

#include <riskmap/record/record.hpp>

#include "state.hpp"
#include "work.hpp"

namespace riskmap::run {

[[nodiscard]] record::Record provenance(const Work& work, const std::vector<const Step*>& steps,
                                        const State& state);

} // namespace riskmap::run
