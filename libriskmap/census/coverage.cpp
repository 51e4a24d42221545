// SPDX-License-Identifier: MIT
#include "coverage.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/parallel.hpp>
#include <riskmap/geo/topology.hpp>

namespace riskmap::census {

namespace {

std::uint64_t mixed(std::uint64_t x) {
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31U);
}

std::uint64_t bits(double value) {
    return std::bit_cast<std::uint64_t>(value + 0.0); // -0 is 0
}

bool before(Point a, Point b) {
    return a.x < b.x || (a.x == b.x && a.y < b.y);
}

/// Pieces of a bin that do not cancel out: one on each side is a shared border.
void settle(std::vector<BorderPiece>& pieces, std::vector<std::uint64_t>& left,
            std::vector<std::uint32_t>& owners) {
    std::sort(pieces.begin(), pieces.end(),
              [](const BorderPiece& a, const BorderPiece& b) { return a.print < b.print; });
    for (std::size_t i = 0; i < pieces.size();) {
        std::size_t end = i;
        int ways = 0;
        while (end < pieces.size() && pieces[end].print == pieces[i].print)
            ways += pieces[end++].way;
        if (end - i != 2 || ways != 0) {
            left.push_back(pieces[i].print);
            for (; i < end; ++i)
                owners.push_back(pieces[i].owner);
        }
        i = end;
    }
}

struct Measure {
    double area = 0;
    double perimeter = 0;
    [[nodiscard]] double width() const { return perimeter > 0 ? 2 * area / perimeter : 0; }
};

Measure measure_of(const Polygon& face, UnitLength unit) {
    Measure m;
    const MultiPolygon shape{face};
    m.area = planar_area(shape) * unit.x * unit.y;
    for_each_ring(shape, [&](const Ring& ring, bool) {
        for (std::size_t i = 0; i + 1 < ring.size(); ++i)
            m.perimeter += std::hypot((ring[i + 1].x - ring[i].x) * unit.x,
                                      (ring[i + 1].y - ring[i].y) * unit.y);
    });
    return m;
}

std::optional<RuleId> rule_of(const Measure& size, int cover, const CheckRules& rules) {
    if (cover == 1 || size.width() < rules.tolerance)
        return std::nullopt;
    if (size.width() <= rules.border)
        return RuleId::coverage_border;
    const bool long_one = size.perimeter > 20 * size.width();
    if (size.width() <= rules.sliver && long_one)
        return RuleId::coverage_sliver;
    return cover == 0 ? RuleId::coverage_gap : RuleId::coverage_overlap;
}

/// Each piece once, counted for all polygons that have it.
std::vector<Edge> merged_edges(const std::vector<MultiPolygon>& suspects,
                               const std::vector<std::uint64_t>& left) {
    std::vector<Edge> edges;
    for (const auto& suspect : suspects) {
        std::vector<Edge> own;
        append_edges(suspect, own);
        for (auto& edge : own)
            if (std::binary_search(left.begin(), left.end(), border_print(edge))) {
                if (before(edge.to, edge.from))
                    edge = {edge.to, edge.from, -edge.turns};
                edges.push_back(edge);
            }
    }
    const auto key = [](const Edge& e) { return std::tuple{e.from.x, e.from.y, e.to.x, e.to.y}; };
    std::sort(edges.begin(), edges.end(),
              [&](const Edge& a, const Edge& b) { return key(a) < key(b); });
    std::vector<Edge> merged;
    for (const auto& edge : edges) {
        if (!merged.empty() && key(merged.back()) == key(edge))
            merged.back().turns += edge.turns;
        else
            merged.push_back(edge);
    }
    return merged;
}

} // namespace

UnitLengths::UnitLengths(const Crs& crs)
    : m_degrees{!crs.empty() && crs.geographic()}, m_metres{crs.empty() ? 1
                                                                        : crs.metres_per_unit()} {
    if (!crs.empty() && !m_degrees)
        m_true.emplace(crs);
}

UnitLength UnitLengths::at(Point place) const {
    constexpr double degree = 111320;
    if (m_degrees)
        return {degree * std::max(0.01, std::cos(place.y * 0.017453292519943295)), degree};
    if (!m_true)
        return {m_metres, m_metres};
    const double step = 1000 / m_metres;
    const auto scale = [&](Point to) {
        const double metres = (*m_true)(place, to) / step;
        return std::abs(metres - m_metres) > 0.01 * m_metres ? metres : m_metres;
    };
    const UnitLength scaled{scale({place.x + step, place.y}), scale({place.x, place.y + step})};
    return std::isfinite(scaled.x + scaled.y) ? scaled : UnitLength{m_metres, m_metres};
}

std::uint64_t border_print(const Edge& edge) {
    const bool turned = before(edge.to, edge.from);
    const Point a = turned ? edge.to : edge.from;
    const Point b = turned ? edge.from : edge.to;
    std::uint64_t print = mixed(bits(a.x) + 0x9E3779B97F4A7C15U);
    print = mixed(print ^ bits(a.y));
    print = mixed(print + bits(b.x));
    return mixed(print ^ bits(b.y));
}

void append_borders(const MultiPolygon& shape, std::uint32_t owner,
                    std::vector<BorderPiece>& pieces) {
    std::vector<Edge> edges;
    append_edges(shape, edges);
    for (const auto& edge : edges)
        pieces.push_back({border_print(edge), owner, before(edge.from, edge.to) ? 1 : -1});
}

BorderLedger::BorderLedger(std::uint64_t most_bytes)
    : m_bins(bins), m_most{std::max<std::uint64_t>(1, most_bytes / sizeof(BorderPiece))} {}

void BorderLedger::add(const std::vector<BorderPiece>& pieces) {
    for (const auto& piece : pieces) {
        const auto bin = static_cast<std::uint32_t>(piece.print >> 56U);
        if (bin < m_first || bin >= m_end)
            continue;
        m_bins[bin].push_back(piece);
        // Too many: the upper half of the bins waits for another round.
        if (++m_count > m_most && m_end - m_first > 1) {
            const auto middle = m_first + (m_end - m_first) / 2;
            for (auto b = middle; b < m_end; ++b) {
                m_count -= m_bins[b].size();
                std::vector<BorderPiece>{}.swap(m_bins[b]);
            }
            m_end = middle;
        }
    }
}

bool BorderLedger::close_round(const Execution& execution) {
    std::vector<std::vector<std::uint64_t>> left(bins);
    std::vector<std::vector<std::uint32_t>> owners(bins);
    parallel_for(execution, m_end - m_first, [&](std::size_t i) {
        const auto bin = m_first + i;
        settle(m_bins[bin], left[bin], owners[bin]);
        std::vector<BorderPiece>{}.swap(m_bins[bin]);
    });
    for (std::size_t b = 0; b < bins; ++b) { // bins are in the order of prints
        m_left.insert(m_left.end(), left[b].begin(), left[b].end());
        m_owners.insert(m_owners.end(), owners[b].begin(), owners[b].end());
    }
    std::sort(m_owners.begin(), m_owners.end());
    m_owners.erase(std::unique(m_owners.begin(), m_owners.end()), m_owners.end());
    m_count = 0;
    m_first = m_end;
    m_end = bins;
    return m_first < bins;
}

Finding CoverageFault::finding() const {
    Finding out{rule};
    std::vector<std::string> names;
    for (const auto& [fid, name] : features)
        names.push_back(name);
    const auto list = names.empty() ? "" : fmt::format(": {}", fmt::join(names, ", "));
    if (!features.empty())
        out.fid = features.front().first;
    out.value = fmt::format("{:.9g} m2", area);
    out.detail = {
        fmt::format("{}，宽约 {:.3g} 米{}", cover == 0 ? "空隙" : "重叠", width, list),
        fmt::format("{} about {:.3g} m wide{}", cover == 0 ? "gap" : "overlap", width, list)};
    out.place = inside;
    out.shape = {face};
    return out;
}

std::vector<CoverageFault> coverage_faults(const std::vector<MultiPolygon>& suspects,
                                           const std::vector<std::uint64_t>& left, const Crs& crs,
                                           const CheckRules& rules) {
    auto edges = merged_edges(suspects, left);
    std::vector<Stretch> pieces;
    for (const auto& edge : edges)
        pieces.push_back({edge.from, edge.to});
    const Outline outline{std::move(edges)};
    const UnitLengths lengths{crs};
    std::vector<CoverageFault> faults;
    for (auto& face : faces_of(pieces)) {
        const auto size = measure_of(face, lengths.at(face.outer.front()));
        if (size.width() < rules.tolerance)
            continue;
        const Point inside = interior_point({face});
        const int cover = outline.winding(inside);
        if (const auto found = rule_of(size, cover, rules))
            faults.push_back({*found, std::move(face), inside, cover, size.area, size.width()});
    }
    // The order of GEOS's faces is its own affair.
    std::sort(faults.begin(), faults.end(), [](const CoverageFault& a, const CoverageFault& b) {
        return std::tuple{a.inside.x, a.inside.y} < std::tuple{b.inside.x, b.inside.y};
    });
    return faults;
}

} // namespace riskmap::census
