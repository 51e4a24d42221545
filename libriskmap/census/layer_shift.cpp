// SPDX-License-Identifier: MIT
// Whether a layer lies shifted against its surroundings.
#include "layer_checker.hpp"

#include <cmath>

#include <fmt/format.h>

namespace riskmap::census {

/// Against a reference if there is one; else points by the distance from the units of their
/// codes, and a coverage by the distance of the borders of the units above from its own.
std::optional<ShiftStudy> LayerCheck::shift_study(Point middle) const {
    constexpr double limit = 1500;
    const Plane plane{middle};
    const auto mean = [](const auto& items, auto&& distance) {
        double sum = 0;
        for (const auto& item : items)
            sum += distance(item);
        return sum / static_cast<double>(items.size());
    };
    using Move = std::function<Point(Point)>;
    if (m_around.reference != nullptr && m_samples.size() >= 10)
        return study_shift(middle, [&](const Move& move) {
            return mean(m_samples, [&](Point p) {
                return m_around.reference->distance(m_around.plane->of(move(p)), limit);
            });
        });
    if (m_around.parent == nullptr)
        return std::nullopt;
    if (m_covers && !m_edges.empty()) {
        std::vector<Edge> edges;
        for (const auto& edge : m_edges)
            edges.push_back({plane.of(edge.from), plane.of(edge.to)});
        const Outline own{std::move(edges)};
        std::vector<Point> borders;
        Stride stride;
        for (const auto& [code, unit] : m_around.parent->all())
            for (const auto& polygon : unit.degrees)
                for (const auto p : polygon.outer)
                    thin_out(borders, stride, p, 1000);
        if (borders.size() < 10)
            return std::nullopt;
        return study_shift(middle, [&](const Move& move) {
            return mean(borders, [&](Point p) {
                // The layer moved one way is its surroundings moved the other.
                const auto there = plane.of(move(p));
                const auto here = plane.of(p);
                return own.distance({2 * here.x - there.x, 2 * here.y - there.y}, limit);
            });
        });
    }
    if (m_members.size() < 10)
        return std::nullopt;
    return study_shift(middle, [&](const Move& move) {
        return mean(m_members, [&](const auto& member) {
            return metres_outside(*m_around.parent->find(member.first), move(member.second), limit);
        });
    });
}

void LayerCheck::check_shift() {
    if (m_box.empty() || m_layer.crs.empty())
        return;
    Point middle{};
    m_to_degrees.with([&](const CrsTransform& to) { middle = to.apply(m_box.middle()); });
    if (!std::isfinite(middle.x + middle.y))
        return;
    const auto study = shift_study(middle);
    const bool seen = study && (study->gcj02() || study->bd09() || study->shifted());
    if (!seen && (m_says_bd09 || m_says_gcj02) && m_degrees) {
        Finding finding{m_says_bd09 ? RuleId::shift_bd09 : RuleId::shift_gcj02};
        finding.detail = {"图层自己的坐标系一列如此说", "its own column of the system says so"};
        add(std::move(finding));
        return;
    }
    if (!seen)
        return;
    Finding finding{study->bd09()    ? RuleId::shift_bd09
                    : study->gcj02() ? RuleId::shift_gcj02
                                     : RuleId::shift_other};
    const double rest = study->bd09()    ? study->without_bd09
                        : study->gcj02() ? study->without
                                         : study->after;
    finding.value = fmt::format("{:.0f} m {}, {:.0f} m {}", std::abs(study->east),
                                study->east < 0 ? "west" : "east", std::abs(study->north),
                                study->north < 0 ? "south" : "north");
    finding.detail = {
        fmt::format("向{} {:.0f} 米、向{} {:.0f} 米；与对照平均相差 {:.1f} 米，改正后 {:.1f} 米",
                    study->east < 0 ? "西" : "东", std::abs(study->east),
                    study->north < 0 ? "南" : "北", std::abs(study->north), study->before, rest),
        fmt::format("off its surroundings by {:.1f} m on average, {:.1f} m without the shift",
                    study->before, rest)};
    add(std::move(finding));
}

} // namespace riskmap::census
