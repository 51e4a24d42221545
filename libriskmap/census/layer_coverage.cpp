// SPDX-License-Identifier: MIT
// Gaps, overlaps and what is missing of a coverage.
#include "layer_checker.hpp"

#include <fmt/format.h>

#include <riskmap/core/parallel.hpp>

namespace riskmap::census {

std::vector<MultiPolygon> LayerCheck::suspects() {
    std::vector<MultiPolygon> found;
    const auto& owners = m_ledger.owners();
    auto next = owners.begin();
    std::uint32_t number = 0;
    constexpr std::size_t most = 200000;
    m_layer.stream.rewind();
    while (next != owners.end() && found.size() < most) {
        const auto batch = m_layer.stream.next();
        if (!batch)
            break;
        const auto end = number + static_cast<std::uint32_t>(batch->size());
        if (*next >= end) {
            number = end;
            continue;
        }
        for (auto& source : m_layer.features_of(*batch)) {
            if (next != owners.end() && *next == number) {
                ++next;
                found.push_back(std::move(source.feature.shape.polygons));
            }
            ++number;
        }
    }
    m_layer.stream.rewind();
    return found;
}

/// Which features overlap: looked for in the whole layer, since one that lies inside another
/// leaves that one's borders as they should be. Of the first faults only, as many as are kept.
void LayerCheck::name_covers(std::vector<CoverageFault>& faults) {
    std::vector<CoverageFault*> overlaps;
    for (auto& fault : faults)
        if (fault.cover > 1 && overlaps.size() < m_around.rules.most)
            overlaps.push_back(&fault);
    if (overlaps.empty())
        return;
    using Found = std::vector<std::tuple<std::size_t, std::int64_t, std::string>>;
    m_layer.stream.rewind();
    parallel_stream(
        m_around.execution, [&] { return m_layer.stream.next(); },
        [&](const vector::LayerStream::Batch& batch) {
            Found found;
            for (const auto& source : m_layer.features_of(batch)) {
                const auto& polygons = source.feature.shape.polygons;
                const Box box = bounds(polygons);
                for (std::size_t i = 0; i < overlaps.size(); ++i) {
                    const Point p = overlaps[i]->inside;
                    if (p.x < box.left || p.x > box.right || p.y < box.bottom || p.y > box.top ||
                        !contains(polygons, p))
                        continue;
                    const auto code = m_layer.own_code(source.feature);
                    found.emplace_back(i, source.fid,
                                       code.empty() ? fmt::format("{}", source.fid) : code);
                }
            }
            return found;
        },
        [&](Found&& found) {
            for (auto& [i, fid, name] : found)
                overlaps[i]->features.emplace_back(fid, std::move(name));
        });
    m_layer.stream.rewind();
}

void LayerCheck::check_coverage() {
    if (m_around.area != nullptr && m_features > 0) {
        const double share = m_area_m2 / m_around.area->m2();
        if (share < 0.99) {
            Finding finding{RuleId::coverage_area};
            finding.value = fmt::format("{:.1f} %", 100 * share);
            add(std::move(finding));
        }
    }
    auto faults = coverage_faults(suspects(), m_ledger.left(), m_layer.crs, m_around.rules);
    name_covers(faults);
    for (const auto& fault : faults)
        add(fault.finding());
}

} // namespace riskmap::census
