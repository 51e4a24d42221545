// SPDX-License-Identifier: MIT
// Private: what the layers of a delivery say of each other, once all are there.
#pragma once

#include <string>
#include <vector>

#include <riskmap/census/ingest.hpp>
#include <riskmap/vector/layer.hpp>

namespace riskmap::census {

using Layers = std::vector<vector::Layer>; ///< as the first of `Ingest::layers`

/// What a layer holds now and what was done to it.
void describe(IngestedLayer& entry, const vector::Layer& layer, const std::vector<Words>& did);

/// Where one of several files of townships does not say the county, the first digits of the code
/// do.
void fill_parents(Layers& layers, Ingest& ingest);

/// People and GDP that tables give by township go to the townships, where they are not known yet.
void join_totals(Layers& layers, Ingest& ingest);

/// Counties of one city share its first four digits (GB/T 2260).
void find_city(const Layers& layers, Ingest& ingest);

} // namespace riskmap::census
