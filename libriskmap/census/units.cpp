// SPDX-License-Identifier: MIT
#include "units.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/geo/topology.hpp>
#include <riskmap/spec/written.hpp>

#include "feature_rules.hpp"

namespace riskmap::census {

namespace {

constexpr double metres_per_degree = 111320;
constexpr double degree = 0.017453292519943295;

std::vector<std::optional<double>> numbers_of(const LayerCase& layer,
                                              const vector::Feature& feature) {
    std::vector<std::optional<double>> numbers(layer.spec->fields.size());
    for (std::size_t s = 0; s < numbers.size(); ++s)
        if (layer.map.of[s])
            if (const double number = layer.number(layer.spec->fields[s].name, feature);
                !std::isnan(number))
                numbers[s] = number;
    return numbers;
}

} // namespace

Plane::Plane(Point middle)
    : m_middle{middle}, m_east{metres_per_degree * std::max(0.01, std::cos(middle.y * degree))} {}

Point Plane::of(Point p) const {
    return {(p.x - m_middle.x) * m_east, (p.y - m_middle.y) * metres_per_degree};
}

std::unique_ptr<CrsTransform> ToDegrees::take() const {
    {
        const std::lock_guard lock{m_mutex};
        if (!m_free.empty()) {
            auto free = std::move(m_free.back());
            m_free.pop_back();
            return free;
        }
    }
    return std::make_unique<CrsTransform>(m_crs, Crs::wgs84());
}

Units::Units(const spec::Source& source, const spec::LayerSpec& spec) : m_spec{spec} {
    m_label = source.label();
    add(source);
}

void Units::add(const spec::Source& source) {
    LayerCase layer{source, &m_spec};
    std::optional<CrsTransform> to_degrees;
    if (!layer.crs.empty())
        to_degrees.emplace(layer.crs, Crs::wgs84());
    const auto name = layer.field_of("name");
    while (const auto batch = layer.stream.next())
        for (auto& source_feature : layer.features_of(*batch)) {
            auto& feature = source_feature.feature;
            const auto code = layer.own_code(feature);
            if (code.empty() || m_units.contains(code))
                continue;
            if (m_units.size() == most)
                throw input_error(fmt::format("'{}' holds more than {} units", m_label, most));
            Unit unit;
            unit.name = name ? vector::text_of(feature.values[*name]) : code;
            unit.numbers = numbers_of(layer, feature);
            if (to_degrees && finite(feature.shape))
                unit.degrees = to_degrees->apply(std::move(feature.shape.polygons));
            unit.box = bounds(unit.degrees);
            m_units.emplace(code, std::move(unit));
        }
}

bool Units::is_elsewhere(const std::string& code) const {
    // Codes of townships begin with those of their county, of counties with four digits of their
    // city.
    const std::size_t digits = code.size() == 9 ? 6 : code.size() == 6 ? 4 : 0;
    if (digits == 0 || m_units.empty())
        return false;
    const auto first = m_units.begin()->first.substr(0, digits);
    // In order of their codes: the first and the last are of one county, so all are.
    return m_units.rbegin()->first.starts_with(first) && !code.starts_with(first) &&
           m_units.begin()->first.size() == code.size();
}

const Unit* Units::find(const std::string& code) const {
    const auto found = m_units.find(code);
    return found == m_units.end() ? nullptr : &found->second;
}

double metres_outside(const Unit& unit, Point p, double limit) {
    if (unit.degrees.empty() || (unit.box.holds(p) && contains(unit.degrees, p)))
        return 0;
    const Plane plane{p};
    double nearest = limit;
    for_each_ring(unit.degrees, [&](const Ring& ring, bool) {
        for (std::size_t i = 0; i < ring.size(); ++i)
            nearest =
                std::min(nearest, foot_on(plane.of(ring[i]),
                                          plane.of(ring[i + 1 < ring.size() ? i + 1 : 0]), {0, 0})
                                      .distance);
    });
    return nearest;
}

} // namespace riskmap::census
