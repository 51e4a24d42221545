// SPDX-License-Identifier: MIT
#include "risk_draw.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <riskmap/core/vectorised.hpp>

namespace riskmap::risk {

namespace {

/// A standard normal number from a uniform one.
double normal(double uniform) {
    return -std::sqrt(2.0) * boost::math::erfc_inv(2 * uniform);
}

/// Weights around the given ones, from one uniform number each: gamma variates, normalised.
std::vector<double> dirichlet(const std::vector<double>& weights, double concentration,
                              std::span<const double> uniforms) {
    std::vector<double> drawn(weights.size());
    double sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const double shape = concentration * weights[i];
        drawn[i] = shape > 0 ? boost::math::gamma_p_inv(shape, uniforms[i]) : 0;
        sum += drawn[i];
    }
    if (!(sum > 0))
        return weights;
    for (auto& weight : drawn)
        weight /= sum;
    return drawn;
}

std::vector<double> weights_of(const std::vector<UncertainLayer>& layers) {
    std::vector<double> weights;
    for (const auto& layer : layers)
        weights.push_back(layer.weight);
    return weights;
}

/// A moved scale is the old scale of moved values.
LayerDraw layer_draw(const UncertainLayer& layer, double weight, double low_move, double high_move,
                     double error) {
    LayerDraw draw;
    draw.weight = weight;
    draw.factor = error;
    const auto [low, high] = layer.scale.range();
    const double range = high - low;
    if (!(range > 0))
        return draw;
    const double new_low = low == 0 ? 0 : low + low_move * range; // none is none
    const double new_high = high + high_move * range;
    const double stretch = range / (new_high - new_low);
    draw.factor = error * stretch;
    draw.shift = low - new_low * stretch;
    return draw;
}

RISKMAP_VECTORISED void add_straight(const double* values, std::size_t n, double factor,
                                     double shift, double start, double rise, double* sums) {
    for (std::size_t i = 0; i < n; ++i) {
        double share = factor * values[i] + shift;
        share = share < 0 ? 0 : share;
        share = share > 1 ? 1 : share;
        sums[i] += start + rise * share;
    }
}

RISKMAP_VECTORISED void add_scaled(const double* values, std::size_t n, double weight,
                                   double* sums) {
    for (std::size_t i = 0; i < n; ++i)
        sums[i] += weight * values[i];
}

RISKMAP_VECTORISED void multiply(const double* a, const double* b, std::size_t n, double* out) {
    for (std::size_t i = 0; i < n; ++i)
        out[i] = a[i] * b[i];
}

RISKMAP_VECTORISED void move(const double* values, std::size_t n, double factor, double shift,
                             double* out) {
    for (std::size_t i = 0; i < n; ++i)
        out[i] = factor * values[i] + shift;
}

/// Adds weight x index of a layer.
void add_layer(const UncertainLayer& layer, const LayerDraw& draw, const double* values,
               std::span<double> sums, std::vector<double>& room) {
    const std::size_t n = sums.size();
    if (const auto line = layer.scale.straight()) {
        add_straight(values, n, draw.factor / line->width, (draw.shift - line->low) / line->width,
                     draw.weight * line->start, draw.weight * line->rise, sums.data());
        return;
    }
    room.resize(n);
    move(values, n, draw.factor, draw.shift, room.data());
    layer.scale.apply(room);
    add_scaled(room.data(), n, draw.weight, sums.data());
}

/// Forms and combinations that do not fall apart into sums: cell by cell.
void risk_cell_by_cell(const UncertainModel& model, const RiskDraw& draw, const CellBlock& cells,
                       std::size_t first, std::span<double> out, RiskRoom& room) {
    const std::size_t n = out.size();
    const std::size_t hazards = model.hazards.size();
    room.indices.resize(hazards + model.exposures.size());
    const auto index = [&](const UncertainLayer& layer, const LayerDraw& drawn,
                           const std::vector<double>& values, std::vector<double>& to) {
        to.resize(n);
        move(&values[first], n, drawn.factor, drawn.shift, to.data());
        layer.scale.apply(to);
    };
    for (std::size_t h = 0; h < hazards; ++h)
        index(model.hazards[h], draw.hazards[h], cells.hazards[h], room.indices[h]);
    for (std::size_t e = 0; e < model.exposures.size(); ++e)
        index(model.exposures[e], draw.exposures[e], cells.exposures[e], room.indices[hazards + e]);
    std::vector<double> weights;
    for (const auto& hazard : draw.hazards)
        weights.push_back(hazard.weight);
    std::vector<double> single(hazards);
    for (std::size_t i = 0; i < n; ++i) {
        double total = 0;
        for (std::size_t e = 0; e < model.exposures.size(); ++e) {
            for (std::size_t h = 0; h < hazards; ++h)
                single[h] = model.form->risk(room.indices[h][i], room.indices[hazards + e][i],
                                             cells.vulnerability[first + i]);
            total += draw.exposures[e].weight * model.over_hazards->combine(single, weights);
        }
        out[i] = total;
    }
}

} // namespace

DrawMaker::DrawMaker(const UncertainModel& model, const UncertaintyRules& rules)
    : m_model{model}, m_rules{rules} {
    m_factors = {"hazard weights", "exposure weights", "breakpoints"};
    const std::size_t layers = model.hazards.size() + model.exposures.size();
    m_factor_of.assign(model.hazards.size(), 0);
    m_factor_of.insert(m_factor_of.end(), model.exposures.size(), 1);
    m_factor_of.insert(m_factor_of.end(), 2 * layers, 2);
    for (const auto* group : {&model.hazards, &model.exposures})
        for (const auto& layer : *group) {
            m_factor_of.push_back(m_factors.size());
            m_factors.push_back(layer.name);
        }
}

RiskDraw DrawMaker::make(std::span<const double> uniforms) const {
    const std::size_t hazards = m_model.hazards.size();
    const std::size_t exposures = m_model.exposures.size();
    const auto hazard_weights =
        dirichlet(weights_of(m_model.hazards), m_rules.concentration, uniforms.subspan(0, hazards));
    const auto exposure_weights = dirichlet(weights_of(m_model.exposures), m_rules.concentration,
                                            uniforms.subspan(hazards, exposures));
    const auto moves = uniforms.subspan(hazards + exposures, 2 * (hazards + exposures));
    const auto errors = uniforms.subspan(3 * (hazards + exposures));
    RiskDraw draw;
    const auto add = [&](const UncertainLayer& layer, double weight, std::size_t i) {
        const auto move_of = [&](double u) { return m_rules.breakpoints * (2 * u - 1); };
        // Lognormal with mean 1 and the relative standard error of the layer.
        const double sigma = std::sqrt(std::log1p(layer.error * layer.error));
        const double error = std::exp(sigma * normal(errors[i]) - sigma * sigma / 2);
        return layer_draw(layer, weight, move_of(moves[2 * i]), move_of(moves[2 * i + 1]), error);
    };
    for (std::size_t h = 0; h < hazards; ++h)
        draw.hazards.push_back(add(m_model.hazards[h], hazard_weights[h], h));
    for (std::size_t e = 0; e < exposures; ++e)
        draw.exposures.push_back(add(m_model.exposures[e], exposure_weights[e], hazards + e));
    return draw;
}

RiskDraw DrawMaker::base() const {
    RiskDraw draw;
    for (const auto& layer : m_model.hazards)
        draw.hazards.push_back({layer.weight, 1, 0});
    for (const auto& layer : m_model.exposures)
        draw.exposures.push_back({layer.weight, 1, 0});
    return draw;
}

void risk_of(const UncertainModel& model, const RiskDraw& draw, const CellBlock& cells,
             std::size_t first, std::span<double> out, RiskRoom& room) {
    static const auto* const product = &risk_form("product");
    static const auto* const sum = &combination("weighted-sum");
    if (model.form->risk != product->risk || model.over_hazards->combine != sum->combine) {
        risk_cell_by_cell(model, draw, cells, first, out, room);
        return;
    }
    // sum_e w_e sum_h w_h H_h E_e V = (sum_h w_h H_h) (sum_e w_e E_e) V
    const std::size_t n = out.size();
    room.hazard_sum.assign(n, 0);
    room.exposure_sum.assign(n, 0);
    room.indices.resize(1);
    for (std::size_t h = 0; h < model.hazards.size(); ++h)
        add_layer(model.hazards[h], draw.hazards[h], &cells.hazards[h][first], room.hazard_sum,
                  room.indices[0]);
    for (std::size_t e = 0; e < model.exposures.size(); ++e)
        add_layer(model.exposures[e], draw.exposures[e], &cells.exposures[e][first],
                  room.exposure_sum, room.indices[0]);
    multiply(room.hazard_sum.data(), room.exposure_sum.data(), n, out.data());
    multiply(out.data(), &cells.vulnerability[first], n, out.data());
}

} // namespace riskmap::risk
