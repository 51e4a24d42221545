// SPDX-License-Identifier: MIT
#include <riskmap/risk/assess.hpp>

#include <algorithm>

#include <riskmap/raster/cells.hpp>

namespace riskmap::risk {

namespace {

std::vector<double> weights_of(const std::vector<IndexLayer>& layers) {
    std::vector<double> weights;
    for (const auto& layer : layers)
        weights.push_back(layer.weight);
    return weights;
}

/// Combines cell by cell; the weighted sum runs layer by layer, which vectorises.
void combine_cells(const Combination& combination, std::span<const std::vector<double>> indices,
                   std::span<const double> weights, std::span<double> out) {
    if (combination.combine == risk::combination("weighted-sum").combine) {
        std::fill(out.begin(), out.end(), 0.0);
        for (std::size_t k = 0; k < indices.size(); ++k)
            for (std::size_t i = 0; i < out.size(); ++i)
                out[i] += weights[k] * indices[k][i];
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
        [&](const Window&, raster::Cells in, std::span<std::vector<double>> out) {
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

void overlay(std::span<const OverlayLayer> layers, const Combination& combination,
             raster::Writer& composite, raster::Writer* levels, std::span<const double> breaks,
             const Execution& execution) {
    std::vector<std::shared_ptr<const raster::Source>> inputs;
    std::vector<double> weights;
    for (const auto& layer : layers) {
        inputs.push_back(layer.source);
        weights.push_back(layer.weight);
    }
    std::vector<raster::Writer*> outputs{&composite};
    if (levels != nullptr)
        outputs.push_back(levels);
    raster::transform(
        inputs, outputs,
        [&](const Window&, raster::Cells in, std::span<std::vector<double>> out) {
            std::vector<std::vector<double>> indices{in.begin(), in.end()};
            for (std::size_t k = 0; k < layers.size(); ++k)
                if (layers[k].scale)
                    layers[k].scale->apply(indices[k]);
            combine_cells(combination, indices, weights, out[0]);
            if (levels != nullptr) {
                out[1] = out[0];
                raster::classify(out[1], breaks);
            }
        },
        execution, "overlay");
}

} // namespace riskmap::risk
