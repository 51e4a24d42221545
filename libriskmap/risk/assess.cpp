// SPDX-License-Identifier: MIT
#include <riskmap/risk/assess.hpp>

#include <algorithm>
#include <atomic>

#include <riskmap/core/vectorised.hpp>
#include <riskmap/raster/cells.hpp>

namespace riskmap::risk {

namespace {

std::vector<double> weights_of(const std::vector<IndexLayer>& layers) {
    std::vector<double> weights;
    for (const auto& layer : layers)
        weights.push_back(layer.weight);
    return weights;
}

RISKMAP_VECTORISED void add_weighted(const double* values, double weight, std::size_t n,
                                     double* sums) {
    for (std::size_t i = 0; i < n; ++i)
        sums[i] += weight * values[i];
}

/// Whether any value lies beyond 0..1, what single precision makes of 1 apart; NaN does not.
RISKMAP_VECTORISED bool beyond_index(const double* values, std::size_t n) {
    std::size_t beyond = 0;
    for (std::size_t i = 0; i < n; ++i)
        beyond += (values[i] < 0) | (values[i] > 1.000001) ? 1 : 0;
    return beyond > 0;
}

/// A level belongs to the index as it is written.
RISKMAP_VECTORISED void round_to_single(double* values, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i)
        values[i] = static_cast<double>(static_cast<float>(values[i]));
}

/// Combines cell by cell; the weighted sum runs layer by layer, which vectorises.
void combine_cells(const Combination& combination, bool sum,
                   std::span<const std::vector<double>> indices, std::span<const double> weights,
                   std::span<double> out) {
    if (sum) {
        std::fill(out.begin(), out.end(), 0.0);
        for (std::size_t k = 0; k < indices.size(); ++k)
            add_weighted(indices[k].data(), weights[k], out.size(), out.data());
        return;
    }
    std::vector<double> cell(indices.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
        for (std::size_t k = 0; k < cell.size(); ++k)
            cell[k] = indices[k][i];
        out[i] = combination.combine(cell, weights);
    }
}

} // namespace

void assess(const RiskModel& model, raster::Writer& composite,
            std::span<raster::Writer* const> single_hazards, const Execution& execution) {
    const std::size_t hazards = model.hazards.size();
    const std::size_t exposures = model.exposures.size();
    std::vector<std::shared_ptr<const raster::Source>> inputs;
    for (const auto& layer : model.hazards)
        inputs.push_back(layer.index);
    for (const auto& layer : model.exposures)
        inputs.push_back(layer.index);
    if (model.vulnerability)
        inputs.push_back(model.vulnerability);
    std::vector<raster::Writer*> outputs{&composite};
    outputs.insert(outputs.end(), single_hazards.begin(), single_hazards.end());
    const auto hazard_weights = weights_of(model.hazards);
    const auto exposure_weights = weights_of(model.exposures);
    const auto risk = model.form->risk;
    const auto combine = model.over_hazards->combine;
    const bool vulnerable = model.vulnerability != nullptr;
    raster::transform(
        inputs, outputs,
        [&](const Window&, std::span<std::vector<double>> in, std::span<std::vector<double>> out) {
            std::vector<double> of_exposure(hazards);
            std::vector<double> of_hazard(hazards);
            for (std::size_t i = 0; i < out[0].size(); ++i) {
                const double v = vulnerable ? in[hazards + exposures][i] : 1.0;
                double total = 0;
                std::fill(of_hazard.begin(), of_hazard.end(), 0.0);
                for (std::size_t e = 0; e < exposures; ++e) {
                    const double exposed = in[hazards + e][i];
                    for (std::size_t h = 0; h < hazards; ++h) {
                        of_exposure[h] = risk(in[h][i], exposed, v);
                        of_hazard[h] += exposure_weights[e] * of_exposure[h];
                    }
                    total += exposure_weights[e] * combine(of_exposure, hazard_weights);
                }
                out[0][i] = total;
                for (std::size_t h = 0; h < single_hazards.size(); ++h)
                    out[1 + h][i] = of_hazard[h];
            }
        },
        execution, "risk");
}

std::vector<bool> overlay(std::span<const OverlayLayer> layers, const Combination& combination,
                          const OverlayOutputs& outputs, const Execution& execution) {
    std::vector<std::atomic<bool>> beyond(layers.size());
    std::vector<std::shared_ptr<const raster::Source>> inputs;
    std::vector<double> weights;
    for (const auto& layer : layers) {
        inputs.push_back(layer.source);
        weights.push_back(layer.weight);
    }
    std::vector<raster::Writer*> writers;
    for (auto* writer : {outputs.index, outputs.levels})
        if (writer != nullptr)
            writers.push_back(writer);
    const bool sum = combination.combine == risk::combination("weighted-sum").combine;
    const auto upper = raster::in_single_precision({outputs.upper.begin(), outputs.upper.end()});
    raster::transform(
        inputs, writers,
        [&](const Window&, std::span<std::vector<double>> in, std::span<std::vector<double>> out) {
            for (std::size_t k = 0; k < layers.size(); ++k)
                if (layers[k].scale)
                    layers[k].scale->apply(in[k]);
                else if (!beyond[k].load(std::memory_order_relaxed) &&
                         beyond_index(in[k].data(), in[k].size()))
                    beyond[k].store(true, std::memory_order_relaxed);
            combine_cells(combination, sum, in, weights, out[0]);
            if (outputs.levels == nullptr)
                return;
            if (outputs.index != nullptr)
                out[1] = out[0];
            round_to_single(out.back().data(), out.back().size());
            raster::classify(out.back(), upper);
        },
        execution, "overlay");
    return {beyond.begin(), beyond.end()};
}

} // namespace riskmap::risk
