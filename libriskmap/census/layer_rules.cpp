// SPDX-License-Identifier: MIT
// Rules that look at all features of a layer: extent, uniqueness, units, twins, sums.
#include "layer_checker.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/spec/mismatch.hpp>

#include "road_joins.hpp"

namespace riskmap::census {

namespace {

Words same_as(std::int64_t fid) {
    return {fmt::format("与要素 {} 相同", fid), fmt::format("as feature {}", fid)};
}

} // namespace

void LayerCheck::add_by_feature(std::vector<Finding> found) {
    std::sort(found.begin(), found.end(),
              [](const Finding& a, const Finding& b) { return *a.fid < *b.fid; });
    for (auto& finding : found)
        add(std::move(finding));
}

void LayerCheck::check_extent() {
    if (m_turned.size() == m_features && m_features > 0) {
        add({RuleId::axes_swapped});
        return;
    }
    for (const auto fid : m_turned) {
        Finding finding{RuleId::axes_swapped};
        finding.fid = fid;
        finding.detail = {"这一行的经纬度写反", "x and y of this row"};
        add(std::move(finding));
    }
    if (m_box.empty() || m_layer.crs.empty())
        return;
    const auto& crs = m_layer.crs;
    const auto& box = m_box;
    constexpr std::uint64_t enough = 20; // fewer may be so by chance
    if (crs.geographic() && m_features >= enough && m_sexagesimal == m_features)
        add({RuleId::degrees_sexagesimal});
    const auto tell = [&](RuleId rule, Words detail) {
        Finding finding{rule};
        finding.value =
            fmt::format("{:.6g} {:.6g} {:.6g} {:.6g}", box.left, box.bottom, box.right, box.top);
        finding.detail = std::move(detail);
        add(std::move(finding));
    };
    if (spec::swapped(crs, box) || (m_outside_count == m_features && m_swapped * 2 > m_features)) {
        tell(RuleId::axes_swapped, {});
        return;
    }
    if (const auto why = spec::mismatch(crs, box)) {
        tell(RuleId::crs_mismatch, *why);
        return;
    }
    if (m_around.area != nullptr && m_features > 0 && m_outside_count == m_features) {
        tell(RuleId::extent_outside, {});
        return;
    }
    const auto kept = m_outside.size();
    for (auto& finding : m_outside)
        add(std::move(finding));
    m_findings.count_more(RuleId::feature_outside, m_layer.label, m_outside_count - kept);
}

void LayerCheck::check_uniques() {
    for (std::size_t s = 0; s < m_uniques.size(); ++s) {
        auto& texts = m_uniques[s];
        std::stable_sort(
            texts.begin(), texts.end(),
            [](const UniqueValue& a, const UniqueValue& b) { return a.text < b.text; });
        std::vector<Finding> found;
        for (std::size_t i = 1; i < texts.size(); ++i) {
            if (texts[i].text != texts[i - 1].text)
                continue;
            Finding finding{RuleId::value_twice};
            finding.fid = texts[i].fid;
            finding.field = m_layer.fields[*m_layer.map.of[s]].name;
            finding.value = texts[i].text;
            finding.detail = same_as(texts[i - 1].fid);
            found.push_back(std::move(finding));
        }
        add_by_feature(std::move(found));
    }
}

void LayerCheck::check_units_of_values() {
    for (std::size_t s = 0; s < m_numbers.size(); ++s) {
        auto& numbers = m_numbers[s];
        const auto& field = spec()->fields[s];
        if (!field.usual || numbers.size() < 10)
            continue;
        const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
        std::nth_element(numbers.begin(), middle, numbers.end());
        if (field.usual->holds(*middle))
            continue;
        Finding finding{RuleId::value_unit};
        finding.field = m_layer.fields[*m_layer.map.of[s]].name;
        finding.value = fmt::format("{:g}", *middle);
        finding.detail = {fmt::format("中位数 {:g}，常见 {:g} 至 {:g} {}", *middle,
                                      field.usual->least, field.usual->most, field.unit),
                          fmt::format("the median is {:g}; usual are {:g} to {:g} {}", *middle,
                                      field.usual->least, field.usual->most, field.unit)};
        add(std::move(finding));
    }
}

void LayerCheck::check_twins() {
    std::stable_sort(m_twins.begin(), m_twins.end(), [](const Twin& a, const Twin& b) {
        return std::tie(a.shape, a.values) < std::tie(b.shape, b.values);
    });
    std::vector<Finding> found;
    for (std::size_t i = 1; i < m_twins.size(); ++i) {
        const auto& twin = m_twins[i];
        const auto& other = m_twins[i - 1];
        const bool whole = twin.values == other.values;
        // Records of a table may be alike in all but what tells them apart.
        if (twin.shape != other.shape || (!whole && !m_layer.has_shapes()))
            continue;
        Finding finding{whole ? RuleId::feature_twice : RuleId::geometry_twice};
        finding.fid = twin.fid;
        finding.detail = same_as(other.fid);
        if (m_layer.has_shapes())
            finding.place = twin.place;
        found.push_back(std::move(finding));
    }
    add_by_feature(std::move(found));
}

/// Whether features without codes lie at the very places of another file's.
bool LayerCheck::lies_twice() {
    auto& known = m_around.siblings->places;
    std::size_t count = 0;
    std::string other;
    for (const auto& twin : m_twins) {
        if (!m_layer.has_shapes())
            break;
        const auto [at, added] = known.emplace(twin.shape, m_layer.label);
        if (!added && at->second != m_layer.label) {
            ++count;
            other = at->second;
        }
    }
    if (count * 5 <= m_twins.size())
        return false;
    Finding finding{RuleId::layer_twice};
    finding.value = std::to_string(count);
    finding.detail = {fmt::format("位置与 '{}' 中的相同", other),
                      fmt::format("at the places of those in '{}'", other)};
    add(std::move(finding));
    return true;
}

/// Whether units of this file stood in another one of its kind.
bool LayerCheck::stands_twice() {
    const auto* code = spec()->field("code");
    if (code == nullptr || !code->unique)
        return lies_twice();
    auto& known = m_around.siblings->codes;
    std::size_t count = 0;
    std::string other;
    for (const auto& value : m_uniques[static_cast<std::size_t>(code - spec()->fields.data())])
        if (const auto [at, added] = known.emplace(value.text, m_layer.label);
            !added && at->second != m_layer.label) {
            ++count;
            other = at->second;
        }
    if (count == 0)
        return false;
    Finding finding{RuleId::layer_twice};
    finding.value = std::to_string(count);
    finding.detail = {fmt::format("也在 '{}' 中", other), fmt::format("also in '{}'", other)};
    add(std::move(finding));
    return true;
}

void LayerCheck::join_siblings() {
    if (m_around.siblings == nullptr)
        return;
    auto& all = *m_around.siblings;
    const bool twice = stands_twice();
    for (auto& [code, own] : m_sums) {
        if (twice)
            break; // it would count again
        auto& sums = all.sums[code];
        sums.resize(own.size());
        for (std::size_t i = 0; i < own.size(); ++i)
            sums[i].add(own[i]);
    }
    all.parents.insert(m_parents.begin(), m_parents.end());
    m_sums = all.to_come > 0 ? decltype(m_sums){} : all.sums;
    m_parents = all.to_come > 0 ? decltype(m_parents){} : all.parents;
}

void LayerCheck::check_joins() {
    const bool whole = m_road_points < most_road_points;
    if (m_roads.empty() || !whole || m_box.empty() || m_layer.crs.empty())
        return;
    const Point middle{(m_box.left + m_box.right) / 2, (m_box.bottom + m_box.top) / 2};
    const auto metres = UnitLengths{m_layer.crs}.at(middle);
    for (auto& road : m_roads)
        for (auto& point : road)
            point = {(point.x - middle.x) * metres.x, (point.y - middle.y) * metres.y};
    const auto joins = joins_of(m_roads);
    // Streets end beside others in any town; a network in pieces is another thing.
    const bool many = joins && 50 * joins->near_misses > m_roads.size();
    const bool torn = joins && joins->parts > 1 && joins->largest_share < 0.5;
    if (!many && !torn)
        return;
    Finding finding{RuleId::roads_unjoined};
    finding.value = std::to_string(joins->near_misses);
    finding.detail = {
        fmt::format("{} 个端点距另一条道路 1 至 10 米；路网分成 {} 块，最大一块占长度的 {:.0f} %",
                    joins->near_misses, joins->parts, 100 * joins->largest_share),
        fmt::format("{} ends stop 1 to 10 m from another road; the network is in {} "
                    "parts, the largest of {:.0f} % of its length",
                    joins->near_misses, joins->parts, 100 * joins->largest_share)};
    add(std::move(finding));
}

void LayerCheck::check_sums() {
    if (m_around.parent == nullptr || spec() == nullptr)
        return;
    const auto& parent = *m_around.parent;
    for (std::size_t i = 0; i < spec()->sums.size(); ++i) {
        const auto& sum = spec()->sums[i];
        if (sum.to != parent.spec().id || !m_layer.field_of(sum.field))
            continue;
        const auto own =
            std::find_if(parent.spec().fields.begin(), parent.spec().fields.end(),
                         [&](const spec::FieldSpec& f) { return f.name == sum.field; }) -
            parent.spec().fields.begin();
        for (const auto& [code, sums] : m_sums) {
            const auto* unit = parent.find(code);
            if (own == static_cast<std::ptrdiff_t>(parent.spec().fields.size()) ||
                !unit->numbers[own])
                continue;
            const double whole = *unit->numbers[own];
            const double parts = sums[i].total();
            if (std::abs(whole - parts) <=
                m_around.rules.sum_share * std::max(std::abs(whole), 1.0))
                continue;
            Finding finding{RuleId::sum_differs};
            finding.field = sum.field;
            finding.value = fmt::format("{:.15g}", parts);
            finding.detail = {fmt::format("{}（{}）为 {:.15g}", unit->name, code, whole),
                              fmt::format("{} ({}) has {:.15g}", unit->name, code, whole)};
            add(std::move(finding));
        }
    }
}

void LayerCheck::check_children() {
    if (m_around.parent == nullptr || spec() == nullptr || m_parents.empty() ||
        !(spec()->polygons || spec()->id == "villages" || spec()->parent_field == "code"))
        return;
    for (const auto& [code, unit] : m_around.parent->all()) {
        if (m_parents.contains(code))
            continue;
        Finding finding{RuleId::parent_childless};
        finding.value = code;
        finding.detail = {fmt::format("{}（'{}'）", unit.name, m_around.parent->label()),
                          fmt::format("{} of '{}'", unit.name, m_around.parent->label())};
        add(std::move(finding));
    }
}

} // namespace riskmap::census
