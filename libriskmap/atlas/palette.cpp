// SPDX-License-Identifier: MIT
#include "palette.hpp"

#include <cmath>

namespace riskmap::atlas {

Palette::Palette(const CellFill& fill, std::size_t steps) : m_fill{fill} {
    if (fill.ramp != nullptr) {
        for (std::size_t i = 0; i < steps; ++i)
            m_colours.push_back(
                ramp_colour(*fill.ramp, static_cast<double>(i) / static_cast<double>(steps - 1)));
        return;
    }
    for (const auto& c : fill.classes) {
        const Colour colour{c.red, c.green, c.blue};
        auto found = std::find(m_colours.begin(), m_colours.end(), colour);
        if (found == m_colours.end()) {
            if (m_colours.size() == steps)
                continue;
            found = m_colours.insert(found, colour);
        }
        m_numbers[c.value] = static_cast<std::uint16_t>(found - m_colours.begin() + 1);
    }
}

std::uint16_t Palette::number(double value) const {
    if (std::isnan(value))
        return 0;
    if (m_fill.ramp != nullptr) {
        const double range = m_fill.high > m_fill.low ? m_fill.high - m_fill.low : 1;
        const double share = std::clamp((value - m_fill.low) / range, 0.0, 1.0);
        const auto last = static_cast<double>(m_colours.size() - 1);
        return static_cast<std::uint16_t>(1 + std::lround(share * last));
    }
    const auto wanted = std::llround(value);
    if (m_fill.open_ended && !m_numbers.empty() && wanted > m_numbers.rbegin()->first)
        return m_numbers.rbegin()->second;
    const auto found = m_numbers.find(wanted);
    return found == m_numbers.end() ? std::uint16_t{0} : found->second;
}

} // namespace riskmap::atlas
