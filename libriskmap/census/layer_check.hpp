// SPDX-License-Identifier: MIT
// Private: all rules over one vector layer or table, in one pass.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include <riskmap/core/exact_sum.hpp>

#include "area.hpp"
#include "layer_case.hpp"
#include "prints.hpp"

namespace riskmap::census {

/// What several files of one specification hold together, as where each county sends its own.
struct Siblings {
    std::size_t to_come = 0;                           ///< files that are not checked yet
    std::map<std::string, std::vector<ExactSum>> sums; ///< by parent's code and sum of the spec
    std::set<std::string> parents;
    std::map<std::string, std::string> codes; ///< of units, and the file that they stood in
    std::map<Print, std::string> places;      ///< of features without codes, likewise
};

/// What a layer is checked against.
struct Surroundings {
    const Area* area = nullptr;
    const Units* parent = nullptr;      ///< of its specification's parent layer
    const Units* counties = nullptr;    ///< to tell townships of one name apart
    const Outline* reference = nullptr; ///< on the plane of `middle`: where it should lie
    std::optional<Plane> plane = {};    ///< of the reference
    const CheckRules& rules;
    const Execution& execution;
    Siblings* siblings = nullptr; ///< none: the layer stands alone
};

CheckedLayer check_layer(LayerCase& layer, const Surroundings& around, Findings& findings);

} // namespace riskmap::census
