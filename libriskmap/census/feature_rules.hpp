// SPDX-License-Identifier: MIT
// Private: the rules that look at one feature at a time.
#pragma once

#include <functional>
#include <vector>

#include <riskmap/geo/topology.hpp>

#include "layer_case.hpp"

namespace riskmap::census {

/// A feature under the eyes of the rules.
struct FeatureCase {
    const LayerCase& layer;
    const vector::SourceFeature& source;
    const FlawFinder& flaws;
    std::vector<Finding>& findings;
    bool sound = true;    ///< its geometry can be used: set by the rules of geometry
    bool crooked = false; ///< not sound, but only because its polygons are not valid

    /// Adds a finding of this feature.
    Finding& found(RuleId rule, Words detail = {});
};

using FeatureRule = void (*)(FeatureCase&);
// Of its values.
void check_texts(FeatureCase& feature);
void check_values(FeatureCase& feature);
// Of its geometry; each of these needs those before it.
void check_presence(FeatureCase& feature);
void check_type(FeatureCase& feature);
void check_numbers_of_shape(FeatureCase& feature);
void check_extent(FeatureCase& feature);
void check_vertices(FeatureCase& feature);
void check_ring_order(FeatureCase& feature);
void check_validity(FeatureCase& feature);
/// In the order in which they are asked.
[[nodiscard]] std::span<const FeatureRule> feature_rules();

/// Whether coordinates are all numbers.
[[nodiscard]] bool finite(const vector::Shape& shape);
/// What GEOS says of a polygon, in both languages.
[[nodiscard]] Words flaw_words(const std::string& reason);
} // namespace riskmap::census
