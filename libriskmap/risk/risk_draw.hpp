// SPDX-License-Identifier: MIT
// Private: one way things could be, and the risk of cells then.
#pragma once

#include <riskmap/risk/uncertainty.hpp>

namespace riskmap::risk {

/// The index of a layer is scale(factor * value + shift).
struct LayerDraw {
    double weight = 0;
    double factor = 1;
    double shift = 0;
};

struct RiskDraw {
    std::vector<LayerDraw> hazards;
    std::vector<LayerDraw> exposures;
};

/// Which uniform numbers make a draw: the order of the columns, and the factor of each.
class DrawMaker {
  public:
    DrawMaker(const UncertainModel& model, const UncertaintyRules& rules);

    [[nodiscard]] std::size_t width() const noexcept { return m_factor_of.size(); }
    [[nodiscard]] const std::vector<std::size_t>& factor_of() const noexcept { return m_factor_of; }
    [[nodiscard]] const std::vector<std::string>& factors() const noexcept { return m_factors; }
    [[nodiscard]] RiskDraw make(std::span<const double> uniforms) const;
    /// The draw without any error.
    [[nodiscard]] RiskDraw base() const;

  private:
    const UncertainModel& m_model;
    UncertaintyRules m_rules;
    std::vector<std::size_t> m_factor_of;
    std::vector<std::string> m_factors;
};

/// Values of cells, layer by layer, and their risk in a draw.
struct CellBlock {
    std::vector<std::vector<double>> hazards;
    std::vector<std::vector<double>> exposures;
    std::vector<double> vulnerability;
    std::size_t size = 0;
};

/// Room for the computation of one thread.
struct RiskRoom {
    std::vector<double> hazard_sum;
    std::vector<double> exposure_sum;
    std::vector<std::vector<double>> indices;
};

/// Risk of cells [first, first + out.size()) of a block. NaN where any layer has none.
void risk_of(const UncertainModel& model, const RiskDraw& draw, const CellBlock& cells,
             std::size_t first, std::span<double> out, RiskRoom& room);

} // namespace riskmap::risk
