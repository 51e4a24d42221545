// SPDX-License-Identifier: MIT
#include <riskmap/risk/assess.hpp>

#include <riskmap/raster/cells.hpp>

namespace riskmap::risk {

namespace {

std::vector<double> weights_of(const std::vector<IndexLayer>& layers) {
    std::vector<double> weights;
    for (const auto& layer : layers)
        weights.push_back(layer.weight);
    return weights;
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
            std::vector<double> indices(layers.size());
            for (std::size_t i = 0; i < out[0].size(); ++i) {
                for (std::size_t k = 0; k < layers.size(); ++k)
                    indices[k] = layers[k].scale ? (*layers[k].scale)(in[k][i]) : in[k][i];
                out[0][i] = combination.combine(indices, weights);
            }
            if (levels != nullptr) {
                out[1] = out[0];
                raster::classify(out[1], breaks);
            }
        },
        execution, "overlay");
}

} // namespace riskmap::risk
