// SPDX-License-Identifier: MIT
// What each feature gives to the rules of its layer.
#include "layer_checker.hpp"

#include <cmath>

#include <fmt/format.h>

#include <riskmap/geo/grid.hpp>
#include <riskmap/spec/value.hpp>

#include "digit.hpp"

namespace riskmap::census {

namespace {

constexpr std::size_t most_members = 4000; ///< looked at for a shift
constexpr std::size_t most_edges = 400000; ///< of a coverage, likewise

/// A few vertices of a shape, evenly spread over it.
void append_samples(const vector::Shape& shape, const CrsTransform& to_degrees,
                    std::vector<Point>& samples) {
    std::vector<Point> vertices = shape.points;
    for (const auto& line : shape.lines)
        vertices.insert(vertices.end(), line.begin(), line.end());
    for (const auto& polygon : shape.polygons)
        vertices.insert(vertices.end(), polygon.outer.begin(), polygon.outer.end());
    constexpr std::size_t most = 16;
    const std::size_t step = vertices.size() / most + 1;
    for (std::size_t i = 0; i < vertices.size(); i += step)
        samples.push_back(to_degrees.apply(vertices[i]));
}

/// 120.3036 may be 120°30'36": its decimals are minutes and seconds below 60. That of half of all
/// numbers is so by chance, of twenty points hardly any time.
bool reads_as_minutes(double degrees) {
    const double parts = (std::abs(degrees) - std::floor(std::abs(degrees))) * 100 + 1e-7;
    const double seconds = (parts - std::floor(parts)) * 100 + 1e-5;
    return parts < 60 && seconds < 60;
}

} // namespace

Harvest LayerCheck::harvest(const vector::LayerStream::Batch& batch, std::uint32_t first) const {
    thread_local const FlawFinder flaws;
    Harvest out;
    const auto n = spec() == nullptr ? 0 : spec()->fields.size();
    out.uniques.resize(n);
    out.numbers.resize(n);
    const auto features = m_layer.features_of(batch);
    if (m_first_round)
        look_at_system(features, out);
    const auto work = [&](const CrsTransform* to_degrees) {
        for (const auto& source : features) {
            look_at(source, first++, flaws, out);
            if (!m_first_round)
                continue;
            look_at_values(source, out);
            const auto membership = membership_of(source, out);
            if (to_degrees != nullptr)
                look_at_place(source, membership, *to_degrees, out);
        }
    };
    const bool placed =
        !m_layer.crs.empty() &&
        (m_around.area != nullptr || m_around.parent != nullptr || m_around.reference != nullptr);
    if (placed)
        m_to_degrees.with([&](const CrsTransform& to) { work(&to); });
    else
        work(nullptr);
    return out;
}

void LayerCheck::look_at(const vector::SourceFeature& source, std::uint32_t number,
                         const FlawFinder& flaws, Harvest& out) const {
    FeatureCase feature{m_layer, source, flaws, out.findings};
    if (m_first_round) {
        for (const auto rule : feature_rules())
            rule(feature);
        ++out.features;
        if (feature.sound || feature.crooked || source.type == vector::ShapeType::none) {
            const auto& shape = source.feature.shape;
            const Box box = vector::bounds(shape);
            const bool alone = m_degrees && shape.points.size() == 1;
            if (alone && std::abs(box.bottom) > 90.001 && std::abs(box.left) <= 90.001)
                out.turned.push_back(source.fid); // told by row; it says nothing of the CRS
            else
                out.box.add(box);
            Twin twin{print_of(shape), print_of(source.feature.values), source.fid, {}};
            if (shape.points.size() == 1 && reads_as_minutes(shape.points[0].x) &&
                reads_as_minutes(shape.points[0].y))
                ++out.sexagesimal;
            if (!shape.empty())
                twin.place = {box.left, box.bottom};
            if (!shape.empty() || !m_layer.has_shapes())
                out.twins.push_back(twin);
        }
    } else {
        feature.sound = finite(source.feature.shape);
        feature.crooked = feature.sound && flaws(source.feature.shape.polygons).has_value();
    }
    if (m_first_round && is_road_layer() && feature.sound)
        out.roads.insert(out.roads.end(), source.feature.shape.lines.begin(),
                         source.feature.shape.lines.end());
    // Left out, a polygon that is not valid would look like a gap.
    if (m_covers && feature.crooked)
        append_borders(repaired(source.feature.shape.polygons), number, out.borders);
    else if (m_covers && feature.sound)
        append_borders(source.feature.shape.polygons, number, out.borders);
}

void LayerCheck::look_at_values(const vector::SourceFeature& source, Harvest& out) const {
    if (spec() == nullptr)
        return;
    const auto& values = source.feature.values;
    for (std::size_t s = 0; s < spec()->fields.size(); ++s) {
        const auto column = m_layer.map.of[s];
        if (!column)
            continue;
        const auto& field = spec()->fields[s];
        if (!field.unique && !field.usual)
            continue;
        const auto text = vector::text_of(values[*column]);
        if (spec::says_nothing(text))
            continue;
        if (field.unique)
            out.uniques[s].push_back({text, source.fid});
        if (field.usual)
            if (const auto number = spec::number_in(field, values[*column], m_layer.factors[s]);
                (number.how == spec::Read::plain || number.how == spec::Read::converted ||
                 number.how == spec::Read::out_of_range) &&
                !spec::stands_for_nothing(number.value))
                out.numbers[s].push_back(number.value);
    }
}

LayerCheck::Membership LayerCheck::membership_of(const vector::SourceFeature& source,
                                                 Harvest& out) const {
    if (m_around.parent == nullptr) // without a specification there is none
        return {};
    const auto& parent = *m_around.parent;
    auto code = m_layer.parent_code(source.feature, parent.spec());
    if (m_names) {
        const auto text = [&](std::size_t column) {
            return vector::text_of(source.feature.values[column]);
        };
        const auto name = text(m_names->name);
        const auto found =
            m_unit_names->find(name, m_names->county ? text(*m_names->county) : std::string{});
        if (found.code.empty()) {
            Finding finding{RuleId::parent_missing};
            finding.fid = source.fid;
            finding.field = m_layer.fields[m_names->name].name;
            finding.value = name;
            if (found.candidates > 1)
                finding.detail = {
                    fmt::format("有 {} 个单位叫这个名称：补上县名或代码", found.candidates),
                    fmt::format("{} units are called so: add the county or the code",
                                found.candidates)};
            else
                finding.detail = {fmt::format("'{}' 中没有这个名称", parent.label()),
                                  fmt::format("'{}' has none of that name", parent.label())};
            out.findings.push_back(std::move(finding));
            return {};
        }
        code = found.code;
    }
    if (code.empty())
        return {};
    const auto* unit = parent.find(code);
    if (unit == nullptr) {
        Finding finding{parent.is_elsewhere(code) ? RuleId::row_elsewhere : RuleId::parent_missing};
        finding.fid = source.fid;
        finding.value = code;
        finding.detail = {fmt::format("'{}' 中没有", parent.label()),
                          fmt::format("not in '{}'", parent.label())};
        if (finite(source.feature.shape))
            finding.place = place_on(source.feature.shape);
        out.findings.push_back(std::move(finding));
        return {};
    }
    std::vector<double> parts;
    for (const auto& sum : spec()->sums) {
        const auto column = m_layer.field_of(sum.field);
        parts.push_back(column ? m_layer.number(sum.field, source.feature) : std::nan(""));
    }
    out.parts.emplace_back(code, std::move(parts));
    return {std::move(code), unit};
}

std::optional<Words> LayerCheck::digit_meant(Point here, const Unit* unit,
                                             const CrsTransform& to_degrees) const {
    if (m_layer.spec == nullptr || !m_layer.spec->points)
        return std::nullopt; // of a line or an area a digit is not all that is wrong
    const bool by_unit = unit != nullptr && !unit->degrees.empty();
    if (!by_unit && m_around.area == nullptr)
        return std::nullopt;
    return one_digit_wrong(here, m_degrees, [&](Point place) {
        const auto degrees = to_degrees.apply(place);
        return std::isfinite(degrees.x + degrees.y) &&
               (by_unit ? metres_outside(*unit, degrees, 1) <= 0 : m_around.area->holds(degrees));
    });
}

void LayerCheck::look_at_place(const vector::SourceFeature& source, const Membership& membership,
                               const CrsTransform& to_degrees, Harvest& out) const {
    const auto& shape = source.feature.shape;
    if (shape.empty() || !finite(shape))
        return;
    const auto here = place_on(shape);
    if (m_degrees && std::abs(here->y) > 90.001)
        return; // swapped: told
    const Point place = to_degrees.apply(*here);
    if (!std::isfinite(place.x + place.y))
        return;
    const auto tell = [&](std::vector<Finding>& list, RuleId rule, double metres) {
        Finding finding{rule};
        finding.fid = source.fid;
        finding.place = here;
        finding.detail = {fmt::format("相距 {:.0f} 米{}", metres, metres >= 1e5 ? "以上" : ""),
                          fmt::format("by {:.0f} m{}", metres, metres >= 1e5 ? " or more" : "")};
        if (const auto meant = digit_meant(*here, membership.unit, to_degrees)) {
            finding.detail.zh += "；" + meant->zh;
            finding.detail.en += "; " + meant->en;
        }
        list.push_back(std::move(finding));
    };
    const double outside = m_around.rules.outside;
    if (m_around.area != nullptr) {
        const double metres = m_around.area->outside(place, 1e5);
        if (metres > outside) {
            tell(out.outside, RuleId::feature_outside, metres);
            out.swapped += m_around.area->holds(to_degrees.apply(Point{here->y, here->x})) ? 1 : 0;
        }
    }
    if (const auto* unit = membership.unit; unit != nullptr && !unit->degrees.empty()) {
        out.members.emplace_back(membership.code, place);
        if (const double metres = metres_outside(*unit, place, 1e5); metres > outside)
            tell(out.findings, RuleId::parent_place, metres);
    }
    if (m_around.reference != nullptr)
        append_samples(shape, to_degrees, out.samples);
    if (m_covers && !shape.polygons.empty()) {
        thread_local const TrueAreas areas{Crs::wgs84()};
        auto degrees = to_degrees.apply(shape.polygons);
        if (m_around.area != nullptr)
            out.area_m2 += areas(degrees);
        append_edges(degrees, out.edges);
    }
}

void LayerCheck::take(Harvest&& harvest) {
    if (m_covers)
        m_ledger.add(harvest.borders);
    if (!m_first_round)
        return;
    for (auto& finding : harvest.findings)
        add(std::move(finding));
    m_outside_count += harvest.outside.size();
    for (auto& finding : harvest.outside)
        if (m_outside.size() < m_around.rules.most)
            m_outside.push_back(std::move(finding));
    for (std::size_t s = 0; s < m_uniques.size(); ++s) {
        for (auto& text : harvest.uniques[s])
            m_uniques[s].push_back(std::move(text));
        for (const double number : harvest.numbers[s])
            thin_out(m_numbers[s], m_strides[s], number, 4096);
    }
    m_twins.insert(m_twins.end(), harvest.twins.begin(), harvest.twins.end());
    for (auto& [code, values] : harvest.parts) {
        m_parents.insert(code);
        auto& sums = m_sums[code];
        sums.resize(values.size());
        for (std::size_t i = 0; i < values.size(); ++i)
            if (!std::isnan(values[i]))
                sums[i].add(values[i]);
    }
    for (auto& member : harvest.members)
        thin_out(m_members, m_member_stride, std::move(member), most_members);
    if (m_edges.size() < most_edges)
        m_edges.insert(m_edges.end(), harvest.edges.begin(), harvest.edges.end());
    for (auto& road : harvest.roads)
        if (m_road_points < most_road_points) {
            m_road_points += road.size();
            m_roads.push_back(std::move(road));
        }
    for (const auto sample : harvest.samples)
        thin_out(m_samples, m_sample_stride, sample, 2000);
    m_box.add(harvest.box);
    m_features += harvest.features;
    m_swapped += harvest.swapped;
    m_says_bd09 = m_says_bd09 || harvest.says_bd09;
    m_says_gcj02 = m_says_gcj02 || harvest.says_gcj02;
    m_sexagesimal += harvest.sexagesimal;
    m_turned.insert(m_turned.end(), harvest.turned.begin(), harvest.turned.end());
    m_area_m2 += harvest.area_m2;
}

} // namespace riskmap::census
