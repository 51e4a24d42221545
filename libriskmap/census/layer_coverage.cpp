// SPDX-License-Identifier: MIT
// Gaps, overlaps and what is missing of a coverage.
#include "layer_checker.hpp"

#include <fmt/format.h>

#include <riskmap/core/parallel.hpp>

namespace riskmap::census {

namespace {

/// Vertices of borders that are crossed with each other at most: some 15 s and 1.3 GB.
constexpr std::size_t most_vertices = 400000;

std::size_t vertices_of(const MultiPolygon& shape) {
    std::size_t n = 0;
    for_each_ring(shape, [&](const Ring& ring, bool) { n += ring.size(); });
    return n;
}

} // namespace

std::vector<MultiPolygon> LayerCheck::suspects() {
    std::vector<MultiPolygon> found;
    const auto& owners = m_ledger.owners();
    auto next = owners.begin();
    std::uint32_t number = 0;
    std::size_t vertices = 0;
    const FlawFinder flaws;
    m_layer.stream.rewind();
    while (next != owners.end() && vertices < most_vertices) {
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
                auto& polygons = source.feature.shape.polygons;
                if (flaws(polygons))
                    polygons = repaired(polygons);
                vertices += vertices_of(polygons);
                found.push_back(std::move(polygons));
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
                    if (!box.holds(p) || !contains(polygons, p))
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
    const auto loose = suspects();
    const auto n = m_ledger.owners().size();
    auto faults = coverage_faults(loose, m_ledger.left(), m_layer.crs, m_around.rules);
    if (loose.size() < n) {
        // A gap may be filled by a unit that was not looked at.
        std::erase_if(faults, [](const CoverageFault& fault) {
            return fault.cover == 0 && fault.rule != RuleId::coverage_border;
        });
        Finding finding{RuleId::coverage_border};
        finding.value = fmt::format("{} / {}", n, m_features);
        finding.detail = {
            fmt::format("{} 个单元与邻居不共用边界，只查看了前 {} 个", n, loose.size()),
            fmt::format("{} units do not share their borders; the first {} were looked at", n,
                        loose.size())};
        add(std::move(finding));
    }
    name_covers(faults);
    for (const auto& fault : faults)
        add(fault.finding());
}

} // namespace riskmap::census
